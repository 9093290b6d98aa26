# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects of the seed and helpers for tests of cielo24."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests
from sandbox_client import SEED, SandboxClient

# The fixture `cielo24`, which sends a call.
Call = Callable[..., requests.Response]

ACCOUNTS = {account["username"]: account for account in SEED["cielo24"]["accounts"]}
NEWS, SUB, ACADEMY = ACCOUNTS
TOKEN, KEY, PASSWORD = (ACCOUNTS[NEWS][name] for name in ("api_token", "api_key", "password"))
SUB_PASSWORD = ACCOUNTS[SUB]["password"]
ACADEMY_TOKEN = ACCOUNTS[ACADEMY]["api_token"]
NAMES = "a1 a2 a3 a4 a5 a6 b1 d1 d2 d3 d4 d5 d6 d7 d8 ff"
JOBS = {name: f"c240000000000000000000000000{name:0>4}" for name in NAMES.split()}
REFUSALS = ("INVALID_QUERY", "INVALID_OPTION", "UNHANDLED_ERROR")


def assert_error(response: requests.Response, kind: str) -> None:
    assert (response.status_code, response.json()["ErrorType"]) == (400, kind), response.text
    assert list(response.json()) == ["ErrorType", "ErrorComment"]


def ok(response: requests.Response) -> Any:
    """The body of a successful response."""
    assert response.status_code == 200, response.text
    return response.json()


def new_job(cielo24: Call, **parameters: Any) -> str:
    """The id of a new job."""
    return str(ok(cielo24("job/new", **parameters))["JobId"])


def info(cielo24: Call, job_id: str, **parameters: Any) -> Any:
    """What cielo24 shows of a job."""
    return ok(cielo24("job/info", job_id=job_id, **parameters))


def order(cielo24: Call, job_id: str, **parameters: Any) -> requests.Response:
    """Requests a transcription."""
    given = {"transcription_fidelity": "PREMIUM", "priority": "STANDARD", **parameters}
    return cielo24("job/perform_transcription", job_id=job_id, **given)


def acted(sandbox: SandboxClient) -> list[bool]:
    """Whether each request changed something."""
    return [entry["acted"] for entry in sandbox.requests()]
