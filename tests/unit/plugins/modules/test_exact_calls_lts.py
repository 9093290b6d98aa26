# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exact requests that the modules of LTS cost, in order, with what they send; one more or one fewer fails."""

from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.placeholders import is_placeholder
from ansible_collections.saasops.jobs.tests.unit.support.exact_calls import (
    BASE,
    GROUP,
    LTS,
    LTS_PARAMS,
    LTS_PROJECT,
    run,
    streams,
    uuid,
)
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply

CONNECTION = {name: value for name, value in LTS_PARAMS.items() if name != "log_group_id"}
OTHER = "11111111-aaaa-4000-8000-000000000002"
SYSTEM = {"_sys_enterprise_project_id": "0"}
DETAIL = {"obs_period": 3, "obs_period_unit": "hour", "obs_bucket_name": "logs"}


def groups(*found):
    return Reply(200, {"log_groups": [{"log_group_id": i, "log_group_name": n, **more} for i, n, more in found]})


def transfers(*found):
    return Reply(200, {"log_transfers": list(found)})


def transfer(number, *stream_ids, status="ENABLE"):
    info = {"log_transfer_type": "OBS", "log_storage_format": "RAW", "log_transfer_status": status}
    return {
        "log_transfer_id": uuid(number),
        "log_group_id": GROUP,
        "log_streams": [{"log_stream_id": stream_id} for stream_id in stream_ids],
        "log_transfer_info": {**info, "log_transfer_detail": DETAIL},
    }


def of_tags(tags):
    return [{"key": key, "value": value} for key, value in tags.items()]


LIST_GROUPS = f"GET {LTS}/groups"
LIST_STREAMS = f"GET {LTS}/groups/{GROUP}/streams"
LIST_TRANSFERS = f"GET {LTS}/transfers?limit=100&offset=0"


@pytest.mark.parametrize("check", [True, False])
def test_present_groups_cost_one_list_and_one_write_each(check):
    tag = {**SYSTEM, "old": "1"}
    calls = [
        Call(LIST_GROUPS, groups((GROUP, "app", {"ttl_in_days": 30, "tag": tag}), (OTHER, "same", {"ttl_in_days": 7})))
    ]
    if not check:
        new = {"log_group_name": "new", "ttl_in_days": 7, "tags": of_tags({"a": "1"})}
        old = {"action": "delete", "is_open": True, "tags": of_tags({"old": "1"})}
        changed = {"ttl_in_days": 7, "tags": of_tags({"a": "1"})}
        calls += [
            Call(f"POST {LTS}/groups", Reply(201, {"log_group_id": uuid(9)}), body=new),
            Call(f"POST /v1/{LTS_PROJECT}/groups/{GROUP}/tags/action", Reply(200), body=old),
            Call(f"POST {LTS}/groups/{GROUP}", Reply(200, {}), body=changed),
            Call(f"POST {LTS}/groups/{OTHER}", Reply(200, {}), body=changed),
        ]
    with FakeService(*calls):
        params = {"log_group_names": ["new", "app", "same"], "ttl_in_days": 7, "tags": {"a": 1}, "state": "present"}
        result = run("lts_log_group", {**CONNECTION, "purge_tags": True, **params}, check)
    assert [group["action"] for group in result["log_groups"]] == ["create", "update", "update"]
    for field in ("id", "log_group_id"):
        assert is_placeholder(result["log_groups"][0][field]) if check else result["log_groups"][0][field] == uuid(9)
    assert result["log_groups"][1]["tag"] == {**SYSTEM, "a": "1"}


@pytest.mark.parametrize("check", [True, False])
def test_recursive_deletion_of_a_group_costs_its_lists_and_one_deletion_per_transfer(check):
    calls = [
        Call(LIST_GROUPS, groups((GROUP, "app", {}), (OTHER, "other", {}))),
        Call(LIST_STREAMS, streams(1, 2)),
        Call(LIST_TRANSFERS, transfers(transfer(7, uuid(1)), {**transfer(8, uuid(5)), "log_group_id": OTHER})),
    ]
    if not check:
        calls += [
            Call(f"DELETE {LTS}/transfers?log_transfer_id={uuid(7)}", Reply(200, {})),
            Call(f"DELETE {LTS}/groups/{GROUP}", Reply(204)),
        ]
    with FakeService(*calls):
        params = {"log_group_names": ["app", "gone"], "recursive": True, "state": "absent"}
        result = run("lts_log_group", {**CONNECTION, **params}, check)
    assert result["log_groups"][0]["deleted_streams"] == ["s1", "s2"]
    assert result["log_groups"][0]["deleted_transfers"] == [uuid(7)]


