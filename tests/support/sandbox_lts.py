# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects of the seed and helpers for tests of LTS."""

from __future__ import annotations

import requests
from accounts import LTS_EXPIRED_TOKEN, LTS_TOKEN

PROJECT = "0123456789abcdef0123456789abcdef"
VALID_TOKEN = LTS_TOKEN
EXPIRED_TOKEN = LTS_EXPIRED_TOKEN
APP, AUDIT, ATTIC = (f"11111111-{x * 4}-4000-8000-00000000000{n}" for n, x in enumerate("abc", 1))
NGINX = "22222222-aaaa-4000-8000-000000000001"
LOGINS, EU, US, LEGACY = (f"22222222-bbbb-4000-8000-00000000000{n}" for n in (1, 2, 3, 4))
SHARED = "33333333-bbbb-4000-8000-000000000002"
UNKNOWN = "99999999-0000-4000-8000-000000000000"
SYSTEM_TAG = {"_sys_enterprise_project_id": "0"}
INVALID_BODY = "Failed to validate the request body"


def assert_error(response: requests.Response, status: int, code: str, text: str) -> None:
    assert (response.status_code, response.json()) == (status, {"error_code": code, "error_msg": text})


def stream_path(group: str, stream_id: str) -> str:
    return f"/groups/{group}/streams/{stream_id}"


def tags(**pairs: str) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in pairs.items()]
