# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from datetime import datetime

import pytest
from cielo24_calls import ACADEMY_TOKEN, JOBS, NEWS, TOKEN, acted, assert_error, new, ok, order

ORDERED = {"transcription_fidelity": "PREMIUM", "priority": "STANDARD"}


@pytest.fixture
def job_id(box, cielo):
    """A job with media, which are looked at already; the clock stands still."""
    box.control("POST", "clock", {"frozen": True})
    return with_media(box, cielo)


def with_media(box, cielo, **parameters):
    job_id = new(cielo, **parameters)
    assert cielo("job/add_media", job_id=job_id, media_url=f"http://example.com/{job_id}").status_code == 200
    box.control("POST", "clock", {"advance": 10})
    box.forget_requests()
    return job_id


def info(cielo, job_id, **more):
    return ok(cielo("job/info", job_id=job_id, **more))


def transcription(box, job_id):
    return box.state()["cielo24"][NEWS]["jobs"][job_id]["transcription"]


def seconds(job, first, last):
    return (datetime.fromisoformat(job[last]) - datetime.fromisoformat(job[first])).total_seconds()


def test_an_order_that_shows_late(box, cielo, job_id):
    box.variants(hide_captioning_order=20)
    ok(order(cielo, job_id, callback_url="https://example.com/", options='{"notes": "x"}'))
    job = info(cielo, job_id)
    assert [job[name] for name in ("Fidelity", "Priority", "DueDate")] == [None, None, None]
    assert (job["ReturnTargets"], job["Options"], job["JobStatus"]) == ({}, {}, "Pending")
    assert transcription(box, job_id)["fidelity"] == "PREMIUM"
    box.control("POST", "clock", {"advance": 20})
    job = info(cielo, job_id)
    assert (job["Fidelity"], job["Priority"], job["Options"]["notes"]["setting"]) == ("STANDARD", "STANDARD", "x")
    assert job["DueDate"] is not None


def test_a_job_from_its_order_to_its_end(box, cielo, job_id):
    callback = "https://user:pw@example.com/done?id={job_id}&name={job_name}"
    answer = ok(order(cielo, job_id, callback_url=callback, target_language="fr", options='{"notes": "x"}'))
    assert list(answer) == ["TaskId"]
    job = info(cielo, job_id)
    assert (job["JobStatus"], job["Fidelity"], job["Priority"]) == ("Pending", "STANDARD", "STANDARD")
    assert (job["SourceLanguage"], job["TargetLanguage"]) == ("en", "fr")
    assert job["ReturnTargets"] == {"url": [{"callback_url": callback}]}
    assert job["Options"] == {"notes": {"label": "Notes", "setting": "x"}}
    # The hours count from the order, which came ten seconds after the job.
    assert seconds(job, "CreationDate", "DueDate") == 48 * 3600 + 10
    assert job["StartDate"] is None
    seen = []
    for length in (29, 1, 119, 1):
        box.control("POST", "clock", {"advance": length})
        seen.append(info(cielo, job_id)["JobStatus"])
    assert seen == ["Pending", "In Process", "In Process", "Complete"]
    job = info(cielo, job_id)
    assert seconds(job, "CreationDate", "StartDate") == 40 and seconds(job, "StartDate", "CompletedDate") == 120
    assert job["ReturnDate"] == job["CompletedDate"]
    assert acted(box) == [True] + [False] * 6


def test_durations_are_variants(box, cielo, job_id):
    box.variants(captioning_waits=0, captioning_takes=5, captioning_review=7)
    order(cielo, job_id)
    seen = []
    for length in (0, 5, 7):
        box.control("POST", "clock", {"advance": length})
        seen.append(info(cielo, job_id)["JobStatus"])
    assert seen == ["In Process", "Reviewing", "Complete"]
    # Who looks too late sees the right dates all the same.
    assert seconds(info(cielo, job_id), "StartDate", "CompletedDate") == 12


@pytest.mark.parametrize(
    "asked,shown", [("MECHANICAL", "MECHANICAL"), ("PREMIUM", "STANDARD"), ("PROFESSIONAL", "HIGH")]
)
def test_fidelities(box, cielo, job_id, asked, shown):
    order(cielo, job_id, transcription_fidelity=asked)
    assert info(cielo, job_id)["Fidelity"] == shown
    assert transcription(box, job_id)["fidelity"] == asked