@pytest.mark.parametrize("check", [True, False])
def test_a_group_whose_streams_cannot_be_read_keeps_no_other_from_being_deleted(check):
    forbidden = Reply(403, {"error_code": "LTS.0003", "error_msg": "Authentication failed."})
    calls = [
        Call(LIST_GROUPS, groups((GROUP, "app", {}), (OTHER, "other", {}))),
        Call(LIST_STREAMS, streams()),
        Call(f"GET {LTS}/groups/{OTHER}/streams", forbidden),
        Call(LIST_TRANSFERS, transfers()),
    ]
    if not check:
        calls.append(Call(f"DELETE {LTS}/groups/{GROUP}", Reply(204)))
    with FakeService(*calls):
        params = {"log_group_names": ["app", "other"], "recursive": True, "state": "absent"}
        result = run("lts_log_group", {**CONNECTION, **params}, check)
    assert [(group["action"], "error" in group) for group in result["log_groups"]] == [
        ("delete", False),
        ("none", True),
    ]
    assert (result["failed"], result["changed"]) == (True, True)


def test_absent_group_that_is_gone_costs_one_list():
    with FakeService(Call(LIST_GROUPS, groups())):
        params = {"log_group_names": ["gone"], "recursive": True, "state": "absent"}
        assert run("lts_log_group", {**CONNECTION, **params})["changed"] is False


@pytest.mark.parametrize("check", [True, False])
def test_present_streams_cost_one_list_and_one_write_each(check):
    calls = [
        Call(
            LIST_STREAMS,
            Reply(
                200,
                {
                    "log_streams": [
                        {"log_stream_id": uuid(1), "log_stream_name": "s1", "ttl_in_days": 7, "tag": SYSTEM},
                        {"log_stream_id": uuid(2), "log_stream_name": "s2", "ttl_in_days": 3, "tag": SYSTEM},
                    ]
                },
            ),
        )
    ]
    if not check:
        calls += [
            Call(
                f"POST {LTS}/groups/{GROUP}/streams",
                Reply(201, {"log_stream_id": uuid(3)}),
                body={"log_stream_name": "s3", "ttl_in_days": 7},
            ),
            Call(f"PUT {LTS}/groups/{GROUP}/streams-ttl/{uuid(2)}", Reply(200, {}), body={"ttl_in_days": 7}),
        ]
    with FakeService(*calls):
        params = {"log_stream_names": ["s3", "s1", "s2"], "ttl_in_days": 7, "state": "present"}
        result = run("lts_log_stream", {**LTS_PARAMS, "purge_tags": True, **params}, check)
    assert [stream["action"] for stream in result["log_streams"]] == ["create", "none", "update"]


def test_new_stream_without_ttl_is_sent_without_one():
    calls = [
        Call(LIST_STREAMS, streams()),
        Call(
            f"POST {LTS}/groups/{GROUP}/streams", Reply(201, {"log_stream_id": uuid(3)}), body={"log_stream_name": "s3"}
        ),
    ]
    with FakeService(*calls):
        run("lts_log_stream", {**LTS_PARAMS, "log_stream_names": ["s3"], "state": "present"})


@pytest.mark.parametrize("check", [True, False])
def test_new_transfer_costs_two_lists_and_one_write(check):
    calls = [Call(LIST_STREAMS, streams(1, 2, 3)), Call(LIST_TRANSFERS, transfers(transfer(7, uuid(3))))]
    if not check:
        info = {
            "log_transfer_type": "OBS",
            "log_transfer_mode": "cycle",
            "log_storage_format": "RAW",
            "log_transfer_status": "ENABLE",
            "log_transfer_detail": DETAIL,
        }
        sent = [{"log_stream_id": uuid(2)}, {"log_stream_id": uuid(1)}]
        body = {"log_group_id": GROUP, "log_streams": sent, "log_transfer_info": info}
        calls.append(Call(f"POST {LTS}/transfers", Reply(200, transfer(8, uuid(2), uuid(1))), body=body))
    with FakeService(*calls):
        params = {"log_stream_names": ["s2", "s1"], **DETAIL, "state": "present"}
        result = run("lts_log_transfer", {**LTS_PARAMS, **params}, check)
    for field in ("id", "log_transfer_id"):
        found = result["log_transfers"][0][field]
        assert is_placeholder(found) if check else found == uuid(8)


