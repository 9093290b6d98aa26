# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from sandbox_iam import (
    DELEGATED,
    DOMAIN,
    MFA_ID,
    OPERATOR_ID,
    OTHER,
    PASSCODE,
    PASSWORDS,
    assume_agency,
    call_iam,
    password,
    sign_in,
)
from sandbox_lts import EXPIRED_TOKEN, PROJECT, VALID_TOKEN
from sandbox_signing import EMPTY_PROJECT, KEY, VISITOR, assert_refused, signed

WRONG = "The username or password is wrong."


def assert_error(response, status, message, title):
    assert response.json() == {"error": {"code": status, "message": message, "title": title}}
    assert response.status_code == status


def test_version_document_is_served(sandbox):
    for path in ("", "/"):
        links = [{"rel": "self", "href": f"{sandbox.url}/v3/"}]
        version = {"id": "v3.6", "status": "stable", "links": links, "media-types": []}
        assert call_iam(sandbox, "GET", path).json() == {"version": version}
    assert sandbox.requests()[0]["service"] == "iam"


def test_password_sign_in_returns_token_for_project(sandbox, lts):
    text, token = sign_in(sandbox)
    assert text.startswith("MII") and 1000 <= len(text) <= 2000
    assert list(token) == ["methods", "expires_at", "issued_at", "user", "project", "roles", "catalog"]
    assert token["methods"] == ["password"]
    assert token["user"] == {"id": OPERATOR_ID, "name": "log-operator", "domain": DOMAIN}
    assert token["project"] == {"id": PROJECT, "name": "eu-de", "domain": DOMAIN}
    assert token["expires_at"].endswith("Z") and len(token["expires_at"]) == 27
    places = {entry["type"]: entry["endpoints"][0] for entry in token["catalog"]}
    assert {kind: (place["url"], place["region"]) for kind, place in places.items()} == {
        "identity": (f"{sandbox.url}/v3", "*"),
        "ltsv2": (f"{sandbox.url}/v2", "eu-de"),
    }
    assert len(lts("GET", "/groups", token=text).json()["log_groups"]) == 3
    assert lts("GET", "/groups", token=text, project=EMPTY_PROJECT).json()["error_code"] == "LTS.0001"
    assert lts("GET", "/groups").status_code == 200  # seeded tokens are still valid


def test_sign_in_leaves_no_secret_in_request_log(sandbox):
    text, _token = sign_in(sandbox)
    assert {text, PASSCODE, *PASSWORDS.values()} <= set(sandbox.secrets())
    assert not any(secret in str(sandbox.requests()) for secret in sandbox.secrets())
    assert sandbox.requests()[0]["sign_in"] == "none" and sandbox.acted() == 0


@pytest.mark.parametrize(
    "scope,where",
    [
        ({"project": {"id": PROJECT}}, PROJECT),
        ({"project": {"name": "eu-de_empty"}}, EMPTY_PROJECT),
        ({"project": {"name": "eu-de", "domain": {"name": DOMAIN["name"]}}}, PROJECT),
        ({"project": {"name": "eu-de", "domain": {"id": DOMAIN["id"]}}}, PROJECT),
        # If both are given, the project counts.
        ({"project": {"id": EMPTY_PROJECT}, "domain": {"id": DOMAIN["id"]}}, EMPTY_PROJECT),
        ({"domain": {"name": DOMAIN["name"]}}, None),
        (None, None),
    ],
    ids=str,
)
def test_token_opens_only_the_project_of_its_scope(sandbox, lts, scope, where):
    text, token = sign_in(sandbox, scope=scope)
    assert token.get("project", {}).get("id") == where
    assert ("domain" in token) == bool(scope and not where)
    assert [entry["type"] for entry in token["catalog"]] == ["identity", *(["ltsv2"] if where else [])]
    for project in (PROJECT, EMPTY_PROJECT, DELEGATED):
        assert (lts("GET", "/groups", token=text, project=project).status_code == 200) is (project == where)


@pytest.mark.parametrize(
    "scope",
    [
        {"project": {"name": "eu-nl"}},
        {"project": {"id": DELEGATED}},
        {"project": {"name": "eu-de", "domain": {"name": OTHER["name"]}}},
        {"domain": {"id": OTHER["id"]}},
    ],
    ids=str,
)
def test_scope_without_access_is_refused(sandbox, scope):
    text = "The request you have made requires authentication."
    assert_error(call_iam(sandbox, "POST", json=password(scope=scope)), 401, text, "Unauthorized")
    sandbox.variants(missing_scope_status=404)
    response = call_iam(sandbox, "POST", json=password(scope=scope))
    assert response.status_code == 404 and response.json()["error"]["message"].startswith("Could not find ")


