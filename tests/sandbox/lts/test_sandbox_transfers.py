# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy

import pytest
from sandbox_lts import APP, AUDIT, EU, LOGINS, NGINX, PROJECT, SHARED, UNKNOWN, assert_error

API = "22222222-aaaa-4000-8000-000000000002"
DETAIL = {"obs_period": 3, "obs_period_unit": "hour", "obs_bucket_name": "app-archive"}
INFO = {
    "log_transfer_type": "OBS",
    "log_transfer_mode": "cycle",
    "log_storage_format": "JSON",
    "log_transfer_status": "ENABLE",
    "log_transfer_detail": DETAIL,
}
BODY = {
    "log_group_id": APP,
    "log_streams": [{"log_stream_id": NGINX}, {"log_stream_id": API}],
    "log_transfer_info": INFO,
}
SHOWN = {"obs_prefix_name": "", "obs_dir_pre_fix_name": "", "obs_encrypted_enable": False}
AGENCY = {
    name: f"x-{name}"
    for name in (
        "agency_domain_id",
        "agency_domain_name",
        "agency_name",
        "agency_project_id",
        "be_agency_domain_id",
        "be_agency_project_id",
    )
}


def changed(info=None, detail=None, without=(), **body):
    """The body of a creation, in which some parts are changed."""
    made = copy.deepcopy({**BODY, **body})
    made["log_transfer_info"].update(info or {})
    made["log_transfer_info"]["log_transfer_detail"].update(detail or {})
    for name in without:
        for part in (made, made["log_transfer_info"], made["log_transfer_info"]["log_transfer_detail"]):
            part.pop(name, None)
    return made


def create(lts, **changes):
    response = lts("POST", "/transfers", json=changed(**changes))
    assert response.status_code == 200, response.text
    return response.json()


def refused(field):
    return 400, "LTS.0009", f"The Field {field} is invalid or missing."


def listed(lts, query=""):
    return lts("GET", "/transfers" + query).json()["log_transfers"]


def test_created_transfer_is_listed_and_blocks_its_streams(sandbox, lts):
    made = create(lts)
    assert list(made) == ["log_group_id", "log_group_name", "log_streams", "log_transfer_id", "log_transfer_info"]
    assert (made["log_group_id"], made["log_group_name"]) == (APP, "app")
    assert made["log_streams"][0] == {"log_stream_id": NGINX, "log_stream_name": "nginx"}
    info = made["log_transfer_info"]
    assert {**INFO, "log_transfer_detail": {**SHOWN, **DETAIL}, "log_create_time": info["log_create_time"]} == info
    assert info["log_create_time"] > 10**12
    assert listed(lts)[-1] == made
    assert sandbox.requests()[0]["acted"] is True
    assert sandbox.state()["lts"][PROJECT]["transfers"][made["log_transfer_id"]] == {
        "streams": [NGINX, API],
        "status": "ENABLE",
        "group": APP,
        "format": "JSON",
        "detail": {**SHOWN, **DETAIL},
        "agency": None,
    }
    assert lts("DELETE", f"/groups/{APP}/streams/{API}").json()["error_code"] == "LTS.0207"
    lts("DELETE", f"/transfers?log_transfer_id={made['log_transfer_id']}")
    assert create(lts)["log_transfer_id"] != made["log_transfer_id"]


def test_defaults_are_not_shown_with_variant(sandbox, lts):
    sandbox.variants(transfer_defaults_shown=False)
    assert create(lts)["log_transfer_info"]["log_transfer_detail"] == DETAIL


@pytest.mark.parametrize(
    "period,unit", [(2, "min"), (5, "min"), (30, "min"), (1, "hour"), (3, "hour"), (6, "hour"), (12, "hour")]
)
def test_documented_period_is_accepted(lts, period, unit):
    create(lts, detail={"obs_period": period, "obs_period_unit": unit})


