# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import http.client
import socket
import time

import pytest
import requests
from requests.exceptions import ConnectionError as RequestsConnectionError
from sandbox_client import LOGS
from sandbox_faults import DELETE, LIST, LTS, LTS_HEADERS, STREAM, job_exists, last_outcome


@pytest.fixture
def wire(sandbox):
    """Makes connections that never repeat a request."""
    opened = []

    def connect():
        opened.append(http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


def send(connection, path=DELETE, method="GET", headers=None):
    connection.request(method, path, headers=headers or {})
    return connection.getresponse()


def refused(sandbox):
    try:
        socket.create_connection(("127.0.0.1", sandbox.port), timeout=10).close()
    except ConnectionRefusedError:
        return True
    return False


def wait_until_open(sandbox):
    deadline = time.monotonic() + 20
    while refused(sandbox):
        assert time.monotonic() < deadline, "the listener did not come back"
        time.sleep(0.02)


def test_refuse_closes_listener_before_position(sandbox, wire):
    idle = wire()
    send(idle, LIST).read()
    sandbox.forget_requests()
    sandbox.fault(at=2, kind="refuse", seconds=0.7)
    assert not refused(sandbox)
    assert sandbox.get(LIST).status_code == 200
    assert refused(sandbox)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        send(idle)  # it was kept alive until now
    wait_until_open(sandbox)
    assert job_exists(sandbox) and sandbox.control("GET", "faults") == {"faults": []}
    assert sandbox.get(DELETE).status_code == 200
    assert [(entry["n"], entry["status"], entry["fault"]) for entry in sandbox.requests()] == [
        (1, 200, None),
        (2, 200, None),
    ]


def test_refuse_at_next_position_closes_listener_at_once(sandbox):
    sandbox.get(LIST)
    sandbox.fault(at=2, kind="refuse", seconds=0.7)
    assert refused(sandbox)
    wait_until_open(sandbox)
    sandbox.fault(at=1, kind="refuse", seconds=0.7)
    assert not refused(sandbox)
    sandbox.forget_requests()  # position 1 is next now
    assert refused(sandbox)
    wait_until_open(sandbox)
    assert sandbox.get(LIST).status_code == 200


def test_refuse_closes_connection_that_is_kept_alive(sandbox):
    with requests.Session() as session:
        sandbox.fault(at=2, kind="refuse", seconds=0.7)
        session.get(sandbox.url + LIST, timeout=10)
        with pytest.raises(RequestsConnectionError, match="refused"):
            session.get(sandbox.url + LIST, timeout=10)
        wait_until_open(sandbox)
        assert session.get(sandbox.url + LIST, timeout=10).status_code == 200


def test_refuse_follows_reset_that_acted(sandbox, wire):
    sandbox.control("POST", "faults", [{"at": 1, "kind": "reset_after"}, {"at": 2, "kind": "refuse", "seconds": 0.7}])
    with pytest.raises(ConnectionResetError):
        send(wire())
    assert refused(sandbox)
    wait_until_open(sandbox)
    assert not job_exists(sandbox) and sandbox.get(LIST).status_code == 200


def test_refuse_by_match_resets_the_request(sandbox, wire):
    sandbox.fault(match={"path": "/api/job/delete"}, kind="refuse", seconds=0.7)
    with pytest.raises(ConnectionResetError):
        send(wire())
    assert refused(sandbox)
    wait_until_open(sandbox)
    assert job_exists(sandbox) and last_outcome(sandbox) == (None, False, "refuse")


@pytest.mark.parametrize("kind,acts", [("reset_before", False), ("reset_after", True)])
def test_reset_acts_only_after_handling(sandbox, wire, kind, acts):
    sandbox.fault(at=1, kind=kind)
    with pytest.raises(ConnectionResetError):
        send(wire())
    assert job_exists(sandbox) is not acts
    assert last_outcome(sandbox) == (None, acts, kind)
    assert sandbox.get(DELETE).status_code == (400 if acts else 200)


@pytest.mark.parametrize("kind,acts", [("stall_before", False), ("stall_after", True)])
def test_stall_ends_without_a_response(sandbox, wire, kind, acts):
    sandbox.fault(at=1, kind=kind, seconds=0.05)
    with pytest.raises(http.client.RemoteDisconnected):
        send(wire())
    assert job_exists(sandbox) is not acts
    assert last_outcome(sandbox) == (None, acts, kind)


@pytest.mark.parametrize("kind,acts", [("stall_before", False), ("stall_after", True)])
def test_stall_makes_client_time_out_and_others_are_served(sandbox, kind, acts):
    sandbox.fault(match={"path": "delete"}, kind=kind)
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(sandbox.url + DELETE, timeout=0.2)
    # Other clients are served meanwhile.
    assert sandbox.get(LIST).status_code == 200
    assert job_exists(sandbox) is not acts
    assert [(entry["status"], entry["acted"]) for entry in sandbox.requests()] == [(None, acts), (200, False)]


def test_truncate_sends_part_of_body(sandbox, wire):
    sandbox.fault(at=1, kind="truncate")
    response = send(wire())
    assert response.status == 200 and response.getheader("Content-Type") == "application/json"
    with pytest.raises(http.client.IncompleteRead) as caught:
        response.read()
    assert 0 < len(caught.value.partial) < int(response.getheader("Content-Length"))
    assert not job_exists(sandbox) and last_outcome(sandbox) == (200, True, "truncate")


def test_truncate_of_empty_body_claims_missing_bytes(sandbox, wire):
    sandbox.call("GET", LOGS)
    auth = sandbox.mongo.auth.build_digest_header("DELETE", f"{sandbox.url}{LOGS}/66f1c0de00000000000000a1")
    sandbox.fault(at=3, kind="truncate")
    response = send(wire(), f"{LOGS}/66f1c0de00000000000000a1", "DELETE", {"Authorization": auth})
    assert response.status == 200 and int(response.getheader("Content-Length")) > 0
    with pytest.raises(http.client.IncompleteRead):
        response.read()
    assert last_outcome(sandbox) == (200, True, "truncate")


def test_truncate_of_204_claims_missing_bytes(sandbox, wire):
    sandbox.fault(at=1, kind="truncate")
    connection = wire()
    response = send(connection, STREAM, "DELETE", LTS_HEADERS)
    assert response.status == 204 and int(response.getheader("Content-Length")) > 0
    assert last_outcome(sandbox) == (204, True, "truncate")


def test_match_applies_to_given_number_of_requests(sandbox):
    sandbox.fault(match={"method": "DELETE", "path": r"/streams/[^/]+$"}, times=2, kind="status", status=500)
    assert sandbox.get(LTS, headers=LTS_HEADERS).status_code == 200
    statuses = [
        requests.delete(sandbox.url + STREAM, headers=LTS_HEADERS, timeout=10).status_code for _number in range(3)
    ]
    assert statuses == [500, 500, 204]


def test_match_without_limit_applies_until_cleared(sandbox):
    sandbox.fault(match={"method": "GET"}, times=None, kind="status", status=502)
    sandbox.fault(at="all", kind="status", status=503)
    assert {sandbox.get(LIST).status_code for _number in range(5)} == {502}
    assert sandbox.control("GET", "faults") == {
        "faults": [
            {"match": {"method": "GET"}, "times": None, "kind": "status", "status": 502},
            {"at": "all", "kind": "status", "status": 503},
        ]
    }
    assert requests.post(sandbox.url + LIST, timeout=10).status_code == 503
    sandbox.control("DELETE", "faults")
    assert sandbox.get(LIST).status_code == 200


def test_remaining_faults_are_listed(sandbox):
    sandbox.control("POST", "faults", [{"at": [2, 3], "kind": "reset_before"}, {"at": 1, "kind": "html_200"}])
    sandbox.get(LIST)
    with pytest.raises(RequestsConnectionError):
        sandbox.get(LIST)
    assert sandbox.control("GET", "faults") == {"faults": [{"at": [3], "kind": "reset_before"}]}


def test_positions_count_from_last_clear(sandbox):
    sandbox.get(LIST)
    sandbox.forget_requests()
    sandbox.fault(at=1, kind="status", status=500)
    assert sandbox.get(LIST).status_code == 500


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
def test_invalid_faults_are_refused_as_a_whole(sandbox, fault, words):
    good = {"kind": "truncate", "at": 1}
    assert words in sandbox.control("POST", "faults", [good, fault], status=400)["error"]
    assert sandbox.control("GET", "faults") == {"faults": []}


def test_each_position_is_used_once(sandbox):
    """A session may open several connections."""
    sandbox.fault(at=[5, 10, 15], kind="status", status=500)
    with requests.Session() as session:
        statuses = [session.get(sandbox.url + LIST, timeout=10).status_code for _number in range(20)]
    assert [index + 1 for index, status in enumerate(statuses) if status == 500] == [5, 10, 15]
