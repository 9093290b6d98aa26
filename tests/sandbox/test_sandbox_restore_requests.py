# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""New restore jobs."""

from __future__ import annotations

import json

import pytest
from sandbox_client import ATLAS, V2
from test_sandbox_atlas_restore import JOBS, V1, VND, status
from test_sandbox_log_collection import assert_error

SNAPSHOTS = {name: f"66f1c0de000000000000{name:0>4}" for name in "e1 e2 e3 e4 e5 e6 f1 f2 f3 f5 101 fe".split()}
DOWNLOAD = {"deliveryType": "download", "snapshotId": SNAPSHOTS["e3"]}
TARGET = {"targetClusterName": "violet", "targetGroupId": ATLAS}
AUTOMATED = {"deliveryType": "automated", "snapshotId": SNAPSHOTS["e3"], **TARGET}
POINT = {"deliveryType": "pointInTime", "pointInTimeUTCSeconds": 1772352000, **TARGET}
SHARD = "66f1c0de00010000000000f5"


def create(box, body, cluster="blue"):
    return box.restores("POST", cluster=cluster, json=body)


def made(box, body, cluster="blue"):
    answer = create(box, body, cluster)
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


def test_a_download(box):
    box.clock(frozen=True)
    answer = create(box, DOWNLOAD)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == VND
    assert box.requests()[-1]["acted"] is True
    job = answer.json()
    assert list(job) == (
        "cancelled deliveryType deliveryUrl desiredTimestamp expired failed id links snapshotId timestamp".split()
    )
    snapshot = box.call("GET", f"{V1.replace('restoreJobs', 'snapshots')}/{SNAPSHOTS['e3']}").json()
    assert job["timestamp"] == snapshot["createdAt"]
    assert box.restores("GET", job["id"]).json() == job
    state = box.state()["atlas_restore"][ATLAS]["clusters"]["blue"]["jobs"][job["id"]]
    assert state == {"cancelled": False, "status": "in_progress", "deliveryType": "download"}
    box.clock(advance="4m")
    assert len(box.restores("GET", job["id"]).json()["deliveryUrl"]) == 1
    assert job["id"] in box.restores("GET").text
    box.clock(advance="1h")
    assert box.restores("GET", job["id"]).json()["expired"] is True


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
def test_a_restore(box, body, shown):
    job = create(box, body).json()
    assert (job["targetClusterName"], job["targetGroupId"], job["deliveryUrl"]) == ("violet", ATLAS, [])
    assert {name: job[name] for name in shown} == shown and job["deliveryType"] == body["deliveryType"]
    assert_error(create(box, AUTOMATED), 409, "ATLAS_CLUSTER_RESTORE_IN_PROGRESS", [])
    box.clock(advance="4m")
    assert box.restores("GET", job["id"]).json()["finishedAt"]
    assert create(box, AUTOMATED).status_code == 200


def test_the_old_version(box):
    answer = box.call("POST", V1, json=DOWNLOAD)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    box.variants(create_restore_answer="list")
    (job,) = box.call("POST", V1, json=AUTOMATED).json()["results"]
    assert job["deliveryType"] == "automated"


@pytest.mark.parametrize("length", [0, 30])
def test_ids_are_unique_and_come_again_after_a_reset(box, length):
    box.variants(hide_new_job=length)
    first, second = made(box, DOWNLOAD), made(box, AUTOMATED)
    assert first != second
    box.reset()
    assert made(box, DOWNLOAD) == first


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
def test_what_cannot_be_asked_for(box, body, code, parameters):
    assert_error(create(box, body), 400, code, parameters)
    assert box.acted() == 0


