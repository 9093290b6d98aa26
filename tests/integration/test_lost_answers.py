# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said, and what is not done again, where a lost answer meets something else."""

from __future__ import annotations

import accounts
import pytest
from accounts import job
from running import run

COLLECT = {
    "state": "present",
    "resource_type": "REPLICASET",
    "resource_names": ["rsRed"],
    "log_types": ["MONGODB"],
    "size_requested_per_file_bytes": 1000,
}
LOST = {"kind": "reset_after", "match": {"method": "POST"}}


def log(sandbox, **more):
    return run("log_collection_job", accounts.log_collection(sandbox.url, **more))


def sent(sandbox, method):
    return [request for request in sandbox.requests() if request["method"] == method]


def test_a_job_that_was_created_but_cannot_be_extended_is_a_change(sandbox):
    sandbox.fault(**LOST)
    refusal = {"status": 400, "code": "EXPIRATION_DATE_TOO_DISTANT", "message": "Too far."}
    sandbox.fault(kind="status", match={"method": "PATCH"}, **refusal)
    result = log(sandbox, **COLLECT, keep_for="60d")
    assert (result["failed"], result["changed"], result["jobs"][0]["action"]) == (True, True, "create")
    assert result["error"]["code"] == "EXPIRATION_DATE_TOO_DISTANT"
    assert sandbox.acted() == 1


def test_a_job_that_was_created_is_extended_also_without_retries(sandbox):
    """The extension was not processed before."""
    sandbox.fault(**LOST)
    result = log(sandbox, **COLLECT, keep_for="60d", retries=0)
    assert ("failed" in result, result["changed"], result["jobs"][0]["action"]) == (False, True, "create")
    assert [len(sent(sandbox, method)) for method in ("POST", "PATCH")] == [1, 1]


@pytest.mark.parametrize("times", [1, None])
def test_a_retry_that_ran_and_failed_again_is_not_sent_again(sandbox, times):
    sandbox.clock(tick=30)
    sandbox.fault(kind="reset_after", match={"method": "PUT"}, times=times)
    result = log(sandbox, state="retried", job_ids=[job("a3")])
    assert (result["changed"], result["jobs"][0]["action"]) == (True, "retry")
    assert len(sent(sandbox, "PUT")) == sandbox.acted() == 1
    assert result["jobs"][0]["status"] == "FAILURE"
    assert "childJobs" not in result["jobs"][0]


def test_a_retry_that_never_arrived_is_sent_again(sandbox):
    sandbox.clock(tick=30)
    sandbox.fault(kind="reset_before", match={"method": "PUT"})
    result = log(sandbox, state="retried", job_ids=[job("a3")])
    assert (result["changed"], len(sent(sandbox, "PUT")), sandbox.acted()) == (True, 2, 1)


def test_a_cancellation_of_what_expired_meanwhile_is_no_change_and_no_failure(sandbox):
    refusal = {"status": 400, "code": "ALREADY_EXPIRED", "message": "The restore job has expired."}
    sandbox.fault(kind="status", match={"method": "DELETE"}, **refusal)
    result = run("restore_job", accounts.atlas(sandbox.url, state="absent", job_ids=[job("b2")]))
    assert ("failed" in result, result["changed"]) == (False, False)
    assert len(sent(sandbox, "DELETE")) == 1
