# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib
import html
import itertools
import socket
import ssl
from dataclasses import replace

import pytest
import requests
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http import client
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.auth.flow import NoAuth
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.auth.header import HeaderAuth
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.auth.token import QueryTokenAuth
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.endpoint import Endpoint, ServiceProfile
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.limits.rate_limit import RateLimit
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import POLICY, Effect, Outcome, Verdict
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import (
    Call,
    FakeService,
    NotSent,
    Reply,
    StillClock,
)

SECRET = "s3cr3t/with+odd=signs"
READ = Endpoint("show thing {thing_id}", "GET", "/things/{thing_id}", Effect.READ)
# A GET that changes something, like those of cielo24.
CHANGE = Endpoint("delete thing {thing_id}", "GET", "/delete/{thing_id}", Effect.CHANGE)


def read_error(response):
    body = response.json_object()
    return (body["code"], body.get("text"), body.get("request")) if "code" in body else None


def hint(status, code):
    return "Do this." if code == "ADVISED" else ""


PROFILE = ServiceProfile("Things", {"X-Kind": "thing"}, read_error, hint, ("NOT_NOW",), address_option="base_url")


def connect(auth=None, retries=2, context=None, url="http://127.0.0.1:9", profile=PROFILE, **settings):
    context = context or TaskContext(clock=StillClock())
    settings = HttpSettings(retries=retries, **settings)
    made = client.Client(profile, url, auth or NoAuth(), settings, context)
    made.registry.keep(SECRET)
    return made, context.clock


def not_sent(cause):
    return NotSent(requests.exceptions.ConnectionError(cause))


# A reply that leads to each outcome of the policy.
LEADS_TO = {
    Outcome.NOT_CONNECTED: not_sent(ConnectionRefusedError(111, "Connection refused")),
    Outcome.RESET_BEFORE_SENDING: not_sent(ConnectionResetError(104, "Connection reset by peer")),
    Outcome.RESET_AFTER_SENDING: requests.exceptions.ConnectionError(ConnectionResetError(104, "reset")),
    Outcome.READ_TIMEOUT: requests.exceptions.ReadTimeout(),
    Outcome.TRUNCATED: Reply(404, b'{"code": "GO', length=40),
    Outcome.NOT_THE_SERVICE: Reply(200, "<html><title>Please log in</title></html>", Content_Type="text/html"),
    Outcome.UNTRUSTED: not_sent(ssl.SSLCertVerificationError(1, "certificate verify failed")),
    Outcome.SERVICE_TRANSIENT: Reply(405, {"code": "NOT_NOW"}),
    Outcome.HTTP_408: Reply(408),
    Outcome.HTTP_429: Reply(429),
    Outcome.HTTP_500: Reply(500, {"code": "OOPS"}),
    Outcome.HTTP_502: Reply(502, "<html></html>"),
    Outcome.HTTP_503: Reply(503, "The requested service is unavailable."),
    Outcome.HTTP_504: Reply(504),
    Outcome.GATEWAY_ERROR: Reply(524, "<html></html>"),
    Outcome.FINAL: Reply(404, {"code": "GONE"}),
}


@pytest.mark.parametrize("outcome, effect", list(itertools.product(Outcome, Effect)))
def test_every_outcome_has_the_consequence_that_the_policy_names(outcome, effect):
    endpoint = READ if effect is Effect.READ else CHANGE
    expected = f"GET {endpoint.path.format(thing_id=1)}"
    verdict = POLICY[effect, outcome]
    calls = [Call(expected, LEADS_TO[outcome])]
    if verdict is Verdict.RETRY:
        calls.append(Call(expected, Reply(200, {"id": 1})))
    with FakeService(*calls):
        things, _clock = connect()
        if verdict is Verdict.RETRY:
            assert things.call(endpoint, path_params={"thing_id": 1}).data == {"id": 1}
        elif verdict is Verdict.OBSERVE:
            with pytest.raises(errors.OutcomeUnknown):
                things.call(endpoint, path_params={"thing_id": 1})
        else:
            with pytest.raises(errors.RequestFailed):
                things.call(endpoint, path_params={"thing_id": 1})


