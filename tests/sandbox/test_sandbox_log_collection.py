# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
import requests
from requests.auth import HTTPDigestAuth
from sandbox_client import ATLAS, LOGS, PRIVATE

PROJECT = "66f1c0de0000000000000001"
GOOD, FAILED, FAILS_AGAIN, RUNNING = (f"66f1c0de00000000000000a{n}" for n in (1, 2, 3, 4))
UNKNOWN = "66f1c0de00000000000000ff"
KEYS = (
    "id groupId userId creationDate expirationDate status resourceType resourceName rootResourceName "
    "rootResourceType downloadUrl redacted logTypes sizeRequestedPerFileBytes uncompressedSizeTotalBytes"
).split()
STATUSES = {"SUCCESS", "FAILURE", "IN_PROGRESS", "MARKED_FOR_EXPIRY", "EXPIRED"}


def assert_error(answer, status, code, parameters):
    body = answer.json()
    assert list(body) == ["detail", "error", "errorCode", "parameters", "reason"]
    assert (answer.status_code, body["error"], body["errorCode"], body["parameters"]) == (
        status,
        status,
        code,
        parameters,
    )
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers.get("X-Error-Code") == (None if status == 401 else code)
    assert ": " not in answer.text.split('"detail":')[0]


def bulk(count):
    job = {"count": count, "id_prefix": "66f1c0de0000000000", "status": "SUCCESS", "age": "45d"}
    return {
        "mongodb": {
            "keys": [{"public_key": "sandboxkey", "private_key": PRIVATE}],
            "projects": [{"id": PROJECT, "name": "many", "family": "ops_manager", "log_collection_jobs": [job]}],
        }
    }


def test_list(box):
    body = box.call("GET", LOGS).json()
    assert list(body) == ["links", "results", "totalCount"]
    assert body["totalCount"] == 6 and {job["status"] for job in body["results"]} == STATUSES
    for job in body["results"]:
        assert list(job) == KEYS
        assert job["downloadUrl"] == f"{box.url}{LOGS}/{job['id']}/download"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", job["creationDate"])
        assert job["resourceType"] in ("replicaset", "cluster", "process")
    assert body["links"] == [{"href": f"{box.url}{LOGS}?pageNum=1&itemsPerPage=100", "rel": "self"}]


def test_paging_and_its_links(box):
    def link(rel, query):
        return {"href": f"{box.url}{LOGS}?{query}", "rel": rel}

    body = box.call("GET", LOGS + "?itemsPerPage=2&pageNum=2&verbose=true").json()
    assert body["links"] == [
        link("self", "verbose=true&pageNum=2&itemsPerPage=2"),
        link("previous", "verbose=true&itemsPerPage=2&pageNum=1"),
        link("next", "verbose=true&itemsPerPage=2&pageNum=3"),
    ]
    found, url = [], LOGS + "?itemsPerPage=4"
    while url:
        body = box.call("GET", url).json()
        found += [job["id"] for job in body["results"]]
        url = next((x["href"][len(box.url) :] for x in body["links"] if x["rel"] == "next"), None)
    assert found == list(box.state()["log_collection"][PROJECT]["jobs"])


def test_page_behind_the_end_and_empty_project(box):
    body = box.call("GET", LOGS + "?pageNum=9").json()
    assert (body["results"], body["totalCount"]) == ([], 6)
    body = box.call("GET", LOGS.replace(PROJECT, "66f1c0de0000000000000003")).json()
    assert (body["results"], body["totalCount"]) == ([], 0)


@pytest.mark.parametrize("query", ["pageNum=0", "pageNum=x", "itemsPerPage=-1", "itemsPerPage=0"])
def test_bad_paging(box, query):
    assert_error(box.call("GET", f"{LOGS}?{query}"), 400, "INVALID_QUERY_PARAMETER", [query.split("=")[0]])


def test_ten_thousand_jobs(box):
    box.control("POST", "reset", bulk(10_000))
    ids, number = [], 1
    while True:
        results = box.call("GET", f"{LOGS}?itemsPerPage=500&pageNum={number}").json()["results"]
        if not results:
            break
        ids += [job["id"] for job in results]
        number += 1
    assert (number, len(ids), len(set(ids))) == (21, 10_000, 10_000)


def test_paging_variants(box):
    box.control("POST", "reset", bulk(250))
    assert len(box.call("GET", LOGS + "?itemsPerPage=600").json()["results"]) == 250
    box.variants(max_items_per_page=100, total_count=False, page_links=False)
    body = box.call("GET", LOGS + "?itemsPerPage=500").json()
    assert (len(body["results"]), body["links"], "totalCount" in body) == (100, [], False)


