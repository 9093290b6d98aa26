# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sandbox_client import ATLAS, V2
from sandbox_mongodb import (
    ATLAS_MEDIA_TYPE,
    SHARD_SNAPSHOT,
    SNAPSHOTS,
    UNSET_TIMESTAMP,
    assert_error,
    create_restore,
    created_restore_id,
)

KEYS = (
    "cloudProvider copyRegions createdAt description expiresAt frequencyType id links mongodVersion policyItems "
    "replicaSetName snapshotType status storageSizeBytes type"
).split()
NOT_YET = {"cloudProvider", "createdAt", "mongodVersion"}
NAMES = ["green-shard-0", "green-shard-1"]


def parse(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def snapshots(sandbox, method="GET", rest="", cluster="blue", **options):
    path = f"/api/atlas/v2/groups/{ATLAS}/clusters/{cluster}/backup/snapshots{rest}"
    return sandbox.call(method, path, headers=V2, **options)


def state(sandbox, cluster="blue"):
    return sandbox.state()["atlas_restore"][ATLAS]["clusters"][cluster]["snapshots"]


def test_list_matches_single_snapshots_and_state(sandbox):
    response = snapshots(sandbox)
    body = response.json()
    assert response.headers["Content-Type"] == ATLAS_MEDIA_TYPE and response.headers["RateLimit-Limit"] == "1200"
    assert list(body) == ["links", "results", "totalCount"] and body["totalCount"] == 6
    for shown in body["results"]:
        assert list(shown) == sorted(shown)
        assert (shown["type"], shown["replicaSetName"], shown["copyRegions"]) == ("replicaSet", "blue", [])
        assert snapshots(sandbox, rest=f"/{shown['id']}").json() == shown
    assert {
        shown["id"]: {"status": shown["status"], "description": shown.get("description")} for shown in body["results"]
    } == state(sandbox)
    page = snapshots(sandbox, params={"itemsPerPage": 2, "includeCount": "false"}).json()
    assert len(page["results"]) == 2 and "totalCount" not in page
    assert sandbox.requests()[-1]["service"] == "atlas_restore"


def test_snapshot_of_every_restore_job_exists(sandbox):
    for cluster in ("blue", "green"):
        for job in sandbox.restores("GET", cluster=cluster).json()["results"]:
            shown = snapshots(sandbox, rest=f"/{job['snapshotId']}", cluster=cluster).json()
            assert shown["status"] == "completed" and job["desiredTimestamp"] == UNSET_TIMESTAMP


def test_new_snapshot_shows_more_fields_until_completed(sandbox):
    sandbox.clock(frozen=True)
    response = snapshots(sandbox, "POST", json={"description": "before", "retentionInDays": 2})
    assert response.status_code == 200 and response.headers["Content-Type"] == ATLAS_MEDIA_TYPE
    assert sandbox.requests()[-1]["acted"] is True
    queued = response.json()
    assert list(queued) == [key for key in KEYS if key not in NOT_YET]
    assert (queued["status"], queued["storageSizeBytes"]) == ("queued", 0)
    assert (queued["frequencyType"], queued["snapshotType"], queued["policyItems"]) == ("ondemand", "onDemand", [])
    assert [link["rel"] for link in queued["links"]] == ["self", "https://cloud.mongodb.com/cluster"]
    assert state(sandbox)[queued["id"]] == {"status": "queued", "description": "before"}
    # More fields appear step by step, and createdAt only at the end.
    for seconds, shown in ((6, set()), (24, {"mongodVersion"}), (60, {"mongodVersion", "cloudProvider"})):
        sandbox.clock(advance=seconds)
        running = snapshots(sandbox, rest=f"/{queued['id']}").json()
        assert list(running) == [key for key in KEYS if key not in NOT_YET - shown]
        assert (running["status"], running["storageSizeBytes"]) == ("inProgress", 0)
        assert running["expiresAt"] == queued["expiresAt"]
    sandbox.clock(advance=30)
    done = snapshots(sandbox, rest=f"/{queued['id']}").json()
    assert list(done) == KEYS and done["status"] == "completed" and done["storageSizeBytes"] > 0
    begun, taken, ended = parse(queued["expiresAt"]), parse(done["createdAt"]), parse(done["expiresAt"])
    assert 74 <= (taken - begun + timedelta(days=2)).total_seconds() <= 75 and ended - begun == timedelta(seconds=120)
    created_restore_id(sandbox, {"deliveryType": "download", "snapshotId": queued["id"]})


def test_new_snapshot_fails_after_duration_of_seed(sandbox, seed):
    seed["mongodb"]["projects"][2]["clusters"][0]["new_snapshots"] = {"takes": "10m", "fails": True}
    sandbox.reset(seed)
    made_id = snapshots(sandbox, "POST", json={}).json()["id"]
    sandbox.clock(advance=599)
    assert state(sandbox)[made_id] == {"status": "inProgress", "description": None}
    sandbox.clock(advance=1)
    assert state(sandbox)[made_id]["status"] == "failed"


@pytest.mark.parametrize(
    "body,code,parameters",
    [
        ({"colour": 1}, "INVALID_ATTRIBUTE", ["colour"]),
        ({"description": 5}, "INVALID_JSON_ATTRIBUTE", ["description"]),
        ({"retentionInDays": 0}, "ATTRIBUTE_NEGATIVE_OR_ZERO", ["retentionInDays"]),
    ],
    ids=str,
)
def test_invalid_body_is_refused(sandbox, body, code, parameters):
    assert_error(snapshots(sandbox, "POST", json=body), 400, code, parameters)
    assert sandbox.acted() == 0


def test_deleted_snapshot_is_not_found(sandbox):
    response = snapshots(sandbox, "DELETE", f"/{SNAPSHOTS['e3']}")
    assert (response.status_code, response.content, response.headers["Content-Type"]) == (204, b"", ATLAS_MEDIA_TYPE)
    assert sandbox.requests()[-1]["acted"] is True and SNAPSHOTS["e3"] not in state(sandbox)
    for method in ("GET", "DELETE"):
        response = snapshots(sandbox, method, f"/{SNAPSHOTS['e3']}")
        assert_error(response, 404, "SNAPSHOT_NOT_FOUND", [SNAPSHOTS["e3"], "blue"])
    response = create_restore(sandbox, {"deliveryType": "download", "snapshotId": SNAPSHOTS["e3"]})
    assert_error(response, 404, "SNAPSHOT_NOT_FOUND", [SNAPSHOTS["e3"], "blue"])


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("folder", ["", "/shardedCluster"])
def test_missing_and_malformed_ids_return_documented_errors(sandbox, method, folder):
    response = snapshots(sandbox, method, f"{folder}/{SNAPSHOTS['fe']}")
    assert_error(response, 404, "SNAPSHOT_NOT_FOUND", [SNAPSHOTS["fe"], "blue"])
    assert_error(snapshots(sandbox, method, f"{folder}/latest"), 404, "INVALID_SNAPSHOT_ID", ["latest"])
    response = snapshots(sandbox, method, f"{folder}/{SNAPSHOTS['e1']}", "red")
    assert_error(response, 404, "CLUSTER_NOT_FOUND", ["red", ATLAS])
    response = snapshots(sandbox, method, f"{folder}/{SNAPSHOTS['e1']}", "drizzle")
    assert_error(response, 400, "CANNOT_USE_SERVERLESS_INSTANCE_IN_CLUSTER_API", ["drizzle"])


def test_sharded_snapshot_lists_its_members(sandbox):
    body = snapshots(sandbox, rest="/shardedClusters", cluster="green").json()
    assert body["totalCount"] == 5
    assert {"inProgress", "failed", "completed"} == {shown["status"] for shown in body["results"]}
    for shown in body["results"]:
        assert shown["type"] == "shardedCluster" and "replicaSetName" not in shown
        assert [member["replicaSetName"] for member in shown["members"]] == NAMES
        assert [member["id"] for member in shown["members"]] == shown["snapshotIds"]
        assert shown["configServerType"] == "DEDICATED" and not {"cloudProvider", "copyRegions"} & set(shown)
        assert snapshots(sandbox, rest=f"/shardedCluster/{shown['id']}", cluster="green").json() == shown
        assert shown["links"][0]["href"].endswith(f"/backup/snapshots/{shown['id']}")
    assert snapshots(sandbox, rest=f"/{SHARD_SNAPSHOT}", cluster="green").json()["replicaSetName"] == NAMES[0]
    assert list(state(sandbox, "green")) == [shown["id"] for shown in body["results"]]


def test_unsharded_endpoints_return_whole_snapshots_without_members(sandbox):
    whole = snapshots(sandbox, rest="/shardedClusters", cluster="green").json()["results"]
    listed = snapshots(sandbox, cluster="green").json()["results"]
    assert [shown["id"] for shown in listed] == [shown["id"] for shown in whole]
    for shown in listed:
        assert shown["type"] == "shardedCluster" and shown["copyRegions"] == []
        assert not {"members", "snapshotIds", "configServerType", "replicaSetName"} & set(shown)
        assert snapshots(sandbox, rest=f"/{shown['id']}", cluster="green").json() == shown


@pytest.mark.parametrize("variant, count", [("parts", 10), ("both", 15)])
def test_unsharded_endpoints_list_parts_with_variant(sandbox, variant, count):
    sandbox.variants(sharded_snapshots=variant)
    shown = snapshots(sandbox, cluster="green").json()["results"]
    assert len(shown) == count
    parts = [part for part in shown if part["type"] == "replicaSet"]
    assert len(parts) == 10 and [part["replicaSetName"] for part in parts[:2]] == NAMES
    response = snapshots(sandbox, rest=f"/{SNAPSHOTS['f5']}", cluster="green")
    if variant == "parts":
        assert_error(response, 404, "SNAPSHOT_NOT_FOUND", [SNAPSHOTS["f5"], "green"])
        assert snapshots(sandbox, "DELETE", f"/{SNAPSHOTS['f5']}", "green").status_code == 404
    else:
        assert response.json()["type"] == "shardedCluster"


def test_snapshot_from_before_sharding_is_of_a_replica_set(sandbox, seed):
    green = seed["mongodb"]["projects"][2]["clusters"][1]
    green["snapshots"][0]["before_sharding"] = True
    sandbox.reset(seed)
    old = green["snapshots"][0]["id"]
    assert old not in snapshots(sandbox, rest="/shardedClusters", cluster="green").text
    assert snapshots(sandbox, rest=f"/shardedCluster/{old}", cluster="green").status_code == 404
    shown = snapshots(sandbox, cluster="green").json()["results"][0]
    assert (shown["id"], shown["type"], shown["replicaSetName"]) == (old, "replicaSet", "green")


@pytest.mark.parametrize("variant", [400, 409, "accepted"])
@pytest.mark.parametrize("seconds", [0, 119, 120])
def test_second_on_demand_snapshot_is_refused_while_first_is_in_progress(sandbox, variant, seconds):
    sandbox.clock(frozen=True)
    sandbox.variants(second_snapshot=variant)
    assert snapshots(sandbox, "POST", json={}).status_code == 200
    sandbox.clock(advance=seconds)
    response = snapshots(sandbox, "POST", json={})
    if variant == "accepted" or seconds == 120:
        assert response.status_code == 200
    else:
        assert_error(response, variant, "UNEXPECTED_ERROR", None)
    assert sandbox.acted() == 1 + (response.status_code == 200)


def test_deleting_snapshot_in_progress_is_refused(sandbox):
    response = snapshots(sandbox, "DELETE", f"/{SNAPSHOTS['e5']}")
    assert_error(response, 400, "CANNOT_DELETE_IN_PROGRESS_SNAPSHOT", [SNAPSHOTS["e5"]])
    assert snapshots(sandbox, "DELETE", f"/{SNAPSHOTS['e4']}").status_code == 204


def test_seeded_fallback_snapshot_has_its_type(sandbox, seed):
    seed["mongodb"]["projects"][2]["clusters"][0]["snapshots"][0]["type"] = "fallback"
    sandbox.reset(seed)
    assert snapshots(sandbox, rest=f"/{SNAPSHOTS['e1']}").json()["snapshotType"] == "fallback"


def test_new_snapshot_of_sharded_cluster_can_be_deleted(sandbox):
    shown = snapshots(sandbox, "POST", json={"description": "all"}, cluster="green").json()
    assert shown["type"] == "shardedCluster" and len(shown["members"]) == 2
    rest = f"/shardedCluster/{shown['id']}"
    assert snapshots(sandbox, "DELETE", rest, "green").status_code == 204
    assert snapshots(sandbox, rest=rest, cluster="green").status_code == 404


def test_sharded_list_of_replica_set_is_empty_or_error_by_variant(sandbox):
    assert snapshots(sandbox, rest="/shardedClusters").json()["results"] == []
    sandbox.variants(sharded_list_of_replica_set="error")
    assert_error(snapshots(sandbox, rest="/shardedClusters"), 400, "UNEXPECTED_ERROR", None)
    assert snapshots(sandbox, rest="/shardedClusters", cluster="green").status_code == 200


def test_v1_list_is_plain_json(sandbox):
    path = f"/api/atlas/v1.0/groups/{ATLAS}/clusters/blue/backup/snapshots"
    response = sandbox.call("GET", path)
    assert response.headers["Content-Type"] == "application/json"
    assert response.json()["results"][0]["links"][1]["rel"] == "http://mms.mongodb.com/cluster"
    assert_error(sandbox.call("PUT", path), 404, "RESOURCE_NOT_FOUND", [path])
