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


def atlas(url: str, **variables: Any) -> dict[str, Any]:
    """Those for Atlas, where roles take several clusters."""
    connection = accounts.atlas(url)
    del connection["cluster_name"]
    return {**connection, **variables}
