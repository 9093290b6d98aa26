# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import http.client
import socket
from pathlib import Path

import pytest
import requests
from cielo24_calls import ACADEMY_TOKEN, JOBS, NEWS, REFUSALS, TOKEN, acted, assert_error, new, ok, order

URL = "http://example.com/v.mp4"


def media_state(box, job_id):
    return box.state()["cielo24"][NEWS]["jobs"][job_id]["media"]


def add(cielo, job_id, url=URL, **parameters):
    return cielo("job/add_media", job_id=job_id, media_url=url, **parameters)


def upload(cielo, job_id, data, **parameters):
    return cielo("job/add_media", "POST", job_id=job_id, data=data, **parameters)


@pytest.mark.parametrize("call,kind", [("add_media", "url"), ("add_media_url", "embedded")])
def test_media_from_a_url(box, cielo, call, kind):
    job_id = new(cielo)
    answer = ok(cielo(f"job/{call}", job_id=job_id, media_url=URL))
    assert list(answer) == ["TaskId"]
    assert ok(cielo("job/media", job_id=job_id)) == {"MediaUrl": URL}
    assert media_state(box, job_id) == {"kind": kind, "url": URL, "length": None, "sha256": None}
    assert acted(box) == [True, True, False]


def test_it_takes_time_to_know_how_long_media_are(box, cielo):
    job_id = new(cielo)
    add(cielo, job_id)
    assert ok(cielo("job/info", job_id=job_id))["MediaLengthSeconds"] is None
    box.control("POST", "clock", {"advance": 10})
    seconds = ok(cielo("job/info", job_id=job_id))["MediaLengthSeconds"]
    assert isinstance(seconds, float) and seconds >= 30
    box.reset()
    box.variants(media_takes=0)
    assert new(cielo) == job_id and add(cielo, job_id).status_code == 200
    assert ok(cielo("job/info", job_id=job_id))["MediaLengthSeconds"] == seconds


def test_an_upload(box, cielo):
    job_id, data = new(cielo), bytes(range(256)) * 4000
    assert list(ok(upload(cielo, job_id, data))) == ["TaskId"]
    digest = hashlib.sha256(data).hexdigest()
    assert media_state(box, job_id) == {"kind": "file", "url": None, "length": 1_024_000, "sha256": digest}
    box.control("POST", "clock", {"advance": 10})
    assert ok(cielo("job/info", job_id=job_id))["MediaLengthSeconds"] == 4.1
    assert acted(box) == [True, True, False]


def test_a_form_adds_media_from_a_url(cielo):
    form = {"v": "1", "api_token": TOKEN, "job_id": new(cielo), "media_url": URL}
    assert cielo("job/add_media", "POST", token=None, v=None, data=form).status_code == 200
    assert ok(cielo("job/media", job_id=form["job_id"])) == {"MediaUrl": URL}


def resident(process):
    """Memory of a process, in bytes."""
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * 4096


def test_a_large_upload_takes_no_memory(launch):
    process, port = launch("--quiet")
    size, block = 300 * 1024 * 1024, b"x" * 65536
    query = f"v=1&api_token={TOKEN}"
    new_job = f"http://127.0.0.1:{port}/api/job/new?{query}"
    job_id = requests.get(new_job, timeout=10).json()["JobId"]
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


def test_wrong_uploads(box, cielo):
    job_id = new(cielo)
    assert_error(upload(cielo, job_id, iter([b"a", b"b"])), "INVALID_QUERY")  # in chunks
    assert_error(upload(cielo, job_id, b""), "MISSING_PARAMETER")
    assert_error(upload(cielo, JOBS["ff"], b"x"), "ITEM_NOT_FOUND")
    assert_error(upload(cielo, job_id, b"x", token="0" * 32), "BAD_API_TOKEN")
    assert_error(upload(cielo, job_id, b"x", v=None), "MISSING_PARAMETER")
    box.variants(upload_limit=1000)
    assert_error(upload(cielo, job_id, b"x" * 1001), "INVALID_QUERY")
    assert media_state(box, job_id) is None and acted(box) == [True] + [False] * 6
    assert upload(cielo, job_id, b"x" * 1000).status_code == 200


