# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from urllib.parse import quote

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.redaction import urls

PLAIN = "https://media.example.net/a.mp4"
HEX = "3e1f09c47ab2d85f6c10"


@pytest.mark.parametrize(
    "address, secrets, shown",
    [
        (PLAIN, [], PLAIN),
        (f"{PLAIN}?v=2&id=show-2001", [], f"{PLAIN}?v=2&id=show-2001"),
        ("https://hooks.example.net/?job={job_id}", [], "https://hooks.example.net/?job={job_id}"),
        (
            "https://user:p%40ssword@hooks.example.net/x",
            ["p%40ssword", "p@ssword", "user:p%40ssword", "user:p@ssword"],
            "https://hooks.example.net/x",
        ),
        # The name of a user alone may be a token.
        ("https://t0k3n-t0k3n@hooks.example.net/x", ["t0k3n-t0k3n"], "https://hooks.example.net/x"),
        ("https://user:pw@hooks.example.net/x", ["user:pw"], "https://hooks.example.net/x"),
        (f"{PLAIN}?token=s3cr3t-99&v=1", ["s3cr3t-99"], f"{PLAIN}?token=(hidden)&v=1"),
        (f"{PLAIN}?X-Amz-Signature=0a1b2c3d", ["0a1b2c3d"], f"{PLAIN}?X-Amz-Signature=(hidden)"),
        (f"{PLAIN}?sig=a%2Bb%3Dcdefg", ["a%2Bb%3Dcdefg", "a+b=cdefg"], f"{PLAIN}?sig=(hidden)"),
        # In whatever spelling it may be shown.
        (f"{PLAIN}?token=ab+cd/ef==", ["ab cd/ef==", "ab+cd/ef=="], f"{PLAIN}?token=(hidden)"),
        (f"{PLAIN}?a=1;token=s3cr3t-99", ["s3cr3t-99"], f"{PLAIN}?a=1;token=(hidden)"),
        (f"{PLAIN}#access_token=s3cr3t-99", ["s3cr3t-99"], f"{PLAIN}#access_token=(hidden)"),
        (f"{PLAIN}?token=abc{{job_id}}def", ["abc{job_id}def"], f"{PLAIN}?token=(hidden)"),
        # Too short to be hidden by itself
        (f"{PLAIN}?key=1", [f"{PLAIN}?key=1"], f"{PLAIN}?key=(hidden)"),
        (f"{PLAIN}?token={{job_id}}", [], f"{PLAIN}?token={{job_id}}"),
        (f"https://a.example.net/done/{HEX}", [f"/{HEX}"], "https://a.example.net/done/(hidden)"),
        (
            f"https://a.example.net/{HEX}?token=s3cr3t-99",
            [f"/{HEX}", "s3cr3t-99"],
            "https://a.example.net/(hidden)?token=(hidden)",
        ),
        ("https://a.example.net/x;auth=s3cr3t-99/y", ["s3cr3t-99"], "https://a.example.net/x;auth=(hidden)/y"),
        (f"https://a.example.net/x?{HEX}", [f"https://a.example.net/x?{HEX}"], "https://a.example.net/x?(hidden)"),
        (
            f"https://{HEX}:x-oauth-basic@a.example.net/",
            [HEX, f"{HEX}:x-oauth-basic", "x-oauth-basic"],
            "https://a.example.net/",
        ),
        ("https://a.example.net/https://user:s3cr3t@b/", ["/user:s3cr3t@b"], "https://a.example.net/https://(hidden)/"),
        ("no address", [], "no address"),
        ("user:s3cr3t@host", ["user:s3cr3t@host"], "(hidden)"),
        # Written in another way, but nothing is secret
        ("HTTPS://a.example.net/?", [], "https://a.example.net/"),
        ("https://[broken/", ["https://[broken/"], "(hidden)"),
        # The password would have to be quoted.
        ("https://user:pa/ss@host/", ["https://user:pa/ss@host/"], "(hidden)"),
    ],
)
def test_the_secrets_of_a_url_are_found_and_hidden(address, secrets, shown):
    found = urls.secrets(address)
    assert set(found) == ({*secrets, address} if secrets else set())
    assert urls.shown(address) == shown
    assert urls.is_sound(address) is (shown != "(hidden)")


@pytest.mark.parametrize(
    "name", ["pass", "sign", "hmac", "hdnea", "rlkey", "pw", "sid", "session", "md5", "passphrase", "api_key", "Auth"]
)
def test_values_of_parameters_with_secret_names_are_hidden(name):
    assert "s3cr3t-99" in urls.secrets(f"{PLAIN}?{name}=s3cr3t-99")
    assert "s3cr3t-99" not in urls.shown(f"{PLAIN}?{name}=s3cr3t-99")


@pytest.mark.parametrize(
    "token",
    [
        HEX,
        HEX.upper(),
        "48151623426178093546",
        "0b9f5a3e-7c1d-4e2a-9f60-1d2c3b4a5e6f",
        "0b9f5a3e-7c1d-4e2a-9f60-1d2c3b4a5e6f.json",
        "Qm7vT2xR9-wLk4Z_pB8nYd",
        "QmzvTAxRkwLkbZcpBdnYdx",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0",
        "bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
        "Qm7vT2xR9%2BwLk4ZpB8nYd%3D%3D",
    ],
)
def test_a_token_in_a_path_is_hidden(token):
    address = f"https://hooks.example.net/cielo24/{token}/done"
    assert urls.shown(address) == "https://hooks.example.net/cielo24/(hidden)/done"
    assert {address, f"/{token}"} <= set(urls.secrets(address))
    # Alone, it may be the id of something, which results show.
    assert token not in urls.secrets(address)


@pytest.mark.parametrize(
    "segment",
    [
        "transcript_completed",
        "evening-news-2026-11-28-final-cut.mp4",
        "s01e02-the-return-of-the-host",
        "{job_id}-{elementlist_version}",
    ],
)
def test_words_in_a_path_are_shown(segment):
    address = f"https://hooks.example.net/{segment}"
    assert urls.shown(address) == address
    assert urls.secrets(address) == []


def test_a_known_id_is_shown_even_if_it_looks_like_a_token():
    address = f"https://hooks.example.net/{HEX}/{HEX}0?{HEX}"
    assert urls.shown(address, (HEX,)) == f"https://hooks.example.net/{HEX}/(hidden)?{HEX}"


def test_urls_nested_too_deeply_are_hidden():
    deep = "https://a/" + "?b=https://a/" * 5_000
    assert urls.shown(deep).endswith("?b=(hidden)")
    assert deep in urls.secrets(f"{deep}?token=s3cr3t-99")[-1]


def test_secrets_in_a_nested_url_are_found():
    nested = f"https://proxy.example.net/?url={quote('https://a.example.net/?token=s3cr3t-99', safe='')}"
    assert "s3cr3t-99" in urls.secrets(nested)
    assert "s3cr3t-99" not in urls.shown(nested)
