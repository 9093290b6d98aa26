# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import http.client
import re
from urllib.parse import urlencode

import pytest
import requests
from cielo24_calls import (
    ACADEMY,
    ACADEMY_TOKEN,
    JOBS,
    KEY,
    NEWS,
    PASSWORD,
    SUB,
    SUB_PASSWORD,
    TOKEN,
    acted,
    assert_error,
    ok,
)


def login(cielo, username=NEWS, **secret):
    return cielo("account/login", token=None, username=username, **secret)


def raw_post(box, path, body, headers):
    """A POST whose headers are these alone, as http.client adds no Content-Type."""
    connection = http.client.HTTPConnection("127.0.0.1", box.port, timeout=10)
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def test_update_password(box, cielo):
    body = urlencode({"v": "1", "api_token": TOKEN, "new_password": "new pass&1"})
    assert raw_post(box, "/api/account/update_password", body, {}) == (204, b"")
    assert_error(login(cielo, password=PASSWORD), "LOGIN_INVALID")
    assert login(cielo, password="new pass&1").status_code == 200
    assert "new pass&1" in box.control("GET", "secrets")["secrets"]
    # The session goes on, and the same password once more changes nothing.
    assert raw_post(box, "/api/account/update_password", body, {})[0] == 204
    assert acted(box) == [True, False, False, False]


def test_update_the_password_of_a_sub_account(cielo):
    form = {"new_password": "x"}
    assert cielo("account/update_password", "POST", data={**form, "username": SUB}).status_code == 204
    assert login(cielo, SUB, password="x").status_code == 200
    assert login(cielo, password=PASSWORD).status_code == 200
    assert_error(cielo("account/update_password", "POST", data={**form, "username": ACADEMY}), "ACCOUNT_UNPRIVILEGED")
    assert_error(cielo("account/update_password", "POST"), "MISSING_PARAMETER")
    assert cielo("account/update_password", new_password="x").status_code == 405


def test_an_existing_key_is_given_out(box, cielo):
    assert ok(cielo("account/generate_api_key")) == {"ApiKey": KEY}
    for word in ("false", "False"):
        assert ok(cielo("account/generate_api_key", force_new=word)) == {"ApiKey": KEY}
    assert acted(box) == [False] * 3
    assert box.state()["cielo24"][NEWS]["api_keys"] == 1


@pytest.mark.parametrize("booleans", ["any_case", "lower_case"])
@pytest.mark.parametrize("word", ["true", "True"])
def test_another_key_is_made(box, cielo, word, booleans):
    box.variants(booleans=booleans)
    key = ok(cielo("account/generate_api_key", force_new=word))["ApiKey"]
    assert re.fullmatch("[0-9a-f]{32}", key) and key != KEY
    assert key in box.control("GET", "secrets")["secrets"] and acted(box) == [True]
    assert box.state()["cielo24"][NEWS]["api_keys"] == 2
    for each in (key, KEY):
        assert login(cielo, securekey=each).status_code == 200
    # The next one is another one, and after a reset all is as it was.
    assert ok(cielo("account/generate_api_key", force_new=word))["ApiKey"] not in (key, KEY)
    box.reset()
    assert ok(cielo("account/generate_api_key", force_new=word))["ApiKey"] == key


def test_keys_of_a_sub_account(cielo):
    key = ok(cielo("account/generate_api_key", account_id=SUB, force_new="true"))["ApiKey"]
    assert login(cielo, SUB, securekey=key).status_code == 200
    assert_error(login(cielo, securekey=key), "LOGIN_INVALID")
    assert_error(cielo("account/generate_api_key", account_id=ACADEMY), "ACCOUNT_UNPRIVILEGED")
    assert cielo("account/remove_api_key", api_securekey=key).status_code == 204


def test_a_first_key_is_made(box, seed, cielo):
    del seed["cielo24"]["accounts"][0]["api_key"]
    box.reset(seed)
    key = ok(cielo("account/generate_api_key"))["ApiKey"]
    assert acted(box) == [True]
    assert ok(cielo("account/generate_api_key"))["ApiKey"] == key


