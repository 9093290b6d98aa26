# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from datetime import datetime

import pytest
from sandbox_cielo24 import ACADEMY_TOKEN, JOBS, NEWS, TOKEN, acted, assert_error, info, new_job, ok, order

ORDERED = {"transcription_fidelity": "PREMIUM", "priority": "STANDARD"}


@pytest.fixture
def job_id(sandbox, cielo24):
    """A job with media of known duration; the clock is frozen."""
    sandbox.control("POST", "clock", {"frozen": True})
    return with_media(sandbox, cielo24)


def with_media(sandbox, cielo24, **parameters):
    job_id = new_job(cielo24, **parameters)
    assert cielo24("job/add_media", job_id=job_id, media_url=f"http://example.com/{job_id}").status_code == 200
    sandbox.control("POST", "clock", {"advance": 10})
    sandbox.forget_requests()
    return job_id


def transcription(sandbox, job_id):
    return sandbox.state()["cielo24"][NEWS]["jobs"][job_id]["transcription"]


def seconds(job, first, last):
    return (datetime.fromisoformat(job[last]) - datetime.fromisoformat(job[first])).total_seconds()


def test_order_is_shown_after_duration_of_variant(sandbox, cielo24, job_id):
    sandbox.variants(hide_captioning_order=20)
    ok(order(cielo24, job_id, callback_url="https://example.com/", options='{"notes": "x"}'))
    job = info(cielo24, job_id)
    assert [job[name] for name in ("Fidelity", "Priority", "DueDate")] == [None, None, None]
    assert (job["ReturnTargets"], job["Options"], job["JobStatus"]) == ({}, {}, "Pending")
    assert transcription(sandbox, job_id)["fidelity"] == "PREMIUM"
    sandbox.control("POST", "clock", {"advance": 20})
    job = info(cielo24, job_id)
    assert (job["Fidelity"], job["Priority"], job["Options"]["notes"]["setting"]) == ("STANDARD", "STANDARD", "x")
    assert job["DueDate"] is not None


def test_ordered_job_completes_on_the_clock(sandbox, cielo24, job_id):
    callback = "https://user:pw@example.com/done?id={job_id}&name={job_name}"
    response = ok(order(cielo24, job_id, callback_url=callback, target_language="fr", options='{"notes": "x"}'))
    assert list(response) == ["TaskId"]
    job = info(cielo24, job_id)
    assert (job["JobStatus"], job["Fidelity"], job["Priority"]) == ("Pending", "STANDARD", "STANDARD")
    assert (job["SourceLanguage"], job["TargetLanguage"]) == ("en", "fr")
    assert job["ReturnTargets"] == {"url": [{"callback_url": callback}]}
    assert job["Options"] == {"notes": {"label": "Notes", "setting": "x"}}
    # The hours count from the order, which follows the job after ten seconds.
    assert seconds(job, "CreationDate", "DueDate") == 48 * 3600 + 10
    assert job["StartDate"] is None
    seen = []
    for length in (29, 1, 119, 1):
        sandbox.control("POST", "clock", {"advance": length})
        seen.append(info(cielo24, job_id)["JobStatus"])
    assert seen == ["Pending", "In Process", "In Process", "Complete"]
    job = info(cielo24, job_id)
    assert seconds(job, "CreationDate", "StartDate") == 40 and seconds(job, "StartDate", "CompletedDate") == 120
    assert job["ReturnDate"] == job["CompletedDate"]
    assert acted(sandbox) == [True] + [False] * 6


def test_ordered_job_completes_with_durations_of_variants(sandbox, cielo24, job_id):
    sandbox.variants(captioning_waits=0, captioning_takes=5, captioning_review=7)
    order(cielo24, job_id)
    seen = []
    for length in (0, 5, 7):
        sandbox.control("POST", "clock", {"advance": length})
        seen.append(info(cielo24, job_id)["JobStatus"])
    assert seen == ["In Process", "Reviewing", "Complete"]
    # The dates do not depend on when somebody looks.
    assert seconds(info(cielo24, job_id), "StartDate", "CompletedDate") == 12


@pytest.mark.parametrize(
    "asked,shown", [("MECHANICAL", "MECHANICAL"), ("PREMIUM", "STANDARD"), ("PROFESSIONAL", "HIGH")]
)
def test_fidelity_is_shown_under_its_other_name(sandbox, cielo24, job_id, asked, shown):
    order(cielo24, job_id, transcription_fidelity=asked)
    assert info(cielo24, job_id)["Fidelity"] == shown
    assert transcription(sandbox, job_id)["fidelity"] == asked


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
def test_few_hours_raise_the_priority(sandbox, cielo24, job_id, priority, hours, made, due):
    order(cielo24, job_id, priority=priority, turnaround_hours=hours)
    job = info(cielo24, job_id)
    assert job["Priority"] == made and seconds(job, "CreationDate", "DueDate") == due * 3600 + 10
    assert transcription(sandbox, job_id)["turnaround_hours"] == due


def test_old_priorities_are_accepted_with_variant(sandbox, cielo24, job_id):
    assert_error(order(cielo24, job_id, priority="ECONOMY"), "INVALID_OPTION")
    sandbox.variants(old_priorities="accepted")
    assert ok(order(cielo24, job_id, priority="ECONOMY", turnaround_hours=60))
    assert info(cielo24, job_id)["Priority"] == "STANDARD"
    other = with_media(sandbox, cielo24)
    order(cielo24, other, priority="ECONOMY")
    assert transcription(sandbox, other)["turnaround_hours"] == 72


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
def test_invalid_order_is_refused(sandbox, cielo24, job_id, change, kind):
    assert_error(order(cielo24, job_id, **change), kind)
    assert transcription(sandbox, job_id) is None and acted(sandbox) == [False]


