# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that are signed with an access key."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
import requests
from test_sandbox_lts import APP, GOOD, PROJECT

KEY = ("AKSANDBOX0000000001", "Vw3kT9pLx7QmZb2RnYc5HdJf8GsKa4EuWt6NqBvM")
VISITOR = ("AKSANDBOX0000000002", "hP4sXe8VtMq1LzKc6YwBn3RjGd9UfTa7CoIk5QbE")
TEMPORARY = ("HSTSANDBOX000000001", "rC7yNf2WbUe5KgQx9TmJa4ZpLh8SvDk1XoRi3BtM")
ENDED = ("HSTSANDBOX000000002", "dJ6mGt3XvEo8PyRw1CkUb5NqSz9HaLf4TiBc7KxV")
SECURITY_TOKEN = "gQplbi1kZXNhbmRib3gtc2VjdXJpdHktdG9rZW4tN2QxYzRlOWI4ZjYyYTA1My12YWxpZA"
ENDED_TOKEN = "gQplbi1kZXNhbmRib3gtc2VjdXJpdHktdG9rZW4tM2E5MGY3ZDJjNWU4NjFiNC1lbmRlZA"
EMPTY = "fedcba9876543210fedcba9876543210"
GROUPS = f"/v2/{PROJECT}/groups"
REFUSED = "Incorrect IAM authentication information: "
FAILED = REFUSED + "verify aksk signature fail"
LOCKED = REFUSED + "AK access failed to reach the limit,forbidden"
FORMS = ("access", "credential")


def now(box):
    return datetime.strptime(box.control("GET", "clock")["now"], "%Y-%m-%dT%H:%M:%SZ")


