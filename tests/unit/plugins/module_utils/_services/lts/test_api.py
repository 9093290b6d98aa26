# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.limits.rate_limit import RateLimit, RateLimitInfo
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.response import Response
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts import api, groups
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.auth.options import OPTIONS
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.errors import read_rate_limit
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply, StillClock

PROJECT = "0123456789abcdef0123456789abcdef"
GROUP = "11111111-aaaa-4000-8000-000000000001"
PARAMS = {
    **dict.fromkeys(OPTIONS),
    "endpoint": "http://127.0.0.1:9",
    "project_id": PROJECT,
    "auth_token": "x7f3c9",
}
V2 = f"/v2/{PROJECT}"


def connect(context=None, **params):
    settings = HttpSettings(retries=0, max_concurrency=1)
    return api.Lts({**PARAMS, **params}, settings, context or TaskContext(clock=StillClock()))


def error(status, code, text="text"):
    return Reply(status, {"error_code": code, "error_msg": text})


@pytest.mark.parametrize(
    "reply, result",
    [
        (Reply(204), True),
        (error(400, "LTS.0208", "The log stream does not existed"), False),
        (error(400, "LTS.0208", "Log stream id does not exist: x"), False),
        (error(404, "LTS.0208", "The log stream does not existed"), False),
        (error(400, "LTS.0201", "The log group is not existed"), False),
        (error(404, "LTS.0201", "The log group does not exist"), False),
        (error(404, "LTS.9999"), False),
        (error(400, "LTS.0208", "Log stream is associated by transfer"), None),
        (error(400, "LTS.0207", "Log topic is associated by transfer"), None),
        (error(403, "LTS.0001", "Invalid projectId"), None),
        (error(400, "LTS.0009"), None),
        (error(404, "LTS.0403", "Invalid projectId"), None),
        (error(404, "LTS.0001", "Invalid projectId"), None),
        (error(404, "LTS.0003", "No permission."), None),
        (error(404, "LTS.0207", "Log topic is associated by transfer"), None),
        (error(404, "LTS.0208", "Log stream is associated by transfer"), None),
        (error(404, "APIGW.0101", "The API does not exist"), None),
        (error(404, "APIG.0101", "The API does not exist"), None),
        (Reply(404, "<html></html>"), None),
        (Reply(404), None),
        (Reply(418, "blocked"), None),
        (error(200, "LTS.0207"), None),
    ],
)
def test_delete_stream_by_answer(reply, result):
    call = Call(
        f"DELETE {V2}/groups/{GROUP}/streams/s1",
        reply,
        X_Auth_Token="x7f3c9",
        Content_Type="application/json;charset=UTF-8",
    )
    with FakeService(call):
        if result is None:
            with pytest.raises(errors.ServiceError):
                connect().delete_stream(GROUP, "s1")
        else:
            assert connect().delete_stream(GROUP, "s1") is result


@pytest.mark.parametrize(
    "reply, result", [(Reply(200, {"log_transfer_id": "t1"}), True), (error(400, "LTS.0405"), False)]
)
def test_delete_transfer_by_answer(reply, result):
    with FakeService(Call(f"DELETE {V2}/transfers?log_transfer_id=t1", reply)):
        assert connect().delete_transfer("t1") is result


