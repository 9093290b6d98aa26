# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import email.utils
import time

import pytest
import requests
from sandbox_client import ATLAS, LOGS, V2
from sandbox_faults import DELETE, LIST, LTS, LTS_HEADERS, job_exists, last_outcome

SERVICES = {
    "log_collection": (LOGS, {}),
    "atlas_restore": (f"/api/atlas/v2/groups/{ATLAS}/clusters/blue/backup/restoreJobs", V2),
    "lts": (LTS, LTS_HEADERS),
    "cielo24": (LIST, {}),
}
OWN_ERRORS = {
    ("log_collection", 429): ("errorCode", "RATE_LIMITED"),
    ("log_collection", 500): ("errorCode", "UNEXPECTED_ERROR"),
    ("log_collection", 503): ("errorCode", "UNEXPECTED_ERROR"),
    ("atlas_restore", 429): ("errorCode", "RATE_LIMITED_TOKEN_BUCKET"),
    ("atlas_restore", 502): ("errorCode", "UNEXPECTED_ERROR"),
    ("lts", 429): ("error_code", "APIGW.0308"),
    ("lts", 500): ("error_code", "LTS.0010"),
    ("lts", 502): ("error_code", "APIGW.0201"),
    ("lts", 504): ("error_code", "APIGW.0201"),
    ("cielo24", 429): ("ErrorType", "UNHANDLED_ERROR"),
    ("cielo24", 503): ("ErrorType", "UNHANDLED_ERROR"),
}


@pytest.mark.parametrize("service,status", OWN_ERRORS)
def test_status_has_error_format_of_service(sandbox, service, status):
    path, headers = SERVICES[service]
    sandbox.fault(at=1, kind="status", status=status)
    response = sandbox.get(path, headers=headers)
    key, code = OWN_ERRORS[service, status]
    assert (response.status_code, response.json()[key]) == (status, code)
    assert "Retry-After" not in response.headers
    assert sandbox.requests()[0]["service"] == service and last_outcome(sandbox) == (status, False, "status")


def test_status_503_of_lts_is_plain_text(sandbox):
    sandbox.fault(at=1, kind="status", status=503)
    response = sandbox.get(LTS, headers=LTS_HEADERS)
    assert response.text == "The requested service is unavailable."
    assert response.headers["Content-Type"].startswith("text/plain")


def test_only_status_after_acts(sandbox):
    sandbox.fault(at=[1, 2], kind="status", status=500)
    assert [sandbox.get(DELETE).status_code for _number in range(2)] == [500, 500]
    assert job_exists(sandbox)
    sandbox.fault(at=3, kind="status_after", status=504, body="html")
    response = sandbox.get(DELETE)
    assert response.status_code == 504 and "<html>" in response.text
    assert not job_exists(sandbox) and last_outcome(sandbox) == (504, True, "status_after")


@pytest.mark.parametrize(
    "body,content_type,text", [("text", "text/plain", "busy"), ("html", "text/html", "busy"), ("empty", "", "")]
)
def test_body_option_sets_format(sandbox, body, content_type, text):
    sandbox.fault(at=1, kind="status", status=503, body=body, message="busy")
    response = sandbox.get(LIST)
    assert text in response.text and (body != "empty" or not response.content)
    assert response.headers.get("Content-Type", "").startswith(content_type)


def test_code_and_message_options_are_used(sandbox):
    sandbox.fault(at=1, kind="status", status=405, code="WRITES_NOT_ALLOWED_DURING_APP_UPGRADES")
    response = sandbox.get(LOGS)
    body = response.json()
    assert (body["error"], body["errorCode"]) == (405, "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES")
    assert body["detail"].endswith("while the system is being upgraded.") and response.headers["X-Error-Code"]
    sandbox.fault(at=2, kind="status", status=403, code="LTS.0003", message="No permission.")
    assert sandbox.get(LTS).json() == {"error_code": "LTS.0003", "error_msg": "No permission."}


def test_retry_after_option_sets_header_and_body(sandbox):
    sandbox.fault(at=1, kind="status", status=429, retry_after=7)
    sandbox.fault(at=2, kind="status", status=503, retry_after="Wed, 21 Oct 2026 07:28:00 GMT")
    sandbox.fault(at=3, kind="status", status=503, retry_after={"date_in": 60})
    seen = [sandbox.get(LIST).headers["Retry-After"] for _number in range(3)]
    assert seen[:2] == ["7", "Wed, 21 Oct 2026 07:28:00 GMT"]
    assert email.utils.parsedate_to_datetime(seen[2]).timestamp() > time.time()
    sandbox.fault(at=4, kind="status", status=429, retry_after=7)
    path, headers = SERVICES["atlas_restore"]
    assert sandbox.get(path, headers=headers).json()["parameters"] == [path, 7, 1200, 500, 60]


def test_html_200_does_not_act(sandbox):
    sandbox.fault(at=1, kind="html_200")
    response = sandbox.get(DELETE)
    assert response.status_code == 200 and response.headers["Content-Type"].startswith("text/html")
    assert job_exists(sandbox) and last_outcome(sandbox) == (200, False, "html_200")


def test_redirect_does_not_act(sandbox):
    sandbox.fault(at=1, kind="redirect", location="https://elsewhere.example/")
    sandbox.fault(at=2, kind="redirect", location="/login", status=307)
    responses = [requests.get(sandbox.url + DELETE, allow_redirects=False, timeout=10) for _number in range(2)]
    assert [(response.status_code, response.headers["Location"]) for response in responses] == [
        (302, "https://elsewhere.example/"),
        (307, "/login"),
    ]
    assert job_exists(sandbox)
