# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from sandbox_cielo24 import (
    ACADEMY,
    ACADEMY_TOKEN,
    JOBS,
    NEWS,
    REFUSALS,
    SUB,
    acted,
    assert_error,
    info,
    new_job,
    ok,
    order,
)

HELD = "require_customer_authorization_before_starting_workflow"


def listed(cielo24, **filters):
    return [job["JobId"] for job in ok(cielo24("job/list", **filters))["ActiveJobs"]]


def test_new_job_is_pending_with_given_fields(sandbox, cielo24):
    sandbox.control("POST", "clock", {"frozen": True})
    named = {"requestor": "ann", "reference": "r-1", "expected_speakers": "3"}
    response = ok(cielo24("job/new", job_name="Talk", language="de", external_id="t-1", **named))
    assert list(response) == ["JobId", "TaskId"]
    assert all(re.fullmatch("[0-9a-f]{32}", value) for value in response.values())
    job = info(cielo24, response["JobId"])
    assert (job["JobName"], job["ExternalID"], job["JobStatus"]) == ("Talk", "t-1", "Pending")
    assert (job["SourceLanguage"], job["TargetLanguage"]) == ("de", "de")
    assert job["AuthorizationDate"] == job["CreationDate"]
    for name in ("MediaLengthSeconds", "Priority", "Fidelity", "StartDate", "DueDate", "CompletedDate", "ReturnDate"):
        assert job[name] is None
    assert (job["ReturnTargets"], job["Options"], job["JobDifficulty"]) == ({}, {}, "Unknown")
    assert sandbox.state()["cielo24"][NEWS]["jobs"][response["JobId"]] == {
        "status": "Pending",
        "name": "Talk",
        "external_id": "t-1",
        "language": "de",
        "media": None,
        "transcription": None,
    }
    assert acted(sandbox) == [True, False]


def test_job_without_name_has_null_name(cielo24):
    job_id = new_job(cielo24)
    assert info(cielo24, job_id)["JobName"] is None
    assert listed(cielo24, JobName="*")[0] == job_id and job_id not in listed(cielo24, JobName="M*")


def test_new_jobs_are_listed_first(sandbox, cielo24):
    sandbox.control("POST", "clock", {"frozen": True})
    made = [new_job(cielo24, job_name="same") for _number in range(3)]
    assert len(set(made)) == 3
    assert listed(cielo24)[:3] == made[::-1]
    assert listed(cielo24, JobName="same") == made[::-1]


def test_same_creations_get_same_ids_after_reset(sandbox, cielo24):
    first = [new_job(cielo24, job_name=name) for name in ("a", "b", "a")]
    sandbox.reset()
    assert [new_job(cielo24, job_name=name) for name in ("a", "a", "b")] == [first[0], first[2], first[1]]


@pytest.mark.parametrize("name", ["username", "Username"])
def test_job_can_be_created_in_sub_account(sandbox, cielo24, name):
    job_id = new_job(cielo24, **{name: SUB})
    assert job_id in sandbox.state()["cielo24"][SUB]["jobs"] and job_id not in listed(cielo24)
    assert info(cielo24, job_id)["JobStatus"] == "Pending"
    assert_error(cielo24("job/new", **{name: ACADEMY}), "ACCOUNT_UNPRIVILEGED")


def test_invalid_new_job_is_refused(sandbox, cielo24):
    assert_error(cielo24("job/new", language="English language"), "INVALID_OPTION")
    assert_error(cielo24("job/new", expected_speakers="some"), "INVALID_QUERY")
    assert_error(cielo24("job/new", is_duplicate="maybe"), "INVALID_OPTION")
    assert acted(sandbox) == [False] * 3


