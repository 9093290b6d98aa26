# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Log collection jobs of the servers of Ops Manager itself."""

from __future__ import annotations

import pytest
import requests
from requests.auth import HTTPDigestAuth
from sandbox_client import PRIVATE
from sandbox_mongodb import NOW, UNKNOWN, archive_members, assert_error

ADMIN = "/api/public/v1.0/admin"
JOBS = f"{ADMIN}/omLogCollectionJobs"
SUCCEEDED, FAILED, FAILS_AGAIN, RUNNING, MARKED, EXPIRED = (f"66f1c0de00000000000000d{n}" for n in range(1, 7))
TYPES = ["APPLICATION", "HTTP_ACCESS", "MIGRATION"]
DATES = {"logCollectionFromDate": "2026-08-30T00:00:00Z", "logCollectionToDate": "2026-08-31T00:00:00Z"}


def seed(**ops_manager):
    """A seed with an Ops Manager of two servers, whose clock stands still."""
    keys = [{"public_key": "sandboxkey", "private_key": PRIVATE}]
    servers = [{"id": "om1"}, {"id": "backup1", "type": "BACKUP_DAEMON"}]
    return {
        "now": NOW,
        "frozen": True,
        "mongodb": {"keys": keys, "projects": [], "ops_manager": {"servers": servers, **ops_manager}},
    }


def seeded(status="SUCCESS", **fields):
    return {"id": SUCCEEDED, "status": status, "servers": ["om1"], **fields}


def create(sandbox, **body):
    return sandbox.call("POST", JOBS, json=body)


def extend(sandbox, date):
    return sandbox.call("PATCH", f"{JOBS}/{SUCCEEDED}", json={"expirationDate": date})


def test_job_shows_documented_fields(sandbox):
    shown = sandbox.call("GET", f"{JOBS}/{FAILED}?verbose=true").json()
    assert list(shown) == [
        "id",
        "status",
        "creationDate",
        "expirationDate",
        "finishDate",
        "servers",
        "logTypes",
        "sizeRequestedPerFileBytes",
        "logCollectionFromDate",
        "logCollectionToDate",
        "uncompressedSizeTotalBytes",
        "sizeLimitHit",
        "downloadUrl",
        "childJobs",
    ]
    assert shown["downloadUrl"] == f"{sandbox.url}{JOBS}/{FAILED}:download"
    assert (shown["servers"], shown["logTypes"]) == (
        ["om1.example.net", "om2.example.net"],
        ["APPLICATION", "HTTP_ACCESS"],
    )
    assert len(shown["childJobs"]) == 4
    failed = [child for child in shown["childJobs"] if child["status"] == "FAILURE"]
    assert [(child["serverId"], child["logCollectionType"]) for child in failed] == [("om2.example.net", "APPLICATION")]
    assert failed[0]["errorMessage"] == "The log file cannot be read."
    assert sandbox.call("GET", f"{JOBS}/{RUNNING}").json()["finishDate"] is None


def test_list_has_pages_and_links(sandbox):
    page = sandbox.call("GET", f"{JOBS}?itemsPerPage=4&pageNum=2&verbose=true").json()
    assert (len(page["results"]), page["totalCount"]) == (2, 6)
    assert [link["rel"] for link in page["links"]] == ["self", "previous"]
    assert "childJobs" in page["results"][0]


def test_active_servers_are_listed_by_type(sandbox):
    sandbox.reset(seed())
    listed = sandbox.call("GET", f"{ADMIN}/servers").json()
    assert listed["results"] == [
        {"serverId": "om1", "serverType": "MMS_SERVER", "lastPing": "2026-08-31T11:59:55Z"},
        {"serverId": "backup1", "serverType": "BACKUP_DAEMON", "lastPing": "2026-08-31T11:59:55Z"},
    ]
    daemons = sandbox.call("GET", f"{ADMIN}/servers?type=BACKUP_DAEMON").json()
    assert [server["serverId"] for server in daemons["results"]] == ["backup1"]
    assert_error(sandbox.call("GET", f"{ADMIN}/servers?status=gone"), 400, "INVALID_SERVER_STATUS", [])
    sandbox.variants(daemon_logs=False)
    assert sandbox.call("GET", f"{ADMIN}/servers").json()["totalCount"] == 1