def test_last_error_is_raised_when_the_retries_are_used_up():
    calls = [Call("GET /things/1", Reply(503, {"code": "BUSY", "text": f"try {number}"})) for number in range(3)]
    with FakeService(*calls):
        things, clock = connect(retries=2)
        with pytest.raises(errors.ServiceError) as caught:
            things.call(READ, path_params={"thing_id": 1})
    assert caught.value.message == "try 2"
    assert len(clock.naps) == 2


def test_request_is_sent_once_without_retries():
    with FakeService(Call("GET /things/1", Reply(429, Retry_After="1"))):
        things, clock = connect(retries=0)
        with pytest.raises(errors.ServiceError):
            things.call(READ, path_params={"thing_id": 1})


def test_retry_waits_as_long_as_the_service_asks():
    with FakeService(Call("GET /things/1", Reply(429, Retry_After="9")), Call("GET /things/1", Reply(200, {}))):
        things, clock = connect()
        things.call(READ, path_params={"thing_id": 1})
    assert 9 <= clock.now() - 1000 <= 9.6


def test_attempts_together_have_a_deadline():
    calls = [Call("GET /things/1", Reply(503, Retry_After="60")) for _number in range(5)]
    with FakeService(*calls):
        things, clock = connect(retries=50)
        with pytest.raises(errors.ServiceError):
            things.call(READ, path_params={"thing_id": 1})
    assert clock.now() - 1000 <= 300


def test_wait_that_the_service_asks_for_holds_the_observation_after_a_change_in_doubt():
    calls = [Call("GET /delete/1", Reply(503, Retry_After="9")), Call("GET /things/1", Reply(200, {}))]
    with FakeService(*calls):
        things, clock = connect()
        with pytest.raises(errors.OutcomeUnknown):
            things.call(CHANGE, path_params={"thing_id": 1})
        things.call(READ, path_params={"thing_id": 1})
    assert clock.now() - 1000 >= 9


def test_changes_that_an_overloaded_service_refuses_one_by_one_are_spread_for_as_long_as_retries_allow():
    with FakeService(*[Call("GET /delete/1", Reply(503)) for _number in range(5)]):
        things, clock = connect(retries=2)
        naps = []
        for _number in range(5):
            with pytest.raises(errors.OutcomeUnknown):
                things.call(CHANGE, path_params={"thing_id": 1})
            naps.append(len(clock.naps))
    assert naps == [0, 1, 2, 2, 2]


def test_429_slows_every_later_call():
    calls = [Call("GET /things/1", Reply(429, Retry_After="9")), Call("GET /things/2", Reply(200, {}))]
    with FakeService(*calls):
        things, clock = connect(retries=0)
        with pytest.raises(errors.ServiceError):
            things.call(READ, path_params={"thing_id": 1})
        things.call(READ, path_params={"thing_id": 2})
    assert clock.now() - 1000 >= 9


def test_error_in_the_form_of_the_service_is_shown_with_all_its_parts():
    body = {"code": "ADVISED", "text": f"no {SECRET} here", "request": "r-7"}
    with FakeService(Call("GET /things/a%20b?api_token=t", Reply(409, body))):
        things, _clock = connect(QueryTokenAuth("api_token", "t", None, lambda response: False))
        with pytest.raises(errors.ServiceError) as caught:
            things.call(READ, path_params={"thing_id": "a b"})
    assert str(caught.value) == (
        "Things did not show thing a b: no (hidden) here (HTTP 409, ADVISED, request r-7). Do this."
    )
    assert caught.value.as_dict() == {
        "status": 409,
        "code": "ADVISED",
        "message": "no (hidden) here",
        "request_id": "r-7",
        "method": "GET",
        "path": "/things/a%20b",
    }


@pytest.mark.parametrize(
    "reply, words",
    [
        (Reply(400, "<html><head><title>Bad\n  gateway</title>"), "it answered with an HTML page (Bad gateway)"),
        (Reply(400, "<html>"), "it answered with an HTML page"),
        (Reply(400, "No  such\nthing."), "No such thing"),
        (Reply(400, "x" * 999), "x" * 297),
        (Reply(400), "the response was empty"),
        (Reply(400, [1]), "the response is not in the form that the service documents"),
        (Reply(418, b"\xff\xfe"), "HTTP 418"),
    ],
)
def test_error_in_another_form_is_described(reply, words):
    with FakeService(Call("GET /things/1", reply)):
        things, _clock = connect()
        with pytest.raises(errors.ServiceError) as caught:
            things.call(READ, path_params={"thing_id": 1})
    assert words in str(caught.value)
    assert caught.value.code is None


