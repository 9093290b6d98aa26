# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.json_fields import pick_details
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import timestamps


def test_details_are_the_named_fields_that_have_a_value():
    thing = {"name": "a", "size": 0, "owner": None, "url": "https://x/", "made": None}
    assert pick_details(thing, ("name", "size", "owner", "absent"), ("made",)) == {"name": "a", "size": 0}


@pytest.mark.parametrize(
    "date, shown",
    [
        ("2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z"),
        ("2026-03-01T09:30:00+01:30", "2026-03-01T08:00:00Z"),
        ("2026-03-01T08:00:00.472706", "2026-03-01T08:00:00Z"),
        ("2026-03-01", "2026-03-01T00:00:00Z"),
        ("soon", "soon"),
        ("", ""),
        (["2026-03-01"], ["2026-03-01"]),
        # UTC has no such date.
        ("0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00+01:00"),
    ],
)
def test_dates_in_details_are_in_iso_8601_and_utc_where_they_are_dates(date, shown):
    assert pick_details({"made": date}, (), ("made",)) == {"made": shown}


def test_dates_in_details_are_read_in_the_form_of_the_service():
    found = pick_details({"made": 1_772_352_000_000}, (), ("made",), timestamps.from_milliseconds)
    assert found == {"made": "2026-03-01T08:00:00Z"}