@pytest.mark.parametrize(
    "spelling,seen", [("live", "replicaset"), ("upper", "REPLICASET"), ("upper_underscore", "REPLICA_SET")]
)
def test_spelling_of_the_resource_type(box, spelling, seen):
    box.variants(resource_type_spelling=spelling)
    job = box.call("GET", f"{LOGS}/{GOOD}").json()
    assert job["resourceType"] == job["rootResourceType"] == seen


def test_get_and_child_jobs(box):
    assert list(box.call("GET", f"{LOGS}/{FAILED}").json()) == KEYS
    job = box.call("GET", f"{LOGS}/{FAILED}?verbose=true").json()
    assert list(job) == [*KEYS, "childJobs"]
    assert len(job["childJobs"]) == 6
    (failed,) = [child for child in job["childJobs"] if child["status"] == "FAILURE"]
    assert (failed["hostName"], failed["logCollectionType"]) == ("db2.example.net:27017", "FTDC")
    assert failed["errorMessage"] == "The agent did not answer in time."
    assert failed["path"] == "db2.example.net/27017/ftdc"
    agents = [child for child in job["childJobs"] if child["logCollectionType"] == "AUTOMATION_AGENT"]
    assert {child["path"] for child in agents} == {f"db{n}.example.net/automation_agent" for n in (1, 2)}


def test_envelope_and_pretty(box):
    body = box.call("GET", f"{LOGS}/{GOOD}?envelope=true").json()
    assert body["status"] == 200 and body["content"]["id"] == GOOD
    assert box.call("GET", f"{LOGS}?envelope=true").json()["status"] == 200
    assert box.call("GET", f"{LOGS}/{GOOD}?pretty=true").text.startswith('{\n  "id"')


@pytest.mark.parametrize("number", range(1, 7))
def test_delete_in_every_state(box, number):
    path = f"{LOGS}/66f1c0de00000000000000a{number}"
    answer = box.call("DELETE", path)
    assert (answer.status_code, answer.content) == (200, b"")
    for method in ("GET", "DELETE"):
        assert box.call(method, path).status_code == 404
    assert [(e["method"], e["acted"]) for e in box.requests() if e["status"] == 200] == [("DELETE", True)]
    assert len(box.state()["log_collection"][PROJECT]["jobs"]) == 5


def test_retry_that_succeeds(box):
    before = box.call("GET", f"{LOGS}/{FAILED}").json()
    answer = box.call("PUT", f"{LOGS}/{FAILED}/retry", json={})
    assert (answer.status_code, answer.content) == (200, b"")
    assert box.requests()[-1]["acted"] is True
    running = box.call("GET", f"{LOGS}/{FAILED}?verbose=true").json()
    assert running["status"] == "IN_PROGRESS"
    assert {child["status"] for child in running["childJobs"]} == {"IN_PROGRESS"}
    assert_error(box.call("PUT", f"{LOGS}/{FAILED}/retry"), 400, "ONLY_FAILED_JOB_CAN_BE_RESTARTED", [])
    box.control("POST", "clock", {"advance": 21})
    after = box.call("GET", f"{LOGS}/{FAILED}?verbose=true").json()
    assert {child["status"] for child in after.pop("childJobs")} == {"SUCCESS"}
    assert after == {**before, "status": "SUCCESS"}


def test_retry_that_fails_again(box):
    assert box.call("PUT", f"{LOGS}/{FAILS_AGAIN}/retry").status_code == 200
    box.control("POST", "clock", {"advance": 21})
    job = box.call("GET", f"{LOGS}/{FAILS_AGAIN}?verbose=true").json()
    assert job["status"] == "FAILURE" and sum(bool(child["errorMessage"]) for child in job["childJobs"]) == 2
    assert box.call("PUT", f"{LOGS}/{FAILS_AGAIN}/retry").status_code == 200


@pytest.mark.parametrize("number", [1, 4, 5, 6])
def test_only_a_failed_job_is_retried(box, number):
    answer = box.call("PUT", f"{LOGS}/66f1c0de00000000000000a{number}/retry")
    assert_error(answer, 400, "ONLY_FAILED_JOB_CAN_BE_RESTARTED", [])
    assert not any(entry["acted"] for entry in box.requests())


