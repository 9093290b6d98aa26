# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses of hostile or broken servers, over real connections."""

from __future__ import annotations

import contextlib
import gzip
import io
import threading
import time
from functools import partial
from types import SimpleNamespace

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http import client, endpoint
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.adapter import progress
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.adapter.attempt_failed import AttemptFailed
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.adapter.connections import Session
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.adapter.exchange import (
    Content,
    ExchangeOptions,
    exchange,
    prepare,
)
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.auth.flow import NoAuth
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Effect, Outcome
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.tests.unit.support.fake_observer import FakeObserver
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock
from ansible_collections.saasops.jobs.tests.unit.support.raw_server import (
    RawServer,
    answers,
    dripping,
    receive,
)

DELETE = endpoint.Endpoint("delete thing {thing_id}", "DELETE", "/things/{thing_id}", Effect.CHANGE)
GET = endpoint.Endpoint("show thing {thing_id}", "GET", "/things/{thing_id}", Effect.READ)
ARCHIVE = endpoint.Endpoint("fetch", "GET", "/archive", Effect.READ, streams=True)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
DONE = b"HTTP/1.1 204 No Content\r\n\r\n"
REFUSED = b'HTTP/1.1 409 Conflict\r\nContent-Length: 17\r\n\r\n{"code": "IN_USE"}'.replace(b"17", b"18")
INTERIM = [
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 102 Processing\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 199 Whatever\r\nContent-Length: 5\r\n\r\n",
]


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def stop():
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def clock(monkeypatch):
    """The clock of exchanges, which a test can move: `passed` seconds on top of the real time, a minute per tick."""
    made = SimpleNamespace(passed=0.0)
    made.monotonic = lambda: time.monotonic() + made.passed

    def tick():
        made.passed += 60

    made.tick = tick
    monkeypatch.setattr(progress, "time", made)
    return made


def read_error(response):
    body = response.json_object()
    return (body["code"], None, None) if "code" in body else None


def connect(server, **more):
    profile = endpoint.ServiceProfile("Things", {}, read_error, lambda status, code: "")
    return client.Client(
        profile, server.url, NoAuth(), HttpSettings(**{"retries": 0, **more}), TaskContext(clock=StillClock())
    )


def send(server, timeout=10, method="GET", **more):
    session = Session(1)
    try:
        return exchange(session, prepare(method, server.url, {}), ExchangeOptions(timeout, **more))
    finally:
        session.close()


def delete_six(server):
    """The outcomes of six deletions, one after the other."""
    things, outcomes = connect(server), []
    for number in range(6):
        try:
            things.call(DELETE, path_params={"thing_id": number})
            outcomes.append("deleted")
        except errors.ServiceError as error:
            outcomes.append(error.code)
    return outcomes


@pytest.mark.parametrize("interim", [*INTERIM, b"".join(INTERIM), INTERIM[1] * 20])
@pytest.mark.parametrize("at_once", [True, False])
def test_interim_response_is_not_taken_for_the_final_one(interim, at_once):
    def serve(connection, _number):
        while True:
            request = receive(connection)
            if not request:
                return
            final = REFUSED if int(request.split()[1][-1]) % 2 else DONE
            if at_once:
                connection.sendall(interim + final)
            else:
                connection.sendall(interim)
                connection.sendall(final)

    with RawServer(serve) as server:
        assert delete_six(server) == ["deleted", "IN_USE"] * 3
    assert server.connections == 1


