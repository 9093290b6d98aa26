# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from sandbox_client import ATLAS, V2
from sandbox_mongodb import ATLAS_MEDIA_TYPE, RESTORE_JOBS, RESTORES_V1, UNSET_TIMESTAMP, assert_error, restore_status


def test_list_has_links_and_obeys_paging(sandbox):
    response = sandbox.restores("GET")
    body = response.json()
    assert response.headers["Content-Type"] == ATLAS_MEDIA_TYPE
    assert response.headers["RateLimit-Limit"] == "1200" and response.headers["RateLimit-Remaining"].isdigit()
    path = RESTORES_V1.replace("v1.0", "v2")
    assert body["links"] == [
        {"href": f"{sandbox.url}{path}?includeCount=true&pageNum=1&itemsPerPage=100", "rel": "self"}
    ]
    assert body["totalCount"] == 12
    for job in body["results"]:
        assert list(job) == sorted(job)
        assert job["desiredTimestamp"] == UNSET_TIMESTAMP and list(job["desiredTimestamp"]) == list(UNSET_TIMESTAMP)
        assert isinstance(job["deliveryUrl"], list)
    links = sandbox.restores("GET", params={"itemsPerPage": 5, "pageNum": 2, "includeCount": "false"}).json()
    assert "totalCount" not in links
    assert [link["href"].rpartition("?")[2] for link in links["links"]] == [
        "includeCount=false&pageNum=2&itemsPerPage=5",
        "includeCount=false&itemsPerPage=5&pageNum=1",
        "includeCount=false&itemsPerPage=5&pageNum=3",
    ]


def test_new_download_matches_the_recorded_response(sandbox):
    job = sandbox.restores("GET", RESTORE_JOBS["b1"]).json()
    assert list(job) == (
        "cancelled deliveryType deliveryUrl desiredTimestamp expired failed id links snapshotId timestamp".split()
    )
    assert [link["rel"] for link in job["links"]] == ["self"] + [
        f"https://cloud.mongodb.com/{name}" for name in ("snapshot", "cluster", "group")
    ]
    old = sandbox.call("GET", f"{RESTORES_V1}/{RESTORE_JOBS['b1']}")
    assert old.headers["Content-Type"] == "application/json"
    assert old.json()["links"][1]["rel"] == "http://mms.mongodb.com/snapshot"


def test_download_becomes_ready_after_preparation_and_expires_after_an_hour(sandbox):
    sandbox.control("POST", "clock", {"frozen": True})
    now = sandbox.control("GET", "clock")["now"]
    sandbox.control("POST", "clock", {"advance": "4m"})
    job = sandbox.restores("GET", RESTORE_JOBS["b1"]).json()
    (url,) = job["deliveryUrl"]
    assert url == f"{sandbox.url}/5f0e7a1cb1d24e6f8a3b9c7d/restore-66f1c0de00000000000000e1.tar.gz"
    sandbox.variants(delivery_host="vendor")
    assert sandbox.restores("GET", RESTORE_JOBS["b1"]).json()["deliveryUrl"] == [
        f"https://restore-{RESTORE_JOBS['b1']}.ab12c.mongodb.net:27017/5f0e7a1cb1d24e6f8a3b9c7d/"
        "restore-66f1c0de00000000000000e1.tar.gz"
    ]
    assert "finishedAt" not in job and job["expiresAt"] > now and restore_status(sandbox, "b1") == "ready"
    sandbox.control("POST", "clock", {"advance": 3599})
    assert restore_status(sandbox, "b1") == "ready"
    sandbox.control("POST", "clock", {"advance": 1})
    job = sandbox.restores("GET", RESTORE_JOBS["b1"]).json()
    assert (job["expired"], job["deliveryUrl"]) == (True, []) and restore_status(sandbox, "b1") == "expired"


@pytest.mark.parametrize("running,delivery", [("b7", "automated"), ("ba", "pointInTime")])
def test_running_restore_finishes_on_the_clock(sandbox, running, delivery):
    job = sandbox.restores("GET", RESTORE_JOBS[running]).json()
    assert job["deliveryType"] == delivery and job["deliveryUrl"] == []
    assert "finishedAt" not in job and "expiresAt" not in job
    assert (job["targetClusterName"], job["targetGroupId"]) == ("indigo", ATLAS)
    assert job["targetDeploymentItemName"].startswith("atlas-")
    sandbox.control("POST", "clock", {"advance": "10m"})
    job = sandbox.restores("GET", RESTORE_JOBS[running]).json()
    assert job["finishedAt"] and "expiresAt" not in job and restore_status(sandbox, running) == "finished"