@pytest.mark.parametrize("kind", REFUSALS)
def test_repeated_external_id_is_refused(sandbox, cielo24, kind):
    sandbox.variants(repeated_external_id=kind, booleans="lower_case")
    assert_error(cielo24("job/new", external_id="show-1004"), kind)
    assert_error(cielo24("job/new", external_id="show-1004", is_duplicate="False"), kind)
    # Documented as case-insensitive.
    assert new_job(cielo24, external_id="show-1004", is_duplicate="True") in listed(cielo24, ExternalID="show-1004")
    assert new_job(cielo24, external_id="show-1004", username=SUB)
    assert cielo24("job/delete", job_id=JOBS["a3"]).status_code == 200
    assert new_job(cielo24, external_id="show-1003")


def test_repeated_external_id_is_accepted_with_variant(sandbox, cielo24):
    sandbox.variants(repeated_external_id="accepted")
    assert len({new_job(cielo24, external_id="same") for _number in range(2)}) == 2


@pytest.mark.parametrize("status", ["Authorizing", "Pending"])
def test_new_job_has_status_of_variant(sandbox, cielo24, status):
    sandbox.variants(new_job_status=status)
    for token in (None, ACADEMY_TOKEN):
        more = {"token": token} if token else {}
        assert info(cielo24, new_job(cielo24, **more), **more)["JobStatus"] == status


def test_new_job_waits_for_authorization_if_setting_says_so(sandbox, cielo24):
    job_id = new_job(cielo24, token=ACADEMY_TOKEN)
    job = info(cielo24, job_id, token=ACADEMY_TOKEN)
    assert (job["JobStatus"], job["AuthorizationDate"]) == ("Authorizing", None)
    cielo24("account/update_setting", "POST", data={"setting": HELD, "value": "true"})
    assert info(cielo24, new_job(cielo24))["JobStatus"] == "Authorizing"


def test_authorize_is_idempotent(sandbox, cielo24):
    response = cielo24("job/authorize", job_id=JOBS["a1"])
    assert (response.status_code, response.content) == (204, b"")
    job = info(cielo24, JOBS["a1"])
    assert job["JobStatus"] == "Pending" and job["AuthorizationDate"] > job["CreationDate"]
    # In all other states there is neither an effect nor an error.
    for name in ("a1", "a2", "a3", "a4", "a5", "a6"):
        assert cielo24("job/authorize", job_id=JOBS[name]).status_code == 204
    assert acted(sandbox) == [True] + [False] * 7
    assert_error(cielo24("job/authorize", job_id=JOBS["ff"]), "ITEM_NOT_FOUND")
    sandbox.variants(authorize_status=200)
    response = cielo24("job/authorize", job_id=JOBS["a1"])
    assert (response.status_code, response.content) == (200, b"")


def test_authorized_job_completes_with_durations_of_account(sandbox, cielo24):
    """The seed sets durations for this account."""
    job_id, token = JOBS["d2"], ACADEMY_TOKEN
    sandbox.control("POST", "clock", {"frozen": True})
    cielo24("job/authorize", token=token, job_id=job_id)
    seen = []
    for seconds in (0, 30, 120, 60):
        sandbox.control("POST", "clock", {"advance": seconds})
        seen.append(info(cielo24, job_id, token=token)["JobStatus"])
    assert seen == ["Pending", "In Process", "Reviewing", "Complete"]


def test_seeded_jobs_have_the_status_of_the_seed(sandbox, cielo24):
    jobs = {job["JobId"][-2:]: job for job in ok(cielo24("job/list", token=ACADEMY_TOKEN))["ActiveJobs"]}
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
    state = sandbox.state()["cielo24"][ACADEMY]
    assert state["api_keys"] == 2 and state["jobs"][JOBS["d1"]]["media"] is None
    assert state["jobs"][JOBS["d3"]]["transcription"] is None
    sandbox.control("POST", "clock", {"advance": "6m"})
    done = info(cielo24, JOBS["d4"], token=ACADEMY_TOKEN)
    assert done["JobStatus"] == "Complete" and done["CompletedDate"] > done["StartDate"]