def test_transfers_by_id_cost_one_list_and_one_write_per_change():
    info = {"log_storage_format": "RAW", "log_transfer_status": "DISABLE", "log_transfer_detail": DETAIL}
    calls = [
        Call(LIST_TRANSFERS, transfers(transfer(7), transfer(8, status="DISABLE"))),
        Call(f"PUT {LTS}/transfers", Reply(200, {}), body={"log_transfer_id": uuid(7), "log_transfer_info": info}),
    ]
    with FakeService(*calls):
        params = {"log_transfer_ids": [uuid(8), uuid(7)], "enabled": False, "state": "present"}
        result = run("lts_log_transfer", {**CONNECTION, **params})
    assert [entry["action"] for entry in result["log_transfers"]] == ["none", "update"]


def test_absent_streams_by_pattern_are_listed_once():
    calls = [
        Call(LIST_STREAMS, streams(1, 2, 12)),
        Call(LIST_TRANSFERS, transfers()),
        Call(f"DELETE {LTS}/groups/{GROUP}/streams/{uuid(1)}", Reply(204)),
        Call(f"DELETE {LTS}/groups/{GROUP}/streams/{uuid(12)}", Reply(204)),
    ]
    with FakeService(*calls):
        result = run("lts_log_stream", {**LTS_PARAMS, "name_pattern": "s1*", "state": "absent"})
    assert result["summary"]["changed"] == 2


@pytest.mark.parametrize("response", [Reply(201), Reply(201, {}), Reply(201, {"log_group_id": ""}), Reply(201, "ok")])
def test_new_group_is_looked_up_if_the_answer_lacks_its_id(response):
    new = {"log_group_name": "new", "ttl_in_days": 30}
    calls = [
        Call(LIST_GROUPS, groups()),
        Call(f"POST {LTS}/groups", response, body=new),
        Call(LIST_GROUPS, groups((GROUP, "new", {"ttl_in_days": 30}))),
    ]
    with FakeService(*calls):
        result = run("lts_log_group", {**CONNECTION, "log_group_names": ["new"], "state": "present"})
    assert (result["changed"], result["log_groups"][0]["id"]) == (True, GROUP)


def test_transfer_to_another_service_is_not_changed():
    found = transfer(7)
    found["log_transfer_info"]["log_transfer_type"] = "DMS"
    with FakeService(Call(LIST_TRANSFERS, transfers(found))):
        params = {"log_transfer_ids": [uuid(7)], "enabled": False, "state": "present"}
        assert "goes to DMS; only those to OBS are changed" in run("lts_log_transfer", {**CONNECTION, **params})["msg"]


def test_null_is_read_as_an_empty_list():
    with FakeService(Call(LIST_GROUPS, Reply(200, {"log_groups": None}))):
        assert run("lts_log_group_info", CONNECTION)["log_groups"] == []


def test_groups_deleted_while_transfers_are_listed_by_group_are_skipped():
    many = transfers(*(transfer(number) for number in range(100)))
    gone = Reply(400, {"error_code": "LTS.0201", "error_msg": "The log group is not existed"})
    calls = [
        Call(LIST_TRANSFERS, many),
        Call(f"GET {LTS}/transfers?limit=100&offset=100", many),
        Call(LIST_GROUPS, groups((GROUP, "app", {}), (OTHER, "other", {}))),
        Call(f"GET {LTS}/transfers?limit=100&log_group_name=app", gone),
        Call(f"GET {LTS}/transfers?limit=100&log_group_name=other", transfers(transfer(200))),
    ]
    with FakeService(*calls):
        assert run("lts_log_transfer_info", CONNECTION)["total"] == 101


USER = {"username": "u", "password": "password-1", "user_domain_name": "d", "auth_url": f"{BASE}/v3"}
SIGN_IN = "POST /v3/auth/tokens?nocatalog=1"
TOKEN = {"token": {"expires_at": "2027-01-01T00:00:00.000000Z", "project": {"id": LTS_PROJECT}}}


def password(scope, **user):
    user = user or {"name": "u", "password": "password-1", "domain": {"name": "d"}}
    return {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}


def test_password_costs_one_sign_in():
    scope = {"project": {"name": "eu-de", "domain": {"name": "d"}}}
    calls = [
        Call(SIGN_IN, Reply(201, TOKEN, X_Subject_Token="issued-1"), body=password(scope), X_Auth_Token=None),
        Call(LIST_GROUPS, groups(), X_Auth_Token="issued-1"),
    ]
    with FakeService(*calls):
        run("lts_log_group_info", {"endpoint": BASE, "project_name": "eu-de", **USER})


