# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of cielo24 share."""

from __future__ import annotations

from sandbox_client import SEED

ACCOUNTS = {account["username"]: account for account in SEED["cielo24"]["accounts"]}
NEWS, SUB, ACADEMY = ACCOUNTS
TOKEN, KEY, PASSWORD = (ACCOUNTS[NEWS][name] for name in ("api_token", "api_key", "password"))
SUB_PASSWORD = ACCOUNTS[SUB]["password"]
ACADEMY_TOKEN = ACCOUNTS[ACADEMY]["api_token"]
NAMES = "a1 a2 a3 a4 a5 a6 b1 d1 d2 d3 d4 d5 d6 d7 d8 ff"
JOBS = {name: f"c240000000000000000000000000{name:0>4}" for name in NAMES.split()}
REFUSALS = ("INVALID_QUERY", "INVALID_OPTION", "UNHANDLED_ERROR")


def assert_error(answer, kind):
    assert (answer.status_code, answer.json()["ErrorType"]) == (400, kind), answer.text
    assert list(answer.json()) == ["ErrorType", "ErrorComment"]


def ok(answer):
    """The body of an answer that is no error."""
    assert answer.status_code == 200, answer.text
    return answer.json()


def new(cielo, **parameters):
    """The id of a new job."""
    return ok(cielo("job/new", **parameters))["JobId"]


def order(cielo, job_id, **parameters):
    """Requests a transcription."""
    asked = {"transcription_fidelity": "PREMIUM", "priority": "STANDARD", **parameters}
    return cielo("job/perform_transcription", job_id=job_id, **asked)


def acted(box):
    return [entry["acted"] for entry in box.requests()]
