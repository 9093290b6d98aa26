# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a whole module, from Ansible's own parsing of its arguments to the result that it prints."""

from __future__ import annotations

import importlib
import io
import json
from contextlib import redirect_stdout
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible_collections.saasops.jobs.plugins.module_utils._core import context
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, Reply, StillClock
from ansible_collections.saasops.jobs.tests.unit.support.module_process import arguments_of_module

MODULES = "ansible_collections.saasops.jobs.plugins.modules."
BASE = "http://127.0.0.1:9"
PROJECT = "66f1c0de0000000000000001"
KEYS = {"base_url": BASE, "public_key": "pub", "private_key": "private-key-1", "project_id": PROJECT}
LOG_JOBS = f"/api/public/v1.0/groups/{PROJECT}/logCollectionJobs"
PAGE = "?pageNum=1&itemsPerPage=500"
CHALLENGE = 'Digest realm="MMS Public API", domain="", nonce="n/+1", algorithm=MD5, qop="auth", stale=false'
LTS_PROJECT = "0123456789abcdef0123456789abcdef"
GROUP = "11111111-aaaa-4000-8000-000000000001"
LTS = f"/v2/{LTS_PROJECT}"
LTS_PARAMS = {"endpoint": BASE, "project_id": LTS_PROJECT, "auth_token": "token-1234", "log_group_id": GROUP}


def run(name: str, params: dict[str, Any], check: bool = False) -> dict[str, Any]:
    """Returns the result of a module, without starting a process, and without waiting.

    :param params: the arguments of the task; requests are sent one at a time unless these say otherwise.
    """
    module = importlib.import_module(MODULES + name)
    given = {"max_concurrency": 1, **params, "_ansible_check_mode": check, "_ansible_diff": True}
    printed, warnings = io.StringIO(), []
    with arguments_of_module(given) as patch, redirect_stdout(printed), pytest.raises(SystemExit):
        # Where a controller is installed as well, newer cores show warnings instead of adding them to the result.
        patch.setattr(basic.AnsibleModule, "warn", lambda _module, text: warnings.append(text))
        patch.setattr(context, "Clock", lambda _cancel_token: StillClock())
        module.main()
    return {**json.loads(printed.getvalue()), "warnings": warnings}


def hex24(number: int) -> str:
    return f"{number:024x}"


def hex32(number: int) -> str:
    return f"{number:032x}"


def uuid(number: int) -> str:
    return f"22222222-aaaa-4000-8000-{number:012d}"


def challenged(first: str) -> Call:
    return Call(first, Reply(401, {"error": 401}, WWW_Authenticate=CHALLENGE), Authorization=None)


def listed(*jobs: dict[str, Any]) -> Reply:
    return Reply(200, {"results": list(jobs), "totalCount": len(jobs), "links": []})


def log_job(number: int, status: str = "SUCCESS") -> dict[str, Any]:
    return {"id": hex24(number), "status": status, "creationDate": "2026-03-01T08:00:00Z"}


def streams(*numbers: int) -> Reply:
    return Reply(200, {"log_streams": [{"log_stream_id": uuid(n), "log_stream_name": f"s{n}"} for n in numbers]})