def test_user_sees_only_own_projects(sandbox):
    assert call_iam(sandbox, "POST", json=password("log-visitor")).status_code == 401
    token, _body = sign_in(sandbox, name="log-visitor", scope={"project": {"name": "eu-de_empty"}})
    projects = call_iam(sandbox, "GET", "/projects", token).json()["projects"]
    assert [project["id"] for project in projects] == [EMPTY_PROJECT]


def test_user_can_be_named_by_id(sandbox):
    sign_in(sandbox, domain={"id": DOMAIN["id"]})
    body = password()
    body["auth"]["identity"]["password"]["user"] = {"id": OPERATOR_ID, "password": PASSWORDS["log-operator"]}
    assert call_iam(sandbox, "POST", json=body).json()["token"]["user"]["name"] == "log-operator"


def test_nocatalog_leaves_out_catalog(sandbox):
    response = call_iam(sandbox, "POST", "/auth/tokens?nocatalog=1", json=password())
    assert response.status_code == 201 and "catalog" not in response.json()["token"]


@pytest.mark.parametrize(
    "user", [{"password": "wrong"}, {"name": "nobody", "password": "x"}, {"domain": {"name": OTHER["name"]}}], ids=str
)
def test_wrong_credentials_are_refused(sandbox, user):
    assert_error(call_iam(sandbox, "POST", json=password(**user)), 401, WRONG, "Unauthorized")
    sandbox.variants(iam_error_form="iam")
    response = call_iam(sandbox, "POST", json=password(**user))
    assert (response.status_code, response.json()) == (
        401,
        {"error_code": "IAM.0062", "error_msg": "Incorrect password."},
    )


def test_locked_user_is_refused(sandbox):
    assert_error(
        call_iam(sandbox, "POST", json=password("log-operator-locked")), 401, "Account locked.", "Unauthorized"
    )
    sandbox.variants(iam_error_form="iam")
    response = call_iam(sandbox, "POST", json=password("log-operator-locked"))
    assert response.json() == {"error_code": "IAM.0061", "error_msg": "Account locked."}


@pytest.mark.parametrize(
    "body,text",
    [
        ({}, "'auth' is a required property."),
        ({"auth": {}}, "'identity' is a required property."),
        ({"auth": {"identity": {"password": {}}}}, "'methods' is a required property."),
        ({"auth": {"identity": {"methods": ["token"]}}}, "Request body is invalid."),
        ({"auth": {"identity": {"methods": ["password"]}}}, "'password' is a required property."),
        (password(domain=None), "'domain' is a required property."),
        (password(domain={}), "'name' is a required property."),
        (password(password=7), "'password' is a required property."),
        (password(scope={"project": {}}), "'name' is a required property."),
        ([], "Request body is invalid."),
    ],
    ids=str,
)
def test_invalid_body_is_refused(sandbox, body, text):
    assert_error(call_iam(sandbox, "POST", json=body), 400, text, "Bad Request")


def test_passcode_is_accepted_once(sandbox, lts):
    def attempt(**passcode):
        given = {"id": MFA_ID, "passcode": PASSCODE, **passcode}
        return call_iam(sandbox, "POST", json=password("log-operator-mfa", passcode=given))

    assert_error(attempt(passcode="123456"), 401, WRONG, "Unauthorized")
    assert_error(attempt(id=OPERATOR_ID), 401, WRONG, "Unauthorized")
    response = attempt()
    assert response.status_code == 201 and response.json()["token"]["methods"] == ["password", "totp"]
    assert lts("GET", "/groups", token=response.headers["X-Subject-Token"]).status_code == 200
    # The second use is refused.
    assert_error(attempt(), 401, WRONG, "Unauthorized")
    sandbox.variants(passcode_once=False)
    assert attempt().status_code == 201


def test_sign_in_without_passcode_is_refused(sandbox):
    assert call_iam(sandbox, "POST", json=password("log-operator-mfa")).status_code == 401
    sandbox.variants(passcode_demanded=False)
    sign_in(sandbox, name="log-operator-mfa")
    given = {"id": OPERATOR_ID, "passcode": ""}
    assert call_iam(sandbox, "POST", json=password(passcode=given)).status_code == 401


