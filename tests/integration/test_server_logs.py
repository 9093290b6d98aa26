# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The logs of Ops Manager itself: what installations show in one way or another, and what is not done twice."""

from __future__ import annotations

import os
import re
import tarfile

import accounts
import pytest
from accounts import job
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_process import RUNNERS, Ansible
from running import SteeringClock, run

MODULE, DOWNLOAD = "server_log_collection_job", "server_log_collection_job_download"
COLLECT = {"state": "present", "servers": ["om1.example.net"], "log_types": ["MIGRATION"]}
ALL = {"state": "present", "all_servers": True}
LOST = {"kind": "reset_after", "match": {"method": "POST"}}


def logs(sandbox, check=False, context=None, **more):
    return run(MODULE, accounts.ops_manager(sandbox.url, **more), check=check, context=context)


def fetch(sandbox, dest, check=False, **more):
    arguments = {"job_ids": [job("d1")], **more}
    return run(DOWNLOAD, accounts.ops_manager(sandbox.url, dest=str(dest), **arguments), check=check)


def sent(sandbox, method):
    return [request for request in sandbox.requests() if request["method"] == method]


def test_a_job_is_started_followed_extended_fetched_and_deleted(sandbox, tmp_path):
    context = TaskContext(clock=SteeringClock(sandbox))
    sandbox.clock(frozen=True)
    started = logs(sandbox, context=context, **COLLECT, wait=True, keep_for="14d")
    assert ("failed" in started, started["changed"]) == (False, True)
    (collected,) = started["jobs"]
    assert (collected["status"], collected["action"], collected["servers"]) == (
        "SUCCESS",
        "create",
        ["om1.example.net"],
    )
    selected = {"job_ids": [collected["id"]]}
    assert logs(sandbox, state="present", **selected, keep_for="21d")["jobs"][0]["action"] == "extend"
    assert logs(sandbox, state="present", **selected, keep_for="7d")["changed"] is False
    fetched = fetch(sandbox, f"{tmp_path}/", **selected)
    (file,) = fetched["files"][collected["id"]]
    assert re.fullmatch(rf".*/server-logs-om1\.example\.net-\d{{8}}T\d{{4}}Z-{collected['id']}\.tar\.gz", file)
    with tarfile.open(file) as archive:
        assert archive.getnames() == ["om1.example.net/migration/mms-migration.log"]
    assert fetch(sandbox, f"{tmp_path}/", **selected)["changed"] is False
    assert logs(sandbox, state="absent", **selected)["jobs"][0]["action"] == "delete"
    assert logs(sandbox, state="absent", **selected)["changed"] is False


@pytest.mark.parametrize("shown", ["listed", "empty", "left_out"])
def test_a_job_for_all_servers_is_found_again_however_it_shows_them(sandbox, shown):
    sandbox.variants(all_server_logs=shown)
    first, again = logs(sandbox, **ALL), logs(sandbox, **ALL)
    assert (first["changed"], again["changed"]) == (True, False)
    assert first["jobs"][0]["id"] == again["jobs"][0]["id"]
    assert logs(sandbox, check=True, **ALL)["changed"] is False
    assert len(sent(sandbox, "POST")) == 1


def test_a_server_that_came_later_needs_another_job(sandbox):
    sandbox.variants(daemon_logs=False)
    assert logs(sandbox, **ALL)["changed"] is True
    assert logs(sandbox, **ALL)["changed"] is False
    sandbox.variants(daemon_logs=True)
    assert logs(sandbox, check=True, **ALL)["changed"] is True
    assert logs(sandbox, **ALL)["changed"] is True
    assert logs(sandbox, **ALL)["changed"] is False


@pytest.mark.parametrize("more, changed", [({}, False), ({"max_age": "1h"}, True), ({"force": True}, True)])
def test_a_job_counts_unless_it_is_too_old_or_another_one_is_asked_for(sandbox, more, changed):
    # d1 has just this.
    wanted = {"state": "present", "servers": ["om1.example.net"], "log_types": ["APPLICATION"]}
    for check in (True, False):
        assert logs(sandbox, check=check, **wanted, **more)["changed"] is changed


