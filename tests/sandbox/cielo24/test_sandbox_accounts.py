# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import http.client
import re
from urllib.parse import urlencode

import pytest
import requests
from sandbox_cielo24 import (
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


def login(cielo24, username=NEWS, **secret):
    return cielo24("account/login", token=None, username=username, **secret)


def raw_post(sandbox, path, body, headers):
    """Sends a POST with only these headers, because http.client adds no Content-Type."""
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    connection.request("POST", path, body, headers)
    response = connection.getresponse()
    found = response.status, response.read()
    connection.close()
    return found


def test_updated_password_replaces_old_one(sandbox, cielo24):
    body = urlencode({"v": "1", "api_token": TOKEN, "new_password": "new pass&1"})
    assert raw_post(sandbox, "/api/account/update_password", body, {}) == (204, b"")
    assert_error(login(cielo24, password=PASSWORD), "LOGIN_INVALID")
    assert login(cielo24, password="new pass&1").status_code == 200
    assert "new pass&1" in sandbox.control("GET", "secrets")["secrets"]
    # The session stays open, and repeating the update changes nothing.
    assert raw_post(sandbox, "/api/account/update_password", body, {})[0] == 204
    assert acted(sandbox) == [True, False, False, False]


def test_parent_can_update_password_of_sub_account(cielo24):
    form = {"new_password": "x"}
    assert cielo24("account/update_password", "POST", data={**form, "username": SUB}).status_code == 204
    assert login(cielo24, SUB, password="x").status_code == 200
    assert login(cielo24, password=PASSWORD).status_code == 200
    assert_error(cielo24("account/update_password", "POST", data={**form, "username": ACADEMY}), "ACCOUNT_UNPRIVILEGED")
    assert_error(cielo24("account/update_password", "POST"), "MISSING_PARAMETER")
    assert cielo24("account/update_password", new_password="x").status_code == 405


def test_existing_key_is_returned_without_force_new(sandbox, cielo24):
    assert ok(cielo24("account/generate_api_key")) == {"ApiKey": KEY}
    for word in ("false", "False"):
        assert ok(cielo24("account/generate_api_key", force_new=word)) == {"ApiKey": KEY}
    assert acted(sandbox) == [False] * 3
    assert sandbox.state()["cielo24"][NEWS]["api_keys"] == 1


@pytest.mark.parametrize("booleans", ["any_case", "lower_case"])
@pytest.mark.parametrize("word", ["true", "True"])
def test_force_new_creates_another_key(sandbox, cielo24, word, booleans):
    sandbox.variants(booleans=booleans)
    key = ok(cielo24("account/generate_api_key", force_new=word))["ApiKey"]
    assert re.fullmatch("[0-9a-f]{32}", key) and key != KEY
    assert key in sandbox.control("GET", "secrets")["secrets"] and acted(sandbox) == [True]
    assert sandbox.state()["cielo24"][NEWS]["api_keys"] == 2
    for each in (key, KEY):
        assert login(cielo24, securekey=each).status_code == 200
    # Each new key differs, and a reset restarts the sequence.
    assert ok(cielo24("account/generate_api_key", force_new=word))["ApiKey"] not in (key, KEY)
    sandbox.reset()
    assert ok(cielo24("account/generate_api_key", force_new=word))["ApiKey"] == key


def test_parent_can_create_key_of_sub_account(cielo24):
    key = ok(cielo24("account/generate_api_key", account_id=SUB, force_new="true"))["ApiKey"]
    assert login(cielo24, SUB, securekey=key).status_code == 200
    assert_error(login(cielo24, securekey=key), "LOGIN_INVALID")
    assert_error(cielo24("account/generate_api_key", account_id=ACADEMY), "ACCOUNT_UNPRIVILEGED")
    assert cielo24("account/remove_api_key", api_securekey=key).status_code == 204


def test_first_key_is_created_if_there_is_none(sandbox, seed, cielo24):
    del seed["cielo24"]["accounts"][0]["api_key"]
    sandbox.reset(seed)
    key = ok(cielo24("account/generate_api_key"))["ApiKey"]
    assert acted(sandbox) == [True]
    assert ok(cielo24("account/generate_api_key"))["ApiKey"] == key


def test_removed_key_is_refused(sandbox, cielo24):
    response = cielo24("account/remove_api_key", api_securekey=KEY)
    assert (response.status_code, response.content) == (204, b"")
    assert_error(login(cielo24, securekey=KEY), "ACCOUNT_UNPRIVILEGED")
    assert login(cielo24, securekey=KEY, password=PASSWORD).status_code == 200
    assert_error(cielo24("account/remove_api_key", api_securekey=KEY), "ITEM_NOT_FOUND")
    assert_error(cielo24("account/remove_api_key"), "MISSING_PARAMETER")
    assert acted(sandbox) == [True, False, False, False, False]
    assert KEY not in str(sandbox.requests())


def test_removing_unknown_key_obeys_variant(sandbox, cielo24):
    sandbox.variants(unknown_key_error="INVALID_QUERY")
    assert_error(cielo24("account/remove_api_key", api_securekey="0" * 32), "INVALID_QUERY")
    sandbox.variants(unknown_key_error="success")
    assert cielo24("account/remove_api_key", api_securekey="0" * 32).status_code == 204
    assert acted(sandbox) == [False, False]


def test_account_can_have_two_keys(cielo24):
    for key in ("7d20a4c9e8b14f36a5c1f09d3e7b6284", "e5b81f3c6a0d4927b8d4c2f7a9036e1b"):
        assert login(cielo24, ACADEMY, securekey=key).status_code == 200


def test_verify_key_names_the_account(cielo24):
    token = ok(login(cielo24, SUB, password=SUB_PASSWORD))["ApiToken"]
    assert ok(cielo24("account/verify_key", token=token)) == {"name": SUB}
    assert_error(cielo24("account/verify_key", token="0" * 32), "BAD_API_TOKEN")


def test_updated_setting_is_shown(sandbox, cielo24):
    held = "require_customer_authorization_before_starting_workflow"
    settings = ok(cielo24("account/get_settings"))
    assert settings == {"default_job_notes": "", held: False, "customer_authorization_required_mechanical": True}
    for value, there in (("true", True), ("True", True), ("false", False)):
        response = cielo24("account/update_setting", "POST", data={"setting": held, "value": value})
        assert (response.status_code, response.content) == (204, b"")
        assert ok(cielo24("account/get_settings"))[held] is there
    assert acted(sandbox) == [False, True, False, False, False, True, False]
    # The documentation says POST, but its example is a GET.
    assert cielo24("account/update_setting", setting="default_job_notes", value="x", account_id=SUB).status_code == 204
    assert ok(cielo24("account/get_settings"))["default_job_notes"] == ""


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
def test_invalid_setting_is_refused(cielo24, fields, kind):
    assert_error(cielo24("account/update_setting", "POST", data=fields), kind)


def test_unknown_account_has_error_of_variant(sandbox, cielo24):
    assert_error(cielo24("job/list", Username="nobody"), "ACCOUNT_UNPRIVILEGED")
    sandbox.variants(unknown_account_error="ACCOUNT_DOES_NOT_EXIST")
    assert_error(cielo24("job/list", Username="nobody"), "ACCOUNT_DOES_NOT_EXIST")
    assert_error(cielo24("job/list", Username=ACADEMY), "ACCOUNT_UNPRIVILEGED")


# {call that accepts GET and POST: its parameters besides v and api_token}
GET_AND_POST_CALLS = {
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


@pytest.mark.parametrize("path", GET_AND_POST_CALLS)
def test_call_accepts_query_and_every_form(sandbox, cielo24, path):
    fields = GET_AND_POST_CALLS[path]
    asked = cielo24(path, **fields)
    assert asked.status_code in (200, 204), asked.text
    form = {"v": "1", "api_token": TOKEN, **fields}
    for headers in ({}, {"Content-Type": "application/x-www-form-urlencoded"}):
        sandbox.reset()
        assert raw_post(sandbox, f"/api/{path}", urlencode(form), headers)[0] == asked.status_code
    sandbox.reset()
    assert cielo24(path, "POST", **fields).status_code == asked.status_code


def test_call_without_version_is_refused(sandbox, cielo24):
    for path, fields in GET_AND_POST_CALLS.items():
        assert_error(cielo24(path, v=None, **fields), "MISSING_PARAMETER")
        assert_error(cielo24(path, v="2", **fields), "INVALID_QUERY")
    sandbox.variants(version_demanded="where_documented")
    assert cielo24("job/list_related", v=None, job_id=JOBS["a1"]).status_code == 200
    assert_error(cielo24("job/info", v=None, job_id=JOBS["a1"]), "MISSING_PARAMETER")


def test_json_bodies_are_accepted(sandbox, cielo24):
    """As in the OpenAPI description, v and the token stay in the query."""
    token = ok(cielo24("account/login", "POST", token=None, json={"username": NEWS, "password": PASSWORD}))["ApiToken"]
    body = {"job_name": "by JSON", "external_id": "j-1", "expected_speakers": 2, "reference": None}
    job_id = ok(cielo24("job/new", "POST", token=token, json=body))["JobId"]
    assert cielo24("job/add_media", token=token, job_id=job_id, media_url="http://example.com/a.mp4").status_code == 200
    options = '{"speaker_id": true}'
    wanted = {"job_id": job_id, "transcription_fidelity": "PREMIUM", "priority": "STANDARD", "turnaround_hours": 60}
    assert ok(cielo24("job/perform_transcription", "POST", token=token, json={**wanted, "options": options}))["TaskId"]
    state = sandbox.state()["cielo24"][NEWS]["jobs"][job_id]
    assert (state["name"], state["external_id"]) == ("by JSON", "j-1")
    assert state["transcription"]["options"] == {"speaker_id": True}
    assert state["transcription"]["turnaround_hours"] == 60
    # A POST with only query parameters.
    assert cielo24("account/logout", "POST", token=token).status_code == 204
    assert_error(cielo24("job/new", "POST", data='{"job_name": '), "INVALID_QUERY")


def test_json_bodies_are_ignored_with_variants(sandbox, cielo24):
    assert cielo24("job/info", "POST", json={"job_id": JOBS["a1"]}).status_code == 200
    sandbox.variants(json_bodies="some")
    assert_error(cielo24("job/info", "POST", json={"job_id": JOBS["a1"]}), "MISSING_PARAMETER")
    assert ok(cielo24("job/new", "POST", json={"job_name": "x"}))
    sandbox.variants(json_bodies="none")
    assert_error(cielo24("account/login", "POST", json={"username": NEWS, "password": PASSWORD}), "MISSING_PARAMETER")


def test_capitalized_boolean_is_refused_with_variant(sandbox, cielo24):
    asked = {"job_id": JOBS["a4"], "caption_format": "SRT", "build_url": "True"}
    assert cielo24("job/get_caption", **asked).json()["CaptionUrl"]
    sandbox.variants(booleans="lower_case")
    assert_error(cielo24("job/get_caption", **asked), "INVALID_OPTION")
    assert cielo24("job/get_caption", **{**asked, "build_url": "true"}).json()["CaptionUrl"]


def test_seeded_session_is_open(sandbox, cielo24):
    assert ok(cielo24("account/verify_key", token=ACADEMY_TOKEN)) == {"name": ACADEMY}
    assert (
        requests.get(f"{sandbox.url}/api/job/list?v=1&api_token=", timeout=10).json()["ErrorType"]
        == "MISSING_PARAMETER"
    )
