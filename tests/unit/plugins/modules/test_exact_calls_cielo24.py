# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An order of a captioning job, call by call, and what is said if the service makes something else of it."""

from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.tests.unit.support.exact_calls import BASE, run
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply

JOB = f"{1:032x}"
MEDIA = "https://media.example.net/a.mp4"
ASKED = "v=1&api_token=token-1234"
OF_THE_JOB = f"{ASKED}&job_id={JOB}"
SHOWN = {"JobId": JOB, "JobStatus": "Pending", "ExternalID": "new-1", "Fidelity": "HIGH", "Priority": "STANDARD"}
GONE = Reply(400, {"ErrorType": "ITEM_NOT_FOUND", "ErrorComment": "Item not found"})
INFO = f"GET /api/job/info?{OF_THE_JOB}"
STEPS = [
    Call(f"GET /api/job/list?{ASKED}", Reply(200, {"ActiveJobs": []})),
    Call(f"GET /api/job/new?{ASKED}&external_id=new-1", Reply(200, {"JobId": JOB, "TaskId": "t"})),
    Call(f"GET /api/job/add_media?{OF_THE_JOB}&media_url={MEDIA}", Reply(200, {"TaskId": "t"})),
    Call(
        f"GET /api/job/perform_transcription?{OF_THE_JOB}&transcription_fidelity=PROFESSIONAL&priority=STANDARD",
        Reply(200, {"TaskId": "t"}),
    ),
]


def order(*calls, **more):
    """The result of an order, and its warnings."""
    params = {
        "base_url": BASE,
        "api_token": "token-1234",
        "external_ids": ["new-1"],
        "media_url": MEDIA,
        "transcription": {"fidelity": "PROFESSIONAL"},
        "state": "present",
        **more,
    }
    with FakeService(*STEPS, *calls):
        result = run("cielo24_job", params)
    return result, result["warnings"]


def test_order_sends_each_step_once_and_looks_again():
    result, warnings = order(Call(INFO, Reply(200, SHOWN)))
    assert result["jobs"][0]["steps"] == ["new", "add_media", "perform_transcription"]
    assert (result["jobs"][0]["Fidelity"], warnings) == ("HIGH", [])


@pytest.mark.parametrize(
    "different, words",
    [
        ({"Fidelity": "MECHANICAL"}, "differs from the order: transcription.fidelity is MECHANICAL, not PROF"),
        ({"ExternalID": "NEW-1"}, "as NEW-1, not as new-1: the next run will not find the job by it"),
        ({"Priority": "PRIORITY"}, "has the priority PRIORITY, not STANDARD"),
    ],
)
def test_order_that_the_service_alters_is_a_warning(different, words):
    result, warnings = order(Call(INFO, Reply(200, {**SHOWN, **different})))
    assert "error" not in result
    assert len(warnings) == 1
    assert words in warnings[0]


UNORDERED = Call(INFO, Reply(200, {**SHOWN, "Fidelity": None}))


def test_order_that_shows_late_is_waited_for():
    result, warnings = order(UNORDERED, UNORDERED, Call(INFO, Reply(200, SHOWN)))
    assert (result["jobs"][0]["Fidelity"], warnings) == ("HIGH", [])


def test_order_that_does_not_show_is_a_warning():
    result, warnings = order(*[UNORDERED] * 5)
    assert "error" not in result
    assert len(warnings) == 1
    assert "does not show yet that its transcription was ordered. Run this task again only once it does" in warnings[0]


def test_order_that_shows_late_is_authorized_once_it_shows():
    authorize = Call("GET /api/job/authorize?v=1&api_token=token-1234&job_id=" + JOB, Reply(204))
    shown = Call(INFO, Reply(200, SHOWN))
    result, warnings = order(UNORDERED, UNORDERED, shown, authorize, shown, authorize=True)
    assert result["jobs"][0]["steps"] == ["new", "add_media", "perform_transcription", "authorize"]
    assert warnings == []


def test_order_succeeds_if_the_new_job_cannot_be_seen():
    result, warnings = order(Call(INFO, GONE))
    assert (result["changed"], "error" in result, warnings) == (True, False, [])


def test_order_of_a_job_that_is_gone_is_not_authorized():
    result, _warnings = order(Call(INFO, GONE), authorize=True)
    entry = result["jobs"][0]
    assert entry["error"]["message"] == f"Captioning job new-1 ({JOB}) was deleted by someone else."
    assert (entry["changed"], entry["steps"]) == (True, ["new", "add_media", "perform_transcription"])


def test_wait_fails_if_the_job_is_deleted_meanwhile():
    calls = [Call(INFO, Reply(200, SHOWN)), Call(INFO, Reply(200, SHOWN)), Call(INFO, GONE), Call(INFO, GONE)]
    result, _warnings = order(*calls, wait=True)
    assert "was deleted by someone else" in result["jobs"][0]["error"]["message"]
    assert result["changed"] is True
