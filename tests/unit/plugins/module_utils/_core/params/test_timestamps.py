# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import timestamps

UTC = timezone.utc


@pytest.mark.parametrize(
    "text, moment",
    [
        ("2026-03-01T08:00:00Z", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01 08:00", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2014-08-27T14:00:06.472706", datetime(2014, 8, 27, 14, 0, 6, 472706, tzinfo=UTC)),
        ("2014-08-27T14:00:06.5Z", datetime(2014, 8, 27, 14, 0, 6, 500000, tzinfo=UTC)),
        ("2026-03-01T10:00:00+02:00", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2026-03-01T10:00:00+0200", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        ("2026-13-01", None),
        # UTC has no such moments.
        ("0001-01-01T00:00:00+01:00", None),
        ("9999-12-31T23:59:59-01:00", None),
    ],
)
def test_times_in_any_spelling_of_iso_8601_are_read(text, moment):
    assert timestamps.parse_time(text) == moment


def test_a_time_of_another_zone_is_read_as_one_of_utc():
    assert timestamps.parse_time("2026-03-01T10:00:00+02:00").tzinfo is UTC


@pytest.mark.parametrize(
    "text, seconds", [("90s", 90), ("15m", 900), ("12h", 43200), ("30d", 2592000), ("4w", 2419200), ("1 d", 86400)]
)
def test_a_span_is_a_number_with_a_unit(text, seconds):
    assert timestamps.span("older_than", text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "30", "d", "-1d", "1.5d", "30 days", "\u0663d", "9999999999d", "999999999w"])
def test_a_malformed_span_is_refused(text):
    with pytest.raises(InvalidInput):
        timestamps.span("older_than", text)


NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "params, days_ago, expected",
    [
        ({}, 5, True),
        ({"older_than": "30d"}, 31, True),
        ({"older_than": "30d"}, 29, False),
        ({"newer_than": "30d"}, 29, True),
        ({"newer_than": "30d"}, 31, False),
        ({"created_before": "2026-11-20"}, 3, True),
        ({"created_before": "2026-11-20"}, 1, False),
        ({"created_after": "2026-11-20"}, 1, True),
        ({"created_after": "2026-11-20"}, 3, False),
        ({"older_than": "1d", "created_after": "2026-11-18"}, 2, True),
        ({"older_than": "1d", "created_after": "2026-11-18"}, 9, False),
    ],
)
def test_a_time_window_holds_what_is_within_all_its_limits(params, days_ago, expected):
    window = timestamps.TimeWindow(params, lambda: NOW)
    assert window.holds(NOW - timedelta(days=days_ago), lambda moment: moment) is expected


def test_only_a_window_without_limits_holds_items_of_unknown_time():
    assert timestamps.TimeWindow({}, None).holds(None, lambda moment: moment) is True
    assert timestamps.TimeWindow({"older_than": "1d"}, lambda: NOW).holds(None, lambda moment: moment) is False


@pytest.mark.parametrize("params", [{"older_than": "999999w"}, {"created_before": "soon"}])
def test_a_malformed_limit_of_a_window_is_refused(params):
    with pytest.raises(InvalidInput):
        timestamps.TimeWindow(params, None)
