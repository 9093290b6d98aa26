# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox in front of huaweicloudsdklts, Huawei Cloud's own client, which signs requests with an access key."""

from __future__ import annotations

import json

import huaweicloudsdklts.v2 as lts
import pytest
import requests
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.redaction.registry import SecretRegistry
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.auth.signature import (
    ACCESS,
    Key,
    SignatureAuth,
    authorization,
)
from huaweicloudsdkcore.auth.credentials import BasicCredentials, Credentials
from huaweicloudsdkcore.exceptions.exceptions import (
    ClientRequestException,
    SdkException,
    ServerResponseException,
    ServiceResponseException,
)
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from seeded_lts import (
    APP,
    ATTIC,
    AUDIT,
    DELEGATED,
    EMPTY,
    ENDED_KEY,
    KEY,
    NOBODY,
    PROJECT,
    STREAMS,
    SYSTEM_TAG,
    TEMPORARY_KEY,
    TRANSFERS,
    VISITORS_KEY,
    asked,
    groups,
    transfers,
)


def connect(sandbox, key=KEY, project=PROJECT, **more):
    """A client as its users make one."""
    key = {**key, **more}
    credentials = BasicCredentials(key["access"], key["secret"], project)
    if key.get("security_token"):
        credentials = credentials.with_security_token(key["security_token"])
    return lts.LtsClient.new_builder().with_credentials(credentials).with_endpoint(sandbox.url).build()


@pytest.fixture
def client(sandbox):
    return connect(sandbox)


def tags(**given):
    return [lts.TagsBody(key, value) for key, value in given.items()]


def create_group(client, name="new", ttl_in_days=7, **more):
    body = lts.CreateLogGroupParams(log_group_name=name, ttl_in_days=ttl_in_days, **more)
    return client.create_log_group(lts.CreateLogGroupRequest(body=body))


def create_stream(client, group, name="new", **more):
    body = lts.CreateLogStreamParams(log_stream_name=name, **more)
    return client.create_log_stream(lts.CreateLogStreamRequest(group, body))


def delete_group(client, group):
    return client.delete_log_group(lts.DeleteLogGroupRequest(group))


def delete_stream(client, group, stream):
    return client.delete_log_stream(lts.DeleteLogStreamRequest(group, stream))


def delete_transfer(client, transfer):
    return client.delete_transfer(lts.DeleteTransferRequest(transfer))


def list_groups(client):
    return client.list_log_groups(lts.ListLogGroupsRequest()).log_groups


def list_streams(client, group):
    return client.list_log_stream(lts.ListLogStreamRequest(group)).log_streams


def create_transfer(client, group, *streams, bucket="app-archive"):
    detail = lts.LogTransferDetail(obs_period=3, obs_period_unit="hour", obs_bucket_name=bucket)
    info = lts.CreateTransferRequestBodyLogTransferInfo(
        log_transfer_type="OBS",
        log_transfer_mode="cycle",
        log_storage_format="JSON",
        log_transfer_status="ENABLE",
        log_transfer_detail=detail,
    )
    named = [lts.CreateTransferRequestBodyLogStreams(log_stream_id=stream) for stream in streams]
    return client.create_transfer(lts.CreateTransferRequest(lts.CreateTransferRequestBody(group, named, info)))


