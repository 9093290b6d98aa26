# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.filter import purge
from ansible_collections.saasops.jobs.plugins.filter.refusal import refusal
from role_templates import OMIT, evaluate

FOUND = {"jobs": [{"id": "1", "JobName": "Weather"}, {"id": "2", "JobName": None}, {"id": "3", "JobName": "Panel, 2"}]}
NAMES = {"1": "Weather", "2": "", "3": "Panel, 2"}


def plan(keep, found=None):
    return evaluate("found | purge_plan(keep)", purge, found=FOUND if found is None else found, keep=keep)


@pytest.mark.parametrize(
    ("keep", "planned", "kept", "unmatched"),
    [
        (OMIT, ["1", "2", "3"], [], []),
        (["Weather"], ["2", "3"], ["1"], []),
        (["Panel, *", "News"], ["1", "2"], ["3"], ["News"]),
        ("Weather\nPanel*\n", ["2"], ["1", "3"], []),
        (["*"], [], ["1", "2", "3"], []),
        (["weather"], ["1", "2", "3"], [], ["weather"]),
    ],
)
def test_purge_plan_with_keep_plans_the_others(keep, planned, kept, unmatched):
    expected = {"planned": planned, "kept": kept, "names": NAMES, "keep_unmatched": unmatched}
    actual = plan(keep)
    assert {key: actual[key] for key in expected} == expected


def test_purge_plan_of_an_undefined_keep_plans_all():
    assert evaluate("found | purge_plan(nothing)", purge, found=FOUND)["planned"] == ["1", "2", "3"]


def test_purge_plan_without_jobs_has_no_unmatched_patterns():
    assert plan(["Weather"], found={"jobs": []})["keep_unmatched"] == []


def test_purge_plan_over_the_limit_refuses_with_names_and_ids():
    assert refusal(plan(OMIT), 2) == (
        "3 captioning jobs would be deleted, but cielo24_purge_max_deletions allows 2. Nothing was changed. They are: "
        "Weather (1), (2), Panel, 2 (3)."
    )


def test_purge_report_without_a_plan_is_empty():
    empty = {"planned": [], "kept": [], "names": {}, "keep_unmatched": [], "deleted": [], "failed": []}
    assert purge.purge_report("reserved", "reserved") == empty


@pytest.mark.parametrize(
    ("deleted", "done", "failed"),
    [
        ("reserved", [], []),
        ({"failed": True, "msg": "No connection."}, [], ["2", "3"]),
        ({"jobs": [{"id": "2", "changed": True}, {"id": "3", "changed": False}]}, ["2"], []),
        ({"jobs": [{"id": "2", "changed": True, "error": {}}, {"id": "3", "changed": True}]}, ["3"], ["2"]),
    ],
    ids=["refused", "not reached", "one was gone", "one in doubt"],
)
def test_purge_report_after_a_deletion(deleted, done, failed):
    report = purge.purge_report(plan(["Weather"]), deleted)
    assert (report["planned"], report["kept"]) == (["2", "3"], ["1"])
    assert (report["deleted"], report["failed"]) == (done, failed)
    assert "limited" not in report
