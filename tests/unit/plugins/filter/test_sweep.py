# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.filter import sweep
from ansible_collections.saasops.jobs.plugins.filter.refusal import refusal

FAILED = {"jobs": [{"id": "f1", "status": "FAILURE"}, {"id": "f2", "status": "FAILURE"}]}
OLD = {
    "jobs": [{"id": "f1", "status": "FAILURE"}, {"id": "s1", "status": "SUCCESS"}, {"id": "x1", "status": "EXPIRED"}]
}
ALL = ["SUCCESS", "FAILURE", "MARKED_FOR_EXPIRY", "EXPIRED"]


@pytest.mark.parametrize(
    ("old", "statuses", "retry", "delete"),
    [
        (OLD, ALL, ["f2"], ["f1", "s1", "x1"]),
        (OLD, "FAILURE", ["f2"], ["f1"]),
        (OLD, "SUCCESS, EXPIRED", ["f2"], ["s1", "x1"]),
        (OLD, ["EXPIRED"], ["f1", "f2"], ["x1"]),
        ({"skipped": True}, ALL, ["f1", "f2"], []),
        # The service does not show the status of one of them.
        ({"jobs": [{"id": "u1"}, *OLD["jobs"]]}, ["EXPIRED"], ["f1", "f2"], ["x1"]),
    ],
)
def test_sweep_plan_retries_only_what_will_not_be_deleted(old, statuses, retry, delete):
    plan = sweep.sweep_plan(FAILED, old, statuses)
    assert (plan["failed"], plan["retry"], plan["delete"]) == (["f1", "f2"], retry, delete)


def test_sweep_plan_over_the_limit_refuses():
    assert refusal(sweep.sweep_plan(FAILED, OLD, ALL), 2).startswith(
        "3 log collection jobs would be deleted, but log_collection_sweep_max_deletions allows 2."
    )


def rounds(*statuses):
    """The registered result of retries: for each round, the statuses of f1 and f2."""
    results = [
        {"jobs": [{"id": f"f{number}", "status": status} for number, status in enumerate(each, 1)]} for each in statuses
    ]
    return {"results": results}


PLAN = {"failed": ["f1", "f2"], "retry": ["f1", "f2"], "delete": []}


@pytest.mark.parametrize(
    ("retried", "recovered", "still_failed"),
    [
        ("reserved", [], ["f1", "f2"]),
        ({"results": [{"skipped": True}]}, [], ["f1", "f2"]),
        (rounds(("SUCCESS", "FAILURE")), ["f1"], ["f2"]),
        (rounds(("SUCCESS", "FAILURE"), ("SUCCESS", "SUCCESS")), ["f1", "f2"], []),
        (rounds(("IN_PROGRESS", "IN_PROGRESS")), [], []),
        ({"results": [{"failed": True, "msg": "No."}]}, [], []),
    ],
    ids=["not tried", "skipped", "one recovers", "the other too", "check mode", "failed at once"],
)
def test_sweep_report_after_retries(retried, recovered, still_failed):
    report = sweep.sweep_report(PLAN, retried, "reserved")
    expected = {"failed_before": ["f1", "f2"], "recovered": recovered, "still_failed": still_failed, "deleted": []}
    assert report == expected


def test_sweep_report_of_failed_jobs_that_were_deleted_leaves_them_out():
    plan = {**PLAN, "retry": [], "delete": ["f1", "f2"]}
    deleted = {"jobs": [{"id": "f1", "changed": True}, {"id": "f2", "changed": False}]}
    report = sweep.sweep_report(plan, {"results": []}, deleted)
    assert (report["deleted"], report["still_failed"]) == (["f1"], ["f2"])
