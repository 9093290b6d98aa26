# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from sandbox_lts import (
    APP,
    ATTIC,
    AUDIT,
    INVALID_BODY,
    LEGACY,
    NGINX,
    PROJECT,
    SYSTEM_TAG,
    UNKNOWN,
    assert_error,
    stream_path,
    tags,
)

TTL_TEXT = "The log group TTL day must be integer and between 1 and 365"
ABSENT = object()


def create(lts, name="web", ttl=7, **more):
    response = lts("POST", "/groups", json={"log_group_name": name, "ttl_in_days": ttl, **more})
    assert response.status_code == 201 and list(response.json()) == ["log_group_id"]
    return response.json()["log_group_id"]


def listed(lts, group_id):
    return next(g for g in lts("GET", "/groups").json()["log_groups"] if g["log_group_id"] == group_id)


def test_created_group_has_given_fields(sandbox, lts):
    group_id = create(lts, tags=tags(team="web", **{"cost centre": "a/b_1"}), log_group_name_alias="Web")
    group = listed(lts, group_id)
    assert (group["log_group_name"], group["ttl_in_days"]) == ("web", 7)
    assert group["tag"] == {**SYSTEM_TAG, "team": "web", "cost centre": "a/b_1"}
    assert group["log_group_name_alias"] == "Web" and "log_group_name_alias" not in listed(lts, APP)
    assert sandbox.requests()[0]["acted"] is True and sandbox.requests()[0]["status"] == 201
    kept = sandbox.state()["lts"][PROJECT]["groups"][group_id]
    assert (kept["name"], kept["ttl_in_days"], kept["tags"]) == ("web", 7, group["tag"])


def test_same_creations_get_same_ids_after_reset(sandbox, lts):
    def ids():
        return [create(lts), create(lts, "db")]

    first = ids()
    assert lts("DELETE", f"/groups/{first[0]}").status_code == 204
    assert create(lts) not in first
    sandbox.reset()
    assert ids() == first


@pytest.mark.parametrize("name", ["a" * 64, "A-b_c.9", "9"])
def test_valid_name_is_accepted(lts, name):
    create(lts, name)


@pytest.mark.parametrize("name", ["", "a" * 65, ".a", "_a", "a.", "a b", "ä", "a\n", 7, None])
def test_invalid_name_is_refused(sandbox, lts, name):
    response = lts("POST", "/groups", json={"log_group_name": name, "ttl_in_days": 7})
    assert_error(response, 400, "LTS.0009", INVALID_BODY)
    assert sandbox.acted() == 0


@pytest.mark.parametrize("ttl", [ABSENT, None, 0, 366, "7", 7.5, True, -1])
def test_invalid_ttl_is_refused(sandbox, lts, ttl):
    body = {} if ttl is ABSENT else {"ttl_in_days": ttl}
    assert_error(lts("POST", "/groups", json={"log_group_name": "web", **body}), 400, "LTS.0106", TTL_TEXT)
    assert_error(lts("POST", f"/groups/{APP}", json=body), 400, "LTS.0106", TTL_TEXT)
    assert sandbox.acted() == 0


@pytest.mark.parametrize(
    "given",
    [
        {"a": "b"},
        ["a"],
        [{"value": "b"}],
        [{"key": "_a", "value": "b"}],
        [{"key": "a#", "value": "b"}],
        [{"key": "a" * 129, "value": "b"}],
        [{"key": "a", "value": "b" * 256}],
        [{"key": "a", "value": 1}],
        [{"key": f"k{n}", "value": ""} for n in range(21)],
    ],
    ids=str,
)
def test_invalid_tags_are_refused(sandbox, lts, given):
    body = {"ttl_in_days": 7, "tags": given}
    for path, name in (("/groups", "log_group_name"), (f"/groups/{APP}/streams", "log_stream_name")):
        assert_error(lts("POST", path, json={**body, name: "web"}), 400, "LTS.0009", INVALID_BODY)
    assert_error(lts("POST", f"/groups/{APP}", json=body), 400, "LTS.0009", INVALID_BODY)
    assert_error(lts("PUT", f"/groups/{APP}/streams-ttl/{NGINX}", json=body), 400, "LTS.0009", INVALID_BODY)
    assert sandbox.acted() == 0


