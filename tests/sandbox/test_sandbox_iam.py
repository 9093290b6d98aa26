# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
import requests
from test_sandbox_lts import EXPIRED, GOOD, PROJECT
from test_sandbox_signatures import EMPTY, KEY, VISITOR, assert_refused, signed

DOMAIN = {"id": "d1a2b3c4d5e6f708192a3b4c5d6e7f80", "name": "OTC00000000001000000001"}
OTHER = {"id": "e8f7061524334251607f8e9dacbbcad9", "name": "OTC00000000001000000002"}
DELEGATED = "00112233445566778899aabbccddeeff"
OPERATOR_ID, MFA_ID = (f"a0b1c2d3e4f5061728394a5b6c7d8e0{n}" for n in (1, 2))
PASSWORDS = {
    "log-operator": "Maple7-Orbit-zinc-2f9c41d8-Quarry",
    "log-operator-mfa": "Cobalt4-Ferry-moss-8a17e35b-Lantern",
    "log-operator-locked": "Thistle9-Anvil-reed-c60b72fa-Harbor",
    "log-visitor": "Juniper2-Sextant-clay-13d9e84c-Pebble",
}
PASSCODE = "48151623426178093546"
WRONG = "The username or password is wrong."
SCOPE = {"project": {"name": "eu-de"}}


def ask(box, method, path="/auth/tokens", token=None, **options):
    headers = {"X-Auth-Token": token} if token else {}
    headers.update(options.pop("headers", {}))
    return requests.request(method, f"{box.url}/v3{path}", headers=headers, timeout=10, **options)


def password(name="log-operator", passcode=None, **user):
    """The body of a sign-in, for SCOPE unless another scope is given."""
    scope = user.pop("scope", SCOPE)
    user = {"name": name, "password": PASSWORDS.get(name), "domain": {"name": DOMAIN["name"]}, **user}
    identity = {"methods": ["password"], "password": {"user": user}}
    if passcode:
        identity = {"methods": ["password", "totp"], "password": {"user": user}, "totp": {"user": passcode}}
    return {"auth": {"identity": identity, **({"scope": scope} if scope else {})}}


def sign_in(box, **options):
    answer = ask(box, "POST", json=password(**options))
    assert answer.status_code == 201, answer.text
    return answer.headers["X-Subject-Token"], answer.json()["token"]


def assert_error(answer, status, message, title):
    assert answer.json() == {"error": {"code": status, "message": message, "title": title}}
    assert answer.status_code == status


def test_version(box):
    for path in ("", "/"):
        links = [{"rel": "self", "href": f"{box.url}/v3/"}]
        version = {"id": "v3.6", "status": "stable", "links": links, "media-types": []}
        assert ask(box, "GET", path).json() == {"version": version}
    assert box.requests()[0]["service"] == "iam"


def test_password(box, lts):
    text, token = sign_in(box)
    assert text.startswith("MII") and 1000 <= len(text) <= 2000
    assert list(token) == ["methods", "expires_at", "issued_at", "user", "project", "roles", "catalog"]
    assert token["methods"] == ["password"]
    assert token["user"] == {"id": OPERATOR_ID, "name": "log-operator", "domain": DOMAIN}
    assert token["project"] == {"id": PROJECT, "name": "eu-de", "domain": DOMAIN}
    assert token["expires_at"].endswith("Z") and len(token["expires_at"]) == 27
    places = {entry["type"]: entry["endpoints"][0] for entry in token["catalog"]}
    assert {kind: (place["url"], place["region"]) for kind, place in places.items()} == {
        "identity": (f"{box.url}/v3", "*"),
        "ltsv2": (f"{box.url}/v2", "eu-de"),
    }
    assert len(lts("GET", "/groups", token=text).json()["log_groups"]) == 3
    assert lts("GET", "/groups", token=text, project=EMPTY).json()["error_code"] == "LTS.0001"
    assert lts("GET", "/groups").status_code == 200  # the tokens of the seed still do, too


def test_nothing_secret_is_in_the_log(box):
    text, _token = sign_in(box)
    assert {text, PASSCODE, *PASSWORDS.values()} <= set(box.secrets())
    assert not any(secret in str(box.requests()) for secret in box.secrets())
    assert box.requests()[0]["sign_in"] == "none" and box.acted() == 0


