# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import re
import subprocess

import pytest
import requests
from requests.auth import HTTPDigestAuth
from sandbox_client import LOGS, PRIVATE, PUBLIC

CHALLENGE = re.compile(
    r'Digest realm="MMS Public API", domain="", nonce="([A-Za-z0-9+/]{32})", '
    r'algorithm=(MD5|SHA-256), qop="auth", stale=(true|false)'
)
BODY = (
    '{\n  "error" : 401,\n  "reason" : "Unauthorized",\n'
    '  "detail" : "You are not authorized for this resource.",\n  "errorCode" : "UNEXPECTED_ERROR"\n}'
)


def challenge(response):
    """The nonce, the algorithm and the stale flag."""
    assert response.status_code == 401
    return CHALLENGE.fullmatch(response.headers["WWW-Authenticate"]).groups()


def header(nonce, nc=1, method="GET", uri=LOGS, algorithm="MD5", changes=None):
    """A valid Authorization header, in which some fields are changed."""
    digest = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[algorithm]

    def hashed(*parts):
        return digest(":".join(parts).encode()).hexdigest()

    count = f"{nc:08x}"
    secret = hashed(PUBLIC, "MMS Public API", PRIVATE)
    fields = {
        "username": f'"{PUBLIC}"',
        "realm": '"MMS Public API"',
        "nonce": f'"{nonce}"',
        "uri": f'"{uri}"',
        "qop": "auth",
        "nc": count,
        "cnonce": '"abc"',
        "algorithm": algorithm,
        "response": '"' + hashed(secret, nonce, count, "abc", "auth", hashed(method, uri)) + '"',
        **(changes or {}),
    }
    return {"Authorization": "Digest " + ", ".join(f"{k}={v}" for k, v in fields.items() if v is not None)}


def send(sandbox, headers, path=LOGS):
    return sandbox.get(path, headers=headers)


def nonce_of(sandbox):
    return challenge(sandbox.get(LOGS))[0]


def test_challenge_matches_the_recorded_response(sandbox):
    response = sandbox.get(LOGS)
    nonce, algorithm, stale = challenge(response)
    assert (algorithm, stale) == ("MD5", "false")
    assert response.text == BODY and len(response.content) == 142
    assert response.headers["Content-Type"] == "application/json"
    assert "X-Error-Code" not in response.headers and "RateLimit-Limit" not in response.headers
    assert challenge(sandbox.get(LOGS))[0] != nonce


def test_valid_response_is_accepted_and_nonce_is_reusable(sandbox):
    nonce = nonce_of(sandbox)
    assert [send(sandbox, header(nonce, n)).status_code for n in (1, 2, 3)] == [200, 200, 200]


def test_requests_session_needs_one_challenge(sandbox):
    for _number in range(3):
        assert sandbox.call("GET", LOGS + "?itemsPerPage=1").status_code == 200
    assert [entry["status"] for entry in sandbox.requests()] == [401, 200, 200, 200]


@pytest.mark.parametrize(
    "variants",
    [
        {"digest_algorithm": "MD5"},
        {"digest_algorithm": "MD5-sess"},
        {"digest_algorithm": "SHA-256"},
        {"digest_algorithm": "SHA-256-sess"},
        {"digest_algorithm": "SHA-256", "digest_userhash": True},
        {"digest_qop": ""},
        {"digest_qop": "auth,auth-int"},
    ],
    ids=str,
)
def test_curl_authenticates_with_every_variant(sandbox, variants):
    sandbox.variants(**variants)
    for path in (LOGS, LOGS + "?pageNum=1&itemsPerPage=2"):
        done = subprocess.run(
            ["curl", "-sf", "--digest", "-u", f"{PUBLIC}:{PRIVATE}", sandbox.url + path],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0 and '"results"' in done.stdout


def test_curl_without_cookies_is_refused_with_cookie_variant(sandbox, tmp_path):
    """Behind a load balancer, only the node that issued a nonce knows it."""
    sandbox.variants(nonce_needs_cookie=True)
    command = ["curl", "-s", "--digest", "-u", f"{PUBLIC}:{PRIVATE}", sandbox.url + LOGS]
    keeping = [*command, "-b", str(tmp_path / "jar")]
    outputs = [subprocess.run(each, capture_output=True, text=True, check=True).stdout for each in (command, keeping)]
    assert ['"results"' in output for output in outputs] == [False, True]


@pytest.mark.parametrize("qop", ["auth-int", "auth"])
def test_challenge_with_auth_int_alone_accepts_nothing(sandbox, qop):
    sandbox.variants(digest_qop="auth-int")
    nonce = re.search('nonce="([^"]+)"', sandbox.get(LOGS).headers["WWW-Authenticate"])[1]
    assert send(sandbox, header(nonce, changes={"qop": qop})).status_code == 401


def test_other_challenges_replace_digest_with_variant(sandbox):
    sandbox.variants(digest_company="instead")
    response = sandbox.get(LOGS)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Basic realm="a, Digest realm=\\"b\\"", Negotiate'


def test_sha_256_challenge_refuses_md5(sandbox):
    nonce = nonce_of(sandbox)
    sandbox.variants(digest_algorithm="SHA-256")
    assert send(sandbox, header(nonce)).status_code == 401
    assert send(sandbox, header(nonce, algorithm="SHA-256")).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"username": '"somebody"'},
        {"realm": '"Another"'},
        {"nonce": '"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"'},
        {"uri": '"/api/public/v1.0/groups/other"'},
        {"qop": "auth-int"},
        {"qop": None},
        {"cnonce": '""'},
        {"cnonce": '"other"'},
        {"nc": "1"},
        {"nc": "0000000g"},
        {"nc": "00000002"},
        {"response": '"00000000000000000000000000000000"'},
        {"response": None},
        {"algorithm": "SHA-256"},
    ],
    ids=str,
)
def test_wrong_field_is_refused_and_does_not_use_up_nonce(sandbox, changes):
    nonce = nonce_of(sandbox)
    assert challenge(send(sandbox, header(nonce, changes=changes)))[2] == "false"
    # A refused response does not use up the nonce.
    assert send(sandbox, header(nonce)).status_code == 200


