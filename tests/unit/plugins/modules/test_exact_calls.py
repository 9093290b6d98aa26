# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exact requests that each module costs, in order; one more or one fewer fails."""

from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.tests.unit.support.exact_calls import (
    BASE,
    GROUP,
    KEYS,
    LOG_JOBS,
    LTS,
    LTS_PARAMS,
    PAGE,
    PROJECT,
    challenged,
    hex24,
    hex32,
    listed,
    log_job,
    run,
    streams,
    uuid,
)
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply

MISSING_LOG_JOB = "LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP"
# Child jobs tell one run of a job from the next.
VERBOSE = "?verbose=true"
VERBOSE_PAGE = "?pageNum=1&itemsPerPage=500&verbose=true"


@pytest.mark.parametrize("check", [True, False])
def test_one_log_job_costs_one_read_and_one_write(check):
    calls = [
        challenged(f"GET {LOG_JOBS}/{hex24(1)}"),
        Call(f"GET {LOG_JOBS}/{hex24(1)}", Reply(200, log_job(1)), Accept="application/json"),
    ]
    if not check:
        calls.append(Call(f"DELETE {LOG_JOBS}/{hex24(1)}", Reply(200)))
    with FakeService(*calls):
        result = run("log_collection_job", {**KEYS, "job_ids": [hex24(1)], "state": "absent"}, check)
    assert result["changed"] is True


@pytest.mark.parametrize("check", [True, False])
def test_many_log_jobs_cost_one_list_and_a_write_each(check):
    calls = [
        challenged(f"GET {LOG_JOBS}{PAGE}"),
        Call(f"GET {LOG_JOBS}{PAGE}", listed(log_job(1), log_job(2), log_job(3))),
    ]
    if not check:
        calls += [Call(f"DELETE {LOG_JOBS}/{hex24(number)}", Reply(200)) for number in (3, 1)]
    with FakeService(*calls):
        ids = [hex24(3), hex24(9), hex24(1)]
        result = run("log_collection_job", {**KEYS, "job_ids": ids, "state": "absent"}, check)
    assert [job["action"] for job in result["jobs"]] == ["delete", "none", "delete"]


def test_retried_sends_only_for_failed_ones():
    jobs = [log_job(1, "FAILURE"), log_job(2, "IN_PROGRESS"), log_job(3, "SUCCESS"), log_job(4, "EXPIRED")]
    calls = [
        challenged(f"GET {LOG_JOBS}{VERBOSE_PAGE}"),
        Call(f"GET {LOG_JOBS}{VERBOSE_PAGE}", listed(*jobs)),
        Call(f"PUT {LOG_JOBS}/{hex24(1)}/retry", Reply(200)),
    ]
    with FakeService(*calls):
        result = run("log_collection_job", {**KEYS, "job_ids": [hex24(n) for n in (1, 2, 3, 4)], "state": "retried"})
    assert [job["changed"] for job in result["jobs"]] == [True, False, False, False]
    assert result["summary"] == {"requested": 4, "changed": 1, "unchanged": 2, "failed": 1}


@pytest.mark.parametrize(
    "state, status, code, then, failed",
    [
        ("retried", 400, "ONLY_FAILED_JOB_CAN_BE_RESTARTED", Reply(200, log_job(1, "IN_PROGRESS")), None),
        ("retried", 400, "ONLY_FAILED_JOB_CAN_BE_RESTARTED", Reply(200, log_job(1, "FAILURE")), True),
        ("absent", 404, "SOME_OTHER_NOT_FOUND", Reply(404, {"error": 404, "errorCode": MISSING_LOG_JOB}), None),
        ("absent", 404, "SOME_OTHER_NOT_FOUND", Reply(200, log_job(1, "FAILURE")), True),
    ],
)
def test_a_job_that_someone_else_changed_meanwhile_is_looked_at_again(state, status, code, then, failed):
    path = f"{LOG_JOBS}/{hex24(1)}"
    shown = path + VERBOSE if state == "retried" else path
    change = f"PUT {path}/retry" if state == "retried" else f"DELETE {path}"
    calls = [
        challenged(f"GET {shown}"),
        Call(f"GET {shown}", Reply(200, log_job(1, "FAILURE"))),
        Call(change, Reply(status, {"error": status, "errorCode": code, "detail": "no"})),
        Call(f"GET {shown}", then),
    ]
    with FakeService(*calls):
        result = run("log_collection_job", {**KEYS, "job_ids": [hex24(1)], "state": state})
    assert (result["changed"], result.get("failed")) == (False, failed)


