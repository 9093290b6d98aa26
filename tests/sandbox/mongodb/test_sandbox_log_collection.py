# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
import requests
from requests.auth import HTTPDigestAuth
from sandbox_client import ATLAS, LOGS, PRIVATE
from sandbox_mongodb import FAILED, FAILS_AGAIN, PROJECT, RUNNING, SUCCEEDED, UNKNOWN, assert_error

KEYS = (
    "id groupId userId creationDate expirationDate status resourceType resourceName rootResourceName "
    "rootResourceType downloadUrl redacted logTypes sizeRequestedPerFileBytes uncompressedSizeTotalBytes"
).split()
STATUSES = {"SUCCESS", "FAILURE", "IN_PROGRESS", "MARKED_FOR_EXPIRY", "EXPIRED"}


def bulk(count):
    job = {"count": count, "id_prefix": "66f1c0de0000000000", "status": "SUCCESS", "age": "45d"}
    return {
        "mongodb": {
            "keys": [{"public_key": "sandboxkey", "private_key": PRIVATE}],
            "projects": [{"id": PROJECT, "name": "many", "family": "ops_manager", "log_collection_jobs": [job]}],
        }
    }


def test_list_has_documented_fields_and_links(sandbox):
    body = sandbox.call("GET", LOGS).json()
    assert list(body) == ["links", "results", "totalCount"]
    assert body["totalCount"] == 6 and {job["status"] for job in body["results"]} == STATUSES
    for job in body["results"]:
        assert list(job) == KEYS
        assert job["downloadUrl"] == f"{sandbox.url}{LOGS}/{job['id']}/download"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", job["creationDate"])
        assert job["resourceType"] in ("replicaset", "cluster", "process")
    assert body["links"] == [{"href": f"{sandbox.url}{LOGS}?pageNum=1&itemsPerPage=100", "rel": "self"}]


def test_paging_links_lead_through_all_jobs(sandbox):
    def link(rel, query):
        return {"href": f"{sandbox.url}{LOGS}?{query}", "rel": rel}

    body = sandbox.call("GET", LOGS + "?itemsPerPage=2&pageNum=2&verbose=true").json()
    assert body["links"] == [
        link("self", "verbose=true&pageNum=2&itemsPerPage=2"),
        link("previous", "verbose=true&itemsPerPage=2&pageNum=1"),
        link("next", "verbose=true&itemsPerPage=2&pageNum=3"),
    ]
    found, url = [], LOGS + "?itemsPerPage=4"
    while url:
        body = sandbox.call("GET", url).json()
        found += [job["id"] for job in body["results"]]
        url = next((x["href"][len(sandbox.url) :] for x in body["links"] if x["rel"] == "next"), None)
    assert found == list(sandbox.state()["log_collection"][PROJECT]["jobs"])


def test_page_beyond_end_and_empty_project_are_empty(sandbox):
    body = sandbox.call("GET", LOGS + "?pageNum=9").json()
    assert (body["results"], body["totalCount"]) == ([], 6)
    body = sandbox.call("GET", LOGS.replace(PROJECT, "66f1c0de0000000000000003")).json()
    assert (body["results"], body["totalCount"]) == ([], 0)


@pytest.mark.parametrize("query", ["pageNum=0", "pageNum=x", "itemsPerPage=-1", "itemsPerPage=0"])
def test_invalid_paging_is_refused(sandbox, query):
    assert_error(sandbox.call("GET", f"{LOGS}?{query}"), 400, "INVALID_QUERY_PARAMETER", [query.split("=")[0]])


def test_ten_thousand_jobs_are_paged_without_gaps(sandbox):
    sandbox.control("POST", "reset", bulk(10_000))
    ids, number = [], 1
    while True:
        results = sandbox.call("GET", f"{LOGS}?itemsPerPage=500&pageNum={number}").json()["results"]
        if not results:
            break
        ids += [job["id"] for job in results]
        number += 1
    assert (number, len(ids), len(set(ids))) == (21, 10_000, 10_000)


def test_paging_obeys_variants(sandbox):
    sandbox.control("POST", "reset", bulk(250))
    assert len(sandbox.call("GET", LOGS + "?itemsPerPage=600").json()["results"]) == 250
    sandbox.variants(max_items_per_page=100, total_count=False, page_links=False)
    body = sandbox.call("GET", LOGS + "?itemsPerPage=500").json()
    assert (len(body["results"]), body["links"], "totalCount" in body) == (100, [], False)


@pytest.mark.parametrize(
    "spelling,seen", [("live", "replicaset"), ("upper", "REPLICASET"), ("upper_underscore", "REPLICA_SET")]
)
def test_resource_type_is_spelled_by_variant(sandbox, spelling, seen):
    sandbox.variants(resource_type_spelling=spelling)
    job = sandbox.call("GET", f"{LOGS}/{SUCCEEDED}").json()
    assert job["resourceType"] == job["rootResourceType"] == seen


