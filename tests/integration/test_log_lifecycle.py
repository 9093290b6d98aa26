# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log collections that installations show in one way or another."""

from __future__ import annotations

import accounts
import pytest
from running import run

COLLECT = {
    "state": "present",
    "resource_type": "REPLICASET",
    "resource_names": ["rsRed"],
    "log_types": ["MONGODB"],
    "size_requested_per_file_bytes": 1000,
}
HOUR = {"log_from": "2026-03-01T08:00:00Z", "log_to": "2026-03-01T09:00:00Z"}


def collect(sandbox, check=False, **more):
    return run("log_collection_job", accounts.log_collection(sandbox.url, **COLLECT, **more), check=check)


@pytest.mark.parametrize("check", [True, False])
def test_whether_dates_that_do_not_show_are_the_same_is_not_known(sandbox, check):
    sandbox.variants(log_dates_shown=False)
    first = collect(sandbox, **HOUR)["jobs"][0]["id"]
    again = collect(sandbox, check, **HOUR)
    assert again["changed"] is True
    assert [f"Log collection job {first} may be" in warning for warning in again["warnings"]] == [True]
    # Without dates, nothing is missing.
    assert collect(sandbox, check)["warnings"] == []


def test_dates_that_show_are_compared(sandbox):
    collect(sandbox, **HOUR)
    again = collect(sandbox, **HOUR)
    assert (again["changed"], again["warnings"]) == (False, [])
    other = collect(sandbox, **{**HOUR, "log_to": "2026-03-01T10:00:00Z"})
    assert (other["changed"], other["warnings"]) == (True, [])


def test_dates_in_a_form_that_the_installation_refuses_are_an_error_that_names_date_format(sandbox):
    sandbox.variants(log_dates="iso8601")
    refused = collect(sandbox, **HOUR)
    assert (refused["failed"], refused["changed"], refused["error"]["code"]) == (True, False, "INVALID_DATE_FORMAT")
    assert "set date_format to the other form" in refused["msg"]
    assert collect(sandbox, **HOUR, date_format="iso8601")["changed"] is True