@pytest.mark.parametrize(
    "priority,hours,made,due",
    [
        ("STANDARD", None, "STANDARD", 48),
        ("PRIORITY", None, "PRIORITY", 24),
        ("STANDARD", 48, "STANDARD", 48),
        ("STANDARD", 47, "PRIORITY", 47),
        ("STANDARD", 16, "PRIORITY", 16),
        ("STANDARD", 72, "STANDARD", 72),
        ("PRIORITY", 60, "PRIORITY", 60),
    ],
)
def test_few_hours_change_the_priority(box, cielo, job_id, priority, hours, made, due):
    order(cielo, job_id, priority=priority, turnaround_hours=hours)
    job = info(cielo, job_id)
    assert job["Priority"] == made and seconds(job, "CreationDate", "DueDate") == due * 3600 + 10
    assert transcription(box, job_id)["turnaround_hours"] == due


def test_old_priorities(box, cielo, job_id):
    assert_error(order(cielo, job_id, priority="ECONOMY"), "INVALID_OPTION")
    box.variants(old_priorities="accepted")
    assert ok(order(cielo, job_id, priority="ECONOMY", turnaround_hours=60))
    assert info(cielo, job_id)["Priority"] == "STANDARD"
    other = with_media(box, cielo)
    order(cielo, other, priority="ECONOMY")
    assert transcription(box, other)["turnaround_hours"] == 72


@pytest.mark.parametrize(
    "change,kind",
    [
        ({"transcription_fidelity": None}, "MISSING_PARAMETER"),
        ({"priority": None}, "MISSING_PARAMETER"),
        ({"transcription_fidelity": "HIGH"}, "INVALID_OPTION"),
        ({"priority": "CRITICAL"}, "INVALID_OPTION"),
        ({"turnaround_hours": "soon"}, "INVALID_QUERY"),
        ({"turnaround_hours": "0"}, "INVALID_QUERY"),
        ({"standard_product": "x"}, "INVALID_OPTION"),
        ({"callback_url": "example.com/done"}, "INVALID_URL"),
        ({"options": "notes=x"}, "INVALID_QUERY"),
        ({"options": '["notes"]'}, "INVALID_QUERY"),
        ({"options": '{"colour": "red"}'}, "INVALID_OPTION"),
        ({"options": '{"speaker_id": "maybe"}'}, "INVALID_OPTION"),
        ({"options": json.dumps({"notes": "x" * 1001})}, "INVALID_OPTION"),
        ({"options": '{"return_iwp": ["FINAL", "LAST"]}'}, "INVALID_OPTION"),
        ({"options": '{"customer_approval_tool": "PEN"}'}, "INVALID_OPTION"),
        ({"options": '{"custom_metadata": 5}'}, "INVALID_OPTION"),
    ],
)
def test_wrong_orders(box, cielo, job_id, change, kind):
    assert_error(order(cielo, job_id, **change), kind)
    assert transcription(box, job_id) is None and acted(box) == [False]


def test_every_documented_option(box, cielo, job_id):
    options = {
        "customer_approval_steps": ["TRANSLATION", "RETURN"],
        "customer_approval_tool": "AMARA",
        "custom_metadata": {"key": "value"},
        "notes": "x" * 1000,
        "return_iwp": ["MECHANICAL", "FINAL"],
        "speaker_id": True,
        "enable_true_verbatim": "true",
        "first_pass_campaign": "NORMAL",
        "generate_media_intelligence_iwp": ["FINAL"],
        "audio_description": False,
        "on_screen_text": "False",
        "music_lyrics": True,
        "custom_special_handling": True,
    }
    assert ok(order(cielo, job_id, options=json.dumps(options), standard_product="y"))
    assert transcription(box, job_id)["standard_product"] is True
    assert transcription(box, job_id)["options"] == options


def test_priority_need_not_be_demanded(box, cielo, job_id):
    box.variants(priority_demanded=False)
    assert ok(order(cielo, job_id, priority=None))
    assert transcription(box, job_id)["priority"] == "STANDARD"
    assert transcription(box, job_id)["turnaround_hours"] == 48


