# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from sandbox_lts import (
    APP,
    ATTIC,
    AUDIT,
    EU,
    EXPIRED_TOKEN,
    LEGACY,
    LOGINS,
    NGINX,
    PROJECT,
    SHARED,
    UNKNOWN,
    US,
    assert_error,
    stream_path,
)


def test_groups_have_documented_fields(lts):
    groups = lts("GET", "/groups").json()["log_groups"]
    assert [group["log_group_name"] for group in groups] == ["app", "audit", "attic"]
    assert list(groups[0]) == ["creation_time", "log_group_name", "log_group_id", "ttl_in_days", "tag"]
    assert groups[0]["tag"] == {"_sys_enterprise_project_id": "0"} and groups[0]["creation_time"] > 10**12


def test_streams_have_tags_and_ttl(lts):
    streams = lts("GET", f"/groups/{APP}/streams").json()["log_streams"]
    assert [item["log_stream_name"] for item in streams] == ["nginx", "api", "worker"]
    assert streams[1]["tag"] == {"_sys_enterprise_project_id": "0", "team": "payments"}
    assert [item["ttl_in_days"] for item in streams] == [30, 30, 7]
    assert lts("GET", f"/groups/{ATTIC}/streams").json() == {"log_streams": []}


def test_list_of_all_streams_obeys_filters(sandbox, lts):
    def names(query=""):
        return [item["log_stream_name"] for item in lts("GET", "/log-streams" + query).json()["log_streams"]]

    assert len(names()) == 7
    assert names("?log_group_name=app") == ["nginx", "api", "worker"]
    assert names("?log_stream_name=api") == ["api"] and names("?log_stream_name=ap") == []
    assert names("?log_group_name=audit&log_stream_name=api") == []
    assert "log_group_id" not in lts("GET", "/log-streams").json()["log_streams"][0]
    sandbox.variants(log_streams_group_id=True)
    assert lts("GET", "/log-streams").json()["log_streams"][0]["log_group_id"] == APP


def test_deleted_stream_is_not_found(sandbox, lts):
    response = lts("DELETE", stream_path(APP, NGINX))
    assert (response.status_code, response.content) == (204, b"")
    assert NGINX not in sandbox.state()["lts"][PROJECT]["groups"][APP]["streams"]
    assert_error(lts("DELETE", stream_path(APP, NGINX)), 400, "LTS.0208", "The log stream does not existed")
    assert [entry["acted"] for entry in sandbox.requests()] == [True, False]
    sandbox.variants(missing_stream_message="Log stream id does not exist: <id>")
    assert_error(lts("DELETE", stream_path(APP, NGINX)), 400, "LTS.0208", f"Log stream id does not exist: {NGINX}")


def test_stream_is_not_found_in_another_group(lts):
    assert_error(lts("DELETE", stream_path(AUDIT, NGINX)), 400, "LTS.0208", "The log stream does not existed")


def test_missing_group_has_error_of_variant(sandbox, lts):
    for method, path in (("GET", f"/groups/{UNKNOWN}/streams"), ("DELETE", stream_path(UNKNOWN, NGINX))):
        sandbox.variants(missing_group_status=404)
        assert_error(lts(method, path), 404, "LTS.0201", "The log group does not exist")
        sandbox.variants(missing_group_status=400)
        assert_error(lts(method, path), 400, "LTS.0201", "The log group is not existed")
    sandbox.variants(missing_stream_in_missing_group="LTS.0208")
    assert_error(lts("DELETE", stream_path(UNKNOWN, NGINX)), 400, "LTS.0208", "The log stream does not existed")


@pytest.mark.parametrize("stream_id", [LOGINS, EU, US, LEGACY])
def test_deleting_stream_used_by_transfer_is_refused(sandbox, lts, stream_id):
    assert_error(lts("DELETE", stream_path(AUDIT, stream_id)), 400, "LTS.0207", "Log topic is associated by transfer")
    sandbox.variants(blocked_stream_code="LTS.0208")
    assert_error(lts("DELETE", stream_path(AUDIT, stream_id)), 400, "LTS.0208", "Log stream is associated by transfer")
    assert not any(entry["acted"] for entry in sandbox.requests())


def test_disabled_transfer_does_not_block_with_variant(sandbox, lts):
    sandbox.variants(disabled_transfer_blocks=False)
    assert lts("DELETE", stream_path(AUDIT, LEGACY)).status_code == 204
    assert lts("DELETE", stream_path(AUDIT, LOGINS)).status_code == 400


def test_streams_can_be_deleted_after_their_transfer(sandbox, lts):
    listed = lts("GET", "/transfers").json()["log_transfers"]
    response = lts("DELETE", f"/transfers?log_transfer_id={SHARED}")
    assert response.status_code == 200 and response.json() == listed[1]
    assert sandbox.requests()[-1]["acted"] is True
    assert_error(
        lts("DELETE", f"/transfers?log_transfer_id={SHARED}"), 400, "LTS.0405", "The log transfer does not existed"
    )
    assert lts("DELETE", "/transfers").json()["error_code"] == "LTS.0009"
    assert [lts("DELETE", stream_path(AUDIT, one)).status_code for one in (EU, US)] == [204, 204]


