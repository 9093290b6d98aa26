# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from sandbox_lts import APP, ATTIC, INVALID_BODY, NGINX, PROJECT, SYSTEM_TAG, UNKNOWN, assert_error, tags


def create(lts, name="web", group=ATTIC, **more):
    response = lts("POST", f"/groups/{group}/streams", json={"log_stream_name": name, **more})
    assert response.status_code == 201 and list(response.json()) == ["log_stream_id"]
    return response.json()["log_stream_id"]


def listed(lts, group=ATTIC):
    return lts("GET", f"/groups/{group}/streams").json()["log_streams"]


def update(lts, group, stream_id, **body):
    return lts("PUT", f"/groups/{group}/streams-ttl/{stream_id}", json=body)


def test_created_stream_has_given_fields(sandbox, lts):
    stream_id = create(lts, ttl_in_days=5, tags=tags(team="web"), log_stream_name_alias="Web")
    assert len(listed(lts)) == 1
    stream = listed(lts)[0]
    assert (stream["log_stream_id"], stream["log_stream_name"], stream["ttl_in_days"]) == (stream_id, "web", 5)
    assert stream["tag"] == {**SYSTEM_TAG, "team": "web"} and stream["log_stream_name_alias"] == "Web"
    assert sandbox.requests()[0]["acted"] is True
    kept = sandbox.state()["lts"][PROJECT]["groups"][ATTIC]
    assert kept["streams"] == {stream_id: "web"}
    assert kept["stream_settings"] == {stream_id: {"ttl_in_days": 5, "tags": stream["tag"]}}
    assert lts("DELETE", f"/groups/{ATTIC}/streams/{stream_id}").status_code == 204
    assert create(lts) != stream_id


@pytest.mark.parametrize("given", [{}, {"ttl_in_days": -1}, {"ttl_in_days": None}])
def test_stream_without_ttl_inherits_it_from_group(sandbox, lts, given):
    create(lts, **given)
    assert listed(lts)[0]["ttl_in_days"] == 7
    lts("POST", f"/groups/{ATTIC}", json={"ttl_in_days": 9})
    assert listed(lts)[0]["ttl_in_days"] == 9
    sandbox.variants(stream_ttl_when_absent=30)
    create(lts, "other", **given)
    assert listed(lts)[1]["ttl_in_days"] == (9 if given.get("ttl_in_days") else 30)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"log_stream_name": ".web"},
        {"log_stream_name": "web", "ttl_in_days": 0},
        {"log_stream_name": "web", "ttl_in_days": 366},
        {"log_stream_name": "web", "ttl_in_days": "7"},
        {"log_stream_name": "web", "log_stream_name_alias": ""},
        {"log_stream_name": "web", "enterprise_project_name": "my-default"},
    ],
    ids=str,
)
def test_invalid_creation_is_refused(sandbox, lts, body):
    assert_error(lts("POST", f"/groups/{ATTIC}/streams", json=body), 400, "LTS.0009", INVALID_BODY)
    assert sandbox.acted() == 0


def test_creation_with_taken_name_is_refused_in_scope_of_variant(sandbox, lts):
    def again(group):
        return lts("POST", f"/groups/{group}/streams", json={"log_stream_name": "nginx"})

    assert_error(again(APP), 400, "LTS.0205", "The log stream name has been existed")
    sandbox.variants(stream_name_unique_in="project")
    assert_error(again(ATTIC), 400, "LTS.0205", "The log stream name has been existed")
    sandbox.variants(stream_name_unique_in="group")
    assert again(ATTIC).status_code == 201


def test_creation_beyond_quota_is_refused(sandbox, lts):
    sandbox.variants(log_stream_quota=3)
    response = lts("POST", f"/groups/{APP}/streams", json={"log_stream_name": "web"})
    text = "Failed to create log topic, the number of log topics exceeds the quota"
    assert_error(response, 400, "LTS.0206", text)
    create(lts)


def test_new_stream_is_not_listed_for_duration_of_variant(sandbox, lts):
    sandbox.clock(frozen=True)
    sandbox.variants(hide_new_lts=10)
    create(lts)
    assert listed(lts) == [] and lts("GET", "/log-streams?log_stream_name=web").json() == {"log_streams": []}
    response = lts("POST", f"/groups/{ATTIC}/streams", json={"log_stream_name": "web"})
    assert response.json()["error_code"] == "LTS.0205"
    sandbox.clock(advance=10)
    assert len(listed(lts)) == 1 and len(lts("GET", "/log-streams?log_stream_name=web").json()["log_streams"]) == 1


def test_update_changes_ttl_and_tags(sandbox, lts):
    response = update(lts, APP, NGINX, ttl_in_days=8, tags=tags(a="1"))
    stream = listed(lts, APP)[0]
    wanted = {
        "creation_time": stream["creation_time"],
        "log_topic_name": "nginx",
        "log_topic_id": NGINX,
        "ttl_in_days": 8,
    }
    assert (response.status_code, response.json()) == (200, wanted)
    assert stream["ttl_in_days"] == 8 and stream["tag"] == {**SYSTEM_TAG, "a": "1"} and sandbox.acted() == 1
    sandbox.variants(tags_update="replace")
    update(lts, APP, NGINX, ttl_in_days=-1, tags=tags(b="2"))
    stream = listed(lts, APP)[0]
    assert stream["ttl_in_days"] == 30 and stream["tag"] == {**SYSTEM_TAG, "b": "2"}


def test_invalid_update_is_refused(sandbox, lts):
    for ttl in ({}, {"ttl_in_days": 0}, {"ttl_in_days": "8"}, {"ttl_in_days": -1.0}, {"ttl_in_days": True}):
        assert_error(update(lts, APP, NGINX, **ttl), 400, "LTS.0009", INVALID_BODY)
    missing = "The log stream does not existed"
    assert_error(update(lts, APP, UNKNOWN, ttl_in_days=8), 400, "LTS.0208", missing)
    assert_error(update(lts, UNKNOWN, NGINX, ttl_in_days=8), 404, "LTS.0201", "The log group does not exist")
    response = lts("POST", f"/groups/{UNKNOWN}/streams", json={"log_stream_name": "web"})
    assert_error(response, 404, "LTS.0201", "The log group does not exist")
    assert sandbox.acted() == 0