@pytest.mark.parametrize("left", [b"x", b"\r\n", DONE, REFUSED, b"HTTP/1.1 200 OK\r\n"])
@pytest.mark.parametrize("body", [b"", b"Content-Length: 0\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_connection_with_data_after_the_response_is_not_used_again(left, body):
    def serve(connection, _number):
        request = receive(connection)
        number = int(request.split()[1][-1])
        response = REFUSED if number % 2 else DONE
        if body and not number % 2:
            response = b"HTTP/1.1 200 OK\r\n" + body + b"\r\n" + (b"0\r\n\r\n" if b"chunked" in body else b"")
        connection.sendall(response + left)
        connection.recv(1)

    with RawServer(serve) as server:
        assert delete_six(server) == ["deleted", "IN_USE"] * 3
        assert server.connections == 6


def test_switching_protocols_is_not_a_success():
    with RawServer(answers(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + DONE)) as server:
        with pytest.raises(errors.ServiceError, match="HTTP 101"):
            connect(server).call(DELETE, path_params={"thing_id": 1})


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "before, drop",
    [
        (b"HTTP/1.1 ", b"0"),
        (HEAD + b"X-Long: ", b"a"),
        (HEAD, b"X: a\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    ],
    ids=["status line", "header", "headers", "100", "102"],
)
def test_head_that_drips_ends_with_the_time_of_the_exchange(clock, stop, before, drop):
    with RawServer(dripping(before, drop, stop, clock.tick)) as server:
        with pytest.raises(AttemptFailed, match="no response within 300 s") as caught:
            send(server, timeout=60)
    assert caught.value.outcome is Outcome.READ_TIMEOUT


@pytest.mark.parametrize(
    "before, drop",
    [
        (HEAD + b"Content-Length: 1000000\r\n\r\n", b"a"),
        (HEAD + b"\r\n", b"a"),
        (CHUNKED, b"0"),
        (CHUNKED, b"1\r\na\r\n"),
        (CHUNKED + b"1;", b"a"),
        (CHUNKED + b"0\r\n", b"X: a\r\n"),
    ],
    ids=["length", "until closed", "chunk size", "chunks", "chunk extension", "trailers"],
)
def test_body_that_drips_ends_with_the_time_of_the_exchange(clock, stop, before, drop):
    with RawServer(dripping(before, drop, stop, clock.tick)) as server:
        _response, taken = send(server, timeout=60)
    assert taken.is_cut_off


@pytest.mark.parametrize(
    "before, drop", [(CHUNKED, b"0"), (CHUNKED + b"1;", b"a"), (CHUNKED + b"1\r\na\r\n0\r\n", b"X: a\r\n")]
)
def test_stream_times_out_if_only_framing_arrives(stop, before, drop):
    with RawServer(dripping(before, drop, stop)) as server:
        _response, stream = send(server, timeout=0.4, streams=True)
        with pytest.raises(AttemptFailed, match="nothing more arrived within 0.4 s"):
            list(stream.pieces())
        stream.close()


def test_stream_has_no_deadline_as_a_whole(monkeypatch, clock):
    monkeypatch.setattr(progress, "LONGEST_EXCHANGE", 0.3)
    go_on = threading.Event()

    def serve(connection, _number):
        receive(connection)
        connection.sendall(HEAD + b"Content-Length: 16386\r\n\r\n" + b"a" * 16384)
        go_on.wait(10)
        connection.sendall(b"bc")

    with RawServer(serve) as server:
        # The exchange has used up its time before the rest comes.
        _response, stream = send(server, timeout=10, streams=True)
        pieces = stream.pieces()
        begin = next(pieces)
        clock.passed += 100
        go_on.set()
        assert begin + b"".join(pieces) == b"a" * 16384 + b"bc"
        stream.close()


def endless(before, more):
    """A `serve` that sends fast and without an end."""

    def serve(connection, _number):
        receive(connection)
        connection.sendall(before)
        while True:
            connection.sendall(more * 1000)

    return serve


@pytest.mark.parametrize(
    "before, more",
    [
        (b"HTTP/1.1 ", b"0"),
        (HEAD + b"X-Long: ", b"a"),
        (HEAD, b"X: a\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    ],
)
def test_head_without_an_end_is_given_up(before, more):
    with RawServer(endless(before, more)) as server:
        with pytest.raises(AttemptFailed):
            send(server)


@pytest.mark.parametrize(
    "before, more, words",
    [
        (CHUNKED, b"0", "truncated"),
        (CHUNKED + b"1;", b"a", "truncated"),
        (CHUNKED + b"0\r\n", b"X: a\r\n", "truncated"),
        (HEAD + b"\r\n", b"a", "larger than"),
        (CHUNKED, b"1\r\na\r\n", "larger than"),
    ],
)
def test_body_without_an_end_is_given_up(before, more, words):
    with RawServer(endless(before, more)) as server:
        _response, taken = send(server, largest=65536)
    assert words in taken.reason


def test_response_that_is_too_large_is_an_error():
    body = b'{"a": "' + b"x" * 16 * 1024**2 + b'"}'
    response = HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
    with RawServer(answers(response)) as server:
        with pytest.raises(errors.ServiceError, match="the response is larger than 16 MiB"):
            connect(server).call(GET, path_params={"thing_id": 1})


@pytest.mark.parametrize("encoding", [b"gzip", b"deflate", b"gzip, gzip", b"br", b"x"])
def test_compressed_response_is_an_error(encoding):
    body = gzip.compress(b"[" + b"[]," * 100_000 + b"0]")
    response = HEAD + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (encoding, len(body)) + body
    with RawServer(answers(response)) as server:
        with pytest.raises(errors.ServiceError, match="the response is compressed, which was not requested"):
            connect(server).call(GET, path_params={"thing_id": 1})


def test_request_asks_for_no_compression():
    asked = []

    def serve(connection, _number):
        asked.append(receive(connection))
        connection.sendall(HEAD + b"Content-Encoding: Identity\r\nContent-Length: 2\r\n\r\n{}")

    with RawServer(serve) as server:
        assert connect(server).call(GET, path_params={"thing_id": 1}).data == {}
    assert "accept-encoding: identity\r\n" in asked[0].lower()


def test_archive_is_streamed_as_it_is_on_the_wire():
    body = gzip.compress(b"x")
    response = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    with RawServer(answers(response)) as server:
        response = connect(server).call(ARCHIVE)
        assert b"".join(response.stream.pieces()) == body
        response.stream.close()


def test_time_of_an_upload_does_not_count(monkeypatch, tmp_path, clock):
    """The exchange uses up its time while the file is being sent, and continues."""
    path = tmp_path / "media"
    path.write_bytes(b"x" * 1024**2)
    monkeypatch.setattr(progress, "LONGEST_EXCHANGE", 5)

    class Slow(io.FileIO):
        def read(self, size):
            # As if this had taken two seconds.
            clock.passed += 2
            return super().read(size)

    with RawServer(answers(DONE)) as server:
        session = Session(1)
        request = prepare("POST", server.url, {}, Content(upload=partial(Slow, path)))
        assert exchange(session, request, ExchangeOptions(5))[0].status_code == 204
        session.close()


def test_change_is_noted_as_sent_if_its_response_does_not_arrive_in_time(stop):
    observer = FakeObserver()
    with RawServer(dripping(b"HTTP/1.1 ", b"", stop)) as server, pytest.raises(AttemptFailed):
        send(server, timeout=0.2, method="DELETE", observer=observer)
    assert observer.sent


def test_headers_that_cannot_be_parsed_do_not_put_the_url_into_a_log(caplog):
    """The library below would log them with the whole URL, and the token in it."""
    session = Session(1)
    with RawServer(answers(b"HTTP/1.1 200 OK\r\nno header\r\nContent-Length: 0\r\n\r\n")) as server:
        with caplog.at_level("INFO"), contextlib.suppress(AttemptFailed):
            exchange(session, prepare("GET", f"{server.url}/?api_token=canary", {}), ExchangeOptions(1))
        session.close()
    assert "canary" not in caplog.text