@pytest.mark.parametrize(
    "changes,field",
    [
        ({"log_group_id": None}, "log_group_id"),
        ({"log_streams": []}, "log_streams"),
        ({"log_streams": NGINX}, "log_streams"),
        ({"log_streams": [NGINX]}, "log_stream_id"),
        ({"log_streams": [{"log_stream_name": "nginx"}]}, "log_stream_id"),
        ({"without": ["log_transfer_info"]}, "log_transfer_info"),
        ({"info": {"log_transfer_type": "DIS"}}, "log_transfer_type"),
        ({"info": {"log_transfer_mode": "realTime"}}, "log_transfer_mode"),
        ({"info": {"log_storage_format": "CSV"}}, "log_storage_format"),
        ({"info": {"log_transfer_status": "EXCEPTION"}}, "log_transfer_status"),
        ({"without": ["log_transfer_detail"]}, "log_transfer_detail"),
        ({"without": ["obs_period"]}, "obs_period"),
        ({"detail": {"obs_period": "3"}}, "obs_period"),
        ({"detail": {"obs_period": 2}}, "obs_period"),
        ({"detail": {"obs_period": 3, "obs_period_unit": "min"}}, "obs_period"),
        ({"detail": {"obs_period_unit": "day"}}, "obs_period_unit"),
        ({"without": ["obs_bucket_name"]}, "obs_bucket_name"),
        ({"detail": {"obs_bucket_name": "ab"}}, "obs_bucket_name"),
        ({"detail": {"obs_prefix_name": "a/b"}}, "obs_prefix_name"),
        ({"detail": {"obs_prefix_name": "a" * 65}}, "obs_prefix_name"),
        ({"detail": {"obs_dir_pre_fix_name": "a//b"}}, "obs_dir_pre_fix_name"),
        ({"detail": {"obs_dir_pre_fix_name": "a b"}}, "obs_dir_pre_fix_name"),
        ({"detail": {"obs_encrypted_enable": "no"}}, "obs_encrypted_enable"),
        ({"detail": {"obs_encrypted_id": 1}}, "obs_encrypted_id"),
        ({"detail": {"obs_time_zone": "UTC"}}, "obs_time_zone_id"),
        ({"detail": {"obs_time_zone_id": "Etc/GMT"}}, "obs_time_zone"),
        ({"detail": {"tags": "hostName"}}, "tags"),
        ({"info": {"log_agency_transfer": {"agency_name": "x"}}}, "beAgency domain id"),
        ({"info": {"log_agency_transfer": {**AGENCY, "be_agency_domain_id": ""}}}, "beAgency domain id"),
    ],
    ids=str,
)
def test_invalid_field_is_refused_by_name(sandbox, lts, changes, field):
    assert_error(lts("POST", "/transfers", json=changed(**changes)), *refused(field))
    assert sandbox.acted() == 0


def test_all_settings_are_kept(lts):
    detail = {
        "obs_prefix_name": "a.b-c_9",
        "obs_dir_pre_fix_name": "/a/b.c/",
        "obs_encrypted_enable": True,
        "obs_encrypted_id": "key-1",
        "obs_time_zone": "UTC+02:00",
        "obs_time_zone_id": "Europe/Berlin",
        "obs_eps_id": "0",
        "tags": ["hostName"],
    }
    info = create(lts, detail=detail, info={"log_agency_transfer": AGENCY})["log_transfer_info"]
    assert info["log_transfer_detail"] == {**DETAIL, **detail} and info["log_agency_transfer"] == AGENCY
    assert listed(lts)[-1]["log_transfer_info"] == info


def test_creation_with_missing_or_conflicting_objects_is_refused(sandbox, lts):
    def attempt(**changes):
        return lts("POST", "/transfers", json=changed(**changes))

    assert_error(attempt(log_group_id=UNKNOWN), 404, "LTS.0201", "The log group does not exist")
    missing = [{"log_stream_id": NGINX}, {"log_stream_id": LOGINS}]
    assert_error(attempt(log_streams=missing), 400, "LTS.0208", f"Log stream id does not exist: {LOGINS}")
    bucket = {"obs_bucket_name": "nobodys"}
    assert_error(attempt(detail=bucket), 400, "LTS.0416", "obs bucket does not exist: nobodys")
    second = {"log_group_id": AUDIT, "log_streams": [{"log_stream_id": EU}]}
    assert_error(attempt(**second), 400, "LTS.0207", "The log stream is associated by transfer")
    sandbox.variants(second_transfer_status=500)
    assert_error(attempt(**second), 500, "LTS.0207", "The log stream is associated by transfer")
    assert lts("POST", "/transfers", data="{").json()["error_code"] == "LTS.0007"
    assert sandbox.acted() == 0