def test_huaweicloudsdklts_lists_creates_updates_and_deletes_groups(sandbox, client):
    assert {group.log_group_id: (group.log_group_name, group.ttl_in_days) for group in list_groups(client)} == {
        APP: ("app", 30),
        AUDIT: ("audit", 365),
        ATTIC: ("attic", 7),
    }
    answer = create_group(client, tags=tags(team="payments"), log_group_name_alias="brand new")
    group = answer.log_group_id
    assert answer.status_code == 201
    assert (groups(sandbox)[group]["name"], groups(sandbox)[group]["ttl_in_days"]) == ("new", 7)

    shown = list_groups(client)[-1]
    assert (shown.log_group_id, shown.log_group_name_alias) == (group, "brand new")
    assert shown.tag == {**SYSTEM_TAG, "team": "payments"} and shown.creation_time > 1_700_000_000_000

    body = lts.UpdateLogGroupParams(8, tags(stage="test"))
    answer = client.update_log_group(lts.UpdateLogGroupRequest(group, body))
    assert (answer.status_code, answer.log_group_id, answer.log_group_name) == (200, group, "new")
    assert (answer.ttl_in_days, answer.creation_time) == (8, shown.creation_time)
    assert groups(sandbox)[group]["ttl_in_days"] == 8 and groups(sandbox)[group]["tags"]["stage"] == "test"

    assert delete_group(client, group).status_code == 204
    assert set(groups(sandbox)) == {APP, AUDIT, ATTIC}
    # As recorded from the client in front of a mere recorder, here and below (but transfers only listed and deleted).
    assert asked(sandbox) == [
        "GET /v2/P/groups access 200",
        "POST /v2/P/groups access 201",
        "GET /v2/P/groups access 200",
        f"POST /v2/P/groups/{group} access 200",
        f"DELETE /v2/P/groups/{group} access 204",
    ]
    assert sandbox.acted() == 3


def test_huaweicloudsdklts_creates_lists_updates_and_deletes_streams(sandbox, client):
    answer = create_stream(client, ATTIC, ttl_in_days=3, tags=tags(team="payments"), log_stream_name_alias="brand new")
    stream = answer.log_stream_id
    assert (answer.status_code, groups(sandbox)[ATTIC]["streams"]) == (201, {stream: "new"})

    shown = list_streams(client, ATTIC)[0]
    assert (shown.log_stream_id, shown.log_stream_name, shown.ttl_in_days) == (stream, "new", 3)
    assert (shown.tag, shown.log_stream_name_alias) == ({**SYSTEM_TAG, "team": "payments"}, "brand new")
    assert shown.filter_count == 0

    answer = client.update_log_stream(lts.UpdateLogStreamRequest(ATTIC, stream, lts.UpdateLogStreamParams(5)))
    assert (answer.status_code, answer.log_topic_id, answer.log_topic_name) == (200, stream, "new")
    assert (answer.ttl_in_days, answer.creation_time) == (5, shown.creation_time)
    assert groups(sandbox)[ATTIC]["stream_settings"][stream]["ttl_in_days"] == 5

    assert delete_stream(client, ATTIC, stream).status_code == 204
    assert groups(sandbox)[ATTIC]["streams"] == {}
    assert asked(sandbox) == [
        f"POST /v2/P/groups/{ATTIC}/streams access 201",
        f"GET /v2/P/groups/{ATTIC}/streams access 200",
        f"PUT /v2/P/groups/{ATTIC}/streams-ttl/{stream} access 200",
        f"DELETE /v2/P/groups/{ATTIC}/streams/{stream} access 204",
    ]


@pytest.mark.parametrize(
    "chosen,names",
    [
        ({}, list(STREAMS)),
        ({"log_group_name": "app"}, ["nginx", "api", "worker"]),
        ({"log_stream_name": "legacy"}, ["legacy"]),
        ({"log_group_name": "app", "log_stream_name": "api"}, ["api"]),
        ({"log_group_name": "app", "log_stream_name": "an api"}, []),
        ({"log_stream_name": "ü~/+&=%?"}, []),
    ],
    ids=str,
)
def test_huaweicloudsdklts_filters_the_streams_of_all_groups_by_name(sandbox, client, chosen, names):
    answer = client.list_log_streams(lts.ListLogStreamsRequest(**chosen))
    assert {stream.log_stream_id: stream.log_stream_name for stream in answer.log_streams} == {
        STREAMS[name]: name for name in names
    }
    assert [(request["path"], request["query"]) for request in sandbox.requests()] == [
        (f"/v2/{PROJECT}/log-streams", chosen)
    ]