@pytest.mark.parametrize("body", ["", "x", "[]", '"x"'])
def test_body_that_is_not_an_object_is_refused(lts, body):
    for method, path in (("POST", "/groups"), ("POST", f"/groups/{APP}"), ("POST", f"/groups/{APP}/streams")):
        assert_error(lts(method, path, data=body), 400, "LTS.0007", "The request body format must be json")


def test_creation_with_taken_name_is_refused(sandbox, lts):
    body = {"log_group_name": "app", "ttl_in_days": 7}
    text = "Failed to create log group, the group name has been existed"
    assert_error(lts("POST", "/groups", json=body), 400, "LTS.0101", text)
    create(lts, "App")
    assert sandbox.acted() == 1


def test_creation_beyond_quota_is_refused(sandbox, lts):
    sandbox.variants(log_group_quota=4)
    create(lts)
    response = lts("POST", "/groups", json={"log_group_name": "db", "ttl_in_days": 7})
    text = "Failed to create log group, the number of log groups exceeds the quota"
    assert_error(response, 400, "LTS.0104", text)


def test_updated_ttl_reaches_streams_that_inherit_it(sandbox, lts):
    # Some clients also send the id in the body.
    response = lts("POST", f"/groups/{APP}", json={"ttl_in_days": 8, "log_group_id": UNKNOWN})
    created = listed(lts, APP)["creation_time"]
    wanted = {"creation_time": created, "log_group_name": "app", "log_group_id": APP, "ttl_in_days": 8}
    assert (response.status_code, response.json()) == (200, wanted)
    assert sandbox.acted() == 1
    # Streams that inherit the ttl follow their group.
    streams = lts("GET", f"/groups/{APP}/streams").json()["log_streams"]
    assert [item["ttl_in_days"] for item in streams] == [8, 8, 7]


@pytest.mark.parametrize("how,kept", [("merge", {"a": "1", "b": "3", "c": "4"}), ("replace", {"b": "3", "c": "4"})])
def test_updated_tags_are_merged_or_replaced_by_variant(sandbox, lts, how, kept):
    group_id = create(lts, tags=tags(a="1", b="2"))
    sandbox.variants(tags_update=how)
    lts("POST", f"/groups/{group_id}", json={"ttl_in_days": 7, "tags": tags(b="3", c="4")})
    assert listed(lts, group_id)["tag"] == {**SYSTEM_TAG, **kept}
    lts("POST", f"/groups/{group_id}", json={"ttl_in_days": 7})
    assert listed(lts, group_id)["tag"] == {**SYSTEM_TAG, **kept}


def test_too_many_merged_tags_are_refused(lts):
    group_id = create(lts, tags=tags(**{f"k{n}": "" for n in range(20)}))
    response = lts("POST", f"/groups/{group_id}", json={"ttl_in_days": 9, "tags": tags(one_more="")})
    assert_error(response, 400, "LTS.0009", INVALID_BODY)
    assert listed(lts, group_id)["ttl_in_days"] == 7


@pytest.mark.parametrize("reach", [False, True])
def test_updated_tags_reach_streams_with_variant(sandbox, lts, reach):
    sandbox.variants(group_tags_reach_streams=reach)
    lts("POST", f"/groups/{APP}", json={"ttl_in_days": 30, "tags": tags(a="1")})
    shown = [item["tag"] for item in lts("GET", f"/groups/{APP}/streams").json()["log_streams"]]
    assert ["a" in tag for tag in shown] == [reach] * 3 and shown[1]["team"] == "payments"


def test_deleted_group_is_gone_with_its_streams(sandbox, lts):
    response = lts("DELETE", f"/groups/{APP}")
    assert (response.status_code, response.content) == (204, b"")
    assert APP not in sandbox.state()["lts"][PROJECT]["groups"]
    assert lts("GET", "/log-streams?log_stream_name=nginx").json() == {"log_streams": []}
    assert_error(lts("DELETE", f"/groups/{APP}"), 404, "LTS.0201", "The log group does not exist")
    assert lts("DELETE", stream_path(APP, NGINX)).json()["error_code"] == "LTS.0201"
    assert sandbox.acted() == 1


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_update_and_deletion_of_missing_group_return_error(sandbox, lts, method):
    sandbox.variants(missing_group_status=400)
    response = lts(method, f"/groups/{UNKNOWN}", json={"ttl_in_days": 7})
    assert_error(response, 400, "LTS.0201", "The log group is not existed")


