# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exact requests of what the MongoDB modules create and fetch, in order, with what they send."""

from __future__ import annotations

import base64

import pytest
from ansible_collections.saasops.jobs.tests.unit.support.exact_calls import (
    BASE,
    KEYS,
    LOG_JOBS,
    PAGE,
    PROJECT,
    challenged,
    hex24,
    listed,
    log_job,
    run,
)
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply
from ansible_collections.saasops.jobs.tests.unit.support.transfers import archive

CLUSTER = f"/api/atlas/v2/groups/{PROJECT}/clusters/blue/backup"
MEDIA_TYPE = "application/vnd.atlas.2023-01-01+json"
ACCOUNT = {"base_url": BASE, "client_id": "mdb_sa_id_1", "client_secret": "mdb_sa_sk_1", "project_id": PROJECT}
BASIC = "Basic " + base64.b64encode(b"mdb_sa_id_1:mdb_sa_sk_1").decode()
TOKEN = {"access_token": "ey.token", "expires_in": 3600, "token_type": "Bearer"}
COLLECT = {
    "state": "present",
    "resource_type": "CLUSTER",
    "resource_names": ["shGreen"],
    "log_types": ["MONGODB"],
    "size_requested_per_file_bytes": 1000,
}
DATES = {"log_from": "2026-03-01T00:00:00Z", "log_to": "2026-03-02T00:00:00Z"}


def signed_in(*calls):
    """Calls of a service account, with the first and the last request of the task."""
    return [
        Call(
            "POST /api/oauth/token",
            Reply(200, TOKEN),
            body="grant_type=client_credentials",
            Authorization=BASIC,
            Content_Type="application/x-www-form-urlencoded",
        ),
        *calls,
        Call(
            "POST /api/oauth/revoke",
            Reply(200),
            body="token=ey.token&token_type_hint=access_token",
            Authorization=BASIC,
        ),
    ]


def bearer(expected, reply, body=None):
    return Call(expected, reply, body=body, Authorization="Bearer ey.token", Accept=MEDIA_TYPE)


@pytest.mark.parametrize("check", [True, False])
def test_a_new_job_that_is_to_be_kept_longer_is_created_and_extended_except_in_check_mode(check):
    asked = {
        "resourceType": "CLUSTER",
        "resourceName": "shGreen",
        "redacted": False,
        "sizeRequestedPerFileBytes": 1000,
        "logTypes": ["MONGODB"],
        "logCollectionFromDate": 1772323200000,
        "logCollectionToDate": 1772409600000,
    }
    calls = [challenged(f"GET {LOG_JOBS}{PAGE}"), Call(f"GET {LOG_JOBS}{PAGE}", listed(log_job(1)))]
    if not check:
        created = {**log_job(9, "IN_PROGRESS"), "creationDate": "2026-09-21T14:00:00Z"}
        calls += [
            Call(f"POST {LOG_JOBS}", Reply(201, {"id": hex24(9)}), body=asked, Content_Type="application/json"),
            Call(f"GET {LOG_JOBS}/{hex24(9)}", Reply(200, created)),
            Call(f"PATCH {LOG_JOBS}/{hex24(9)}", Reply(200), body={"expirationDate": "2026-11-20T14:00:00Z"}),
        ]
    with FakeService(*calls):
        result = run("log_collection_job", {**KEYS, **COLLECT, **DATES, "keep_for": "60d"}, check)
    assert (result["changed"], "failed" in result) == (True, False)
    assert result["jobs"][0].get("expirationDate") == (None if check else "2026-11-20T14:00:00Z")


