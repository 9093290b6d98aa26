# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service accounts and their tokens."""

from __future__ import annotations

import pytest
import requests
from sandbox_client import ATLAS, LOGS, V2
from sandbox_mongodb import PROJECT, assert_error

CLIENT = ("mdb_sa_id_66f1c0de00000000000000d1", "mdb_sa_sk_sandbox-Qm7vT2xR9wLk4ZpB8nYd")
STUDIO = ("mdb_sa_id_66f1c0de00000000000000d2", "mdb_sa_sk_sandbox-Hc5jW8uE1sGf6XoA3tNq")
RESTORES = f"/api/atlas/v2/groups/{ATLAS}/clusters/blue/backup/restoreJobs"
STUDIO_LOGS = LOGS.replace(PROJECT, "66f1c0de0000000000000004")


def post(sandbox, name="token", client=CLIENT, **form):
    return requests.post(f"{sandbox.url}/api/oauth/{name}", data=form, auth=client, timeout=10)


def new_token(sandbox, client=CLIENT):
    response = post(sandbox, client=client, grant_type="client_credentials")
    assert response.status_code == 200, response.text
    return response.json()["access_token"]


def bearer(sandbox, token, path=RESTORES, method="GET"):
    headers = {**V2, "Authorization": f"Bearer {token}"}
    return requests.request(method, sandbox.url + path, headers=headers, timeout=10)


def assert_oauth_error(response, status, error):
    assert response.status_code == status and response.headers["Content-Type"] == "application/json"
    assert set(response.json()) == {"error", "error_description"} and response.json()["error"] == error


def assert_unknown(response):
    assert response.status_code == 401 and "WWW-Authenticate" not in response.headers
    assert list(response.json()) == ["detail", "error", "errorCode", "parameters", "reason"]


def test_token_opens_what_a_key_opens(sandbox):
    response = post(sandbox, grant_type="client_credentials")
    body = response.json()
    assert response.status_code == 200 and list(body) == ["access_token", "expires_in", "token_type"]
    assert (body["expires_in"], body["token_type"]) == (3600, "Bearer")
    token = body["access_token"]
    assert len(token.split(".")) == 3 and 150 < len(token) < 250
    assert bearer(sandbox, token).json()["totalCount"] == 12
    assert bearer(sandbox, token, f"{RESTORES}/66f1c0de00000000000000b2", "DELETE").status_code == 204
    assert bearer(sandbox, token, STUDIO_LOGS).json()["totalCount"] == 1
    assert sandbox.requests()[0]["service"] == "oauth" and not sandbox.requests()[0]["acted"]
    assert sandbox.restores("GET").status_code == 200  # keys still work
    assert {token, CLIENT[1], STUDIO[1]} <= set(sandbox.secrets())


def test_ops_manager_project_challenges_bearer_token(sandbox):
    response = bearer(sandbox, new_token(sandbox), LOGS)
    assert response.status_code == 401 and response.headers["WWW-Authenticate"].startswith("Digest ")


def test_account_is_refused_other_projects(sandbox):
    token = new_token(sandbox, STUDIO)
    assert bearer(sandbox, token, STUDIO_LOGS).status_code == 200
    assert_error(bearer(sandbox, token), 401, "NOT_IN_GROUP", [])


def test_token_expires_on_the_clock(sandbox):
    sandbox.clock(frozen=True)
    sandbox.variants(token_seconds=100)
    token = new_token(sandbox)
    sandbox.clock(advance=99)
    assert bearer(sandbox, token).status_code == 200
    sandbox.clock(advance=1)
    assert_unknown(bearer(sandbox, token))
    assert_unknown(bearer(sandbox, "made.up.token"))
    assert sandbox.state()["oauth"] == {"live_tokens": 0, "issued": 1}