def test_created_job_runs_succeeds_and_is_kept_for_a_week(sandbox):
    sandbox.reset(seed())
    response = create(sandbox, servers=["om1"], logTypes=["APPLICATION"], sizeRequestedPerFileBytes=7, **DATES)
    assert response.status_code == 201 and list(response.json()) == ["id"]
    created = response.json()["id"]
    shown = sandbox.call("GET", f"{JOBS}/{created}").json()
    assert (shown["status"], shown["creationDate"], shown["expirationDate"]) == (
        "IN_PROGRESS",
        NOW,
        "2026-09-07T12:00:00Z",
    )
    assert {name: shown[name] for name in DATES} == DATES
    assert (shown["servers"], shown["logTypes"], shown["sizeRequestedPerFileBytes"]) == (["om1"], ["APPLICATION"], 7)
    sandbox.clock(advance=20)
    shown = sandbox.call("GET", f"{JOBS}/{created}").json()
    assert (shown["status"], shown["finishDate"]) == ("SUCCESS", "2026-08-31T12:00:20Z")


def test_what_a_request_leaves_out_is_decided_by_the_servers(sandbox):
    sandbox.reset(seed())
    for body in ({}, {"servers": [], "logTypes": []}, {"servers": None}):
        shown = sandbox.call("GET", f"{JOBS}/{create(sandbox, **body).json()['id']}?verbose=true").json()
        assert (shown["servers"], shown["logTypes"]) == (["om1", "backup1"], sorted([*TYPES, "DAEMON"]))
        parts = [(child["serverId"], child["logCollectionType"]) for child in shown["childJobs"]]
        assert parts == [*[("om1", kind) for kind in TYPES], ("backup1", "DAEMON")]
    assert create(sandbox, servers=["backup1"]).status_code == 201


def test_what_a_job_of_all_shows_depends_on_the_variant(sandbox):
    created = create(sandbox).json()["id"]
    sandbox.variants(all_server_logs="empty")
    shown = sandbox.call("GET", f"{JOBS}/{created}").json()
    assert (shown["servers"], shown["logTypes"]) == ([], [])
    sandbox.variants(all_server_logs="left_out", new_server_log_job="job")
    assert not {"servers", "logTypes"} & set(sandbox.call("GET", f"{JOBS}/{created}").json())
    assert create(sandbox, servers=["om1.example.net"]).json()["status"] == "IN_PROGRESS"


@pytest.mark.parametrize(
    "body,code,parameters",
    [
        ({"colour": 1}, "INVALID_ATTRIBUTE", ["colour"]),
        ({"servers": ["om9"]}, "INVALID_ENUM_VALUE", ["om9"]),
        ({"servers": "om1"}, "INVALID_JSON_ATTRIBUTE", ["servers"]),
        ({"logTypes": ["MONGODB"]}, "INVALID_ENUM_VALUE", ["MONGODB"]),
        # No server may be left without a type, and no type without a server.
        ({"servers": ["om1"], "logTypes": ["DAEMON"]}, "INVALID_ATTRIBUTE", ["logTypes"]),
        ({"logTypes": ["APPLICATION"]}, "INVALID_ATTRIBUTE", ["logTypes"]),
        ({"sizeRequestedPerFileBytes": 0}, "INVALID_LOG_REQUEST_SIZE", []),
        ({"logCollectionFromDate": NOW}, "MISSING_ATTRIBUTE", ["logCollectionToDate"]),
        ({**DATES, "logCollectionToDate": "2026-08-29T00:00:00Z"}, "START_DATE_AFTER_END_DATE", []),
        ({**DATES, "logCollectionToDate": "2026-09-06T00:00:01Z"}, "INVALID_ATTRIBUTE", ["logCollectionFromDate"]),
        (
            {"logCollectionFromDate": "2026-09-01T00:00:00Z", "logCollectionToDate": "2026-09-02T00:00:00Z"},
            "INVALID_ATTRIBUTE",
            ["logCollectionFromDate"],
        ),
    ],
    ids=str,
)
def test_invalid_body_is_refused(sandbox, body, code, parameters):
    sandbox.reset(seed())
    assert_error(create(sandbox, **body), 400, code, parameters)
    assert sandbox.acted() == 0