def test_a_new_job_gets_just_the_date_that_was_asked_for():
    """Also one that is earlier than the service's own: nobody else wants the job yet."""
    dates = {"creationDate": "2026-09-21T14:00:00Z", "expirationDate": "2026-10-21T14:00:00Z"}
    created = {**log_job(9, "IN_PROGRESS"), **dates}
    asked = {**COLLECT, "expires_at": "2026-10-01"}
    body = {
        "resourceType": "CLUSTER",
        "resourceName": "shGreen",
        "redacted": False,
        "sizeRequestedPerFileBytes": 1000,
        "logTypes": ["MONGODB"],
    }
    calls = [
        challenged(f"GET {LOG_JOBS}{PAGE}"),
        Call(f"GET {LOG_JOBS}{PAGE}", listed()),
        Call(f"POST {LOG_JOBS}", Reply(201, {"id": hex24(9)}), body=body),
        # It does not show at once.
        Call(f"GET {LOG_JOBS}/{hex24(9)}", Reply(404, {"error": 404, "errorCode": "UNEXPECTED_ERROR"})),
        Call(f"GET {LOG_JOBS}/{hex24(9)}", Reply(200, created)),
        Call(f"PATCH {LOG_JOBS}/{hex24(9)}", Reply(200), body={"expirationDate": "2026-10-01T00:00:00Z"}),
    ]
    with FakeService(*calls):
        result = run("log_collection_job", {**KEYS, **asked})
    assert ("failed" in result, result["jobs"][0]["expirationDate"]) == (False, "2026-10-01T00:00:00Z")


def test_atlas_projects_have_another_path_and_other_dates():
    jobs = LOG_JOBS.replace("/public/", "/atlas/")
    asked = {
        "resourceType": "CLUSTER",
        "resourceName": "shGreen",
        "redacted": True,
        "sizeRequestedPerFileBytes": 1000,
        "logTypes": ["MONGODB"],
        "logCollectionFromDate": "2026-03-01T00:00:00Z",
        "logCollectionToDate": "2026-03-02T00:00:00Z",
    }
    calls = [
        challenged(f"GET {jobs}{PAGE}"),
        Call(f"GET {jobs}{PAGE}", listed()),
        Call(f"POST {jobs}", Reply(201, {"id": hex24(9)}), body=asked),
        # The job may not show at once, which takes nothing from its being there.
        Call(f"GET {jobs}/{hex24(9)}", Reply(404, {"error": 404, "errorCode": "UNEXPECTED_ERROR"})),
    ]
    with FakeService(*calls):
        result = run("log_collection_job", {**KEYS, **COLLECT, **DATES, "redacted": True, "product": "atlas"})
    assert (result["jobs"][0]["id"], result["jobs"][0]["status"], "failed" in result) == (
        hex24(9),
        "IN_PROGRESS",
        False,
    )


def test_what_is_not_answered_is_looked_for_before_it_is_sent_again():
    started = {
        **log_job(9, "IN_PROGRESS"),
        "resourceType": "cluster",
        "resourceName": "shGreen",
        "sizeRequestedPerFileBytes": 1000,
        "logTypes": ["MONGODB"],
    }
    asked = {
        "resourceType": "CLUSTER",
        "resourceName": "shGreen",
        "redacted": False,
        "sizeRequestedPerFileBytes": 1000,
        "logTypes": ["MONGODB"],
    }
    calls = [
        challenged(f"GET {LOG_JOBS}{PAGE}"),
        Call(f"GET {LOG_JOBS}{PAGE}", listed(log_job(1))),
        Call(f"POST {LOG_JOBS}", Reply(504), body=asked),
        Call(f"GET {LOG_JOBS}{PAGE}", listed(log_job(1))),
        Call(f"GET {LOG_JOBS}{PAGE}", listed(log_job(1), started)),
    ]
    with FakeService(*calls):
        result = run("log_collection_job", {**KEYS, **COLLECT})
    assert (result["changed"], result["jobs"][0]["id"], "failed" in result) == (True, hex24(9), False)


def test_a_service_account_signs_in_once_starts_a_download_and_revokes_its_token():
    asked = {"deliveryType": "download", "snapshotId": hex24(5)}
    calls = signed_in(
        bearer(f"GET {CLUSTER}/restoreJobs{PAGE}", listed()),
        bearer(f"GET {CLUSTER}/snapshots/{hex24(5)}", Reply(200, {"id": hex24(5), "status": "completed"})),
        bearer(f"POST {CLUSTER}/restoreJobs", Reply(200, {"id": hex24(7), **asked}), body=asked),
    )
    arguments = {**ACCOUNT, "cluster_name": "blue", "api_version": "v2", "state": "present", "snapshot_id": hex24(5)}
    with FakeService(*calls):
        assert _ended(run("restore_job", {**arguments, "delivery_type": "download"}))