@pytest.mark.parametrize(
    "scope,where",
    [
        ({"project": {"id": PROJECT}}, PROJECT),
        ({"project": {"name": "eu-de_empty"}}, EMPTY),
        ({"project": {"name": "eu-de", "domain": {"name": DOMAIN["name"]}}}, PROJECT),
        ({"project": {"name": "eu-de", "domain": {"id": DOMAIN["id"]}}}, PROJECT),
        # A project comes before a domain.
        ({"project": {"id": EMPTY}, "domain": {"id": DOMAIN["id"]}}, EMPTY),
        ({"domain": {"name": DOMAIN["name"]}}, None),
        (None, None),
    ],
    ids=str,
)
def test_scopes(box, lts, scope, where):
    text, token = sign_in(box, scope=scope)
    assert token.get("project", {}).get("id") == where
    assert ("domain" in token) == bool(scope and not where)
    assert [entry["type"] for entry in token["catalog"]] == ["identity", *(["ltsv2"] if where else [])]
    for project in (PROJECT, EMPTY, DELEGATED):
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
def test_scopes_that_the_user_does_not_have(box, scope):
    text = "The request you have made requires authentication."
    assert_error(ask(box, "POST", json=password(scope=scope)), 401, text, "Unauthorized")
    box.variants(missing_scope_status=404)
    answer = ask(box, "POST", json=password(scope=scope))
    assert answer.status_code == 404 and answer.json()["error"]["message"].startswith("Could not find ")


def test_a_user_sees_the_own_projects_only(box):
    assert ask(box, "POST", json=password("log-visitor")).status_code == 401
    token, _body = sign_in(box, name="log-visitor", scope={"project": {"name": "eu-de_empty"}})
    projects = ask(box, "GET", "/projects", token).json()["projects"]
    assert [project["id"] for project in projects] == [EMPTY]


def test_other_ways_to_name_the_user(box):
    sign_in(box, domain={"id": DOMAIN["id"]})
    body = password()
    body["auth"]["identity"]["password"]["user"] = {"id": OPERATOR_ID, "password": PASSWORDS["log-operator"]}
    assert ask(box, "POST", json=body).json()["token"]["user"]["name"] == "log-operator"


def test_without_a_catalog(box):
    answer = ask(box, "POST", "/auth/tokens?nocatalog=1", json=password())
    assert answer.status_code == 201 and "catalog" not in answer.json()["token"]


@pytest.mark.parametrize(
    "user", [{"password": "wrong"}, {"name": "nobody", "password": "x"}, {"domain": {"name": OTHER["name"]}}], ids=str
)
def test_wrong_password(box, user):
    assert_error(ask(box, "POST", json=password(**user)), 401, WRONG, "Unauthorized")
    box.variants(iam_error_form="iam")
    answer = ask(box, "POST", json=password(**user))
    assert (answer.status_code, answer.json()) == (
        401,
        {"error_code": "IAM.0062", "error_msg": "Incorrect password."},
    )


def test_locked(box):
    assert_error(ask(box, "POST", json=password("log-operator-locked")), 401, "Account locked.", "Unauthorized")
    box.variants(iam_error_form="iam")
    answer = ask(box, "POST", json=password("log-operator-locked"))
    assert answer.json() == {"error_code": "IAM.0061", "error_msg": "Account locked."}


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
def test_bad_bodies(box, body, text):
    assert_error(ask(box, "POST", json=body), 400, text, "Bad Request")


def test_passcode(box, lts):
    def attempt(**passcode):
        given = {"id": MFA_ID, "passcode": PASSCODE, **passcode}
        return ask(box, "POST", json=password("log-operator-mfa", passcode=given))

    assert_error(attempt(passcode="123456"), 401, WRONG, "Unauthorized")
    assert_error(attempt(id=OPERATOR_ID), 401, WRONG, "Unauthorized")
    answer = attempt()
    assert answer.status_code == 201 and answer.json()["token"]["methods"] == ["password", "totp"]
    assert lts("GET", "/groups", token=answer.headers["X-Subject-Token"]).status_code == 200
    # It is good once.
    assert_error(attempt(), 401, WRONG, "Unauthorized")
    box.variants(passcode_once=False)
    assert attempt().status_code == 201


