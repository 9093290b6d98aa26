# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import email.utils
import http.client
import socket
import time

import pytest
import requests
from requests.exceptions import ConnectionError as RequestsConnectionError
from sandbox_client import ATLAS, LOGS, V2

TOKEN = "9c3a7e51f0b84d62a1e6d5c8b7f20394"
JOB = "c24000000000000000000000000000a1"
DELETE = f"/api/job/delete?v=1&api_token={TOKEN}&job_id={JOB}"
LIST = f"/api/job/list?v=1&api_token={TOKEN}"
LTS = "/v2/0123456789abcdef0123456789abcdef/groups"
LTS_HEADERS = {
    "X-Auth-Token": "gAAAAABsandboxToken-7c1e5a90d3f84b26-valid-for-one-day",
    "Content-Type": "application/json",
}
STREAM = f"{LTS}/11111111-aaaa-4000-8000-000000000001/streams/22222222-aaaa-4000-8000-000000000001"


@pytest.fixture
def wire(box):
    """A connection that repeats nothing by itself."""
    opened = []

    def connect():
        opened.append(http.client.HTTPConnection("127.0.0.1", box.port, timeout=10))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


def send(connection, path=DELETE, method="GET", headers=None):
    connection.request(method, path, headers=headers or {})
    return connection.getresponse()


def job_exists(box):
    return JOB in box.state()["cielo24"]["newsroom"]["jobs"]


def last(box):
    entry = box.requests()[-1]
    return entry["status"], entry["acted"], entry["fault"]


def refused(box):
    try:
        socket.create_connection(("127.0.0.1", box.port), timeout=10).close()
    except ConnectionRefusedError:
        return True
    return False


def wait_until_open(box):
    deadline = time.monotonic() + 20
    while refused(box):
        assert time.monotonic() < deadline, "the listener did not come back"
        time.sleep(0.02)


def test_refuse_before_a_position(box, wire):
    idle = wire()
    send(idle, LIST).read()
    box.forget_requests()
    box.fault(at=2, kind="refuse", seconds=0.7)
    assert not refused(box)
    assert box.get(LIST).status_code == 200
    assert refused(box)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        send(idle)  # kept alive until then
    wait_until_open(box)
    assert job_exists(box) and box.control("GET", "faults") == {"faults": []}
    assert box.get(DELETE).status_code == 200
    assert [(entry["n"], entry["status"], entry["fault"]) for entry in box.requests()] == [
        (1, 200, None),
        (2, 200, None),
    ]


def test_refuse_at_once(box):
    box.get(LIST)
    box.fault(at=2, kind="refuse", seconds=0.7)
    assert refused(box)
    wait_until_open(box)
    box.fault(at=1, kind="refuse", seconds=0.7)
    assert not refused(box)
    box.forget_requests()  # now position 1 is the next
    assert refused(box)
    wait_until_open(box)
    assert box.get(LIST).status_code == 200


def test_a_kept_alive_client_reconnects_to_nothing(box):
    with requests.Session() as session:
        box.fault(at=2, kind="refuse", seconds=0.7)
        session.get(box.url + LIST, timeout=10)
        with pytest.raises(RequestsConnectionError, match="refused"):
            session.get(box.url + LIST, timeout=10)
        wait_until_open(box)
        assert session.get(box.url + LIST, timeout=10).status_code == 200


def test_refuse_after_a_lost_answer(box, wire):
    box.control("POST", "faults", [{"at": 1, "kind": "reset_after"}, {"at": 2, "kind": "refuse", "seconds": 0.7}])
    with pytest.raises(ConnectionResetError):
        send(wire())
    assert refused(box)
    wait_until_open(box)
    assert not job_exists(box) and box.get(LIST).status_code == 200


def test_refuse_by_match_resets_the_request(box, wire):
    box.fault(match={"path": "/api/job/delete"}, kind="refuse", seconds=0.7)
    with pytest.raises(ConnectionResetError):
        send(wire())
    assert refused(box)
    wait_until_open(box)
    assert job_exists(box) and last(box) == (None, False, "refuse")


@pytest.mark.parametrize("kind,acts", [("reset_before", False), ("reset_after", True)])
def test_reset(box, wire, kind, acts):
    box.fault(at=1, kind=kind)
    with pytest.raises(ConnectionResetError):
        send(wire())
    assert job_exists(box) is not acts
    assert last(box) == (None, acts, kind)
    assert box.get(DELETE).status_code == (400 if acts else 200)


@pytest.mark.parametrize("kind,acts", [("stall_before", False), ("stall_after", True)])
def test_stall_ends_without_an_answer(box, wire, kind, acts):
    box.fault(at=1, kind=kind, seconds=0.05)
    with pytest.raises(http.client.RemoteDisconnected):
        send(wire())
    assert job_exists(box) is not acts
    assert last(box) == (None, acts, kind)