def test_any_bucket_is_accepted_if_seed_names_none(sandbox, lts, seed):
    del seed["lts"]["projects"][0]["buckets"]
    sandbox.control("POST", "reset", seed)
    create(lts, detail={"obs_bucket_name": "nobodys"})


def test_seeded_agency_is_shown(sandbox, lts, seed):
    seed["lts"]["projects"][0]["groups"][1]["transfers"][0].update(agency=AGENCY, format="JSON")
    sandbox.control("POST", "reset", seed)
    info = listed(lts)[0]["log_transfer_info"]
    assert (info["log_agency_transfer"], info["log_storage_format"]) == (AGENCY, "JSON")
    assert "log_agency_transfer" not in listed(lts)[1]["log_transfer_info"]


def update(lts, transfer_id=SHARED, without=(), **changes):
    info = {key: INFO[key] for key in ("log_storage_format", "log_transfer_status", "log_transfer_detail")}
    info = {key: value for key, value in {**info, **changes}.items() if key not in without}
    return lts("PUT", "/transfers", json={"log_transfer_id": transfer_id, "log_transfer_info": info})


def test_update_changes_format_status_and_detail(sandbox, lts):
    before = listed(lts)[1]
    response = update(lts, log_transfer_status="DISABLE")
    assert response.status_code == 200 and response.json() == listed(lts)[1]
    info = response.json()["log_transfer_info"]
    assert (info["log_storage_format"], info["log_transfer_status"]) == ("JSON", "DISABLE")
    assert info["log_transfer_detail"] == {**SHOWN, **DETAIL}
    assert info["log_create_time"] == before["log_transfer_info"]["log_create_time"]
    assert response.json()["log_streams"] == before["log_streams"]
    assert sandbox.acted() == 1


@pytest.mark.parametrize("how,kept", [("replace", ""), ("merge", "mine")])
def test_settings_left_out_are_removed_or_kept_by_variant(sandbox, lts, how, kept):
    update(lts, log_transfer_detail={**DETAIL, "obs_prefix_name": "mine"})
    sandbox.variants(transfer_update=how)
    detail = update(lts).json()["log_transfer_info"]["log_transfer_detail"]
    assert detail["obs_prefix_name"] == kept


@pytest.mark.parametrize("transfer_id", [None, "", UNKNOWN, 7])
def test_update_of_missing_transfer_is_refused(lts, transfer_id):
    assert_error(update(lts, transfer_id), *refused("transfer id"))


@pytest.mark.parametrize("field", ["log_storage_format", "log_transfer_status", "log_transfer_detail"])
def test_update_without_required_field_is_refused(sandbox, lts, field):
    assert_error(update(lts, without=[field]), *refused(field))
    assert sandbox.acted() == 0


def test_invalid_update_is_refused(sandbox, lts):
    assert_error(update(lts, log_transfer_detail={**DETAIL, "obs_period": 4}), *refused("obs_period"))
    response = update(lts, log_transfer_detail={**DETAIL, "obs_bucket_name": "nobodys"})
    assert_error(response, 400, "LTS.0416", "obs bucket does not exist: nobodys")
    assert_error(lts("PUT", "/transfers", json={"log_transfer_id": SHARED}), *refused("log_transfer_info"))
    assert sandbox.acted() == 0


def test_new_transfer_is_not_listed_for_duration_of_variant(sandbox, lts):
    sandbox.clock(frozen=True)
    sandbox.variants(hide_new_lts=10)
    made = create(lts)
    assert len(listed(lts)) == 3
    assert lts("POST", "/transfers", json=BODY).json()["error_code"] == "LTS.0207"
    sandbox.clock(advance=10)
    assert listed(lts)[3] == made


def test_list_without_limit_has_page_size_of_variant(sandbox, lts):
    sandbox.variants(transfer_page_size=2)
    assert len(listed(lts)) == 2 and len(listed(lts, "?offset=2")) == 1
    assert len(listed(lts, "?limit=100")) == 3