def test_running_job_finishes_by_the_clock(box):
    assert box.state()["log_collection"][PROJECT]["jobs"][RUNNING]["status"] == "IN_PROGRESS"
    box.control("POST", "clock", {"advance": "5m"})
    assert box.state()["log_collection"][PROJECT]["jobs"][RUNNING]["status"] == "SUCCESS"


@pytest.mark.parametrize(
    "method,tail", [("GET", ""), ("DELETE", ""), ("PUT", "/retry"), ("PATCH", ""), ("GET", "/download")]
)
def test_missing_and_malformed_ids(box, method, tail):
    answer = box.call(method, f"{LOGS}/{UNKNOWN}{tail}")
    assert_error(answer, 404, "LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP", [UNKNOWN, PROJECT])
    assert_error(box.call(method, f"{LOGS}/nonsense{tail}"), 404, "INVALID_LOG_COLLECTION_JOB_ID", ["nonsense"])
    unknown, malformed = LOGS.replace(PROJECT, UNKNOWN), LOGS.replace(PROJECT, "XYZ")
    assert_error(box.call(method, f"{unknown}/{GOOD}{tail}"), 404, "GROUP_NOT_FOUND", [UNKNOWN])
    assert_error(box.call(method, f"{malformed}/{GOOD}{tail}"), 404, "INVALID_GROUP_ID", ["XYZ"])
    atlas = LOGS.replace(PROJECT, ATLAS)
    assert_error(box.call(method, f"{atlas}/{GOOD}{tail}"), 404, "ATLAS_GROUP", [ATLAS])


def test_code_of_a_missing_job_is_a_variant(box):
    box.variants(missing_log_job_code="RESOURCE_NOT_FOUND")
    assert_error(box.call("GET", f"{LOGS}/{UNKNOWN}"), 404, "RESOURCE_NOT_FOUND", [f"{LOGS}/{UNKNOWN}"])
    box.variants(missing_log_job_code="UNEXPECTED_ERROR")
    assert_error(box.call("GET", f"{LOGS}/{UNKNOWN}"), 404, "UNEXPECTED_ERROR", None)


@pytest.mark.parametrize(
    "method,tail", [("PUT", ""), ("POST", f"/{GOOD}"), ("HEAD", f"/{GOOD}/download"), ("GET", f"/{GOOD}/retry")]
)
def test_what_is_not_there(box, method, tail):
    answer = box.call(method, LOGS + tail)
    assert (answer.status_code, answer.headers["X-Error-Code"]) == (404, "RESOURCE_NOT_FOUND")


def test_a_key_sees_its_own_projects_only(box):
    box.mongo.auth = HTTPDigestAuth("paymentskey", "91be70d4-c2a8-4e35-b6f0-7d1c5e8a9b23")
    assert box.call("GET", LOGS).status_code == 200
    answer = box.call("GET", LOGS.replace(PROJECT, "66f1c0de0000000000000003"))
    assert_error(answer, 401, "NOT_IN_GROUP", [])


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
def test_denied_access(box, code, status, parameters):
    box.variants(access_denied=code)
    assert_error(box.call("DELETE", f"{LOGS}/{GOOD}"), status, code, parameters)
    assert_error(box.restores("GET"), status, code, parameters)
    assert requests.get(box.url + LOGS, timeout=10).json()["errorCode"] == "UNEXPECTED_ERROR"
    assert not any(entry["acted"] for entry in box.requests())


def test_rate_limit_of_a_minute(box):
    box.variants(rate_limits=True)
    box.control("POST", "clock", {"frozen": True})
    statuses = [box.call("GET", f"{LOGS}?itemsPerPage=1").status_code for _number in range(101)]
    assert statuses == [200] * 100 + [429]
    answer = box.call("GET", LOGS)
    assert_error(answer, 429, "RATE_LIMITED", [LOGS, 100, 1])
    box.control("POST", "clock", {"advance": int(answer.headers["Retry-After"])})
    assert box.call("GET", LOGS).status_code == 200


def test_rate_limit_can_be_another_and_its_wait_left_out(box):
    box.variants(rate_limits=True, minute_limit=3, rate_seconds=6, retry_after=False)
    box.control("POST", "clock", {"frozen": True})
    statuses = [box.call("GET", f"{LOGS}?itemsPerPage=1").status_code for _number in range(4)]
    assert statuses == [200] * 3 + [429]
    answer = box.call("GET", LOGS)
    assert_error(answer, 429, "RATE_LIMITED", [LOGS, 3, 0.1])
    assert "Retry-After" not in answer.headers
    box.control("POST", "clock", {"advance": 6})
    assert box.call("GET", LOGS).status_code == 200