def test_a_passcode_is_needed(box):
    assert ask(box, "POST", json=password("log-operator-mfa")).status_code == 401
    box.variants(passcode_demanded=False)
    sign_in(box, name="log-operator-mfa")
    given = {"id": OPERATOR_ID, "passcode": ""}
    assert ask(box, "POST", json=password(passcode=given)).status_code == 401


def assume(box, token, domain=None, **agency):
    scope = agency.pop("scope", SCOPE)
    role = {**(domain or {"domain_name": OTHER["name"]}), **agency}
    identity = {"methods": ["assume_role"], "assume_role": role}
    return ask(box, "POST", token=token, json={"auth": {"identity": identity, "scope": scope}})


@pytest.mark.parametrize("domain", [{"domain_name": OTHER["name"]}, {"domain_id": OTHER["id"]}])
@pytest.mark.parametrize("field", ["xrole_name", "agency_name"])
def test_agency(box, lts, field, domain):
    caller, _body = sign_in(box, scope={"domain": {"name": DOMAIN["name"]}})
    answer = assume(box, caller, domain=domain, **{field: "log-caretaker"})
    token = answer.json()["token"]
    assert answer.status_code == 201 and token["methods"] == ["assume_role"]
    assert (token["user"]["name"], token["user"]["domain"]) == (f"{OTHER['name']}/log-caretaker", OTHER)
    assert token["assumed_by"] == {"user": {"id": OPERATOR_ID, "name": "log-operator", "domain": DOMAIN}}
    assert token["project"] == {"id": DELEGATED, "name": "eu-de", "domain": OTHER}
    text = answer.headers["X-Subject-Token"]
    groups = lts("GET", "/groups", token=text, project=DELEGATED).json()["log_groups"]
    assert [group["log_group_name"] for group in groups] == ["delegated"]
    assert lts("GET", "/groups", token=text).json()["error_code"] == "LTS.0001"
    assert [project["id"] for project in ask(box, "GET", "/projects", text).json()["projects"]] == [DELEGATED]


@pytest.mark.parametrize("field,other", [("xrole_name", "agency_name"), ("agency_name", "xrole_name")])
def test_one_name_of_the_agency_may_be_the_only_one(box, field, other):
    box.variants(agency_field=field)
    caller, _body = sign_in(box)
    answer = assume(box, caller, **{other: "log-caretaker"})
    assert_error(answer, 400, f"'{field}' is a required property.", "Bad Request")
    assert assume(box, caller, **{field: "log-caretaker"}).status_code == 201


def test_agencies_that_do_not_open(box, seed):
    caller, _body = sign_in(box)
    text = "Could not find agency: nobody."
    assert_error(assume(box, caller, xrole_name="nobody"), 404, text, "Not Found")
    assert assume(box, caller, domain={"domain_name": "x"}, xrole_name="log-caretaker").status_code == 404
    assert assume(box, caller, scope={"project": {"id": PROJECT}}, xrole_name="log-caretaker").status_code == 401
    assert assume(box, "nonsense", xrole_name="log-caretaker").status_code == 401
    assert assume(box, None, xrole_name="log-caretaker").status_code == 401
    assert assume(box, caller).status_code == 400
    seed["iam"]["domains"][1]["agencies"][0]["trusts"] = "OTC00000000001000000003"
    box.control("POST", "reset", seed)
    caller, _body = sign_in(box)
    text = "You are not authorized to perform the requested action."
    assert_error(assume(box, caller, xrole_name="log-caretaker"), 403, text, "Forbidden")


def test_tokens_end(box, lts):
    box.clock(frozen=True)
    token, _body = sign_in(box)
    box.variants(iam_token_seconds=100)
    short, _body = sign_in(box)
    box.clock(advance=99)
    assert lts("GET", "/groups", token=short).status_code == 200
    box.clock(advance=1)
    assert lts("GET", "/groups", token=short).status_code == 401
    box.clock(advance=86400 - 101)
    assert lts("GET", "/groups", token=token).status_code == 200
    box.clock(advance=1)
    assert lts("GET", "/groups", token=token).status_code == 401
    assert_error(ask(box, "GET", "/projects", token), 401, "Invalid token.", "Unauthorized")