def _ended(result):
    return result["changed"] is True and "failed" not in result


def test_the_archive_of_a_restore_is_fetched_without_credentials(tmp_path):
    content = archive(1000)
    job = {
        "id": hex24(7),
        "deliveryType": "download",
        "deliveryUrl": ["http://127.0.0.1:27017/s3cret-token/restore.tar.gz?signature=s3cret%2Bquery"],
        "snapshotId": hex24(5),
    }
    fetched = Call("GET /s3cret-token/restore.tar.gz?signature=s3cret%2Bquery", Reply(200, content), Authorization=None)
    calls = signed_in(bearer(f"GET {CLUSTER}/restoreJobs/{hex24(7)}", Reply(200, job)), fetched)
    arguments = {**ACCOUNT, "cluster_name": "blue", "job_ids": [hex24(7)], "dest": str(tmp_path / "a")}
    with FakeService(*calls):
        result = run("restore_job_download", arguments)
    assert _ended(result)
    assert (tmp_path / "a").read_bytes() == content
    assert "s3cret" not in str(result)


@pytest.mark.parametrize("reply", [Reply(403, "No such object: last-token"), Reply(403, {"detail": "last-token"})])
def test_the_words_of_an_archive_s_host_are_not_shown(tmp_path, reply):
    """They may repeat the address, and whoever has that has the data."""
    job = {"id": hex24(7), "deliveryType": "download", "deliveryUrl": ["http://127.0.0.1:27017/last-token"]}
    calls = [
        challenged(f"GET {CLUSTER}/restoreJobs/{hex24(7)}"),
        Call(f"GET {CLUSTER}/restoreJobs/{hex24(7)}", Reply(200, job)),
        Call("GET /last-token", reply),
    ]
    arguments = {**KEYS, "cluster_name": "blue", "job_ids": [hex24(7)], "dest": str(tmp_path / "a")}
    for reveal in (False, True):
        with FakeService(*calls):
            result = run("restore_job_download", {**arguments, "reveal_urls": reveal})
        assert "Forbidden" in result["msg"]
        assert "last-token" not in result["msg"] + str(result["error"])


def test_archives_of_shards_whose_names_are_no_text_are_numbered(tmp_path):
    content, base = archive(1000), "http://127.0.0.1:27017/token-of-shard"
    shards = [{"replicaSetName": name, "downloadUrl": f"{base}-{name}/x.tar.gz"} for name in (0, None)]
    job = {"id": hex24(7), "deliveryType": "download", "deliveryUrl": [], "components": shards, "snapshotId": hex24(5)}
    calls = [
        challenged(f"GET {CLUSTER}/restoreJobs/{hex24(7)}"),
        Call(f"GET {CLUSTER}/restoreJobs/{hex24(7)}", Reply(200, job)),
        Call("GET /token-of-shard-0/x.tar.gz", Reply(200, content)),
        Call("GET /token-of-shard-None/x.tar.gz", Reply(200, content)),
    ]
    arguments = {**KEYS, "cluster_name": "blue", "job_ids": [hex24(7)], "dest": f"{tmp_path}/a/"}
    with FakeService(*calls):
        result = run("restore_job_download", arguments)
    assert "failed" not in result
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        f"restore-blue-{hex24(5)}-{number}.tar.gz" for number in (1, 2)
    ]


@pytest.mark.parametrize("token", ["", "two words", 5, None, "line\nbreak"])
def test_a_malformed_access_token_is_an_error(token):
    call = Call("POST /api/oauth/token", Reply(200, {"access_token": token}), body="grant_type=client_credentials")
    with FakeService(call):
        result = run("restore_job_info", {**ACCOUNT, "cluster_name": "blue"})
    assert "does not have the form that the service documents" in result["msg"]


def test_downloading_an_archive_of_logs_sends_the_fewest_calls_and_writes_the_file(tmp_path):
    content = archive(1000)
    path = f"{LOG_JOBS}/{hex24(1)}"
    calls = [
        challenged(f"GET {path}?verbose=true"),
        Call(f"GET {path}?verbose=true", Reply(200, log_job(1))),
        Call(f"GET {path}/download", Reply(200, content), Accept="application/gzip, application/json"),
    ]
    with FakeService(*calls):
        arguments = {**KEYS, "job_ids": [hex24(1)], "dest": str(tmp_path / "a")}
        assert run("log_collection_job_download", arguments)["changed"] is True
    assert (tmp_path / "a").read_bytes() == content