def test_a_removed_key_signs_nobody_in(box, cielo):
    answer = cielo("account/remove_api_key", api_securekey=KEY)
    assert (answer.status_code, answer.content) == (204, b"")
    assert_error(login(cielo, securekey=KEY), "ACCOUNT_UNPRIVILEGED")
    assert login(cielo, securekey=KEY, password=PASSWORD).status_code == 200
    assert_error(cielo("account/remove_api_key", api_securekey=KEY), "ITEM_NOT_FOUND")
    assert_error(cielo("account/remove_api_key"), "MISSING_PARAMETER")
    assert acted(box) == [True, False, False, False, False]
    assert KEY not in str(box.requests())


def test_removing_an_unknown_key_in_other_ways(box, cielo):
    box.variants(unknown_key_error="INVALID_QUERY")
    assert_error(cielo("account/remove_api_key", api_securekey="0" * 32), "INVALID_QUERY")
    box.variants(unknown_key_error="success")
    assert cielo("account/remove_api_key", api_securekey="0" * 32).status_code == 204
    assert acted(box) == [False, False]


def test_an_account_with_two_keys(cielo):
    for key in ("7d20a4c9e8b14f36a5c1f09d3e7b6284", "e5b81f3c6a0d4927b8d4c2f7a9036e1b"):
        assert login(cielo, ACADEMY, securekey=key).status_code == 200


def test_verify_key(cielo):
    token = ok(login(cielo, SUB, password=SUB_PASSWORD))["ApiToken"]
    assert ok(cielo("account/verify_key", token=token)) == {"name": SUB}
    assert_error(cielo("account/verify_key", token="0" * 32), "BAD_API_TOKEN")


def test_settings(box, cielo):
    held = "require_customer_authorization_before_starting_workflow"
    settings = ok(cielo("account/get_settings"))
    assert settings == {"default_job_notes": "", held: False, "customer_authorization_required_mechanical": True}
    for value, there in (("true", True), ("True", True), ("false", False)):
        answer = cielo("account/update_setting", "POST", data={"setting": held, "value": value})
        assert (answer.status_code, answer.content) == (204, b"")
        assert ok(cielo("account/get_settings"))[held] is there
    assert acted(box) == [False, True, False, False, False, True, False]
    # The page says POST, and its example is a GET.
    assert cielo("account/update_setting", setting="default_job_notes", value="x", account_id=SUB).status_code == 204
    assert ok(cielo("account/get_settings"))["default_job_notes"] == ""


@pytest.mark.parametrize(
    "fields,kind",
    [
        ({"setting": "colour", "value": "red"}, "INVALID_OPTION"),
        ({"value": "red"}, "MISSING_PARAMETER"),
        ({"setting": "customer_authorization_required_mechanical"}, "MISSING_PARAMETER"),
        ({"setting": "customer_authorization_required_mechanical", "value": "red"}, "INVALID_OPTION"),
        ({"setting": "default_job_notes", "value": "x" * 6001}, "INVALID_QUERY"),
        ({"setting": "default_job_notes", "value": "x", "account_id": ACADEMY}, "ACCOUNT_UNPRIVILEGED"),
    ],
)
def test_wrong_settings(cielo, fields, kind):
    assert_error(cielo("account/update_setting", "POST", data=fields), kind)


def test_error_for_an_account_that_does_not_exist(box, cielo):
    assert_error(cielo("job/list", Username="nobody"), "ACCOUNT_UNPRIVILEGED")
    box.variants(unknown_account_error="ACCOUNT_DOES_NOT_EXIST")
    assert_error(cielo("job/list", Username="nobody"), "ACCOUNT_DOES_NOT_EXIST")
    assert_error(cielo("job/list", Username=ACADEMY), "ACCOUNT_UNPRIVILEGED")


# Everything that can be asked in both ways, with what it takes beyond v and api_token.
BOTH_WAYS = {
    "account/login": {"username": NEWS, "password": PASSWORD},
    "account/verify_key": {},
    "account/get_settings": {},
    "account/update_setting": {"setting": "default_job_notes", "value": "x"},
    "account/generate_api_key": {},
    "account/remove_api_key": {"api_securekey": KEY},
    "account/logout": {},
    "job/new": {"job_name": "x"},
    "job/list": {"JobStatus": "Complete"},
    "job/list_related": {"job_id": JOBS["a1"]},
    "job/info": {"job_id": JOBS["a1"]},
    "job/authorize": {"job_id": JOBS["a1"]},
    "job/media": {"job_id": JOBS["a1"]},
    "job/get_caption": {"job_id": JOBS["a4"], "caption_format": "SRT"},
    "job/get_transcript": {"job_id": JOBS["a4"]},
    "job/get_elementlist": {"job_id": JOBS["a4"]},
    "job/list_elementlists": {"job_id": JOBS["a4"]},
    "job/aggregate_statistics": {},
    "job/delete": {"job_id": JOBS["a1"]},
    "job/del": {"job_id": JOBS["a1"]},
}


