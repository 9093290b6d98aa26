# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import http.client
import socket
from pathlib import Path

import pytest
import requests
from sandbox_cielo24 import ACADEMY_TOKEN, JOBS, NEWS, REFUSALS, TOKEN, acted, assert_error, new_job, ok, order

URL = "http://example.com/v.mp4"


def media_state(sandbox, job_id):
    return sandbox.state()["cielo24"][NEWS]["jobs"][job_id]["media"]


def add(cielo24, job_id, url=URL, **parameters):
    return cielo24("job/add_media", job_id=job_id, media_url=url, **parameters)


def upload(cielo24, job_id, data, **parameters):
    return cielo24("job/add_media", "POST", job_id=job_id, data=data, **parameters)


@pytest.mark.parametrize("call,kind", [("add_media", "url"), ("add_media_url", "embedded")])
def test_media_url_is_added_and_shown(sandbox, cielo24, call, kind):
    job_id = new_job(cielo24)
    response = ok(cielo24(f"job/{call}", job_id=job_id, media_url=URL))
    assert list(response) == ["TaskId"]
    assert ok(cielo24("job/media", job_id=job_id)) == {"MediaUrl": URL}
    assert media_state(sandbox, job_id) == {"kind": kind, "url": URL, "length": None, "sha256": None}
    assert acted(sandbox) == [True, True, False]


def test_duration_of_media_becomes_known_later(sandbox, cielo24):
    job_id = new_job(cielo24)
    add(cielo24, job_id)
    assert ok(cielo24("job/info", job_id=job_id))["MediaLengthSeconds"] is None
    sandbox.control("POST", "clock", {"advance": 10})
    seconds = ok(cielo24("job/info", job_id=job_id))["MediaLengthSeconds"]
    assert isinstance(seconds, float) and seconds >= 30
    sandbox.reset()
    sandbox.variants(media_takes=0)
    assert new_job(cielo24) == job_id and add(cielo24, job_id).status_code == 200
    assert ok(cielo24("job/info", job_id=job_id))["MediaLengthSeconds"] == seconds


def test_upload_is_counted_and_hashed(sandbox, cielo24):
    job_id, data = new_job(cielo24), bytes(range(256)) * 4000
    assert list(ok(upload(cielo24, job_id, data))) == ["TaskId"]
    digest = hashlib.sha256(data).hexdigest()
    assert media_state(sandbox, job_id) == {"kind": "file", "url": None, "length": 1_024_000, "sha256": digest}
    sandbox.control("POST", "clock", {"advance": 10})
    assert ok(cielo24("job/info", job_id=job_id))["MediaLengthSeconds"] == 4.1
    assert acted(sandbox) == [True, True, False]


def test_form_body_adds_media_url(cielo24):
    form = {"v": "1", "api_token": TOKEN, "job_id": new_job(cielo24), "media_url": URL}
    assert cielo24("job/add_media", "POST", token=None, v=None, data=form).status_code == 200
    assert ok(cielo24("job/media", job_id=form["job_id"])) == {"MediaUrl": URL}


def resident(process):
    """The resident memory of a process, in bytes."""
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * 4096