def test_waiting_polls_the_one_that_runs_and_tells_the_end():
    path = f"{LOG_JOBS}/{hex24(1)}"
    calls = [
        challenged(f"GET {path}{VERBOSE}"),
        Call(f"GET {path}{VERBOSE}", Reply(200, log_job(1, "FAILURE"))),
        Call(f"PUT {path}/retry", Reply(200)),
        Call(f"GET {path}{VERBOSE}", Reply(200, log_job(1, "IN_PROGRESS"))),
        Call(f"GET {path}{VERBOSE}", Reply(200, log_job(1, "SUCCESS"))),
    ]
    with FakeService(*calls):
        result = run("log_collection_job", {**KEYS, "job_ids": [hex24(1)], "state": "retried", "wait": True})
    assert (result["changed"], result["jobs"][0]["status"]) == (True, "SUCCESS")
    assert "failed" not in result


def test_a_wait_that_is_given_up_tells_the_last_state():
    path = f"{LOG_JOBS}/{hex24(1)}"
    running = Call(f"GET {path}{VERBOSE}", Reply(200, log_job(1, "IN_PROGRESS")))
    with FakeService(challenged(f"GET {path}{VERBOSE}"), running, running, running):
        params = {"job_ids": [hex24(1)], "state": "retried", "wait": True, "wait_interval": 6, "wait_timeout": 10}
        result = run("log_collection_job", {**KEYS, **params})
    assert result["failed"] is True
    assert result["changed"] is False
    assert "still IN_PROGRESS after 10 s" in result["msg"]
    assert hex24(1) in result["msg"]


@pytest.mark.parametrize(
    "version, accept",
    [("v2", "application/vnd.atlas.2023-01-01+json"), ("v1.0", "application/json")],
)
def test_cancel_restore_jobs(version, accept):
    jobs = f"/api/atlas/{version}/groups/{PROJECT}/clusters/blue/backup/restoreJobs"
    alive = {"deliveryType": "download", "deliveryUrl": [], "cancelled": False}
    found = [
        {"id": hex24(1), **alive},
        {"id": hex24(2), **alive, "cancelled": True},
        {"id": hex24(3), "deliveryType": "automated"},
    ]
    calls = [
        challenged(f"GET {jobs}{PAGE}"),
        Call(f"GET {jobs}{PAGE}", listed(*found), Accept=accept),
        Call(f"DELETE {jobs}/{hex24(1)}", Reply(204), Accept=accept),
    ]
    params = {
        "cluster_name": "blue",
        "api_version": version,
        "job_ids": [hex24(n) for n in (1, 2, 3)],
        "state": "absent",
    }
    with FakeService(*calls):
        result = run("restore_job", {**KEYS, **params})
    assert [job["action"] for job in result["jobs"]] == ["cancel", "none", "none"]
    assert "automated" in result["msg"]


@pytest.mark.parametrize(
    "status, code, message",
    [
        (400, "CANNOT_CANCEL_AUTOMATED_RESTORE", "Automated restore cannot be cancelled."),
        (
            405,
            "ATLAS_BACKUP_CANCEL_SHARD_RESTORE_JOB_NOT_ALLOWED",
            "Cannot cancel a restore job of an individual shard.",
        ),
    ],
)
def test_refused_cancellations_are_final(status, code, message):
    job = f"/api/atlas/v2/groups/{PROJECT}/clusters/blue/backup/restoreJobs/{hex24(1)}"
    alive = {"id": hex24(1), "deliveryType": "download"}
    error = {"error": status, "errorCode": code, "detail": message}
    calls = [
        challenged(f"GET {job}"),
        Call(f"GET {job}", Reply(200, alive)),
        Call(f"DELETE {job}", Reply(status, error)),
    ]
    with FakeService(*calls):
        result = run("restore_job", {**KEYS, "cluster_name": "blue", "job_ids": [hex24(1)], "state": "absent"})
    assert result["error"]["code"] == code
    assert result["changed"] is False