def test_validate_and_revoke(box, lts):
    (token, body), (other, _body) = sign_in(box), sign_in(box)
    answer = ask(box, "GET", token=other, headers={"X-Subject-Token": token})
    assert answer.status_code == 200 and answer.json() == {"token": body}
    assert answer.headers["X-Subject-Token"] == token
    assert ask(box, "DELETE", token=other, headers={"X-Subject-Token": token}).status_code == 204
    assert lts("GET", "/groups", token=token).status_code == 401
    assert lts("GET", "/groups", token=other).status_code == 200
    for method in ("GET", "DELETE"):
        assert ask(box, method, token=other, headers={"X-Subject-Token": token}).status_code == 404
        assert ask(box, method, token=other).status_code == 400
        assert ask(box, method, headers={"X-Subject-Token": other}).status_code == 401
        assert ask(box, method, token=EXPIRED, headers={"X-Subject-Token": other}).status_code == 401
    assert ask(box, "DELETE", token=other, headers={"X-Subject-Token": other}).status_code == 204
    assert lts("GET", "/groups", token=other).status_code == 401
    # The tokens of the seed are tokens like all others.
    assert ask(box, "GET", token=GOOD, headers={"X-Subject-Token": GOOD}).json()["token"]["project"]["id"] == PROJECT


def test_projects(box):
    def ids(answer):
        assert answer.status_code == 200
        return [project["id"] for project in answer.json()["projects"]]

    token, _body = sign_in(box)
    assert ids(ask(box, "GET", "/projects", token)) == [PROJECT, EMPTY]
    answer = ask(box, "GET", "/projects?name=eu-de", token)
    project = answer.json()["projects"][0]
    assert ids(answer) == [PROJECT] and (project["name"], project["domain_id"]) == ("eu-de", DOMAIN["id"])
    assert ids(ask(box, "GET", "/projects?name=eu", GOOD)) == []
    for form in ("access", "credential"):
        query = [("name", "eu-de_empty")]
        assert ids(signed(box, "GET", "/v3/projects", form=form, query=query)) == [EMPTY]
        assert ids(signed(box, "GET", "/v3/projects", VISITOR, form)) == [EMPTY]
    assert_refused(signed(box, "GET", "/v3/projects", (KEY[0], "wrong")))
    text = "The request you have made requires authentication."
    assert_error(ask(box, "GET", "/projects"), 401, text, "Unauthorized")
    assert_error(ask(box, "GET", "/nothing", token), 404, "Could not find resource: /v3/nothing.", "Not Found")


def test_faults_have_the_form_of_the_service(box):
    for status, code in ((401, "IAM.0001"), (429, "IAM.0012"), (500, "IAM.0006"), (503, "IAM.0006")):
        box.variants(iam_error_form="keystone")
        box.fault("status", match={"path": "/v3"}, times=2, status=status)
        assert ask(box, "POST", json=password()).json()["error"]["code"] == status
        box.variants(iam_error_form="iam")
        answer = ask(box, "POST", json=password())
        assert (answer.status_code, answer.json()["error_code"]) == (status, code)
    box.variants(iam_error_form="keystone")
    box.fault("status", match={"path": "/v3"}, status=401, code="IAM.0066", message="The token has expired.")
    answer = ask(box, "POST", json=password())
    assert answer.json() == {"error_code": "IAM.0066", "error_msg": "The token has expired."}


def test_signing_in_is_no_change(box):
    before = box.state()
    sign_in(box)
    assert box.state() == before and box.acted() == 0
    assert set(before["lts"]) == {PROJECT, EMPTY, DELEGATED}


def test_a_seed_without_iam(box, seed):
    box.control("POST", "reset", {"lts": seed["lts"]})
    assert ask(box, "POST", json=password()).status_code == 401
    assert ask(box, "GET", "/projects", GOOD).json()["projects"] == []
    assert "user" not in ask(box, "GET", token=GOOD, headers={"X-Subject-Token": GOOD}).json()["token"]
