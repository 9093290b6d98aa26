# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""New restore jobs."""

from __future__ import annotations

import json

import pytest
from sandbox_client import ATLAS, V2
from sandbox_mongodb import (
    ATLAS_MEDIA_TYPE,
    RESTORE_JOBS,
    RESTORES_V1,
    SHARD_SNAPSHOT,
    SNAPSHOTS,
    assert_error,
    create_restore,
    created_restore_id,
    restore_status,
)

DOWNLOAD = {"deliveryType": "download", "snapshotId": SNAPSHOTS["e3"]}
TARGET = {"targetClusterName": "violet", "targetGroupId": ATLAS}
AUTOMATED = {"deliveryType": "automated", "snapshotId": SNAPSHOTS["e3"], **TARGET}
POINT = {"deliveryType": "pointInTime", "pointInTimeUTCSeconds": 1772352000, **TARGET}


def test_created_download_becomes_ready_and_expires(sandbox):
    sandbox.clock(frozen=True)
    response = create_restore(sandbox, DOWNLOAD)
    assert response.status_code == 200 and response.headers["Content-Type"] == ATLAS_MEDIA_TYPE
    assert sandbox.requests()[-1]["acted"] is True
    job = response.json()
    assert list(job) == (
        "cancelled deliveryType deliveryUrl desiredTimestamp expired failed id links snapshotId timestamp".split()
    )
    snapshot = sandbox.call("GET", f"{RESTORES_V1.replace('restoreJobs', 'snapshots')}/{SNAPSHOTS['e3']}").json()
    assert job["timestamp"] == snapshot["createdAt"]
    assert sandbox.restores("GET", job["id"]).json() == job
    state = sandbox.state()["atlas_restore"][ATLAS]["clusters"]["blue"]["jobs"][job["id"]]
    assert state == {"cancelled": False, "status": "in_progress", "deliveryType": "download"}
    sandbox.clock(advance="4m")
    assert len(sandbox.restores("GET", job["id"]).json()["deliveryUrl"]) == 1
    assert job["id"] in sandbox.restores("GET").text
    sandbox.clock(advance="1h")
    assert sandbox.restores("GET", job["id"]).json()["expired"] is True


@pytest.mark.parametrize(
    "body,shown",
    [
        (AUTOMATED, {}),
        (POINT, {"pointInTimeUTCSeconds": 1772352000}),
        (
            {"deliveryType": "pointInTime", "oplogTs": 1772352000, "oplogInc": 3, **TARGET},
            {"oplogTs": 1772352000, "oplogInc": 3},
        ),
    ],
    ids=str,
)
def test_created_restore_blocks_its_target_until_finished(sandbox, body, shown):
    job = create_restore(sandbox, body).json()
    assert (job["targetClusterName"], job["targetGroupId"], job["deliveryUrl"]) == ("violet", ATLAS, [])
    assert {name: job[name] for name in shown} == shown and job["deliveryType"] == body["deliveryType"]
    assert_error(create_restore(sandbox, AUTOMATED), 409, "ATLAS_CLUSTER_RESTORE_IN_PROGRESS", [])
    sandbox.clock(advance="4m")
    assert sandbox.restores("GET", job["id"]).json()["finishedAt"]
    assert create_restore(sandbox, AUTOMATED).status_code == 200


def test_v1_creation_returns_object_or_list_by_variant(sandbox):
    response = sandbox.call("POST", RESTORES_V1, json=DOWNLOAD)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
    sandbox.variants(create_restore_answer="list")
    (job,) = sandbox.call("POST", RESTORES_V1, json=AUTOMATED).json()["results"]
    assert job["deliveryType"] == "automated"


@pytest.mark.parametrize("length", [0, 30])
def test_new_ids_are_unique_and_repeat_after_reset(sandbox, length):
    sandbox.variants(hide_new_job=length)
    first, second = created_restore_id(sandbox, DOWNLOAD), created_restore_id(sandbox, AUTOMATED)
    assert first != second
    sandbox.reset()
    assert created_restore_id(sandbox, DOWNLOAD) == first


