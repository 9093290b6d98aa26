# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role log_collection_sweep, in real Ansible processes."""

from __future__ import annotations

import accounts
import role_accounts
from accounts import job
from sandbox_process import default_seed


def sweep(sandbox, roles, *arguments, **variables):
    connection = accounts.log_collection(sandbox.url, **role_accounts.SOON)
    return roles.run("log_collection_sweep", *arguments, **{**connection, **variables})


def test_log_collection_sweep_of_failed_and_old_jobs_is_predicted_done_and_idempotent(sandbox, roles):
    sandbox.clock(tick=30)
    old = [job("a1"), job("a5"), job("a6")]
    failed = [job("a2"), job("a3")]
    wanted = {
        "max_deletions": 3,
        "product": "ops_manager",
        **role_accounts.SOON,
        **accounts.log_collection(sandbox.url),
    }
    last = {**wanted, "retries": 0, "fail_on_still_failed": True}
    runs = [{**wanted, "check_mode": True}, wanted, last]
    checked, real, again = roles.run_each("log_collection_sweep", runs)
    assert checked.failure is None
    assert checked.logs == {"failed_before": failed, "recovered": [], "still_failed": [], "deleted": old}
    assert (checked.changed, checked.acted) == (2, 0)
    assert real.failure is None
    assert real.logs == {"failed_before": failed, "recovered": failed[:1], "still_failed": failed[1:], "deleted": old}
    assert "Had failed: 2, recovered: 1, still failed: 1, deleted: 3" in real.output
    assert (real.changed, real.acted) == (2, 5)
    assert again.logs == {"failed_before": failed[1:], "recovered": [], "still_failed": failed[1:], "deleted": []}
    assert again.failure == f"Log collection jobs that still fail: {job('a3')}."
    assert (again.changed, again.acted) == (0, 5)


def test_log_collection_sweep_with_two_retries_follows_each_job_to_its_end(sandbox, roles):
    seed = default_seed()
    a2, a3 = seed["mongodb"]["projects"][0]["log_collection_jobs"][1:3]
    # One fails again long before the other is done.
    a2["retry"]["takes"], a3["retry"]["takes"] = "90s", "10s"
    sandbox.reset(seed)
    sandbox.clock(frozen=True, tick=8)
    run = sweep(sandbox, roles, delete=False, retries=2, fail_on_still_failed=True)
    assert run.failure == f"Log collection jobs that still fail: {job('a3')}."
    assert (run.logs["recovered"], run.logs["still_failed"], run.logs["deleted"]) == ([job("a2")], [job("a3")], [])
    assert sandbox.acted() == 3


def test_log_collection_sweep_over_the_limit_changes_nothing_and_within_it_retries_no_deleted_job(sandbox, roles):
    wanted = {"older_than": "30h", "delete_statuses": ["FAILURE", "EXPIRED"], **accounts.log_collection(sandbox.url)}
    refused, run = roles.run_each("log_collection_sweep", [{**wanted, "max_deletions": 2}, wanted])
    assert refused.failure.startswith(
        "3 log collection jobs would be deleted, but log_collection_sweep_max_deletions allows 2."
    )
    assert refused.failure.endswith(f"They are: {job('a2')}, {job('a3')}, {job('a6')}.")
    nothing = {"failed_before": [], "recovered": [], "still_failed": [], "deleted": []}
    assert (refused.changed, refused.logs, refused.acted) == (0, nothing, 0)
    deleted = [job("a2"), job("a3"), job("a6")]
    assert run.failure is None
    assert run.logs == {"failed_before": deleted[:2], "recovered": [], "still_failed": [], "deleted": deleted}
    assert run.acted == 3


def test_log_collection_sweep_that_gives_up_waiting_reports_what_was_done(sandbox, roles):
    hasty = accounts.log_collection(sandbox.url, wait_timeout=0.2, wait_interval=0.1)
    run = roles.run("log_collection_sweep", **hasty)
    assert "still IN_PROGRESS after 0.2 s" in run.failure
    failed = [job("a2"), job("a3")]
    assert run.logs == {"failed_before": failed, "recovered": [], "still_failed": [], "deleted": []}
    assert run.acted == 2
    # One fails again, and the other one takes too long.
    seed = default_seed()
    a2, a3 = seed["mongodb"]["projects"][0]["log_collection_jobs"][1:3]
    a2["retry"]["takes"], a3["retry"]["takes"] = "1d", "5s"
    sandbox.reset(seed)
    sandbox.clock(frozen=True, tick=8)
    run = roles.run("log_collection_sweep", **hasty)
    assert run.failure.startswith(
        f"Log collection job {job('a2')} was still IN_PROGRESS after 0.2 s; it is still in progress."
    )
    assert run.logs == {"failed_before": failed, "recovered": [], "still_failed": [job("a3")], "deleted": []}


def test_log_collection_sweep_of_cloud_manager_accepts_a_service_account(sandbox, roles):
    connection = {
        "public_key": "",
        "private_key": "",
        **role_accounts.SERVICE_ACCOUNT,
        "project_id": accounts.CLOUD_MANAGER_PROJECT,
    }
    run = sweep(sandbox, roles, "-vvvv", **connection, product="cloud_manager", older_than="2d")
    assert (run.failure, run.changed) == (None, 1)
    assert run.logs == {"failed_before": [], "recovered": [], "still_failed": [], "deleted": [job("401")]}
    assert role_accounts.SERVICE_ACCOUNT["client_secret"] not in run.output