def test_dates_are_compared(sandbox):
    hour = {"log_from": "2026-03-01T08:00:00Z", "log_to": "2026-03-01T09:00:00Z"}
    assert logs(sandbox, **COLLECT, **hour)["changed"] is True
    assert logs(sandbox, **COLLECT, **hour)["changed"] is False
    assert logs(sandbox, **COLLECT, **{**hour, "log_to": "2026-03-01T10:00:00Z"})["changed"] is True
    assert logs(sandbox, **COLLECT)["changed"] is True


@pytest.mark.parametrize("check", [True, False])
def test_a_job_in_progress_is_not_deleted_and_does_not_keep_others_from_it(sandbox, check):
    result = logs(sandbox, check=check, state="absent", job_ids=[job("d4"), job("d1")])
    assert (result["failed"], result["changed"]) == (True, True)
    assert [(each["action"], "error" in each) for each in result["jobs"]] == [("none", True), ("delete", False)]
    assert "cannot be deleted before it has ended" in result["msg"]
    assert len(sent(sandbox, "DELETE")) == (0 if check else 1)


def test_a_failure_names_the_servers_and_a_retry_repairs_it(sandbox):
    failed = {"job_ids": [job("d2")]}
    result = logs(sandbox, state="present", **failed, wait=True)
    assert "om2.example.net APPLICATION: The log file cannot be read." in result["msg"]
    sandbox.clock(tick=30)
    assert logs(sandbox, check=True, state="retried", **failed)["changed"] is True
    repaired = logs(sandbox, state="retried", **failed, wait=True, wait_interval=0.1)
    assert ("failed" in repaired, repaired["changed"], repaired["jobs"][0]["status"]) == (False, True, "SUCCESS")
    assert logs(sandbox, state="retried", **failed)["changed"] is False


@pytest.mark.parametrize("suffix", ["d5", "d6", "ff"])
def test_what_cannot_be_retried_is_refused_before_anything_is_sent(sandbox, suffix):
    result = logs(sandbox, state="retried", job_ids=[job(suffix)])
    assert (result["failed"], result["changed"], sent(sandbox, "POST")) == (True, False, [])


@pytest.mark.parametrize("wanted", [COLLECT, ALL])
def test_a_job_whose_creation_was_not_answered_is_found_and_extended(sandbox, wanted):
    sandbox.fault(**LOST)
    result = logs(sandbox, **wanted, keep_for="14d", retries=0)
    assert ("failed" in result, result["changed"], result["jobs"][0]["action"]) == (False, True, "create")
    assert [len(sent(sandbox, method)) for method in ("POST", "PATCH")] == [1, 1]