def test_modify_changes_waiting_job_and_is_idempotent(sandbox, cielo24):
    wanted = {
        "transcription_fidelity": "MECHANICAL",
        "priority": "STANDARD",
        "turnaround_hours": "16",
        "callback_url": "http://user:pw@example.com/done",
        "expected_speakers": "4",
        "requestor_id": "ann",
        "notes": "Quiet please",
    }
    response = cielo24("job/modify", "POST", job_id=JOBS["a1"], data=wanted)
    assert (response.status_code, response.content) == (204, b"")
    job = info(cielo24, JOBS["a1"])
    # These are too few hours for STANDARD.
    assert (job["Fidelity"], job["Priority"]) == ("MECHANICAL", "PRIORITY")
    assert job["ReturnTargets"]["url"][0]["callback_url"].startswith("http://user")
    assert job["Options"]["notes"]["setting"] == "Quiet please"
    # Parameters may be in the query too, and repeating the call changes nothing.
    assert cielo24("job/modify", "POST", job_id=JOBS["a1"], **wanted).status_code == 204
    assert acted(sandbox) == [True, False, False]


def test_modify_moves_job_to_sub_account(sandbox, cielo24):
    assert cielo24("job/modify", "POST", job_id=JOBS["a1"], account_id=SUB).status_code == 204
    state = sandbox.state()["cielo24"]
    assert JOBS["a1"] in state[SUB]["jobs"] and JOBS["a1"] not in state[NEWS]["jobs"]
    assert_error(cielo24("job/modify", "POST", job_id=JOBS["a1"], account_id=ACADEMY), "ACCOUNT_UNPRIVILEGED")


def test_invalid_modification_is_refused(sandbox, cielo24):
    for name in ("a2", "a3", "a4", "a5", "a6"):
        assert_error(cielo24("job/modify", "POST", job_id=JOBS[name], priority="PRIORITY"), "INVALID_QUERY")
    assert_error(cielo24("job/modify", "POST", job_id=JOBS["a1"], priority="SOON"), "INVALID_OPTION")
    assert_error(cielo24("job/modify", "POST", job_id=JOBS["a1"], callback_url="done"), "INVALID_URL")
    assert_error(cielo24("job/modify", "POST", job_id=JOBS["a1"], turnaround_hours="0"), "INVALID_QUERY")
    assert cielo24("job/modify", job_id=JOBS["a1"], priority="PRIORITY").status_code == 405
    assert not any(acted(sandbox))


def test_new_job_is_not_listed_for_duration_of_variant(sandbox, cielo24):
    sandbox.variants(hide_new_captioning_job=20)
    sandbox.control("POST", "clock", {"frozen": True})
    job_id = new_job(cielo24)
    assert job_id not in listed(cielo24) and info(cielo24, job_id)
    sandbox.control("POST", "clock", {"advance": 20})
    assert job_id in listed(cielo24)


def test_list_is_limited_with_variant(sandbox, cielo24):
    sandbox.variants(list_limit=2)
    everything = listed(cielo24)
    assert [job_id[-2:] for job_id in everything] == ["a1", "a2"]
    assert [job_id[-2:] for job_id in listed(cielo24, JobStatus="Complete", Username="*")] == ["a4", "b1"]


def test_list_can_be_filtered_by_every_date(sandbox, cielo24):
    job = info(cielo24, JOBS["d7"], token=ACADEMY_TOKEN)
    dates = {"StartDate": "StartDate", "DueDate": "DueDate", "CompleteDate": "CompletedDate"}
    dates.update({name: name for name in ("CreationDate", "ReturnDate", "AuthorizationDate")})
    for name, field in dates.items():
        edges = {f"{name}From": job[field], f"{name}To": job[field]}
        assert listed(cielo24, token=ACADEMY_TOKEN, **edges) == [JOBS["d7"]], name
        assert_error(cielo24("job/list", **{f"{name}To": "soon"}), "INVALID_QUERY")


