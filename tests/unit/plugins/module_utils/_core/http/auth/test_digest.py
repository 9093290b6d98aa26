# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP Digest: how many requests it takes, and what becomes of a key that is refused."""

from __future__ import annotations

import hashlib

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.auth.digest import DigestAuth
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.response import Response
from ansible_collections.saasops.jobs.tests.unit.support.auth_flows import Authentication
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply
from ansible_collections.saasops.jobs.tests.unit.support.one_endpoint import LOOK, OK, connect
from requests.utils import parse_dict_header

MD5 = 'Digest realm="r", domain="", nonce="n1", algorithm=MD5, qop="auth", stale=false'


def refused(challenge=MD5, **body):
    return Reply(401, body or {"code": "NO"}, WWW_Authenticate=challenge)


def authorization(request):
    return parse_dict_header(request.headers["Authorization"][len("Digest ") :])


def test_nonce_is_reused_by_later_requests():
    with FakeService(Call("GET /look", refused()), *[Call("GET /look", OK)] * 3) as fake:
        service = connect(DigestAuth("u", "p"))
        for _number in range(3):
            service.call(LOOK)
    assert "Authorization" not in fake.seen[0][0].headers
    sent = [authorization(request) for request, _kwargs in fake.seen[1:]]
    assert [each["nc"] for each in sent] == ["00000001", "00000002", "00000003"]
    assert {each["nonce"] for each in sent} == {"n1"}
    assert len({each["cnonce"] for each in sent}) == 3
    assert {each["uri"] for each in sent} == {"/look"}


def test_wrong_key_costs_two_requests_and_is_not_tried_again():
    with FakeService(Call("GET /look", refused()), Call("GET /look", refused())):
        service = connect(DigestAuth("u", "p"))
        for _number in range(2):
            with pytest.raises(errors.ServiceError, match="HTTP 401, NO") as caught:
                service.call(LOOK)
            assert caught.value.aborts_task


def test_failure_of_the_service_does_not_accept_the_key():
    calls = [Reply(503), refused(), refused()]
    with FakeService(*[Call("GET /look", reply) for reply in calls]):
        service = connect(DigestAuth("u", "p"))
        for _number in range(3):
            with pytest.raises(errors.ServiceError):
                service.call(LOOK)


def test_stale_nonce_is_renewed():
    stale = refused(MD5.replace("n1", "n2").replace("stale=false", "stale=true"))
    calls = [refused(), OK, stale, OK, OK]
    with FakeService(*[Call("GET /look", reply) for reply in calls]) as fake:
        service = connect(DigestAuth("u", "p"))
        for _number in range(3):
            service.call(LOOK)
    nonces = [(authorization(request)["nonce"], authorization(request)["nc"]) for request, _kwargs in fake.seen[1:]]
    assert nonces == [("n1", "00000001"), ("n1", "00000002"), ("n2", "00000001"), ("n2", "00000002")]


def test_worn_out_nonce_is_renewed_even_if_the_service_does_not_call_it_stale():
    calls = [refused(), OK, refused(MD5.replace("n1", "n2")), OK]
    with FakeService(*[Call("GET /look", reply) for reply in calls]):
        service = connect(DigestAuth("u", "p"))
        service.call(LOOK)
        service.call(LOOK)


def test_new_nonce_is_not_shared_before_the_service_has_accepted_it():
    auth = DigestAuth("u", "p")
    challenge = Response(401, {"WWW-Authenticate": MD5}, b"")
    first = Authentication(auth).receive(challenge)
    assert authorization(first.request)["nonce"] == "n1"
    assert "Authorization" not in Authentication(auth).request.headers
    first.receive(Response(200, {}, b"{}"))
    assert not first.is_refused
    assert authorization(Authentication(auth).request)["nonce"] == "n1"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_new_nonce_is_not_shared_after_a_response_that_did_not_check_it(status):
    auth = DigestAuth("u", "p")
    first = Authentication(auth).receive(Response(401, {"WWW-Authenticate": MD5}, b""))
    first.receive(Response(status, {}, b"{}"))
    assert first.is_over
    assert "Authorization" not in Authentication(auth).request.headers


def test_request_that_is_refused_with_a_new_nonce_fails_without_a_loop():
    calls = [refused(), OK, refused(MD5.replace("n1", "n2")), refused(MD5.replace("n1", "n3"))]
    with FakeService(*[Call("GET /look", reply) for reply in calls]):
        service = connect(DigestAuth("u", "p"))
        service.call(LOOK)
        with pytest.raises(errors.ServiceError):
            service.call(LOOK)


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
def test_best_challenge_is_answered(header, algorithm):
    with FakeService(Call("GET /look", refused(header)), Call("GET /look", OK)) as fake:
        connect(DigestAuth("u", "p")).call(LOOK)
    sent = authorization(fake.seen[1][0])
    assert sent.get("algorithm") == algorithm
    assert sent["qop"] == "auth"
    assert len(sent["response"]) == (64 if algorithm == "SHA-256" else 32)


@pytest.mark.parametrize(
    "header, named",
    [
        ("", "no key was sent"),
        ("Basic realm=x", "requests Basic authentication instead of Digest"),
        ('Digest realm="r"', "Digest authentication without a nonce"),
        (
            MD5.replace('"auth"', '"auth-int"'),
            "Digest authentication with qop auth-int, which this collection does not support",
        ),
        (MD5.replace("MD5", "swordfish"), r"Digest authentication with algorithm \(hidden\), which"),
    ],
)
def test_error_names_the_challenge_that_cannot_be_answered_instead_of_the_key(header, named):
    with FakeService(Call("GET /look", refused(header))):
        service = connect(DigestAuth("u", "p"))
        service.registry.keep("swordfish")
        for _number in range(2):
            with pytest.raises(errors.ServiceError, match=named) as caught:
                service.call(LOOK)
            assert caught.value.aborts_task
            assert "check the key" not in str(caught.value)


@pytest.mark.parametrize("header", [MD5.replace("n1", "n2"), ""])
def test_error_has_the_usual_hint_if_the_key_is_refused(header):
    calls = [Call("GET /look", refused()), Call("GET /look", refused(header))]
    with FakeService(*calls), pytest.raises(errors.ServiceError, match="check the key$"):
        connect(DigestAuth("u", "p")).call(LOOK)


def test_error_names_the_challenge_if_the_service_asks_for_something_else_later():
    calls = [refused(), OK, refused(MD5.replace('"auth"', '"auth-int"'))]
    with FakeService(*[Call("GET /look", reply) for reply in calls]):
        service = connect(DigestAuth("u", "p"))
        service.call(LOOK)
        with pytest.raises(errors.ServiceError, match="qop auth-int"):
            service.call(LOOK)


def test_digest_covers_path_and_query_as_they_are_sent():
    target = "GET /look?a=b+%C3%A4"
    with FakeService(Call(target, refused()), Call(target, OK)) as fake:
        connect(DigestAuth("u", "p")).call(LOOK, query={"a": "b \u00e4"})
    sent = authorization(fake.seen[1][0])

    def digest(*parts):
        return hashlib.md5(":".join(parts).encode()).hexdigest()

    assert sent["uri"] == "/look?a=b+%C3%A4"
    proof = digest(digest("u", "r", "p"), "n1", sent["nc"], sent["cnonce"], "auth", digest("GET", sent["uri"]))
    assert sent["response"] == proof
