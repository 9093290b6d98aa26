# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables with which roles reach the sandbox, without their prefix."""

from __future__ import annotations

from typing import Any

import accounts

# A wait that is over as soon as the sandbox's clock says so.
SOON = {"wait_interval": 0.05, "wait_timeout": 60}
SERVICE_ACCOUNT = {"client_id": accounts.CLIENT_ID, "client_secret": accounts.CLIENT_SECRET}


# The connections of the role job_report, by what stands in front of their options.
SERVICES = {"log_collection": accounts.log_collection, "lts": accounts.lts, "cielo24": accounts.cielo24}


def all_services(url: str, **variables: Any) -> dict[str, Any]:
    """The variables with which the role job_report reaches all services."""
    connections = {**{service: connect(url) for service, connect in SERVICES.items()}, "atlas": atlas(url)}
    return {
        **{
            f"{service}_{option}": value
            for service, connection in connections.items()
            for option, value in connection.items()
        },
        "atlas_cluster_names": ["blue", "green"],
        **variables,
    }


def atlas(url: str, **variables: Any) -> dict[str, Any]:
    """Those for Atlas, where roles take several clusters."""
    connection = accounts.atlas(url)
    del connection["cluster_name"]
    return {**connection, **variables}
