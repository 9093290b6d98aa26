# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that are signed with an access key."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests
from sandbox_lts import APP, PROJECT, VALID_TOKEN
from sandbox_signing import EMPTY_PROJECT, KEY, REFUSED, VISITOR, assert_refused, now, signed

TEMPORARY = ("HSTSANDBOX000000001", "rC7yNf2WbUe5KgQx9TmJa4ZpLh8SvDk1XoRi3BtM")
ENDED = ("HSTSANDBOX000000002", "dJ6mGt3XvEo8PyRw1CkUb5NqSz9HaLf4TiBc7KxV")
SECURITY_TOKEN = "gQplbi1kZXNhbmRib3gtc2VjdXJpdHktdG9rZW4tN2QxYzRlOWI4ZjYyYTA1My12YWxpZA"
ENDED_TOKEN = "gQplbi1kZXNhbmRib3gtc2VjdXJpdHktdG9rZW4tM2E5MGY3ZDJjNWU4NjFiNC1lbmRlZA"
GROUPS = f"/v2/{PROJECT}/groups"
LOCKED = REFUSED + "AK access failed to reach the limit,forbidden"
FORMS = ("access", "credential")


# Requests that other clients have signed: method, rest of the path, status, body, more headers, Authorization.
DELETION = ("DELETE", "/transfers?log_transfer_id=ddced522-233a-4181-a5fc-7b458c819afc", 400, b"")
CREATION = b'{"log_group_name": "lts-group-01nh", "ttl_in_days": 7, "tags": [{"key": "k", "value": "v"}]}'
STREAMS = "/log-streams?log_group_name=lts-group-01nh&log_stream_name=lts%20stream%2F~%C3%BC"
IN_PROJECT = {"X-Project-Id": PROJECT}
BY_ACCESS = "Access=AKEXAMPLE0000000, SignedHeaders=content-type;host;x-project-id;x-sdk-date, Signature="
BY_CREDENTIAL = (
    "Credential=AKEXAMPLE0000000/20260102///sdk_request, SignedHeaders=accept;content-type;host;x-sdk-date, Signature="
)
VECTORS = {
    "access": (
        *DELETION,
        IN_PROJECT,
        BY_ACCESS + "6161e98c0190032b4779248e047d8c55acb03cdea6399d0dc0514b646d5136ad",
    ),
    "credential": (
        *DELETION,
        {"Accept": "application/json", **IN_PROJECT},
        BY_CREDENTIAL + "b954b9519f491cf4a1023eb1eee3173f89ecd3c020fb39b92e2b85b866411b9b",
    ),
    "body": (
        *("POST", "/groups", 201, CREATION),
        IN_PROJECT,
        BY_ACCESS + "03f43a22ac2aee7a6054afcf381f972334f9402424f12a33642ed7f15344d48d",
    ),
    "query": (
        *("GET", STREAMS, 200, b""),
        IN_PROJECT,
        BY_ACCESS + "d8a5c128c10a592893153eca91b90a589e90cbe20360ee5a6fbcd8c9266a45ad",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_recorded_signatures_of_other_clients_are_accepted(sandbox, seed, name):
    method, rest, status, body, more, authorization = VECTORS[name]
    seed["now"], seed["frozen"] = "2026-01-02T03:04:05Z", True
    # The secret of the access key in their examples.
    key = {"access": "AKEXAMPLE0000000", "secret": "SKEXAMPLE00000000000000000000000", "user": "log-operator"}
    seed["iam"]["access_keys"].append(key)
    sandbox.control("POST", "reset", seed)
    sent = {
        "Host": "lts.eu-de.otc.t-systems.com",
        "Content-Type": "application/json",
        "X-Sdk-Date": "20260102T030405Z",
        "Authorization": f"SDK-HMAC-SHA256 {authorization}",
        **more,
    }
    url = f"{sandbox.url}/v2/{PROJECT}{rest}"
    response = requests.request(method, url, headers=sent, data=body, timeout=10)
    assert response.status_code == status, response.text
    assert status != 400 or response.json()["error_code"] == "LTS.0405"
    assert_refused(requests.request(method, url, headers=sent, data=body + b" ", timeout=10))


@pytest.mark.parametrize("form", FORMS)
def test_signed_request_is_accepted_in_both_forms(sandbox, form):
    def call(method, path, **options):
        return signed(sandbox, method, path, form=form, **options)

    assert len(call("GET", GROUPS, headers={"X-Project-Id": PROJECT}).json()["log_groups"]) == 3
    body = b'{"log_group_name": "web", "ttl_in_days": 7}'
    assert call("POST", GROUPS, body=body).status_code == 201
    query = [("log_stream_name", "a b~/ü"), ("log_group_name", "app")]
    assert call("GET", f"/v2/{PROJECT}/log-streams", query=query).json() == {"log_streams": []}
    assert call("GET", f"/v2/{PROJECT}/log-streams", query=[("log_group_name", "app")]).status_code == 200
    assert call("DELETE", f"{GROUPS}/a b").json()["error_code"] == "LTS.0201"
    assert [entry["sign_in"] for entry in sandbox.requests()] == [form] * 5
    assert all(entry["authorized"] for entry in sandbox.requests())


def test_request_log_shows_kind_of_credential_without_secrets(sandbox, lts):
    lts("GET", "/groups")
    lts("GET", "/groups", token=None)
    signed(sandbox, "GET", GROUPS)
    signed(sandbox, "GET", GROUPS, form="credential")
    assert [entry["sign_in"] for entry in sandbox.requests()] == ["token", "none", "access", "credential"]
    seen = str(sandbox.requests())
    assert not any(secret in seen for secret in (VALID_TOKEN, *KEY))
    assert {KEY[1], VISITOR[1], TEMPORARY[1], ENDED[1], SECURITY_TOKEN, ENDED_TOKEN} <= set(sandbox.secrets())


@pytest.mark.parametrize("scope", ["/", "eu-de/lts", "eu-de/"])
def test_credential_form_accepts_any_scope(sandbox, scope):
    assert signed(sandbox, "GET", GROUPS, form="credential", scope=scope).status_code == 200


def test_query_signed_as_body_is_accepted_for_post_in_credential_form(sandbox):
    query = [("b", "1"), ("a", "2")]
    options = dict(query=query, signed_payload=b"a=2&b=1", signed_query="")
    # Only for a POST without a body, and only in the form Credential=.
    path = f"{GROUPS}/{APP}"
    assert signed(sandbox, "POST", path, form="credential", **options).json()["error_code"] == "LTS.0007"
    assert_refused(signed(sandbox, "DELETE", path, form="credential", **options))
    assert_refused(signed(sandbox, "POST", path, **options))


def test_payload_hash_from_header_is_accepted(sandbox):
    body, headers = b'{"log_group_name": "web", "ttl_in_days": 7}', {"X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD"}
    assert (
        signed(sandbox, "POST", GROUPS, body=body, headers=headers, signed_payload="UNSIGNED-PAYLOAD").status_code
        == 201
    )
    assert_refused(signed(sandbox, "POST", GROUPS, body=body, signed_payload="UNSIGNED-PAYLOAD"))


@pytest.mark.parametrize("form", FORMS)
def test_tampered_request_is_refused(sandbox, form):
    def attempt(**options):
        response = signed(sandbox, "GET", GROUPS, **{"form": form, **options})
        # A valid request in between keeps the key from being locked.
        assert signed(sandbox, "GET", GROUPS, form=form).status_code == 200
        return response

    assert_refused(attempt(key=(KEY[0], VISITOR[1])))
    assert_refused(
        attempt(key=("AKNOBODY0000000000", KEY[1])),
        f"{REFUSED}Get secretKey failed,ak:AKNOBODY0000000000,err:ak not exist",
    )
    assert_refused(attempt(signed_payload=b"another body"))
    assert_refused(attempt(signed_query="a=b"))
    assert_refused(attempt(late_headers={"Content-Type": "application/json;charset=UTF-8"}))
    assert_refused(attempt(headers={"X_Id": "1"}))
    assert_refused(attempt(spoil=lambda text: text.replace("content-type;host;", "host;content-type;")))
    assert_refused(attempt(spoil=lambda text: text.replace("content-type;", "content-type;none;")))
    assert_refused(attempt(spoil=lambda text: text.partition(", Signature")[0]))
    assert_refused(attempt(spoil=lambda text: text.replace("sdk_request", "aws4_request").replace("Access=", "Key=")))
    assert sandbox.acted() == 0


@pytest.mark.parametrize("form", FORMS)
def test_request_without_signed_host_or_date_is_refused(sandbox, form):
    assert signed(sandbox, "GET", GROUPS, form=form, unsigned_header="Content-Type").status_code == 200
    assert_refused(signed(sandbox, "GET", GROUPS, form=form, unsigned_header="Host"))
    assert_refused(signed(sandbox, "GET", GROUPS, form=form, unsigned_header="X-Sdk-Date"))


def test_scope_with_another_date_is_refused(sandbox):
    yesterday = (now(sandbox) - timedelta(days=1)).strftime("%Y%m%d")
    today = now(sandbox).strftime("%Y%m%d")
    assert_refused(
        signed(
            sandbox, "GET", GROUPS, form="credential", spoil=lambda text: text.replace(f"/{today}/", f"/{yesterday}/")
        )
    )


@pytest.mark.parametrize("form", FORMS)
def test_date_beyond_clock_skew_is_refused(sandbox, form):
    sandbox.clock(frozen=True)
    for seconds, good in ((-899, True), (899, True), (-902, False), (902, False)):
        response = signed(sandbox, "GET", GROUPS, form=form, at=now(sandbox) + timedelta(seconds=seconds))
        assert (response.status_code == 200) is good
    # The sandbox's own clock counts.
    sandbox.clock(advance="1h")
    assert_refused(signed(sandbox, "GET", GROUPS, form=form, at=now(sandbox) - timedelta(hours=1)))
    assert_refused(signed(sandbox, "GET", GROUPS, form=form, headers={"X-Sdk-Date": "yesterday"}))


def test_key_is_locked_after_repeated_failures(sandbox):
    sandbox.clock(frozen=True)

    def fail():
        return signed(sandbox, "GET", GROUPS, key=(KEY[0], "wrong"))

    for _number in range(5):
        assert_refused(fail())
    # The sixth failure would lock the key, but a valid request resets the count.
    assert signed(sandbox, "GET", GROUPS).status_code == 200
    for _number in range(6):
        assert_refused(fail())
    assert_refused(fail(), LOCKED)
    assert_refused(signed(sandbox, "GET", GROUPS), LOCKED)
    assert signed(sandbox, "GET", f"/v2/{EMPTY_PROJECT}/groups", key=VISITOR).status_code == 200
    sandbox.clock(advance=299)
    assert_refused(signed(sandbox, "GET", GROUPS), LOCKED)
    sandbox.clock(advance=1)
    assert signed(sandbox, "GET", GROUPS).status_code == 200


def test_temporary_key_needs_its_security_token(sandbox):
    token = {"X-Security-Token": SECURITY_TOKEN}
    assert signed(sandbox, "GET", GROUPS, TEMPORARY, headers=token).status_code == 200
    assert signed(sandbox, "GET", GROUPS, TEMPORARY, "credential", headers=token).status_code == 200
    assert signed(sandbox, "GET", GROUPS, TEMPORARY, "credential", late_headers=token).status_code == 200
    assert_refused(signed(sandbox, "GET", GROUPS, TEMPORARY, late_headers=token))
    assert_refused(signed(sandbox, "GET", GROUPS, TEMPORARY))
    assert_refused(signed(sandbox, "GET", GROUPS, TEMPORARY, headers={"X-Security-Token": ENDED_TOKEN}))
    gone = f"{REFUSED}Get secretKey failed,ak:{{}},err:ak not exist"
    assert_refused(
        signed(sandbox, "GET", GROUPS, ENDED, headers={"X-Security-Token": ENDED_TOKEN}), gone.format(ENDED[0])
    )
    sandbox.clock(advance="1h")
    assert_refused(signed(sandbox, "GET", GROUPS, TEMPORARY, headers=token), gone.format(TEMPORARY[0]))
    assert signed(sandbox, "GET", GROUPS).status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_only_form_of_variant_is_accepted(sandbox, form):
    sandbox.variants(auth_forms=form)
    for other in FORMS:
        assert (signed(sandbox, "GET", GROUPS, form=other).status_code == 200) is (other == form)


@pytest.mark.parametrize("options", [{"headers": {"X-Project-Id": EMPTY_PROJECT}}, {"key": VISITOR}])
def test_key_is_refused_other_projects(sandbox, options):
    response = signed(sandbox, "GET", GROUPS, **options)
    assert response.status_code == 403
    assert response.json() == {"error_code": "LTS.0001", "error_msg": "Invalid projectId"}


def test_signed_request_without_json_content_type_is_refused(sandbox):
    assert signed(sandbox, "GET", GROUPS, headers={"Content-Type": "text/plain"}).status_code == 415


@pytest.mark.parametrize(
    "change,words",
    [
        (lambda s: s["iam"]["access_keys"].append(s["iam"]["access_keys"][0]), "access_keys[4].access: AKSANDBOX"),
        (lambda s: s["iam"]["access_keys"][0].update(user="nobody"), "access_keys[0].user: 'nobody' is not one of"),
        (lambda s: s["iam"]["domains"].append(s["iam"]["domains"][0]), "domains[2].name: OTC"),
        (lambda s: s["iam"]["domains"][0]["users"][0].update(projects=["x"]), "users[0].projects: 'x' is not one of"),
    ],
)
def test_seed_with_invalid_iam_is_refused(sandbox, seed, change, words):
    change(seed)
    assert words in sandbox.control("POST", "reset", seed, status=400)["error"]