def test_error_that_is_cut_off_says_so():
    with FakeService(Call("GET /things/1", Reply(400, "{", length=9))):
        things, _clock = connect(retries=0)
        with pytest.raises(errors.ServiceError, match="the response was truncated"):
            things.call(READ, path_params={"thing_id": 1})


@pytest.mark.parametrize("body", ["", "not JSON"])
def test_read_without_json_is_an_error(body):
    with FakeService(Call("GET /things/1", Reply(200, body))):
        things, _clock = connect()
        with pytest.raises(errors.ServiceError):
            things.call(READ, path_params={"thing_id": 1})


@pytest.mark.parametrize("reply", [Reply(204), Reply(200, "done"), Reply(200, {"id": 1}), Reply(200, "x", length=9)])
def test_change_succeeds_by_its_status_alone(reply):
    with FakeService(Call("GET /delete/1", reply)):
        things, _clock = connect()
        assert things.call(CHANGE, path_params={"thing_id": 1}).is_success


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_empty_success_is_not_an_html_page(status):
    with FakeService(Call("GET /delete/1", Reply(status, Content_Type="text/html"))):
        things, _clock = connect()
        assert things.call(CHANGE, path_params={"thing_id": 1}).is_success


def test_response_that_cannot_be_read_leaves_a_change_in_doubt():
    garbage = requests.exceptions.InvalidHeader("Content-Length contained multiple unmatching values")
    with FakeService(Call("GET /delete/1", garbage), Call("GET /things/1", garbage)):
        things, _clock = connect(retries=0)
        with pytest.raises(errors.OutcomeUnknown, match="could not be read"):
            things.call(CHANGE, path_params={"thing_id": 1})
        with pytest.raises(errors.NoResponse, match="could not be read"):
            things.call(READ, path_params={"thing_id": 1})


LONG = "MIIF" + "0123456789abcdef" * 60 + "  two blanks & <more>"


@pytest.mark.parametrize(
    "body", [f"denied for {LONG}", "x" * 250 + LONG, f"<html><title>no {LONG}</title>", f"no {html.escape(LONG)}"]
)
def test_message_shows_no_part_of_a_secret(body):
    with FakeService(Call("GET /things/1", Reply(403, body))):
        things, _clock = connect()
        things.registry.keep(LONG)
        with pytest.raises(errors.ServiceError) as caught:
            things.call(READ, path_params={"thing_id": 1})
    assert "MIIF" not in str(caught.value)
    assert "MIIF" not in str(caught.value.as_dict())


@pytest.mark.parametrize("location", ["http://[bad", "javascript:alert(1)"])
def test_redirect_to_an_invalid_url_is_an_error(location):
    with FakeService(Call("GET /things/1", Reply(302, Location=location))):
        things, _clock = connect()
        with pytest.raises(errors.ServiceError, match="redirects to another address, which is not followed"):
            things.call(READ, path_params={"thing_id": 1})


def test_json_with_a_byte_order_mark_is_read():
    with FakeService(Call("GET /things/1", Reply(200, b'\xef\xbb\xbf{"id": 1}'))):
        things, _clock = connect()
        assert things.call(READ, path_params={"thing_id": 1}).data == {"id": 1}


def test_json_that_is_nested_too_deeply_is_an_error():
    with FakeService(Call("GET /things/1", Reply(200, "[" * 100_000))):
        things, _clock = connect()
        with pytest.raises(errors.ServiceError):
            things.call(READ, path_params={"thing_id": 1})


def test_429_is_retried_more_often_than_a_fault():
    calls = [Call("GET /things/1", Reply(429)) for _number in range(4)]
    with FakeService(*calls, Call("GET /things/1", Reply(200, {}))):
        things, _clock = connect(retries=2)
        things.call(READ, path_params={"thing_id": 1})


def test_error_of_the_service_with_a_status_of_success_is_an_error():
    with FakeService(Call("GET /delete/1", Reply(200, {"code": "REFUSED"}))):
        things, _clock = connect()
        with pytest.raises(errors.ServiceError, match="REFUSED"):
            things.call(CHANGE, path_params={"thing_id": 1})