def test_verbose_job_has_child_jobs(sandbox):
    assert list(sandbox.call("GET", f"{LOGS}/{FAILED}").json()) == KEYS
    job = sandbox.call("GET", f"{LOGS}/{FAILED}?verbose=true").json()
    assert list(job) == [*KEYS, "childJobs"]
    assert len(job["childJobs"]) == 6
    (failed,) = [child for child in job["childJobs"] if child["status"] == "FAILURE"]
    assert (failed["hostName"], failed["logCollectionType"]) == ("db2.example.net:27017", "FTDC")
    assert failed["errorMessage"] == "The agent did not answer in time."
    assert failed["path"] == "db2.example.net/27017/ftdc"
    agents = [child for child in job["childJobs"] if child["logCollectionType"] == "AUTOMATION_AGENT"]
    assert {child["path"] for child in agents} == {f"db{n}.example.net/automation_agent" for n in (1, 2)}


def test_envelope_and_pretty_are_obeyed(sandbox):
    body = sandbox.call("GET", f"{LOGS}/{SUCCEEDED}?envelope=true").json()
    assert body["status"] == 200 and body["content"]["id"] == SUCCEEDED
    assert sandbox.call("GET", f"{LOGS}?envelope=true").json()["status"] == 200
    assert sandbox.call("GET", f"{LOGS}/{SUCCEEDED}?pretty=true").text.startswith('{\n  "id"')


@pytest.mark.parametrize("number", range(1, 7))
def test_job_is_deleted_in_every_state(sandbox, number):
    path = f"{LOGS}/66f1c0de00000000000000a{number}"
    response = sandbox.call("DELETE", path)
    assert (response.status_code, response.content) == (200, b"")
    for method in ("GET", "DELETE"):
        assert sandbox.call(method, path).status_code == 404
    assert [(e["method"], e["acted"]) for e in sandbox.requests() if e["status"] == 200] == [("DELETE", True)]
    assert len(sandbox.state()["log_collection"][PROJECT]["jobs"]) == 5


def test_retried_job_runs_and_succeeds(sandbox):
    before = sandbox.call("GET", f"{LOGS}/{FAILED}").json()
    response = sandbox.call("PUT", f"{LOGS}/{FAILED}/retry", json={})
    assert (response.status_code, response.content) == (200, b"")
    assert sandbox.requests()[-1]["acted"] is True
    running = sandbox.call("GET", f"{LOGS}/{FAILED}?verbose=true").json()
    assert running["status"] == "IN_PROGRESS"
    assert {child["status"] for child in running["childJobs"]} == {"IN_PROGRESS"}
    assert_error(sandbox.call("PUT", f"{LOGS}/{FAILED}/retry"), 400, "ONLY_FAILED_JOB_CAN_BE_RESTARTED", [])
    sandbox.control("POST", "clock", {"advance": 21})
    after = sandbox.call("GET", f"{LOGS}/{FAILED}?verbose=true").json()
    assert {child["status"] for child in after.pop("childJobs")} == {"SUCCESS"}
    assert after == {**before, "status": "SUCCESS"}


def test_retried_job_fails_again_if_seed_says_so(sandbox):
    assert sandbox.call("PUT", f"{LOGS}/{FAILS_AGAIN}/retry").status_code == 200
    sandbox.control("POST", "clock", {"advance": 21})
    job = sandbox.call("GET", f"{LOGS}/{FAILS_AGAIN}?verbose=true").json()
    assert job["status"] == "FAILURE" and sum(bool(child["errorMessage"]) for child in job["childJobs"]) == 2
    assert sandbox.call("PUT", f"{LOGS}/{FAILS_AGAIN}/retry").status_code == 200


@pytest.mark.parametrize("number", [1, 4, 5, 6])
def test_retry_of_job_that_did_not_fail_is_refused(sandbox, number):
    response = sandbox.call("PUT", f"{LOGS}/66f1c0de00000000000000a{number}/retry")
    assert_error(response, 400, "ONLY_FAILED_JOB_CAN_BE_RESTARTED", [])
    assert not any(entry["acted"] for entry in sandbox.requests())


def test_running_job_finishes_on_the_clock(sandbox):
    assert sandbox.state()["log_collection"][PROJECT]["jobs"][RUNNING]["status"] == "IN_PROGRESS"
    sandbox.control("POST", "clock", {"advance": "5m"})
    assert sandbox.state()["log_collection"][PROJECT]["jobs"][RUNNING]["status"] == "SUCCESS"