@pytest.mark.parametrize("status, code", [(400, "UNEXPECTED_ERROR"), (409, "X"), (404, "Y")])
def test_a_job_that_ends_while_it_is_cancelled_is_unchanged(status, code):
    job = f"/api/atlas/v2/groups/{PROJECT}/clusters/blue/backup/restoreJobs/{hex24(1)}"
    alive = {"id": hex24(1), "deliveryType": "download"}
    calls = [
        challenged(f"GET {job}"),
        Call(f"GET {job}", Reply(200, alive)),
        Call(f"DELETE {job}", Reply(status, {"error": status, "errorCode": code, "detail": "no"})),
        Call(f"GET {job}", Reply(200, {**alive, "expired": True})),
    ]
    with FakeService(*calls):
        result = run("restore_job", {**KEYS, "cluster_name": "blue", "job_ids": [hex24(1)], "state": "absent"})
    assert "failed" not in result
    assert result["changed"] is False


@pytest.mark.parametrize("check", [True, False])
def test_delete_log_streams(check):
    transfer = {"log_transfer_id": "t1", "log_streams": [{"log_stream_id": uuid(1)}]}
    calls = [
        Call(f"GET {LTS}/groups/{GROUP}/streams", streams(1, 2), X_Auth_Token="token-1234"),
        Call(f"GET {LTS}/transfers?limit=100&offset=0", Reply(200, {"log_transfers": [transfer]})),
    ]
    if not check:
        calls += [
            Call(f"DELETE {LTS}/transfers?log_transfer_id=t1", Reply(200, transfer)),
            Call(f"DELETE {LTS}/groups/{GROUP}/streams/{uuid(1)}", Reply(204)),
            Call(f"DELETE {LTS}/groups/{GROUP}/streams/{uuid(2)}", Reply(204)),
        ]
    with FakeService(*calls):
        params = {"log_stream_names": ["s1", "s2", "s9"], "delete_transfers": True, "state": "absent"}
        result = run("lts_log_stream", {**LTS_PARAMS, **params}, check)
    assert result["summary"] == {"requested": 3, "changed": 2, "unchanged": 1, "failed": 0}
    assert result["log_streams"][0]["deleted_transfers"] == ["t1"]
    assert result["log_streams"][2]["id"] is None


def test_streams_that_are_gone_cost_one_read():
    with FakeService(Call(f"GET {LTS}/groups/{GROUP}/streams", streams(1))):
        result = run("lts_log_stream", {**LTS_PARAMS, "log_stream_ids": [uuid(7)], "state": "absent"})
    assert result["changed"] is False


@pytest.mark.parametrize("check", [True, False])
def test_delete_captioning_jobs(check):
    jobs = {"ActiveJobs": [{"JobId": hex32(number), "JobName": "n", "JobStatus": "Pending"} for number in (1, 2)]}
    calls = [Call("GET /api/job/list?v=1&api_token=token-1234", Reply(200, jobs))]
    if not check:
        calls += [
            Call(f"GET /api/job/delete?v=1&api_token=token-1234&job_id={hex32(number)}", Reply(200, {"TaskId": "t"}))
            for number in (2, 1)
        ]
    params = {"base_url": BASE, "api_token": "token-1234", "job_ids": [hex32(2), hex32(1)], "state": "absent"}
    with FakeService(*calls):
        assert run("cielo24_job", params, check)["summary"]["changed"] == 2


def test_info_lists_and_filters():
    jobs = [log_job(1), log_job(2, "FAILURE"), {**log_job(3, "FAILURE"), "creationDate": "2030-01-01T00:00:00Z"}]
    calls = [challenged(f"GET {LOG_JOBS}{PAGE}"), Call(f"GET {LOG_JOBS}{PAGE}", listed(*jobs))]
    with FakeService(*calls):
        result = run("log_collection_job_info", {**KEYS, "status": ["FAILURE"], "older_than": "1d"})
    assert [job["id"] for job in result["jobs"]] == [hex24(2)]
    assert (result["changed"], result["total"], result["missing"]) == (False, 3, [])


def test_info_by_ids_keeps_the_order_and_tells_what_is_missing():
    calls = [challenged(f"GET {LOG_JOBS}{PAGE}"), Call(f"GET {LOG_JOBS}{PAGE}", listed(log_job(1), log_job(2)))]
    with FakeService(*calls):
        result = run("log_collection_job_info", {**KEYS, "job_ids": [hex24(2), hex24(5), hex24(1)]})
    assert [job["id"] for job in result["jobs"]] == [hex24(2), hex24(1)]
    assert result["missing"] == [hex24(5)]
