# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exact requests of the modules for the logs of Ops Manager itself, in order, with what they send."""

from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.tests.unit.support.exact_calls import (
    BASE,
    PAGE,
    challenged,
    hex24,
    listed,
    log_job,
    run,
)
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply
from ansible_collections.saasops.jobs.tests.unit.support.transfers import archive

ADMIN = "/api/public/v1.0/admin"
JOBS = f"{ADMIN}/omLogCollectionJobs"
KEYS = {"base_url": BASE, "public_key": "pub", "private_key": "private-key-1"}
COLLECT = {**KEYS, "state": "present", "servers": ["om1"], "log_types": ["APPLICATION"]}
ASKED = {"servers": ["om1"], "logTypes": ["APPLICATION"]}
GONE = Reply(404, {"error": 404, "errorCode": "ANY_CODE", "detail": "No."})
MODULE = "server_log_collection_job"


def server_job(number, status="SUCCESS", **more):
    return {**log_job(number, status), "servers": ["om1"], "logTypes": ["APPLICATION"], **more}


def servers(*names):
    return Reply(200, {"results": [{"serverId": name} for name in names], "totalCount": len(names), "links": []})


@pytest.mark.parametrize("answer", [{"id": hex24(9)}, server_job(9, "IN_PROGRESS")])
@pytest.mark.parametrize("check", [True, False])
def test_a_new_job_that_is_to_be_kept_longer_is_created_and_extended_except_in_check_mode(check, answer):
    calls = [challenged(f"GET {JOBS}{PAGE}"), Call(f"GET {JOBS}{PAGE}", listed(server_job(1, "FAILURE")))]
    asked = {
        **ASKED,
        "sizeRequestedPerFileBytes": 1024,
        "logCollectionFromDate": "2026-03-01T00:00:00Z",
        "logCollectionToDate": "2026-03-02T00:00:00Z",
    }
    if not check:
        created = server_job(9, "IN_PROGRESS", creationDate="2026-09-21T14:00:00Z")
        calls += [
            Call(f"POST {JOBS}", Reply(201, answer), body=asked, Content_Type="application/json"),
            Call(f"GET {JOBS}/{hex24(9)}", Reply(200, created)),
            Call(f"PATCH {JOBS}/{hex24(9)}", Reply(200), body={"expirationDate": "2026-10-05T14:00:00Z"}),
        ]
    more = {"log_from": "2026-03-01", "log_to": "2026-03-02", "size_requested_per_file_bytes": "1KB", "keep_for": "14d"}
    with FakeService(*calls):
        result = run(MODULE, {**COLLECT, **more}, check)
    assert (result["changed"], "failed" in result) == (True, False)
    assert result["jobs"][0]["status"] == "IN_PROGRESS"
    assert list(result["diff"]["after"]) == ["om1"]


@pytest.mark.parametrize("names, changed", [(["om1"], False), (["om1", "om2"], True)])
def test_the_servers_that_are_active_decide_whether_a_job_is_for_all(names, changed):
    calls = [
        challenged(f"GET {JOBS}{PAGE}"),
        Call(f"GET {JOBS}{PAGE}", listed(server_job(1))),
        Call(f"GET {ADMIN}/servers{PAGE}", servers(*names)),
    ]
    with FakeService(*calls):
        result = run(
            MODULE, {**KEYS, "state": "present", "all_servers": True, "log_types": ["APPLICATION"]}, check=True
        )
    assert result["changed"] is changed


def test_a_job_for_all_servers_is_asked_for_without_any_name():
    calls = [
        challenged(f"GET {JOBS}{PAGE}"),
        Call(f"GET {JOBS}{PAGE}", listed()),
        Call(f"POST {JOBS}", Reply(201, {"id": hex24(9)}), body={}),
        Call(f"GET {JOBS}/{hex24(9)}", Reply(200, server_job(9, "IN_PROGRESS"))),
    ]
    with FakeService(*calls):
        result = run(MODULE, {**KEYS, "state": "present", "all_servers": True})
    assert (result["changed"], result["jobs"][0]["servers"], "failed" in result) == (True, ["om1"], False)
    assert list(result["diff"]["after"]) == ["all servers"]


def test_what_is_not_answered_is_looked_for_before_it_is_sent_again():
    calls = [
        challenged(f"GET {JOBS}{PAGE}"),
        Call(f"GET {JOBS}{PAGE}", listed()),
        Call(f"POST {JOBS}", Reply(504), body=ASKED),
        Call(f"GET {JOBS}{PAGE}", listed()),
        Call(f"GET {JOBS}{PAGE}", listed(server_job(9, "IN_PROGRESS"))),
    ]
    with FakeService(*calls):
        result = run(MODULE, COLLECT)
    assert (result["changed"], result["jobs"][0]["id"], "failed" in result) == (True, hex24(9), False)


def test_a_retry_is_a_post_to_the_job():
    job = f"{JOBS}/{hex24(1)}"
    calls = [
        challenged(f"GET {job}"),
        Call(f"GET {job}", Reply(200, server_job(1, "FAILURE", finishDate="2026-03-01T08:02:30Z"))),
        Call(f"POST {job}:retry", Reply(200)),
    ]
    with FakeService(*calls):
        result = run(MODULE, {**KEYS, "state": "retried", "job_id": hex24(1)})
    assert (result["changed"], result["jobs"][0]["status"]) == (True, "IN_PROGRESS")