@pytest.mark.parametrize(
    "location", ["/elsewhere/1", "http://127.0.0.1:9/elsewhere/1", "https://127.0.0.1:9/elsewhere/1"]
)
def test_read_follows_a_redirect_to_the_same_host_with_its_own_query(location):
    calls = [
        Call("GET /things/1?a=b", Reply(301, Location=location + "?leaked=token")),
        Call("GET /elsewhere/1?a=b", Reply(200, {"id": 1}), X_Auth="t"),
    ]
    with FakeService(*calls):
        things, _clock = connect(HeaderAuth({"X-Auth": "t"}))
        assert things.call(READ, path_params={"thing_id": 1}, query={"a": "b"}).data == {"id": 1}


@pytest.mark.parametrize("location", ["http://192.0.2.1/things/1", "http://127.0.0.1:10/things/1", "//evil.example/"])
def test_read_does_not_follow_a_redirect_to_another_host(location):
    with FakeService(Call("GET /things/1", Reply(302, Location=location))):
        things, _clock = connect()
        with pytest.raises(errors.ServiceError, match="which is not followed"):
            things.call(READ, path_params={"thing_id": 1})


def test_body_of_a_redirect_is_not_shown():
    """It may repeat the URL, which may be a secret."""
    address = "https://elsewhere.example/x?signature=canary"
    service = FakeService(Call("GET /things/1", Reply(302, f"Redirecting to {address}", Location=address)))
    with service, pytest.raises(errors.ServiceError) as caught:
        connect()[0].call(READ, path_params={"thing_id": "1"})
    assert "canary" not in str(caught.value) + str(caught.value.as_dict())


def test_stream_follows_a_redirect_with_the_query_of_the_location():
    """Other requests keep their own query; archives have signed URLs."""
    archive = Endpoint("fetch", "GET", "/archive", Effect.READ, streams=True)
    moved = Reply(302, Location="http://127.0.0.1:9/signed?signature=x")
    with FakeService(Call("GET /archive", moved), Call("GET /signed?signature=x", Reply(200, b"abc"))):
        response = connect()[0].call(archive)
        assert b"".join(response.stream.pieces()) == b"abc"


TEXT = Endpoint("hand over the text", "GET", "/text", Effect.READ, is_text=True)


@pytest.mark.parametrize("body", ["plain", '"quoted"', "<tt>a</tt>", ""])
def test_text_may_hold_anything(body):
    with FakeService(Call("GET /text", Reply(200, body))):
        assert connect()[0].call(TEXT).content == body.encode()


@pytest.mark.parametrize("cut", [Reply(206, "the beginn"), Reply(200, "the beginn", length=40)])
def test_part_of_a_text_is_requested_again(cut):
    with FakeService(Call("GET /text", cut), Call("GET /text", Reply(200, "the whole"))):
        assert connect()[0].call(TEXT).content == b"the whole"


def test_page_is_taken_as_text_only_if_the_endpoint_takes_html():
    page = "<!DOCTYPE html><html><title>Please log in</title></html>"
    with FakeService(Call("GET /text", Reply(200, page))):
        with pytest.raises(errors.ServiceError, match="HTML page"):
            connect()[0].call(TEXT)
    pages = Endpoint(
        "hand over the page", "GET", "/text", Effect.READ, accept="text/html", is_text=True, takes_html=True
    )
    with FakeService(Call("GET /text", Reply(200, page))):
        assert connect()[0].call(pages).content == page.encode()


def test_code_that_equals_the_status_is_shown_once():
    with FakeService(Call("GET /things/1", Reply(404, {"code": 404, "text": "No such thing"}))):
        with pytest.raises(errors.ServiceError) as caught:
            connect()[0].call(READ, path_params={"thing_id": 1})
    assert str(caught.value) == "Things did not show thing 1: No such thing (HTTP 404)."
    assert caught.value.code == "404"


def test_change_does_not_follow_a_redirect():
    with FakeService(Call("GET /delete/1", Reply(307, Location="/delete/1/"))):
        things, _clock = connect()
        with pytest.raises(errors.ServiceError, match="redirects"):
            things.call(CHANGE, path_params={"thing_id": 1})