def test_four_jobs_run_at_a_time(sandbox):
    sandbox.reset(seed())
    assert [create(sandbox, servers=["om1"]).status_code for _number in range(5)] == [201] * 4 + [429]
    sandbox.clock(advance=20)
    assert create(sandbox, servers=["om1"]).status_code == 201


def test_retry_runs_only_failed_jobs_again_and_keeps_their_dates(sandbox):
    before = sandbox.call("GET", f"{JOBS}/{FAILED}").json()
    response = sandbox.call("POST", f"{JOBS}/{FAILED}:retry")
    assert (response.status_code, response.content) == (200, b"")
    assert_error(sandbox.call("POST", f"{JOBS}/{FAILED}:retry"), 400, "ONLY_FAILED_JOB_CAN_BE_RESTARTED", [])
    sandbox.clock(advance=60)
    after = sandbox.call("GET", f"{JOBS}/{FAILED}").json()
    assert (after["status"], after["creationDate"]) == ("SUCCESS", before["creationDate"])
    assert after["finishDate"] > before["finishDate"]
    assert sandbox.call("POST", f"{JOBS}/{FAILS_AGAIN}:retry").status_code == 200
    sandbox.clock(advance=60)
    assert sandbox.call("GET", f"{JOBS}/{FAILS_AGAIN}").json()["status"] == "FAILURE"


def test_jobs_in_progress_are_not_deleted(sandbox):
    sandbox.variants(server_log_error_status=409)
    assert_error(sandbox.call("DELETE", f"{JOBS}/{RUNNING}"), 409, "UNEXPECTED_ERROR", None)
    for job in (SUCCEEDED, FAILED, MARKED, EXPIRED):
        response = sandbox.call("DELETE", f"{JOBS}/{job}")
        assert (response.status_code, response.content) == (204, b"")
    assert set(sandbox.state()["server_log_collection"]["jobs"]) == {FAILS_AGAIN, RUNNING}


def test_extension_is_limited_to_28_days(sandbox):
    sandbox.reset(seed(log_collection_jobs=[seeded(age="1d")]))
    assert extend(sandbox, "2026-09-27T12:00:00Z").status_code == 200
    assert sandbox.call("GET", f"{JOBS}/{SUCCEEDED}").json()["expirationDate"] == "2026-09-27T12:00:00Z"
    assert_error(extend(sandbox, "2026-09-27T12:00:01Z"), 400, "INVALID_ATTRIBUTE", ["expirationDate"])
    assert_error(extend(sandbox, "2026-08-31T11:59:59Z"), 400, "EXPIRATION_DATE_MUST_BE_IN_FUTURE", [])
    assert_error(extend(sandbox, "soon"), 400, "INVALID_DATE_FORMAT", ["soon"])
    sandbox.reset(seed(log_collection_jobs=[seeded("EXPIRED")]))
    sandbox.variants(server_log_error_codes="unexpected", server_log_error_status=403)
    assert_error(extend(sandbox, "2026-09-02T12:00:00Z"), 403, "UNEXPECTED_ERROR", None)


def test_download_has_what_was_collected(sandbox):
    response = sandbox.call("GET", f"{JOBS}/{FAILED}:download")
    assert response.headers["Content-Type"] == "application/gzip"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="om-logs_')
    assert set(archive_members(response.content)) == {
        "om1.example.net/application/mms0.log",
        "om1.example.net/http_access/mms0-access.log",
        "om2.example.net/http_access/mms0-access.log",
    }
    assert_error(sandbox.call("GET", f"{JOBS}/{RUNNING}:download"), 400, "CANNOT_DOWNLOAD_JOB_IN_PROGRESS", [RUNNING])
    assert_error(sandbox.call("GET", f"{JOBS}/{EXPIRED}:download"), 400, "CANNOT_DOWNLOAD_EXPIRED_JOB", [EXPIRED])