@pytest.mark.parametrize(
    "body,code,parameters",
    [
        ({}, "MISSING_ATTRIBUTE", ["deliveryType"]),
        ({"deliveryType": "post"}, "INVALID_ENUM_VALUE", ["post"]),
        ({**DOWNLOAD, "colour": 1}, "INVALID_ATTRIBUTE", ["colour"]),
        ({"deliveryType": "download"}, "MISSING_ATTRIBUTE", ["snapshotId"]),
        ({**DOWNLOAD, "targetClusterName": "violet"}, "INVALID_ATTRIBUTE", ["targetClusterName"]),
        ({**DOWNLOAD, "oplogTs": 1}, "INVALID_ATTRIBUTE", ["oplogTs"]),
        ({**DOWNLOAD, "snapshotId": 5}, "INVALID_JSON_ATTRIBUTE", ["snapshotId"]),
        ({**AUTOMATED, "snapshotId": None}, "MISSING_ATTRIBUTE", ["snapshotId"]),
        ({**AUTOMATED, "targetClusterName": None}, "MISSING_ATTRIBUTE", ["targetClusterName"]),
        ({**AUTOMATED, "targetGroupId": None}, "MISSING_ATTRIBUTE", ["targetGroupId"]),
        ({**AUTOMATED, "pointInTimeUTCSeconds": 1}, "INVALID_ATTRIBUTE", ["pointInTimeUTCSeconds"]),
        ({**POINT, "targetGroupId": None}, "MISSING_ATTRIBUTE", ["targetGroupId"]),
        ({**POINT, "pointInTimeUTCSeconds": None}, "INVALID_PIT_RESTORE_TIME", []),
        ({**POINT, "oplogTs": 1772352000, "oplogInc": 1}, "INVALID_PIT_RESTORE_TIME", []),
        ({**POINT, "pointInTimeUTCSeconds": None, "oplogTs": 1772352000}, "INVALID_PIT_RESTORE_TIME", []),
        ({**POINT, "pointInTimeUTCSeconds": 1199145599}, "INVALID_PIT_RESTORE_TIME", []),
        ({**POINT, "pointInTimeUTCSeconds": "now"}, "INVALID_JSON_ATTRIBUTE", ["pointInTimeUTCSeconds"]),
    ],
    ids=str,
)
def test_invalid_body_is_refused(sandbox, body, code, parameters):
    assert_error(create_restore(sandbox, body), 400, code, parameters)
    assert sandbox.acted() == 0