@pytest.mark.parametrize("path", BOTH_WAYS)
def test_a_query_and_every_form_are_understood(box, cielo, path):
    fields = BOTH_WAYS[path]
    asked = cielo(path, **fields)
    assert asked.status_code in (200, 204), asked.text
    form = {"v": "1", "api_token": TOKEN, **fields}
    for headers in ({}, {"Content-Type": "application/x-www-form-urlencoded"}):
        box.reset()
        assert raw_post(box, f"/api/{path}", urlencode(form), headers)[0] == asked.status_code
    box.reset()
    assert cielo(path, "POST", **fields).status_code == asked.status_code


def test_v_is_needed(box, cielo):
    for path, fields in BOTH_WAYS.items():
        assert_error(cielo(path, v=None, **fields), "MISSING_PARAMETER")
        assert_error(cielo(path, v="2", **fields), "INVALID_QUERY")
    box.variants(version_demanded="where_documented")
    assert cielo("job/list_related", v=None, job_id=JOBS["a1"]).status_code == 200
    assert_error(cielo("job/info", v=None, job_id=JOBS["a1"]), "MISSING_PARAMETER")


def test_json_bodies(box, cielo):
    """As in the OpenAPI description, where v and the token stay in the query."""
    token = ok(cielo("account/login", "POST", token=None, json={"username": NEWS, "password": PASSWORD}))["ApiToken"]
    body = {"job_name": "by JSON", "external_id": "j-1", "expected_speakers": 2, "reference": None}
    job_id = ok(cielo("job/new", "POST", token=token, json=body))["JobId"]
    assert cielo("job/add_media", token=token, job_id=job_id, media_url="http://example.com/a.mp4").status_code == 200
    options = '{"speaker_id": true}'
    wanted = {"job_id": job_id, "transcription_fidelity": "PREMIUM", "priority": "STANDARD", "turnaround_hours": 60}
    assert ok(cielo("job/perform_transcription", "POST", token=token, json={**wanted, "options": options}))["TaskId"]
    state = box.state()["cielo24"][NEWS]["jobs"][job_id]
    assert (state["name"], state["external_id"]) == ("by JSON", "j-1")
    assert state["transcription"]["options"] == {"speaker_id": True}
    assert state["transcription"]["turnaround_hours"] == 60
    # A POST with query parameters only.
    assert cielo("account/logout", "POST", token=token).status_code == 204
    assert_error(cielo("job/new", "POST", data='{"job_name": '), "INVALID_QUERY")


def test_json_bodies_are_not_understood_everywhere(box, cielo):
    assert cielo("job/info", "POST", json={"job_id": JOBS["a1"]}).status_code == 200
    box.variants(json_bodies="some")
    assert_error(cielo("job/info", "POST", json={"job_id": JOBS["a1"]}), "MISSING_PARAMETER")
    assert ok(cielo("job/new", "POST", json={"job_name": "x"}))
    box.variants(json_bodies="none")
    assert_error(cielo("account/login", "POST", json={"username": NEWS, "password": PASSWORD}), "MISSING_PARAMETER")


def test_booleans_in_lower_case_only(box, cielo):
    asked = {"job_id": JOBS["a4"], "caption_format": "SRT", "build_url": "True"}
    assert cielo("job/get_caption", **asked).json()["CaptionUrl"]
    box.variants(booleans="lower_case")
    assert_error(cielo("job/get_caption", **asked), "INVALID_OPTION")
    assert cielo("job/get_caption", **{**asked, "build_url": "true"}).json()["CaptionUrl"]


def test_a_session_of_the_seed(box, cielo):
    assert ok(cielo("account/verify_key", token=ACADEMY_TOKEN)) == {"name": ACADEMY}
    assert requests.get(f"{box.url}/api/job/list?v=1&api_token=", timeout=10).json()["ErrorType"] == "MISSING_PARAMETER"