def test_the_streams_of_all_groups_show_their_group_with_the_variant_only(sandbox, client):
    assert {stream.log_group_id for stream in client.list_log_streams(lts.ListLogStreamsRequest()).log_streams} == {
        None
    }
    sandbox.variants(log_streams_group_id=True)
    answer = client.list_log_streams(lts.ListLogStreamsRequest())
    assert {stream.log_group_id for stream in answer.log_streams} == {APP, AUDIT}


def test_huaweicloudsdklts_creates_lists_updates_and_deletes_transfers(sandbox, client):
    made = create_transfer(client, APP, STREAMS["api"], STREAMS["nginx"])
    transfer = made.log_transfer_id
    assert (made.status_code, made.log_group_id, made.log_group_name) == (200, APP, "app")
    assert [stream.log_stream_name for stream in made.log_streams] == ["api", "nginx"]
    info = made.log_transfer_info
    assert (info.log_transfer_type, info.log_transfer_mode, info.log_transfer_status) == ("OBS", "cycle", "ENABLE")
    assert info.log_storage_format == "JSON" and info.log_agency_transfer is None
    detail = info.log_transfer_detail
    assert (detail.obs_period, detail.obs_period_unit, detail.obs_bucket_name) == (3, "hour", "app-archive")
    assert detail.obs_encrypted_enable is False
    assert transfers(sandbox)[transfer]["streams"] == [STREAMS["api"], STREAMS["nginx"]]

    request = lts.ListTransfersRequest(log_transfer_type="OBS", log_group_name="app", log_stream_name="api")
    listed = client.list_transfers(request).log_transfers
    assert [(one.log_transfer_id, one.log_streams) for one in listed] == [(transfer, made.log_streams)]
    assert listed[0].log_transfer_info == made.log_transfer_info

    detail = lts.LogTransferDetail(obs_period=30, obs_period_unit="min", obs_bucket_name="app-backup")
    info = lts.UpdateTransferRequestBodyLogTransferInfo("RAW", "DISABLE", detail)
    body = lts.UpdateTransferRequestBody(log_transfer_id=transfer, log_transfer_info=info)
    answer = client.update_transfer(lts.UpdateTransferRequest(body))
    assert (answer.status_code, answer.log_transfer_id) == (200, transfer)
    assert answer.log_transfer_info.log_transfer_status == "DISABLE"
    assert answer.log_transfer_info.log_transfer_detail.obs_bucket_name == "app-backup"
    now = transfers(sandbox)[transfer]
    assert (now["status"], now["format"], now["detail"]["obs_period"]) == ("DISABLE", "RAW", 30)

    gone = delete_transfer(client, transfer)
    assert (gone.status_code, gone.log_transfer_id, gone.log_group_name) == (200, transfer, "app")
    assert gone.log_transfer_info.log_storage_format == "RAW"
    assert list(transfers(sandbox)) == TRANSFERS
    query = "log_group_name=app&log_stream_name=api&log_transfer_type=OBS"
    assert asked(sandbox) == [
        "POST /v2/P/transfers access 200",
        f"GET /v2/P/transfers?{query} access 200",
        "PUT /v2/P/transfers access 200",
        f"DELETE /v2/P/transfers?log_transfer_id={transfer} access 200",
    ]


@pytest.mark.parametrize(
    "chosen,found",
    [
        ({}, TRANSFERS),
        ({"log_transfer_type": "OBS"}, TRANSFERS),
        ({"log_transfer_type": "DIS"}, []),
        ({"log_group_name": "audit"}, TRANSFERS),
        ({"log_group_name": "app"}, []),
        ({"log_stream_name": "payments-us"}, TRANSFERS[1:2]),
        ({"log_group_name": "audit", "log_stream_name": "legacy", "log_transfer_type": "OBS"}, TRANSFERS[2:]),
    ],
    ids=str,
)
def test_huaweicloudsdklts_filters_transfers_by_type_group_and_stream(sandbox, client, chosen, found):
    answer = client.list_transfers(lts.ListTransfersRequest(**chosen))
    assert [transfer.log_transfer_id for transfer in answer.log_transfers] == found
    assert [(request["path"], request["query"]) for request in sandbox.requests()] == [
        (f"/v2/{PROJECT}/transfers", chosen)
    ]


