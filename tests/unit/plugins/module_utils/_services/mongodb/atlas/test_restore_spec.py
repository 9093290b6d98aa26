# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.change import PlannedChange
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.item import Item
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import restore_api, snapshot_api
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.cluster import Cluster
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.restore_creation import (
    NewRestoreReconciler,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.restore_reconcile import (
    check_finished,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.restore_spec import (
    RestoreSpec,
    refuse_for_existing,
)
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply, StillClock

PROJECT = "66f1c0de0000000000000002"
OTHER_PROJECT = "66f1c0de0000000000000009"
SNAPSHOT = "66f1c0de00000000000000e1"
NOTHING = {
    **dict.fromkeys(
        (
            "delivery_type",
            "snapshot_id",
            "snapshot",
            "before",
            "target_cluster_name",
            "target_project_id",
            "point_in_time",
            "point_in_time_utc_seconds",
            "oplog_ts",
            "oplog_inc",
        )
    ),
    "accept_target_data_loss": False,
    "force": False,
}
DOWNLOAD = {"delivery_type": "download", "snapshot_id": SNAPSHOT.upper()}
TARGET = {"target_cluster_name": "violet", "accept_target_data_loss": True}
AUTOMATED = {"delivery_type": "automated", "snapshot_id": SNAPSHOT, **TARGET}
IN_TIME = {"delivery_type": "pointInTime", "point_in_time_utc_seconds": 1772352000, **TARGET}
BY_OPLOG = {**IN_TIME, "point_in_time_utc_seconds": None, "oplog_ts": 1772352000, "oplog_inc": 3}
TARGETED = {"targetClusterName": "violet", "targetGroupId": PROJECT}
KEY = {"public_key": "pub", "private_key": "priv", "client_id": None, "client_secret": None}


def cluster(context=None):
    params = {
        **KEY,
        "base_url": "http://127.0.0.1:9",
        "project_id": PROJECT,
        "api_version": "v2",
        "cluster_name": "blue",
    }
    return Cluster(params, HttpSettings(retries=0), context or TaskContext(clock=StillClock()))


def request(snapshots=None, **params):
    return RestoreSpec({**NOTHING, **params}, PROJECT, snapshots, TaskContext(clock=StillClock()))


@pytest.mark.parametrize(
    "params, body",
    [
        (DOWNLOAD, {"deliveryType": "download", "snapshotId": SNAPSHOT}),
        (AUTOMATED, {"deliveryType": "automated", "snapshotId": SNAPSHOT, **TARGETED}),
        (
            {**AUTOMATED, "target_project_id": OTHER_PROJECT},
            {"deliveryType": "automated", "snapshotId": SNAPSHOT, **TARGETED, "targetGroupId": OTHER_PROJECT},
        ),
        (IN_TIME, {"deliveryType": "pointInTime", "pointInTimeUTCSeconds": 1772352000, **TARGETED}),
        (
            {**IN_TIME, "point_in_time_utc_seconds": None, "point_in_time": "2026-03-01T09:00:00+01:00"},
            {"deliveryType": "pointInTime", "pointInTimeUTCSeconds": 1772352000, **TARGETED},
        ),
        (
            {**IN_TIME, "point_in_time_utc_seconds": None, "oplog_ts": 1772352000, "oplog_inc": 3},
            {"deliveryType": "pointInTime", "oplogTs": 1772352000, "oplogInc": 3, **TARGETED},
        ),
    ],
)
def test_the_body_of_a_restore_holds_its_options(params, body):
    assert request(**params).body() == body


@pytest.mark.parametrize(
    "params, words",
    [
        ({}, "also give delivery_type"),
        ({"delivery_type": "download"}, "either snapshot_id or snapshot: latest"),
        ({**DOWNLOAD, "snapshot": "latest"}, "either snapshot_id or snapshot: latest"),
        ({**DOWNLOAD, "snapshot_id": "x"}, "snapshot_id: 'x'"),
        ({**DOWNLOAD, "before": "2026-01-01"}, "before requires"),
        ({**DOWNLOAD, "target_cluster_name": "violet"}, "is not restored to a cluster"),
        ({**DOWNLOAD, "oplog_ts": 1}, "valid only for a restore of delivery type pointInTime"),
        ({**AUTOMATED, "target_cluster_name": None}, "Give target_cluster_name"),
        ({**AUTOMATED, "target_cluster_name": "../x"}, "target_cluster_name is not a valid name"),
        ({**AUTOMATED, "target_project_id": "x"}, "target_project_id"),
        ({**IN_TIME, "snapshot_id": SNAPSHOT}, "finds its snapshot by itself"),
        ({**IN_TIME, "oplog_ts": 1772352000}, "needs one of point_in_time and"),
        ({**IN_TIME, "point_in_time": "2026-03-01"}, "needs one of point_in_time and"),
        ({**IN_TIME, "point_in_time_utc_seconds": None, "point_in_time": "then"}, "point_in_time: 'then'"),
        ({**IN_TIME, "point_in_time_utc_seconds": None, "point_in_time": "1999-01-01"}, "not before 2008"),
        ({**IN_TIME, "point_in_time_utc_seconds": None, "oplog_ts": 1772352000}, "needs one of"),
        ({**IN_TIME, "point_in_time_utc_seconds": None}, "needs one of"),
        ({**IN_TIME, "point_in_time_utc_seconds": 1772352000000}, "in seconds since 1970"),
        ({**IN_TIME, "point_in_time_utc_seconds": 0}, "in seconds since 1970"),
        ({**BY_OPLOG, "oplog_inc": 0}, "oplog_inc"),
        ({**BY_OPLOG, "oplog_inc": 2**31}, "oplog_inc must not be more than 2147483647"),
    ],
)
def test_invalid_options_are_refused(params, words):
    with pytest.raises(errors.InvalidInput, match=words):
        request(**params)


@pytest.mark.parametrize(
    "params",
    [
        {**BY_OPLOG, "oplog_ts": 1790001001},
        {**IN_TIME, "point_in_time_utc_seconds": 1790001001},
        {**IN_TIME, "point_in_time_utc_seconds": None, "point_in_time": "2026-09-21T14:30:01Z"},
    ],
)
def test_the_moment_to_restore_must_be_past(params):
    with pytest.raises(errors.InvalidInput, match="2026-09-21T14:30:01Z, the moment to restore, is in the future"):
        request(**params).examine([])


@pytest.mark.parametrize("params", [AUTOMATED, IN_TIME])
def test_data_is_not_destroyed_unasked(params):
    with pytest.raises(errors.InvalidInput, match=f"first delete all data of cluster violet in project {PROJECT}"):
        request(**{**params, "accept_target_data_loss": False})


RUNNING = {"deliveryType": "automated", "snapshotId": SNAPSHOT, **TARGETED}
PREPARED = {"deliveryType": "download", "snapshotId": SNAPSHOT, "deliveryUrl": []}


@pytest.mark.parametrize(
    "params, job, alike",
    [
        (AUTOMATED, RUNNING, True),
        # A second run would destroy what was written since the first.
        (AUTOMATED, {**RUNNING, "finishedAt": "2026-03-01T07:00:00Z"}, True),
        (AUTOMATED, {**RUNNING, "finishedAt": "2026-03-01T07:00:00Z", "expired": True}, True),
        (AUTOMATED, {**RUNNING, "failed": True}, False),
        (AUTOMATED, {**RUNNING, "targetClusterName": "green"}, False),
        (AUTOMATED, {**RUNNING, "targetGroupId": OTHER_PROJECT}, False),
        (AUTOMATED, {**RUNNING, "snapshotId": PROJECT}, False),
        (AUTOMATED, {**PREPARED, **TARGETED}, False),
        (DOWNLOAD, PREPARED, True),
        (DOWNLOAD, {**PREPARED, "deliveryUrl": ["https://x/y"], "expiresAt": "x"}, True),
        (DOWNLOAD, {**PREPARED, "expired": True}, False),
        (DOWNLOAD, {**PREPARED, "cancelled": True}, False),
        (DOWNLOAD, {**PREPARED, "failed": True}, False),
        # It was fetched: its address works no more.
        (DOWNLOAD, {**PREPARED, "expiresAt": "2026-03-01T07:00:00Z"}, False),
        (IN_TIME, {"deliveryType": "pointInTime", "pointInTimeUTCSeconds": 1772352000, **TARGETED}, True),
        (IN_TIME, {"deliveryType": "pointInTime", "pointInTimeUTCSeconds": 1772352001, **TARGETED}, False),
        (IN_TIME, {"id": "j", "deliveryType": "pointInTime", **TARGETED}, False),
        (IN_TIME, {"deliveryType": "pointInTime", "pointInTimeUTCSeconds": "1772352000", **TARGETED}, True),
        (AUTOMATED, {**RUNNING, "snapshotId": SNAPSHOT.upper(), "targetGroupId": PROJECT.upper()}, True),
        # A name that looks like an id.
        (
            {**AUTOMATED, "target_cluster_name": SNAPSHOT.upper()},
            {**RUNNING, "targetClusterName": SNAPSHOT.upper()},
            True,
        ),
    ],
)
def test_an_existing_restore_meets_a_request_if_it_is_equal_and_still_valid(params, job, alike):
    assert request(**params).is_met_by(job, is_new=False) is alike


TO_A_MOMENT = {"id": "j9", "deliveryType": "pointInTime", **TARGETED}


@pytest.mark.parametrize("ended", [{}, {"finishedAt": "2026-03-01T07:00:00Z"}])
@pytest.mark.parametrize(
    "params, job",
    [
        (IN_TIME, TO_A_MOMENT),
        (IN_TIME, {"id": "j9", "deliveryType": "pointInTime", "pointInTimeUTCSeconds": 1772352000}),
        (IN_TIME, {**TO_A_MOMENT, "targetGroupId": None, "pointInTimeUTCSeconds": 1772352000}),
        # The same second, said in the other way.
        (IN_TIME, {**TO_A_MOMENT, "oplogTs": 1772352000, "oplogInc": 1}),
        (BY_OPLOG, {**TO_A_MOMENT, "pointInTimeUTCSeconds": 1772352000}),
        (BY_OPLOG, {**TO_A_MOMENT, "oplogTs": 1772352000}),
        (AUTOMATED, {"id": "j9", "deliveryType": "automated", "snapshotId": SNAPSHOT}),
    ],
)
def test_a_restore_that_does_not_show_enough_may_be_the_same(params, job, ended):
    asked = request(**params)
    assert asked.is_met_by({**job, **ended}, is_new=False) is False
    assert "Restore job j9 may be the requested one" in asked.examine([job])


@pytest.mark.parametrize(
    "params, job",
    [
        (IN_TIME, {**TO_A_MOMENT, "targetClusterName": "green"}),
        (IN_TIME, {**TO_A_MOMENT, "failed": True}),
        (IN_TIME, {**TO_A_MOMENT, "oplogTs": 1772352001, "oplogInc": 1}),
        (BY_OPLOG, {**TO_A_MOMENT, "pointInTimeUTCSeconds": 1772351999}),
        (BY_OPLOG, {**TO_A_MOMENT, "oplogTs": 1772352000, "oplogInc": 4}),
        (IN_TIME, {**TO_A_MOMENT, "deliveryType": "automated"}),
        (IN_TIME, {"id": "j9", "deliveryType": "pointInTime", "pointInTimeUTCSeconds": 1772352001}),
    ],
)
def test_a_restore_that_shows_something_else_is_another_one(params, job):
    asked = request(**params)
    assert asked.is_met_by(job, is_new=False) is False
    assert asked.examine([job]) is None


def test_a_new_job_may_not_show_all():
    assert request(**IN_TIME).is_met_by({"deliveryType": "pointInTime", **TARGETED}, is_new=True) is True
    assert request(**IN_TIME).is_met_by({"deliveryType": "automated", **TARGETED}, is_new=True) is False


def test_options_for_new_jobs_are_refused_for_existing_ones():
    refuse_for_existing(NOTHING)
    with pytest.raises(errors.InvalidInput, match="snapshot_id and accept_target_data_loss: valid only for new jobs"):
        refuse_for_existing({**NOTHING, "snapshot_id": SNAPSHOT, "accept_target_data_loss": True})


@pytest.mark.parametrize(
    "job, words",
    [
        (None, "does not exist any more"),
        ({"failed": True}, "j failed"),
        ({"expired": True}, "j has expired"),
        ({"cancelled": True}, "j was cancelled"),
        ({**PREPARED, "expiresAt": "x"}, "fetched already"),
    ],
)
def test_a_restore_that_failed_or_can_no_longer_be_used_is_an_error(job, words):
    with pytest.raises(errors.JobsError, match=words):
        check_finished("j", job)


@pytest.mark.parametrize(
    "job, ended",
    [
        (RUNNING, False),
        ({**RUNNING, "finishedAt": "2026-03-01T07:00:00Z"}, True),
        (PREPARED, False),
        # A download is done when its address appears; it never gets a finishedAt.
        ({**PREPARED, "deliveryUrl": ["https://x/y"]}, True),
    ],
)
def test_a_restore_has_finished_once_it_has_an_end_or_an_address(job, ended):
    assert check_finished("j", job) is ended


BASE = f"/api/atlas/v2/groups/{PROJECT}/clusters/blue/backup"
MISSING = Reply(404, {"error": 404, "errorCode": "SNAPSHOT_NOT_FOUND", "detail": "No snapshot."})
ODD = Reply(400, {"error": 400, "errorCode": "INCORRECT_BACKUP_API_ENDPOINT", "detail": "Another one."})
NO_PROJECT = Reply(404, {"error": 404, "errorCode": "GROUP_NOT_FOUND", "detail": "No group."})
SERVERLESS = Reply(
    400, {"error": 400, "errorCode": "CANNOT_USE_SERVERLESS_INSTANCE_IN_CLUSTER_API", "detail": "Serverless."}
)
HTML = Reply(404, "<html>gateway</html>", Content_Type="text/html")
THERE = Reply(200, {"id": SNAPSHOT, "status": "completed"})
ONE, SHARDED = f"GET {BASE}/snapshots/{SNAPSHOT}", f"GET {BASE}/snapshots/shardedCluster/{SNAPSHOT}"


@pytest.mark.parametrize(
    "replies, found",
    [
        ([THERE], True),
        ([MISSING, THERE], True),
        ([ODD, THERE], True),
        ([MISSING, MISSING], False),
        # What is missing in one place need not even have the other.
        ([MISSING, ODD], False),
        ([ODD, MISSING], False),
    ],
)
def test_a_snapshot_is_found_or_missing_for_either_kind_of_cluster(replies, found):
    calls = [Call(target, reply) for target, reply in zip((ONE, SHARDED), replies)]
    with FakeService(*calls):
        assert bool(snapshot_api.Snapshots(cluster()).find([SNAPSHOT])) is found


@pytest.mark.parametrize(
    "replies", [[ODD, ODD], [NO_PROJECT], [HTML], [MISSING, HTML], [MISSING, NO_PROJECT], [SERVERLESS]]
)
def test_an_answer_that_does_not_say_that_a_snapshot_is_missing_is_an_error(replies):
    calls = [Call(target, reply) for target, reply in zip((ONE, SHARDED), replies)]
    with FakeService(*calls), pytest.raises(errors.ServiceError):
        snapshot_api.Snapshots(cluster()).find([SNAPSHOT])


def listed(*snapshots):
    return Reply(200, {"results": list(snapshots), "totalCount": len(snapshots), "links": [{"rel": "self"}]})


def snapshot(number, taken, status="completed"):
    return {"id": f"{number:024x}", "status": status, "createdAt": taken}


def test_snapshot_latest_takes_the_newest_completed_one_before_the_given_time():
    found = [
        snapshot(1, "2026-03-01T00:00:00Z"),
        snapshot(2, "2026-03-03T00:00:00Z"),
        snapshot(3, "2026-03-02T00:00:00Z"),
        snapshot(4, "2026-03-04T00:00:00Z", "failed"),
        {"id": f"{5:024x}", "status": "queued"},
    ]
    calls = [
        Call(f"GET {BASE}/snapshots/shardedClusters", listed()),
        Call(f"GET {BASE}/snapshots?pageNum=1&itemsPerPage=500", listed(*found)),
    ]
    for before, newest in ((None, 2), ("2026-03-03", 3), ("2026-01-01", None)):
        with FakeService(*calls):
            chosen = request(
                snapshot_api.Snapshots(cluster()), delivery_type="download", snapshot="latest", before=before
            )
            if newest is None:
                with pytest.raises(errors.JobsError, match="blue has no completed snapshot from before 2026-01-01"):
                    chosen.choose_snapshot()
            else:
                chosen.choose_snapshot()
                chosen.choose_snapshot()
                assert chosen.key == "latest"
                assert chosen.body()["snapshotId"] == f"{newest:024x}"
                assert chosen.examine([]) is None


@pytest.mark.parametrize(
    "reply, params, words",
    [
        (MISSING, DOWNLOAD, f"Snapshot {SNAPSHOT} does not exist for cluster blue."),
        (MISSING, AUTOMATED, "target_cluster_name is the one that is restored to and loses its data"),
        (
            Reply(200, {"id": SNAPSHOT, "status": "inProgress"}),
            DOWNLOAD,
            "cannot be restored, as it is still being taken",
        ),
    ],
)
def test_a_snapshot_that_cannot_be_restored_is_a_problem(reply, params, words):
    calls = [Call(ONE, reply)] + [Call(SHARDED, MISSING)] * (reply is MISSING)
    with FakeService(*calls):
        assert words in request(snapshot_api.Snapshots(cluster()), **params).examine([])


def test_several_snapshots_are_looked_for_in_both_lists():
    """On a sharded cluster, those of the shards and those from before it was sharded are in the other one."""
    calls = [
        Call(f"GET {BASE}/snapshots/shardedClusters", listed(snapshot(1, "x"))),
        Call(f"GET {BASE}/snapshots?pageNum=1&itemsPerPage=500", listed(snapshot(2, "x"))),
        Call(f"DELETE {BASE}/snapshots/shardedCluster/{1:024x}", Reply(204)),
        Call(f"DELETE {BASE}/snapshots/{2:024x}", Reply(204)),
    ]
    with FakeService(*calls):
        snapshots = snapshot_api.Snapshots(cluster())
        assert sorted(snapshots.find([f"{number:024x}" for number in (1, 2, 3)])) == [f"{1:024x}", f"{2:024x}"]
        assert snapshots.delete(f"{1:024x}") is snapshots.delete(f"{2:024x}") is True


@pytest.mark.parametrize("shape", [lambda job: job, lambda job: {"results": [job]}, lambda job: [job]])
def test_a_created_job_is_read_from_any_form_of_answer(shape):
    with FakeService(Call(f"POST {BASE}/restoreJobs", Reply(200, shape({"id": SNAPSHOT.upper()})), body={})):
        assert restore_api.RestoreJobs(cluster()).create({})["id"] == SNAPSHOT


@pytest.mark.parametrize("body", ["", {}, [], {"id": 5}])
def test_an_answer_without_a_job_leaves_it_in_doubt(body):
    service = FakeService(Call(f"POST {BASE}/restoreJobs", Reply(200, body), body={}))
    with service, pytest.raises(errors.OutcomeUnknown):
        restore_api.RestoreJobs(cluster()).create({})


def test_another_kind_of_job_than_was_asked_for_is_an_error():
    class Jobs:
        def create(self, body):
            return {"id": "j", "deliveryType": "download"}

    reconciler = NewRestoreReconciler(Jobs(), request(**AUTOMATED), force=False)
    item = Item(SNAPSHOT, None, PlannedChange("create", after={}))
    with pytest.raises(errors.JobsError, match="made it a job of delivery type download instead of automated"):
        reconciler.apply(item)
    assert item.changed is True
    assert reconciler.id_of(SNAPSHOT) == "j"


def test_a_job_that_does_not_show_its_kind_is_taken_as_asked():
    class Jobs:
        def create(self, body):
            return {"id": "j"}

    reconciler = NewRestoreReconciler(Jobs(), request(**AUTOMATED), force=False)
    assert reconciler.apply(Item(SNAPSHOT, None, PlannedChange("create", after={}))) is True
