# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.auth import digest_protocol
from requests.utils import parse_dict_header

# RFC 2617, section 3.5
RFC_2617 = (
    'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
    'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
)
# RFC 7616, section 3.9.1
MUFASA = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)
# RFC 7616, section 3.9.2
JASON = (
    'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, '
    'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", '
    "charset=UTF-8, userhash=true"
)
JASON_DOE = "J\u00e4s\u00f8n Doe"
MD5 = 'Digest realm="r", nonce="n1", algorithm=MD5, qop="auth"'


def answered(header, username="u", password="p", method="GET", target="/", cnonces=("c",), times=1):
    """The last of several answers to the best challenge of a header, as text and as its fields."""
    new = iter(cnonces)
    session = digest_protocol.Session(
        username, password, digest_protocol.best(digest_protocol.challenges(header)).parameters, lambda: next(new)
    )
    for _number in range(times):
        text = session.authorization(method, target)
    assert text.startswith("Digest ")
    return text, parse_dict_header(text[len("Digest ") :])


def hashed(name, *parts):
    return hashlib.new(name, ":".join(parts).encode()).hexdigest()


def test_answer_to_the_example_of_rfc_2617_is_right():
    target, cnonce = "/dir/index.html", "0a4f113b"
    _text, sent = answered(RFC_2617, "Mufasa", "Circle Of Life", target=target, cnonces=[cnonce])
    assert sent == {
        "username": "Mufasa",
        "realm": "testrealm@host.com",
        "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093",
        "uri": "/dir/index.html",
        "qop": "auth",
        "nc": "00000001",
        "cnonce": "0a4f113b",
        "response": "6629fae49393a05397450978507c4ef1",
        "opaque": "5ccc069c403ebaf9f0171e9517f40e41",
    }


