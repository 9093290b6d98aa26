# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only a real connection shows. The other tests of the client replace the adapter above it."""

from __future__ import annotations

import os
import socket
import threading
from functools import partial
from types import SimpleNamespace

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.cancellation import Cancelled
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.adapter.attempt_failed import AttemptFailed
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.adapter.connections import Session
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.adapter.exchange import (
    Content,
    ExchangeOptions,
    exchange,
    prepare,
)
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Outcome
from ansible_collections.saasops.jobs.tests.unit.support.fake_observer import FakeObserver


@pytest.fixture
def server():
    """A service that accepts one connection, records what arrives on it, and answers unless that is nothing."""

    def serve():
        connection, _address = listener.accept()
        with connection:
            received.append(connection.recv(65536))
            if received[0]:
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    received = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield SimpleNamespace(url=f"http://127.0.0.1:{listener.getsockname()[1]}/", received=received, thread=thread)


def send(server, observer):
    session = Session(1, trust_env=False)
    try:
        return exchange(session, prepare("DELETE", server.url, {}), ExchangeOptions(10, observer))
    finally:
        session.close()
        server.thread.join(10)


def test_observer_is_told_when_a_change_leaves(server):
    observer = FakeObserver()
    response, _body = send(server, observer)
    assert (response.status_code, observer.sent) == (204, True)
    assert server.received[0].startswith(b"DELETE / ")


def test_nothing_leaves_if_the_observer_refuses(server):
    observer = FakeObserver(refuses=True)
    with pytest.raises(Cancelled):
        send(server, observer)
    assert server.received == [b""]


def test_observer_is_told_that_nothing_was_sent_if_the_connection_is_refused():
    observer = FakeObserver(sent=True)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]
    session = Session(1, trust_env=False)
    with pytest.raises(AttemptFailed):
        exchange(session, prepare("DELETE", f"http://127.0.0.1:{free}/", {}), ExchangeOptions(10, observer))
    assert observer.sent is False


@pytest.fixture
def sink():
    """A service that accepts one upload of 100 bytes, answers once it is complete, and records what arrives."""

    def serve():
        connection, _address = listener.accept()
        with connection:
            answered = False
            while True:
                piece = connection.recv(65536)
                if not piece:
                    return
                received.extend(piece)
                if not answered and len(received.partition(b"\r\n\r\n")[2]) >= 100:
                    answered = True
                    connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    received = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield SimpleNamespace(url=f"http://127.0.0.1:{listener.getsockname()[1]}/", received=received, thread=thread)


def send_file(sink, path, meanwhile):
    session = Session(1, trust_env=False)
    try:
        request = prepare("POST", sink.url, {}, Content(upload=partial(open, path, "rb")))
        meanwhile()
        return exchange(session, request, ExchangeOptions(10))[0].status_code
    finally:
        session.close()
        sink.thread.join(10)


def test_file_is_sent_with_its_length(sink, tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 100)
    assert send_file(sink, path, lambda: None) == 204
    head, _blank, body = bytes(sink.received).partition(b"\r\n\r\n")
    assert b"Content-Length: 100" in head
    assert b"Transfer-Encoding" not in head
    assert body == b"x" * 100


@pytest.mark.parametrize("how", ["longer", "shorter", "other"])
def test_file_that_changes_is_not_sent_to_its_end(sink, tmp_path, how):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 100)

    def change():
        if how == "shorter":
            os.truncate(path, 40)
        else:
            with open(path, "r+b") as file:
                file.seek(100 if how == "longer" else 50)
                file.write(b"y" * 50)
        os.utime(path, (1, 1))

    with pytest.raises(AttemptFailed, match="the file was changed while it was sent") as caught:
        send_file(sink, path, change)
    assert caught.value.outcome is Outcome.RESET_AFTER_SENDING
    assert len(bytes(sink.received).partition(b"\r\n\r\n")[2]) < 100


def test_empty_file_is_not_sent(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"")
    with pytest.raises(AttemptFailed, match="it is empty"):
        prepare("POST", "http://127.0.0.1/", {}, Content(upload=partial(open, path, "rb")))