def test_jobs_without_order_do_not_match_turnaround_filter(cielo24):
    found = listed(cielo24, token=ACADEMY_TOKEN, TurnaroundTimeHoursFrom="0")
    assert JOBS["d1"] not in found and JOBS["d2"] in found
    assert_error(cielo24("job/list", TurnaroundTimeHoursTo="soon"), "INVALID_QUERY")


def test_related_jobs_show_only_leading_job(cielo24):
    body = ok(cielo24("job/list_related", token=ACADEMY_TOKEN, job_id=JOBS["d7"]))
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
    assert_error(cielo24("job/list_related", job_id=JOBS["d7"]), "ITEM_NOT_FOUND")


def test_job_document_obeys_variants(sandbox, cielo24):
    job_id = new_job(cielo24)
    sandbox.variants(empty_fields="left_out", external_id_name="ExternalId", options_form="plain")
    job = info(cielo24, job_id)
    assert "StartDate" not in job and "ExternalId" not in job
    assert info(cielo24, JOBS["a1"])["ExternalId"] == "show-1001"
    assert info(cielo24, JOBS["d6"], token=ACADEMY_TOKEN)["Options"] == {"notes": "Two speakers", "speaker_id": True}
    sandbox.variants(empty_fields="empty")
    job = info(cielo24, job_id)
    assert (job["StartDate"], job["ExternalId"], job["ReturnTargets"], job["Options"]) == ("", "", "", {})


def test_delete_errors_obey_variants(sandbox, cielo24):
    sandbox.variants(
        deletable_states="early", undeletable_job_error="UNHANDLED_ERROR", deleted_job_error="INVALID_QUERY"
    )
    assert_error(cielo24("job/delete", job_id=JOBS["a3"]), "UNHANDLED_ERROR")
    assert cielo24("job/delete", job_id=JOBS["a2"]).status_code == 200
    assert_error(cielo24("job/delete", job_id=JOBS["a2"]), "INVALID_QUERY")
    assert_error(cielo24("job/delete", job_id=JOBS["ff"]), "ITEM_NOT_FOUND")


def test_tasks_have_status_with_variant(sandbox, cielo24):
    created = ok(cielo24("job/new"))
    assert cielo24("job/task_status", task_id=created["TaskId"]).status_code == 404
    sandbox.variants(task_status=True)
    task = ok(cielo24("job/task_status", task_id=created["TaskId"]))
    assert (task["TaskId"], task["TaskType"]) == (created["TaskId"], "JOB_CREATED")
    assert task["TaskStatus"] == "COMPLETE" and task["TaskCompletionTime"] == task["TaskRequestTime"]
    job_id = created["JobId"]
    media = ok(cielo24("job/add_media", job_id=job_id, media_url="http://example.com/v.mp4"))["TaskId"]
    ordered = ok(order(cielo24, job_id))["TaskId"]
    assert ok(cielo24("job/task_status", task_id=media))["TaskStatus"] == "INPROGRESS"
    sandbox.control("POST", "clock", {"advance": 20})
    assert ok(cielo24("job/task_status", task_id=media))["TaskStatus"] == "COMPLETE"
    assert ok(cielo24("job/task_status", task_id=ordered))["TaskStatus"] == "INPROGRESS"
    sandbox.control("POST", "clock", {"advance": "50m"})
    cielo24("job/info", job_id=job_id)
    done = ok(cielo24("job/task_status", task_id=ordered))
    assert (done["TaskType"], done["TaskStatus"]) == ("JOB_PERFORM_TRANSCRIPTION", "COMPLETE")
    deleted = ok(cielo24("job/delete", job_id=job_id))["TaskId"]
    assert ok(cielo24("job/task_status", task_id=deleted))["TaskType"] == "JOB_DELETED"
    assert_error(cielo24("job/task_status", task_id="0" * 32), "ITEM_NOT_FOUND")
