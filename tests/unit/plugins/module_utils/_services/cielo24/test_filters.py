# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import filters

NOTHING = dict.fromkeys(
    [*filters.OPTIONS, "created_before", "created_after", "older_than", "newer_than"],
)


@pytest.mark.parametrize("field", ["JobStatus", "Fidelity", "Priority", "JobDifficulty"])
@pytest.mark.parametrize("shown", [["PREMIUM"], {"a": 1}, 17, None])
def test_a_field_that_is_no_text_matches_no_filter(field, shown):
    given = {
        "JobStatus": {"status": ["Complete"]},
        "Fidelity": {"fidelity": ["PREMIUM"]},
        "Priority": {"priority": ["STANDARD"]},
        "JobDifficulty": {"job_difficulty": ["Good"]},
    }[field]
    fits = filters.filtering({**NOTHING, **given}, now=None)
    assert fits({"JobId": "j", field: shown}) is False


def test_without_external_ids_every_job_fits_and_none_is_missing():
    wanted = filters.ExternalIdFilter(NOTHING)
    assert (wanted.holds({"ExternalID": "a"}), wanted.holds({}), wanted.missing) == (True, True, [])


def test_external_ids_that_no_job_has_are_missing_in_their_order():
    wanted = filters.ExternalIdFilter({**NOTHING, "external_ids": ["c", "17", "b", "None"]})
    shown = ["a", 17, None]
    assert [wanted.holds({"ExternalID": each}) for each in shown] == [False, True, False]
    assert wanted.missing == ["c", "b", "None"]