@pytest.mark.parametrize(
    "body,status,code,parameters",
    [
        ({**DOWNLOAD, "snapshotId": SNAPSHOTS["fe"]}, 404, "SNAPSHOT_NOT_FOUND", [SNAPSHOTS["fe"], "blue"]),
        # This snapshot is of another cluster.
        ({**DOWNLOAD, "snapshotId": SNAPSHOTS["101"]}, 404, "SNAPSHOT_NOT_FOUND", [SNAPSHOTS["101"], "blue"]),
        ({**DOWNLOAD, "snapshotId": "latest"}, 404, "INVALID_SNAPSHOT_ID", ["latest"]),
        ({**DOWNLOAD, "snapshotId": SNAPSHOTS["e4"]}, 409, "CANNOT_DOWNLOAD_INCOMPLETE_SNAPSHOT", []),
        ({**DOWNLOAD, "snapshotId": SNAPSHOTS["e6"]}, 409, "CANNOT_DOWNLOAD_INCOMPLETE_SNAPSHOT", []),
        (
            {**AUTOMATED, "snapshotId": SNAPSHOTS["e5"]},
            409,
            "CANNOT_START_RESTORE_JOB_FOR_INCOMPLETE_CLUSTER_SNAPSHOT",
            [],
        ),
        # One download is being prepared, the other is ready.
        ({**DOWNLOAD, "snapshotId": SNAPSHOTS["e1"]}, 400, "CANNOT_DOWNLOAD_SNAPSHOT_CONCURRENTLY", []),
        ({**DOWNLOAD, "snapshotId": SNAPSHOTS["e2"]}, 400, "CANNOT_DOWNLOAD_SNAPSHOT_CONCURRENTLY", []),
        ({**AUTOMATED, "targetClusterName": "red"}, 404, "CLUSTER_NOT_FOUND", ["red", ATLAS]),
        ({**POINT, "targetClusterName": "red"}, 404, "CLUSTER_NOT_FOUND", ["red", ATLAS]),
        ({**AUTOMATED, "targetGroupId": RESTORE_JOBS["ff"]}, 404, "GROUP_NOT_FOUND", [RESTORE_JOBS["ff"]]),
        ({**AUTOMATED, "targetGroupId": "x"}, 404, "INVALID_GROUP_ID", ["x"]),
        ({**AUTOMATED, "targetClusterName": "sprout"}, 400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", ["sprout"]),
        ({**AUTOMATED, "targetClusterName": "amber"}, 400, "CLUSTER_PAUSED_CANNOT_RESTORE", []),
        ({**AUTOMATED, "targetClusterName": "indigo"}, 409, "ATLAS_CLUSTER_RESTORE_IN_PROGRESS", []),
        ({**POINT, "targetClusterName": "indigo"}, 409, "ATLAS_CLUSTER_RESTORE_IN_PROGRESS", []),
    ],
    ids=str,
)
def test_creation_that_conflicts_with_state_is_refused(sandbox, body, status, code, parameters):
    assert_error(create_restore(sandbox, body), status, code, parameters)
    assert sandbox.acted() == 0


@pytest.mark.parametrize(
    "cluster,status,code",
    [
        ("red", 404, "CLUSTER_NOT_FOUND"),
        ("sprout", 400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API"),
        ("drizzle", 400, "CANNOT_USE_SERVERLESS_INSTANCE_IN_CLUSTER_API"),
    ],
)
def test_creation_for_missing_or_unsupported_cluster_is_refused(sandbox, cluster, status, code):
    assert_error(
        create_restore(sandbox, DOWNLOAD, cluster), status, code, ["red", ATLAS] if cluster == "red" else [cluster]
    )


def test_snapshot_can_be_downloaded_again_after_first_download_ended(sandbox):
    job = created_restore_id(sandbox, DOWNLOAD)
    assert create_restore(sandbox, DOWNLOAD).status_code == 400
    assert sandbox.restores("DELETE", job).status_code == 204
    assert create_restore(sandbox, DOWNLOAD).status_code == 200
    sandbox.clock(advance="2h")
    assert create_restore(sandbox, DOWNLOAD).status_code == 200


def test_new_job_fails_after_duration_of_seed(sandbox, seed):
    seed["mongodb"]["projects"][2]["clusters"][0]["new_restore_jobs"] = {"takes": "10m", "fails": True}
    sandbox.reset(seed)
    jobs = created_restore_id(sandbox, DOWNLOAD), created_restore_id(sandbox, AUTOMATED)
    sandbox.clock(advance=599)
    assert not any(sandbox.restores("GET", job).json()["failed"] for job in jobs)
    sandbox.clock(advance=1)
    assert all(sandbox.restores("GET", job).json()["failed"] for job in jobs)


def test_download_of_sharded_cluster_covers_all_shards_or_one(sandbox):
    job = create_restore(sandbox, {**DOWNLOAD, "snapshotId": SNAPSHOTS["f5"]}, "green").json()
    names = ["green-shard-0", "green-shard-1"]
    assert job["components"] == [{"downloadUrl": None, "replicaSetName": name} for name in names]
    response = create_restore(sandbox, {**AUTOMATED, "snapshotId": SHARD_SNAPSHOT}, "green")
    assert_error(response, 400, "AUTOMATED_RESTORE_OF_SHARD_NOT_ALLOWED", [])
    part = create_restore(sandbox, {**DOWNLOAD, "snapshotId": SHARD_SNAPSHOT}, "green").json()
    assert [component["replicaSetName"] for component in part["components"]] == names[:1]
    assert sandbox.restores("DELETE", part["id"], "green").status_code == 405
    sandbox.clock(advance="4m")
    job = sandbox.restores("GET", job["id"], "green").json()
    assert len(set(job["deliveryUrl"])) == 2
    assert [component["downloadUrl"] for component in job["components"]] == job["deliveryUrl"]


def test_automated_restore_becomes_download_with_variant(sandbox):
    sandbox.variants(restore_made="download")
    job = create_restore(sandbox, AUTOMATED).json()
    assert job["deliveryType"] == "download" and "targetClusterName" not in job
    assert sandbox.restores("GET", job["id"]).json()["deliveryType"] == "download"


def test_new_job_is_hidden_for_duration_of_variant(sandbox):
    sandbox.clock(frozen=True)
    sandbox.variants(hide_new_job=30)
    job = created_restore_id(sandbox, DOWNLOAD)
    assert_error(sandbox.restores("GET", job), 404, "RESTORE_JOB_NOT_FOUND", [job, "blue"])
    assert sandbox.restores("GET").json()["totalCount"] == 12
    assert restore_status(sandbox, "b1") == "in_progress" and job in str(sandbox.state())
    sandbox.clock(advance=30)
    assert sandbox.restores("GET", job).status_code == 200
    assert sandbox.restores("GET").json()["totalCount"] == 13


def test_v2_accepts_both_content_types(sandbox):
    def post(content_type):
        headers = {**V2, "Content-Type": content_type}
        return sandbox.call("POST", RESTORES_V1.replace("v1.0", "v2"), headers=headers, data=json.dumps(DOWNLOAD))

    assert post("application/json").status_code == 200
    # The code shows that the body was read.
    assert_error(post(V2["Accept"]), 400, "CANNOT_DOWNLOAD_SNAPSHOT_CONCURRENTLY", [])
