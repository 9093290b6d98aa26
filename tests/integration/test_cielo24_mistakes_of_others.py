# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where other tools for cielo24 go wrong, this collection does not.

Each test names the tool and its mistake: the Python library cielo24, the clients that are generated from the OpenAPI
description of 2022, and home-made clients.
"""

from __future__ import annotations

import json

import accounts
import pytest
from accounts import caption
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import account
from running import run


def cielo(sandbox, module="cielo24_job", **more):
    return run(module, accounts.cielo24(sandbox.url, **more))


def test_unlike_the_library_https_is_the_default(sandbox):
    assert account.OPTIONS["base_url"]["default"].startswith("https://")
    result = run("cielo24_job_info", {**accounts.cielo24("http://192.0.2.1:9"), "timeout": 0.1, "retries": 0})
    assert "base_url uses plain http" in result["warnings"][0]


def test_unlike_the_library_logins_keep_passwords_out_of_addresses(sandbox):
    for way in ({}, {"password": None, "api_key": accounts.CIELO24_KEY}):
        cielo(sandbox, "cielo24_job_info", **way)
    logins = [request for request in sandbox.requests() if request["path"].endswith("/login")]
    assert [request["status"] for request in logins] == [200, 200]
    for secret in (accounts.CIELO24_PASSWORD, accounts.CIELO24_KEY):
        assert secret not in json.dumps(sandbox.requests())


@pytest.mark.parametrize("paths", ["both", "delete", "del"])
def test_unlike_the_library_both_paths_for_deletions_work(sandbox, paths):
    sandbox.variants(delete_paths=paths)
    result = cielo(sandbox, state="absent", job_ids=[caption("a1"), caption("a2")])
    assert (result.get("failed"), result["summary"]["changed"]) == (None, 2)


def test_unlike_the_library_the_filter_by_external_id_filters(sandbox):
    """The service then shows all jobs, and the first one is taken."""
    for name in ("ExternalID", "ExternalId"):
        sandbox.variants(external_id_name=name)
        found = cielo(sandbox, "cielo24_job_info", external_id="show-1004")["jobs"]
        assert [job["id"] for job in found] == [caption("a4")]


@pytest.mark.parametrize("body", ["html", "text", "empty"])
@pytest.mark.parametrize("status", [200, 400, 404, 502])
def test_unlike_the_library_foreign_answers_are_reported(sandbox, status, body):
    sandbox.fault(kind="status", status=status, body=body, at="all")
    result = cielo(sandbox, state="absent", job_ids=[caption("a1")], retries=0)
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["msg"].startswith("cielo24 did not sign in: ")


def test_unlike_home_made_clients_expired_tokens_are_renewed(sandbox):
    """It ends after an hour without use."""
    sandbox.clock(tick=2000)
    ids = [caption("a1"), caption("a2"), caption("a3")]
    assert cielo(sandbox, state="absent", job_ids=ids)["summary"]["changed"] == 3


def test_unlike_generated_clients_jobs_can_be_listed_and_deleted(sandbox):
    total = cielo(sandbox, "cielo24_job_info")["total"]
    cielo(sandbox, state="absent", job_ids=[caption("a1")])
    assert cielo(sandbox, "cielo24_job_info")["total"] == total - 1
