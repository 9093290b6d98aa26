# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in with HTTP Digest, in every form in which a service may ask for it."""

from __future__ import annotations

import accounts
import pytest
from accounts import job
from running import run

INFO = "log_collection_job_info"


@pytest.mark.parametrize(
    "variants",
    [
        {"digest_algorithm": "MD5-sess"},
        {"digest_algorithm": "SHA-256"},
        {"digest_algorithm": "SHA-256-sess"},
        {"digest_algorithm": "SHA-512-256"},
        {"digest_algorithm": "SHA-512-256-sess", "digest_userhash": True},
        {"digest_userhash": True},
        {"digest_qop": ""},
        {"digest_qop": "auth,auth-int"},
        {"digest_company": "one_header"},
        {"digest_company": "own_headers", "digest_algorithm": "SHA-256"},
        {"nonce_needs_cookie": True},
    ],
    ids=str,
)
def test_many_requests_need_one_nonce(sandbox, variants):
    sandbox.variants(**variants)
    ids = [job(suffix) for suffix in ("a1", "a2", "a3", "a4", "a5", "a6")]
    result = run("log_collection_job", accounts.log_collection(sandbox.url, state="absent", job_ids=ids))
    assert result["summary"]["changed"] == 6
    statuses = [entry["status"] for entry in sandbox.requests()]
    assert statuses.count(401) == 1


@pytest.mark.parametrize(
    "variants, sentence",
    [
        (
            {("digest_qop"): "auth-int"},
            "requests Digest authentication with qop auth-int, which this collection does not support.",
        ),
        (
            {("digest_company"): "instead"},
            "requests Basic or Negotiate authentication instead of Digest, which API keys require.",
        ),
    ],
    ids=str,
)
def test_a_challenge_that_cannot_be_answered_is_named(sandbox, variants, sentence):
    sandbox.variants(**variants)
    result = run(INFO, accounts.log_collection(sandbox.url))
    assert result["failed"] is True
    assert result["msg"].endswith(sentence)
    assert len(sandbox.requests()) == 1
