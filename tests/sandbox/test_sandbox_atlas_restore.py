# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from sandbox_client import ATLAS, V2
from test_sandbox_log_collection import assert_error

JOBS = {name: f"66f1c0de00000000000000{name}" for name in "b1 b2 b3 b4 b5 b6 b7 b8 b9 ba bb bc c1 c2 ff".split()}
V1 = f"/api/atlas/v1.0/groups/{ATLAS}/clusters/blue/backup/restoreJobs"
VND = "application/vnd.atlas.2023-01-01+json;charset=utf-8"
NULLS = {"increment": None, "time": None, "date": None}


def status(box, name, cluster="blue"):
    return box.state()["atlas_restore"][ATLAS]["clusters"][cluster]["jobs"][JOBS[name]]["status"]


def test_list(box):
    answer = box.restores("GET")
    body = answer.json()
    assert answer.headers["Content-Type"] == VND
    assert answer.headers["RateLimit-Limit"] == "1200" and answer.headers["RateLimit-Remaining"].isdigit()
    path = V1.replace("v1.0", "v2")
    assert body["links"] == [{"href": f"{box.url}{path}?includeCount=true&pageNum=1&itemsPerPage=100", "rel": "self"}]
    assert body["totalCount"] == 12
    for job in body["results"]:
        assert list(job) == sorted(job)
        assert job["desiredTimestamp"] == NULLS and list(job["desiredTimestamp"]) == list(NULLS)
        assert isinstance(job["deliveryUrl"], list)
    links = box.restores("GET", params={"itemsPerPage": 5, "pageNum": 2, "includeCount": "false"}).json()
    assert "totalCount" not in links
    assert [link["href"].rpartition("?")[2] for link in links["links"]] == [
        "includeCount=false&pageNum=2&itemsPerPage=5",
        "includeCount=false&itemsPerPage=5&pageNum=1",
        "includeCount=false&itemsPerPage=5&pageNum=3",
    ]


def test_recorded_form_of_a_fresh_download(box):
    job = box.restores("GET", JOBS["b1"]).json()
    assert list(job) == (
        "cancelled deliveryType deliveryUrl desiredTimestamp expired failed id links snapshotId timestamp".split()
    )
    assert [link["rel"] for link in job["links"]] == ["self"] + [
        f"https://cloud.mongodb.com/{name}" for name in ("snapshot", "cluster", "group")
    ]
    old = box.call("GET", f"{V1}/{JOBS['b1']}")
    assert old.headers["Content-Type"] == "application/json"
    assert old.json()["links"][1]["rel"] == "http://mms.mongodb.com/snapshot"


def test_a_download_becomes_ready_and_expires(box):
    box.control("POST", "clock", {"frozen": True})
    now = box.control("GET", "clock")["now"]
    box.control("POST", "clock", {"advance": "4m"})
    job = box.restores("GET", JOBS["b1"]).json()
    (url,) = job["deliveryUrl"]
    assert url == f"{box.url}/5f0e7a1cb1d24e6f8a3b9c7d/restore-66f1c0de00000000000000e1.tar.gz"
    box.variants(delivery_host="vendor")
    assert box.restores("GET", JOBS["b1"]).json()["deliveryUrl"] == [
        f"https://restore-{JOBS['b1']}.ab12c.mongodb.net:27017/5f0e7a1cb1d24e6f8a3b9c7d/"
        "restore-66f1c0de00000000000000e1.tar.gz"
    ]
    assert "finishedAt" not in job and job["expiresAt"] > now and status(box, "b1") == "ready"
    box.control("POST", "clock", {"advance": 3599})
    assert status(box, "b1") == "ready"
    box.control("POST", "clock", {"advance": 1})
    job = box.restores("GET", JOBS["b1"]).json()
    assert (job["expired"], job["deliveryUrl"]) == (True, []) and status(box, "b1") == "expired"


