# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import http.client
import re
from urllib.parse import urlencode

import pytest
import requests
from sandbox_cielo24 import JOBS, KEY, PASSWORD, SUB, SUB_PASSWORD, TOKEN, assert_error


def ids(response):
    assert response.status_code == 200, response.text
    return [job["JobId"][-2:] for job in response.json()["ActiveJobs"]]


@pytest.mark.parametrize("secret", [{"password": PASSWORD}, {"securekey": KEY}])
def test_login_is_accepted_in_query_headers_form_and_json(sandbox, secret):
    login = f"{sandbox.url}/api/account/login"
    in_query = requests.get(login, params={"v": "1", "username": "newsroom", **secret}, timeout=10)
    headers = {"x-auth-user": "newsroom", **{f"x-auth-{name}": value for name, value in secret.items()}}
    in_headers = requests.get(login, params={"v": "1"}, headers=headers, timeout=10)
    in_form = requests.post(login, data={"v": "1", "username": "newsroom", **secret}, timeout=10)
    in_json = requests.post(f"{login}?v=1", json={"username": "newsroom", **secret}, timeout=10)
    tokens = [response.json()["ApiToken"] for response in (in_query, in_headers, in_form, in_json)]
    assert len(set(tokens)) == 4 and all(re.fullmatch("[0-9a-f]{32}", token) for token in tokens)
    assert set(tokens) <= set(sandbox.control("GET", "secrets")["secrets"])
    for token in tokens:
        assert requests.get(f"{sandbox.url}/api/job/list?v=1&api_token={token}", timeout=10).status_code == 200
    logged = str(sandbox.requests())
    assert PASSWORD not in logged and KEY not in logged and not any(token in logged for token in tokens)


def test_login_obeys_variants(sandbox, cielo24):
    sandbox.variants(login_key="api_token", login_token="shared")
    tokens = [
        cielo24("account/login", token=None, username="newsroom", password=PASSWORD).json()["api_token"]
        for _number in range(2)
    ]
    assert tokens[0] == tokens[1]


def test_wrong_login_is_refused(cielo24):
    for secret in ({"password": "wrong"}, {"securekey": "wrong"}, {"password": KEY}, {"securekey": PASSWORD}):
        assert_error(cielo24("account/login", token=None, username="newsroom", **secret), "LOGIN_INVALID")
    assert_error(cielo24("account/login", token=None, username="nobody", password=PASSWORD), "LOGIN_INVALID")
    assert_error(cielo24("account/login", token=None, username="newsroom"), "MISSING_PARAMETER")
    assert_error(cielo24("account/login", token=None, v=None, username="newsroom"), "MISSING_PARAMETER")


def test_token_is_refused_after_logout(cielo24):
    response = cielo24("account/logout")
    assert (response.status_code, response.content) == (204, b"")
    assert_error(cielo24("job/list"), "BAD_API_TOKEN")
    assert_error(cielo24("account/logout"), "BAD_API_TOKEN")


def test_idle_token_expires(sandbox, cielo24):
    for _number in range(3):
        sandbox.control("POST", "clock", {"advance": "59m"})
        assert cielo24("job/list").status_code == 200
    sandbox.control("POST", "clock", {"advance": "61m"})
    assert_error(cielo24("job/list"), "BAD_API_TOKEN")


def test_list_is_sorted_and_shows_every_status(cielo24):
    body = cielo24("job/list").json()
    assert list(body) == ["Username", "ActiveJobs"] and body["Username"] == "newsroom"
    dates = [job["CreationDate"] for job in body["ActiveJobs"]]
    assert dates == sorted(dates, reverse=True)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", date) for date in dates)
    assert {job["JobStatus"] for job in body["ActiveJobs"]} == {
        "Authorizing",
        "Pending",
        "In Process",
        "Complete",
        "Media Failure",
        "Reviewing",
    }
    assert [job["Fidelity"] for job in body["ActiveJobs"]] == [
        "HIGH",
        "MECHANICAL",
        "STANDARD",
        "MECHANICAL",
        "HIGH",
        "STANDARD",
    ]


@pytest.mark.parametrize(
    "filters,found",
    [
        ({"JobStatus": "Pending"}, ["a2"]),
        ({"Fidelity": "PREMIUM"}, ["a3", "a4"]),
        ({"Fidelity": "HIGH"}, ["a1", "a6"]),
        ({"Priority": "PRIORITY"}, ["a3"]),
        ({"JobName": "Morning*"}, ["a1", "a4"]),
        ({"JobName": "Morning"}, []),
        ({"JobName": "*e*n*"}, ["a5", "a6"]),
        ({"ExternalID": "show-1005"}, ["a5"]),
        ({"ExternalId": "show-1005"}, ["a1", "a2", "a3", "a5", "a6", "a4"]),
        ({"TurnaroundTimeHoursTo": "24"}, ["a3"]),
        ({"TurnaroundTimeHoursFrom": "25", "JobStatus": "Complete"}, ["a4"]),
        ({"JobDifficulty": "Good"}, []),
        ({"Username": "newsroom-archive"}, ["b1"]),
        ({"Username": "newsroom", "JobStatus": "Complete"}, ["a4"]),
        ({"Username": "*", "JobStatus": "Complete"}, ["a4", "b1"]),
    ],
    ids=str,
)
def test_list_obeys_filter(cielo24, filters, found):
    assert ids(cielo24("job/list", **filters)) == found