def test_passcode_is_sent_with_the_password():
    body = password({"project": {"id": LTS_PROJECT}}, id="u-1", password="password-1")
    body["auth"]["identity"]["methods"].append("totp")
    body["auth"]["identity"]["totp"] = {"user": {"id": "u-1", "passcode": "123456"}}
    calls = [
        Call(SIGN_IN, Reply(201, TOKEN, X_Subject_Token="issued-1"), body=body),
        Call(LIST_GROUPS, groups(), X_Auth_Token="issued-1"),
    ]
    with FakeService(*calls):
        user = {"user_id": "u-1", "password": "password-1", "passcode": "123456", "auth_url": BASE}
        run("lts_log_group_info", {"endpoint": BASE, "project_id": LTS_PROJECT, **user})


def test_agency_costs_a_second_sign_in():
    role = {"xrole_name": "agency", "domain_name": "other"}
    scope = {"project": {"name": "eu-de"}}
    agency = {"auth": {"identity": {"methods": ["assume_role"], "assume_role": role}, "scope": scope}}
    calls = [
        Call(SIGN_IN, Reply(201, TOKEN, X_Subject_Token="issued-1"), body=password({"domain": {"name": "d"}})),
        Call(SIGN_IN, Reply(201, TOKEN, X_Subject_Token="issued-2"), body=agency, X_Auth_Token="issued-1"),
        Call(LIST_GROUPS, groups(), X_Auth_Token="issued-2"),
    ]
    with FakeService(*calls):
        params = {"agency_name": "agency", "agency_domain_name": "other", "delegated_project": "eu-de", **USER}
        run("lts_log_group_info", {"endpoint": BASE, **params})


def test_project_name_is_looked_up_once():
    found = Reply(200, {"projects": [{"id": "f" * 32, "name": "eu-de_b"}, {"id": LTS_PROJECT, "name": "eu-de"}]})
    calls = [
        Call("GET /v3/projects?name=eu-de", found, X_Auth_Token="token-1234"),
        Call(LIST_GROUPS, groups((GROUP, "app", {})), X_Auth_Token="token-1234"),
        Call(LIST_STREAMS, streams(), X_Auth_Token="token-1234"),
    ]
    with FakeService(*calls):
        params = {"project_name": "eu-de", "auth_url": BASE, "log_group_name": "app"}
        run("lts_log_stream_info", {"endpoint": BASE, "auth_token": "token-1234", **params})


@pytest.mark.parametrize(
    "region, lts, iam",
    [
        ("eu-de", "lts.eu-de.otc.t-systems.com", "iam.eu-de.otc.t-systems.com"),
        ("eu-nl", "lts.eu-nl.otc.t-systems.com", "iam.eu-nl.otc.t-systems.com"),
        ("eu-ch2", "lts.eu-ch2.sc.otc.t-systems.com", "iam-pub.eu-ch2.sc.otc.t-systems.com"),
        ("cn-north-4", "lts.cn-north-4.myhuaweicloud.com", "iam.cn-north-4.myhuaweicloud.com"),
        ("my-kualalumpur-1", "lts.my-kualalumpur-1.myhuaweicloud.com", "iam.my-kualalumpur-1.myhuaweicloud.com"),
        ("eu-west-101", "lts.eu-west-101.myhuaweicloud.eu", "iam.eu-west-101.myhuaweicloud.eu"),
    ],
)
def test_region_gives_the_hosts_of_lts_and_iam(region, lts, iam):
    calls = [
        Call(SIGN_IN, Reply(201, TOKEN, X_Subject_Token="issued-1"), body=password({"project": {"id": LTS_PROJECT}})),
        Call(LIST_GROUPS, groups()),
    ]
    with FakeService(*calls) as service:
        run("lts_log_group_info", {"project_id": LTS_PROJECT, "region": region, **USER, "auth_url": None})
    assert [request.url.split("/")[2] for request, _settings in service.seen] == [iam, lts]


@pytest.mark.parametrize(
    "place, form",
    [
        ({"region": "eu-de"}, "Credential"),
        ({"region": "eu-ch2"}, "Credential"),
        ({"endpoint": "https://lts.eu-nl.otc.t-systems.com:8443"}, "Credential"),
        ({"region": "ap-southeast-3"}, "Access"),
        ({"endpoint": BASE}, "Access"),
        ({"region": "eu-de", "auth_form": "access"}, "Access"),
        ({"endpoint": BASE, "auth_form": "credential"}, "Credential"),
    ],
)
def test_form_of_the_signature_depends_on_the_host(place, form):
    with FakeService(Call(LIST_GROUPS, groups())) as service:
        run("lts_log_group_info", {"project_id": LTS_PROJECT, "access_key": "AK", "secret_key": "secret-1", **place})
    headers = service.seen[0][0].headers
    assert headers["Authorization"].startswith(f"SDK-HMAC-SHA256 {form}=AK")
    assert headers["X-Project-Id"] == LTS_PROJECT
    assert "secret-1" not in str(headers)