@pytest.mark.parametrize("running,delivery", [("b7", "automated"), ("ba", "pointInTime")])
def test_a_restore_finishes(box, running, delivery):
    job = box.restores("GET", JOBS[running]).json()
    assert job["deliveryType"] == delivery and job["deliveryUrl"] == []
    assert "finishedAt" not in job and "expiresAt" not in job
    assert (job["targetClusterName"], job["targetGroupId"]) == ("indigo", ATLAS)
    assert job["targetDeploymentItemName"].startswith("atlas-")
    box.control("POST", "clock", {"advance": "10m"})
    job = box.restores("GET", JOBS[running]).json()
    assert job["finishedAt"] and "expiresAt" not in job and status(box, running) == "finished"


def test_every_state_of_the_seed(box):
    names = {"b1": "in_progress", "b2": "ready", "b3": "expired", "b4": "failed", "b5": "cancelled"}
    names |= {"b6": "in_progress", "b7": "in_progress", "b8": "finished", "b9": "failed"}
    names |= {"ba": "in_progress", "bb": "finished", "bc": "failed"}
    jobs = box.state()["atlas_restore"][ATLAS]["clusters"]["blue"]["jobs"]
    assert {key[-2:]: job["status"] for key, job in jobs.items()} == names
    used = box.restores("GET", JOBS["b6"]).json()
    assert used["deliveryUrl"] == [] and used["expiresAt"] and not used["expired"]
    pit = box.restores("GET", JOBS["bb"]).json()
    assert (pit["oplogTs"], pit["oplogInc"], "pointInTimeUTCSeconds" in pit) == (1772352000, 7, False)


def test_sharded_cluster_has_components(box):
    job = box.restores("GET", JOBS["c1"], "green").json()
    assert [part["replicaSetName"] for part in job["components"]] == ["green-shard-0", "green-shard-1"]
    assert [part["downloadUrl"] for part in job["components"]] == job["deliveryUrl"]
    waiting = box.restores("GET", JOBS["c2"], "green").json()
    assert waiting["components"] == [{"downloadUrl": None, "replicaSetName": "green-shard-0"}]


def test_the_download_of_one_shard_may_show_no_components(box):
    box.variants(shard_components="left_out")
    assert "components" not in box.restores("GET", JOBS["c2"], "green").json()
    assert len(box.restores("GET", JOBS["c1"], "green").json()["components"]) == 2


@pytest.mark.parametrize("name", ["b1", "b2", "b6"])
def test_cancel_a_living_download(box, name):
    answer = box.restores("DELETE", JOBS[name])
    assert (answer.status_code, answer.content) == (204, b"") and answer.headers["Content-Type"] == VND
    assert box.requests()[-1]["acted"] is True
    job = box.restores("GET", JOBS[name]).json()
    assert (job["cancelled"], job["deliveryUrl"]) == (True, [])
    assert status(box, name) == "cancelled"
    assert box.restores("DELETE", JOBS[name]).status_code == 204
    assert box.requests()[-1]["acted"] is False


def test_cancelled_job_can_be_gone(box):
    box.variants(cancelled_job="gone")
    assert box.restores("DELETE", JOBS["b2"]).status_code == 204
    assert_error(box.restores("GET", JOBS["b2"]), 404, "RESTORE_JOB_NOT_FOUND", [JOBS["b2"], "blue"])
    assert JOBS["b2"] not in box.restores("GET").text
    assert status(box, "b2") == "cancelled"


@pytest.mark.parametrize("name", ["b7", "b8", "b9", "ba", "bb", "bc"])
def test_other_restores_cannot_be_cancelled(box, name):
    assert_error(box.restores("DELETE", JOBS[name]), 400, "CANNOT_CANCEL_AUTOMATED_RESTORE", [])
    assert not any(entry["acted"] for entry in box.requests())


def test_a_shard_cannot_be_cancelled(box):
    answer = box.restores("DELETE", JOBS["c2"], "green")
    assert_error(answer, 405, "ATLAS_BACKUP_CANCEL_SHARD_RESTORE_JOB_NOT_ALLOWED", [])
    assert box.restores("DELETE", JOBS["c1"], "green").status_code == 204


