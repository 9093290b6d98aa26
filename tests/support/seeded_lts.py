# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""LTS objects and users in the sandbox's default seed, and helpers to read the sandbox's state."""

from __future__ import annotations

from urllib.parse import urlencode

from sandbox_client import SEED

DOMAIN, OTHER_DOMAIN = SEED["iam"]["domains"]
PROJECT, EMPTY = (project["id"] for project in DOMAIN["projects"])
DELEGATED = OTHER_DOMAIN["projects"][0]["id"]
AGENCY = OTHER_DOMAIN["agencies"][0]["name"]
USERS = {user["name"]: user for user in DOMAIN["users"]}
KEY, VISITORS_KEY, TEMPORARY_KEY, ENDED_KEY = SEED["iam"]["access_keys"]

GROUPS = {group["name"]: group["id"] for group in SEED["lts"]["projects"][0]["groups"]}
APP, AUDIT, ATTIC = (GROUPS[name] for name in ("app", "audit", "attic"))
STREAMS = {
    stream["name"]: stream["id"]
    for group in SEED["lts"]["projects"][0]["groups"]
    for stream in group.get("streams", [])
}
TRANSFERS = [
    transfer["id"] for group in SEED["lts"]["projects"][0]["groups"] for transfer in group.get("transfers", [])
]
NOBODY = "00000000-0000-4000-8000-000000000000"
SYSTEM_TAG = {"_sys_enterprise_project_id": "0"}


def asked(sandbox):
    """What the client sent, as text: method, path with query, how it authenticated, and the response's status.

    The id of the project is left out, as it is in the path of every request.
    """
    lines = []
    for request in sandbox.requests():
        target = request["path"].replace(f"/{PROJECT}/", "/P/")
        if request["query"]:
            target += "?" + urlencode(request["query"])
        lines.append(f"{request['method']} {target} {request['sign_in']} {request['status']}")
    return lines


def groups(sandbox, project=PROJECT):
    """The log groups that there are, by id."""
    return sandbox.state()["lts"][project]["groups"]


def transfers(sandbox):
    return sandbox.state()["lts"][PROJECT]["transfers"]
