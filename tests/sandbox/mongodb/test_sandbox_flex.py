# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
import requests
from sandbox_client import ATLAS
from sandbox_mongodb import archive_members, assert_error

BASE = f"/api/atlas/v2/groups/{ATLAS}/flexClusters"
MEDIA_TYPE = "application/vnd.atlas.2024-11-13+json"
OLD, NEW, RUNNING = (f"66f1c0de000000000000020{number}" for number in (1, 2, 3))
RESTORED, READY, EXPIRED, FAILED = (f"66f1c0de000000000000021{number}" for number in (1, 2, 3, 4))


def flex(sandbox, method="GET", rest="/restoreJobs", cluster="sprout", version=MEDIA_TYPE, **more):
    return sandbox.call(method, f"{BASE}/{cluster}/backup{rest}", headers={"Accept": version}, **more)


def test_snapshots_and_jobs_are_listed_with_the_recorded_fields(sandbox):
    response = flex(sandbox, rest="/snapshots")
    assert response.headers["Content-Type"] == f"{MEDIA_TYPE};charset=utf-8"
    old, _new, running = response.json()["results"]
    recorded = ["expiration", "finishTime", "id", "mongoDBVersion", "scheduledTime", "startTime", "status"]
    assert list(old) == recorded and old["status"] == "COMPLETED"
    assert "finishTime" not in running and running["status"] == "RUNNING"
    jobs = {job["id"]: job for job in flex(sandbox).json()["results"]}
    assert list(jobs[RESTORED]) == [
        *("deliveryType", "expirationDate", "id", "instanceName", "projectId", "restoreFinishedDate"),
        *("restoreScheduledDate", "snapshotFinishedDate", "snapshotId", "status"),
        *("targetDeploymentItemName", "targetProjectId"),
    ]
    shown = {name: (job["deliveryType"], job["status"], "snapshotUrl" in job) for name, job in jobs.items()}
    assert shown == {
        RESTORED: ("RESTORE", "COMPLETED", False),
        READY: ("DOWNLOAD", "COMPLETED", True),
        EXPIRED: ("DOWNLOAD", "COMPLETED", False),
        FAILED: ("RESTORE", "FAILED", False),
    }


def test_a_restore_is_pending_then_running_then_completed(sandbox):
    sandbox.control("POST", "clock", {"frozen": True})
    response = flex(sandbox, "POST", json={"snapshotId": NEW, "targetDeploymentItemName": "violet"})
    assert response.status_code == 200, response.text
    job = response.json()
    assert (job["deliveryType"], job["targetProjectId"], job["status"]) == ("RESTORE", ATLAS, "PENDING")
    for seconds, status in ((60, "RUNNING"), (200, "COMPLETED")):
        sandbox.control("POST", "clock", {"advance": seconds})
        assert flex(sandbox, rest=f"/restoreJobs/{job['id']}").json()["status"] == status


def test_a_download_has_a_url_for_four_hours_however_often_it_is_fetched(sandbox):
    sandbox.control("POST", "clock", {"frozen": True})
    job = flex(sandbox, "POST", "/download", json={"snapshotId": NEW}).json()
    assert (job["deliveryType"], "snapshotUrl" in job, "targetProjectId" in job) == ("DOWNLOAD", False, False)
    sandbox.control("POST", "clock", {"advance": "4m"})
    url = flex(sandbox, rest=f"/restoreJobs/{job['id']}").json()["snapshotUrl"]
    for _time in range(2):
        assert archive_members(requests.get(url, timeout=30).content)
    sandbox.control("POST", "clock", {"advance": "3h56m"})
    assert "snapshotUrl" not in flex(sandbox, rest=f"/restoreJobs/{job['id']}").json()
    assert requests.get(url, timeout=30).status_code == 404


@pytest.mark.parametrize(
    "body, status, code, parameters",
    [
        ({"targetDeploymentItemName": "violet"}, 400, "MISSING_ATTRIBUTE", ["snapshotId"]),
        ({"snapshotId": NEW}, 400, "MISSING_ATTRIBUTE", ["targetDeploymentItemName"]),
        ({"snapshotId": NEW, "targetDeploymentItemName": "red"}, 404, "CLUSTER_NOT_FOUND", ["red", ATLAS]),
        ({"snapshotId": NEW, "targetDeploymentItemName": "amber"}, 400, "CLUSTER_PAUSED_CANNOT_RESTORE", []),
        ({"snapshotId": NEW, "targetDeploymentItemName": "indigo"}, 409, "ATLAS_CLUSTER_RESTORE_IN_PROGRESS", []),
        ({"snapshotId": NEW, "targetDeploymentItemName": "green"}, 400, "UNEXPECTED_ERROR", None),
        (
            {"snapshotId": RUNNING, "targetDeploymentItemName": "violet"},
            409,
            "CANNOT_START_RESTORE_JOB_FOR_INCOMPLETE_CLUSTER_SNAPSHOT",
            [],
        ),
        (
            {"snapshotId": READY, "targetDeploymentItemName": "violet"},
            404,
            "TENANT_SNAPSHOT_NOT_FOUND",
            [READY, "sprout"],
        ),
    ],
)
def test_a_restore_that_cannot_be_is_refused(sandbox, body, status, code, parameters):
    assert_error(flex(sandbox, "POST", json=body), status, code, parameters)


def test_missing_things_and_other_clusters_return_the_recorded_errors(sandbox):
    assert_error(flex(sandbox, rest=f"/restoreJobs/{OLD}"), 404, "TENANT_RESTORE_NOT_FOUND", [OLD, "sprout"])
    assert_error(flex(sandbox, rest=f"/snapshots/{READY}"), 404, "TENANT_SNAPSHOT_NOT_FOUND", [READY, "sprout"])
    assert_error(flex(sandbox, cluster="red"), 404, "CLUSTER_NOT_FOUND", ["red", ATLAS])
    assert_error(flex(sandbox, cluster="blue"), 400, "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API", ["blue"])
    assert_error(flex(sandbox, version="application/vnd.atlas.2023-01-01+json"), 406, "INVALID_VERSION_DATE", [])


@pytest.mark.parametrize("method, rest", [("POST", "/snapshots"), ("DELETE", f"/snapshots/{OLD}"), ("DELETE", "")])
def test_snapshots_are_neither_taken_nor_deleted_and_jobs_not_cancelled(sandbox, method, rest):
    response = flex(sandbox, method, rest or f"/restoreJobs/{READY}")
    assert (response.status_code, response.json()["errorCode"]) == (404, "RESOURCE_NOT_FOUND")