def test_date_filters_are_inclusive(cielo24):
    jobs = cielo24("job/list").json()["ActiveJobs"]
    oldest, older = jobs[-1]["CreationDate"], jobs[-2]["CreationDate"]
    assert ids(cielo24("job/list", CreationDateTo=oldest)) == ["a4"]
    assert ids(cielo24("job/list", CreationDateTo=oldest[:10])) == ["a4"]
    assert ids(cielo24("job/list", CreationDateFrom=oldest[:10], CreationDateTo=older)) == ["a6", "a4"]
    assert ids(cielo24("job/list", CompleteDateFrom="2000-01-01")) == ["a4"]
    assert_error(cielo24("job/list", CreationDateFrom="yesterday"), "INVALID_QUERY")


def test_sub_account_sees_only_its_own_jobs(sandbox, cielo24):
    token = cielo24("account/login", token=None, username=SUB, password=SUB_PASSWORD).json()["ApiToken"]
    assert ids(cielo24("job/list", token=token)) == ["b1"]
    assert ids(cielo24("job/list", token=token, Username="*")) == ["b1"]
    assert_error(cielo24("job/list", token=token, Username="newsroom"), "ACCOUNT_UNPRIVILEGED")
    assert_error(cielo24("job/info", token=token, job_id=JOBS["a1"]), "ITEM_NOT_FOUND")
    assert_error(cielo24("job/delete", token=token, job_id=JOBS["a1"]), "ITEM_NOT_FOUND")
    assert cielo24("job/info", job_id=JOBS["b1"]).json()["JobName"] == "Election night"
    assert cielo24("job/delete", job_id=JOBS["b1"]).status_code == 200
    assert sandbox.state()["cielo24"][SUB]["jobs"] == {}


def test_info_shows_job_or_documented_error(cielo24):
    body = cielo24("job/info", job_id=JOBS["a4"]).json()
    assert body["ExternalID"] == "show-1004" and body["CompletedDate"] and "Username" not in body
    assert_error(cielo24("job/info", job_id=JOBS["ff"]), "ITEM_NOT_FOUND")
    assert_error(cielo24("job/info"), "MISSING_PARAMETER")
    assert_error(cielo24("job/info", token=None, job_id=JOBS["a4"]), "MISSING_PARAMETER")
    assert_error(cielo24("job/info", token="0" * 32, job_id=JOBS["a4"]), "BAD_API_TOKEN")


@pytest.mark.parametrize("verb", ["delete", "del"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_deleted_job_is_not_found(sandbox, cielo24, verb, method):
    response = cielo24(f"job/{verb}", method, job_id=JOBS["a4"])
    assert response.status_code == 200 and re.fullmatch("[0-9a-f]{32}", response.json()["TaskId"])
    assert list(response.json()) == ["TaskId"]
    assert "a4" not in ids(cielo24("job/list"))
    assert_error(cielo24(f"job/{verb}", method, job_id=JOBS["a4"]), "ITEM_NOT_FOUND")
    assert_error(cielo24("job/info", job_id=JOBS["a4"]), "ITEM_NOT_FOUND")
    assert [entry["acted"] for entry in sandbox.requests()] == [True, False, False, False]


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/x-www-form-urlencoded"}])
def test_delete_accepts_form_body_without_content_type(sandbox, headers):
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    body = urlencode({"v": "1", "api_token": TOKEN, "job_id": JOBS["a1"]})
    connection.request("POST", "/api/job/delete", body, headers)
    assert connection.getresponse().status == 200
    connection.close()


@pytest.mark.parametrize("exists,missing", [("delete", "del"), ("del", "delete")])
def test_delete_path_is_missing_with_variant(sandbox, cielo24, exists, missing):
    sandbox.variants(delete_paths=exists)
    response = cielo24(f"job/{missing}", job_id=JOBS["a4"])
    assert response.status_code == 404 and response.headers["Content-Type"].startswith("text/html")
    assert cielo24(f"job/{exists}", job_id=JOBS["a4"]).status_code == 200


def test_delete_obeys_variants(sandbox, cielo24):
    sandbox.variants(deletable_states="early", deleted_job_info="still_answers", empty_success=204)
    assert_error(cielo24("job/delete", job_id=JOBS["a3"]), "INVALID_QUERY")
    for name in ("a1", "a2"):
        response = cielo24("job/delete", job_id=JOBS[name])
        assert (response.status_code, response.content) == (204, b"")
    assert cielo24("job/info", job_id=JOBS["a1"]).status_code == 200
    assert_error(cielo24("job/delete", job_id=JOBS["a1"]), "ITEM_NOT_FOUND")
    assert "a1" not in ids(cielo24("job/list"))


def test_seeded_status_changes_happen_on_the_clock(sandbox, cielo24, seed):
    job = seed["cielo24"]["accounts"][0]["jobs"][1]
    job["then"] = [{"in": "2m", "status": "In Process"}, {"in": "10m", "status": "Complete"}]
    sandbox.control("POST", "reset", seed)
    seen = []
    for _number in range(3):
        seen.append(cielo24("job/info", job_id=JOBS["a2"]).json()["JobStatus"])
        sandbox.control("POST", "clock", {"advance": "6m"})
    assert seen == ["Pending", "In Process", "Complete"]


def test_unknown_path_and_method_are_refused(cielo24):
    assert cielo24("job/nothing").status_code == 404
    assert cielo24("job/list", "PUT").status_code == 405