def test_redirects_in_a_circle_are_an_error():
    calls = [Call("GET /things/1", Reply(302, Location="/things/1")) for _number in range(6)]
    with FakeService(*calls):
        things, _clock = connect()
        with pytest.raises(errors.ServiceError, match="it redirects endlessly"):
            things.call(READ, path_params={"thing_id": 1})


@pytest.mark.parametrize(
    "here, location, is_followed",
    [
        ("http://things.example", "https://things.example/x", True),
        ("http://things.example:80", "https://things.example:443/x", True),
        ("http://things.example:8080", "https://things.example:8080/x", True),
        ("http://things.example", "https://things.example:8443/x", False),
        ("http://things.example:8080", "https://things.example/x", False),
        ("http://things.example:8080", "https://things.example:8443/x", False),
        ("https://things.example", "https://THINGS.example:443/x", True),
        ("https://things.example", "https://user:pw@things.example/x", True),
        ("https://things.example", "https://things.example:8443/x", False),
        ("https://things.example", "http://things.example/x", False),
        ("https://things.example", "https://things.example.evil.example/x", False),
        ("https://things.example", "https://things.example:0/x", False),
        ("https://things.example", "https://things.example:x/x", False),
        ("https://things.example", "ftp://things.example/x", False),
    ],
)
def test_credentials_follow_a_redirect_only_to_the_same_service(here, location, is_followed):
    calls = [Call("GET /things/1", Reply(302, Location=location))]
    if is_followed:
        calls.append(Call("GET /x", Reply(200, {"id": 1}), X_Auth="t"))
    with FakeService(*calls) as service:
        things, _clock = connect(HeaderAuth({"X-Auth": "t"}), url=here)
        if is_followed:
            assert things.call(READ, path_params={"thing_id": 1}).data == {"id": 1}
            assert "user" not in service.seen[1][0].url
        else:
            with pytest.raises(errors.ServiceError, match="which is not followed"):
                things.call(READ, path_params={"thing_id": 1})


UGLY = "\x1b[2Jno\x07\r\nfatal: [host]: \u202egnorw\u2066"
PRETTY = "\\x1b[2Jno\\x07 fatal: [host]: \\u202egnorw\\u2066"


def test_text_of_the_service_is_shown_on_one_line_without_control_characters():
    body = {"code": UGLY, "text": UGLY, "request": UGLY}
    with FakeService(Call("GET /things/1", Reply(409, body))):
        with pytest.raises(errors.ServiceError) as caught:
            connect()[0].call(READ, path_params={"thing_id": 1})
    assert str(caught.value) == f"Things did not show thing 1: {PRETTY} (HTTP 409, {PRETTY}, request {PRETTY})."
    told = caught.value.as_dict()
    assert (told["code"], told["message"], told["request_id"]) == (PRETTY, PRETTY, PRETTY)


def test_long_text_of_the_service_is_cut():
    body = {"code": "c" * 5000, "text": "m" * 5000, "request": "r" * 5000}
    with FakeService(Call("GET /things/1", Reply(409, body))):
        with pytest.raises(errors.ServiceError) as caught:
            connect()[0].call(READ, path_params={"thing_id": 1})
    told = caught.value.as_dict()
    assert [len(told[name]) for name in ("code", "message", "request_id")] == [100, 300, 100]
    assert len(str(caught.value)) < 650


@pytest.mark.parametrize("text", [UGLY, f"<html><title>{UGLY}</title>"])
def test_other_text_is_shown_without_control_characters(text):
    with FakeService(Call("GET /things/1", Reply(400, text))):
        with pytest.raises(errors.ServiceError) as caught:
            connect()[0].call(READ, path_params={"thing_id": 1})
    assert PRETTY in caught.value.message
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("thing", [{"a": 1}, ["a"], 7, True, "", "  ", None])
def test_message_that_is_not_text_is_not_shown(thing):
    with FakeService(Call("GET /things/1", Reply(409, {"code": "X", "text": thing, "request": [thing]}))):
        with pytest.raises(errors.ServiceError) as caught:
            connect()[0].call(READ, path_params={"thing_id": 1})
    assert caught.value.message == "the response is not in the form that the service documents"
    assert caught.value.code == "X"
    assert caught.value.request_id is None