@pytest.mark.parametrize(
    "reply, code, message, request_id, hint",
    [
        (error(401, "LTS.0003", "Invalid token"), "LTS.0003", "Invalid token", None, "new auth_token"),
        (error(401, "LTS.0414", "Invalid token"), "LTS.0414", "Invalid token", None, "clock"),
        (error(404, "APIGW.0101", "no API"), "APIGW.0101", "no API", None, "Check endpoint"),
        (error(403, "LTS.0001", "Invalid projectId"), "LTS.0001", "Invalid projectId", None, "Check project_id"),
        (
            Reply(401, {"error": {"code": 401, "message": "no", "title": "Unauthorized"}}),
            "401",
            "no",
            None,
            "new auth_token",
        ),
        (Reply(400, {"message": {"code": "LTS.1", "details": "d"}}), "LTS.1", "d", None, ""),
        (Reply(400, {"errorCode": "LTS.2", "errorMessage": "m"}), "LTS.2", "m", None, ""),
        (
            Reply(429, {"error_code": "APIGW.0308", "error_msg": "slow", "request_id": "r1"}),
            "APIGW.0308",
            "slow",
            "r1",
            "",
        ),
        (Reply(503, "The requested service is unavailable."), None, "The requested service is unavailable.", None, ""),
        (Reply(415, "", X_Request_Id="r2"), None, "the response was empty", None, ""),
    ],
)
def test_error_carries_code_message_request_id_and_hint(reply, code, message, request_id, hint):
    with FakeService(Call(f"GET {V2}/groups", reply)), pytest.raises(errors.ServiceError) as caught:
        connect().groups()
    assert (caught.value.code, caught.value.message, caught.value.request_id) == (code, message, request_id)
    assert hint in str(caught.value)


@pytest.mark.parametrize("body", [{}, [], {"log_groups": {}}, {"log_groups": [{"log_group_id": 1}]}])
def test_undocumented_list_is_an_error_rather_than_empty(body):
    with FakeService(Call(f"GET {V2}/groups", Reply(200, body))), pytest.raises(errors.ServiceError):
        connect().groups()


def transfers(first, count):
    return [{"log_transfer_id": f"t{number}"} for number in range(first, first + count)]


def transfer_call(found, **query):
    text = "&".join(f"{name}={value}" for name, value in {"limit": 100, **query}.items())
    return Call(f"GET {V2}/transfers?{text}", Reply(200, {"log_transfers": found}))


def test_transfers_are_listed_page_by_page():
    with FakeService(transfer_call(transfers(0, 100), offset=0), transfer_call(transfers(100, 3), offset=100)):
        assert len(connect().transfers([])) == 103


def test_transfers_are_all_listed_where_fewer_come_at_once_than_asked_for():
    pages = [(transfers(0, 50), 0), (transfers(50, 50), 50), (transfers(100, 20), 100), ([], 120)]
    with FakeService(*(transfer_call(page, offset=offset) for page, offset in pages)):
        assert len(connect().transfers([])) == 120


def test_transfers_that_come_again_whatever_the_offset_are_all_there_are():
    with FakeService(transfer_call(transfers(0, 50), offset=0), transfer_call(transfers(0, 50), offset=50)):
        assert len(connect().transfers([])) == 50


def test_transfers_are_listed_by_stream_where_the_offset_has_no_effect():
    streams = [{"log_stream_name": "a"}, {"log_stream_name": "b"}]
    calls = [
        transfer_call(transfers(0, 100), offset=0),
        transfer_call(transfers(0, 100), offset=100),
        transfer_call(transfers(200, 1), log_stream_name="a"),
        transfer_call([], log_stream_name="b"),
    ]
    with FakeService(*calls):
        assert len(connect().transfers(streams)) == 101


@pytest.mark.parametrize(
    "params, words",
    [
        ({"endpoint": None}, "Give endpoint"),
        ({"endpoint": None, "region": "mars-1"}, "neither a region of Open Telekom Cloud"),
        ({"endpoint": "https://lts.example/v2"}, "endpoint must end"),
        ({"project_id": "x"}, "project_id"),
        ({"auth_token": "a b"}, "auth_token"),
        ({"auth_token": "a\nb"}, "auth_token"),
    ],
)
def test_malformed_connection_options_are_refused(params, words):
    with pytest.raises(errors.InvalidInput, match=words):
        connect(**params)


def group(params, context=None):
    context = context or TaskContext(clock=StillClock())
    client = api.Lts(PARAMS, HttpSettings(retries=0), context)
    return groups.ParentGroup(client, {**dict.fromkeys(groups.PARENT_OPTIONS), **params}, context)


