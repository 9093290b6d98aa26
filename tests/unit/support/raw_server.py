# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that sends the very bytes that a test wants, for what only a real connection shows."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress


class RawServer:
    """Listens on loopback; a context manager.

    :param serve: a function of (connection, number of the connection), run in a thread for each connection.
    :param context: an ssl.SSLContext, or None for plain http.
    """

    def __init__(self, serve, context=None):
        self._serve = serve
        self._context = context
        self._connections = []
        self._threads = []
        self.failures = []

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        scheme = "https" if self._context else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_details):
        # A thread that waits in accept() does not notice that its socket is closed.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        for thread in self._threads:
            thread.join(10)

    @property
    def connections(self):
        """How many there were."""
        return len(self._connections)

    def _accept(self):
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            thread = threading.Thread(target=self._run, args=(connection, len(self._connections) - 1), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _run(self, connection, number):
        try:
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
                self._connections[number] = connection
            self._serve(connection, number)
        except OSError as failure:
            self.failures.append(failure)
        finally:
            with suppress(OSError):
                connection.close()


def receive(connection):
    """One request, as text, or "" when the other side has closed the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return ""
        data += piece
    length = re.search(rb"content-length: (\d+)", data, re.IGNORECASE)
    while length and len(data.partition(b"\r\n\r\n")[2]) < int(length.group(1)):
        data += connection.recv(65536)
    return data.decode("latin-1")


def answers(*each):
    """A `serve` that sends bytes for each request, in order, and leaves it to the other side to end the connection."""

    def serve(connection, _number):
        for response in each:
            if not receive(connection):
                return
            connection.sendall(response)
        connection.recv(1)

    return serve


def dripping(before, drop, stop, on_drop=None):
    """A `serve` that sends some bytes, then the same ones again and again until it is told to stop.

    :param before: bytes.
    :param drop: bytes.
    :param stop: a threading.Event.
    :param on_drop: is called before each drop.
    """

    def serve(connection, _number):
        receive(connection)
        connection.sendall(before)
        while not stop.wait(0.01):
            if on_drop:
                on_drop()
            connection.sendall(drop)

    return serve


def pump(source, target):
    """Sends on all that arrives on one connection over another, as a proxy does, until either is closed."""
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