@pytest.mark.parametrize("thing", [{"a": 1}, ["a"], True, 1.5])
def test_code_that_is_not_text_is_not_shown(thing):
    with FakeService(Call("GET /things/1", Reply(409, {"code": thing, "text": "no"}))):
        with pytest.raises(errors.ServiceError) as caught:
            connect()[0].call(READ, path_params={"thing_id": 1})
    assert str(caught.value) == "Things did not show thing 1: no (HTTP 409)."


@pytest.mark.parametrize(
    "reply, is_named",
    [
        (Reply(404, "<html><title>404 Not Found</title>"), True),
        (Reply(404, "404 page not found"), True),
        (Reply(404), True),
        (Reply(200, "<html>Welcome"), True),
        (Reply(403, "<html>Forbidden"), True),
        (Reply(404, {"code": "GONE"}), False),
        (Reply(502, "<html>Bad gateway"), False),
        (Reply(400, "no"), False),
    ],
)
def test_hint_names_host_and_option_if_something_else_than_the_service_answers(reply, is_named):
    with FakeService(Call("GET /things/1", reply)):
        with pytest.raises(errors.ServiceError) as caught:
            connect(retries=0)[0].call(READ, path_params={"thing_id": 1})
    hint = " Check base_url: what answers at 127.0.0.1:9 may not be Things."
    assert str(caught.value).endswith(hint) is is_named


def test_request_has_time_limits_verification_and_headers():
    call = Call("GET /things/1", Reply(200, {}), User_Agent="me", Accept="application/json", X_Kind="thing")
    with FakeService(call) as fake:
        things, _clock = connect(timeout=7, http_agent="me", ca_path="/ca.pem")
        things.call(READ, path_params={"thing_id": 1})
    _request, kwargs = fake.seen[0]
    assert kwargs["timeout"] == (7, 7)
    assert kwargs["verify"] == "/ca.pem"


@pytest.mark.parametrize("validate, expected", [(True, "/env.pem"), (False, False)])
def test_ca_of_the_environment_does_not_undo_validate_certs(monkeypatch, validate, expected):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/env.pem")
    with FakeService(Call("GET /things/1", Reply(200, {}))) as fake:
        things, _clock = connect(validate_certs=validate)
        things.call(READ, path_params={"thing_id": 1})
    assert fake.seen[0][1]["verify"] == expected