def test_huaweicloudsdklts_creates_and_deletes_tags(sandbox, client):
    def act(kind, resource, action, *given):
        body = lts.CreateTagsReqbody(action, True, list(given))
        return client.create_tags(lts.CreateTagsRequest(kind, resource, body)).status_code

    assert act("groups", APP, "create", lts.TagsBody("stage", "test")) == 200
    assert act("topics", STREAMS["api"], "delete", lts.TagsBody("team")) == 200
    assert groups(sandbox)[APP]["tags"] == {**SYSTEM_TAG, "stage": "test"}
    assert groups(sandbox)[APP]["stream_settings"][STREAMS["api"]]["tags"] == SYSTEM_TAG
    assert asked(sandbox) == [
        f"POST /v1/P/groups/{APP}/tags/action access 200",
        f"POST /v1/P/topics/{STREAMS['api']}/tags/action access 200",
    ]


REFUSALS = {
    "group that is missing": (lambda client: delete_group(client, NOBODY), 404, "LTS.0201"),
    "streams of a missing group": (lambda client: list_streams(client, NOBODY), 404, "LTS.0201"),
    "stream for a missing group": (lambda client: create_stream(client, NOBODY), 404, "LTS.0201"),
    "stream that is missing": (lambda client: delete_stream(client, APP, NOBODY), 400, "LTS.0208"),
    "transfer that is missing": (lambda client: delete_transfer(client, NOBODY), 400, "LTS.0405"),
    "group with transfers": (lambda client: delete_group(client, AUDIT), 400, "LTS.0105"),
    "stream with a transfer": (lambda client: delete_stream(client, AUDIT, STREAMS["logins"]), 400, "LTS.0207"),
    "second transfer": (
        lambda client: create_transfer(client, AUDIT, STREAMS["logins"], bucket="audit-logins"),
        400,
        "LTS.0207",
    ),
    "transfer of a missing stream": (lambda client: create_transfer(client, APP, NOBODY), 400, "LTS.0208"),
    "missing bucket": (lambda client: create_transfer(client, APP, STREAMS["api"], bucket="none"), 400, "LTS.0416"),
    "name of another group": (lambda client: create_group(client, "app"), 400, "LTS.0101"),
    "name of another stream": (lambda client: create_stream(client, APP, "api"), 400, "LTS.0205"),
    "no time to live": (lambda client: create_group(client, ttl_in_days=None), 400, "LTS.0106"),
    "bad name": (lambda client: create_group(client, "_new"), 400, "LTS.0009"),
    "transfers of a missing group": (
        lambda client: client.list_transfers(lts.ListTransfersRequest(log_group_name="nothing")),
        400,
        "LTS.0201",
    ),
    "bad transfer type": (
        lambda client: client.list_transfers(lts.ListTransfersRequest(log_transfer_type="XYZ")),
        400,
        "LTS.0001",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_huaweicloudsdklts_shows_the_code_of_a_refusal_that_changed_nothing(sandbox, client, name):
    call, status, code = REFUSALS[name]
    before = sandbox.state()
    with pytest.raises(ClientRequestException) as caught:
        call(client)
    assert (caught.value.status_code, caught.value.error_code) == (status, code)
    assert caught.value.error_msg and code not in caught.value.error_msg
    assert sandbox.state() == before and len(sandbox.requests()) == 1


def test_huaweicloudsdklts_shows_the_text_of_each_variant_of_a_refusal(sandbox, client):
    def text(call):
        with pytest.raises(ClientRequestException) as caught:
            call(client)
        return caught.value.error_msg

    gone, blocked = (REFUSALS[name][0] for name in ("stream that is missing", "stream with a transfer"))
    assert text(gone) == "The log stream does not existed"
    assert text(blocked) == "Log topic is associated by transfer"
    sandbox.variants(missing_group_status=400, blocked_stream_code="LTS.0208")
    assert text(REFUSALS["group that is missing"][0]) == "The log group is not existed"
    assert text(blocked) == "Log stream is associated by transfer"


@pytest.mark.parametrize("disabled_blocks", [True, False])
def test_a_disabled_transfer_blocks_the_deletion_of_its_stream_with_the_variant_only(sandbox, client, disabled_blocks):
    sandbox.variants(disabled_transfer_blocks=disabled_blocks)
    if disabled_blocks:
        with pytest.raises(ClientRequestException):
            delete_stream(client, AUDIT, STREAMS["legacy"])
    else:
        assert delete_stream(client, AUDIT, STREAMS["legacy"]).status_code == 204
    assert (STREAMS["legacy"] in groups(sandbox)[AUDIT]["streams"]) is disabled_blocks


@pytest.mark.parametrize(
    "fault,exception,status,code,text",
    [
        (
            {"status": 500, "code": "LTS.0203", "message": "Failed to delete Log stream"},
            ServerResponseException,
            500,
            "LTS.0203",
            "Failed to delete Log stream",
        ),
        ({"status": 500}, ServerResponseException, 500, "LTS.0010", "The system encountered an internal error"),
        # Plain text, and the page of a firewall: the client makes the status its code.
        ({"status": 503}, ServerResponseException, 503, "503", "The requested service is unavailable."),
        ({"status": 418}, ClientRequestException, 418, "418", None),
        ({"status": 504}, ServerResponseException, 504, "APIGW.0201", "Backend timeout"),
    ],
    ids=str,
)
def test_huaweicloudsdklts_reports_a_failure_and_works_after_it(sandbox, client, fault, exception, status, code, text):
    before = sandbox.state()
    sandbox.fault("status", match={"method": "DELETE"}, **fault)
    with pytest.raises(exception) as caught:
        delete_stream(client, APP, STREAMS["api"])
    assert (caught.value.status_code, caught.value.error_code) == (status, code)
    assert text in (None, caught.value.error_msg)
    assert sandbox.state() == before
    assert delete_stream(client, APP, STREAMS["api"]).status_code == 204


def test_huaweicloudsdklts_reports_throttling_without_the_code_of_the_service(sandbox, client):
    sandbox.fault("status", at=1, status=429)
    with pytest.raises(ClientRequestException) as caught:
        list_groups(client)
    # The client hands 429 to a library of its own, which forgets the body.
    assert (caught.value.status_code, caught.value.error_code) == (429, "429")


def refused(client):
    """The text with which the gateway refuses a client."""
    with pytest.raises(ClientRequestException) as caught:
        list_groups(client)
    assert (caught.value.status_code, caught.value.error_code) == (401, "APIGW.0301")
    introduction, _colon, reason = caught.value.error_msg.partition(": ")
    assert introduction == "Incorrect IAM authentication information"
    return reason


def test_a_right_key_opens_its_project_and_a_wrong_one_is_refused_and_locked(sandbox):
    assert len(list_groups(connect(sandbox))) == 3
    assert list_groups(connect(sandbox, VISITORS_KEY, EMPTY)) == []
    unknown = connect(sandbox, access="AKSANDBOX0000000099")
    assert refused(unknown) == "Get secretKey failed,ak:AKSANDBOX0000000099,err:ak not exist"
    wrong = connect(sandbox, secret="wrong")
    assert {refused(wrong) for _attempt in range(6)} == {"verify aksk signature fail"}
    assert refused(wrong) == "AK access failed to reach the limit,forbidden"
    # The lock is the key's, not the client's.
    assert refused(connect(sandbox)) == "AK access failed to reach the limit,forbidden"


def test_huaweicloudsdklts_is_refused_if_only_the_other_form_of_signatures_is_known(sandbox, client):
    sandbox.variants(auth_forms="credential")
    assert refused(client) == "verify aksk signature fail"
    sandbox.variants(auth_forms="access")
    assert len(list_groups(client)) == 3


def test_a_temporary_key_opens_its_project_only_with_its_token_and_before_its_end(sandbox):
    client = connect(sandbox, TEMPORARY_KEY)
    group = create_group(client).log_group_id
    assert list(groups(sandbox))[-1] == group
    assert delete_group(client, group).status_code == 204
    assert refused(connect(sandbox, TEMPORARY_KEY, security_token=None)) == "verify aksk signature fail"
    assert refused(connect(sandbox, TEMPORARY_KEY, security_token="wrong")) == "verify aksk signature fail"
    assert refused(connect(sandbox, ENDED_KEY)).endswith(",err:ak not exist")


def test_a_signature_is_refused_if_its_clock_is_off_by_more_than_a_quarter_of_an_hour(sandbox, client):
    sandbox.clock(advance=14 * 60)
    assert len(list_groups(client)) == 3
    sandbox.clock(advance=2 * 60)
    assert refused(client) == "verify aksk signature fail"


@pytest.mark.parametrize("key,project", [(KEY, DELEGATED), (KEY, "nonsense"), (VISITORS_KEY, PROJECT)])
def test_a_project_that_a_key_does_not_open_is_refused(sandbox, key, project):
    client = connect(sandbox, key, project)
    for call in (list_groups, create_group):
        with pytest.raises(ClientRequestException) as caught:
            call(client)
        assert (caught.value.status_code, caught.value.error_code) == (403, "LTS.0001")
        assert caught.value.error_msg == "Invalid projectId"
    assert sandbox.acted() == 0


@pytest.fixture
def regional(sandbox, monkeypatch):
    """Makes clients that know the name of a project alone, which here is that of its region."""
    # The client keeps the ids that it has found.
    monkeypatch.setattr(Credentials, "_CACHE", {})

    def build(name, key=KEY):
        credentials = BasicCredentials(key["access"], key["secret"]).with_iam_endpoint(sandbox.url)
        if key.get("security_token"):
            credentials = credentials.with_security_token(key["security_token"])
        builder = lts.LtsClient.new_builder().with_credentials(credentials)
        return builder.with_region(Region(name, sandbox.url)).build()

    return build


@pytest.mark.parametrize("key", [KEY, TEMPORARY_KEY], ids=["permanent", "temporary"])
def test_huaweicloudsdklts_finds_a_project_by_its_name(sandbox, regional, key):
    client = regional("eu-de", key)
    assert client.get_credentials().project_id == PROJECT
    assert [group.log_group_id for group in list_groups(client)] == [APP, AUDIT, ATTIC]
    assert asked(sandbox) == ["GET /v3/projects?name=eu-de access 200", "GET /v2/P/groups access 200"]
    assert list_groups(regional("eu-de_empty", VISITORS_KEY)) == []


@pytest.mark.parametrize(
    "name,key,text",
    [
        ("eu-nl", KEY, "Confirm that the project exists in your account"),
        ("eu-de", VISITORS_KEY, "Confirm that the project exists in your account"),
        ("eu-de", {**KEY, "secret": "wrong"}, "status_code:401,request_id:None,error_code:APIGW.0301"),
    ],
    ids=["missing", "hidden", "refused"],
)
def test_huaweicloudsdklts_says_why_a_project_is_not_found(regional, name, key, text):
    with pytest.raises(SdkException) as caught:
        regional(name, key)
    assert not isinstance(caught.value, ServiceResponseException)
    assert f"Failed to get project id of region '{name}'" in str(caught.value) and text in str(caught.value)


# What our own signatures must be equal to: method, path as it is sent, query, further headers, body.
HOST, DATE = "lts.eu-de.otc.t-systems.com", "20260102T030405Z"
BODY = json.dumps({"log_group_name": "new", "ttl_in_days": 7, "tags": [{"key": "Größe", "value": "a b"}]})
SIGNED = {
    "plain": ("GET", f"/v2/{PROJECT}/groups", [], {}, ""),
    "slash at the end": ("GET", f"/v2/{PROJECT}/groups/", [], {}, ""),
    "query": ("GET", "/v3/projects", [("name", "eu-de")], {}, ""),
    "query in another order": ("GET", "/v2/p/transfers", [("offset", "0"), ("limit", "100"), ("log", "x")], {}, ""),
    "query with escapes": (
        "GET",
        f"/v2/{PROJECT}/log-streams",
        [("log_stream_name", "a b/~ü+&=%?*'()!,;:@$#"), ("log_group_name", "100% sure")],
        {},
        "",
    ),
    "query without a value": ("GET", "/v2/p/transfers", [("nothing", ""), ("limit", "1")], {}, ""),
    "body": ("POST", f"/v2/{PROJECT}/groups", [], {}, BODY),
    "body with other characters": ("POST", f"/v2/{PROJECT}/groups", [], {}, '{"tags": "Größe"}'),
    "body and query": ("POST", "/v2/p/groups", [("enterprise_project_id", "0")], {}, BODY),
    "update": ("PUT", f"/v2/{PROJECT}/groups/{APP}/streams-ttl/{NOBODY}", [], {}, '{"ttl_in_days": 8}'),
    "deletion": ("DELETE", f"/v2/{PROJECT}/transfers", [("log_transfer_id", NOBODY)], {}, ""),
    "temporary key": ("DELETE", "/v2/p/groups/g", [], {"X-Security-Token": TEMPORARY_KEY["security_token"]}, ""),
    "project": ("GET", "/v2/p/groups", [], {"X-Project-Id": PROJECT}, ""),
    "headers with blanks": ("GET", "/v2/p/groups", [], {"X-Project-Id": "  a   b ", "Accept": "\t*/*"}, ""),
    "header with other characters": ("GET", "/v2/p/groups", [], {"X-Reason": "Größe"}, ""),
    "path with escapes": ("GET", "/v2/p/groups/a%20b%C3%BC~%25%26%3F%23;:@!$'()*+,=", [], {}, ""),
    "path without escapes": ("GET", "/v2/p/groups/a-b_c.d~e", [], {}, ""),
}


@pytest.mark.parametrize("name", SIGNED)
def test_our_signatures_are_those_of_the_client(name):
    method, path, query, headers, body = SIGNED[name]
    headers = {"Content-Type": "application/json", "Host": HOST, "X-Sdk-Date": DATE, **headers}
    theirs = Signer(BasicCredentials(KEY["access"], KEY["secret"])).sign(
        SdkRequest(method, "https", HOST, path, query_params=list(query), header_params=dict(headers), body=body)
    )
    ours = authorization(
        ACCESS, Key(KEY["access"], KEY["secret"]), method, f"https://{HOST}{theirs.uri}", headers, body.encode()
    )
    assert ours == theirs.header_params["Authorization"]


class StandingClock:
    def wall(self):
        return 1767323045  # DATE


@pytest.mark.parametrize("key", [KEY, TEMPORARY_KEY], ids=["permanent", "temporary"])
@pytest.mark.parametrize("name", ["plain", "query with escapes", "body", "update", "deletion"])
def test_our_requests_are_signed_like_those_of_the_client(name, key):
    method, path, query, _headers, body = SIGNED[name]
    prepared = requests.Request(
        method, f"https://{HOST}{path}", headers={"Content-Type": "application/json"}, params=query, data=body or None
    ).prepare()
    token = key.get("security_token")
    signing = SignatureAuth(
        ACCESS,
        Key(key["access"], key["secret"], token),
        StandingClock(),
        lambda: PROJECT,
        SecretRegistry(TaskContext()),
    )
    sign = next(signing.auth_flow())
    sign(prepared)

    credentials = BasicCredentials(key["access"], key["secret"], PROJECT)
    if token:
        credentials = credentials.with_security_token(token)
    headers = {"Content-Type": "application/json", "X-Sdk-Date": DATE}
    theirs = credentials.sign_request(SdkRequest(method, "https", HOST, path, None, list(query), headers, body))
    assert {key: prepared.headers[key] for key in theirs.header_params} == theirs.header_params