@pytest.mark.parametrize(
    "method,tail", [("GET", ""), ("DELETE", ""), ("PUT", "/retry"), ("PATCH", ""), ("GET", "/download")]
)
def test_missing_and_malformed_ids_return_documented_errors(sandbox, method, tail):
    response = sandbox.call(method, f"{LOGS}/{UNKNOWN}{tail}")
    assert_error(response, 404, "LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP", [UNKNOWN, PROJECT])
    assert_error(sandbox.call(method, f"{LOGS}/nonsense{tail}"), 404, "INVALID_LOG_COLLECTION_JOB_ID", ["nonsense"])
    unknown, malformed = LOGS.replace(PROJECT, UNKNOWN), LOGS.replace(PROJECT, "XYZ")
    assert_error(sandbox.call(method, f"{unknown}/{SUCCEEDED}{tail}"), 404, "GROUP_NOT_FOUND", [UNKNOWN])
    assert_error(sandbox.call(method, f"{malformed}/{SUCCEEDED}{tail}"), 404, "INVALID_GROUP_ID", ["XYZ"])
    atlas = LOGS.replace(PROJECT, ATLAS)
    assert_error(sandbox.call(method, f"{atlas}/{SUCCEEDED}{tail}"), 404, "ATLAS_GROUP", [ATLAS])


def test_missing_job_has_error_code_of_variant(sandbox):
    sandbox.variants(missing_log_job_code="RESOURCE_NOT_FOUND")
    assert_error(sandbox.call("GET", f"{LOGS}/{UNKNOWN}"), 404, "RESOURCE_NOT_FOUND", [f"{LOGS}/{UNKNOWN}"])
    sandbox.variants(missing_log_job_code="UNEXPECTED_ERROR")
    assert_error(sandbox.call("GET", f"{LOGS}/{UNKNOWN}"), 404, "UNEXPECTED_ERROR", None)


@pytest.mark.parametrize(
    "method,tail",
    [("PUT", ""), ("POST", f"/{SUCCEEDED}"), ("HEAD", f"/{SUCCEEDED}/download"), ("GET", f"/{SUCCEEDED}/retry")],
)
def test_unknown_path_is_not_found(sandbox, method, tail):
    response = sandbox.call(method, LOGS + tail)
    assert (response.status_code, response.headers["X-Error-Code"]) == (404, "RESOURCE_NOT_FOUND")


def test_key_is_refused_other_projects(sandbox):
    sandbox.mongo.auth = HTTPDigestAuth("paymentskey", "91be70d4-c2a8-4e35-b6f0-7d1c5e8a9b23")
    assert sandbox.call("GET", LOGS).status_code == 200
    response = sandbox.call("GET", LOGS.replace(PROJECT, "66f1c0de0000000000000003"))
    assert_error(response, 401, "NOT_IN_GROUP", [])


@pytest.mark.parametrize(
    "code,status,parameters",
    [
        ("IP_ADDRESS_NOT_ON_ACCESS_LIST", 403, ["127.0.0.1"]),
        ("IP_ADDRESS_NOT_ON_WHITELIST", 403, ["127.0.0.1"]),
        ("RESOURCE_REQUIRES_WHITELIST", 403, []),
        ("ORG_REQUIRES_WHITELIST", 403, []),
        ("USER_UNAUTHORIZED", 401, []),
    ],
)
def test_every_request_is_refused_with_denied_access(sandbox, code, status, parameters):
    sandbox.variants(access_denied=code)
    assert_error(sandbox.call("DELETE", f"{LOGS}/{SUCCEEDED}"), status, code, parameters)
    assert_error(sandbox.restores("GET"), status, code, parameters)
    assert requests.get(sandbox.url + LOGS, timeout=10).json()["errorCode"] == "UNEXPECTED_ERROR"
    assert not any(entry["acted"] for entry in sandbox.requests())


def test_rate_limit_refuses_requests_until_next_minute(sandbox):
    sandbox.variants(rate_limits=True)
    sandbox.control("POST", "clock", {"frozen": True})
    statuses = [sandbox.call("GET", f"{LOGS}?itemsPerPage=1").status_code for _number in range(101)]
    assert statuses == [200] * 100 + [429]
    response = sandbox.call("GET", LOGS)
    assert_error(response, 429, "RATE_LIMITED", [LOGS, 100, 1])
    sandbox.control("POST", "clock", {"advance": int(response.headers["Retry-After"])})
    assert sandbox.call("GET", LOGS).status_code == 200


def test_rate_limit_obeys_variants(sandbox):
    sandbox.variants(rate_limits=True, minute_limit=3, rate_seconds=6, retry_after=False)
    sandbox.control("POST", "clock", {"frozen": True})
    statuses = [sandbox.call("GET", f"{LOGS}?itemsPerPage=1").status_code for _number in range(4)]
    assert statuses == [200] * 3 + [429]
    response = sandbox.call("GET", LOGS)
    assert_error(response, 429, "RATE_LIMITED", [LOGS, 3, 0.1])
    assert "Retry-After" not in response.headers
    sandbox.control("POST", "clock", {"advance": 6})
    assert sandbox.call("GET", LOGS).status_code == 200
