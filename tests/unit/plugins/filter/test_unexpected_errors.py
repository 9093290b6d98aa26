# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.saasops.jobs.plugins.filter import unexpected_errors
from role_templates import evaluate

SUCCESS = {"id": "s", "status": "SUCCESS", "changed": True}
ENDED = {"id": "f", "status": "FAILURE", "changed": True, "error": {"message": "The agent did not answer."}}
UNTRIED = {**ENDED, "changed": False, "error": {"message": "It may not be retried."}}
LATE = {"id": "l", "status": "IN_PROGRESS", "changed": True, "error": {"message": "It goes on."}}


def errors(*jobs, failed=True, expression="result | unexpected_errors(retried=true)"):
    summary = {"failed": sum("error" in job for job in jobs)}
    result = {"failed": failed, "msg": "All of it.", "jobs": list(jobs), "summary": summary}
    return evaluate(expression, unexpected_errors, result=result)


def test_unexpected_errors_of_a_task_that_did_not_fail_are_none():
    assert errors(SUCCESS, failed=False) == []


def test_unexpected_errors_with_jobs_that_failed_again_alone_are_none():
    assert errors(SUCCESS, ENDED) == []


def test_unexpected_errors_with_a_job_that_could_not_be_retried_are_its_message():
    assert errors(ENDED, UNTRIED) == ["It may not be retried."]


def test_unexpected_errors_without_retries_leave_out_every_job_that_failed():
    assert errors(UNTRIED, expression="result | unexpected_errors") == []


def test_unexpected_errors_with_a_job_under_way_are_its_message():
    assert errors(ENDED, LATE) == ["It goes on."]


def test_unexpected_errors_of_a_task_without_jobs_are_its_message():
    result = {"failed": True, "msg": "No such project."}
    assert evaluate("result | unexpected_errors", unexpected_errors, result=result) == ["No such project."]


def test_unexpected_errors_of_a_loop_are_those_of_its_last_item():
    items = [{"failed": False, "jobs": []}, {"failed": True, "msg": "x", "jobs": [LATE], "summary": {"failed": 1}}]
    assert evaluate("result | unexpected_errors", unexpected_errors, result={"failed": True, "results": items}) == [
        "It goes on."
    ]
