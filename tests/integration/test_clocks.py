# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is old, recent, past or to come is so by the clock of the service, as this machine's may be wrong."""

from __future__ import annotations

import time
from datetime import datetime, timezone

import accounts
import pytest
from accounts import job
from ansible_process import RUNNERS, Ansible
from running import run
from sandbox_process import default_seed
from scenarios import entries

DAY = 86400
COLLECT = {
    "state": "present",
    "resource_type": "REPLICASET",
    "resource_names": ["rsBlue"],
    "log_types": ["MONGODB"],
    "size_requested_per_file_bytes": "1MB",
}
POINT = {
    "state": "present",
    "delivery_type": "pointInTime",
    "target_cluster_name": "violet",
    "accept_target_data_loss": True,
}
LISTS = {
    "log_collection_job_info": accounts.log_collection,
    "server_log_collection_job_info": accounts.ops_manager,
    "restore_job_info": accounts.atlas,
    "snapshot_info": accounts.atlas,
    "lts_log_group_info": accounts.lts,
    "lts_log_stream_info": lambda url: accounts.lts(url, log_group_name="audit"),
    "lts_log_transfer_info": accounts.lts,
    "cielo24_job_info": accounts.cielo24,
}


def here(days=0.0):
    """A moment by this machine's clock."""
    return datetime.fromtimestamp(time.time() + days * DAY, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def behind(sandbox):
    """A sandbox that is 400 days behind this machine, with all that is in it."""
    sandbox.reset({**default_seed(), "now": here(-400)})
    yield sandbox
    sandbox.reset()


def assert_warns_once(result, said=True):
    assert sum("differ: it was" in warning for warning in result["warnings"]) == said


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("module", LISTS)
def test_nothing_is_old_by_this_machines_clock(behind, module, check):
    arguments = LISTS[module](behind.url)
    old = run(module, {**arguments, "older_than": "390d"}, check=check)
    assert (entries(old), old["total"] > 0) == ([], True)
    assert_warns_once(old)
    assert entries(run(module, {**arguments, "newer_than": "390d"}, check=check))


@pytest.mark.parametrize("runner", RUNNERS)
def test_both_runners_judge_and_warn_alike(behind, tmp_path, runner):
    task = {"saasops.jobs.log_collection_job_info": {**accounts.log_collection(behind.url), "older_than": "300d"}}
    done, results = Ansible(tmp_path, runner).playbook([task])
    assert (results[0]["jobs"], results[0]["total"] > 0) == ([], True)
    assert done.stdout.count("differ: it was") + done.stderr.count("differ: it was") == 1


def test_clocks_that_agree_are_not_worth_a_word(sandbox):
    result = run("log_collection_job_info", {**accounts.log_collection(sandbox.url), "older_than": "300d"})
    assert_warns_once(result, said=False)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("date, extends", [(-1, False), (-399, True), (1, False)])
def test_what_is_to_come_is_so_by_the_service(behind, check, date, extends):
    """The job is 400 days old by this machine, and new by the service."""
    arguments = accounts.log_collection(behind.url, state="present", job_ids=[job("a1")], expires_at=here(date))
    result = run("log_collection_job", arguments, check=check)
    assert result["changed"] is extends
    if not extends:
        assert "months after that at most" in result["msg"]
    assert behind.acted() == (extends and not check)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    "module, make, arguments, words",
    [
        (
            "log_collection_job",
            accounts.log_collection,
            lambda: {"state": "present", "job_ids": [job("a1")], "expires_at": here(-401)},
            "is not in the future",
        ),
        (
            "log_collection_job",
            accounts.log_collection,
            lambda: {**COLLECT, "expires_at": here(-401)},
            "is not in the future",
        ),
        ("log_collection_job", accounts.log_collection, lambda: {**COLLECT, "expires_at": here(1)}, "6 months"),
        (
            "log_collection_job",
            accounts.log_collection,
            lambda: {**COLLECT, "log_from": here(-402), "log_to": here(-399)},
            "log_to must not be in the future",
        ),
        ("restore_job", accounts.atlas, lambda: {**POINT, "point_in_time": here(-399)}, "is in the future"),
    ],
)
def test_what_is_past_or_to_come_is_refused_before_anything_is_changed(behind, module, make, arguments, words, check):
    result = run(module, make(behind.url, **arguments()), check=check)
    assert (result["failed"], result["changed"]) == (True, False)
    assert words in result["msg"]
    assert behind.acted() == 0


@pytest.mark.parametrize("check", [True, False])
def test_a_collection_and_a_snapshot_are_recent_by_the_service(behind, check):
    for module, arguments in (
        ("log_collection_job", accounts.log_collection(behind.url, **COLLECT)),
        ("snapshot", accounts.atlas(behind.url, state="present", description="x", retention_in_days=1)),
    ):
        assert run(module, arguments)["changed"] is True
        behind.clock(advance="1h")
        assert run(module, {**arguments, "max_age": "2h"}, check=check)["changed"] is False
        assert run(module, {**arguments, "max_age": "30m"}, check=True)["changed"] is True


def test_keys_sign_by_the_clock_of_the_service_once_it_is_known(behind):
    result = run("lts_log_group_info", accounts.lts_keys(behind.url))
    assert entries(result)
    assert_warns_once(result)
    # One that shows how late it is there, and one that is signed so.
    assert [request["status"] for request in behind.requests()] == [401, 200]
