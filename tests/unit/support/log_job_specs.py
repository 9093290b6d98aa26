# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests for log collection jobs, and a job that meets them."""

from __future__ import annotations

from datetime import datetime, timezone

from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.spec import LogCollectionSpec

NOW = datetime(2026, 8, 31, 12, tzinfo=timezone.utc)
PARAMS = {
    "resource_type": "REPLICASET",
    "log_types": ["MONGODB", "FTDC", "MONGODB"],
    "size_requested_per_file_bytes": 1000,
    "redacted": None,
    "log_from": None,
    "log_to": None,
    "date_format": None,
    "max_age": None,
    "force": False,
}
DATES = {"log_from": "2026-08-30T08:00:00.7+02:00", "log_to": "2026-08-31"}
FROM, TO = 1788069600000, 1788134400000
JOB = {
    "id": "j",
    "resourceType": "replicaset",
    "resourceName": "rsBlue",
    "rootResourceName": "rsBlue",
    "logTypes": ["FTDC", "MONGODB"],
    "sizeRequestedPerFileBytes": 1000,
    "redacted": False,
    "creationDate": "2026-08-31T08:00:00Z",
}


def request(product="ops_manager", **params):
    """What a task asks for with PARAMS and what differs from them, at NOW."""
    return LogCollectionSpec({**PARAMS, **params}, product, lambda: NOW)