@pytest.mark.parametrize("kind,acts", [("stall_before", False), ("stall_after", True)])
def test_stall_makes_a_client_give_up(box, kind, acts):
    box.fault(match={"path": "delete"}, kind=kind)
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(box.url + DELETE, timeout=0.2)
    # The others are served meanwhile.
    assert box.get(LIST).status_code == 200
    assert job_exists(box) is not acts
    assert [(entry["status"], entry["acted"]) for entry in box.requests()] == [(None, acts), (200, False)]


def test_truncate(box, wire):
    box.fault(at=1, kind="truncate")
    answer = send(wire())
    assert answer.status == 200 and answer.getheader("Content-Type") == "application/json"
    with pytest.raises(http.client.IncompleteRead) as caught:
        answer.read()
    assert 0 < len(caught.value.partial) < int(answer.getheader("Content-Length"))
    assert not job_exists(box) and last(box) == (200, True, "truncate")


def test_truncate_an_empty_body(box, wire):
    box.call("GET", LOGS)
    auth = box.mongo.auth.build_digest_header("DELETE", f"{box.url}{LOGS}/66f1c0de00000000000000a1")
    box.fault(at=3, kind="truncate")
    answer = send(wire(), f"{LOGS}/66f1c0de00000000000000a1", "DELETE", {"Authorization": auth})
    assert answer.status == 200 and int(answer.getheader("Content-Length")) > 0
    with pytest.raises(http.client.IncompleteRead):
        answer.read()
    assert last(box) == (200, True, "truncate")


def test_truncate_a_204(box, wire):
    box.fault(at=1, kind="truncate")
    connection = wire()
    answer = send(connection, STREAM, "DELETE", LTS_HEADERS)
    assert answer.status == 204 and int(answer.getheader("Content-Length")) > 0
    assert last(box) == (204, True, "truncate")


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
def test_status_in_the_shape_of_the_service(box, service, status):
    path, headers = SERVICES[service]
    box.fault(at=1, kind="status", status=status)
    answer = box.get(path, headers=headers)
    key, code = OWN_ERRORS[service, status]
    assert (answer.status_code, answer.json()[key]) == (status, code)
    assert "Retry-After" not in answer.headers
    assert box.requests()[0]["service"] == service and last(box) == (status, False, "status")


def test_a_503_of_lts_is_plain_text(box):
    box.fault(at=1, kind="status", status=503)
    answer = box.get(LTS, headers=LTS_HEADERS)
    assert answer.text == "The requested service is unavailable."
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_status_does_not_act_and_status_after_does(box):
    box.fault(at=[1, 2], kind="status", status=500)
    assert [box.get(DELETE).status_code for _number in range(2)] == [500, 500]
    assert job_exists(box)
    box.fault(at=3, kind="status_after", status=504, body="html")
    answer = box.get(DELETE)
    assert answer.status_code == 504 and "<html>" in answer.text
    assert not job_exists(box) and last(box) == (504, True, "status_after")


@pytest.mark.parametrize(
    "body,content_type,text", [("text", "text/plain", "busy"), ("html", "text/html", "busy"), ("empty", "", "")]
)
def test_bodies(box, body, content_type, text):
    box.fault(at=1, kind="status", status=503, body=body, message="busy")
    answer = box.get(LIST)
    assert text in answer.text and (body != "empty" or not answer.content)
    assert answer.headers.get("Content-Type", "").startswith(content_type)


def test_own_code_and_message(box):
    box.fault(at=1, kind="status", status=405, code="WRITES_NOT_ALLOWED_DURING_APP_UPGRADES")
    answer = box.get(LOGS)
    body = answer.json()
    assert (body["error"], body["errorCode"]) == (405, "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES")
    assert body["detail"].endswith("while the system is being upgraded.") and answer.headers["X-Error-Code"]
    box.fault(at=2, kind="status", status=403, code="LTS.0003", message="No permission.")
    assert box.get(LTS).json() == {"error_code": "LTS.0003", "error_msg": "No permission."}


def test_retry_after(box):
    box.fault(at=1, kind="status", status=429, retry_after=7)
    box.fault(at=2, kind="status", status=503, retry_after="Wed, 21 Oct 2026 07:28:00 GMT")
    box.fault(at=3, kind="status", status=503, retry_after={"date_in": 60})
    seen = [box.get(LIST).headers["Retry-After"] for _number in range(3)]
    assert seen[:2] == ["7", "Wed, 21 Oct 2026 07:28:00 GMT"]
    assert email.utils.parsedate_to_datetime(seen[2]).timestamp() > time.time()
    box.fault(at=4, kind="status", status=429, retry_after=7)
    path, headers = SERVICES["atlas_restore"]
    assert box.get(path, headers=headers).json()["parameters"] == [path, 7, 1200, 500, 60]