def test_netrc_is_not_read(monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login mallory password x\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with FakeService(Call("GET /things/1", Reply(200, {}), Authorization=None)):
        things, _clock = connect()
        things.call(READ, path_params={"thing_id": 1})


def test_proxies_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with FakeService(Call("GET /things/1", Reply(200, {}))) as fake:
        things, _clock = connect()
        things.call(READ, path_params={"thing_id": 1})
    assert fake.seen[0][1]["proxies"]["http"] == "http://proxy.example:3128"


@pytest.mark.parametrize(
    "failure, words",
    [
        (not_sent(ConnectionRefusedError(111, "x")), "the connection was refused"),
        (not_sent(socket.gaierror(-2, "Name or service not known")), "could not be resolved"),
        (
            NotSent(requests.exceptions.ProxyError(ConnectionRefusedError(111, "x"))),
            "the proxy in HTTPS_PROXY, HTTP_PROXY",
        ),
        (
            NotSent(requests.exceptions.ProxyError(socket.gaierror(-2, "x"))),
            "the host name of the proxy in HTTPS_PROXY",
        ),
        (not_sent(OSError(113, "No route to host")), "No route to host"),
        (NotSent(requests.exceptions.ConnectTimeout()), "within 30 s"),
        (not_sent(ssl.SSLCertVerificationError(1, "self-signed")), "certificate could not be verified"),
        (not_sent(ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")), "no TLS connection"),
        (requests.exceptions.ReadTimeout(), "no response within 30 s"),
        (requests.exceptions.ConnectionError("http://x/?api_token=leak"), "closed before a response"),
        (NotSent(requests.exceptions.InvalidHeader("leak")), "InvalidHeader"),
        (NotSent(OSError("Could not find a suitable TLS CA certificate bundle, invalid path: /x")), "REQUESTS_CA"),
    ],
)
def test_missing_response_is_explained_without_the_url(failure, words):
    with FakeService(Call("GET /things/1", failure)):
        things, _clock = connect(retries=0)
        with pytest.raises(errors.NoResponse, match="Things at 127.0.0.1:9 did not show thing 1") as caught:
            things.call(READ, path_params={"thing_id": 1})
    assert words in str(caught.value)
    assert "leak" not in str(caught.value)


def test_time_during_which_the_quota_lets_no_request_through_does_not_count():
    """Otherwise each wait for the next window would use up the time of the second call."""
    replies = [Reply(200, {}), Reply(503), Reply(200, {})]
    with FakeService(*[Call("GET /things/1", reply) for reply in replies]):
        things, clock = connect(profile=replace(PROFILE, rate_limit=RateLimit(1, 300)))
        things.call(READ, path_params={"thing_id": 1})
        things.call(READ, path_params={"thing_id": 1})
    assert clock.now() >= 1600


# StillClock begins at 14:30:00 on this day.
DATE = "Mon, 21 Sep 2026 14:30:00 GMT"
OURS = 1_790_001_000.0


def time_after(*replies, tells_time=True):
    """(the service's time, warnings) after a task that got some replies, each 10 seconds after the one before."""
    context = TaskContext(clock=StillClock())
    with FakeService(*[Call("GET /things/1", reply) for reply in replies]):
        made, clock = connect(context=context, retries=0, profile=replace(PROFILE, tells_time=tells_time))
        for _reply in replies:
            with contextlib.suppress(errors.JobsError):
                made.call(READ, path_params={"thing_id": 1})
            clock.time += 10
    context.clean_up()
    return clock.service_time(), context.warnings


@pytest.mark.parametrize("status", [200, 401, 404, 429])
def test_time_is_that_of_the_service(status):
    """Here it is a year behind ours. There is a single warning, whatever follows."""
    replies = [Reply(status, {}, Date="Sun, 21 Sep 2025 14:30:00 GMT"), Reply(200, {}, Date=DATE)]
    assert time_after(replies[0]) == (
        OURS - 365 * 86400 + 10,
        [
            "The clocks of this machine and of Things differ: it was 2026-09-21T14:30:00Z here when it was "
            "2025-09-21T14:30:00Z there. Ages and dates are computed with the service's clock."
        ],
    )
    if status != 401:
        time, warnings = time_after(*replies)
        assert (time, len(warnings)) == (OURS + 10, 1)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, {}),
        Reply(200, {}, Date=""),
        Reply(200, {}, Date="yesterday"),
        Reply(200, {}, Date="Fri, 31 Dec 9999 23:59:59 GMT"),
        Reply(200, {}, Date="Sun, 31 Dec 1899 23:59:59 GMT"),
        # These do not come from the service itself, or not at this moment.
        Reply(200, "<html></html>", Date="Sun, 21 Sep 2025 14:30:00 GMT"),
        Reply(404, "<html></html>", Date="Sun, 21 Sep 2025 14:30:00 GMT"),
        Reply(407, {}, Date="Sun, 21 Sep 2025 14:30:00 GMT"),
        Reply(502, {}, Date="Sun, 21 Sep 2025 14:30:00 GMT"),
        Reply(200, {}, Date="Sun, 21 Sep 2025 14:30:00 GMT", Age="31536000"),
    ],
)
def test_time_is_ours_if_the_service_does_not_tell(reply):
    assert time_after(reply) == (OURS + 10, [])


def test_time_is_ours_if_the_service_is_not_the_one_that_tells():
    reply = Reply(200, {}, Date="Sun, 21 Sep 2025 14:30:00 GMT")
    assert time_after(reply, tells_time=False) == (OURS + 10, [])


@pytest.mark.parametrize(
    "date, warns", [("14:31:00", False), ("14:31:01", True), ("14:29:00", False), ("14:28:59", True)]
)
def test_clocks_that_differ_by_more_than_a_minute_draw_a_warning(date, warns):
    _time, warnings = time_after(Reply(200, {}, Date=f"Mon, 21 Sep 2026 {date} GMT"))
    assert bool(warnings) is warns


def test_slow_response_may_have_been_dated_when_it_began():
    clock = StillClock()

    def late():
        clock.time += 200
        return Reply(200, {}, Date=DATE)

    with FakeService(Call("GET /things/1", late)):
        made, _clock = connect(context=TaskContext(clock=clock))
        made.call(READ, path_params={"thing_id": 1})
    # Too early rather than too late, so that nothing seems older than it is.
    assert (clock.service_time(), clock.difference) == (OURS, None)