def test_deleting_group_with_transfer_is_refused(sandbox, lts):
    assert_error(lts("DELETE", f"/groups/{AUDIT}"), 400, "LTS.0105", "Log group is associated by transfer")
    for number in (1, 2):
        lts("DELETE", f"/transfers?log_transfer_id=33333333-bbbb-4000-8000-00000000000{number}")
    assert_error(lts("DELETE", f"/groups/{AUDIT}"), 400, "LTS.0105", "Log group is associated by transfer")
    sandbox.variants(disabled_transfer_blocks=False)
    assert lts("DELETE", f"/groups/{AUDIT}").status_code == 204
    assert lts("GET", "/transfers").json() == {"log_transfers": []}


def test_new_group_is_not_listed_for_duration_of_variant(sandbox, lts):
    sandbox.clock(frozen=True)
    sandbox.variants(hide_new_lts=10)
    group_id = create(lts)
    names = [group["log_group_name"] for group in lts("GET", "/groups").json()["log_groups"]]
    assert names == ["app", "audit", "attic"]
    # It exists nevertheless.
    assert lts("POST", "/groups", json={"log_group_name": "web", "ttl_in_days": 7}).json()["error_code"] == "LTS.0101"
    assert lts("GET", f"/groups/{group_id}/streams").json() == {"log_streams": []}
    assert group_id in sandbox.state()["lts"][PROJECT]["groups"]
    sandbox.clock(advance=10)
    assert listed(lts, group_id)["log_group_name"] == "web"


def act(lts, kind, item, action, given, **more):
    body = {"action": action, "is_open": True, "tags": given, **more}
    return lts("POST", f"/{kind}/{item}/tags/action", version="v1", json=body)


@pytest.mark.parametrize("kind,item", [("groups", APP), ("topics", NGINX)])
def test_tags_action_creates_and_deletes_tags(sandbox, lts, kind, item):
    def shown():
        group = sandbox.state()["lts"][PROJECT]["groups"][APP]
        return group["tags"] if kind == "groups" else group["stream_settings"][NGINX]["tags"]

    assert act(lts, kind, item, "create", tags(a="1", b="2")).status_code == 200
    assert shown() == {**SYSTEM_TAG, "a": "1", "b": "2"}
    sandbox.variants(tags_action_status=201)
    assert act(lts, kind, item, "delete", [{"key": "a"}, {"key": "unknown"}]).status_code == 201
    assert shown() == {**SYSTEM_TAG, "b": "2"}
    assert sandbox.acted() == 2
    assert_error(act(lts, kind, item, "update", tags(a="1")), 400, "LTS.1836", "action is create or delete")
    for bad in ([], tags(_sys_enterprise_project_id="0"), None):
        assert act(lts, kind, item, "delete", bad).json()["error_code"] == "LTS.0009"
    assert act(lts, kind, item, "create", tags(a="1"), is_open="x").json()["error_code"] == "LTS.0009"
    assert act(lts, kind, item, "create", tags(**{f"k{n}": "" for n in range(20)})).status_code == 400
    assert shown() == {**SYSTEM_TAG, "b": "2"}


def test_tags_action_on_missing_resource_returns_error(lts):
    assert act(lts, "groups", UNKNOWN, "create", tags(a="1")).json()["error_code"] == "LTS.0201"
    assert act(lts, "topics", UNKNOWN, "create", tags(a="1")).json()["error_code"] == "LTS.0208"
    assert act(lts, "transfers", LEGACY, "create", tags(a="1")).json()["error_code"] == "APIGW.0101"
    assert lts("POST", f"/groups/{ATTIC}/tags/action", json={}).json()["error_code"] == "APIGW.0101"
