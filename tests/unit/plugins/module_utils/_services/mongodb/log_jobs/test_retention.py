# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.retention import Retention

NOW = datetime(2026, 8, 31, 12, tzinfo=timezone.utc)
JOB = {"id": "j", "creationDate": "2026-08-31T08:00:00Z"}


def retention(expires_at=None, keep_for=None):
    return Retention({"expires_at": expires_at, "keep_for": keep_for})


EXPIRES = {**JOB, "status": "SUCCESS", "expirationDate": "2026-09-30T08:00:00Z"}


@pytest.mark.parametrize(
    "given, job, expected",
    [
        ({}, EXPIRES, None),
        ({"keep_for": "30d"}, EXPIRES, None),
        ({"keep_for": "60d"}, EXPIRES, "2026-10-30T08:00:00Z"),
        # Somebody else may want them for longer.
        ({"keep_for": "1d"}, EXPIRES, None),
        ({"expires_at": "2026-09-02"}, EXPIRES, None),
        ({"expires_at": "2026-09-30T10:00:00.4+02:00"}, EXPIRES, None),
        ({"expires_at": "2026-12-24"}, EXPIRES, "2026-12-24T00:00:00Z"),
        ({"expires_at": "2026-12-24"}, {"status": "SUCCESS"}, "2026-12-24T00:00:00Z"),
        ({"keep_for": "60d"}, {**EXPIRES, "status": "IN_PROGRESS"}, "2026-10-30T08:00:00Z"),
        ({"keep_for": "60d"}, {**EXPIRES, "status": "MARKED_FOR_EXPIRY"}, "2026-10-30T08:00:00Z"),
        # Six months are counted by the calendar: to the last day of February here.
        ({"expires_at": "2027-02-28T08:00:00Z"}, EXPIRES, "2027-02-28T08:00:00Z"),
    ],
)
def test_retention_that_may_not_be_shortened_is_only_extended(given, job, expected):
    change = retention(**given).plan("j", job, NOW, may_shorten=False)
    assert change.refusal is None
    assert change.after == (expected and {"expirationDate": expected})


@pytest.mark.parametrize(
    "given, job, words",
    [
        ({"keep_for": "60d"}, {**EXPIRES, "status": "EXPIRED"}, "has expired"),
        ({"keep_for": "60d"}, {"status": "SUCCESS"}, "does not say when it was created"),
        ({"expires_at": "2027-02-28T08:00:01Z"}, EXPIRES, "6 months after that at most"),
        ({"keep_for": "1h"}, {**EXPIRES, "expirationDate": None}, "would have expired at 2026-08-31T09:00:00Z already"),
    ],
)
def test_what_the_service_would_refuse_is_not_asked_for(given, job, words):
    assert words in retention(**given).plan("j", job, NOW, may_shorten=False).refusal


def test_only_a_date_for_a_job_that_is_named_shortens():
    change = retention(expires_at="2026-09-02").plan("j", EXPIRES, NOW, may_shorten=True)
    assert (change.action, change.after) == ("shorten", {"expirationDate": "2026-09-02T00:00:00Z"})
    assert not retention(keep_for="3d").plan("j", EXPIRES, NOW, may_shorten=True).acts


def test_an_expired_job_with_the_right_date_is_left():
    assert not retention(keep_for="30d").plan("j", {**EXPIRES, "status": "EXPIRED"}, NOW, may_shorten=False).acts


@pytest.mark.parametrize(
    "given, words",
    [
        ({"expires_at": "soon"}, "not a time"),
        ({"keep_for": "200d"}, "6 months at most"),
        ({"keep_for": "long"}, "keep_for"),
    ],
)
def test_dates_that_cannot_be_right_for_any_job_are_refused(given, words):
    with pytest.raises(errors.InvalidInput, match=words):
        retention(**given)


def test_a_date_must_be_in_the_future():
    retention(expires_at="2026-08-31T12:00:01Z").check(NOW)
    with pytest.raises(errors.InvalidInput, match="expires_at: 2026-08-31T12:00:00Z is not in the future"):
        retention(expires_at="2026-08-31T12:00:00Z").check(NOW)


def test_a_new_job_cannot_be_kept_for_ever():
    retention(expires_at="2027-02-28T12:00:00Z").check_for_new(NOW)
    with pytest.raises(errors.InvalidInput, match="6 months"):
        retention(expires_at="2027-02-28T12:00:01Z").check_for_new(NOW)
    # From the end of August, six months are three days less than they can be.
    with pytest.raises(errors.InvalidInput, match="keep_for: logs are kept for 6 months"):
        retention(keep_for="184d").check_for_new(NOW)
    assert retention(expires_at="2026-12-24").for_new() == {"expirationDate": "2026-12-24T00:00:00Z"}
    assert retention(keep_for="1d").for_new() == {}
