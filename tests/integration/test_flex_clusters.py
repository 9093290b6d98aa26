# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flex clusters, whose backups have calls of their own; and what is told of what no call offers."""

from __future__ import annotations

import tarfile

import accounts
import pytest
from accounts import job
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from running import SteeringClock, run

RESTORE = {
    "state": "present",
    "delivery_type": "automated",
    "target_cluster_name": "violet",
    "accept_target_data_loss": True,
}
POINT = {**RESTORE, "delivery_type": "pointInTime", "point_in_time_utc_seconds": 1772352000}
RESTORED, READY, EXPIRED, FAILED = (job(f"21{number}") for number in (1, 2, 3, 4))


def sprout(sandbox, module="restore_job_info", check=False, context=None, **more):
    return run(module, accounts.atlas(sandbox.url, **{"cluster_name": "sprout", **more}), check=check, context=context)


def steered(sandbox):
    sandbox.clock(frozen=True)
    return TaskContext(clock=SteeringClock(sandbox))


def test_jobs_show_the_fields_and_states_of_other_clusters_jobs(sandbox):
    shown = {each["id"]: each for each in sprout(sandbox)["jobs"]}
    assert {name: (each["deliveryType"], each["status"]) for name, each in shown.items()} == {
        RESTORED: ("automated", "finished"),
        READY: ("download", "ready"),
        EXPIRED: ("download", "expired"),
        FAILED: ("automated", "failed"),
    }
    assert {"snapshotId", "timestamp", "finishedAt", "targetClusterName", "targetGroupId"} <= set(shown[RESTORED])
    assert (shown[RESTORED]["targetClusterName"], shown[READY]["deliveryUrl"]) == ("violet", ["(hidden)"])


def test_snapshots_show_the_fields_and_states_of_other_clusters_snapshots(sandbox):
    old, new, running = sprout(sandbox, "snapshot_info")["snapshots"]
    assert set(old) == {"id", "status", "createdAt", "expiresAt", "snapshotType", "frequencyType", "mongodVersion"}
    assert [each["status"] for each in (old, new, running)] == ["completed", "completed", "inProgress"]
    assert "createdAt" not in running


@pytest.mark.parametrize(
    "module, option, known, key",
    [
        ("restore_job_info", "job_ids", READY, "jobs"),
        ("snapshot_info", "snapshot_ids", job("201"), "snapshots"),
    ],
)
@pytest.mark.parametrize("others", [[], [job("ff")]])
def test_things_are_found_by_their_ids_and_missing_ones_named(sandbox, module, option, known, key, others):
    result = sprout(sandbox, module, **{option: [known, *others]})
    assert ([each["id"] for each in result[key]], result["missing"]) == ([known], others)
    gone = sprout(sandbox, module, **{option: [job("ff")]})
    assert (gone[key], gone["missing"]) == ([], [job("ff")])


def test_filters_apply_to_the_usual_fields(sandbox):
    found = sprout(sandbox, delivery_type=["automated"], target_cluster_name="violet", status=["finished"])
    assert [each["id"] for each in found["jobs"]] == [RESTORED]
    assert [each["id"] for each in sprout(sandbox, "snapshot_info", older_than="30h")["snapshots"]] == [job("201")]


def test_the_url_of_a_download_shows_only_if_wanted(sandbox):
    (shown,) = sprout(sandbox, job_ids=[READY], reveal_urls=True, fields=["deliveryUrl", "expiresAt"])["jobs"]
    assert shown["deliveryUrl"][0].endswith(f"restore-{job('201')}.tar.gz") and shown["expiresAt"]


def test_a_snapshot_is_restored_and_waited_for_and_then_unchanged(sandbox):
    arguments = {**RESTORE, "snapshot": "latest"}
    made = sprout(sandbox, "restore_job", context=steered(sandbox), wait=True, **arguments)
    (restored,) = made["jobs"]
    assert (made["changed"], restored["status"], restored["snapshotId"]) == (True, "finished", job("202"))
    again = sprout(sandbox, "restore_job", **arguments)
    assert (again["changed"], again["jobs"][0]["id"]) == (False, restored["id"])
    assert "already restored this" in again["warnings"][0]