def test_content_type_of_an_upload(box, cielo):
    with_type = {"headers": {"Content-Type": "video/mp4"}}
    assert upload(cielo, new(cielo), b"x", **with_type).status_code == 200
    box.variants(upload_content_type="refused")
    job_id = new(cielo)
    assert_error(upload(cielo, job_id, b"x", **with_type), "INVALID_QUERY")
    assert upload(cielo, job_id, b"x").status_code == 200


def test_a_refusal_that_does_not_wait_for_the_file(box, cielo):
    box.variants(upload_refusal="before_body")
    with socket.create_connection(("127.0.0.1", box.port), timeout=10) as connection:
        target = f"/api/job/add_media?v=1&api_token={TOKEN}&job_id={JOBS['ff']}"
        connection.sendall(f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n".encode())
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 400 ") and b"ITEM_NOT_FOUND" in answer
    assert upload(cielo, new(cielo), b"x" * 100_000).status_code == 200


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_job_has_one_piece_of_media(box, cielo, kind):
    box.variants(second_media=kind)
    job_id = new(cielo)
    add(cielo, job_id)
    assert_error(add(cielo, job_id, "http://example.com/other.mp4"), kind)
    assert_error(upload(cielo, job_id, b"x"), kind)
    assert_error(cielo("job/add_media_url", job_id=job_id, media_url="http://example.com/other.mp4"), kind)
    assert media_state(box, job_id)["url"] == URL


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_url_is_used_once(box, cielo, kind):
    box.variants(repeated_media_url=kind)
    add(cielo, new(cielo))
    job_id = new(cielo)
    assert_error(add(cielo, job_id), kind)
    assert_error(add(cielo, job_id, is_duplicate="false"), kind)
    assert add(cielo, job_id, is_duplicate="TRUE").status_code == 200
    box.variants(repeated_media_url="accepted")
    assert add(cielo, new(cielo)).status_code == 200


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
def test_urls_that_cannot_be_reached(box, cielo, url):
    job_id = new(cielo)
    assert_error(add(cielo, job_id, url), "INVALID_URL")
    assert_error(cielo("job/add_media", job_id=job_id), "MISSING_PARAMETER")
    assert media_state(box, job_id) is None


def test_media_without_a_url(box, cielo):
    job_id = new(cielo)
    assert_error(cielo("job/media", job_id=job_id), "ITEM_NOT_FOUND")
    upload(cielo, job_id, b"x")
    assert ok(cielo("job/media", job_id=job_id)) == {}
    for form, shown in (("null", None), ("empty", "")):
        box.variants(no_media_url=form)
        assert ok(cielo("job/media", job_id=job_id)) == {"MediaUrl": shown}
    box.variants(no_media_url="error")
    assert_error(cielo("job/media", job_id=job_id), "ITEM_NOT_FOUND")
    url = ok(cielo("job/media", token=ACADEMY_TOKEN, job_id=JOBS["d2"]))
    assert url == {"MediaUrl": "https://media.academy.example/anatomy.mp4"}


@pytest.mark.parametrize("data", [None, b"broken file"])
def test_broken_media(box, cielo, data):
    job_id = new(cielo)
    answer = upload(cielo, job_id, data) if data else add(cielo, job_id, "http://example.com/broken.mp4")
    assert answer.status_code == 200
    # It is not known yet, so a transcription can be requested.
    assert order(cielo, job_id).status_code == 200
    assert ok(cielo("job/info", job_id=job_id))["JobStatus"] == "Pending"
    box.control("POST", "clock", {"advance": "50m"})
    assert ok(cielo("job/info", job_id=job_id))["JobStatus"] == "Media Failure"
    assert_error(order(cielo, job_id), "INVALID_QUERY")


@pytest.mark.parametrize("failure,status", [("always", "Media Failure"), ("never", "Pending")])
def test_all_media_are_broken_or_none(box, cielo, failure, status):
    box.variants(media_failure=failure, media_takes=0)
    job_id = new(cielo)
    add(cielo, job_id, URL if failure == "always" else "http://example.com/broken.mp4")
    assert ok(cielo("job/info", job_id=job_id))["JobStatus"] == status


@pytest.mark.parametrize("kind,there", [("reset_before", False), ("reset_after", True), ("cut_upload", False)])
def test_faults_of_uploads(box, cielo, kind, there):
    job_id = new(cielo)
    details = {"after": 100_000} if kind == "cut_upload" else {}
    box.fault(kind, match={"path": "/add_media$"}, **details)
    with pytest.raises(requests.ConnectionError):
        upload(cielo, job_id, b"x" * 5_000_000)
    assert (media_state(box, job_id) is not None) is there
    last = box.requests()[-1]
    assert (last["fault"], last["status"], last["acted"]) == (kind, None, there)
    if not there:
        assert upload(cielo, job_id, b"x" * 5_000_000).status_code == 200


def test_a_status_in_the_place_of_an_upload(box, cielo):
    job_id = new(cielo)
    box.fault("status", match={"path": "/add_media$"}, status=503)
    assert upload(cielo, job_id, b"x" * 5_000_000).status_code == 503
    assert media_state(box, job_id) is None
    box.fault("status_after", match={"path": "/add_media$"}, status=502)
    assert upload(cielo, job_id, b"x").status_code == 502
    assert media_state(box, job_id)["length"] == 1


def test_cut_upload_of_something_that_is_none(box, cielo):
    box.fault("cut_upload", match={"path": "/job/new$"}, after=0)
    with pytest.raises(requests.ConnectionError):
        cielo("job/new", job_name="x")
    assert len(box.state()["cielo24"][NEWS]["jobs"]) == 6


def test_a_client_that_goes_away(box, cielo):
    job_id = new(cielo)
    with socket.create_connection(("127.0.0.1", box.port), timeout=10) as connection:
        target = f"/api/job/add_media?v=1&api_token={TOKEN}&job_id={job_id}"
        connection.sendall(f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf".encode())
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1000) == b""
    assert media_state(box, job_id) is None
    last = box.requests()[-1]
    assert (last["path"], last["status"], last["acted"]) == ("/api/job/add_media", None, False)


def test_an_upload_is_told_to_go_on(box, cielo):
    job_id = new(cielo)
    with socket.create_connection(("127.0.0.1", box.port), timeout=10) as connection:
        target = f"/api/job/add_media?v=1&api_token={TOKEN}&job_id={job_id}"
        head = f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"body")
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_a_reset_in_the_middle_of_an_upload(box, cielo):
    job_id = new(cielo)
    with socket.create_connection(("127.0.0.1", box.port), timeout=10) as connection:
        target = f"/api/job/add_media?v=1&api_token={TOKEN}&job_id={job_id}"
        connection.sendall(f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nha".encode())
        box.reset()
        connection.sendall(b"lf")
        # The job belongs to a world that is gone.
        assert b"ITEM_NOT_FOUND" in connection.recv(1000)
    assert job_id not in box.state()["cielo24"][NEWS]["jobs"]


def test_an_upload_to_an_address_of_its_own(box, cielo):
    job_id = new(cielo)
    url = ok(cielo("job/request_upload_url", job_id=job_id))["upload_url"]
    assert requests.put(url, b"x", headers={"Authorization": "Bearer x"}, timeout=10).status_code == 400
    assert requests.put(url, b"x", headers={"Content-Type": "video/mp4"}, timeout=10).status_code == 403
    assert requests.put(url, iter([b"x"]), timeout=10).status_code == 411
    assert requests.get(url, timeout=10).status_code == 405
    assert requests.put(url[:-1] + "g", b"x", timeout=10).status_code == 404
    assert media_state(box, job_id) is None
    for data in (b"first", b"second"):
        answer = requests.put(url, data, timeout=10)
        assert (answer.status_code, answer.content) == (200, b"")
        assert media_state(box, job_id)["sha256"] == hashlib.sha256(data).hexdigest()
    assert order(cielo, job_id).status_code == 200
    assert requests.put(url, b"too late", timeout=10).status_code == 200
    assert media_state(box, job_id)["length"] == len(b"second")
    assert_error(cielo("job/request_upload_url", job_id=job_id), "INVALID_QUERY")
    assert sum(acted(box)) == 4


def test_that_address_ends(box, cielo):
    url = ok(cielo("job/request_upload_url", job_id=new(cielo)))["upload_url"]
    box.control("POST", "clock", {"advance": "12h1m"})
    assert requests.put(url, b"x", timeout=10).status_code == 403
