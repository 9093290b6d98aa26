# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Under the rate limits of the services: nothing fails, and next to nothing is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import accounts
import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_process import RUNNERS, Ansible
from running import SteeringClock, run

KEY = {"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY}
COUNTER = {"minute_limit": 40, "rate_seconds": 2}
BUCKET = {"bucket_capacity": 40, "bucket_refill": 60, "rate_seconds": 2}


def fill(sandbox, count, **variants):
    """Jobs of both kinds; the sandbox's clock runs. Returns the arguments of two tasks that cost a change each."""
    logs = {"count": count, "id_prefix": "66f1c0de00000000001", "status": "SUCCESS", "age": "1d"}
    downloads = {"count": count, "id_prefix": "66f1c0de00000000003", "delivery_type": "download", "state": "preparing"}
    cluster = {"name": "blue", "type": "replica_set", "restore_jobs": [{**downloads, "ready_in": "1d"}]}
    projects = [
        {"id": accounts.LOG_PROJECT, "name": "l", "family": "ops_manager", "log_collection_jobs": [logs]},
        {"id": accounts.ATLAS_PROJECT, "name": "a", "family": "atlas", "clusters": [cluster]},
    ]
    sandbox.reset({"mongodb": {"keys": [KEY], "projects": projects}})
    sandbox.begin_a_minute()
    sandbox.variants(rate_limits=True, **variants)
    state = sandbox.state()
    log_ids = list(state["log_collection"][accounts.LOG_PROJECT]["jobs"])
    restore_ids = list(state["atlas_restore"][accounts.ATLAS_PROJECT]["clusters"]["blue"]["jobs"])
    # What is under way when a quota is used up is refused together, so that decides how much is refused.
    more = {"state": "absent", "max_concurrency": 8}
    return {
        "log_collection_job": accounts.log_collection(sandbox.url, job_ids=log_ids, **more),
        "restore_job": accounts.atlas(sandbox.url, job_ids=restore_ids, **more),
    }


def refused(sandbox):
    return [request["status"] for request in sandbox.requests()].count(429)


@pytest.mark.parametrize(
    "module, limit, most_refused",
    [
        # As many as are under way when one is refused, once or twice; without a word on the wait, also those that find
        # it out.
        ("log_collection_job", COUNTER, 15),
        ("log_collection_job", {**COUNTER, "retry_after": False}, 25),
        # What is documented is known, but the sandbox's bucket is another one: the first refusals tell.
        ("restore_job", BUCKET, 15),
        ("restore_job", {**BUCKET, "rate_limit_headers": False}, 25),
    ],
)
def test_a_task_keeps_to_a_quota(sandbox, module, limit, most_refused):
    arguments = fill(sandbox, 150, **limit)[module]
    result = run(module, arguments, context=TaskContext())
    assert result["summary"] == {"requested": 150, "changed": 150, "unchanged": 0, "failed": 0}
    assert sandbox.acted() == 150
    assert refused(sandbox) <= most_refused
    (warning,) = result["warnings"]
    assert "limits the rate of requests" in warning


@pytest.mark.parametrize("begins", ["0s", "25s", "59s"])
def test_a_limit_that_is_known_beforehand_is_never_reached(sandbox, begins):
    arguments = fill(sandbox, 250, minute_limit=100, rate_seconds=60)["log_collection_job"]
    sandbox.clock(frozen=True, advance=begins)
    clock = SteeringClock(sandbox)
    more = {"requests_per_minute": 100, "max_concurrency": 1}
    result = run("log_collection_job", {**arguments, **more}, context=TaskContext(clock=clock))
    assert result["summary"]["changed"] == 250
    assert refused(sandbox) == 0
    assert 120 <= clock.slept < 125


def test_what_is_documented_is_kept_to_from_the_start(sandbox):
    """Atlas: a bucket of 1200, into which 500 come back in a minute."""
    arguments = fill(sandbox, 1500)["restore_job"]
    sandbox.clock(frozen=True)
    clock = SteeringClock(sandbox)
    result = run("restore_job", {**arguments, "max_concurrency": 1}, context=TaskContext(clock=clock))
    assert result["summary"]["changed"] == 1500
    assert refused(sandbox) <= 1
    assert clock.slept < (1500 - 1200) / 500 * 60 + 5


@pytest.mark.parametrize("module, limit", [("log_collection_job", COUNTER), ("restore_job", BUCKET)])
def test_two_tasks_that_share_a_quota_are_both_done_with_few_refusals(sandbox, module, limit):
    arguments = fill(sandbox, 240, **limit)[module]
    halves = [{**arguments, "job_ids": arguments["job_ids"][half::2]} for half in (0, 1)]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda half: run(module, half, context=TaskContext()), halves))
    assert [result["summary"]["changed"] for result in results] == [120, 120]
    assert sandbox.acted() == 240
    assert refused(sandbox) <= 60


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_limited_task_warns_the_user_once(sandbox, tmp_path, runner):
    arguments = fill(sandbox, 60, minute_limit=1000)["log_collection_job"]
    # Whether a counter hinders anybody depends on when it starts anew.
    sandbox.fault(kind="status", status=429, retry_after=2, match={"method": "DELETE"}, times=3)
    done, results = Ansible(tmp_path, runner).playbook([{"saasops.jobs.log_collection_job": arguments}])
    assert results[0]["summary"]["changed"] == 60
    assert (done.stdout + done.stderr).replace("\n", " ").count(
        "[WARNING]: Ops Manager limits the rate of requests"
    ) == 1