def test_large_upload_takes_no_memory(launch):
    process, port = launch("--quiet")
    size, block = 300 * 1024 * 1024, b"x" * 65536
    query = f"v=1&api_token={TOKEN}"
    new_job_url = f"http://127.0.0.1:{port}/api/job/new?{query}"
    job_id = requests.get(new_job_url, timeout=10).json()["JobId"]
    before = resident(process)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("POST", f"/api/job/add_media?{query}&job_id={job_id}")
    connection.putheader("Content-Length", str(size))
    connection.endheaders()
    for _number in range(size // len(block)):
        connection.send(block)
    assert connection.getresponse().status == 200
    connection.close()
    assert resident(process) - before < 20 * 1024 * 1024
    state = requests.get(f"http://127.0.0.1:{port}/_sandbox/state", timeout=10).json()
    assert state["cielo24"][NEWS]["jobs"][job_id]["media"]["length"] == size


def test_invalid_upload_is_refused(sandbox, cielo24):
    job_id = new_job(cielo24)
    assert_error(upload(cielo24, job_id, iter([b"a", b"b"])), "INVALID_QUERY")  # chunked
    assert_error(upload(cielo24, job_id, b""), "MISSING_PARAMETER")
    assert_error(upload(cielo24, JOBS["ff"], b"x"), "ITEM_NOT_FOUND")
    assert_error(upload(cielo24, job_id, b"x", token="0" * 32), "BAD_API_TOKEN")
    assert_error(upload(cielo24, job_id, b"x", v=None), "MISSING_PARAMETER")
    sandbox.variants(upload_limit=1000)
    assert_error(upload(cielo24, job_id, b"x" * 1001), "INVALID_QUERY")
    assert media_state(sandbox, job_id) is None and acted(sandbox) == [True] + [False] * 6
    assert upload(cielo24, job_id, b"x" * 1000).status_code == 200


def test_upload_with_content_type_is_refused_with_variant(sandbox, cielo24):
    with_type = {"headers": {"Content-Type": "video/mp4"}}
    assert upload(cielo24, new_job(cielo24), b"x", **with_type).status_code == 200
    sandbox.variants(upload_content_type="refused")
    job_id = new_job(cielo24)
    assert_error(upload(cielo24, job_id, b"x", **with_type), "INVALID_QUERY")
    assert upload(cielo24, job_id, b"x").status_code == 200


def test_upload_is_refused_before_its_body_with_variant(sandbox, cielo24):
    sandbox.variants(upload_refusal="before_body")
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=10) as connection:
        target = f"/api/job/add_media?v=1&api_token={TOKEN}&job_id={JOBS['ff']}"
        connection.sendall(f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n".encode())
        response = connection.makefile("rb").read()
    assert response.startswith(b"HTTP/1.1 400 ") and b"ITEM_NOT_FOUND" in response
    assert upload(cielo24, new_job(cielo24), b"x" * 100_000).status_code == 200


@pytest.mark.parametrize("kind", REFUSALS)
def test_second_media_are_refused(sandbox, cielo24, kind):
    sandbox.variants(second_media=kind)
    job_id = new_job(cielo24)
    add(cielo24, job_id)
    assert_error(add(cielo24, job_id, "http://example.com/other.mp4"), kind)
    assert_error(upload(cielo24, job_id, b"x"), kind)
    assert_error(cielo24("job/add_media_url", job_id=job_id, media_url="http://example.com/other.mp4"), kind)
    assert media_state(sandbox, job_id)["url"] == URL


@pytest.mark.parametrize("kind", REFUSALS)
def test_repeated_media_url_is_refused(sandbox, cielo24, kind):
    sandbox.variants(repeated_media_url=kind)
    add(cielo24, new_job(cielo24))
    job_id = new_job(cielo24)
    assert_error(add(cielo24, job_id), kind)
    assert_error(add(cielo24, job_id, is_duplicate="false"), kind)
    assert add(cielo24, job_id, is_duplicate="TRUE").status_code == 200
    sandbox.variants(repeated_media_url="accepted")
    assert add(cielo24, new_job(cielo24)).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "v.mp4",
        "file:///v.mp4",
        "http://",
        "http://media.invalid/v.mp4",
        "https://unreachable/v.mp4",
        "http://x:y/v.mp4",
    ],
)
def test_unreachable_media_url_is_refused(sandbox, cielo24, url):
    job_id = new_job(cielo24)
    assert_error(add(cielo24, job_id, url), "INVALID_URL")
    assert_error(cielo24("job/add_media", job_id=job_id), "MISSING_PARAMETER")
    assert media_state(sandbox, job_id) is None


def test_missing_media_url_is_shown_by_variant(sandbox, cielo24):
    job_id = new_job(cielo24)
    assert_error(cielo24("job/media", job_id=job_id), "ITEM_NOT_FOUND")
    upload(cielo24, job_id, b"x")
    assert ok(cielo24("job/media", job_id=job_id)) == {}
    for form, shown in (("null", None), ("empty", "")):
        sandbox.variants(no_media_url=form)
        assert ok(cielo24("job/media", job_id=job_id)) == {"MediaUrl": shown}
    sandbox.variants(no_media_url="error")
    assert_error(cielo24("job/media", job_id=job_id), "ITEM_NOT_FOUND")
    url = ok(cielo24("job/media", token=ACADEMY_TOKEN, job_id=JOBS["d2"]))
    assert url == {"MediaUrl": "https://media.academy.example/anatomy.mp4"}


@pytest.mark.parametrize("data", [None, b"broken file"])
def test_broken_media_fail_after_a_while(sandbox, cielo24, data):
    job_id = new_job(cielo24)
    response = upload(cielo24, job_id, data) if data else add(cielo24, job_id, "http://example.com/broken.mp4")
    assert response.status_code == 200
    # The failure is not known yet, so a transcription can be ordered.
    assert order(cielo24, job_id).status_code == 200
    assert ok(cielo24("job/info", job_id=job_id))["JobStatus"] == "Pending"
    sandbox.control("POST", "clock", {"advance": "50m"})
    assert ok(cielo24("job/info", job_id=job_id))["JobStatus"] == "Media Failure"
    assert_error(order(cielo24, job_id), "INVALID_QUERY")