@pytest.mark.parametrize("domain", [{"domain_name": OTHER["name"]}, {"domain_id": OTHER["id"]}])
@pytest.mark.parametrize("field", ["xrole_name", "agency_name"])
def test_assumed_agency_opens_delegated_project(sandbox, lts, field, domain):
    caller, _body = sign_in(sandbox, scope={"domain": {"name": DOMAIN["name"]}})
    response = assume_agency(sandbox, caller, domain=domain, **{field: "log-caretaker"})
    token = response.json()["token"]
    assert response.status_code == 201 and token["methods"] == ["assume_role"]
    assert (token["user"]["name"], token["user"]["domain"]) == (f"{OTHER['name']}/log-caretaker", OTHER)
    assert token["assumed_by"] == {"user": {"id": OPERATOR_ID, "name": "log-operator", "domain": DOMAIN}}
    assert token["project"] == {"id": DELEGATED, "name": "eu-de", "domain": OTHER}
    text = response.headers["X-Subject-Token"]
    groups = lts("GET", "/groups", token=text, project=DELEGATED).json()["log_groups"]
    assert [group["log_group_name"] for group in groups] == ["delegated"]
    assert lts("GET", "/groups", token=text).json()["error_code"] == "LTS.0001"
    assert [project["id"] for project in call_iam(sandbox, "GET", "/projects", text).json()["projects"]] == [DELEGATED]


@pytest.mark.parametrize("field,other", [("xrole_name", "agency_name"), ("agency_name", "xrole_name")])
def test_only_agency_field_of_variant_is_accepted(sandbox, field, other):
    sandbox.variants(agency_field=field)
    caller, _body = sign_in(sandbox)
    response = assume_agency(sandbox, caller, **{other: "log-caretaker"})
    assert_error(response, 400, f"'{field}' is a required property.", "Bad Request")
    assert assume_agency(sandbox, caller, **{field: "log-caretaker"}).status_code == 201


def test_agency_that_cannot_be_assumed_is_refused(sandbox, seed):
    caller, _body = sign_in(sandbox)
    text = "Could not find agency: nobody."
    assert_error(assume_agency(sandbox, caller, xrole_name="nobody"), 404, text, "Not Found")
    assert assume_agency(sandbox, caller, domain={"domain_name": "x"}, xrole_name="log-caretaker").status_code == 404
    assert (
        assume_agency(sandbox, caller, scope={"project": {"id": PROJECT}}, xrole_name="log-caretaker").status_code
        == 401
    )
    assert assume_agency(sandbox, "nonsense", xrole_name="log-caretaker").status_code == 401
    assert assume_agency(sandbox, None, xrole_name="log-caretaker").status_code == 401
    assert assume_agency(sandbox, caller).status_code == 400
    seed["iam"]["domains"][1]["agencies"][0]["trusts"] = "OTC00000000001000000003"
    sandbox.control("POST", "reset", seed)
    caller, _body = sign_in(sandbox)
    text = "You are not authorized to perform the requested action."
    assert_error(assume_agency(sandbox, caller, xrole_name="log-caretaker"), 403, text, "Forbidden")


def test_token_expires_on_the_clock(sandbox, lts):
    sandbox.clock(frozen=True)
    token, _body = sign_in(sandbox)
    sandbox.variants(iam_token_seconds=100)
    short, _body = sign_in(sandbox)
    sandbox.clock(advance=99)
    assert lts("GET", "/groups", token=short).status_code == 200
    sandbox.clock(advance=1)
    assert lts("GET", "/groups", token=short).status_code == 401
    sandbox.clock(advance=86400 - 101)
    assert lts("GET", "/groups", token=token).status_code == 200
    sandbox.clock(advance=1)
    assert lts("GET", "/groups", token=token).status_code == 401
    assert_error(call_iam(sandbox, "GET", "/projects", token), 401, "Invalid token.", "Unauthorized")