def test_a_failed_restore_fails_the_task_that_waits_for_it(sandbox):
    result = sprout(sandbox, "restore_job", state="present", job_ids=[FAILED], wait=True)
    assert (result["failed"], result["jobs"][0]["status"]) == (True, "failed")


def test_a_download_is_prepared_and_fetched(sandbox, tmp_path):
    made = sprout(
        sandbox,
        "restore_job",
        context=steered(sandbox),
        state="present",
        delivery_type="download",
        snapshot_id=job("202"),
        wait=True,
    )
    assert made["jobs"][0]["status"] == "ready"
    fetch = {"job_ids": [made["jobs"][0]["id"]], "dest": str(tmp_path / "sprout.tar.gz")}
    assert [sprout(sandbox, "restore_job_download", **fetch)["changed"] for _run in range(2)] == [True, False]
    assert tarfile.is_tarfile(fetch["dest"])


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    "module, arguments, words",
    [
        ("restore_job", POINT, "not to a point in time"),
        ("restore_job", {"state": "absent", "job_ids": [READY]}, "expires by itself, four hours after"),
        ("restore_job", {**RESTORE, "snapshot_id": job("e1")}, "does not exist for cluster sprout"),
        ("snapshot", {"state": "absent", "snapshot_ids": [job("201")]}, "takes and deletes their snapshots by itself"),
        (
            "snapshot",
            {"state": "present", "description": "x", "retention_in_days": 1},
            "takes and deletes their snapshots by itself",
        ),
    ],
)
def test_what_atlas_does_not_offer_for_flex_clusters_is_refused_before_anything_is_sent(
    sandbox, module, arguments, words, check
):
    result = sprout(sandbox, module, check, **arguments)
    assert (result["failed"], result["changed"]) == (True, False)
    assert words in str(result)
    assert all(request["method"] == "GET" for request in sandbox.requests())


def test_jobs_that_have_ended_need_no_cancelling(sandbox):
    result = sprout(sandbox, "restore_job", state="absent", job_ids=[RESTORED, EXPIRED, FAILED, job("ff")])
    assert (result.get("failed", False), result["changed"]) == (False, False)


@pytest.mark.parametrize("module", ["restore_job_info", "snapshot_info"])
def test_the_old_api_is_said_not_to_have_them(sandbox, module):
    result = sprout(sandbox, module, api_version="v1.0")
    assert "set api_version: v2" in result["msg"]


@pytest.mark.parametrize("module", ["restore_job_info", "snapshot_info"])
def test_a_serverless_instance_is_said_to_have_become_another_cluster(sandbox, module):
    result = sprout(sandbox, module, cluster_name="drizzle")
    assert result["error"]["code"] == "CANNOT_USE_SERVERLESS_INSTANCE_IN_CLUSTER_API"
    assert "Check in Atlas which cluster this one has become" in result["msg"]


@pytest.mark.parametrize("module, path", [("restore_job_info", "restoreJobs"), ("snapshot_info", "snapshots")])
def test_listing_takes_one_refused_request_and_the_pages(sandbox, module, path):
    sprout(sandbox, module)
    sent = [request["path"].rpartition("/groups/")[2] for request in sandbox.requests() if request["status"] != 401]
    usual = "snapshots/shardedClusters" if path == "snapshots" else path
    assert [each.partition("/")[2] for each in sent] == [
        f"clusters/sprout/backup/{usual}",
        f"flexClusters/sprout/backup/{path}",
    ]


@pytest.mark.parametrize("option", ["databases", "collections"])
def test_a_wish_to_restore_single_collections_is_told_what_to_use(sandbox, option):
    result = sprout(sandbox, "restore_job", cluster_name="blue", **RESTORE, **{option: ["sales.orders"]})
    assert (result["failed"], sandbox.requests()) == (True, [])
    assert "atlas api cloudBackups createCollectionRestoreJob" in result["msg"]
