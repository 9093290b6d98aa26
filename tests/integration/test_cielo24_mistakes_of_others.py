# Copyright: (c) 2026, saasops.jobs contributors
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


def test_the_library_always_speaks_plain_http(sandbox):
    assert account.OPTIONS["base_url"]["default"].startswith("https://")
    result = run("cielo24_job_info", {**accounts.cielo24("http://192.0.2.1:9"), "timeout": 0.1, "retries": 0})
    assert "base_url is plain http" in result["warnings"][0]


def test_the_library_puts_passwords_into_addresses(sandbox):
    for way in ({}, {"password": None, "api_key": accounts.CIELO24_KEY}):
        cielo(sandbox, "cielo24_job_info", **way)
    logins = [request for request in sandbox.requests() if request["path"].endswith("/login")]
    assert [request["status"] for request in logins] == [200, 200]
    for secret in (accounts.CIELO24_PASSWORD, accounts.CIELO24_KEY):
        assert secret not in json.dumps(sandbox.requests())


@pytest.mark.parametrize("paths", ["both", "delete", "del"])
def test_the_library_knows_one_of_two_paths_for_deletions(sandbox, paths):
    sandbox.variants(delete_paths=paths)
    result = cielo(sandbox, state="absent", job_ids=[caption("a1"), caption("a2")])
    assert (result.get("failed"), result["summary"]["changed"]) == (None, 2)


def test_the_library_misspells_the_filter_by_external_id(sandbox):
    """The service then shows all jobs, and the first one is taken."""
    for name in ("ExternalID", "ExternalId"):
        sandbox.variants(external_id_name=name)
        found = cielo(sandbox, "cielo24_job_info", external_id="show-1004")["jobs"]
        assert [job["id"] for job in found] == [caption("a4")]


@pytest.mark.parametrize("body", ["html", "text", "empty"])
@pytest.mark.parametrize("status", [200, 400, 404, 502])
def test_the_library_breaks_on_whatever_is_not_of_the_service(sandbox, status, body):
    sandbox.fault(kind="status", status=status, body=body, at="all")
    result = cielo(sandbox, state="absent", job_ids=[caption("a1")], retries=0)
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["msg"].startswith("cielo24 did not sign in: ")


def test_a_home_made_client_keeps_its_token_for_ever(sandbox):
    """It ends after an hour without use."""
    sandbox.clock(tick=2000)
    ids = [caption("a1"), caption("a2"), caption("a3")]
    assert cielo(sandbox, state="absent", job_ids=ids)["summary"]["changed"] == 3


def test_generated_clients_cannot_list_or_delete(sandbox):
    total = cielo(sandbox, "cielo24_job_info")["total"]
    cielo(sandbox, state="absent", job_ids=[caption("a1")])
    assert cielo(sandbox, "cielo24_job_info")["total"] == total - 1