def test_seeded_jobs_have_the_status_of_the_seed(sandbox):
    names = {"b1": "in_progress", "b2": "ready", "b3": "expired", "b4": "failed", "b5": "cancelled"}
    names |= {"b6": "in_progress", "b7": "in_progress", "b8": "finished", "b9": "failed"}
    names |= {"ba": "in_progress", "bb": "finished", "bc": "failed"}
    jobs = sandbox.state()["atlas_restore"][ATLAS]["clusters"]["blue"]["jobs"]
    assert {key[-2:]: job["status"] for key, job in jobs.items()} == names
    used = sandbox.restores("GET", RESTORE_JOBS["b6"]).json()
    assert used["deliveryUrl"] == [] and used["expiresAt"] and not used["expired"]
    pit = sandbox.restores("GET", RESTORE_JOBS["bb"]).json()
    assert (pit["oplogTs"], pit["oplogInc"], "pointInTimeUTCSeconds" in pit) == (1772352000, 7, False)


def test_job_of_sharded_cluster_has_components(sandbox):
    job = sandbox.restores("GET", RESTORE_JOBS["c1"], "green").json()
    assert [part["replicaSetName"] for part in job["components"]] == ["green-shard-0", "green-shard-1"]
    assert [part["downloadUrl"] for part in job["components"]] == job["deliveryUrl"]
    waiting = sandbox.restores("GET", RESTORE_JOBS["c2"], "green").json()
    assert waiting["components"] == [{"downloadUrl": None, "replicaSetName": "green-shard-0"}]


def test_download_of_one_shard_has_no_components_with_variant(sandbox):
    sandbox.variants(shard_components="left_out")
    assert "components" not in sandbox.restores("GET", RESTORE_JOBS["c2"], "green").json()
    assert len(sandbox.restores("GET", RESTORE_JOBS["c1"], "green").json()["components"]) == 2


@pytest.mark.parametrize("name", ["b1", "b2", "b6"])
def test_cancelling_live_download_is_idempotent(sandbox, name):
    response = sandbox.restores("DELETE", RESTORE_JOBS[name])
    assert (response.status_code, response.content) == (204, b"") and response.headers[
        "Content-Type"
    ] == ATLAS_MEDIA_TYPE
    assert sandbox.requests()[-1]["acted"] is True
    job = sandbox.restores("GET", RESTORE_JOBS[name]).json()
    assert (job["cancelled"], job["deliveryUrl"]) == (True, [])
    assert restore_status(sandbox, name) == "cancelled"
    assert sandbox.restores("DELETE", RESTORE_JOBS[name]).status_code == 204
    assert sandbox.requests()[-1]["acted"] is False


def test_cancelled_job_is_not_found_with_variant(sandbox):
    sandbox.variants(cancelled_job="gone")
    assert sandbox.restores("DELETE", RESTORE_JOBS["b2"]).status_code == 204
    assert_error(
        sandbox.restores("GET", RESTORE_JOBS["b2"]), 404, "RESTORE_JOB_NOT_FOUND", [RESTORE_JOBS["b2"], "blue"]
    )
    assert RESTORE_JOBS["b2"] not in sandbox.restores("GET").text
    assert restore_status(sandbox, "b2") == "cancelled"


@pytest.mark.parametrize("name", ["b7", "b8", "b9", "ba", "bb", "bc"])
def test_cancelling_automated_restore_is_refused(sandbox, name):
    assert_error(sandbox.restores("DELETE", RESTORE_JOBS[name]), 400, "CANNOT_CANCEL_AUTOMATED_RESTORE", [])
    assert not any(entry["acted"] for entry in sandbox.requests())


def test_cancelling_download_of_one_shard_is_refused(sandbox):
    response = sandbox.restores("DELETE", RESTORE_JOBS["c2"], "green")
    assert_error(response, 405, "ATLAS_BACKUP_CANCEL_SHARD_RESTORE_JOB_NOT_ALLOWED", [])
    assert sandbox.restores("DELETE", RESTORE_JOBS["c1"], "green").status_code == 204


@pytest.mark.parametrize(
    "name,code", [("b3", "ALREADY_EXPIRED"), ("b4", "UNEXPECTED_ERROR"), ("b5", "UNEXPECTED_ERROR")]
)
def test_cancelling_ended_job_returns_status_of_variant(sandbox, name, code):
    assert sandbox.restores("DELETE", RESTORE_JOBS[name]).status_code == 204
    sandbox.variants(cancel_ended_job=400)
    response = sandbox.restores("DELETE", RESTORE_JOBS[name])
    assert_error(response, 400, code, None if code == "UNEXPECTED_ERROR" else [])
    sandbox.variants(cancel_ended_job=404)
    assert_error(
        sandbox.restores("DELETE", RESTORE_JOBS[name]), 404, "RESTORE_JOB_NOT_FOUND", [RESTORE_JOBS[name], "blue"]
    )
    assert not any(entry["acted"] for entry in sandbox.requests())


