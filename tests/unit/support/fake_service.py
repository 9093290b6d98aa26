# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service in the form of a requests adapter: it knows the exact calls that must come, in order."""

from __future__ import annotations

import io
import json
from urllib.parse import parse_qsl, urlsplit

import pytest
import urllib3
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import Clock
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.adapter import connections
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.adapter.progress import current
from requests.adapters import HTTPAdapter


class Reply:
    """What comes back for one call.

    :param body: bytes, text, or anything else as JSON; None for an empty body.
    :param length: Content-Length, if it is to differ from the body's.
    """

    def __init__(self, status=200, body=None, length=None, **headers):
        if body is None:
            raw = b""
        elif isinstance(body, bytes):
            raw = body
        elif isinstance(body, str):
            raw = body.encode()
        else:
            raw = json.dumps(body).encode()
        self.status = status
        self.raw = raw
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.headers["Content-Length"] = str(len(raw) if length is None else length)


class NotSent:
    """A failure before anything of a request has left.

    :param cause: the exception of the requests library.
    """

    def __init__(self, cause):
        self.cause = cause


class Call:
    """A call that must come.

    :param expected: "METHOD /path" or "METHOD /path?query", query parameters in any order.
    :param then: a Reply, an exception to raise once the request has left, a NotSent, or a function that returns or
        raises one of these.
    :param body: what must be sent: a dictionary for JSON, or text; None for nothing.
    :param headers: headers that must be there, with their values; None for one that must not be.
    """

    def __init__(self, expected, then=None, body=None, **headers):
        self.body = body
        self.method, _blank, target = expected.partition(" ")
        parts = urlsplit(target)
        self.path = parts.path
        self.query = sorted(parse_qsl(parts.query))
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.then = then or Reply()


class FakeService(HTTPAdapter):
    """Answers the listed calls; another one, or one too few, fails the test.

    A context manager that puts itself under every session made meanwhile.
    """

    def __init__(self, *calls):
        super().__init__()
        # Its own, as undo() takes back all that was patched with one, the checks of plans among them.
        self._patch = pytest.MonkeyPatch()
        self._left = list(calls)
        self.seen = []

    def __enter__(self):
        self._patch.setattr(connections, "TrackingAdapter", lambda **_options: self)
        return self

    def __exit__(self, kind, *_details):
        self._patch.undo()
        if kind is None:
            assert not self._left, f"these calls did not come: {[(c.method, c.path) for c in self._left]}"

    def send(self, request, **kwargs):
        parts = urlsplit(request.url)
        query = sorted(parse_qsl(parts.query))
        self.seen.append((request, kwargs))
        assert self._left, f"one call too many: {request.method} {request.url}"
        call = self._left.pop(0)
        assert (request.method, parts.path, query) == (call.method, call.path, call.query)
        for name, value in call.headers.items():
            assert request.headers.get(name) == value
        sent = json.loads(request.body) if isinstance(call.body, dict) else request.body
        assert sent == call.body
        reply = call.then() if callable(call.then) else call.then
        if isinstance(reply, NotSent):
            raise reply.cause
        current.progress.begun = True
        if isinstance(reply, Exception):
            raise reply
        return self.build_response(
            request,
            urllib3.HTTPResponse(
                io.BytesIO(reply.raw), headers=reply.headers, status=reply.status, preload_content=False
            ),
        )


class StillClock(Clock):
    """Time that passes only when somebody sleeps."""

    def __init__(self):
        self.time = 1000.0
        self.naps = []

    def now(self):
        return self.time

    def wall(self):
        return 1_790_000_000.0 + self.time

    def sleep(self, seconds):
        self.naps.append(seconds)
        self.time += seconds