def signed(box, method, path, key=KEY, form="access", query=(), body=b"", **options):
    """Sends a signed request. Options: headers (signed), skip, unsigned, at, scope, payload, told_query, spoil."""
    when = options.get("at") or now(box)
    date = when.strftime("%Y%m%dT%H%M%SZ")
    headers = {"Content-Type": "application/json", "Host": f"127.0.0.1:{box.port}", "X-Sdk-Date": date}
    headers.update(options.get("headers", {}))
    parts = "&".join(sorted(f"{quote(name, '~')}={quote(value, '~')}" for name, value in query))
    lower = {name.lower(): value for name, value in headers.items() if name != options.get("skip")}
    payload = options.get("payload", body)
    payload = payload if isinstance(payload, str) else hashlib.sha256(payload).hexdigest()
    canonical = [method, quote(path, "/~") + "/", options.get("told_query", parts)]
    canonical += [*(f"{name}:{lower[name]}" for name in sorted(lower)), "", ";".join(sorted(lower)), payload]
    digest = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
    if form == "access":
        secret, who, to_sign = key[1].encode(), f"Access={key[0]}", ["SDK-HMAC-SHA256", date, digest]
    else:
        scope = f"{date[:8]}/{options.get('scope', '/')}/sdk_request"
        secret = ("SDK" + key[1]).encode()
        for part in scope.split("/"):
            secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
        who, to_sign = f"Credential={key[0]}/{scope}", ["SDK-HMAC-SHA256", date, scope, digest]
    signature = hmac.new(secret, "\n".join(to_sign).encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = f"SDK-HMAC-SHA256 {who}, SignedHeaders={';'.join(sorted(lower))}, Signature={signature}"
    headers.update(options.get("unsigned", {}))
    spoil = options.get("spoil")
    if spoil:
        headers["Authorization"] = spoil(headers["Authorization"])
    url = box.url + quote(path, "/~") + (f"?{parts}" if parts else "")
    return requests.request(method, url, headers=headers, data=body, timeout=10)


def assert_refused(answer, text=FAILED):
    body = answer.json()
    assert (answer.status_code, body["error_code"], body["error_msg"]) == (401, "APIGW.0301", text)
    assert set(body) == {"error_code", "error_msg", "request_id"}


# Requests that other clients have signed: method, rest of the path, what comes back, body, more headers, Authorization.
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
def test_signatures_of_other_clients(box, seed, name):
    method, rest, status, body, more, authorization = VECTORS[name]
    seed["now"], seed["frozen"] = "2026-01-02T03:04:05Z", True
    # The secret that goes with the access key of their examples.
    key = {"access": "AKEXAMPLE0000000", "secret": "SKEXAMPLE00000000000000000000000", "user": "log-operator"}
    seed["iam"]["access_keys"].append(key)
    box.control("POST", "reset", seed)
    sent = {
        "Host": "lts.eu-de.otc.t-systems.com",
        "Content-Type": "application/json",
        "X-Sdk-Date": "20260102T030405Z",
        "Authorization": f"SDK-HMAC-SHA256 {authorization}",
        **more,
    }
    url = f"{box.url}/v2/{PROJECT}{rest}"
    answer = requests.request(method, url, headers=sent, data=body, timeout=10)
    assert answer.status_code == status, answer.text
    assert status != 400 or answer.json()["error_code"] == "LTS.0405"
    assert_refused(requests.request(method, url, headers=sent, data=body + b" ", timeout=10))


@pytest.mark.parametrize("form", FORMS)
def test_signed_requests(box, form):
    def call(method, path, **options):
        return signed(box, method, path, form=form, **options)

    assert len(call("GET", GROUPS, headers={"X-Project-Id": PROJECT}).json()["log_groups"]) == 3
    body = b'{"log_group_name": "web", "ttl_in_days": 7}'
    assert call("POST", GROUPS, body=body).status_code == 201
    query = [("log_stream_name", "a b~/ü"), ("log_group_name", "app")]
    assert call("GET", f"/v2/{PROJECT}/log-streams", query=query).json() == {"log_streams": []}
    assert call("GET", f"/v2/{PROJECT}/log-streams", query=[("log_group_name", "app")]).status_code == 200
    assert call("DELETE", f"{GROUPS}/a b").json()["error_code"] == "LTS.0201"
    assert [entry["sign_in"] for entry in box.requests()] == [form] * 5
    assert all(entry["authorized"] for entry in box.requests())


def test_how_callers_sign_in_is_in_the_log(box, lts):
    lts("GET", "/groups")
    lts("GET", "/groups", token=None)
    signed(box, "GET", GROUPS)
    signed(box, "GET", GROUPS, form="credential")
    assert [entry["sign_in"] for entry in box.requests()] == ["token", "none", "access", "credential"]
    seen = str(box.requests())
    assert not any(secret in seen for secret in (GOOD, *KEY))
    assert {KEY[1], VISITOR[1], TEMPORARY[1], ENDED[1], SECURITY_TOKEN, ENDED_TOKEN} <= set(box.secrets())


@pytest.mark.parametrize("scope", ["/", "eu-de/lts", "eu-de/"])
def test_any_scope_will_do(box, scope):
    assert signed(box, "GET", GROUPS, form="credential", scope=scope).status_code == 200


def test_a_query_that_is_signed_as_the_body(box):
    query = [("b", "1"), ("a", "2")]
    options = dict(query=query, payload=b"a=2&b=1", told_query="")
    # Only for a POST without a body, and only in one of the forms.
    path = f"{GROUPS}/{APP}"
    assert signed(box, "POST", path, form="credential", **options).json()["error_code"] == "LTS.0007"
    assert_refused(signed(box, "DELETE", path, form="credential", **options))
    assert_refused(signed(box, "POST", path, **options))


def test_the_hash_of_the_body_may_be_told(box):
    body, told = b'{"log_group_name": "web", "ttl_in_days": 7}', {"X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD"}
    assert signed(box, "POST", GROUPS, body=body, headers=told, payload="UNSIGNED-PAYLOAD").status_code == 201
    assert_refused(signed(box, "POST", GROUPS, body=body, payload="UNSIGNED-PAYLOAD"))


@pytest.mark.parametrize("form", FORMS)
def test_what_is_refused(box, form):
    def attempt(**options):
        answer = signed(box, "GET", GROUPS, **{"form": form, **options})
        # A good one in between, or the key would be locked.
        assert signed(box, "GET", GROUPS, form=form).status_code == 200
        return answer

    assert_refused(attempt(key=(KEY[0], VISITOR[1])))
    assert_refused(
        attempt(key=("AKNOBODY0000000000", KEY[1])),
        f"{REFUSED}Get secretKey failed,ak:AKNOBODY0000000000,err:ak not exist",
    )
    assert_refused(attempt(payload=b"another body"))
    assert_refused(attempt(told_query="a=b"))
    assert_refused(attempt(unsigned={"Content-Type": "application/json;charset=UTF-8"}))
    assert_refused(attempt(headers={"X_Id": "1"}))
    assert_refused(attempt(spoil=lambda text: text.replace("content-type;host;", "host;content-type;")))
    assert_refused(attempt(spoil=lambda text: text.replace("content-type;", "content-type;none;")))
    assert_refused(attempt(spoil=lambda text: text.partition(", Signature")[0]))
    assert_refused(attempt(spoil=lambda text: text.replace("sdk_request", "aws4_request").replace("Access=", "Key=")))
    assert box.acted() == 0


@pytest.mark.parametrize("form", FORMS)
def test_host_and_date_are_signed(box, form):
    assert signed(box, "GET", GROUPS, form=form, skip="Content-Type").status_code == 200
    assert_refused(signed(box, "GET", GROUPS, form=form, skip="Host"))
    assert_refused(signed(box, "GET", GROUPS, form=form, skip="X-Sdk-Date"))


def test_the_date_of_the_scope_is_that_of_the_request(box):
    yesterday = (now(box) - timedelta(days=1)).strftime("%Y%m%d")
    today = now(box).strftime("%Y%m%d")
    assert_refused(
        signed(box, "GET", GROUPS, form="credential", spoil=lambda text: text.replace(f"/{today}/", f"/{yesterday}/"))
    )


@pytest.mark.parametrize("form", FORMS)
def test_the_date_is_near(box, form):
    box.clock(frozen=True)
    for seconds, good in ((-899, True), (899, True), (-902, False), (902, False)):
        answer = signed(box, "GET", GROUPS, form=form, at=now(box) + timedelta(seconds=seconds))
        assert (answer.status_code == 200) is good
    # It is the sandbox's clock that counts.
    box.clock(advance="1h")
    assert_refused(signed(box, "GET", GROUPS, form=form, at=now(box) - timedelta(hours=1)))
    assert_refused(signed(box, "GET", GROUPS, form=form, headers={"X-Sdk-Date": "yesterday"}))


def test_a_key_is_locked_for_a_while(box):
    box.clock(frozen=True)

    def fail():
        return signed(box, "GET", GROUPS, key=(KEY[0], "wrong"))

    for _number in range(5):
        assert_refused(fail())
    # The last of them may still be good.
    assert signed(box, "GET", GROUPS).status_code == 200
    for _number in range(6):
        assert_refused(fail())
    assert_refused(fail(), LOCKED)
    assert_refused(signed(box, "GET", GROUPS), LOCKED)
    assert signed(box, "GET", f"/v2/{EMPTY}/groups", key=VISITOR).status_code == 200
    box.clock(advance=299)
    assert_refused(signed(box, "GET", GROUPS), LOCKED)
    box.clock(advance=1)
    assert signed(box, "GET", GROUPS).status_code == 200


def test_temporary_keys(box):
    token = {"X-Security-Token": SECURITY_TOKEN}
    assert signed(box, "GET", GROUPS, TEMPORARY, headers=token).status_code == 200
    assert signed(box, "GET", GROUPS, TEMPORARY, "credential", headers=token).status_code == 200
    assert signed(box, "GET", GROUPS, TEMPORARY, "credential", unsigned=token).status_code == 200
    assert_refused(signed(box, "GET", GROUPS, TEMPORARY, unsigned=token))
    assert_refused(signed(box, "GET", GROUPS, TEMPORARY))
    assert_refused(signed(box, "GET", GROUPS, TEMPORARY, headers={"X-Security-Token": ENDED_TOKEN}))
    gone = f"{REFUSED}Get secretKey failed,ak:{{}},err:ak not exist"
    assert_refused(signed(box, "GET", GROUPS, ENDED, headers={"X-Security-Token": ENDED_TOKEN}), gone.format(ENDED[0]))
    box.clock(advance="1h")
    assert_refused(signed(box, "GET", GROUPS, TEMPORARY, headers=token), gone.format(TEMPORARY[0]))
    assert signed(box, "GET", GROUPS).status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_one_form_may_be_the_only_one(box, form):
    box.variants(auth_forms=form)
    for other in FORMS:
        assert (signed(box, "GET", GROUPS, form=other).status_code == 200) is (other == form)


@pytest.mark.parametrize("options", [{"headers": {"X-Project-Id": EMPTY}}, {"key": VISITOR}])
def test_wrong_project(box, options):
    answer = signed(box, "GET", GROUPS, **options)
    assert answer.status_code == 403
    assert answer.json() == {"error_code": "LTS.0001", "error_msg": "Invalid projectId"}


def test_content_type_is_needed(box):
    assert signed(box, "GET", GROUPS, headers={"Content-Type": "text/plain"}).status_code == 415


@pytest.mark.parametrize(
    "change,words",
    [
        (lambda s: s["iam"]["access_keys"].append(s["iam"]["access_keys"][0]), "access_keys[4].access: AKSANDBOX"),
        (lambda s: s["iam"]["access_keys"][0].update(user="nobody"), "access_keys[0].user: 'nobody' is not one of"),
        (lambda s: s["iam"]["domains"].append(s["iam"]["domains"][0]), "domains[2].name: OTC"),
        (lambda s: s["iam"]["domains"][0]["users"][0].update(projects=["x"]), "users[0].projects: 'x' is not one of"),
    ],
)
def test_wrong_seeds(box, seed, change, words):
    change(seed)
    assert words in box.control("POST", "reset", seed, status=400)["error"]
