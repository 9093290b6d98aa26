# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots and restores of a sharded cluster, in whatever way the service shows them; and one snapshot at a time."""

from __future__ import annotations

import accounts
import pytest
from accounts import job
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from running import SteeringClock, run
from sandbox_process import default_seed

WAYS = ["whole", "parts", "both"]
PART = "66f1c0de00010000000000f5"
OLD = job("f2")


def green(sandbox, module="snapshot_info", check=False, context=None, **more):
    return run(module, accounts.atlas(sandbox.url, cluster_name="green", **more), check=check, context=context)


@pytest.fixture
def converted(sandbox):
    """A sandbox whose cluster green has a snapshot from the time before it was sharded."""
    seed = default_seed()
    seed["mongodb"]["projects"][2]["clusters"][1]["snapshots"][1]["before_sharding"] = True
    sandbox.reset(seed)
    sandbox.clock(frozen=True)
    yield sandbox
    sandbox.reset()


@pytest.mark.parametrize("way", WAYS)
def test_a_snapshot_shows_the_same_however_it_is_found(converted, way):
    converted.variants(sharded_snapshots=way)
    shown = {snapshot["id"]: snapshot for snapshot in green(converted)["snapshots"]}
    assert sorted(shown) == sorted(job(name) for name in ("f1", "f2", "f3", "f4", "f5"))
    for snapshot_id, snapshot in shown.items():
        assert green(converted, snapshot_ids=[snapshot_id])["snapshots"] == [snapshot]
    ids = list(shown)[:3]
    assert green(converted, snapshot_ids=ids)["snapshots"] == [shown[snapshot_id] for snapshot_id in ids]
    whole = shown[job("f5")]
    assert len(whole["members"]) == len(whole["snapshotIds"]) == 2
    assert whole["configServerType"] == "DEDICATED"
    assert (shown[OLD]["type"], shown[OLD]["replicaSetName"]) == ("replicaSet", "green")
    # Nothing is sent there that the documentation does not have.
    lists = [each for each in converted.requests() if each["path"].endswith("/shardedClusters")]
    assert lists and all(each["query"] == {} for each in lists)


@pytest.mark.parametrize("way", WAYS)
def test_a_part_is_shown_if_it_is_asked_for(converted, way):
    converted.variants(sharded_snapshots=way)
    (part,) = green(converted, snapshot_ids=[PART])["snapshots"]
    assert (part["type"], part["replicaSetName"]) == ("replicaSet", "green-shard-0")


@pytest.mark.parametrize("way", WAYS)
def test_snapshots_of_either_time_are_deleted(converted, way):
    converted.variants(sharded_snapshots=way)
    for ids in ([job("f5")], [OLD, job("f1"), job("ff")]):
        result = green(converted, "snapshot", state="absent", snapshot_ids=ids)
        assert result["summary"]["changed"] == len(ids) - ids.count(job("ff"))
    assert green(converted)["total"] == 2


@pytest.mark.parametrize("check", [True, False])
def test_a_snapshot_that_is_being_taken_is_not_deleted(sandbox, check):
    result = green(sandbox, "snapshot", check, state="absent", snapshot_ids=[job("f3"), job("f5")])
    assert result["summary"] == {"requested": 2, "changed": 1, "unchanged": 0, "failed": 1}
    assert "is still being taken" in result["snapshots"][0]["error"]["message"]


@pytest.mark.parametrize("way", WAYS)
def test_a_new_snapshot_is_followed_by_the_calls_that_show_all_of_it(sandbox, way):
    sandbox.clock(frozen=True)
    sandbox.variants(sharded_snapshots=way)
    new = {"state": "present", "description": "new", "retention_in_days": 1, "wait": True}
    result = green(sandbox, "snapshot", context=TaskContext(clock=SteeringClock(sandbox)), **new)
    assert (result["changed"], result["snapshots"][0]["status"]) == (True, "completed")
    assert green(sandbox, snapshot_ids=[result["snapshots"][0]["id"]])["snapshots"][0]["members"]
    assert green(sandbox, "snapshot", check=True, **new)["changed"] is False


@pytest.mark.parametrize("check", [True, False])
def test_the_download_of_a_single_shard_cannot_be_cancelled(sandbox, check):
    result = green(sandbox, "restore_job", check, state="absent", job_ids=[job("c2"), job("c1")])
    assert result["summary"] == {"requested": 2, "changed": 1, "unchanged": 0, "failed": 1}
    assert "download of a single shard" in result["jobs"][0]["error"]["message"]
    assert sandbox.acted() == (not check)


def test_one_that_does_not_show_what_it_is_is_refused_by_the_service(sandbox):
    sandbox.variants(shard_components="left_out")
    assert green(sandbox, "restore_job", True, state="absent", job_ids=[job("c2")])["changed"] is True
    result = green(sandbox, "restore_job", state="absent", job_ids=[job("c2")])
    assert (result["changed"], result["error"]["status"]) == (False, 405)
    assert result["msg"].endswith("The download of a single shard expires by itself, an hour after it is ready.")


@pytest.mark.parametrize("shown", ["shown", "left_out"])
@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("snapshot, warns", [(PART, True), (job("f5"), False), (OLD, False)])
def test_a_download_that_cannot_be_cancelled_is_started_with_a_warning(converted, shown, check, snapshot, warns):
    converted.variants(shard_components=shown)
    wanted = {"state": "present", "delivery_type": "download", "snapshot_id": snapshot}
    result = green(converted, "restore_job", check, **wanted)
    assert result["changed"] is True
    assert sum("cannot be cancelled" in warning for warning in result["warnings"]) == warns


BLUE = {"state": "present", "retention_in_days": 1}


def take(sandbox, description, check=False, **more):
    arguments = accounts.atlas(sandbox.url, description=description, **BLUE, **more)
    return run("snapshot", arguments, context=TaskContext(check_mode=check, clock=SteeringClock(sandbox)))


@pytest.mark.parametrize("variant", [400, 409, "accepted"])
def test_one_snapshot_on_demand_is_taken_at_a_time(sandbox, variant):
    sandbox.clock(frozen=True)
    sandbox.variants(second_snapshot=variant)
    assert take(sandbox, "one")["changed"] is True
    for check in (True, False):
        result = take(sandbox, "two", check)
        assert (result["failed"], result["changed"]) == (True, False)
        assert "is still queued. Wait for it with wait: true" in result["msg"]
        assert take(sandbox, "two", check=True, wait=True)["changed"] is True
    assert sandbox.acted() == 1
    # The one that is there already is not in its own way.
    assert take(sandbox, "one")["changed"] is False
    result = take(sandbox, "two", wait=True, wait_interval=30, wait_timeout=600)
    assert (result["changed"], result["snapshots"][0]["status"]) == (True, "completed")
    assert sandbox.acted() == 2