def test_languages(box, cielo, job_id):
    finnish = with_media(box, cielo, language="fi")
    box.variants(language_support="documented")
    for fidelity in ("PREMIUM", "PROFESSIONAL"):
        assert_error(order(cielo, finnish, transcription_fidelity=fidelity), "INVALID_QUERY")
    assert ok(order(cielo, finnish, transcription_fidelity="MECHANICAL"))
    assert ok(order(cielo, with_media(box, cielo, language="zh-cmn"), transcription_fidelity="PROFESSIONAL"))
    box.variants(language_support="any")
    assert ok(order(cielo, with_media(box, cielo, language="fi")))


def test_an_order_without_media(box, cielo):
    box.control("POST", "clock", {"frozen": True})
    job_id = new(cielo)
    assert_error(order(cielo, job_id), "INVALID_QUERY")
    box.variants(transcription_without_media="waits")
    assert ok(order(cielo, job_id))
    box.control("POST", "clock", {"advance": "50m"})
    job = info(cielo, job_id)
    assert job["JobStatus"] == "Pending" and seconds(job, "CreationDate", "DueDate") == 48 * 3600
    cielo("job/add_media", job_id=job_id, media_url="http://example.com/v.mp4")
    box.control("POST", "clock", {"advance": 40})
    assert info(cielo, job_id)["JobStatus"] == "In Process"


def test_a_second_order(box, cielo, job_id):
    order(cielo, job_id)
    assert_error(order(cielo, job_id, transcription_fidelity="MECHANICAL"), "INVALID_QUERY")
    box.variants(second_transcription="ignored")
    assert ok(order(cielo, job_id, transcription_fidelity="MECHANICAL"))["TaskId"]
    assert transcription(box, job_id)["fidelity"] == "PREMIUM"
    box.variants(second_transcription="replaces")
    assert ok(order(cielo, job_id, transcription_fidelity="MECHANICAL", turnaround_hours=100))["TaskId"]
    assert transcription(box, job_id)["fidelity"] == "MECHANICAL"
    assert acted(box) == [True, False, False, True]
    box.control("POST", "clock", {"advance": 30})
    job = info(cielo, job_id)
    assert job["JobStatus"] == "In Process" and seconds(job, "CreationDate", "DueDate") == 100 * 3600 + 10
    assert_error(order(cielo, job_id), "INVALID_QUERY")


@pytest.mark.parametrize("fidelity,status", [("MECHANICAL", "Pending"), ("PREMIUM", "Authorizing")])
def test_mechanical_jobs_need_no_authorization(box, cielo, fidelity, status):
    """As the academy has set it."""
    job_id = new(cielo, token=ACADEMY_TOKEN)
    more = {"token": ACADEMY_TOKEN, "job_id": job_id}
    assert cielo("job/add_media", media_url="http://example.com/v.mp4", **more).status_code == 200
    asked = {"transcription_fidelity": fidelity, "priority": "STANDARD"}
    assert cielo("job/perform_transcription", **more, **asked).status_code == 200
    job = ok(cielo("job/info", **more))
    assert job["JobStatus"] == status and (job["DueDate"] is None) is (status == "Authorizing")
    box.control("POST", "clock", {"advance": "50m"})
    later = {"Pending": "Complete", "Authorizing": "Authorizing"}[status]
    assert ok(cielo("job/info", **more))["JobStatus"] == later


def test_an_order_waits_for_the_authorization(box, cielo):
    box.control("POST", "clock", {"frozen": True})
    box.variants(new_job_status="Authorizing")
    job_id = with_media(box, cielo)
    order(cielo, job_id)
    box.control("POST", "clock", {"advance": "50m"})
    cielo("job/authorize", job_id=job_id)
    job = info(cielo, job_id)
    assert job["JobStatus"] == "Pending" and seconds(job, "AuthorizationDate", "DueDate") == 48 * 3600
    box.control("POST", "clock", {"advance": 150})
    assert info(cielo, job_id)["JobStatus"] == "Complete"


def test_orders_in_the_other_states(cielo):
    assert ok(cielo("job/perform_transcription", token=ACADEMY_TOKEN, job_id=JOBS["d3"], **ORDERED))
    for name in ("a1", "a2", "a3", "a4", "a5", "a6"):
        assert_error(order(cielo, JOBS[name]), "INVALID_QUERY")
    assert_error(cielo("job/perform_transcription", token=TOKEN, job_id=JOBS["d3"], **ORDERED), "ITEM_NOT_FOUND")