def test_a_missing_job_without_a_known_code_is_looked_for_in_the_list():
    calls = [
        challenged(f"GET {JOBS}/{hex24(1)}"),
        Call(f"GET {JOBS}/{hex24(1)}", GONE),
        Call(f"GET {JOBS}{PAGE}", listed(server_job(2))),
    ]
    with FakeService(*calls):
        result = run(MODULE, {**KEYS, "state": "absent", "job_id": hex24(1)})
    assert (result["changed"], "failed" in result) == (False, False)


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_a_deletion_that_is_refused_is_looked_at_again(status):
    """A job that somebody has started again meanwhile cannot be deleted."""
    job = f"{JOBS}/{hex24(1)}"
    refused = Reply(status, {"error": status, "errorCode": "ANY_CODE", "detail": "Not now."})
    calls = [
        challenged(f"GET {job}"),
        Call(f"GET {job}", Reply(200, server_job(1, "FAILURE"))),
        Call(f"DELETE {job}", refused),
    ]
    if status != 403:
        calls.append(Call(f"GET {job}", Reply(200, server_job(1, "IN_PROGRESS"))))
    with FakeService(*calls):
        result = run(MODULE, {**KEYS, "state": "absent", "job_id": hex24(1)})
    assert (result["changed"], result["failed"]) == (False, True)
    assert ("Not now" if status == 403 else "is still collecting") in result["msg"]


def test_a_deletion_is_answered_without_a_body():
    job = f"{JOBS}/{hex24(1)}"
    calls = [challenged(f"GET {job}"), Call(f"GET {job}", Reply(200, server_job(1))), Call(f"DELETE {job}", Reply(204))]
    with FakeService(*calls):
        result = run(MODULE, {**KEYS, "state": "absent", "job_id": hex24(1)})
    assert (result["changed"], "failed" in result) == (True, False)


def test_an_ops_manager_without_such_jobs_is_named_as_the_likely_cause():
    missing = Reply(404, {"error": 404, "errorCode": "RESOURCE_NOT_FOUND", "detail": "Cannot find resource."})
    with FakeService(challenged(f"GET {JOBS}{PAGE}"), Call(f"GET {JOBS}{PAGE}", missing)):
        result = run("server_log_collection_job_info", KEYS)
    assert "a version of Ops Manager that does not collect the logs of its own servers" in result["msg"]


@pytest.mark.parametrize(
    "status, code, words",
    [
        (401, "USER_UNAUTHORIZED", "the global role Global Read Only"),
        (413, "ANY_CODE", "more storage than Ops Manager"),
        (429, "ANY_CODE", "as many jobs in progress as it allows"),
        (429, "RATE_LIMITED", "No (HTTP 429, RATE_LIMITED)"),
    ],
)
def test_the_remedy_for_a_refused_collection_is_named(status, code, words):
    refused = Reply(status, {"error": status, "errorCode": code, "detail": "No."})
    calls = [
        challenged(f"GET {JOBS}{PAGE}"),
        Call(f"GET {JOBS}{PAGE}", listed()),
        Call(f"POST {JOBS}", refused, body=ASKED),
    ]
    with FakeService(*calls):
        result = run(MODULE, {**COLLECT, "retries": 0})
    assert (result["failed"], result["changed"]) == (True, False)
    assert words in result["msg"]
    assert ("jobs in progress" in result["msg"]) is ("jobs in progress" in words)


def test_listing_the_servers_as_well_takes_one_more_list():
    calls = [
        challenged(f"GET {JOBS}{PAGE}"),
        Call(f"GET {JOBS}{PAGE}", listed(server_job(1), server_job(2, servers=["om2"]))),
        Call(f"GET {ADMIN}/servers{PAGE}", servers("OM1.example.net")),
    ]
    with FakeService(*calls):
        result = run("server_log_collection_job_info", {**KEYS, "server": "om2", "list_servers": True})
    assert ([job["id"] for job in result["jobs"]], result["total"]) == ([hex24(2)], 2)
    assert result["servers"] == [{"serverId": "OM1.example.net"}]


@pytest.mark.parametrize("shown", [7, "om2", None, {"om2": 1}])
def test_a_job_whose_servers_are_no_list_is_of_no_server(shown):
    calls = [
        challenged(f"GET {JOBS}{PAGE}"),
        Call(f"GET {JOBS}{PAGE}", listed(server_job(1, servers=shown), server_job(2, servers=["om2"]))),
    ]
    with FakeService(*calls):
        result = run("server_log_collection_job_info", {**KEYS, "server": "om2"})
    assert [job["id"] for job in result["jobs"]] == [hex24(2)]


def test_downloading_an_archive_sends_the_fewest_calls_and_writes_the_file(tmp_path):
    content, job = archive(1000), f"{JOBS}/{hex24(1)}"
    calls = [
        challenged(f"GET {job}"),
        Call(f"GET {job}", Reply(200, server_job(1))),
        Call(f"GET {job}:download", Reply(200, content), Accept="application/gzip, application/json"),
    ]
    with FakeService(*calls):
        arguments = {**KEYS, "job_ids": [hex24(1)], "dest": str(tmp_path / "a")}
        assert run("server_log_collection_job_download", arguments)["changed"] is True
    assert (tmp_path / "a").read_bytes() == content
