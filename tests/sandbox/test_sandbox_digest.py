# Copyright: (c) 2026, saasops.jobs contributors
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


def challenge(answer):
    """The nonce, the algorithm and the stale flag."""
    assert answer.status_code == 401
    return CHALLENGE.fullmatch(answer.headers["WWW-Authenticate"]).groups()


def header(nonce, nc=1, method="GET", uri=LOGS, algorithm="MD5", changes=None):
    """A right Authorization header, but for what is changed afterwards."""
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


def send(box, headers, path=LOGS):
    return box.get(path, headers=headers)


def nonce_of(box):
    return challenge(box.get(LOGS))[0]


def test_challenge_is_the_recorded_one(box):
    answer = box.get(LOGS)
    nonce, algorithm, stale = challenge(answer)
    assert (algorithm, stale) == ("MD5", "false")
    assert answer.text == BODY and len(answer.content) == 142
    assert answer.headers["Content-Type"] == "application/json"
    assert "X-Error-Code" not in answer.headers and "RateLimit-Limit" not in answer.headers
    assert challenge(box.get(LOGS))[0] != nonce


def test_right_answer_is_let_in_and_the_nonce_can_be_used_again(box):
    nonce = nonce_of(box)
    assert [send(box, header(nonce, n)).status_code for n in (1, 2, 3)] == [200, 200, 200]


def test_requests_needs_one_challenge_for_a_session(box):
    for _number in range(3):
        assert box.call("GET", LOGS + "?itemsPerPage=1").status_code == 200
    assert [entry["status"] for entry in box.requests()] == [401, 200, 200, 200]


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
def test_curl(box, variants):
    box.variants(**variants)
    for path in (LOGS, LOGS + "?pageNum=1&itemsPerPage=2"):
        done = subprocess.run(
            ["curl", "-sf", "--digest", "-u", f"{PUBLIC}:{PRIVATE}", box.url + path],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0 and '"results"' in done.stdout


def test_curl_needs_its_cookies(box, tmp_path):
    """Behind a balancer, only the node that has made a nonce knows it."""
    box.variants(nonce_needs_cookie=True)
    command = ["curl", "-s", "--digest", "-u", f"{PUBLIC}:{PRIVATE}", box.url + LOGS]
    keeping = [*command, "-b", str(tmp_path / "jar")]
    outputs = [subprocess.run(each, capture_output=True, text=True, check=True).stdout for each in (command, keeping)]
    assert ['"results"' in output for output in outputs] == [False, True]


@pytest.mark.parametrize("qop", ["auth-int", "auth"])
def test_a_challenge_with_auth_int_alone_cannot_be_met(box, qop):
    box.variants(digest_qop="auth-int")
    nonce = re.search('nonce="([^"]+)"', box.get(LOGS).headers["WWW-Authenticate"])[1]
    assert send(box, header(nonce, changes={"qop": qop})).status_code == 401


def test_other_challenges_instead(box):
    box.variants(digest_company="instead")
    answer = box.get(LOGS)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="a, Digest realm=\\"b\\"", Negotiate'


def test_sha_256_does_not_take_md5(box):
    nonce = nonce_of(box)
    box.variants(digest_algorithm="SHA-256")
    assert send(box, header(nonce)).status_code == 401
    assert send(box, header(nonce, algorithm="SHA-256")).status_code == 200


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
def test_any_wrong_field_is_refused(box, changes):
    nonce = nonce_of(box)
    assert challenge(send(box, header(nonce, changes=changes)))[2] == "false"
    # A refused answer does not use up the nonce.
    assert send(box, header(nonce)).status_code == 200


@pytest.mark.parametrize("value", ["Basic c2FuZGJveGtleTp4", "Digest", "Digest ,,,", "Bearer x", "nonsense"])
def test_other_schemes_are_refused(box, value):
    assert challenge(send(box, {"Authorization": value}))[2] == "false"


def test_uri_has_to_be_the_request_target_with_its_query(box):
    nonce, path = nonce_of(box), LOGS + "?itemsPerPage=1"
    assert send(box, header(nonce, 1), path).status_code == 401
    assert send(box, header(nonce, 1, uri=path), path).status_code == 200


def test_method_is_part_of_the_answer(box):
    nonce = nonce_of(box)
    assert send(box, header(nonce, method="DELETE")).status_code == 401


def test_replay_is_refused_and_is_not_stale(box):
    nonce = nonce_of(box)
    sent = header(nonce)
    assert send(box, sent).status_code == 200
    assert challenge(send(box, sent))[2] == "false"
    # The same count, but another request: still a replay.
    path = LOGS + "?itemsPerPage=1"
    assert challenge(send(box, header(nonce, 1, uri=path), path))[2] == "false"


def test_counts_out_of_order(box):
    nonce = nonce_of(box)
    assert [send(box, header(nonce, n)).status_code for n in (5, 2)] == [200, 200]
    box.variants(digest_strict_order=True)
    assert [send(box, header(nonce, n)).status_code for n in (4, 6)] == [401, 200]


def test_nonce_expires_on_the_sandbox_clock(box):
    nonce = nonce_of(box)
    assert send(box, header(nonce, 1)).status_code == 200
    box.control("POST", "clock", {"advance": 301})
    assert challenge(send(box, header(nonce, 2)))[2] == "true"
    # Only an answer that is right otherwise is called stale.
    assert challenge(send(box, header(nonce, 3, changes={"response": '"0"'})))[2] == "false"


def test_life_of_a_nonce_and_stale_flag_are_variants(box):
    box.variants(nonce_seconds=1000, stale_flag=False)
    nonce = nonce_of(box)
    box.control("POST", "clock", {"advance": 900})
    assert send(box, header(nonce, 1)).status_code == 200
    box.control("POST", "clock", {"advance": 200})
    assert challenge(send(box, header(nonce, 2)))[2] == "false"


def test_uses_of_a_nonce_are_a_variant(box):
    box.variants(nonce_uses=2)
    nonce = nonce_of(box)
    assert [send(box, header(nonce, n)).status_code for n in (1, 2)] == [200, 200]
    assert challenge(send(box, header(nonce, 3)))[2] == "true"


def test_a_client_survives_an_expired_nonce(box):
    assert box.call("GET", LOGS).status_code == 200
    box.control("POST", "clock", {"advance": 301})
    assert box.call("GET", LOGS).status_code == 200


@pytest.mark.parametrize("user,password", [(PUBLIC, "wrong"), ("wrong", PRIVATE)])
def test_wrong_credentials(box, user, password):
    answer = requests.get(box.url + LOGS, auth=HTTPDigestAuth(user, password), timeout=10)
    assert answer.status_code == 401 and answer.text == BODY


def test_restores_use_the_same_digest(box):
    assert box.restores("GET").status_code == 200
    assert [entry["status"] for entry in box.requests()] == [401, 200]
