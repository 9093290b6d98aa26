# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs import spec
from ansible_collections.saasops.jobs.tests.unit.support.log_job_specs import DATES, FROM, JOB, PARAMS, TO, request


def test_the_body_of_a_new_job_holds_its_options_and_each_log_type_once():
    assert request().body("rsBlue") == {
        "resourceType": "REPLICASET",
        "resourceName": "rsBlue",
        "redacted": False,
        "sizeRequestedPerFileBytes": 1000,
        "logTypes": ["MONGODB", "FTDC"],
    }


@pytest.mark.parametrize(
    "product, date_format, sent",
    [
        ("ops_manager", None, (FROM, TO)),
        ("cloud_manager", None, ("2026-08-30T06:00:00Z", "2026-08-31T00:00:00Z")),
        ("atlas", None, ("2026-08-30T06:00:00Z", "2026-08-31T00:00:00Z")),
        ("ops_manager", "iso8601", ("2026-08-30T06:00:00Z", "2026-08-31T00:00:00Z")),
        ("cloud_manager", "milliseconds", (FROM, TO)),
    ],
)
def test_each_product_has_its_form_of_dates(product, date_format, sent):
    body = request(product, date_format=date_format, **DATES).body("rsBlue")
    assert (body["logCollectionFromDate"], body["logCollectionToDate"]) == sent


@pytest.mark.parametrize(
    "differs, alike",
    [
        ({}, True),
        # Three spellings of the same, by documentation, server and client.
        ({"resourceType": "REPLICA_SET"}, True),
        ({"resourceType": "REPLICASET"}, True),
        ({"resourceType": "cluster"}, False),
        ({"resourceName": "rsRed"}, False),
        ({"logTypes": ["MONGODB", "FTDC"]}, True),
        ({"logTypes": ["MONGODB"]}, False),
        ({"logTypes": None}, False),
        ({"sizeRequestedPerFileBytes": 1001}, False),
        ({"redacted": True}, False),
        ({"redacted": None}, True),
        ({"logCollectionFromDate": FROM, "logCollectionToDate": TO}, False),
        # Dates that are not set.
        ({"logCollectionFromDate": "0001-01-01T00:00:00Z", "logCollectionToDate": "9999-12-31T23:59:59Z"}, True),
    ],
)
def test_an_existing_job_meets_a_request_if_all_that_identifies_it_is_equal(differs, alike):
    assert request().is_met_by("rsBlue", {**JOB, **differs}, is_new=False) is alike


@pytest.mark.parametrize(
    "first, last, alike",
    [
        (FROM, TO, True),
        ("2026-08-30T06:00:00Z", "2026-08-31T00:00:00.000+00:00", True),
        (FROM, TO + 1000, False),
        (None, None, False),
    ],
)
def test_an_existing_job_meets_a_request_if_its_dates_are_equal_in_either_form(first, last, alike):
    job = {**JOB, "logCollectionFromDate": first, "logCollectionToDate": last}
    assert request(**DATES).is_met_by("rsBlue", job, is_new=False) is alike


def test_a_new_job_of_a_cluster_may_show_another_name_than_it_was_asked_for_with():
    cluster = request(resource_type="CLUSTER")
    shown = {**JOB, "resourceType": "cluster"}
    assert cluster.is_met_by("66f1c0de0000000000000077", shown, is_new=True) is False
    assert cluster.may_be_called_otherwise(shown) is True
    assert cluster.may_be_called_otherwise({**shown, "redacted": True}) is False
    assert request().may_be_called_otherwise(JOB) is False


def test_a_new_job_may_not_show_its_dates():
    assert request(**DATES).is_met_by("rsBlue", JOB, is_new=True) is True
    assert request(**DATES).is_met_by("rsBlue", {**JOB, "logCollectionFromDate": 1}, is_new=True) is False


def test_a_sharded_cluster_is_also_known_by_its_root():
    job = {**JOB, "resourceType": "CLUSTER", "resourceName": "x", "rootResourceName": "shGreen"}
    assert request(resource_type="CLUSTER").is_met_by("shGreen", job, is_new=False) is True
    assert request().is_met_by("shGreen", {**JOB, "rootResourceName": "shGreen"}, is_new=False) is False


@pytest.mark.parametrize("max_age, recent", [(None, True), ("5h", True), ("3h", False)])
def test_a_job_older_than_max_age_or_of_unknown_age_is_not_recent(max_age, recent):
    assert request(max_age=max_age).is_recent(JOB) is recent
    assert request(max_age=max_age).is_recent({}) is (max_age is None)


@pytest.mark.parametrize(
    "params, words",
    [
        ({"log_types": []}, "also give log_types"),
        ({"resource_type": None, "log_types": None}, "also give resource_type, log_types"),
        ({"size_requested_per_file_bytes": -1}, "positive"),
        ({"log_from": "2026-08-02", "log_to": "2026-08-01"}, "log_from must be before"),
        ({"log_from": "yesterday", "log_to": "2026-08-01"}, "log_from: 'yesterday' is not a time"),
        ({"max_age": "old"}, "max_age"),
    ],
)
def test_invalid_options_are_refused(params, words):
    with pytest.raises(errors.InvalidInput, match=words):
        request(**params)


def test_the_end_of_the_logs_must_be_past():
    request(log_from="2026-08-30", log_to="2026-08-31").check()
    with pytest.raises(errors.InvalidInput, match="log_to must not be in the future"):
        request(log_from="2026-08-31", log_to="2026-09-01").check()


def test_options_for_new_jobs_are_refused_for_existing_ones():
    nothing = dict.fromkeys(PARAMS)
    spec.refuse_for_existing({**nothing, "force": False})
    with pytest.raises(errors.InvalidInput, match="redacted and max_age and force: valid only for new jobs"):
        spec.refuse_for_existing({**nothing, "redacted": False, "max_age": "1d", "force": True})