def test_token_can_be_validated_until_revoked(sandbox, lts):
    (token, body), (other, _body) = sign_in(sandbox), sign_in(sandbox)
    response = call_iam(sandbox, "GET", token=other, headers={"X-Subject-Token": token})
    assert response.status_code == 200 and response.json() == {"token": body}
    assert response.headers["X-Subject-Token"] == token
    assert call_iam(sandbox, "DELETE", token=other, headers={"X-Subject-Token": token}).status_code == 204
    assert lts("GET", "/groups", token=token).status_code == 401
    assert lts("GET", "/groups", token=other).status_code == 200
    for method in ("GET", "DELETE"):
        assert call_iam(sandbox, method, token=other, headers={"X-Subject-Token": token}).status_code == 404
        assert call_iam(sandbox, method, token=other).status_code == 400
        assert call_iam(sandbox, method, headers={"X-Subject-Token": other}).status_code == 401
        assert call_iam(sandbox, method, token=EXPIRED_TOKEN, headers={"X-Subject-Token": other}).status_code == 401
    assert call_iam(sandbox, "DELETE", token=other, headers={"X-Subject-Token": other}).status_code == 204
    assert lts("GET", "/groups", token=other).status_code == 401
    # Seeded tokens are known to IAM too.
    assert (
        call_iam(sandbox, "GET", token=VALID_TOKEN, headers={"X-Subject-Token": VALID_TOKEN}).json()["token"][
            "project"
        ]["id"]
        == PROJECT
    )


def test_projects_are_listed_for_tokens_and_signatures(sandbox):
    def ids(response):
        assert response.status_code == 200
        return [project["id"] for project in response.json()["projects"]]

    token, _body = sign_in(sandbox)
    assert ids(call_iam(sandbox, "GET", "/projects", token)) == [PROJECT, EMPTY_PROJECT]
    response = call_iam(sandbox, "GET", "/projects?name=eu-de", token)
    project = response.json()["projects"][0]
    assert ids(response) == [PROJECT] and (project["name"], project["domain_id"]) == ("eu-de", DOMAIN["id"])
    assert ids(call_iam(sandbox, "GET", "/projects?name=eu", VALID_TOKEN)) == []
    for form in ("access", "credential"):
        query = [("name", "eu-de_empty")]
        assert ids(signed(sandbox, "GET", "/v3/projects", form=form, query=query)) == [EMPTY_PROJECT]
        assert ids(signed(sandbox, "GET", "/v3/projects", VISITOR, form)) == [EMPTY_PROJECT]
    assert_refused(signed(sandbox, "GET", "/v3/projects", (KEY[0], "wrong")))
    text = "The request you have made requires authentication."
    assert_error(call_iam(sandbox, "GET", "/projects"), 401, text, "Unauthorized")
    assert_error(call_iam(sandbox, "GET", "/nothing", token), 404, "Could not find resource: /v3/nothing.", "Not Found")


def test_fault_has_error_format_of_variant(sandbox):
    for status, code in ((401, "IAM.0001"), (429, "IAM.0012"), (500, "IAM.0006"), (503, "IAM.0006")):
        sandbox.variants(iam_error_form="keystone")
        sandbox.fault("status", match={"path": "/v3"}, times=2, status=status)
        assert call_iam(sandbox, "POST", json=password()).json()["error"]["code"] == status
        sandbox.variants(iam_error_form="iam")
        response = call_iam(sandbox, "POST", json=password())
        assert (response.status_code, response.json()["error_code"]) == (status, code)
    sandbox.variants(iam_error_form="keystone")
    sandbox.fault("status", match={"path": "/v3"}, status=401, code="IAM.0066", message="The token has expired.")
    response = call_iam(sandbox, "POST", json=password())
    assert response.json() == {"error_code": "IAM.0066", "error_msg": "The token has expired."}


def test_sign_in_does_not_change_state(sandbox):
    before = sandbox.state()
    sign_in(sandbox)
    assert sandbox.state() == before and sandbox.acted() == 0
    assert set(before["lts"]) == {PROJECT, EMPTY_PROJECT, DELEGATED}


def test_seed_without_iam_has_no_users_or_projects(sandbox, seed):
    sandbox.control("POST", "reset", {"lts": seed["lts"]})
    assert call_iam(sandbox, "POST", json=password()).status_code == 401
    assert call_iam(sandbox, "GET", "/projects", VALID_TOKEN).json()["projects"] == []
    assert (
        "user"
        not in call_iam(sandbox, "GET", token=VALID_TOKEN, headers={"X-Subject-Token": VALID_TOKEN}).json()["token"]
    )