def test_revoked_token_is_refused_and_foreign_token_survives(sandbox):
    assert "oauth" not in sandbox.state()
    token, other = new_token(sandbox), new_token(sandbox)
    assert sandbox.state()["oauth"] == {"live_tokens": 2, "issued": 2}
    # A token of another account is not revoked, but the response is the same.
    assert post(sandbox, "revoke", STUDIO, token=token).status_code == 200
    assert bearer(sandbox, token).status_code == 200
    response = post(sandbox, "revoke", token=token, token_type_hint="access_token")
    assert (response.status_code, response.content) == (200, b"")
    assert_unknown(bearer(sandbox, token))
    assert bearer(sandbox, other).status_code == 200
    assert sandbox.state()["oauth"] == {"live_tokens": 1, "issued": 2}
    assert post(sandbox, "revoke", token=token).status_code == 200
    assert_oauth_error(post(sandbox, "revoke"), 400, "invalid_request")


@pytest.mark.parametrize("client", [None, ("x", "y"), (CLIENT[0], STUDIO[1]), (CLIENT[0], "")])
def test_wrong_client_credentials_are_refused(sandbox, client):
    for name in ("token", "revoke"):
        response = post(sandbox, name, client, grant_type="client_credentials")
        assert_oauth_error(response, 401, "invalid_client")
        assert response.json()["error_description"] == "Invalid credentials provided."


@pytest.mark.parametrize("header", ["Basic", "Basic ###", "Basic /w==", "Bearer x"])
def test_malformed_authorization_header_is_refused(sandbox, header):
    response = requests.post(f"{sandbox.url}/api/oauth/token", headers={"Authorization": header}, timeout=10)
    assert_oauth_error(response, 401, "invalid_client")


def test_invalid_token_request_is_refused(sandbox):
    assert_oauth_error(post(sandbox, grant_type="password"), 400, "unsupported_grant_type")
    assert_oauth_error(post(sandbox, scope="x"), 400, "invalid_request")
    url = f"{sandbox.url}/api/oauth/token"
    response = requests.post(url, json={"grant_type": "client_credentials"}, auth=CLIENT, timeout=10)
    assert_oauth_error(response, 400, "invalid_request")
    assert requests.get(url, auth=CLIENT, timeout=10).status_code == 404
    assert post(sandbox, "nothing").status_code == 404


@pytest.mark.parametrize("form", ["api", "oauth"])
def test_token_requests_are_limited_per_account(sandbox, form):
    sandbox.clock(frozen=True)
    sandbox.variants(token_limit=3, token_limit_form=form)
    for _number in range(3):
        new_token(sandbox)
    response = post(sandbox, grant_type="client_credentials")
    if form == "api":
        assert_error(response, 429, "RATE_LIMITED", ["/api/oauth/token", 3, 1])
    else:
        assert_oauth_error(response, 429, "rate_limited")
    new_token(sandbox, STUDIO)  # each account has its own limit
    sandbox.variants(retry_after=False)
    assert "Retry-After" not in post(sandbox, grant_type="client_credentials").headers
    sandbox.clock(advance=int(response.headers["Retry-After"]))
    new_token(sandbox)


def test_access_list_refuses_token_or_request_by_variant(sandbox):
    sandbox.variants(token_access_list=True)
    assert_oauth_error(post(sandbox, grant_type="client_credentials"), 403, "access_denied")
    sandbox.variants(token_access_list=False, access_denied="IP_ADDRESS_NOT_ON_ACCESS_LIST")
    response = bearer(sandbox, new_token(sandbox))
    assert_error(response, 403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", ["127.0.0.1"])


@pytest.mark.parametrize("status,error", [(400, "invalid_request"), (401, "invalid_client"), (500, "server_error")])
def test_fault_has_oauth_error_format(sandbox, status, error):
    sandbox.fault(at=1, kind="status", status=status)
    assert_oauth_error(post(sandbox, grant_type="client_credentials"), status, error)


def test_fault_429_has_api_error_format(sandbox):
    sandbox.fault(at=1, kind="status", status=429, retry_after=5)
    response = post(sandbox, grant_type="client_credentials")
    assert response.json()["errorCode"] == "RATE_LIMITED" and response.headers["Retry-After"] == "5"