@pytest.mark.parametrize("accept", [None, "application/json", "application/vnd.atlas.2020-01-01+json", "*/*"])
@pytest.mark.parametrize("wrong", [406, 400])
def test_v2_without_known_version_is_refused(sandbox, accept, wrong):
    sandbox.variants(version_header_error=wrong)
    response = sandbox.call("GET", RESTORES_V1.replace("v1.0", "v2"), headers={"Accept": accept})
    assert_error(response, wrong, "INVALID_VERSION_DATE", [])


def test_v2_accepts_later_version(sandbox):
    headers = {"Accept": "application/vnd.atlas.2025-03-12+json"}
    response = sandbox.call("GET", RESTORES_V1.replace("v1.0", "v2"), headers=headers)
    assert response.status_code == 200 and response.headers["Content-Type"] == ATLAS_MEDIA_TYPE


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_missing_and_malformed_ids_return_documented_errors(sandbox, method):
    assert_error(
        sandbox.restores(method, RESTORE_JOBS["ff"]), 404, "RESTORE_JOB_NOT_FOUND", [RESTORE_JOBS["ff"], "blue"]
    )
    assert_error(sandbox.restores(method, "nonsense"), 404, "INVALID_JOB_ID", ["nonsense"])
    assert_error(sandbox.restores(method, RESTORE_JOBS["b1"], "red"), 404, "CLUSTER_NOT_FOUND", ["red", ATLAS])
    response = sandbox.restores(method, RESTORE_JOBS["b1"], "sprout")
    assert_error(response, 400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", ["sprout"])
    response = sandbox.restores(method, RESTORE_JOBS["b1"], "drizzle")
    assert_error(response, 400, "CANNOT_USE_SERVERLESS_INSTANCE_IN_CLUSTER_API", ["drizzle"])
    # The job does not exist under another cluster.
    assert_error(
        sandbox.restores(method, RESTORE_JOBS["b1"], "green"),
        404,
        "RESTORE_JOB_NOT_FOUND",
        [RESTORE_JOBS["b1"], "green"],
    )
    ops_manager = RESTORES_V1.replace(ATLAS, "66f1c0de0000000000000001")
    response = sandbox.call(method, f"{ops_manager}/{RESTORE_JOBS['b1']}")
    assert_error(response, 404, "NOT_ATLAS_GROUP", ["66f1c0de0000000000000001"])
    unknown = sandbox.call(method, RESTORES_V1.replace(ATLAS, RESTORE_JOBS["ff"]))
    assert_error(unknown, 404, "GROUP_NOT_FOUND", [RESTORE_JOBS["ff"]])
    assert "RateLimit-Limit" not in unknown.headers


def test_v2_error_is_plain_json(sandbox):
    path = RESTORES_V1.replace("v1.0", "v2") + "/" + RESTORE_JOBS["ff"]
    assert sandbox.call("GET", path, headers=V2).headers["Content-Type"] == "application/json"


def test_atlas_project_has_log_collection_jobs(sandbox):
    response = sandbox.call("GET", f"/api/atlas/v1.0/groups/{ATLAS}/logCollectionJobs")
    assert response.json()["results"] == []
    assert sandbox.requests()[-1]["service"] == "log_collection"


def test_rate_limit_headers_are_absent_with_variant(sandbox):
    sandbox.variants(rate_limit_headers=False)
    assert "RateLimit-Limit" not in sandbox.restores("GET").headers


def test_empty_token_bucket_refuses_requests_until_refilled(sandbox):
    sandbox.variants(rate_limits=True)
    sandbox.control("POST", "clock", {"frozen": True})
    statuses = [sandbox.restores("GET", RESTORE_JOBS["b1"]).status_code for _number in range(1201)]
    assert statuses == [200] * 1200 + [429]
    response = sandbox.restores("GET", RESTORE_JOBS["b1"])
    path = RESTORES_V1.replace("v1.0", "v2") + "/" + RESTORE_JOBS["b1"]
    assert_error(response, 429, "RATE_LIMITED_TOKEN_BUCKET", [path, 1, 1200, 500, 60])
    assert response.headers["Retry-After"] == "1"
    sandbox.control("POST", "clock", {"advance": 1})
    assert sandbox.restores("GET", RESTORE_JOBS["b1"]).status_code == 200