@pytest.mark.parametrize(
    "params", [{}, {"log_group_id": GROUP, "log_group_name": "app"}, {"log_group_id": "x"}, {"log_group_name": "a/b"}]
)
def test_malformed_group_options_are_refused(params):
    with pytest.raises(errors.InvalidInput):
        group(params)


@pytest.mark.parametrize("reply", [error(400, "LTS.0201"), error(404, "LTS.0201")])
def test_missing_group_has_no_streams_and_warns_once(reply):
    context = TaskContext(clock=StillClock())
    call = Call(f"GET {V2}/groups/{GROUP}/streams", reply)
    with FakeService(call, call):
        asked = group({"log_group_id": GROUP}, context)
        assert asked.streams() == asked.streams() == ()
    assert len(context.warnings) == 1
    assert GROUP in context.warnings[0]


def test_group_name_is_refused_if_ambiguous():
    found = [{"log_group_id": each, "log_group_name": "app"} for each in ("g1", "g2")]
    with FakeService(Call(f"GET {V2}/groups", Reply(200, {"log_groups": found}))):
        with pytest.raises(errors.JobsError, match="several log groups named app; give the id"):
            group({"log_group_name": "app"}).streams()


ODD_IDS = ["", "..", "a/b", "a?b", 5, ["a"], {"a": 1}]
UNDOCUMENTED = "does not have the form that the service documents"


@pytest.mark.parametrize("odd", [*ODD_IDS, None], ids=repr)
def test_malformed_ids_of_the_service_are_refused(odd):
    group_reply = Reply(200, {"log_groups": [{"log_group_id": odd, "log_group_name": "app"}]})
    stream_reply = Reply(200, {"log_streams": [{"log_stream_id": odd, "log_stream_name": "web"}]})
    calls = [
        Call(f"GET {V2}/groups", group_reply),
        Call(f"GET {V2}/groups/{GROUP}/streams", stream_reply),
        Call(f"POST {V2}/groups", Reply(201, {"log_group_id": odd}), body={"log_group_name": "x", "ttl_in_days": 1}),
    ]
    with FakeService(*calls):
        client = connect()
        for look in (client.groups, lambda: client.streams(GROUP)):
            with pytest.raises(errors.ServiceError, match=UNDOCUMENTED):
                look()
        with pytest.raises(errors.OutcomeUnknown, match=UNDOCUMENTED):
            client.create_group("x", 1, {})


@pytest.mark.parametrize("streams", [5, "x", *[[{"log_stream_id": odd}] for odd in ODD_IDS]], ids=repr)
def test_transfers_with_malformed_streams_are_refused(streams):
    reply = Reply(200, {"log_transfers": [{"log_transfer_id": "t1", "log_streams": streams}]})
    with FakeService(Call(f"GET {V2}/transfers?limit=100&offset=0", reply)):
        with pytest.raises(errors.ServiceError, match=UNDOCUMENTED):
            connect().transfers()


@pytest.mark.parametrize(
    "status, text, announced",
    [
        (429, "policy ip over ratelimit,limit:5,time:7 second", RateLimitInfo(RateLimit(5, 7))),
        (400, "policy ip over ratelimit,limit:5,time:7 second", None),
        (429, "The throttling threshold has been reached", None),
        (429, "policy ip over ratelimit,limit:0,time:7 second", None),
        (429, "policy ip over ratelimit,limit:5,time:0 second", None),
        (429, "policy ip over ratelimit,limit:5,time:999999 second", None),
    ],
)
def test_rate_limit_is_read_from_refusals_of_the_gateway(status, text, announced):
    body = json.dumps({"error_code": "APIGW.0308", "error_msg": text, "request_id": "r1"}).encode()
    assert read_rate_limit(Response(status, {}, body)) == announced
