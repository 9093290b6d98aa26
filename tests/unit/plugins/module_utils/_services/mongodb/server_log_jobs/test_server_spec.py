# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.server_log_jobs.spec import ServerLogSpec

NOW = datetime(2026, 8, 31, 12, tzinfo=timezone.utc)
PARAMS = {
    "servers": ["om1", "om2"],
    "all_servers": None,
    "log_types": ["APPLICATION", "MIGRATION", "APPLICATION"],
    "size_requested_per_file_bytes": 1000,
    "log_from": None,
    "log_to": None,
    "max_age": None,
}
ALL = {"servers": None, "all_servers": True}
LEFT_OPEN = {**ALL, "log_types": None, "size_requested_per_file_bytes": None}
DATES = {"log_from": "2026-08-30T08:00:00.7+02:00", "log_to": "2026-08-31"}
FROM, TO = "2026-08-30T06:00:00Z", "2026-08-31T00:00:00Z"
JOB = {
    "id": "j",
    "servers": ["om2", "om1"],
    "logTypes": ["MIGRATION", "APPLICATION"],
    "sizeRequestedPerFileBytes": 1000,
    "logCollectionFromDate": None,
    "logCollectionToDate": None,
    "creationDate": "2026-08-31T08:00:00Z",
}
TYPES = ["APPLICATION", "HTTP_ACCESS", "MIGRATION"]


def never():
    pytest.fail("nobody needs to know which servers are active")


def spec(active=never, **params):
    return ServerLogSpec({**PARAMS, **params}, active, lambda: NOW)


def is_met(wanted, **differs):
    return wanted.is_met_by(wanted.name, {**JOB, **differs}, is_new=False)


def test_the_body_of_a_new_job_holds_what_the_user_gives_and_nothing_else():
    assert spec().body("om1, om2") == {
        "servers": ["om1", "om2"],
        "logTypes": ["APPLICATION", "MIGRATION"],
        "sizeRequestedPerFileBytes": 1000,
    }
    assert spec(**LEFT_OPEN).body("all servers") == {}
    dates = spec(**LEFT_OPEN, **DATES)
    assert dates.body("all servers") == {"logCollectionFromDate": FROM, "logCollectionToDate": TO}
    assert dates.shown("all servers") == {}


@pytest.mark.parametrize(
    "differs, alike",
    [
        ({}, True),
        ({"servers": ["OM1", "om2"]}, True),
        ({"servers": ["om1"]}, False),
        ({"servers": ["om1", "om2", "om3"]}, False),
        ({"servers": []}, False),
        ({"servers": None}, False),
        ({"logTypes": ["APPLICATION"]}, False),
        ({"logTypes": None}, False),
        ({"sizeRequestedPerFileBytes": 1001}, False),
        ({"sizeRequestedPerFileBytes": None}, False),
        ({"logCollectionFromDate": FROM, "logCollectionToDate": TO}, False),
    ],
)
def test_an_existing_job_meets_a_request_if_all_that_is_given_is_equal(differs, alike):
    assert is_met(spec(), **differs) is alike


@pytest.mark.parametrize(
    "differs, alike",
    [
        ({}, False),
        ({"logTypes": TYPES}, True),
        ({"logTypes": [*TYPES, "DAEMON"]}, True),
        # Of a backup daemon, there is nothing else.
        ({"logTypes": ["DAEMON"]}, True),
        ({"logTypes": []}, True),
        ({"logTypes": None}, True),
        ({"logTypes": TYPES, "sizeRequestedPerFileBytes": 7}, True),
    ],
)
def test_what_is_left_to_the_service_may_have_come_out_in_any_way(differs, alike):
    assert is_met(spec(log_types=None, size_requested_per_file_bytes=None), **differs) is alike


@pytest.mark.parametrize(
    "active, servers, alike",
    [
        ({"om1", "om2"}, ["om2", "om1"], True),
        ({"om1", "om2"}, ["OM1", "om2", "gone"], True),
        ({"om1", "om2", "new"}, ["om1", "om2"], False),
    ],
)
def test_a_job_for_all_servers_is_one_for_each_that_is_active(active, servers, alike):
    assert is_met(spec(lambda: active, **ALL), servers=servers) is alike


@pytest.mark.parametrize("servers", [[], None, "all"])
def test_a_job_that_names_no_servers_is_for_all_of_them(servers):
    assert is_met(spec(**ALL), servers=servers) is True


def test_which_servers_are_active_is_asked_for_only_if_that_decides():
    assert is_met(spec(**ALL), logTypes=["HTTP_ACCESS"]) is False


@pytest.mark.parametrize("dates, alike", [((FROM, TO), True), ((FROM, "2026-08-31T00:00:01Z"), False)])
def test_dates_are_compared(dates, alike):
    shown = dict(zip(("logCollectionFromDate", "logCollectionToDate"), dates))
    assert is_met(spec(**DATES), **shown) is alike


def test_what_a_new_job_does_not_show_does_not_rule_it_out():
    bare = {"id": "j"}
    assert spec(**DATES).is_met_by("om1, om2", bare, is_new=True) is True
    assert spec(**DATES).may_have_other_dates("om1, om2", JOB) is True
    assert spec().is_met_by("om1, om2", {**bare, "servers": ["om3"]}, is_new=True) is False


def test_a_new_job_for_all_servers_may_be_for_others_than_are_active_now():
    wanted = spec(lambda: {"om1", "om2", "new"}, **ALL)
    assert wanted.is_met_by("all servers", JOB, is_new=True) is False
    assert wanted.may_be_called_otherwise(JOB) is True
    assert wanted.may_be_called_otherwise({**JOB, "logTypes": ["DAEMON"]}) is False
    assert spec().may_be_called_otherwise(JOB) is False


@pytest.mark.parametrize(
    "params, words",
    [
        ({"servers": None}, "give servers, or all_servers: true"),
        ({"servers": None, "all_servers": False}, "give servers, or all_servers: true"),
        ({"servers": ["om1", "om1"]}, "given twice"),
        ({"log_types": []}, "log_types is empty"),
        ({"size_requested_per_file_bytes": 0}, "positive"),
        ({"log_from": "2026-08-02", "log_to": "2026-08-01"}, "log_from must be before"),
        ({"log_from": "2026-08-01", "log_to": "2026-08-08T00:00:01Z"}, "7 days at most"),
        ({"max_age": "old"}, "max_age"),
    ],
)
def test_invalid_options_are_refused(params, words):
    with pytest.raises(errors.InvalidInput, match=words):
        spec(**params)


def test_only_the_beginning_of_the_logs_must_be_past():
    spec(log_from="2026-08-31", log_to="2026-09-07").check()
    with pytest.raises(errors.InvalidInput, match="log_from must not be in the future"):
        spec(log_from="2026-09-01", log_to="2026-09-02").check()