def test_a_job_for_all_servers_is_not_asked_for_again_if_another_server_came_meanwhile(sandbox):
    """The new job may be what was asked for, so it is left to the user to look."""
    arguments = accounts.ops_manager(sandbox.url, **ALL)

    class Clock(SteeringClock):
        def sleep(self, seconds):
            super().sleep(seconds)
            sandbox.variants(daemon_logs=True)

    key = {"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY}
    servers = [{"id": "om1"}, {"id": "backup1", "type": "BACKUP_DAEMON"}]
    sandbox.reset({"frozen": True, "mongodb": {"keys": [key], "ops_manager": {"servers": servers}}})
    sandbox.variants(daemon_logs=False)
    sandbox.fault(**LOST)
    result = run(MODULE, arguments, context=TaskContext(clock=Clock(sandbox)))
    assert (result["failed"], result["changed"]) == (True, True)
    assert "It is not known whether the change was made" in result["msg"]
    assert len(sent(sandbox, "POST")) == sandbox.acted() == 1


@pytest.mark.parametrize("times", [1, None])
def test_a_retry_that_ran_and_failed_again_is_not_sent_again(sandbox, times):
    sandbox.clock(tick=30)
    sandbox.fault(**LOST, times=times)
    result = logs(sandbox, state="retried", job_ids=[job("d3")])
    assert (result["changed"], result["jobs"][0]["action"], result["jobs"][0]["status"]) == (True, "retry", "FAILURE")
    assert len(sent(sandbox, "POST")) == sandbox.acted() == 1


def test_more_jobs_than_run_at_a_time_wait_for_one_to_end(sandbox):
    sandbox.clock(frozen=True)
    sandbox.variants(server_log_jobs_at_once=1)
    context = TaskContext(clock=SteeringClock(sandbox))
    # d4 ends in five minutes.
    result = logs(sandbox, context=context, **COLLECT, retries=20)
    assert ("failed" in result, result["changed"]) == (False, True)
    refused = logs(sandbox, **{**COLLECT, "force": True}, retries=0)
    assert (refused["failed"], refused["error"]["status"]) == (True, 429)
    assert "as many jobs in progress as it allows" in refused["msg"]


def test_servers_and_jobs_are_listed(sandbox):
    def info(**more):
        return run("server_log_collection_job_info", accounts.ops_manager(sandbox.url, **more))

    listed = info(list_servers=True)
    assert listed["total"] == 6
    assert [server["serverType"] for server in listed["servers"]] == ["MMS_SERVER", "MMS_SERVER", "BACKUP_DAEMON"]
    assert [each["id"] for each in info(server="om2.example.net")["jobs"]] == [job("d2"), job("d4")]
    assert [each["id"] for each in info(status=["FAILURE"], newer_than="40h")["jobs"]] == [job("d3")]
    seen = info(job_ids=[job("d2"), job("ff")], verbose=True, fields=["childJobs"])
    assert (seen["missing"], len(seen["jobs"][0]["childJobs"])) == ([job("ff")], 4)


def test_a_key_without_a_global_role_is_told_which_one_it_needs(sandbox):
    key = {"public_key": "paymentskey", "private_key": "91be70d4-c2a8-4e35-b6f0-7d1c5e8a9b23"}
    result = logs(sandbox, **{**COLLECT, **key})
    assert (result["failed"], result["error"]["code"]) == (True, "USER_UNAUTHORIZED")
    assert "Global Owner" in result["msg"]


@pytest.mark.parametrize(
    "suffix, words", [("d4", "still collecting"), ("d6", "has expired, and its logs are deleted"), ("ff", "not exist")]
)
def test_what_cannot_be_fetched_is_an_error_and_leaves_no_file(sandbox, tmp_path, suffix, words):
    result = fetch(sandbox, tmp_path / "a", job_ids=[job(suffix)])
    assert (result["failed"], result["changed"], os.listdir(tmp_path)) == (True, False, [])
    assert words in result["msg"]


def test_a_retried_job_has_another_archive(sandbox, tmp_path):
    failed = {"job_ids": [job("d2")]}
    assert "its archive holds only what could be collected" in fetch(sandbox, tmp_path / "a", **failed)["warnings"][0]
    assert fetch(sandbox, tmp_path / "a", **failed)["changed"] is False
    logs(sandbox, state="retried", **failed)
    sandbox.clock(advance="1m")
    assert fetch(sandbox, tmp_path / "a", **failed)["changed"] is True
    assert fetch(sandbox, tmp_path / "a", **failed)["changed"] is False


@pytest.mark.parametrize("runner", RUNNERS)
def test_archives_are_predicted_and_fetched_by_both_runners(sandbox, tmp_path, runner):
    arguments = accounts.ops_manager(sandbox.url, job_ids=[job("d1"), job("d2")], dest=f"{tmp_path}/logs/")
    task = {"saasops.jobs." + DOWNLOAD: arguments}
    tasks = [{**task, "check_mode": check} for check in (True, False, False, True)]
    done, results = Ansible(tmp_path, runner).playbook(tasks)
    assert done.returncode == 0, done.stdout
    assert [result["changed"] for result in results] == [True, True, False, False]
    assert results[0]["files"] == results[1]["files"] == results[2]["files"]
    assert len(os.listdir(tmp_path / "logs")) == 2
    assert len([request for request in sandbox.requests() if request["path"].endswith(":download")]) == 2