@pytest.mark.parametrize(
    "name,code", [("b3", "ALREADY_EXPIRED"), ("b4", "UNEXPECTED_ERROR"), ("b5", "UNEXPECTED_ERROR")]
)
def test_cancel_what_has_ended(box, name, code):
    assert box.restores("DELETE", JOBS[name]).status_code == 204
    box.variants(cancel_ended_job=400)
    answer = box.restores("DELETE", JOBS[name])
    assert_error(answer, 400, code, None if code == "UNEXPECTED_ERROR" else [])
    box.variants(cancel_ended_job=404)
    assert_error(box.restores("DELETE", JOBS[name]), 404, "RESTORE_JOB_NOT_FOUND", [JOBS[name], "blue"])
    assert not any(entry["acted"] for entry in box.requests())


@pytest.mark.parametrize("accept", [None, "application/json", "application/vnd.atlas.2020-01-01+json", "*/*"])
@pytest.mark.parametrize("wrong", [406, 400])
def test_v2_needs_a_version(box, accept, wrong):
    box.variants(version_header_error=wrong)
    answer = box.call("GET", V1.replace("v1.0", "v2"), headers={"Accept": accept})
    assert_error(answer, wrong, "INVALID_VERSION_DATE", [])


def test_a_later_version_is_fine(box):
    headers = {"Accept": "application/vnd.atlas.2025-03-12+json"}
    answer = box.call("GET", V1.replace("v1.0", "v2"), headers=headers)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == VND


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_missing_things(box, method):
    assert_error(box.restores(method, JOBS["ff"]), 404, "RESTORE_JOB_NOT_FOUND", [JOBS["ff"], "blue"])
    assert_error(box.restores(method, "nonsense"), 404, "INVALID_JOB_ID", ["nonsense"])
    assert_error(box.restores(method, JOBS["b1"], "red"), 404, "CLUSTER_NOT_FOUND", ["red", ATLAS])
    answer = box.restores(method, JOBS["b1"], "sprout")
    assert_error(answer, 400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", ["sprout"])
    answer = box.restores(method, JOBS["b1"], "drizzle")
    assert_error(answer, 400, "CANNOT_USE_SERVERLESS_INSTANCE_IN_CLUSTER_API", ["drizzle"])
    # The same job is not there under another cluster.
    assert_error(box.restores(method, JOBS["b1"], "green"), 404, "RESTORE_JOB_NOT_FOUND", [JOBS["b1"], "green"])
    ops_manager = V1.replace(ATLAS, "66f1c0de0000000000000001")
    answer = box.call(method, f"{ops_manager}/{JOBS['b1']}")
    assert_error(answer, 404, "NOT_ATLAS_GROUP", ["66f1c0de0000000000000001"])
    unknown = box.call(method, V1.replace(ATLAS, JOBS["ff"]))
    assert_error(unknown, 404, "GROUP_NOT_FOUND", [JOBS["ff"]])
    assert "RateLimit-Limit" not in unknown.headers


def test_errors_are_plain_json_on_v2_too(box):
    path = V1.replace("v1.0", "v2") + "/" + JOBS["ff"]
    assert box.call("GET", path, headers=V2).headers["Content-Type"] == "application/json"


def test_log_jobs_of_an_atlas_project(box):
    answer = box.call("GET", f"/api/atlas/v1.0/groups/{ATLAS}/logCollectionJobs")
    assert answer.json()["results"] == []
    assert box.requests()[-1]["service"] == "log_collection"


def test_rate_limit_headers_are_a_variant(box):
    box.variants(rate_limit_headers=False)
    assert "RateLimit-Limit" not in box.restores("GET").headers


def test_token_bucket(box):
    box.variants(rate_limits=True)
    box.control("POST", "clock", {"frozen": True})
    statuses = [box.restores("GET", JOBS["b1"]).status_code for _number in range(1201)]
    assert statuses == [200] * 1200 + [429]
    answer = box.restores("GET", JOBS["b1"])
    path = V1.replace("v1.0", "v2") + "/" + JOBS["b1"]
    assert_error(answer, 429, "RATE_LIMITED_TOKEN_BUCKET", [path, 1, 1200, 500, 60])
    assert answer.headers["Retry-After"] == "1"
    box.control("POST", "clock", {"advance": 1})
    assert box.restores("GET", JOBS["b1"]).status_code == 200
