# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server between a client and the sandbox that changes one answer on its way, and what it can change there."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

# {name: JSON as text}, as some of it is nothing that Python would write.
VALUES = {
    "null": "null",
    "empty": '""',
    "blank": '" "',
    "zero": "0",
    "minus-one": "-1",
    "half": "0.5",
    "infinite": "1e400",
    "400-digits": "9" * 400,
    "17-digits": "9" * 17,
    "true": "true",
    "false": "false",
    "list": "[]",
    "object": "{}",
    "list-of-text": '["x"]',
    "list-of-null": "[null]",
    "list-of-lists": "[[]]",
    "list-of-objects": "[{}]",
    "object-of-number": '{"a": 1}',
    "text": '"x"',
    "parent": '".."',
    "slash": '"a/b"',
    "query": '"a?b=c#d"',
    "percent": '"%2e%2e%2f"',
    "surrogate": '"\\ud83c"',
    "escape": '"\\u001b[31mfatal: x\\r\\n"',
    "null-byte": '"a\\u0000b"',
    "superscript": '"\\u00b2"',
    "100-kb": '"' + "x" * 100_000 + '"',
    "marker": '{"__ansible_type": "x"}',
    "last-moment": '"9999-12-31T23:59:59-23:59"',
    "first-moment": '"0001-01-01T00:00:00+23:59"',
    "deep": "[" * 60 + "]" * 60,
    "too-deep": "[" * 5000 + "]" * 5000,
}
_REMOVED, _DOUBLED = "removed", "doubled"
# Fields of so many items of a list are changed.
_ITEMS = 2
_HERE = "here-comes-the-value"


def places(data: Any, place: tuple = ()) -> Iterator[tuple]:
    """The way to every value in JSON, as keys and positions; the first is the whole, ()."""
    yield place
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*place, key))
    elif isinstance(data, list):
        for position, value in enumerate(data[:_ITEMS]):
            yield from places(value, (*place, position))


def names(data: Any, place: tuple) -> list[str]:
    """The names of the changes that a value can undergo."""
    value = _value(data, place)
    doubled = [_DOUBLED] if isinstance(value, list) and value else []
    return [*VALUES, *([_REMOVED] if place else []), *doubled]


def mutated(body: bytes, place: tuple, name: str) -> bytes:
    """JSON with one value changed."""
    if not place and name in VALUES:
        return VALUES[name].encode()
    data = json.loads(body)
    if name == _DOUBLED:
        value = _value(data, place)
        value.extend(list(value))
        return json.dumps(data).encode()
    within = _value(data, place[:-1])
    if name == _REMOVED:
        del within[place[-1]]
        return json.dumps(data).encode()
    within[place[-1]] = _HERE
    return json.dumps(data).replace(f'"{_HERE}"', VALUES[name]).encode()


def _value(data: Any, place: tuple) -> Any:
    for step in place:
        data = data[step]
    return data


class MutatingServer:
    """Passes on what it is asked to a sandbox, one request at a time; a context manager.

    `bodies` holds the bodies of all answers since start().

    :param url: the sandbox's address.
    """

    def __init__(self, url: str) -> None:
        self._backend = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        self._turn = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.start()

    def __enter__(self) -> MutatingServer:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_details: Any) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._backend.close()

    def start(self, position: int | None = None, change: Callable[[bytes], bytes] | None = None) -> None:
        """Forgets what was, and changes the body of one answer from now on.

        :param position: which one, from 0.
        """
        self.bodies: list[bytes] = []
        self._position = position
        self._change = change

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """The status, headers and body that the client gets."""
        with self._turn:
            self._backend.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                self._backend.putheader(name, value)
            self._backend.endheaders(body)
            response = self._backend.getresponse()
            data = response.read()
            is_chosen = len(self.bodies) == self._position
            self.bodies.append(data)
        if is_chosen and self._change is not None:
            data = self._change(data)
        dropped = ("content-length", "transfer-encoding", "connection")
        kept = [(name, value) for name, value in response.getheaders() if name.lower() not in dropped]
        return response.status, [*kept, ("Content-Length", str(len(data)))], data


def _handler(server: MutatingServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:
                self.close_connection = True

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, data = server.answer(self.command, self.path, self.headers, body)
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass_on

        def log_message(self, *_arguments: Any) -> None:
            pass

    return Handler
