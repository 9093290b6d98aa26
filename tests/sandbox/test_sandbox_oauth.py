# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service accounts and their tokens."""

from __future__ import annotations

import pytest
import requests
from sandbox_client import ATLAS, LOGS, V2
from test_sandbox_log_collection import PROJECT, assert_error

CLIENT = ("mdb_sa_id_66f1c0de00000000000000d1", "mdb_sa_sk_sandbox-Qm7vT2xR9wLk4ZpB8nYd")
STUDIO = ("mdb_sa_id_66f1c0de00000000000000d2", "mdb_sa_sk_sandbox-Hc5jW8uE1sGf6XoA3tNq")
RESTORES = f"/api/atlas/v2/groups/{ATLAS}/clusters/blue/backup/restoreJobs"
STUDIO_LOGS = LOGS.replace(PROJECT, "66f1c0de0000000000000004")


def post(box, name="token", client=CLIENT, **form):
    return requests.post(f"{box.url}/api/oauth/{name}", data=form, auth=client, timeout=10)


def new_token(box, client=CLIENT):
    answer = post(box, client=client, grant_type="client_credentials")
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


def bearer(box, token, path=RESTORES, method="GET"):
    headers = {**V2, "Authorization": f"Bearer {token}"}
    return requests.request(method, box.url + path, headers=headers, timeout=10)


def assert_oauth_error(answer, status, error):
    assert answer.status_code == status and answer.headers["Content-Type"] == "application/json"
    assert set(answer.json()) == {"error", "error_description"} and answer.json()["error"] == error


def assert_unknown(answer):
    assert answer.status_code == 401 and "WWW-Authenticate" not in answer.headers
    assert list(answer.json()) == ["detail", "error", "errorCode", "parameters", "reason"]


def test_a_token_opens_what_a_key_opens(box):
    answer = post(box, grant_type="client_credentials")
    body = answer.json()
    assert answer.status_code == 200 and list(body) == ["access_token", "expires_in", "token_type"]
    assert (body["expires_in"], body["token_type"]) == (3600, "Bearer")
    token = body["access_token"]
    assert len(token.split(".")) == 3 and 150 < len(token) < 250
    assert bearer(box, token).json()["totalCount"] == 12
    assert bearer(box, token, f"{RESTORES}/66f1c0de00000000000000b2", "DELETE").status_code == 204
    assert bearer(box, token, STUDIO_LOGS).json()["totalCount"] == 1
    assert box.requests()[0]["service"] == "oauth" and not box.requests()[0]["acted"]
    assert box.restores("GET").status_code == 200  # a key still does, too
    assert {token, CLIENT[1], STUDIO[1]} <= set(box.secrets())


def test_ops_manager_knows_no_service_accounts(box):
    answer = bearer(box, new_token(box), LOGS)
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Digest ")


def test_an_account_sees_its_own_projects_only(box):
    token = new_token(box, STUDIO)
    assert bearer(box, token, STUDIO_LOGS).status_code == 200
    assert_error(bearer(box, token), 401, "NOT_IN_GROUP", [])


def test_tokens_end(box):
    box.clock(frozen=True)
    box.variants(token_seconds=100)
    token = new_token(box)
    box.clock(advance=99)
    assert bearer(box, token).status_code == 200
    box.clock(advance=1)
    assert_unknown(bearer(box, token))
    assert_unknown(bearer(box, "made.up.token"))
    assert box.state()["oauth"] == {"live_tokens": 0, "issued": 1}


def test_revoke(box):
    assert "oauth" not in box.state()
    token, other = new_token(box), new_token(box)
    assert box.state()["oauth"] == {"live_tokens": 2, "issued": 2}
    # Somebody else's token is not revoked, but nobody is told.
    assert post(box, "revoke", STUDIO, token=token).status_code == 200
    assert bearer(box, token).status_code == 200
    answer = post(box, "revoke", token=token, token_type_hint="access_token")
    assert (answer.status_code, answer.content) == (200, b"")
    assert_unknown(bearer(box, token))
    assert bearer(box, other).status_code == 200
    assert box.state()["oauth"] == {"live_tokens": 1, "issued": 2}
    assert post(box, "revoke", token=token).status_code == 200
    assert_oauth_error(post(box, "revoke"), 400, "invalid_request")


@pytest.mark.parametrize("client", [None, ("x", "y"), (CLIENT[0], STUDIO[1]), (CLIENT[0], "")])
def test_wrong_credentials(box, client):
    for name in ("token", "revoke"):
        answer = post(box, name, client, grant_type="client_credentials")
        assert_oauth_error(answer, 401, "invalid_client")
        assert answer.json()["error_description"] == "Invalid credentials provided."


@pytest.mark.parametrize("header", ["Basic", "Basic ###", "Basic /w==", "Bearer x"])
def test_malformed_credentials(box, header):
    answer = requests.post(f"{box.url}/api/oauth/token", headers={"Authorization": header}, timeout=10)
    assert_oauth_error(answer, 401, "invalid_client")


def test_bad_requests(box):
    assert_oauth_error(post(box, grant_type="password"), 400, "unsupported_grant_type")
    assert_oauth_error(post(box, scope="x"), 400, "invalid_request")
    url = f"{box.url}/api/oauth/token"
    answer = requests.post(url, json={"grant_type": "client_credentials"}, auth=CLIENT, timeout=10)
    assert_oauth_error(answer, 400, "invalid_request")
    assert requests.get(url, auth=CLIENT, timeout=10).status_code == 404
    assert post(box, "nothing").status_code == 404


@pytest.mark.parametrize("form", ["api", "oauth"])
def test_limit(box, form):
    box.clock(frozen=True)
    box.variants(token_limit=3, token_limit_form=form)
    for _number in range(3):
        new_token(box)
    answer = post(box, grant_type="client_credentials")
    if form == "api":
        assert_error(answer, 429, "RATE_LIMITED", ["/api/oauth/token", 3, 1])
    else:
        assert_oauth_error(answer, 429, "rate_limited")
    new_token(box, STUDIO)  # counted for each account
    box.variants(retry_after=False)
    assert "Retry-After" not in post(box, grant_type="client_credentials").headers
    box.clock(advance=int(answer.headers["Retry-After"]))
    new_token(box)


def test_access_list(box):
    box.variants(token_access_list=True)
    assert_oauth_error(post(box, grant_type="client_credentials"), 403, "access_denied")
    box.variants(token_access_list=False, access_denied="IP_ADDRESS_NOT_ON_ACCESS_LIST")
    answer = bearer(box, new_token(box))
    assert_error(answer, 403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", ["127.0.0.1"])


@pytest.mark.parametrize("status,error", [(400, "invalid_request"), (401, "invalid_client"), (500, "server_error")])
def test_faults_have_the_form_of_the_service(box, status, error):
    box.fault(at=1, kind="status", status=status)
    assert_oauth_error(post(box, grant_type="client_credentials"), status, error)


def test_a_fault_in_the_form_of_the_api(box):
    box.fault(at=1, kind="status", status=429, retry_after=5)
    answer = post(box, grant_type="client_credentials")
    assert answer.json()["errorCode"] == "RATE_LIMITED" and answer.headers["Retry-After"] == "5"
