# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from cielo24_calls import (
    ACADEMY,
    ACADEMY_TOKEN,
    JOBS,
    NEWS,
    REFUSALS,
    SUB,
    acted,
    assert_error,
    new,
    ok,
    order,
)

HELD = "require_customer_authorization_before_starting_workflow"


def info(cielo, job_id, **more):
    return ok(cielo("job/info", job_id=job_id, **more))


def listed(cielo, **filters):
    return [job["JobId"] for job in ok(cielo("job/list", **filters))["ActiveJobs"]]


def test_a_new_job(box, cielo):
    box.control("POST", "clock", {"frozen": True})
    named = {"requestor": "ann", "reference": "r-1", "expected_speakers": "3"}
    answer = ok(cielo("job/new", job_name="Talk", language="de", external_id="t-1", **named))
    assert list(answer) == ["JobId", "TaskId"]
    assert all(re.fullmatch("[0-9a-f]{32}", value) for value in answer.values())
    job = info(cielo, answer["JobId"])
    assert (job["JobName"], job["ExternalID"], job["JobStatus"]) == ("Talk", "t-1", "Pending")
    assert (job["SourceLanguage"], job["TargetLanguage"]) == ("de", "de")
    assert job["AuthorizationDate"] == job["CreationDate"]
    for name in ("MediaLengthSeconds", "Priority", "Fidelity", "StartDate", "DueDate", "CompletedDate", "ReturnDate"):
        assert job[name] is None
    assert (job["ReturnTargets"], job["Options"], job["JobDifficulty"]) == ({}, {}, "Unknown")
    assert box.state()["cielo24"][NEWS]["jobs"][answer["JobId"]] == {
        "status": "Pending",
        "name": "Talk",
        "external_id": "t-1",
        "language": "de",
        "media": None,
        "transcription": None,
    }
    assert acted(box) == [True, False]


def test_a_job_with_no_name(cielo):
    job_id = new(cielo)
    assert info(cielo, job_id)["JobName"] is None
    assert listed(cielo, JobName="*")[0] == job_id and job_id not in listed(cielo, JobName="M*")


def test_new_jobs_are_the_newest_of_the_list(box, cielo):
    box.control("POST", "clock", {"frozen": True})
    made = [new(cielo, job_name="same") for _number in range(3)]
    assert len(set(made)) == 3
    assert listed(cielo)[:3] == made[::-1]
    assert listed(cielo, JobName="same") == made[::-1]


def test_ids_are_the_same_after_a_reset(box, cielo):
    first = [new(cielo, job_name=name) for name in ("a", "b", "a")]
    box.reset()
    assert [new(cielo, job_name=name) for name in ("a", "a", "b")] == [first[0], first[2], first[1]]


@pytest.mark.parametrize("name", ["username", "Username"])
def test_a_job_in_a_sub_account(box, cielo, name):
    job_id = new(cielo, **{name: SUB})
    assert job_id in box.state()["cielo24"][SUB]["jobs"] and job_id not in listed(cielo)
    assert info(cielo, job_id)["JobStatus"] == "Pending"
    assert_error(cielo("job/new", **{name: ACADEMY}), "ACCOUNT_UNPRIVILEGED")


def test_wrong_new_jobs(box, cielo):
    assert_error(cielo("job/new", language="English language"), "INVALID_OPTION")
    assert_error(cielo("job/new", expected_speakers="some"), "INVALID_QUERY")
    assert_error(cielo("job/new", is_duplicate="maybe"), "INVALID_OPTION")
    assert acted(box) == [False] * 3


@pytest.mark.parametrize("kind", REFUSALS)
def test_an_external_id_is_used_once(box, cielo, kind):
    box.variants(repeated_external_id=kind, booleans="lower_case")
    assert_error(cielo("job/new", external_id="show-1004"), kind)
    assert_error(cielo("job/new", external_id="show-1004", is_duplicate="False"), kind)
    # Documented as not case-sensitive.
    assert new(cielo, external_id="show-1004", is_duplicate="True") in listed(cielo, ExternalID="show-1004")
    assert new(cielo, external_id="show-1004", username=SUB)
    assert cielo("job/delete", job_id=JOBS["a3"]).status_code == 200
    assert new(cielo, external_id="show-1003")


