# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import hashlib

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http import client, endpoint
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.auth import flows
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Effect
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply, StillClock
from requests import Request
from requests.utils import parse_dict_header

GET = endpoint.Endpoint("look", "GET", "/look", Effect.READ)
OK = Reply(200, {})
MD5 = 'Digest realm="r", domain="", nonce="n1", algorithm=MD5, qop="auth", stale=false'


def refused(challenge=MD5, **body):
    return Reply(401, body or {"code": "NO"}, WWW_Authenticate=challenge)


def connect(credentials):
    profile = endpoint.Profile("S", {}, lambda response: ("NO", "no", None) if response.status == 401 else None, _hint)
    settings = HttpSettings(retries=0)
    return client.Client(profile, "http://127.0.0.1:9", credentials, settings, TaskContext(clock=StillClock()))


def _hint(status, code):
    return "check the key"


def authorization(request):
    return parse_dict_header(request.headers["Authorization"][len("Digest ") :])


def test_digest_reuses_the_nonce(monkeypatch):
    with FakeService(monkeypatch, Call("GET /look", refused()), *[Call("GET /look", OK)] * 3) as fake:
        service = connect(flows.DigestAuth("u", "p"))
        for _number in range(3):
            service.call(GET)
    assert "Authorization" not in fake.seen[0][0].headers
    sent = [authorization(request) for request, _kwargs in fake.seen[1:]]
    assert [each["nc"] for each in sent] == ["00000001", "00000002", "00000003"]
    assert {each["nonce"] for each in sent} == {"n1"}
    assert len({each["cnonce"] for each in sent}) == 3
    assert {each["uri"] for each in sent} == {"/look"}


def test_a_wrong_key_costs_two_requests_and_is_not_tried_again(monkeypatch):
    with FakeService(monkeypatch, Call("GET /look", refused()), Call("GET /look", refused())):
        service = connect(flows.DigestAuth("u", "p"))
        for _number in range(2):
            with pytest.raises(errors.ServiceError, match="HTTP 401, NO") as caught:
                service.call(GET)
            assert caught.value.aborts_task


def test_trouble_before_the_first_answer_accepts_no_key(monkeypatch):
    calls = [Reply(503), refused(), refused()]
    with FakeService(monkeypatch, *[Call("GET /look", reply) for reply in calls]):
        service = connect(flows.DigestAuth("u", "p"))
        for _number in range(3):
            with pytest.raises(errors.ServiceError):
                service.call(GET)


def test_a_stale_nonce_is_renewed(monkeypatch):
    stale = refused(MD5.replace("n1", "n2").replace("stale=false", "stale=true"))
    calls = [refused(), OK, stale, OK, OK]
    with FakeService(monkeypatch, *[Call("GET /look", reply) for reply in calls]) as fake:
        service = connect(flows.DigestAuth("u", "p"))
        for _number in range(3):
            service.call(GET)
    nonces = [(authorization(request)["nonce"], authorization(request)["nc"]) for request, _kwargs in fake.seen[1:]]
    assert nonces == [("n1", "00000001"), ("n1", "00000002"), ("n2", "00000001"), ("n2", "00000002")]


def test_a_worn_out_nonce_is_renewed_even_if_the_service_does_not_call_it_stale(monkeypatch):
    calls = [refused(), OK, refused(MD5.replace("n1", "n2")), OK]
    with FakeService(monkeypatch, *[Call("GET /look", reply) for reply in calls]):
        service = connect(flows.DigestAuth("u", "p"))
        service.call(GET)
        service.call(GET)


def test_a_new_nonce_is_not_shared_before_it_was_accepted():
    credentials = flows.DigestAuth("u", "p")
    challenge = client.Response(401, {"WWW-Authenticate": MD5}, b"")
    fresh = credentials.renew(challenge, None)
    request = Request("GET", "http://127.0.0.1/").prepare()
    assert credentials.sign(request, None) is None
    assert credentials.sign(request, fresh) is fresh
    assert credentials.sign(request, None) is None
    credentials.accept(fresh)
    assert credentials.sign(request, None) is fresh


def test_a_missing_role_is_an_error_and_not_a_loop(monkeypatch):
    calls = [refused(), OK, refused(MD5.replace("n1", "n2")), refused(MD5.replace("n1", "n3"))]
    with FakeService(monkeypatch, *[Call("GET /look", reply) for reply in calls]):
        service = connect(flows.DigestAuth("u", "p"))
        service.call(GET)
        with pytest.raises(errors.ServiceError):
            service.call(GET)


@pytest.mark.parametrize(
    "header, algorithm",
    [
        (MD5, "MD5"),
        (MD5.replace("algorithm=MD5, ", ""), None),
        (MD5.replace("MD5", "SHA-256"), "SHA-256"),
        (MD5.replace('qop="auth"', 'qop="auth-int, auth"'), "MD5"),
        (f'Basic realm="r", {MD5}', "MD5"),
        (f"{MD5}, {MD5.replace('MD5', 'SHA-256')}", "SHA-256"),
        (f"{MD5.replace('MD5', 'SHA-256')}, {MD5}", "SHA-256"),
        (f"{MD5.replace('MD5', 'WHIRLPOOL')}, {MD5}", "MD5"),
    ],
)
def test_the_best_challenge_is_answered(monkeypatch, header, algorithm):
    with FakeService(monkeypatch, Call("GET /look", refused(header)), Call("GET /look", OK)) as fake:
        connect(flows.DigestAuth("u", "p")).call(GET)
    sent = authorization(fake.seen[1][0])
    assert sent.get("algorithm") == algorithm
    assert sent["qop"] == "auth"
    assert len(sent["response"]) == (64 if algorithm == "SHA-256" else 32)


