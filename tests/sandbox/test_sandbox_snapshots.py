# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sandbox_client import ATLAS, V2
from test_sandbox_atlas_restore import NULLS, VND
from test_sandbox_log_collection import assert_error
from test_sandbox_restore_requests import SHARD, SNAPSHOTS, create, made

KEYS = (
    "cloudProvider copyRegions createdAt description expiresAt frequencyType id links mongodVersion policyItems "
    "replicaSetName snapshotType status storageSizeBytes type"
).split()
NOT_YET = {"cloudProvider", "createdAt", "mongodVersion"}
NAMES = ["green-shard-0", "green-shard-1"]


def parse(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def snapshots(box, method="GET", rest="", cluster="blue", **options):
    path = f"/api/atlas/v2/groups/{ATLAS}/clusters/{cluster}/backup/snapshots{rest}"
    return box.call(method, path, headers=V2, **options)


def state(box, cluster="blue"):
    return box.state()["atlas_restore"][ATLAS]["clusters"][cluster]["snapshots"]


def test_list(box):
    answer = snapshots(box)
    body = answer.json()
    assert answer.headers["Content-Type"] == VND and answer.headers["RateLimit-Limit"] == "1200"
    assert list(body) == ["links", "results", "totalCount"] and body["totalCount"] == 6
    for shown in body["results"]:
        assert list(shown) == sorted(shown)
        assert (shown["type"], shown["replicaSetName"], shown["copyRegions"]) == ("replicaSet", "blue", [])
        assert snapshots(box, rest=f"/{shown['id']}").json() == shown
    assert {
        shown["id"]: {"status": shown["status"], "description": shown.get("description")} for shown in body["results"]
    } == state(box)
    page = snapshots(box, params={"itemsPerPage": 2, "includeCount": "false"}).json()
    assert len(page["results"]) == 2 and "totalCount" not in page
    assert box.requests()[-1]["service"] == "atlas_restore"


def test_what_every_restore_job_names_is_there(box):
    for cluster in ("blue", "green"):
        for job in box.restores("GET", cluster=cluster).json()["results"]:
            shown = snapshots(box, rest=f"/{job['snapshotId']}", cluster=cluster).json()
            assert shown["status"] == "completed" and job["desiredTimestamp"] == NULLS


def test_the_life_of_a_snapshot(box):
    box.clock(frozen=True)
    answer = snapshots(box, "POST", json={"description": "before", "retentionInDays": 2})
    assert answer.status_code == 200 and answer.headers["Content-Type"] == VND
    assert box.requests()[-1]["acted"] is True
    queued = answer.json()
    assert list(queued) == [key for key in KEYS if key not in NOT_YET]
    assert (queued["status"], queued["storageSizeBytes"]) == ("queued", 0)
    assert (queued["frequencyType"], queued["snapshotType"], queued["policyItems"]) == ("ondemand", "onDemand", [])
    assert [link["rel"] for link in queued["links"]] == ["self", "https://cloud.mongodb.com/cluster"]
    assert state(box)[queued["id"]] == {"status": "queued", "description": "before"}
    # It shows more of itself step by step, and when it was taken only at the end.
    for seconds, shown in ((6, set()), (24, {"mongodVersion"}), (60, {"mongodVersion", "cloudProvider"})):
        box.clock(advance=seconds)
        running = snapshots(box, rest=f"/{queued['id']}").json()
        assert list(running) == [key for key in KEYS if key not in NOT_YET - shown]
        assert (running["status"], running["storageSizeBytes"]) == ("inProgress", 0)
        assert running["expiresAt"] == queued["expiresAt"]
    box.clock(advance=30)
    done = snapshots(box, rest=f"/{queued['id']}").json()
    assert list(done) == KEYS and done["status"] == "completed" and done["storageSizeBytes"] > 0
    begun, taken, ended = parse(queued["expiresAt"]), parse(done["createdAt"]), parse(done["expiresAt"])
    assert 74 <= (taken - begun + timedelta(days=2)).total_seconds() <= 75 and ended - begun == timedelta(seconds=120)
    made(box, {"deliveryType": "download", "snapshotId": queued["id"]})


def test_snapshots_that_take_their_time_and_fail(box, seed):
    seed["mongodb"]["projects"][2]["clusters"][0]["new_snapshots"] = {"takes": "10m", "fails": True}
    box.reset(seed)
    made_id = snapshots(box, "POST", json={}).json()["id"]
    box.clock(advance=599)
    assert state(box)[made_id] == {"status": "inProgress", "description": None}
    box.clock(advance=1)
    assert state(box)[made_id]["status"] == "failed"


@pytest.mark.parametrize(
    "body,code,parameters",
    [
        ({"colour": 1}, "INVALID_ATTRIBUTE", ["colour"]),
        ({"description": 5}, "INVALID_JSON_ATTRIBUTE", ["description"]),
        ({"retentionInDays": 0}, "ATTRIBUTE_NEGATIVE_OR_ZERO", ["retentionInDays"]),
    ],
    ids=str,
)
def test_what_cannot_be_asked_for(box, body, code, parameters):
    assert_error(snapshots(box, "POST", json=body), 400, code, parameters)
    assert box.acted() == 0


def test_delete(box):
    answer = snapshots(box, "DELETE", f"/{SNAPSHOTS['e3']}")
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (204, b"", VND)
    assert box.requests()[-1]["acted"] is True and SNAPSHOTS["e3"] not in state(box)
    for method in ("GET", "DELETE"):
        answer = snapshots(box, method, f"/{SNAPSHOTS['e3']}")
        assert_error(answer, 404, "SNAPSHOT_NOT_FOUND", [SNAPSHOTS["e3"], "blue"])
    answer = create(box, {"deliveryType": "download", "snapshotId": SNAPSHOTS["e3"]})
    assert_error(answer, 404, "SNAPSHOT_NOT_FOUND", [SNAPSHOTS["e3"], "blue"])


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("folder", ["", "/shardedCluster"])
def test_missing_and_malformed_ids(box, method, folder):
    answer = snapshots(box, method, f"{folder}/{SNAPSHOTS['fe']}")
    assert_error(answer, 404, "SNAPSHOT_NOT_FOUND", [SNAPSHOTS["fe"], "blue"])
    assert_error(snapshots(box, method, f"{folder}/latest"), 404, "INVALID_SNAPSHOT_ID", ["latest"])
    answer = snapshots(box, method, f"{folder}/{SNAPSHOTS['e1']}", "red")
    assert_error(answer, 404, "CLUSTER_NOT_FOUND", ["red", ATLAS])
    answer = snapshots(box, method, f"{folder}/{SNAPSHOTS['e1']}", "drizzle")
    assert_error(answer, 400, "CANNOT_USE_SERVERLESS_INSTANCE_IN_CLUSTER_API", ["drizzle"])


def test_snapshots_of_a_sharded_cluster(box):
    body = snapshots(box, rest="/shardedClusters", cluster="green").json()
    assert body["totalCount"] == 5
    assert {"inProgress", "failed", "completed"} == {shown["status"] for shown in body["results"]}
    for shown in body["results"]:
        assert shown["type"] == "shardedCluster" and "replicaSetName" not in shown
        assert [member["replicaSetName"] for member in shown["members"]] == NAMES
        assert [member["id"] for member in shown["members"]] == shown["snapshotIds"]
        assert shown["configServerType"] == "DEDICATED" and not {"cloudProvider", "copyRegions"} & set(shown)
        assert snapshots(box, rest=f"/shardedCluster/{shown['id']}", cluster="green").json() == shown
        assert shown["links"][0]["href"].endswith(f"/backup/snapshots/{shown['id']}")
    assert snapshots(box, rest=f"/{SHARD}", cluster="green").json()["replicaSetName"] == NAMES[0]
    assert list(state(box, "green")) == [shown["id"] for shown in body["results"]]


def test_the_other_calls_know_whole_snapshots_but_not_of_what_they_consist(box):
    whole = snapshots(box, rest="/shardedClusters", cluster="green").json()["results"]
    listed = snapshots(box, cluster="green").json()["results"]
    assert [shown["id"] for shown in listed] == [shown["id"] for shown in whole]
    for shown in listed:
        assert shown["type"] == "shardedCluster" and shown["copyRegions"] == []
        assert not {"members", "snapshotIds", "configServerType", "replicaSetName"} & set(shown)
        assert snapshots(box, rest=f"/{shown['id']}", cluster="green").json() == shown


@pytest.mark.parametrize("variant, count", [("parts", 10), ("both", 15)])
def test_the_other_calls_list_parts(box, variant, count):
    box.variants(sharded_snapshots=variant)
    shown = snapshots(box, cluster="green").json()["results"]
    assert len(shown) == count
    parts = [part for part in shown if part["type"] == "replicaSet"]
    assert len(parts) == 10 and [part["replicaSetName"] for part in parts[:2]] == NAMES
    answer = snapshots(box, rest=f"/{SNAPSHOTS['f5']}", cluster="green")
    if variant == "parts":
        assert_error(answer, 404, "SNAPSHOT_NOT_FOUND", [SNAPSHOTS["f5"], "green"])
        assert snapshots(box, "DELETE", f"/{SNAPSHOTS['f5']}", "green").status_code == 404
    else:
        assert answer.json()["type"] == "shardedCluster"


def test_snapshots_from_before_a_cluster_was_sharded(box, seed):
    green = seed["mongodb"]["projects"][2]["clusters"][1]
    green["snapshots"][0]["before_sharding"] = True
    box.reset(seed)
    old = green["snapshots"][0]["id"]
    assert old not in snapshots(box, rest="/shardedClusters", cluster="green").text
    assert snapshots(box, rest=f"/shardedCluster/{old}", cluster="green").status_code == 404
    shown = snapshots(box, cluster="green").json()["results"][0]
    assert (shown["id"], shown["type"], shown["replicaSetName"]) == (old, "replicaSet", "green")


@pytest.mark.parametrize("variant", [400, 409, "accepted"])
@pytest.mark.parametrize("seconds", [0, 119, 120])
def test_one_on_demand_at_a_time(box, variant, seconds):
    box.clock(frozen=True)
    box.variants(second_snapshot=variant)
    assert snapshots(box, "POST", json={}).status_code == 200
    box.clock(advance=seconds)
    answer = snapshots(box, "POST", json={})
    if variant == "accepted" or seconds == 120:
        assert answer.status_code == 200
    else:
        assert_error(answer, variant, "UNEXPECTED_ERROR", None)
    assert box.acted() == 1 + (answer.status_code == 200)


def test_a_snapshot_that_is_being_taken_cannot_be_deleted(box):
    answer = snapshots(box, "DELETE", f"/{SNAPSHOTS['e5']}")
    assert_error(answer, 400, "CANNOT_DELETE_IN_PROGRESS_SNAPSHOT", [SNAPSHOTS["e5"]])
    assert snapshots(box, "DELETE", f"/{SNAPSHOTS['e4']}").status_code == 204


def test_a_fallback(box, seed):
    seed["mongodb"]["projects"][2]["clusters"][0]["snapshots"][0]["type"] = "fallback"
    box.reset(seed)
    assert snapshots(box, rest=f"/{SNAPSHOTS['e1']}").json()["snapshotType"] == "fallback"


def test_a_new_snapshot_of_a_sharded_cluster(box):
    shown = snapshots(box, "POST", json={"description": "all"}, cluster="green").json()
    assert shown["type"] == "shardedCluster" and len(shown["members"]) == 2
    rest = f"/shardedCluster/{shown['id']}"
    assert snapshots(box, "DELETE", rest, "green").status_code == 204
    assert snapshots(box, rest=rest, cluster="green").status_code == 404


def test_sharded_list_of_a_replica_set(box):
    assert snapshots(box, rest="/shardedClusters").json()["results"] == []
    box.variants(sharded_list_of_replica_set="error")
    assert_error(snapshots(box, rest="/shardedClusters"), 400, "UNEXPECTED_ERROR", None)
    assert snapshots(box, rest="/shardedClusters", cluster="green").status_code == 200


def test_the_old_version(box):
    path = f"/api/atlas/v1.0/groups/{ATLAS}/clusters/blue/backup/snapshots"
    answer = box.call("GET", path)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["results"][0]["links"][1]["rel"] == "http://mms.mongodb.com/cluster"
    assert_error(box.call("PUT", path), 404, "RESOURCE_NOT_FOUND", [path])