def test_external_ids_need_not_be_unique(box, cielo):
    box.variants(repeated_external_id="accepted")
    assert len({new(cielo, external_id="same") for _number in range(2)}) == 2


@pytest.mark.parametrize("status", ["Authorizing", "Pending"])
def test_status_of_a_new_job_whatever_the_setting(box, cielo, status):
    box.variants(new_job_status=status)
    for token in (None, ACADEMY_TOKEN):
        more = {"token": token} if token else {}
        assert info(cielo, new(cielo, **more), **more)["JobStatus"] == status


def test_a_setting_holds_new_jobs(box, cielo):
    job_id = new(cielo, token=ACADEMY_TOKEN)
    job = info(cielo, job_id, token=ACADEMY_TOKEN)
    assert (job["JobStatus"], job["AuthorizationDate"]) == ("Authorizing", None)
    cielo("account/update_setting", "POST", data={"setting": HELD, "value": "true"})
    assert info(cielo, new(cielo))["JobStatus"] == "Authorizing"


def test_authorize(box, cielo):
    answer = cielo("job/authorize", job_id=JOBS["a1"])
    assert (answer.status_code, answer.content) == (204, b"")
    job = info(cielo, JOBS["a1"])
    assert job["JobStatus"] == "Pending" and job["AuthorizationDate"] > job["CreationDate"]
    # No effect and no error in all other states.
    for name in ("a1", "a2", "a3", "a4", "a5", "a6"):
        assert cielo("job/authorize", job_id=JOBS[name]).status_code == 204
    assert acted(box) == [True] + [False] * 7
    assert_error(cielo("job/authorize", job_id=JOBS["ff"]), "ITEM_NOT_FOUND")
    box.variants(authorize_status=200)
    answer = cielo("job/authorize", job_id=JOBS["a1"])
    assert (answer.status_code, answer.content) == (200, b"")


def test_an_authorized_job_goes_on(box, cielo):
    """Through the times of its account."""
    job_id, token = JOBS["d2"], ACADEMY_TOKEN
    box.control("POST", "clock", {"frozen": True})
    cielo("job/authorize", token=token, job_id=job_id)
    seen = []
    for seconds in (0, 30, 120, 60):
        box.control("POST", "clock", {"advance": seconds})
        seen.append(info(cielo, job_id, token=token)["JobStatus"])
    assert seen == ["Pending", "In Process", "Reviewing", "Complete"]


def test_states_of_the_academy(box, cielo):
    jobs = {job["JobId"][-2:]: job for job in ok(cielo("job/list", token=ACADEMY_TOKEN))["ActiveJobs"]}
    assert {name: job["JobStatus"] for name, job in jobs.items()} == {
        "d1": "Authorizing",
        "d2": "Authorizing",
        "d3": "Pending",
        "d4": "In Process",
        "d5": "Reviewing",
        "d6": "Complete",
        "d7": "Complete",
        "d8": "Media Failure",
    }
    assert (jobs["d7"]["SourceLanguage"], jobs["d7"]["TargetLanguage"]) == ("de", "en")
    assert jobs["d6"]["Options"] == {
        "notes": {"label": "Notes", "setting": "Two speakers"},
        "speaker_id": {"label": "Speaker id", "setting": True},
    }
    assert jobs["d6"]["ReturnTargets"] == {"url": [{"callback_url": "https://academy.example/done?job={job_id}"}]}
    state = box.state()["cielo24"][ACADEMY]
    assert state["api_keys"] == 2 and state["jobs"][JOBS["d1"]]["media"] is None
    assert state["jobs"][JOBS["d3"]]["transcription"] is None
    box.control("POST", "clock", {"advance": "6m"})
    done = info(cielo, JOBS["d4"], token=ACADEMY_TOKEN)
    assert done["JobStatus"] == "Complete" and done["CompletedDate"] > done["StartDate"]


