# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where other tools for log collections and restores go wrong, this collection does not.

Each test names the tool and its mistake: mongocli (mongodb-cli), the Go library opsmngr, the Python libraries
opsmanager, pyomsdk and atlasapi, astrolabe, the Atlas CLI, the Terraform provider mongodbatlas, the CloudFormation
resources, and community.mongodb.
"""

from __future__ import annotations

import logging
import stat
import tracemalloc

import accounts
import pytest
from accounts import job
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from running import SteeringClock, run

COLLECT = {
    "state": "present",
    "resource_type": "REPLICASET",
    "log_types": ["MONGODB"],
    "size_requested_per_file_bytes": 1000,
}
RESTORE = {"state": "present", "delivery_type": "automated", "accept_target_data_loss": True}
DOWNLOAD = {"state": "present", "delivery_type": "download", "snapshot_id": job("e3")}
FAILING_PROJECT = "66f1c0de0000000000000005"


def log(sandbox, module="log_collection_job", context=None, **more):
    return run(module, accounts.log_collection(sandbox.url, **more), context=context)


def atlas(sandbox, module="restore_job", context=None, **more):
    return run(module, accounts.atlas(sandbox.url, **more), context=context)


def sent(sandbox, method):
    return [request["path"].rpartition("/")[2] for request in sandbox.requests() if request["method"] == method]


# ------------------------------------------------------------------------------------------------ log collection jobs


def test_mongocli_lists_the_first_hundred_jobs_only(sandbox):
    jobs = {"count": 1234, "id_prefix": "66f1c0de00000000001", "status": "SUCCESS", "age": "1d"}
    project = {"id": accounts.LOG_PROJECT, "name": "p", "family": "ops_manager", "log_collection_jobs": [jobs]}
    key = {"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY}
    sandbox.reset({"mongodb": {"keys": [key], "projects": [project]}})
    assert log(sandbox, "log_collection_job_info")["total"] == 1234


def test_mongocli_lets_everybody_read_what_it_downloads(sandbox, tmp_path):
    log(sandbox, "log_collection_job_download", job_ids=[job("a1")], dest=str(tmp_path / "a"))
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


def test_opsmngr_takes_a_truncated_archive_for_a_success(sandbox, tmp_path):
    sandbox.fault(kind="truncate", match={"path": "/download$"}, times=None)
    result = log(sandbox, "log_collection_job_download", job_ids=[job("a1")], dest=str(tmp_path / "a"), retries=0)
    assert result["failed"] is True
    assert not (tmp_path / "a").exists()


def test_opsmanager_keeps_the_whole_archive_in_memory(sandbox, tmp_path):
    large = {"id": job("a1"), "status": "SUCCESS", "archive_bytes": 100_000_000}
    project = {"id": accounts.LOG_PROJECT, "name": "p", "family": "ops_manager", "log_collection_jobs": [large]}
    key = {"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY}
    sandbox.reset({"mongodb": {"keys": [key], "projects": [project]}})
    sandbox.variants(archive_content="random")
    tracemalloc.start()
    try:
        result = log(sandbox, "log_collection_job_download", job_ids=[job("a1")], dest=str(tmp_path / "a"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert result["jobs"][0]["files"][0]["size"] > 90_000_000
    assert peak < 20_000_000


@pytest.mark.parametrize("fault", ["stall_after", "reset_after"])
def test_opsmanager_sends_a_creation_again_after_a_time_out(sandbox, fault):
    options = {"seconds": 1} if fault == "stall_after" else {}
    sandbox.fault(kind=fault, match={"method": "POST"}, **options)
    result = log(sandbox, **COLLECT, resource_names=["rsRed"], timeout=0.3)
    assert ("failed" in result, result["changed"]) == (False, True)
    assert len(sent(sandbox, "POST")) == 1


def test_opsmanager_believes_that_failed_jobs_are_called_failed(sandbox):
    failed = log(sandbox, "log_collection_job_info", status=["FAILURE"])
    assert [entry["id"] for entry in failed["jobs"]] == [job("a2"), job("a3")]


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_pyomsdk_returns_errors_as_if_they_were_jobs(sandbox, status):
    sandbox.fault(kind="status", status=status, at="all")
    assert log(sandbox, "log_collection_job_info", retries=0)["failed"] is True


def test_pyomsdk_reads_the_archive_as_json(sandbox, tmp_path):
    result = log(sandbox, "log_collection_job_download", job_ids=[job("a1")], dest=str(tmp_path / "a"))
    assert result["changed"] is True


def test_astrolabe_starts_another_job_after_any_failure(sandbox):
    more = {"project_id": FAILING_PROJECT, "resource_names": ["rsLedger"], "wait": True}
    result = log(sandbox, context=TaskContext(clock=SteeringClock(sandbox)), **COLLECT, **more)
    assert result["changed"] is True
    assert "db6.example.net:27017 MONGODB: The agent did not answer in time." in result["msg"]
    assert len(sent(sandbox, "POST")) == 1


# -------------------------------------------------------------------------------------------------------- restore jobs


@pytest.mark.parametrize("suffix, words", [("b4", "failed"), ("b3", "has expired"), ("b5", "was cancelled")])
def test_the_atlas_cli_watches_failed_expired_and_cancelled_jobs_to_a_success(sandbox, suffix, words):
    for check in (True, False):
        arguments = accounts.atlas(sandbox.url, state="present", job_ids=[job(suffix)], wait=True)
        result = run("restore_job", arguments, check=check)
        assert (result["failed"], result["changed"]) == (True, False)
        assert f"{job(suffix)} {words}" in result["msg"]


def test_the_atlas_cli_watches_without_an_end(sandbox):
    context = TaskContext(clock=SteeringClock(sandbox))
    result = atlas(sandbox, context=context, state="present", job_ids=[job("b7")], wait=True, wait_timeout=60)
    assert result["failed"] is True
    assert "was still in_progress after 60 s" in result["msg"]


def test_the_terraform_provider_does_not_wait(sandbox):
    more = {"snapshot_id": job("e1"), "target_cluster_name": "violet", "wait": True}
    result = atlas(sandbox, context=TaskContext(clock=SteeringClock(sandbox)), **RESTORE, **more)
    assert result["jobs"][0]["status"] == "finished"
    assert result["jobs"][0]["finishedAt"]


def test_the_terraform_provider_fails_on_a_download_that_is_over(sandbox):
    sandbox.variants(cancel_ended_job=400)
    result = atlas(sandbox, state="absent", job_ids=[job("b3"), job("b4"), job("b5")])
    assert ("failed" in result, result["changed"]) == (False, False)
    assert sent(sandbox, "DELETE") == []


def test_the_terraform_provider_only_forgets_restores_that_it_cannot_cancel(sandbox):
    result = atlas(sandbox, state="absent", job_ids=[job("b7"), job("ba")])
    assert result["summary"]["failed"] == 2
    assert "only manual downloads can be cancelled" in result["msg"]
    assert sent(sandbox, "DELETE") == []


def test_cloudformation_waits_for_a_download_to_finish_which_never_happens(sandbox):
    result = atlas(sandbox, context=TaskContext(clock=SteeringClock(sandbox)), **DOWNLOAD, wait=True)
    assert ("failed" in result, result["jobs"][0]["status"]) == (False, "ready")
    assert "finishedAt" not in result["jobs"][0]


def test_cloudformation_hides_cancelled_and_expired_jobs(sandbox):
    listed = atlas(sandbox, "restore_job_info", status=["cancelled", "expired"])
    assert {entry["id"] for entry in listed["jobs"]} == {job("b3"), job("b5")}


def test_atlasapi_logs_the_private_key(sandbox, caplog):
    with caplog.at_level(logging.DEBUG):
        atlas(sandbox, "restore_job_info")
        atlas(sandbox, state="absent", job_ids=[job("b2")])
    assert not any(secret in caplog.text for secret in accounts.SECRETS)


def test_atlasapi_throws_away_why_a_cancellation_failed(sandbox):
    refusal = {"code": "CANNOT_CANCEL_AUTOMATED_RESTORE", "message": "Automated restore cannot be cancelled."}
    sandbox.fault(kind="status", status=400, match={"method": "DELETE"}, **refusal)
    result = atlas(sandbox, state="absent", job_ids=[job("b2")])
    assert result["error"]["code"] == refusal["code"]
    assert refusal["message"].rstrip(".") in result["msg"]


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_community_mongodb_takes_every_error_for_absent(sandbox, status):
    sandbox.fault(kind="status", status=status, at="all")
    result = atlas(sandbox, state="absent", job_ids=[job("b2")], retries=0)
    assert (result["failed"], result["changed"]) == (True, False)


def test_community_mongodb_takes_only_201_for_created(sandbox):
    """Atlas answers 200 here."""
    assert atlas(sandbox, **DOWNLOAD)["changed"] is True


def test_community_mongodb_mints_a_token_for_each_call(sandbox):
    arguments = accounts.service_account(sandbox.url, state="absent", job_ids=[job("b1"), job("b2")])
    run("restore_job", arguments)
    assert sent(sandbox, "POST") == ["token", "revoke"]


# -------------------------------------------------------------------------------------------- what users stumbled over


def test_mixed_up_source_and_target_clusters_are_refused(sandbox):
    """With the Terraform provider, a restore job vanishes right after its creation."""
    result = atlas(sandbox, **RESTORE, cluster_name="violet", snapshot_id=job("e1"), target_cluster_name="blue")
    assert result["failed"] is True
    assert "cluster_name must be the cluster that the snapshot was taken of" in result["msg"]
    assert sent(sandbox, "POST") == []


def test_an_automated_restore_that_became_a_download_is_an_error(sandbox):
    """With the Terraform provider, the new cluster stayed empty, and nobody was told."""
    sandbox.variants(restore_made="download")
    result = atlas(sandbox, **RESTORE, snapshot_id=job("e1"), target_cluster_name="violet")
    assert (result["failed"], result["changed"]) == (True, True)
    assert "made it a job of delivery type download instead of automated" in result["msg"]


@pytest.mark.parametrize("seconds", [20, 120])
def test_a_job_that_does_not_show_at_once_is_waited_for_and_created_once(sandbox, seconds):
    """With the Terraform provider: Root object was present, but now absent."""
    sandbox.variants(hide_new_job=seconds)
    result = atlas(sandbox, context=TaskContext(clock=SteeringClock(sandbox)), **DOWNLOAD, wait=True)
    assert ("failed" in result, result["jobs"][0]["status"]) == (False, "ready")
    assert len(sent(sandbox, "POST")) == 1


def test_a_job_is_created_once_if_a_proxy_answers_while_the_service_goes_on(sandbox):
    """The Terraform provider takes a 503 in HTML for a failure."""
    sandbox.fault(kind="status_after", status=503, body="html", match={"method": "POST"})
    result = atlas(sandbox, **DOWNLOAD)
    assert ("failed" in result, result["changed"]) == (False, True)
    assert len(sent(sandbox, "POST")) == 1


def test_the_parts_of_a_restore_name_their_shards(sandbox):
    """The old Go client does not know `components`."""
    shards = atlas(sandbox, "restore_job_info", cluster_name="green", job_ids=[job("c1")])["jobs"][0]["components"]
    assert [shard["replicaSetName"] for shard in shards] == ["green-shard-0", "green-shard-1"]


@pytest.mark.parametrize("code", ["IP_ADDRESS_NOT_ON_ACCESS_LIST", "RESOURCE_REQUIRES_WHITELIST"])
def test_only_backups_demand_an_entry_in_the_access_list(sandbox, code):
    sandbox.variants(access_denied=code)
    assert "add the address to the API access list" in atlas(sandbox, **DOWNLOAD)["msg"]


@pytest.mark.parametrize(
    "more, code, words",
    [
        ({"target_cluster_name": "amber"}, "CLUSTER_PAUSED_CANNOT_RESTORE", "Resume the target cluster"),
        (
            {"snapshot_id": job("e2"), "target_cluster_name": "indigo"},
            "ATLAS_CLUSTER_RESTORE_IN_PROGRESS",
            "Wait until the other restore",
        ),
        ({"target_cluster_name": "nowhere"}, "CLUSTER_NOT_FOUND", "No cluster named nowhere"),
        ({"cluster_name": "drizzle"}, "CANNOT_USE_SERVERLESS_INSTANCE_IN_CLUSTER_API", "Serverless instances"),
        ({"target_cluster_name": "sprout"}, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", "Flex clusters"),
    ],
)
def test_refusals_of_the_service_come_with_a_remedy(sandbox, more, code, words):
    arguments = {**RESTORE, "snapshot_id": job("e3"), "target_cluster_name": "violet", **more}
    result = atlas(sandbox, **arguments)
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["error"]["code"] == code
    assert words in result["msg"]


def test_a_download_beside_another_one_of_the_same_snapshot_is_an_error_with_a_hint(sandbox):
    sandbox.variants(delivery_url_dies="when_asked")
    result = atlas(sandbox, **{**DOWNLOAD, "snapshot_id": job("e1")}, force=True)
    assert result["error"]["code"] == "CANNOT_DOWNLOAD_SNAPSHOT_CONCURRENTLY"
    assert "Fetch or cancel the download" in result["msg"]