@pytest.mark.parametrize(
    "algorithm, response",
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_answer_to_the_examples_of_rfc_7616_is_right(algorithm, response):
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    header = MUFASA.format(algorithm)
    _text, sent = answered(header, "Mufasa", "Circle of Life", target="/dir/index.html", cnonces=[cnonce])
    assert (sent["response"], sent["algorithm"]) == (response, algorithm)


def test_answer_to_the_example_of_rfc_7616_with_a_hashed_name_is_that_of_erratum_4897():
    cnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"
    text, sent = answered(JASON, JASON_DOE, "Secret, or not?", target="/doe.json", cnonces=[cnonce])
    assert sent["username"] == "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"
    assert sent["response"] == "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"
    assert "userhash=true" in text


def test_name_outside_ascii_is_sent_in_its_own_parameter():
    cnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"
    header = JASON.replace("userhash=true", "userhash=false")
    for name in (JASON_DOE, "Ja\u0308s\u00f8n Doe"):
        text, sent = answered(header, name, "Secret, or not?", target="/doe.json", cnonces=[cnonce])
        assert "username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, " in text
        assert sent["response"] == "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"


def test_name_outside_ascii_is_sent_in_utf_8_if_the_service_names_no_charset():
    text, sent = answered(MD5, JASON_DOE)
    assert 'username="J\u00e4s\u00f8n Doe"'.encode() in text.encode("latin-1")
    request = hashed("md5", "GET", "/")
    assert sent["response"] == hashed("md5", hashed("md5", JASON_DOE, "r", "p"), "n1", "00000001", "c", "auth", request)


@pytest.mark.parametrize("name, algorithm", [("md5", "MD5"), ("sha256", "SHA-256"), ("sha512_256", "SHA-512-256")])
def test_session_keeps_the_secret_of_its_first_request(name, algorithm):
    header = MD5.replace("MD5", f"{algorithm}-sess")
    _text, sent = answered(header, target="/a?b=c", cnonces=["c1", "c2"], times=2)
    secret = hashed(name, hashed(name, "u", "r", "p"), "n1", "c1")
    request = hashed(name, "GET", "/a?b=c")
    assert (sent["nc"], sent["algorithm"]) == ("00000002", f"{algorithm}-sess")
    assert sent["response"] == hashed(name, secret, "n1", "00000002", sent["cnonce"], "auth", request)


def test_answer_without_qop_has_no_count():
    _text, sent = answered('Digest realm="r", nonce="n1"', method="DELETE", target="/a")
    secret, request = hashed("md5", "u", "r", "p"), hashed("md5", "DELETE", "/a")
    assert sent == {
        "username": "u",
        "realm": "r",
        "nonce": "n1",
        "uri": "/a",
        "response": hashed("md5", secret, "n1", request),
    }


def test_quotation_marks_backslashes_and_bytes_are_returned_unchanged():
    realm = b'Zo\\"e\\\\' + "\u00eb".encode()
    header = f'Digest realm="{realm.decode("latin-1")}", nonce="a,b=\\"c\\"", qop=auth, opaque=""'
    text, sent = answered(header, 'a"b\\c')
    sent_bytes = text.encode("latin-1")
    assert b'realm="' + realm + b'"' in sent_bytes
    assert b'nonce="a,b=\\"c\\""' in sent_bytes
    assert b'username="a\\"b\\\\c"' in sent_bytes
    assert b'opaque=""' in sent_bytes
    secret = hashlib.md5(b'a"b\\c:Zo"e\\' + "\u00eb".encode() + b":p").hexdigest()
    request = hashed("md5", "GET", "/")
    assert sent["response"] == hashed("md5", secret, 'a,b="c"', "00000001", "c", "auth", request)


def read(header):
    return [(challenge.scheme, challenge.parameters) for challenge in digest_protocol.challenges(header)]


@pytest.mark.parametrize(
    "header, expected",
    [
        ("", []),
        (" , ,", []),
        ("Negotiate", [("Negotiate", {})]),
        ("Negotiate, Basic realm=x", [("Negotiate", {}), ("Basic", {"realm": "x"})]),
        ("NTLM TlRMTVNTUAAC==, Basic realm=x", [("NTLM", {}), ("Basic", {"realm": "x"})]),
        ('Basic realm="a, Digest realm=\\"b\\", nonce=c"', [("Basic", {"realm": 'a, Digest realm="b", nonce=c'})]),
        ('digest\tRealm = "r" ,nonce= n,, stale=TRUE', [("digest", {"realm": "r", "nonce": "n", "stale": "TRUE"})]),
        # Not allowed, but clear.
        ("Digest realm=r, nonce=a/b+c==", [("Digest", {"realm": "r", "nonce": "a/b+c=="})]),
        # A part that cannot be read does not hide the next one.
        ('Digest realm="r, Digest realm="s", nonce=n', [("Digest", {}), ("Digest", {"realm": "s", "nonce": "n"})]),
        ('realm="r", Basic realm=x', [("Basic", {"realm": "x"})]),
        ("Digest realm=a, realm=b", [("Digest", {"realm": "a"})]),
    ],
)
def test_challenges_are_read_by_the_grammar(header, expected):
    assert read(header) == expected


def test_only_the_beginning_of_a_long_header_is_read():
    assert len(read("Digest " + "a " * 1_000_000)) < 10_000
    assert digest_protocol.best(digest_protocol.challenges(f"{MD5}, " + 'a="\\",' * 1_000_000)) is not None


@pytest.mark.parametrize(
    "header, sentence",
    [
        (
            MD5.replace('"auth"', '"auth-int"'),
            "Digest authentication with qop auth-int, which this collection does not support.",
        ),
        (MD5.replace("MD5", "WHIRLPOOL"), "requests Digest authentication with algorithm WHIRLPOOL, which"),
        (MD5.replace("MD5", "md4, x=\x1b[1m"), "requests Digest authentication with algorithm md4, which"),
        (MD5.replace("MD5", '"a\x1b[1mb"'), "requests Digest authentication with algorithm a?[1mb, which"),
        (
            'Digest realm="r", nonce=n, algorithm=MD5-sess',
            "Digest authentication with algorithm MD5-sess and no qop, which",
        ),
        ('Digest realm="r"', "requests Digest authentication without a nonce, which"),
        ("Basic realm=x, Negotiate", "requests Basic or Negotiate authentication instead of Digest"),
        ("", "did not request Digest authentication, so no key was sent"),
        (
            f"{MD5.replace('MD5', 'A')}, Basic realm=x, {MD5.replace('auth', 'auth-int')}",
            "requests Digest authentication with algorithm A or with qop auth-int, which",
        ),
    ],
)
def test_challenge_that_cannot_be_answered_is_named(header, sentence):
    offered = digest_protocol.challenges(header)
    assert digest_protocol.best(offered) is None
    assert sentence in digest_protocol.obstacle(offered)


@pytest.mark.parametrize(
    "algorithms, chosen",
    [
        (["MD5", "SHA-256"], "SHA-256"),
        (["SHA-512-256", "SHA-256", "MD5"], "SHA-512-256"),
        (["SHA-256", "SHA-512-256"], "SHA-256"),
        (["MD5-sess", "sha-256-SESS"], "sha-256-SESS"),
        (["MD5-sess", "MD5"], "MD5-sess"),
        (["WHIRLPOOL", "MD5"], "MD5"),
    ],
)
def test_first_challenge_is_answered_unless_it_is_md5(algorithms, chosen):
    offered = digest_protocol.challenges(", ".join(MD5.replace("MD5", algorithm) for algorithm in algorithms))
    assert digest_protocol.best(offered).parameters["algorithm"] == chosen


def test_algorithm_that_this_machine_lacks_is_named(monkeypatch):
    new = hashlib.new

    def lacking(name, *arguments, **options):
        return new("no-such-hash" if name == "sha512_256" else name, *arguments, **options)

    monkeypatch.setattr(hashlib, "new", lacking)
    offered = digest_protocol.challenges(MD5.replace("MD5", "SHA-512-256"))
    assert digest_protocol.best(offered) is None
    assert "algorithm SHA-512-256" in digest_protocol.obstacle(offered)
    assert (
        digest_protocol.best(digest_protocol.challenges(f"{MD5}, {MD5.replace('MD5', 'SHA-512-256')}")).parameters[
            "algorithm"
        ]
        == "MD5"
    )


STRICT_OPENSSL = """
openssl_conf = all
[all]
alg_section = algorithms
providers = providers
[algorithms]
default_properties = fips=yes
[providers]
default = default
[default]
activate = 1
"""


def test_md5_works_on_a_machine_that_refuses_it_for_security(tmp_path):
    """OpenSSL as in FIPS mode: it refuses MD5 unless the use has nothing to do with security."""
    (tmp_path / "openssl.cnf").write_text(STRICT_OPENSSL)
    program = (
        "import _hashlib, sys\n"
        "from ansible_collections.saasops.jobs.plugins.module_utils._core.http.auth import digest_protocol\n"
        "try:\n"
        "    _hashlib.openssl_md5()\n"
        "    sys.exit(3)\n"
        "except ValueError:\n"
        "    pass\n"
        "found = digest_protocol.best(digest_protocol.challenges(sys.argv[1]))\n"
        "print(digest_protocol.Session('u', 'p', found.parameters, lambda: 'c').authorization('GET', '/'))\n"
    )
    environment = {**os.environ, "OPENSSL_CONF": str(tmp_path / "openssl.cnf")}
    environment["PYTHONPATH"] = os.environ["ANSIBLE_COLLECTIONS_PATH"]
    done = subprocess.run(
        [sys.executable, "-c", program, MD5], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode == 3:
        pytest.skip("this OpenSSL is older, and has no such configuration")
    assert done.stdout.strip() == answered(MD5)[0], done.stderr