def test_modify(box, cielo):
    wanted = {
        "transcription_fidelity": "MECHANICAL",
        "priority": "STANDARD",
        "turnaround_hours": "16",
        "callback_url": "http://user:pw@example.com/done",
        "expected_speakers": "4",
        "requestor_id": "ann",
        "notes": "Quiet please",
    }
    answer = cielo("job/modify", "POST", job_id=JOBS["a1"], data=wanted)
    assert (answer.status_code, answer.content) == (204, b"")
    job = info(cielo, JOBS["a1"])
    # Too few hours for STANDARD.
    assert (job["Fidelity"], job["Priority"]) == ("MECHANICAL", "PRIORITY")
    assert job["ReturnTargets"]["url"][0]["callback_url"].startswith("http://user")
    assert job["Options"]["notes"]["setting"] == "Quiet please"
    # In the query too; the same once more is no change.
    assert cielo("job/modify", "POST", job_id=JOBS["a1"], **wanted).status_code == 204
    assert acted(box) == [True, False, False]


def test_modify_moves_a_job(box, cielo):
    assert cielo("job/modify", "POST", job_id=JOBS["a1"], account_id=SUB).status_code == 204
    state = box.state()["cielo24"]
    assert JOBS["a1"] in state[SUB]["jobs"] and JOBS["a1"] not in state[NEWS]["jobs"]
    assert_error(cielo("job/modify", "POST", job_id=JOBS["a1"], account_id=ACADEMY), "ACCOUNT_UNPRIVILEGED")


def test_wrong_modifications(box, cielo):
    for name in ("a2", "a3", "a4", "a5", "a6"):
        assert_error(cielo("job/modify", "POST", job_id=JOBS[name], priority="PRIORITY"), "INVALID_QUERY")
    assert_error(cielo("job/modify", "POST", job_id=JOBS["a1"], priority="SOON"), "INVALID_OPTION")
    assert_error(cielo("job/modify", "POST", job_id=JOBS["a1"], callback_url="done"), "INVALID_URL")
    assert_error(cielo("job/modify", "POST", job_id=JOBS["a1"], turnaround_hours="0"), "INVALID_QUERY")
    assert cielo("job/modify", job_id=JOBS["a1"], priority="PRIORITY").status_code == 405
    assert not any(acted(box))


def test_a_new_job_can_be_hidden_for_a_while(box, cielo):
    box.variants(hide_new_captioning_job=20)
    box.control("POST", "clock", {"frozen": True})
    job_id = new(cielo)
    assert job_id not in listed(cielo) and info(cielo, job_id)
    box.control("POST", "clock", {"advance": 20})
    assert job_id in listed(cielo)


def test_a_list_can_be_cut_off(box, cielo):
    box.variants(list_limit=2)
    everything = listed(cielo)
    assert [job_id[-2:] for job_id in everything] == ["a1", "a2"]
    assert [job_id[-2:] for job_id in listed(cielo, JobStatus="Complete", Username="*")] == ["a4", "b1"]


def test_all_dates_can_be_filtered(box, cielo):
    job = info(cielo, JOBS["d7"], token=ACADEMY_TOKEN)
    dates = {"StartDate": "StartDate", "DueDate": "DueDate", "CompleteDate": "CompletedDate"}
    dates.update({name: name for name in ("CreationDate", "ReturnDate", "AuthorizationDate")})
    for name, field in dates.items():
        edges = {f"{name}From": job[field], f"{name}To": job[field]}
        assert listed(cielo, token=ACADEMY_TOKEN, **edges) == [JOBS["d7"]], name
        assert_error(cielo("job/list", **{f"{name}To": "soon"}), "INVALID_QUERY")