@pytest.mark.parametrize(
    "header, named",
    [
        ("", "no key was sent"),
        ("Basic realm=x", "asks for Basic, and not for Digest"),
        ('Digest realm="r"', "Digest without a nonce"),
        (MD5.replace('"auth"', '"auth-int"'), "Digest with qop auth-int, which this collection does not support"),
        (MD5.replace("MD5", "swordfish"), r"Digest with algorithm \(hidden\), which"),
    ],
)
def test_a_challenge_that_cannot_be_answered_is_named_instead_of_the_key(monkeypatch, header, named):
    with FakeService(monkeypatch, Call("GET /look", refused(header))):
        service = connect(flows.DigestAuth("u", "p"))
        service.registry.keep("swordfish")
        for _number in range(2):
            with pytest.raises(errors.ServiceError, match=named) as caught:
                service.call(GET)
            assert caught.value.aborts_task
            assert "check the key" not in str(caught.value)


@pytest.mark.parametrize("header", [MD5.replace("n1", "n2"), ""])
def test_a_key_that_is_refused_gets_the_usual_advice(monkeypatch, header):
    calls = [Call("GET /look", refused()), Call("GET /look", refused(header))]
    with FakeService(monkeypatch, *calls), pytest.raises(errors.ServiceError, match="check the key$"):
        connect(flows.DigestAuth("u", "p")).call(GET)


def test_a_service_that_asks_for_something_else_later_is_understood(monkeypatch):
    calls = [refused(), OK, refused(MD5.replace('"auth"', '"auth-int"'))]
    with FakeService(monkeypatch, *[Call("GET /look", reply) for reply in calls]):
        service = connect(flows.DigestAuth("u", "p"))
        service.call(GET)
        with pytest.raises(errors.ServiceError, match="qop auth-int"):
            service.call(GET)


def test_the_digest_is_of_the_path_and_the_query_as_they_are_sent(monkeypatch):
    target = "GET /look?a=b+%C3%A4"
    with FakeService(monkeypatch, Call(target, refused()), Call(target, OK)) as fake:
        connect(flows.DigestAuth("u", "p")).call(GET, query={"a": "b \u00e4"})
    sent = authorization(fake.seen[1][0])

    def digest(*parts):
        return hashlib.md5(":".join(parts).encode()).hexdigest()

    assert sent["uri"] == "/look?a=b+%C3%A4"
    proof = digest(digest("u", "r", "p"), "n1", sent["nc"], sent["cnonce"], "auth", digest("GET", sent["uri"]))
    assert sent["response"] == proof


def is_bad(response):
    return response.status == 400


def test_a_query_token_is_fetched_once_and_renewed_when_it_has_ended(monkeypatch):
    tokens = iter(["t1", "t2"])
    calls = [
        Call("GET /look?token=t1", OK),
        Call("GET /look?token=t1", Reply(400)),
        Call("GET /look?token=t2", OK),
        Call("GET /look?token=t2", OK),
    ]
    with FakeService(monkeypatch, *calls):
        service = connect(flows.QueryTokenAuth("token", None, lambda: next(tokens), is_bad))
        for _number in range(3):
            service.call(GET)


def test_a_given_query_token_cannot_be_renewed(monkeypatch):
    with FakeService(monkeypatch, Call("GET /look?token=t", Reply(400))):
        service = connect(flows.QueryTokenAuth("token", "t", None, is_bad))
        for _number in range(2):
            with pytest.raises(errors.ServiceError):
                service.call(GET)


def test_a_failed_sign_in_is_not_tried_for_every_request(monkeypatch):
    tries = []

    def fetch():
        tries.append(1)
        raise errors.ServiceError("wrong password", 400, "LOGIN_INVALID", "m", None, "GET", "/login")

    with FakeService(monkeypatch):
        service = connect(flows.QueryTokenAuth("token", None, fetch, is_bad))
        for _number in range(3):
            with pytest.raises(errors.ServiceError, match="wrong password") as caught:
                service.call(GET)
            assert caught.value.aborts_task
    assert len(tries) == 1


class Token(flows.TokenAuth):
    """A token that a function fetches."""

    def attach(self, request, token):
        request.headers["X-Token"] = token


@pytest.mark.parametrize("is_transient, fetched", [(False, 2), (True, 3)])
def test_a_token_that_is_refused_is_not_asked_for_by_each_thread(is_transient, fetched):
    """Two threads were refused with the same token; the service locks accounts that are tried too often."""
    calls = []

    def fetch():
        calls.append(1)
        if len(calls) > 1:
            error = errors.JobsError("no")
            error.is_transient = is_transient
            raise error
        return "t1"

    token = Token(None, fetch, lambda response: True)
    tickets = [token.sign(Request("GET", "http://a/").prepare(), None) for _number in range(2)]
    for credential in tickets:
        with pytest.raises(errors.JobsError):
            token.renew(None, credential)
    assert len(calls) == fetched