def test_transfers_have_documented_fields(lts):
    transfers = lts("GET", "/transfers").json()["log_transfers"]
    assert [len(transfer["log_streams"]) for transfer in transfers] == [1, 2, 1]
    shared = transfers[1]
    assert shared["log_streams"][0] == {"log_stream_id": EU, "log_stream_name": "payments-eu"}
    assert (shared["log_group_id"], shared["log_group_name"]) == (AUDIT, "audit")
    info = shared["log_transfer_info"]
    assert (info["log_transfer_type"], info["log_transfer_status"]) == ("OBS", "ENABLE")
    assert info["log_transfer_detail"]["obs_bucket_name"] == "audit-payments"
    assert transfers[2]["log_transfer_info"]["log_transfer_status"] == "DISABLE"


def test_transfer_list_obeys_filters(lts):
    def found(query):
        transfers = lts("GET", "/transfers?" + query).json()["log_transfers"]
        return [transfer["log_transfer_id"][-1] for transfer in transfers]

    assert found("log_transfer_type=OBS&log_group_name=audit") == ["1", "2", "3"]
    assert found("log_transfer_type=DMS") == [] and found("log_group_name=app") == []
    assert found("log_stream_name=payments-us") == ["2"] and found("log_stream_name=none") == []
    assert_error(lts("GET", "/transfers?log_transfer_type=X"), 400, "LTS.0001", "Invalid log transfer type")
    assert lts("GET", "/transfers?log_group_name=none").json()["error_code"] == "LTS.0201"


def test_transfer_list_obeys_offset_and_limit(sandbox, lts, seed):
    group = seed["lts"]["projects"][0]["groups"][1]
    group["transfers"] = [
        {"count": 250, "id_prefix": "33333333-cccc-4000-8000-00000000", "streams": ["logins"], "bucket": "many"}
    ]
    sandbox.control("POST", "reset", seed)

    def page(offset, limit=100):
        found = lts("GET", f"/transfers?offset={offset}&limit={limit}").json()["log_transfers"]
        return [transfer["log_transfer_id"] for transfer in found]

    pages = [page(0), page(100), page(200)]
    assert [len(ids) for ids in pages] == [100, 100, 50] and len(set(sum(pages, []))) == 250
    sandbox.variants(transfer_offset_works=False)
    assert page(100) == pages[0]
    for query in ("limit=101", "limit=x", "offset=1025", "offset=-1"):
        assert lts("GET", "/transfers?" + query).json()["error_code"] == "LTS.0009"


@pytest.mark.parametrize(
    "code,text",
    [
        ("LTS.0003", "Invalid token"),
        ("LTS.0414", "Invalid token"),
        ("LTS.0002", "Current user is not authenticated correctly, check your token"),
        ("APIGW.0301", "Incorrect IAM authentication information: decrypt token fail"),
        ("APIGW.0307", "The token must be updated."),
    ],
)
def test_bad_token_is_refused_with_code_of_variant(sandbox, lts, code, text):
    sandbox.variants(token_error=code)
    for token in (EXPIRED_TOKEN, "nonsense", None):
        response = lts("DELETE", stream_path(APP, NGINX), token=token)
        body = response.json()
        assert (response.status_code, body["error_code"], body["error_msg"]) == (401, code, text)
        assert ("request_id" in body) == code.startswith("APIGW")
    assert not any(entry["acted"] for entry in sandbox.requests())


def test_token_expires_on_the_clock(sandbox, lts):
    sandbox.control("POST", "clock", {"advance": "23h"})
    assert lts("GET", "/groups").status_code == 200
    sandbox.control("POST", "clock", {"advance": "2h"})
    assert lts("GET", "/groups").status_code == 401


@pytest.mark.parametrize("method,path", [("GET", "/groups"), ("DELETE", stream_path(APP, NGINX))])
def test_request_without_json_content_type_is_refused(sandbox, lts, method, path):
    assert lts(method, path, content_type=None).status_code == 415
    assert lts(method, path, content_type="text/plain").status_code == 415
    assert not any(entry["acted"] for entry in sandbox.requests())
    assert lts(method, path, content_type="application/json;charset=UTF-8").status_code in (200, 204)


def test_transfers_without_content_type_return_500(lts):
    assert_error(
        lts("GET", "/transfers", content_type=None), 500, "LTS.0010", "The system encountered an internal error"
    )


@pytest.mark.parametrize("project", ["ffffffffffffffffffffffffffffffff", "nonsense"])
def test_unknown_project_is_refused(lts, project):
    assert_error(lts("GET", "/groups", project=project), 403, "LTS.0001", "Invalid projectId")


@pytest.mark.parametrize(
    "method,path",
    [
        ("GET", "/nothing"),
        ("GET", "/groups/"),
        ("GET", ""),
        ("GET", f"/groups/{APP}"),
        ("POST", f"/groups/{APP}/streams/{NGINX}"),
        ("PATCH", "/groups"),
    ],
)
def test_unknown_path_or_method_is_not_found(lts, method, path):
    response = lts(method, path)
    assert (response.status_code, response.json()["error_code"]) == (404, "APIGW.0101")
    assert response.json()["request_id"]


def test_fault_418_is_html_from_firewall(sandbox, lts):
    sandbox.fault(at=1, kind="status", status=418)
    response = lts("POST", "/groups", json={"log_group_name": "web", "ttl_in_days": 7})
    assert response.status_code == 418 and response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.text.startswith("<!DOCTYPE html>") and sandbox.acted() == 0