def test_jobs_without_an_order_have_no_turnaround(cielo):
    found = listed(cielo, token=ACADEMY_TOKEN, TurnaroundTimeHoursFrom="0")
    assert JOBS["d1"] not in found and JOBS["d2"] in found
    assert_error(cielo("job/list", TurnaroundTimeHoursTo="soon"), "INVALID_QUERY")


def test_related_jobs(cielo):
    body = ok(cielo("job/list_related", token=ACADEMY_TOKEN, job_id=JOBS["d7"]))
    assert body == {
        "related_jobs": [],
        "leading_job": {
            "job_status": "Complete",
            "job_id": JOBS["d7"],
            "current_priority": "PRIORITY",
            "media_length": "0:40:00",
            "current_fidelity": "HIGH",
            "language": "de:en",
        },
    }
    assert_error(cielo("job/list_related", job_id=JOBS["d7"]), "ITEM_NOT_FOUND")


def test_other_forms_of_a_job(box, cielo):
    job_id = new(cielo)
    box.variants(empty_fields="left_out", external_id_name="ExternalId", options_form="plain")
    job = info(cielo, job_id)
    assert "StartDate" not in job and "ExternalId" not in job
    assert info(cielo, JOBS["a1"])["ExternalId"] == "show-1001"
    assert info(cielo, JOBS["d6"], token=ACADEMY_TOKEN)["Options"] == {"notes": "Two speakers", "speaker_id": True}
    box.variants(empty_fields="empty")
    job = info(cielo, job_id)
    assert (job["StartDate"], job["ExternalId"], job["ReturnTargets"], job["Options"]) == ("", "", "", {})


def test_other_errors_of_delete(box, cielo):
    box.variants(deletable_states="early", undeletable_job_error="UNHANDLED_ERROR", deleted_job_error="INVALID_QUERY")
    assert_error(cielo("job/delete", job_id=JOBS["a3"]), "UNHANDLED_ERROR")
    assert cielo("job/delete", job_id=JOBS["a2"]).status_code == 200
    assert_error(cielo("job/delete", job_id=JOBS["a2"]), "INVALID_QUERY")
    assert_error(cielo("job/delete", job_id=JOBS["ff"]), "ITEM_NOT_FOUND")


def test_tasks(box, cielo):
    created = ok(cielo("job/new"))
    assert cielo("job/task_status", task_id=created["TaskId"]).status_code == 404
    box.variants(task_status=True)
    task = ok(cielo("job/task_status", task_id=created["TaskId"]))
    assert (task["TaskId"], task["TaskType"]) == (created["TaskId"], "JOB_CREATED")
    assert task["TaskStatus"] == "COMPLETE" and task["TaskCompletionTime"] == task["TaskRequestTime"]
    job_id = created["JobId"]
    media = ok(cielo("job/add_media", job_id=job_id, media_url="http://example.com/v.mp4"))["TaskId"]
    ordered = ok(order(cielo, job_id))["TaskId"]
    assert ok(cielo("job/task_status", task_id=media))["TaskStatus"] == "INPROGRESS"
    box.control("POST", "clock", {"advance": 20})
    assert ok(cielo("job/task_status", task_id=media))["TaskStatus"] == "COMPLETE"
    assert ok(cielo("job/task_status", task_id=ordered))["TaskStatus"] == "INPROGRESS"
    box.control("POST", "clock", {"advance": "50m"})
    cielo("job/info", job_id=job_id)
    done = ok(cielo("job/task_status", task_id=ordered))
    assert (done["TaskType"], done["TaskStatus"]) == ("JOB_PERFORM_TRANSCRIPTION", "COMPLETE")
    deleted = ok(cielo("job/delete", job_id=job_id))["TaskId"]
    assert ok(cielo("job/task_status", task_id=deleted))["TaskType"] == "JOB_DELETED"
    assert_error(cielo("job/task_status", task_id="0" * 32), "ITEM_NOT_FOUND")
