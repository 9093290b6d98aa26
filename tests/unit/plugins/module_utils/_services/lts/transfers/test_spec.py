# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.transfers import spec

DETAIL = {"obs_period": 3, "obs_period_unit": "hour", "obs_bucket_name": "logs"}
AGENCY = {
    "agency_domain_id": "a",
    "agency_domain_name": "b",
    "agency_name": "c",
    "agency_project_id": "d",
    "be_agency_domain_id": "e",
    "be_agency_project_id": "f",
}


def wanted(**given):
    return spec.TransferSpec.from_params({**dict.fromkeys(spec.OPTIONS), **given})


def transfer(status="ENABLE", form="RAW", agency=None, **detail):
    info = {
        "log_create_time": 1,
        "log_transfer_type": "OBS",
        "log_transfer_mode": "cycle",
        "log_storage_format": form,
        "log_transfer_status": status,
        "log_transfer_detail": {**DETAIL, "obs_transfer_path": "/x", **detail},
    }
    return {
        "log_transfer_id": "t1",
        "log_transfer_info": {**info, **({"log_agency_transfer": agency} if agency else {})},
    }


PERIODS = [(2, "min"), (5, "min"), (30, "min"), (1, "hour"), (3, "hour"), (6, "hour"), (12, "hour")]


@pytest.mark.parametrize("unit", ["min", "hour"])
def test_periods_other_than_those_of_lts_are_refused(unit):
    for period in range(61):
        if (period, unit) in PERIODS:
            wanted(obs_period=period, obs_period_unit=unit)
        else:
            with pytest.raises(InvalidInput, match="2min, 5min, 30min, 1hour, 3hour, 6hour or 12hour"):
                wanted(obs_period=period, obs_period_unit=unit)


@pytest.mark.parametrize(
    "given, words",
    [
        ({"obs_period": 3}, "belong together"),
        ({"obs_period_unit": "hour"}, "belong together"),
        ({"obs_bucket_name": "ab"}, "obs_bucket_name"),
        ({"obs_bucket_name": "a" * 64}, "obs_bucket_name"),
        ({"obs_bucket_name": "Logs"}, "obs_bucket_name"),
        ({"obs_prefix_name": "a/b"}, "obs_prefix_name"),
        ({"obs_prefix_name": "a" * 65}, "obs_prefix_name"),
        ({"obs_dir_prefix_name": "a//b"}, "obs_dir_prefix_name"),
        ({"obs_dir_prefix_name": "a b"}, "obs_dir_prefix_name"),
        ({"obs_dir_prefix_name": "a/" * 33}, "obs_dir_prefix_name"),
        ({"obs_time_zone": "UTC+01:00"}, "belong together"),
        ({"obs_time_zone_id": "Europe/Berlin"}, "belong together"),
        ({"obs_dir_prefix_name": ""}, "obs_dir_prefix_name"),
        ({"log_agency_transfer": {**AGENCY, "agency_name": ""}}, "log_agency_transfer.agency_name"),
    ],
)
def test_malformed_options_are_refused(given, words):
    with pytest.raises(InvalidInput, match=words):
        wanted(**given)


@pytest.mark.parametrize("missing", ["obs_bucket_name"])
def test_missing_names_the_options_that_a_new_transfer_needs(missing):
    given = {name: value for name, value in DETAIL.items() if name != missing}
    assert wanted(**given).missing == [missing]
    assert wanted(**DETAIL, obs_encrypted_enable=True).missing == ["obs_encrypted_id"]
    assert wanted(**DETAIL).missing == []


def test_new_info_has_defaults_for_what_is_not_given():
    assert wanted(**DETAIL, obs_dir_prefix_name="a/b").new_info() == {
        "log_transfer_type": "OBS",
        "log_transfer_mode": "cycle",
        "log_storage_format": "RAW",
        "log_transfer_status": "ENABLE",
        "log_transfer_detail": {**DETAIL, "obs_dir_pre_fix_name": "a/b"},
    }
    made = wanted(**DETAIL, enabled=False, log_storage_format="JSON", log_agency_transfer=AGENCY).new_info()
    assert (made["log_transfer_status"], made["log_storage_format"]) == ("DISABLE", "JSON")
    assert made["log_agency_transfer"] == AGENCY


@pytest.mark.parametrize(
    "given, observed",
    [
        ({}, transfer()),
        (DETAIL, transfer()),
        ({"enabled": True}, transfer()),
        ({"enabled": False}, transfer("DISABLE")),
        # It is enabled and has a problem: to enable it again would not help, and would never be done.
        ({"enabled": True}, transfer("EXCEPTION")),
        ({"obs_dir_prefix_name": "/a/b/"}, transfer(obs_dir_pre_fix_name="a/b")),
        ({"obs_prefix_name": ""}, transfer()),
        ({"obs_prefix_name": ""}, transfer(obs_prefix_name=None)),
        ({"obs_encrypted_enable": False}, transfer()),
        ({"log_storage_format": "RAW"}, transfer()),
    ],
)
def test_updated_info_is_none_if_nothing_differs(given, observed):
    assert wanted(**given).updated_info(observed) is None


@pytest.mark.parametrize(
    "given, observed, status, form, detail",
    [
        ({"enabled": False}, transfer(), "DISABLE", "RAW", DETAIL),
        ({"enabled": False}, transfer("EXCEPTION"), "DISABLE", "RAW", DETAIL),
        ({"enabled": True}, transfer("DISABLE"), "ENABLE", "RAW", DETAIL),
        ({"log_storage_format": "JSON"}, transfer("DISABLE"), "DISABLE", "JSON", DETAIL),
        # LTS takes only two of the three.
        ({"log_storage_format": "JSON"}, transfer("EXCEPTION"), "ENABLE", "JSON", DETAIL),
        (
            {"obs_period": 5, "obs_period_unit": "min"},
            transfer(obs_prefix_name="p", obs_eps_id="0"),
            "ENABLE",
            "RAW",
            {**DETAIL, "obs_period": 5, "obs_period_unit": "min", "obs_prefix_name": "p", "obs_eps_id": "0"},
        ),
        (
            {"obs_prefix_name": ""},
            transfer(obs_prefix_name="p", obs_time_zone="", obs_encrypted_id=None),
            "ENABLE",
            "RAW",
            {**DETAIL, "obs_prefix_name": ""},
        ),
    ],
)
def test_update_sends_what_stays_with_what_changes(given, observed, status, form, detail):
    new = wanted(**given).updated_info(observed)
    assert spec.as_update(new) == {
        "log_storage_format": form,
        "log_transfer_status": status,
        "log_transfer_detail": detail,
    }


@pytest.mark.parametrize(
    "has, asked, differs",
    [(None, None, False), (AGENCY, None, False), (AGENCY, AGENCY, False), (None, AGENCY, True)],
)
def test_other_agency_is_recognized(has, asked, differs):
    assert wanted(log_agency_transfer=asked).has_other_agency(transfer(agency=has)) is differs
    other = {**AGENCY, "agency_name": "other"}
    assert wanted(log_agency_transfer=other).has_other_agency(transfer(agency=AGENCY)) is True