def test_html_200(box):
    box.fault(at=1, kind="html_200")
    answer = box.get(DELETE)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    assert job_exists(box) and last(box) == (200, False, "html_200")


def test_redirect(box):
    box.fault(at=1, kind="redirect", location="https://elsewhere.example/")
    box.fault(at=2, kind="redirect", location="/login", status=307)
    answers = [requests.get(box.url + DELETE, allow_redirects=False, timeout=10) for _number in range(2)]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [
        (302, "https://elsewhere.example/"),
        (307, "/login"),
    ]
    assert job_exists(box)


def test_match(box):
    box.fault(match={"method": "DELETE", "path": r"/streams/[^/]+$"}, times=2, kind="status", status=500)
    assert box.get(LTS, headers=LTS_HEADERS).status_code == 200
    statuses = [requests.delete(box.url + STREAM, headers=LTS_HEADERS, timeout=10).status_code for _number in range(3)]
    assert statuses == [500, 500, 204]


def test_match_for_ever_and_clearing(box):
    box.fault(match={"method": "GET"}, times=None, kind="status", status=502)
    box.fault(at="all", kind="status", status=503)
    assert {box.get(LIST).status_code for _number in range(5)} == {502}
    assert box.control("GET", "faults") == {
        "faults": [
            {"match": {"method": "GET"}, "times": None, "kind": "status", "status": 502},
            {"at": "all", "kind": "status", "status": 503},
        ]
    }
    assert requests.post(box.url + LIST, timeout=10).status_code == 503
    box.control("DELETE", "faults")
    assert box.get(LIST).status_code == 200


def test_the_ones_left(box):
    box.control("POST", "faults", [{"at": [2, 3], "kind": "reset_before"}, {"at": 1, "kind": "html_200"}])
    box.get(LIST)
    with pytest.raises(RequestsConnectionError):
        box.get(LIST)
    assert box.control("GET", "faults") == {"faults": [{"at": [3], "kind": "reset_before"}]}


def test_positions_count_from_the_last_clear(box):
    box.get(LIST)
    box.forget_requests()
    box.fault(at=1, kind="status", status=500)
    assert box.get(LIST).status_code == 500


@pytest.mark.parametrize(
    "fault,words",
    [
        ({}, "kind None"),
        ({"kind": "explode", "at": 1}, "explode"),
        ({"kind": "truncate"}, "either 'at' or 'match'"),
        ({"kind": "truncate", "at": 1, "match": {}}, "either 'at' or 'match'"),
        ({"kind": "truncate", "at": 0}, "position"),
        ({"kind": "truncate", "at": []}, "position"),
        ({"kind": "truncate", "at": "some"}, "position"),
        ({"kind": "truncate", "at": True}, "position"),
        ({"kind": "truncate", "at": 1, "seconds": 1}, "seconds"),
        ({"kind": "truncate", "at": 1, "times": 2}, "times"),
        ({"kind": "truncate", "match": {"path": "("}}, "regular expression"),
        ({"kind": "truncate", "match": {"host": "x"}}, "match"),
        ({"kind": "truncate", "match": {}, "times": 0}, "times"),
        ({"kind": "status", "at": 1}, "status"),
        ({"kind": "status", "at": 1, "status": 700}, "status"),
        ({"kind": "status", "at": 1, "status": 500, "body": "xml"}, "body"),
        ({"kind": "status", "at": 1, "status": 500, "retry_after": {}}, "retry_after"),
        ({"kind": "status", "at": 1, "status": 500, "code": 5}, "code"),
        ({"kind": "redirect", "at": 1}, "location"),
        ({"kind": "refuse", "at": 1, "seconds": -1}, "seconds"),
        ("boom", "object"),
    ],
    ids=str,
)
def test_bad_faults_are_refused(box, fault, words):
    good = {"kind": "truncate", "at": 1}
    assert words in box.control("POST", "faults", [good, fault], status=400)["error"]
    assert box.control("GET", "faults") == {"faults": []}


def test_faults_under_load_keep_their_positions(box):
    """Each position is used once, however many connections there are."""
    box.fault(at=[5, 10, 15], kind="status", status=500)
    with requests.Session() as session:
        statuses = [session.get(box.url + LIST, timeout=10).status_code for _number in range(20)]
    assert [index + 1 for index, status in enumerate(statuses) if status == 500] == [5, 10, 15]