@pytest.mark.parametrize("missing", [1, 500])
def test_an_archive_that_is_shorter_than_announced_is_an_error(tmp_path, missing):
    path = f"{LOG_JOBS}/{hex24(1)}"
    content = archive(1000)
    reply = Reply(200, content[:-missing], length=len(content))
    calls = [
        challenged(f"GET {path}?verbose=true"),
        Call(f"GET {path}?verbose=true", Reply(200, log_job(1))),
        Call(f"GET {path}/download", reply),
    ]
    with FakeService(*calls):
        arguments = {**KEYS, "job_ids": [hex24(1)], "dest": str(tmp_path / "a"), "retries": 0}
        assert "the transfer was interrupted" in run("log_collection_job_download", arguments)["msg"]


def test_a_failed_snapshot_of_the_same_description_does_not_keep_another_from_being_taken():
    asked = {"description": "before", "retentionInDays": 3}
    calls = signed_in(
        bearer(f"GET {CLUSTER}/snapshots/shardedClusters", listed()),
        bearer(f"GET {CLUSTER}/snapshots{PAGE}", listed({"id": hex24(1), "description": "before", "status": "failed"})),
        bearer(f"POST {CLUSTER}/snapshots", Reply(200, {"id": hex24(2), "status": "queued"}), body=asked),
    )
    arguments = {**ACCOUNT, "cluster_name": "blue", "state": "present", "description": "before", "retention_in_days": 3}
    with FakeService(*calls):
        result = run("snapshot", arguments)
    assert _ended(result)
    assert result["snapshots"][0]["id"] == hex24(2)


@pytest.mark.parametrize("status", [{"status": "waiting"}, {}])
def test_a_snapshot_of_unknown_status_keeps_another_from_being_taken(status):
    there = {"id": hex24(1), "description": "before", "snapshotType": "onDemand", **status}
    calls = signed_in(
        bearer(f"GET {CLUSTER}/snapshots/shardedClusters", listed()),
        bearer(f"GET {CLUSTER}/snapshots{PAGE}", listed(there)),
    )
    arguments = {**ACCOUNT, "cluster_name": "blue", "state": "present", "description": "before", "retention_in_days": 3}
    with FakeService(*calls):
        assert run("snapshot", arguments)["changed"] is False


@pytest.mark.parametrize("asked, found", [(hex24(0xABC), 1), (hex24(0xABC).upper(), 1), (hex24(0xABD), 0)])
def test_snapshots_are_named_in_either_case(asked, found):
    job = {"id": hex24(7), "snapshotId": hex24(0xABC), "deliveryType": "download"}
    listing = f"GET {CLUSTER}/restoreJobs{PAGE}"
    with FakeService(challenged(listing), Call(listing, listed(job))):
        result = run("restore_job_info", {**KEYS, "cluster_name": "blue", "snapshot_id": asked})
    assert len(result["jobs"]) == found


def test_a_snapshot_that_vanishes_before_it_is_deleted_is_unchanged():
    snapshot = f"{CLUSTER}/snapshots/{hex24(1)}"
    whole = f"{CLUSTER}/snapshots/shardedCluster/{hex24(1)}"
    unclear = Reply(404, {"error": 404, "errorCode": "RESOURCE_NOT_FOUND", "detail": "Cannot find resource."})
    gone = Reply(404, {"error": 404, "errorCode": "SNAPSHOT_NOT_FOUND", "detail": "No such snapshot."})
    calls = signed_in(
        bearer(f"GET {snapshot}", Reply(200, {"id": hex24(1), "status": "completed"})),
        bearer(f"DELETE {snapshot}", unclear),
        bearer(f"GET {snapshot}", gone),
        bearer(f"GET {whole}", gone),
    )
    with FakeService(*calls):
        result = run("snapshot", {**ACCOUNT, "cluster_name": "blue", "state": "absent", "snapshot_ids": [hex24(1)]})
    assert (result["changed"], "failed" in result) == (False, False)