@pytest.mark.parametrize("failure,status", [("always", "Media Failure"), ("never", "Pending")])
def test_all_or_no_media_fail_with_variant(sandbox, cielo24, failure, status):
    sandbox.variants(media_failure=failure, media_takes=0)
    job_id = new_job(cielo24)
    add(cielo24, job_id, URL if failure == "always" else "http://example.com/broken.mp4")
    assert ok(cielo24("job/info", job_id=job_id))["JobStatus"] == status


@pytest.mark.parametrize("kind,there", [("reset_before", False), ("reset_after", True), ("cut_upload", False)])
def test_fault_during_upload_adds_media_only_if_it_acted(sandbox, cielo24, kind, there):
    job_id = new_job(cielo24)
    details = {"after": 100_000} if kind == "cut_upload" else {}
    sandbox.fault(kind, match={"path": "/add_media$"}, **details)
    with pytest.raises(requests.ConnectionError):
        upload(cielo24, job_id, b"x" * 5_000_000)
    assert (media_state(sandbox, job_id) is not None) is there
    last = sandbox.requests()[-1]
    assert (last["fault"], last["status"], last["acted"]) == (kind, None, there)
    if not there:
        assert upload(cielo24, job_id, b"x" * 5_000_000).status_code == 200


def test_status_fault_replaces_response_to_upload(sandbox, cielo24):
    job_id = new_job(cielo24)
    sandbox.fault("status", match={"path": "/add_media$"}, status=503)
    assert upload(cielo24, job_id, b"x" * 5_000_000).status_code == 503
    assert media_state(sandbox, job_id) is None
    sandbox.fault("status_after", match={"path": "/add_media$"}, status=502)
    assert upload(cielo24, job_id, b"x").status_code == 502
    assert media_state(sandbox, job_id)["length"] == 1


def test_cut_upload_resets_request_without_upload(sandbox, cielo24):
    sandbox.fault("cut_upload", match={"path": "/job/new$"}, after=0)
    with pytest.raises(requests.ConnectionError):
        cielo24("job/new", job_name="x")
    assert len(sandbox.state()["cielo24"][NEWS]["jobs"]) == 6


def test_client_disconnect_during_upload_adds_no_media(sandbox, cielo24):
    job_id = new_job(cielo24)
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=10) as connection:
        target = f"/api/job/add_media?v=1&api_token={TOKEN}&job_id={job_id}"
        connection.sendall(f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf".encode())
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1000) == b""
    assert media_state(sandbox, job_id) is None
    last = sandbox.requests()[-1]
    assert (last["path"], last["status"], last["acted"]) == ("/api/job/add_media", None, False)


def test_upload_with_expect_gets_100_continue(sandbox, cielo24):
    job_id = new_job(cielo24)
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=10) as connection:
        target = f"/api/job/add_media?v=1&api_token={TOKEN}&job_id={job_id}"
        head = f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"body")
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_upload_to_job_from_before_reset_is_not_found(sandbox, cielo24):
    job_id = new_job(cielo24)
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=10) as connection:
        target = f"/api/job/add_media?v=1&api_token={TOKEN}&job_id={job_id}"
        connection.sendall(f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nha".encode())
        sandbox.reset()
        connection.sendall(b"lf")
        # The reset has removed the job.
        assert b"ITEM_NOT_FOUND" in connection.recv(1000)
    assert job_id not in sandbox.state()["cielo24"][NEWS]["jobs"]


def test_upload_url_takes_file_until_transcription_is_ordered(sandbox, cielo24):
    job_id = new_job(cielo24)
    url = ok(cielo24("job/request_upload_url", job_id=job_id))["upload_url"]
    assert requests.put(url, b"x", headers={"Authorization": "Bearer x"}, timeout=10).status_code == 400
    assert requests.put(url, b"x", headers={"Content-Type": "video/mp4"}, timeout=10).status_code == 403
    assert requests.put(url, iter([b"x"]), timeout=10).status_code == 411
    assert requests.get(url, timeout=10).status_code == 405
    assert requests.put(url[:-1] + "g", b"x", timeout=10).status_code == 404
    assert media_state(sandbox, job_id) is None
    for data in (b"first", b"second"):
        response = requests.put(url, data, timeout=10)
        assert (response.status_code, response.content) == (200, b"")
        assert media_state(sandbox, job_id)["sha256"] == hashlib.sha256(data).hexdigest()
    assert order(cielo24, job_id).status_code == 200
    assert requests.put(url, b"too late", timeout=10).status_code == 200
    assert media_state(sandbox, job_id)["length"] == len(b"second")
    assert_error(cielo24("job/request_upload_url", job_id=job_id), "INVALID_QUERY")
    assert sum(acted(sandbox)) == 4


def test_upload_url_expires(sandbox, cielo24):
    url = ok(cielo24("job/request_upload_url", job_id=new_job(cielo24)))["upload_url"]
    sandbox.control("POST", "clock", {"advance": "12h1m"})
    assert requests.put(url, b"x", timeout=10).status_code == 403