@pytest.mark.parametrize("code", ["RESOURCE_NOT_FOUND", "UNEXPECTED_ERROR"])
@pytest.mark.parametrize("method,tail", [("GET", ""), ("DELETE", ""), ("POST", ":retry"), ("GET", ":download")])
def test_missing_job_has_error_code_of_variant(sandbox, method, tail, code):
    sandbox.variants(missing_server_log_job_code=code)
    for job in (UNKNOWN, "nonsense"):
        path = f"{JOBS}/{job}{tail}"
        parameters = [path] if code == "RESOURCE_NOT_FOUND" else None
        assert_error(sandbox.call(method, path), 404, code, parameters)


@pytest.mark.parametrize(
    "method,path",
    [
        ("PUT", JOBS),
        ("POST", f"{ADMIN}/servers"),
        ("PUT", f"{JOBS}/{FAILED}:retry"),
        ("PUT", f"{JOBS}/{FAILED}/retry"),
        ("GET", f"{JOBS}/{SUCCEEDED}/download"),
        ("GET", JOBS.replace("public", "atlas")),
    ],
)
def test_unknown_path_is_not_found(sandbox, method, path):
    assert_error(sandbox.call(method, path), 404, "RESOURCE_NOT_FOUND", [path])


def test_only_a_key_of_all_projects_has_a_global_role(sandbox):
    sandbox.mongo.auth = HTTPDigestAuth("paymentskey", "91be70d4-c2a8-4e35-b6f0-7d1c5e8a9b23")
    assert_error(sandbox.call("GET", JOBS), 401, "USER_UNAUTHORIZED", [])


def test_ops_manager_accepts_no_tokens(sandbox):
    response = requests.get(sandbox.url + JOBS, headers={"Authorization": "Bearer x"}, timeout=10)
    assert response.status_code == 401 and response.headers["WWW-Authenticate"].startswith("Digest")


@pytest.mark.parametrize(
    "ops_manager,message",
    [
        ({"log_collection_jobs": [seeded("DONE")]}, "status: 'DONE' is not one of SUCCESS"),
        ({"log_collection_jobs": [seeded(), seeded()]}, "is there twice"),
        ({"log_collection_jobs": [seeded(finish={"takes": 1})]}, "only a job that is IN_PROGRESS can finish"),
        ({"servers": [{"id": "om1", "type": "OTHER"}]}, "type: 'OTHER' is not one of MMS_SERVER"),
        ({"colour": 1}, "mongodb.ops_manager.colour: is not known here"),
    ],
    ids=str,
)
def test_seed_with_a_mistake_is_refused(sandbox, ops_manager, message):
    assert message in sandbox.control("POST", "reset", seed(**ops_manager), status=400)["error"]


def test_bulk_entries_and_new_jobs_are_as_the_seed_says(sandbox):
    errors = [{"server": "om1", "type": "MIGRATION", "message": "No."}]
    bulk = {"count": 3, "id_prefix": "66f1c0de00000000000", "status": "SUCCESS", "age": "1d"}
    new = {"takes": "1m", "result": "FAILURE", "errors": errors, "retry": {"takes": 5}}
    sandbox.reset(seed(log_collection_jobs=[bulk], new_log_jobs=new))
    created = create(sandbox).json()["id"]
    other = create(sandbox, servers=["backup1"]).json()["id"]
    sandbox.clock(advance=60)
    shown = sandbox.call("GET", f"{JOBS}?verbose=true").json()["results"]
    assert [job["status"] for job in shown] == ["SUCCESS"] * 3 + ["FAILURE"] * 2
    failed = {
        job["id"]: [child["errorMessage"] for child in job["childJobs"] if child["status"] == "FAILURE"]
        for job in shown[3:]
    }
    assert failed == {created: ["No."], other: ["The agent did not answer in time."]}