@pytest.mark.parametrize("value", ["Basic c2FuZGJveGtleTp4", "Digest", "Digest ,,,", "Bearer x", "nonsense"])
def test_other_schemes_are_refused(sandbox, value):
    assert challenge(send(sandbox, {"Authorization": value}))[2] == "false"


def test_uri_without_query_is_refused(sandbox):
    nonce, path = nonce_of(sandbox), LOGS + "?itemsPerPage=1"
    assert send(sandbox, header(nonce, 1), path).status_code == 401
    assert send(sandbox, header(nonce, 1, uri=path), path).status_code == 200


def test_response_for_another_method_is_refused(sandbox):
    nonce = nonce_of(sandbox)
    assert send(sandbox, header(nonce, method="DELETE")).status_code == 401


def test_replay_is_refused_and_is_not_stale(sandbox):
    nonce = nonce_of(sandbox)
    sent = header(nonce)
    assert send(sandbox, sent).status_code == 200
    assert challenge(send(sandbox, sent))[2] == "false"
    # The same count with another request is a replay too.
    path = LOGS + "?itemsPerPage=1"
    assert challenge(send(sandbox, header(nonce, 1, uri=path), path))[2] == "false"


def test_counts_out_of_order_are_refused_with_strict_variant(sandbox):
    nonce = nonce_of(sandbox)
    assert [send(sandbox, header(nonce, n)).status_code for n in (5, 2)] == [200, 200]
    sandbox.variants(digest_strict_order=True)
    assert [send(sandbox, header(nonce, n)).status_code for n in (4, 6)] == [401, 200]


def test_expired_nonce_is_stale_if_response_is_valid(sandbox):
    nonce = nonce_of(sandbox)
    assert send(sandbox, header(nonce, 1)).status_code == 200
    sandbox.control("POST", "clock", {"advance": 301})
    assert challenge(send(sandbox, header(nonce, 2)))[2] == "true"
    # Only a response that is otherwise valid is called stale.
    assert challenge(send(sandbox, header(nonce, 3, changes={"response": '"0"'})))[2] == "false"


def test_nonce_lifetime_and_stale_flag_obey_variants(sandbox):
    sandbox.variants(nonce_seconds=1000, stale_flag=False)
    nonce = nonce_of(sandbox)
    sandbox.control("POST", "clock", {"advance": 900})
    assert send(sandbox, header(nonce, 1)).status_code == 200
    sandbox.control("POST", "clock", {"advance": 200})
    assert challenge(send(sandbox, header(nonce, 2)))[2] == "false"


def test_nonce_is_stale_after_uses_of_variant(sandbox):
    sandbox.variants(nonce_uses=2)
    nonce = nonce_of(sandbox)
    assert [send(sandbox, header(nonce, n)).status_code for n in (1, 2)] == [200, 200]
    assert challenge(send(sandbox, header(nonce, 3)))[2] == "true"


def test_client_recovers_from_expired_nonce(sandbox):
    assert sandbox.call("GET", LOGS).status_code == 200
    sandbox.control("POST", "clock", {"advance": 301})
    assert sandbox.call("GET", LOGS).status_code == 200


@pytest.mark.parametrize("user,password", [(PUBLIC, "wrong"), ("wrong", PRIVATE)])
def test_wrong_credentials_are_refused(sandbox, user, password):
    response = requests.get(sandbox.url + LOGS, auth=HTTPDigestAuth(user, password), timeout=10)
    assert response.status_code == 401 and response.text == BODY


def test_restore_api_uses_the_same_digest(sandbox):
    assert sandbox.restores("GET").status_code == 200
    assert [entry["status"] for entry in sandbox.requests()] == [401, 200]
