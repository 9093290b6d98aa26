# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cookies over real connections: a load balancer gets its own cookies back, and nobody else does."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http import client, endpoint
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.auth.cookies import Cookies
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.auth.digest import DigestAuth
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.response import Response
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Effect
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.tests.unit.support.auth_flows import Authentication
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock
from requests.cookies import create_cookie

GET = endpoint.Endpoint("look", "GET", "/api/look", Effect.READ)
CHALLENGE = 'Digest realm="r", nonce="n{}", qop="auth"'


class Server(ThreadingHTTPServer):
    """Answers with the listed (status, list of headers, body), and keeps the cookies of each request."""

    daemon_threads = True

    def __init__(self, *answers):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = list(answers)
        self.cookies = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *details):
        self.shutdown()
        self._thread.join()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.cookies.append(self.headers.get("Cookie"))
        status, headers, body = self.server.answers.pop(0)
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *arguments):
        pass


def refused(number, *cookies, body=b"{}"):
    headers = [("WWW-Authenticate", CHALLENGE.format(number)), *(("Set-Cookie", cookie) for cookie in cookies)]
    return 401, headers, body


OK = (200, [], b"{}")


def connect(url):
    profile = endpoint.ServiceProfile("S", {}, lambda response: None, lambda status, code: "")
    settings = HttpSettings(retries=0)
    return client.Client(profile, url, DigestAuth("u", "p"), settings, TaskContext(clock=StillClock()))


@pytest.mark.parametrize(
    "cookies, sent",
    [
        ([], None),
        (["a=b"], "a=b"),
        (["a=b; Path=/; HttpOnly; SameSite=None; Expires=Fri, 01 Jan 2038 00:00:00 GMT", "c=d"], "c=d; a=b"),
        (['a="b c"; Path=/api'], 'a="b c"'),
        (["a=b; Path=/elsewhere"], None),
        (["a=b; Secure"], None),
        (["a=b; Domain=example.net"], None),
        (["a=b; Max-Age=0"], None),
        (["=", ";", "a=b"], "a=b"),
    ],
)
def test_cookie_that_came_with_a_nonce_is_sent_with_it(cookies, sent):
    with Server(refused(1, *cookies), OK, OK) as server:
        service = connect(server.url)
        for _number in range(2):
            service.call(GET)
    assert server.cookies == [None, sent, sent]


def test_cookie_is_kept_if_the_load_balancer_does_not_repeat_it():
    answers = [refused(1, "a=b", "c=d"), OK, refused(2), OK, refused(3, "a=e"), OK]
    with Server(*answers) as server:
        service = connect(server.url)
        for _number in range(3):
            service.call(GET)
    kept, renewed = ["a=b", "c=d"], ["a=e", "c=d"]
    assert [sorted(cookie.split("; ")) if cookie else [] for cookie in server.cookies] == [
        [],
        kept,
        kept,
        kept,
        kept,
        renewed,
    ]


def test_cookie_of_an_accepted_request_is_not_kept():
    with Server(refused(1), (200, [("Set-Cookie", "a=b")], b"{}"), OK) as server:
        service = connect(server.url)
        for _number in range(2):
            service.call(GET)
    assert server.cookies == [None, None, None]


def test_cookie_does_not_outlive_its_task():
    with Server(refused(1, "a=b"), OK, refused(2), OK) as server:
        for _number in range(2):
            connect(server.url).call(GET)
    assert server.cookies == [None, "a=b", None, None]


@pytest.mark.parametrize("scheme, name, shift", [("http", "127.0.0.1", 1), ("https", "127.0.0.1", 0), ("http", "b", 0)])
def test_another_origin_gets_no_cookie(scheme, name, shift):
    url = "http://127.0.0.1:8080/"
    challenge = {"WWW-Authenticate": CHALLENGE.format(1)}
    refusal = Response(401, challenge, b"", cookies=Cookies(url, [create_cookie("a", "b", domain="127.0.0.1")]))
    authentication = Authentication(DigestAuth("u", "p"), url).receive(refusal)
    assert authentication.request.headers["Cookie"] == "a=b"
    assert "Cookie" not in authentication.signed(f"{scheme}://{name}:{8080 + shift}/").headers


def test_cookie_is_hidden_if_a_message_repeats_it():
    secret = "c0ffee-0123456789"
    answers = [refused(1, f"a={secret}", "b=1"), (500, [], f"no 1 {secret}".encode())]
    with Server(*answers) as server, pytest.raises(errors.ServiceError) as caught:
        connect(server.url).call(GET)
    assert "no 1 (hidden)" in str(caught.value)
    assert secret not in str(caught.value.as_dict())


def test_cookie_is_hidden_if_the_response_that_sets_it_repeats_it():
    secret = "c0ffee-0123456789"
    response = (401, [("Set-Cookie", f"a={secret}"), ("WWW-Authenticate", "Basic")], f"no {secret}".encode())
    with Server(response) as server, pytest.raises(errors.ServiceError, match=r"no \(hidden\)") as caught:
        connect(server.url).call(GET)
    assert secret not in str(caught.value.as_dict())
