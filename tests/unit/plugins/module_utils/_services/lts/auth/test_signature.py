# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signatures. The expected ones come from the clients that customers of the clouds use."""

from __future__ import annotations

import hashlib

import pytest
import requests
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.response import Response
from ansible_collections.saasops.jobs.plugins.module_utils._core.redaction.registry import SecretRegistry
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.auth import signature
from ansible_collections.saasops.jobs.tests.unit.support.auth_flows import Authentication
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock

ACCESS_KEY = "AKEXAMPLE0000000"
SECRET_KEY = "SKEXAMPLE00000000000000000000000"
KEY = signature.Key(ACCESS_KEY, SECRET_KEY)
PROJECT = "0123456789abcdef0123456789abcdef"
URL = f"https://lts.eu-de.otc.t-systems.com/v2/{PROJECT}/transfers?log_transfer_id=ddced522-233a-4181-a5fc-7b458c819afc"
HEADERS = {
    "Content-Type": "application/json",
    "Host": "lts.eu-de.otc.t-systems.com",
    "X-Sdk-Date": "20260102T030405Z",
}


def test_request_in_the_form_access_has_the_known_signature():
    headers = {**HEADERS, "X-Project-Id": PROJECT}
    assert signature.canonical_request("DELETE", URL, headers, b"") == (
        "DELETE\n"
        f"/v2/{PROJECT}/transfers/\n"
        "log_transfer_id=ddced522-233a-4181-a5fc-7b458c819afc\n"
        "content-type:application/json\n"
        "host:lts.eu-de.otc.t-systems.com\n"
        f"x-project-id:{PROJECT}\n"
        "x-sdk-date:20260102T030405Z\n"
        "\n"
        "content-type;host;x-project-id;x-sdk-date\n"
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
    assert signature.authorization("access", KEY, "DELETE", URL, headers, b"") == (
        "SDK-HMAC-SHA256 Access=AKEXAMPLE0000000, SignedHeaders=content-type;host;x-project-id;x-sdk-date, "
        "Signature=6161e98c0190032b4779248e047d8c55acb03cdea6399d0dc0514b646d5136ad"
    )


def test_request_in_the_form_credential_has_the_known_signature():
    headers = {**HEADERS, "Accept": "application/json"}
    canonical = signature.canonical_request("DELETE", URL, headers, b"")
    assert hashlib.sha256(canonical.encode()).hexdigest() == (
        "b046455396f3e07cec17c411a014ace1f2c0c4c9c079c732a624f76a9cb0b807"
    )
    assert signature.authorization("credential", KEY, "DELETE", URL, headers, b"") == (
        "SDK-HMAC-SHA256 Credential=AKEXAMPLE0000000/20260102///sdk_request, "
        "SignedHeaders=accept;content-type;host;x-sdk-date, "
        "Signature=b954b9519f491cf4a1023eb1eee3173f89ecd3c020fb39b92e2b85b866411b9b"
    )


@pytest.mark.parametrize(
    "url, path, query",
    [
        ("https://h/", "/", ""),
        ("https://h", "/", ""),
        ("https://h/a/", "/a/", ""),
        ("https://h/a%20b/c~d", "/a%20b/c~d/", ""),
        ("https://h/a?b=2&a=1&b=1", "/a/", "a=1&b=1&b=2"),
        ("https://h/a?name=x%20y&empty=", "/a/", "empty=&name=x%20y"),
        ("https://h/a?n=%C3%A4%2F", "/a/", "n=%C3%A4%2F"),
    ],
)
def test_path_and_query_are_put_in_canonical_form(url, path, query):
    assert signature.canonical_request("GET", url, {}, b"").split("\n")[1:3] == [path, query]


def signing(form="access", security_token=None, project_id=PROJECT, secrets=None):
    key = signature.Key(ACCESS_KEY, SECRET_KEY, security_token)
    return signature.SignatureAuth(
        form, key, StillClock(), lambda: project_id, SecretRegistry(secrets or TaskContext())
    )


def signed(form, security_token=None, project_id=PROJECT, body=None):
    headers = {"Accept": "application/json", "Content-Type": "application/json;charset=UTF-8"}
    request = requests.Request("POST", "http://127.0.0.1:8443/v2/groups", headers=headers, json=body).prepare()
    return Authentication(signing(form, security_token, project_id), request=request).request


def names(request):
    return request.headers["Authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")


@pytest.mark.parametrize(
    "form, expected",
    [
        ("access", ["content-type", "host", "x-project-id", "x-sdk-date", "x-security-token"]),
        ("credential", ["accept", "content-type", "host", "x-sdk-date"]),
    ],
)
def test_request_is_sent_with_the_headers_that_were_signed(form, expected):
    request = signed(form, security_token="st-1", body={"ttl_in_days": 7})
    assert names(request) == expected
    assert request.headers["X-Security-Token"] == "st-1"
    assert request.headers["X-Project-Id"] == PROJECT
    # With its port, which the connection would otherwise leave out.
    assert request.headers["Host"] == "127.0.0.1:8443"
    sent = {name: request.headers[name] for name in request.headers if name.lower() in expected}
    assert request.headers["Authorization"] == signature.authorization(
        form, KEY, "POST", request.url, sent, request.body
    )
    assert SECRET_KEY not in str(request.headers)


def test_request_without_project_and_security_token_has_no_headers_for_them():
    request = signed("access", project_id=None)
    assert names(request) == ["content-type", "host", "x-sdk-date"]
    assert "X-Project-Id" not in request.headers


def refused(**headers):
    return Response(401, headers, b'{"error_code": "APIGW.0301"}')


@pytest.mark.parametrize("headers", [{}, {"Date": "soon"}, {"Date": "Mon, 21 Sep 2026 14:29:30 GMT"}])
def test_refusal_by_a_service_with_the_same_time_is_final(headers):
    assert Authentication(signing()).receive(refused(**headers)).is_refused


def test_signature_of_a_request_that_is_refused_is_a_secret_as_the_refusal_may_repeat_it():
    context = TaskContext()
    step = Authentication(signing(secrets=context))
    sent = step.request.headers["Authorization"].rpartition("Signature=")[2]
    step.receive(refused())
    assert (
        context.scrub(f"verify aksk signature fail, Signature={sent}")
        == "verify aksk signature fail, Signature=(hidden)"
    )


def test_refusal_by_a_service_with_another_time_is_signed_once_more_by_that_time():
    auth = signing()
    there = refused(Date="Sun, 16 Aug 2026 08:00:00 GMT")
    first = Authentication(auth).receive(there)
    assert not first.is_over
    assert first.request.headers["X-Sdk-Date"] == "20260816T080000Z"
    # If the service refuses that as well, the clock is not the reason.
    assert first.receive(there).is_refused
    # Later requests have the right time at once.
    second = Authentication(auth)
    assert second.request.headers["X-Sdk-Date"] == "20260816T080000Z"
    assert second.receive(there).is_refused
