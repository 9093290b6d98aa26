# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests of the public Python client (cielo24 1.0.15), byte for byte except for ids, names and secrets."""

from __future__ import annotations

import json
import socket

import pytest
from sandbox_cielo24 import KEY, NEWS, PASSWORD, TOKEN, acted

LOGINS = [
    f"GET /api/account/login?v=1&username={NEWS}&password={PASSWORD}",
    f"GET /api/account/login?v=1\nx-auth-user: {NEWS}\nx-auth-password: {PASSWORD}",
    f"GET /api/account/login?v=1&username={NEWS}&securekey={KEY}",
    f"GET /api/account/login?v=1\nx-auth-user: {NEWS}\nx-auth-securekey: {KEY}",
    f"GET /api/account/login?username={NEWS}&password={PASSWORD}&v=1",
    f"GET /api/account/login?v=1\nx-auth-password: {PASSWORD}\nx-auth-user: {NEWS}",
    f"GET /api/account/login?username={NEWS}&securekey={KEY}&v=1",
    f"GET /api/account/login?v=1\nx-auth-securekey: {KEY}\nx-auth-user: {NEWS}",
]
FILTERS = "CreationDateFrom=2024-01-02T03%3A04%3A05&JobStatus=Pending&JobName=my%2A&ExternalId=ext-1"
MEDIA = "media_url=http%3A%2F%2Fexample.com%2Fv.mp4"
CALLBACK = "callback_url=http%3A%2F%2Fexample.com%2Fcb%3Fjob%3D%7Bjob_id%7D"
PASSWORD_FORM = "v=1&api_token=TOKEN&new_password=new+pass"
# (request, keys of the response, whether it changes something)
CALLS = [
    (
        "GET /api/account/generate_api_key?v=1&api_token=TOKEN&account_id=newsroom-archive&force_new=True",
        "ApiKey",
        True,
    ),
    ("GET /api/job/new?v=1&api_token=TOKEN&job_name=my+job&language=en&external_id=ext-1", "JobId TaskId", True),
    ("GET /api/job/info?v=1&api_token=TOKEN&job_id=JOB", "JobId JobName JobStatus", False),
    ("GET /api/job/info?v=1&api_token=TOKEN&job_id=00000000000000000000000000000000", "ITEM_NOT_FOUND", False),
    ("GET /api/job/list?v=1&api_token=TOKEN", "Username ActiveJobs", False),
    (f"GET /api/job/list?v=1&api_token=TOKEN&{FILTERS}", "Username ActiveJobs", False),
    ("GET /api/job/authorize?v=1&api_token=TOKEN&job_id=JOB", "", False),
    (f"GET /api/job/add_media?v=1&api_token=TOKEN&job_id=JOB&{MEDIA}", "TaskId", True),
    (
        "GET /api/job/perform_transcription?v=1&api_token=TOKEN&job_id=JOB&transcription_fidelity=MECHANICAL"
        f"&priority=STANDARD&{CALLBACK}",
        "TaskId",
        True,
    ),
    ("GET /api/job/media?v=1&api_token=TOKEN&job_id=JOB", "MediaUrl", False),
    ("GET /api/job/del?v=1&api_token=TOKEN&job_id=JOB", "TaskId", True),
    (f"POST /api/account/update_password\nContent-Length: LENGTH\n\n{PASSWORD_FORM}", "", True),
    (f"GET /api/account/remove_api_key?v=1&api_token=TOKEN&api_securekey={KEY}", "", True),
    ("GET /api/account/logout?v=1&api_token=TOKEN", "", False),
]


@pytest.fixture
def exchange(sandbox):
    """Sends a request exactly as given; returns the status and the JSON of the response."""

    def send(request):
        head, _blank, body = request.partition("\n\n")
        line, *headers = head.replace("LENGTH", str(len(body))).split("\n")
        lines = [line + " HTTP/1.1", f"Host: 127.0.0.1:{sandbox.port}", "Accept-Encoding: identity", *headers, "", body]
        with socket.create_connection(("127.0.0.1", sandbox.port), timeout=10) as connection:
            connection.sendall("\r\n".join(lines).encode())
            with connection.makefile("rb") as response:
                status, found = int(response.readline().split()[1]), {}
                for header in iter(response.readline, b"\r\n"):
                    name, _colon, value = header.decode().partition(":")
                    found[name.lower()] = value.strip()
                text = response.read(int(found.get("content-length", 0)))
        return status, json.loads(text) if text else None

    return send


@pytest.mark.parametrize("request_text", LOGINS)
def test_every_login_of_the_client_is_accepted(exchange, request_text):
    status, body = exchange(request_text)
    assert status == 200 and list(body) == ["ApiToken"]
    assert exchange(f"GET /api/job/list?api_token={body['ApiToken']}&v=1")[0] == 200


def test_session_of_the_client_gets_expected_responses(sandbox, exchange):
    job_id, changes = "", []
    for text, answered, changing in CALLS:
        length = len(PASSWORD_FORM.replace("TOKEN", TOKEN))
        status, body = exchange(text.replace("TOKEN", TOKEN).replace("JOB", job_id).replace("LENGTH", str(length)))
        changes.append(changing)
        if answered == "ITEM_NOT_FOUND":
            assert (status, body["ErrorType"]) == (400, answered)
            continue
        assert status == (200 if answered else 204), body
        assert set(answered.split()) <= set(body or {})
        if "JobId" in answered.split() and "/new?" in text:
            job_id = body["JobId"]
        if FILTERS in text:
            # The filter is called ExternalID, so ExternalId has no effect.
            assert [job["JobId"] for job in body["ActiveJobs"]] == [job_id]
    assert acted(sandbox) == changes
    assert exchange(f"GET /api/job/list?v=1&api_token={TOKEN}")[1]["ErrorType"] == "BAD_API_TOKEN"