@pytest.mark.parametrize(
    "body,status,code,parameters",
    [
        ({**DOWNLOAD, "snapshotId": SNAPSHOTS["fe"]}, 404, "SNAPSHOT_NOT_FOUND", [SNAPSHOTS["fe"], "blue"]),
        # It is that of another cluster.
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
        # One is being prepared, the other is ready.
        ({**DOWNLOAD, "snapshotId": SNAPSHOTS["e1"]}, 400, "CANNOT_DOWNLOAD_SNAPSHOT_CONCURRENTLY", []),
        ({**DOWNLOAD, "snapshotId": SNAPSHOTS["e2"]}, 400, "CANNOT_DOWNLOAD_SNAPSHOT_CONCURRENTLY", []),
        ({**AUTOMATED, "targetClusterName": "red"}, 404, "CLUSTER_NOT_FOUND", ["red", ATLAS]),
        ({**POINT, "targetClusterName": "red"}, 404, "CLUSTER_NOT_FOUND", ["red", ATLAS]),
        ({**AUTOMATED, "targetGroupId": JOBS["ff"]}, 404, "GROUP_NOT_FOUND", [JOBS["ff"]]),
        ({**AUTOMATED, "targetGroupId": "x"}, 404, "INVALID_GROUP_ID", ["x"]),
        ({**AUTOMATED, "targetClusterName": "sprout"}, 400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", ["sprout"]),
        ({**AUTOMATED, "targetClusterName": "amber"}, 400, "CLUSTER_PAUSED_CANNOT_RESTORE", []),
        ({**AUTOMATED, "targetClusterName": "indigo"}, 409, "ATLAS_CLUSTER_RESTORE_IN_PROGRESS", []),
        ({**POINT, "targetClusterName": "indigo"}, 409, "ATLAS_CLUSTER_RESTORE_IN_PROGRESS", []),
    ],
    ids=str,
)
def test_what_does_not_fit_the_state(box, body, status, code, parameters):
    assert_error(create(box, body), status, code, parameters)
    assert box.acted() == 0


@pytest.mark.parametrize(
    "cluster,status,code",
    [
        ("red", 404, "CLUSTER_NOT_FOUND"),
        ("sprout", 400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API"),
        ("drizzle", 400, "CANNOT_USE_SERVERLESS_INSTANCE_IN_CLUSTER_API"),
    ],
)
def test_other_clusters(box, cluster, status, code):
    assert_error(create(box, DOWNLOAD, cluster), status, code, ["red", ATLAS] if cluster == "red" else [cluster])


def test_a_snapshot_can_be_downloaded_again_when_the_first_time_is_over(box):
    job = made(box, DOWNLOAD)
    assert create(box, DOWNLOAD).status_code == 400
    assert box.restores("DELETE", job).status_code == 204
    assert create(box, DOWNLOAD).status_code == 200
    box.clock(advance="2h")
    assert create(box, DOWNLOAD).status_code == 200


def test_jobs_that_take_their_time_and_fail(box, seed):
    seed["mongodb"]["projects"][2]["clusters"][0]["new_restore_jobs"] = {"takes": "10m", "fails": True}
    box.reset(seed)
    jobs = made(box, DOWNLOAD), made(box, AUTOMATED)
    box.clock(advance=599)
    assert not any(box.restores("GET", job).json()["failed"] for job in jobs)
    box.clock(advance=1)
    assert all(box.restores("GET", job).json()["failed"] for job in jobs)


def test_sharded_clusters(box):
    job = create(box, {**DOWNLOAD, "snapshotId": SNAPSHOTS["f5"]}, "green").json()
    names = ["green-shard-0", "green-shard-1"]
    assert job["components"] == [{"downloadUrl": None, "replicaSetName": name} for name in names]
    answer = create(box, {**AUTOMATED, "snapshotId": SHARD}, "green")
    assert_error(answer, 400, "AUTOMATED_RESTORE_OF_SHARD_NOT_ALLOWED", [])
    part = create(box, {**DOWNLOAD, "snapshotId": SHARD}, "green").json()
    assert [component["replicaSetName"] for component in part["components"]] == names[:1]
    assert box.restores("DELETE", part["id"], "green").status_code == 405
    box.clock(advance="4m")
    job = box.restores("GET", job["id"], "green").json()
    assert len(set(job["deliveryUrl"])) == 2
    assert [component["downloadUrl"] for component in job["components"]] == job["deliveryUrl"]


def test_an_automated_restore_can_come_out_as_a_download(box):
    box.variants(restore_made="download")
    job = create(box, AUTOMATED).json()
    assert job["deliveryType"] == "download" and "targetClusterName" not in job
    assert box.restores("GET", job["id"]).json()["deliveryType"] == "download"


def test_a_new_job_can_be_hidden_at_first(box):
    box.clock(frozen=True)
    box.variants(hide_new_job=30)
    job = made(box, DOWNLOAD)
    assert_error(box.restores("GET", job), 404, "RESTORE_JOB_NOT_FOUND", [job, "blue"])
    assert box.restores("GET").json()["totalCount"] == 12
    assert status(box, "b1") == "in_progress" and job in str(box.state())
    box.clock(advance=30)
    assert box.restores("GET", job).status_code == 200
    assert box.restores("GET").json()["totalCount"] == 13


def test_v2_takes_both_content_types(box):
    for number, content_type in enumerate(("application/json", V2["Accept"])):
        headers = {**V2, "Content-Type": content_type}
        assert (
            box.call("POST", V1.replace("v1.0", "v2"), headers=headers, data=json.dumps(DOWNLOAD)).status_code
            == (200, 400)[number]
        )