def test_every_documented_option_is_kept(sandbox, cielo24, job_id):
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
    assert ok(order(cielo24, job_id, options=json.dumps(options), standard_product="y"))
    assert transcription(sandbox, job_id)["standard_product"] is True
    assert transcription(sandbox, job_id)["options"] == options


def test_priority_defaults_to_standard_with_variant(sandbox, cielo24, job_id):
    sandbox.variants(priority_demanded=False)
    assert ok(order(cielo24, job_id, priority=None))
    assert transcription(sandbox, job_id)["priority"] == "STANDARD"
    assert transcription(sandbox, job_id)["turnaround_hours"] == 48


def test_language_without_transcribers_is_refused_with_variant(sandbox, cielo24, job_id):
    finnish = with_media(sandbox, cielo24, language="fi")
    sandbox.variants(language_support="documented")
    for fidelity in ("PREMIUM", "PROFESSIONAL"):
        assert_error(order(cielo24, finnish, transcription_fidelity=fidelity), "INVALID_QUERY")
    assert ok(order(cielo24, finnish, transcription_fidelity="MECHANICAL"))
    assert ok(order(cielo24, with_media(sandbox, cielo24, language="zh-cmn"), transcription_fidelity="PROFESSIONAL"))
    sandbox.variants(language_support="any")
    assert ok(order(cielo24, with_media(sandbox, cielo24, language="fi")))


def test_order_without_media_is_refused_or_waits_by_variant(sandbox, cielo24):
    sandbox.control("POST", "clock", {"frozen": True})
    job_id = new_job(cielo24)
    assert_error(order(cielo24, job_id), "INVALID_QUERY")
    sandbox.variants(transcription_without_media="waits")
    assert ok(order(cielo24, job_id))
    sandbox.control("POST", "clock", {"advance": "50m"})
    job = info(cielo24, job_id)
    assert job["JobStatus"] == "Pending" and seconds(job, "CreationDate", "DueDate") == 48 * 3600
    cielo24("job/add_media", job_id=job_id, media_url="http://example.com/v.mp4")
    sandbox.control("POST", "clock", {"advance": 40})
    assert info(cielo24, job_id)["JobStatus"] == "In Process"


def test_second_order_is_refused_ignored_or_replaces_by_variant(sandbox, cielo24, job_id):
    order(cielo24, job_id)
    assert_error(order(cielo24, job_id, transcription_fidelity="MECHANICAL"), "INVALID_QUERY")
    sandbox.variants(second_transcription="ignored")
    assert ok(order(cielo24, job_id, transcription_fidelity="MECHANICAL"))["TaskId"]
    assert transcription(sandbox, job_id)["fidelity"] == "PREMIUM"
    sandbox.variants(second_transcription="replaces")
    assert ok(order(cielo24, job_id, transcription_fidelity="MECHANICAL", turnaround_hours=100))["TaskId"]
    assert transcription(sandbox, job_id)["fidelity"] == "MECHANICAL"
    assert acted(sandbox) == [True, False, False, True]
    sandbox.control("POST", "clock", {"advance": 30})
    job = info(cielo24, job_id)
    assert job["JobStatus"] == "In Process" and seconds(job, "CreationDate", "DueDate") == 100 * 3600 + 10
    assert_error(order(cielo24, job_id), "INVALID_QUERY")


@pytest.mark.parametrize("fidelity,status", [("MECHANICAL", "Pending"), ("PREMIUM", "Authorizing")])
def test_mechanical_job_needs_no_authorization_if_setting_says_so(sandbox, cielo24, fidelity, status):
    """The settings of the academy say so."""
    job_id = new_job(cielo24, token=ACADEMY_TOKEN)
    more = {"token": ACADEMY_TOKEN, "job_id": job_id}
    assert cielo24("job/add_media", media_url="http://example.com/v.mp4", **more).status_code == 200
    asked = {"transcription_fidelity": fidelity, "priority": "STANDARD"}
    assert cielo24("job/perform_transcription", **more, **asked).status_code == 200
    job = ok(cielo24("job/info", **more))
    assert job["JobStatus"] == status and (job["DueDate"] is None) is (status == "Authorizing")
    sandbox.control("POST", "clock", {"advance": "50m"})
    later = {"Pending": "Complete", "Authorizing": "Authorizing"}[status]
    assert ok(cielo24("job/info", **more))["JobStatus"] == later


def test_order_waits_for_authorization(sandbox, cielo24):
    sandbox.control("POST", "clock", {"frozen": True})
    sandbox.variants(new_job_status="Authorizing")
    job_id = with_media(sandbox, cielo24)
    order(cielo24, job_id)
    sandbox.control("POST", "clock", {"advance": "50m"})
    cielo24("job/authorize", job_id=job_id)
    job = info(cielo24, job_id)
    assert job["JobStatus"] == "Pending" and seconds(job, "AuthorizationDate", "DueDate") == 48 * 3600
    sandbox.control("POST", "clock", {"advance": 150})
    assert info(cielo24, job_id)["JobStatus"] == "Complete"


def test_order_is_accepted_only_for_early_jobs(cielo24):
    assert ok(cielo24("job/perform_transcription", token=ACADEMY_TOKEN, job_id=JOBS["d3"], **ORDERED))
    for name in ("a1", "a2", "a3", "a4", "a5", "a6"):
        assert_error(order(cielo24, JOBS[name]), "INVALID_QUERY")
    assert_error(cielo24("job/perform_transcription", token=TOKEN, job_id=JOBS["d3"], **ORDERED), "ITEM_NOT_FOUND")
