# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captioning jobs from order to deletion: what is refused, what is reported, and where services differ."""

from __future__ import annotations

import hashlib
import tracemalloc

import accounts
import pytest
import requests
from accounts import caption
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from running import SteeringClock, run

MEDIA = "https://media.example.net/new.mp4"
MECHANICAL = {"transcription": {"fidelity": "MECHANICAL"}}
ORDER = {"external_id": "new-1", "media_url": MEDIA, "transcription": {"fidelity": "PREMIUM"}}


def job(sandbox, check=False, context=None, account=accounts.cielo24, **arguments):
    return run("cielo24_job", account(sandbox.url, **arguments), check=check, context=context)


def present(sandbox, **arguments):
    return job(sandbox, state="present", **arguments)


def steering(sandbox, check=False):
    return TaskContext(check_mode=check, clock=SteeringClock(sandbox), diff_mode=True)


def state_of(sandbox, job_id, account="newsroom"):
    return sandbox.state()["cielo24"][account]["jobs"][job_id]


def sent(sandbox):
    """The calls that would change something, in order."""
    names = ("new", "add_media", "perform_transcription", "modify", "authorize", "delete")
    paths = [request["path"].rpartition("/")[2] for request in sandbox.requests()]
    return [name for name in paths if name in names]


# -------------------------------------------------------------------------------------------------------------- orders


def test_order_reports_its_steps(sandbox):
    result = present(sandbox, **ORDER, job_name="Evening news", language="de")
    entry = result["jobs"][0]
    assert (entry["action"], entry["steps"]) == ("create", ["new", "add_media", "perform_transcription"])
    assert (entry["JobName"], entry["ExternalID"], entry["SourceLanguage"]) == ("Evening news", "new-1", "de")
    # As the service shows PREMIUM.
    assert (entry["Fidelity"], entry["Priority"]) == ("STANDARD", "STANDARD")
    assert result["warnings"] == []
    assert sent(sandbox) == ["new", "add_media", "perform_transcription"]


@pytest.mark.parametrize("name", ["ExternalID", "ExternalId"])
@pytest.mark.parametrize("empty", ["null", "empty", "left_out"])
def test_order_run_again_changes_nothing(sandbox, name, empty):
    sandbox.variants(external_id_name=name, empty_fields=empty)
    first = present(sandbox, **ORDER)
    sandbox.forget_requests()
    second = present(sandbox, **ORDER)
    assert (second["changed"], second["jobs"][0]["id"]) == (False, first["jobs"][0]["id"])
    assert sent(sandbox) == []
    # Also as time goes by.
    sandbox.clock(advance=10000)
    assert present(sandbox, **ORDER)["changed"] is False


def test_order_with_wait_ends_when_the_job_is_complete(sandbox):
    result = present(sandbox, **ORDER, wait=True, context=steering(sandbox))
    assert result["jobs"][0]["JobStatus"] == "Complete"


def test_wait_ends_at_once_on_a_media_failure(sandbox):
    context = steering(sandbox)
    result = present(
        sandbox, **{**ORDER, "media_url": "https://media.example.net/broken.mp4"}, wait=True, context=context
    )
    assert "ended with a media failure" in result["msg"]
    assert result["jobs"][0]["JobStatus"] == "Media Failure"
    assert result["changed"] is True
    assert context.clock.slept < 60
    result = present(sandbox, job_id=caption("a5"), wait=True, context=context)
    assert "ended with a media failure" in result["msg"]


def test_wait_fails_if_the_job_needs_an_authorization(sandbox):
    result = present(sandbox, job_id=caption("a1"), wait=True, context=steering(sandbox))
    assert result["msg"].endswith("is waiting for authorization. Give authorize: true.")


def test_wait_fails_after_its_timeout(sandbox):
    result = present(sandbox, **ORDER, wait=True, wait_timeout=20, context=steering(sandbox))
    assert "was still Pending after 20 s; it is still in progress" in result["msg"]


@pytest.mark.parametrize("hours, priority", [(24, "PRIORITY"), (48, "STANDARD")])
@pytest.mark.parametrize("check", [True, False])
def test_order_with_a_short_turnaround_warns_of_the_raised_priority(sandbox, hours, priority, check):
    wanted = {**ORDER, "transcription": {"fidelity": "PREMIUM", "turnaround_hours": hours}}
    result = present(sandbox, **wanted, check=check)
    told = [sentence for sentence in result["warnings"] if "has the priority PRIORITY, not STANDARD" in sentence]
    if not check:
        assert result["jobs"][0]["Priority"] == priority
        assert bool(told) is (priority == "PRIORITY")
        assert present(sandbox, **wanted)["changed"] is False


def test_order_can_be_changed_until_it_is_authorized(sandbox):
    wanted = {**ORDER, "account": accounts.academy}
    made = present(sandbox, **wanted)["jobs"][0]
    assert made["JobStatus"] == "Authorizing"
    # As long as that is so, the order can be changed.
    other = {**wanted, "transcription": {"fidelity": "PROFESSIONAL", "priority": "PRIORITY"}}
    changed = present(sandbox, **other)["jobs"][0]
    assert (changed["steps"], changed["Fidelity"], changed["Priority"]) == (["modify"], "HIGH", "PRIORITY")
    authorized = present(sandbox, **other, authorize=True)["jobs"][0]
    assert (authorized["steps"], authorized["JobStatus"]) == (["authorize"], "Pending")
    sandbox.clock(advance=100)
    refused = present(sandbox, **wanted)
    assert "no longer be changed: transcription.fidelity is PROFESSIONAL (shown as HIGH), not PREMIUM" in refused["msg"]
    assert sent(sandbox)[-1] == "authorize"


def test_order_with_authorization_and_wait_does_all_steps(sandbox):
    result = present(sandbox, **ORDER, account=accounts.academy, authorize=True, wait=True, context=steering(sandbox))
    entry = result["jobs"][0]
    assert entry["steps"] == ["new", "add_media", "perform_transcription", "authorize"]
    assert entry["JobStatus"] == "Complete"


@pytest.mark.parametrize(
    "job_id, given, steps",
    [
        ("d1", {"media_url": MEDIA, "transcription": {"fidelity": "PREMIUM"}}, ["add_media", "perform_transcription"]),
        ("d3", {"transcription": {"fidelity": "PREMIUM"}}, ["perform_transcription"]),
        ("d2", {"authorize": True}, ["authorize"]),
        ("d4", {"authorize": True, "transcription": {"fidelity": "PREMIUM"}}, None),
    ],
)
def test_present_completes_the_order_of_an_existing_job(sandbox, job_id, given, steps):
    predicted = present(sandbox, account=accounts.academy, job_id=caption(job_id), **given, check=True)
    result = present(sandbox, account=accounts.academy, job_id=caption(job_id), **given)
    assert result["jobs"][0].get("steps") == steps
    assert predicted["jobs"] == result["jobs"]
    assert predicted["diff"] == result["diff"]
    assert present(sandbox, account=accounts.academy, job_id=caption(job_id), **given)["changed"] is False


@pytest.mark.parametrize(
    "given, words",
    [
        ({"language": "en"}, "language is de, not en"),
        ({"job_name": "Drama"}, "job_name is Französisch, not Drama"),
        (
            {"transcription": {"fidelity": "MECHANICAL"}},
            "fidelity is PROFESSIONAL (shown as HIGH), not MECHANICAL",
        ),
    ],
)
def test_present_fails_if_the_job_differs_and_cannot_be_changed(sandbox, given, words):
    for check in (True, False):
        result = present(sandbox, account=accounts.academy, external_id="term-1-07", **given, check=check)
        assert words in result["msg"]
        assert "Delete it, or order another one" in result["msg"]
        assert result["changed"] is False
    assert sent(sandbox) == []


def test_present_fails_if_the_job_has_other_media(sandbox):
    result = present(sandbox, account=accounts.academy, external_id="term-1-06", media_url=MEDIA)
    assert "media_url is https://media.academy.example/economics.mp4, not" in result["msg"]


def test_present_by_name_takes_the_newest_job(sandbox):
    named = {"match_by": "job_name", "job_name": "Weather"}
    assert present(sandbox, **named)["jobs"][0]["id"] == caption("a2")
    wanted = {"match_by": "job_name", "job_name": "Snow", "media_url": MEDIA}
    made = present(sandbox, **wanted)["jobs"][0]["id"]
    assert present(sandbox, **wanted)["jobs"][0]["id"] == made
    assert sent(sandbox) == ["new", "add_media"]


def test_present_with_several_jobs_handles_each_on_its_own(sandbox):
    result = present(sandbox, external_ids=["show-1001", "show-1002", "n1"], authorize=True)
    assert result["summary"] == {"requested": 3, "changed": 1, "unchanged": 1, "failed": 1}
    assert "There is no captioning job n1 yet. To order it, give media_url or media_path." in result["msg"]
    assert sent(sandbox) == ["authorize"]


def test_order_for_an_account_below_is_found_again(sandbox):
    wanted = {"external_id": "sub-1", "sub_account": "newsroom-archive", "media_url": MEDIA}
    made = present(sandbox, **wanted)["jobs"][0]["id"]
    assert made in sandbox.state()["cielo24"]["newsroom-archive"]["jobs"]
    assert present(sandbox, **wanted)["changed"] is False


@pytest.mark.parametrize("fault", ["reset_after", "stall_after", "none"])
def test_a_job_that_shows_late_is_not_ordered_twice(sandbox, fault):
    sandbox.variants(hide_new_captioning_job=6)
    if fault != "none":
        more = {"seconds": 1} if fault == "stall_after" else {}
        sandbox.fault(kind=fault, **more, match={"path": "/job/new$"}, times=1)
    result = present(sandbox, **ORDER, timeout=0.3, context=steering(sandbox))
    assert "failed" not in result, result
    assert result["summary"]["changed"] == 1
    assert result["jobs"][0]["steps"] == ["new", "add_media", "perform_transcription"]
    assert sandbox.acted() == 3


@pytest.mark.parametrize("fault", ["reset_after", "stall_after", "504"])
@pytest.mark.parametrize("late", [5, 10000])
def test_a_transcription_with_a_lost_answer_is_never_ordered_twice(sandbox, fault, late):
    """It would cost as much again, so what does not show is not sent again."""
    sandbox.variants(hide_captioning_order=late, second_transcription="replaces")
    kinds = {"504": {"kind": "status_after", "status": 504}, "stall_after": {"kind": "stall_after", "seconds": 1}}
    sandbox.fault(**kinds.get(fault, {"kind": fault}), match={"path": "/perform_transcription$"}, times=None)
    result = present(sandbox, **ORDER, account=accounts.academy, authorize=True, timeout=0.3, context=steering(sandbox))
    entry = result["jobs"][0]
    assert sent(sandbox).count("perform_transcription") == 1
    assert result["changed"] is True
    if late == 5:
        assert "failed" not in result, result
        assert entry["steps"] == ["new", "add_media", "perform_transcription", "authorize"]
    else:
        assert result["msg"].startswith(
            "It is not known whether the change was made: a response was lost, and no effect is visible yet."
        )
        assert entry["steps"] == ["new", "add_media"]


def test_an_authorization_with_a_lost_answer_orders_nothing_again(sandbox):
    """Not even if the order does not show yet."""
    sandbox.variants(hide_captioning_order=10000, second_transcription="replaces")
    sandbox.fault(kind="reset_before", match={"path": "/authorize$"}, times=1)
    result = present(sandbox, **ORDER, account=accounts.academy, authorize=True, context=steering(sandbox))
    assert sent(sandbox).count("perform_transcription") == 1
    assert "failed" not in result, result
    assert result["jobs"][0]["steps"] == ["new", "add_media", "perform_transcription", "authorize"]
    assert "does not show yet that its transcription was ordered" in result["warnings"][0]


def test_an_order_that_the_service_alters_is_not_authorized(sandbox):
    """What was sent is looked at before it is paid for."""
    sandbox.variants(hide_captioning_order=0)
    first = {"account": accounts.academy, **ORDER, "transcription": {"fidelity": "PROFESSIONAL"}}
    present(sandbox, **first)
    # Answered like a success, and not done.
    sandbox.fault(kind="status", status=200, body="text", match={"path": "/modify$"}, times=None)
    for _try in range(2):
        result = present(sandbox, **{**first, **ORDER}, authorize=True, context=steering(sandbox))
        assert "differs from the order, although cielo24 accepted it: transcription.fidelity is" in result["msg"]
        assert "authorize" not in sent(sandbox)


def test_a_change_of_priority_shows_no_warning(sandbox):
    wanted = {**ORDER, "account": accounts.academy}
    present(sandbox, **wanted)
    for priority in ("PRIORITY", "STANDARD"):
        changed = present(sandbox, **{**wanted, "transcription": {"fidelity": "PREMIUM", "priority": priority}})
        assert (changed["jobs"][0]["Priority"], changed["warnings"]) == (priority, [])


def test_a_job_without_an_external_id_does_not_match_none(sandbox):
    made = present(sandbox, match_by="job_name", job_name="Snow", media_url=MEDIA)["jobs"][0]["id"]
    assert job(sandbox, state="absent", external_id="None")["changed"] is False
    assert "There is no captioning job None yet" in present(sandbox, external_id="None", authorize=True)["msg"]
    assert made in sandbox.state()["cielo24"]["newsroom"]["jobs"]


def test_a_job_with_uploaded_media_is_not_authorized_for_a_media_url(sandbox):
    """Uploaded ones have no address."""
    result = present(sandbox, job_id=caption("a1"), media_url=MEDIA, authorize=True)
    assert "does not show whether it has the requested media_url" in result["msg"]
    assert sent(sandbox) == []


def test_a_job_that_hides_its_target_languages_is_not_authorized(sandbox):
    wanted = {"account": accounts.academy, "job_id": caption("d2")}
    french = {"fidelity": "PROFESSIONAL", "target_languages": ["fr"]}
    assert "transcription.target_languages" in present(sandbox, **wanted, transcription=french, authorize=True)["msg"]
    english = {**french, "target_languages": ["en"]}
    assert present(sandbox, **wanted, transcription=english, authorize=True)["jobs"][0]["steps"] == ["authorize"]


def test_a_turnaround_that_the_priority_contradicts_is_a_warning(sandbox):
    """The service would have made a PRIORITY of it."""
    present(sandbox, **ORDER)
    hurried = {**ORDER, "transcription": {"fidelity": "PREMIUM", "turnaround_hours": 24}}
    result = present(sandbox, **hurried)
    assert (result["changed"], len(result["warnings"])) == (False, 1)
    assert "transcription.turnaround_hours" in result["warnings"][0]
    slow = {**ORDER, "transcription": {"fidelity": "PREMIUM", "turnaround_hours": 96}}
    assert present(sandbox, **slow)["warnings"] == []


@pytest.mark.parametrize("fault", [None, "reset_before"])
def test_an_external_id_of_a_deleted_job_needs_external_id_is_duplicate(sandbox, fault):
    wanted = {**ORDER, "external_id": "archive-1", "sub_account": "newsroom-archive"}
    assert present(sandbox, **{**wanted, "media_url": None, "transcription": None})["changed"] is False
    below = accounts.cielo24(sandbox.url, state="absent", external_id="archive-1", sub_account="newsroom-archive")
    sandbox.fault(kind="status", status=400, code="INVALID_QUERY", match={"path": "/job/new$"}, times=1)
    assert run("cielo24_job", below)["changed"] is True
    refused = present(sandbox, **wanted)
    assert "give external_id_is_duplicate: true." in refused["msg"]
    sandbox.forget_requests()
    if fault:
        sandbox.fault(kind=fault, match={"path": "/job/new$"}, times=1)
    result = present(sandbox, **wanted, external_id_is_duplicate=True, context=steering(sandbox))
    # Nothing but us would keep it from being created twice.
    assert sent(sandbox).count("new") == 1
    assert ("failed" in result, result["changed"]) == (bool(fault), True)


def test_a_media_url_of_another_job_needs_media_is_duplicate(sandbox):
    present(sandbox, **ORDER)
    result = present(sandbox, **{**ORDER, "external_id": "new-2"})
    assert "If another job has used this address, give media_is_duplicate: true." in result["msg"]
    assert "was created, and the next run continues with it." in result["msg"]
    again = present(sandbox, **{**ORDER, "external_id": "new-2"}, media_is_duplicate=True)
    assert again["jobs"][0]["steps"] == ["add_media", "perform_transcription"]


def test_the_diff_of_an_order_shows_fidelity_and_priority(sandbox):
    wanted = {**ORDER, "language": "de", "transcription": {"fidelity": "PROFESSIONAL", "priority": "PRIORITY"}}
    for check in (True, False):
        after = present(sandbox, **wanted, check=check)["diff"]["after"]["new-1"]
        assert after == {
            "ExternalID": "new-1",
            "SourceLanguage": "de",
            "Fidelity": "HIGH",
            "Priority": "PRIORITY",
        }


def test_an_authorization_that_does_not_show_is_reported_as_unknown(sandbox):
    sandbox.fault(kind="status", status=504, match={"path": "/authorize$"}, times=None)
    result = present(sandbox, account=accounts.academy, job_id=caption("d2"), authorize=True, context=steering(sandbox))
    assert result["msg"].startswith("It is not known whether the change was made")
    assert result["changed"] is True


@pytest.mark.parametrize("given", [{}, MECHANICAL, {"authorize": True}, {"wait": True}])
def test_an_unknown_external_id_without_media_orders_nothing(sandbox, given):
    """Nor does it fail in check mode, where a task before this one may have ordered the job."""
    told = "There is no captioning job typo-1 yet. To order it, give media_url or media_path."
    checked = present(sandbox, external_id="typo-1", **given, check=True)
    assert (checked["changed"], checked["warnings"]) == (False, [told])
    assert present(sandbox, external_id="typo-1", **given)["msg"] == told
    assert sent(sandbox) == []


def test_wait_fails_if_no_transcription_is_ordered(sandbox):
    result = present(sandbox, external_id="new-1", media_url=MEDIA, wait=True, context=steering(sandbox))
    assert "has no ordered transcription, so there is nothing to wait for" in result["msg"]
    assert result["jobs"][0]["steps"] == ["new", "add_media"]


def test_present_fails_on_a_media_failure_if_anything_is_asked_for(sandbox):
    for check in (True, False):
        result = present(sandbox, external_id="show-1005", **MECHANICAL, check=check)
        assert (result["failed"], result["changed"]) == (True, False)
        assert f"Captioning job show-1005 ({caption('a5')}) ended with a media failure" in result["msg"]
    assert "failed" not in present(sandbox, external_id="show-1005")


def test_a_job_that_was_ordered_differently_is_not_authorized(sandbox):
    """An authorization is what the work is paid for with."""
    wanted = {**ORDER, "account": accounts.academy}
    noted = {**wanted, "transcription": {"fidelity": "PREMIUM", "options": {"notes": "Slowly"}}}
    present(sandbox, **wanted)
    for check in (True, False):
        result = present(sandbox, **noted, authorize=True, check=check)
        assert "was not authorized: cielo24 does not show whether it has the requested" in result["msg"]
        assert "transcription.options.notes" in result["msg"]
    assert "does not show whether it has the requested" in present(sandbox, **noted)["warnings"][0]
    # What can still be changed is, though it does not show.
    slower = {**wanted, "transcription": {"fidelity": "PREMIUM", "turnaround_hours": 72}}
    assert present(sandbox, **slower)["changed"] is False
    assert present(sandbox, **slower, authorize=True)["jobs"][0]["steps"] == ["modify", "authorize"]
    job_id = result["jobs"][0]["id"]
    assert state_of(sandbox, job_id, "academy")["transcription"]["turnaround_hours"] == 72


def test_a_callback_can_be_changed_before_the_authorization(sandbox):
    wanted = {**ORDER, "account": accounts.academy}
    first = {**wanted, "transcription": {"fidelity": "PREMIUM", "callback_url": "https://a.example.net/"}}
    second = {**wanted, "transcription": {"fidelity": "PREMIUM", "callback_url": "https://b.example.net/{job_id}"}}
    present(sandbox, **first)
    predicted, changed = (present(sandbox, **second, check=check) for check in (True, False))
    assert changed["jobs"][0]["steps"] == ["modify"]
    assert predicted["diff"] == changed["diff"]
    targets = {side: entries["new-1"]["ReturnTargets"] for side, entries in changed["diff"].items()}
    assert targets["after"] == {"url": [{"callback_url": "https://b.example.net/{job_id}"}]}
    assert targets["before"] == {"url": [{"callback_url": "https://a.example.net/"}]}
    assert present(sandbox, **second)["changed"] is False


def test_a_deleted_job_that_the_service_still_shows_does_not_exist(sandbox):
    sandbox.variants(deleted_job_info="still_answers")
    job(sandbox, state="absent", job_id=caption("a2"))
    result = present(sandbox, job_id=caption("a2"), authorize=True, media_url=MEDIA)
    assert f"Captioning job {caption('a2')} does not exist" in result["msg"]
    assert sent(sandbox) == ["delete"]


def test_ids_in_upper_case_find_their_jobs(sandbox):
    result = present(sandbox, job_id=caption("a1").upper(), authorize=True)
    assert (result["changed"], result["jobs"][0]["id"]) == (True, caption("a1"))
    assert state_of(sandbox, caption("a1"))["status"] == "Pending"


@pytest.mark.parametrize(
    "given, words",
    [
        ({}, "Give just one of job_ids, external_ids"),
        ({"external_id": "a", "job_id": caption("a1")}, "Give just one of"),
        ({"external_ids": ["a", "b"], "media_url": MEDIA}, "Several jobs cannot have the same media"),
        ({"name_pattern": "*"}, "requires state: absent"),
        ({"match_by": "job_name"}, "Give just one of"),
        ({"match_by": "job_name", "job_name": "a", "external_id": "b"}, "Give just one of"),
        ({"external_ids": []}, "external_ids is empty"),
        ({"external_id": "a", "media_path": "/nothing/there"}, "there is no file"),
        ({"external_id": "a", "wait": True, "wait_timeout": 1}, "wait_timeout must not be shorter"),
    ],
)
def test_a_malformed_order_sends_nothing(sandbox, given, words):
    assert words in present(sandbox, **given)["msg"]
    assert sandbox.requests() == []


def test_present_by_id_fails_if_the_job_does_not_exist(sandbox):
    result = present(sandbox, job_ids=[caption("ff")], authorize=True)
    assert "does not exist" in result["msg"]


# -------------------------------------------------------------------------------------------------------------- media


def test_a_file_is_uploaded_once(sandbox, tmp_path):
    content = bytes(range(256)) * 5000
    (tmp_path / "a.mp4").write_bytes(content)
    wanted = {
        "external_id": "file-1",
        "media_path": str(tmp_path / "a.mp4"),
        "transcription": {"fidelity": "MECHANICAL"},
    }
    made = present(sandbox, **wanted)["jobs"][0]
    media = state_of(sandbox, made["id"])["media"]
    assert (media["length"], media["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert present(sandbox, **wanted)["changed"] is False


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "stall_after", "504"])
def test_an_upload_with_a_lost_answer_is_settled(sandbox, tmp_path, fault):
    (tmp_path / "a.mp4").write_bytes(b"x" * 100000)
    kinds = {"504": {"kind": "status_after", "status": 504}, "stall_after": {"kind": "stall_after", "seconds": 1}}
    sandbox.fault(**kinds.get(fault, {"kind": fault}), match={"method": "POST", "path": "/add_media$"}, times=1)
    wanted = {
        "external_id": "file-1",
        "media_path": str(tmp_path / "a.mp4"),
        "transcription": {"fidelity": "MECHANICAL"},
    }
    result = present(sandbox, **wanted, timeout=0.5, context=steering(sandbox))
    assert "failed" not in result, result
    assert state_of(sandbox, result["jobs"][0]["id"])["media"]["length"] == 100000
    assert sandbox.acted() == 3


def test_present_fails_while_cielo24_examines_an_upload(sandbox, tmp_path):
    """Until then, nothing tells that it is there."""
    (tmp_path / "a.mp4").write_bytes(b"x" * 1000)
    wanted = {"external_id": "file-1", "media_path": str(tmp_path / "a.mp4")}
    present(sandbox, **wanted)
    again = present(sandbox, **wanted)
    assert "wait until cielo24 has looked at them, and run the task again" in again["msg"]
    assert again["changed"] is False
    sandbox.clock(advance=100)
    assert present(sandbox, **wanted)["changed"] is False


def test_an_upload_that_does_not_show_is_sent_twice_at_most(sandbox, tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"x" * 1000)
    sandbox.fault(kind="status", status=504, match={"method": "POST", "path": "/add_media$"}, times=None)
    result = present(sandbox, external_id="file-1", media_path=str(tmp_path / "a.mp4"), context=steering(sandbox))
    assert result["msg"].startswith("It is not known whether the change was made")
    assert sent(sandbox).count("add_media") == 2


@pytest.mark.parametrize("what", ["media_url", "callback_url"])
def test_secrets_in_addresses_are_hidden_on_success_and_failure(sandbox, what):
    secret = "https://user:hunter2-hunter2@media.example.net/broken.mp4?token=tok-99999999&v=1"
    wanted = {**ORDER, "transcription": {"fidelity": "PREMIUM"}}
    if what == "media_url":
        wanted["media_url"] = secret
    else:
        wanted["transcription"]["callback_url"] = secret
    first = present(sandbox, **wanted)
    assert "failed" not in first, first
    second = present(sandbox, **wanted)
    assert second["changed"] is False
    shown = run("cielo24_job_info", accounts.cielo24(sandbox.url, external_id="new-1"))
    for result in (first, second, shown):
        assert not any(word in str(result) for word in ("hunter2", "tok-99999999"))
    path = "/add_media$" if what == "media_url" else "/perform_transcription$"
    message = f"nobody answers at {secret} (hunter2-hunter2, tok-99999999)"
    sandbox.fault(kind="status", status=400, code="INVALID_URL", message=message, match={"path": path}, times=None)
    refused = present(sandbox, **{**wanted, "external_id": "new-2", "media_is_duplicate": True})
    assert "nobody answers at (hidden) ((hidden), (hidden))" in refused["msg"]


def test_an_upload_takes_constant_memory(sandbox, tmp_path):
    with open(tmp_path / "large.mp4", "wb") as file:
        file.truncate(300 * 1024 * 1024)
    tracemalloc.start()
    try:
        result = present(sandbox, external_id="file-1", media_path=str(tmp_path / "large.mp4"))
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "failed" not in result, result
    assert most < 16 * 1024 * 1024


@pytest.mark.parametrize("refusal", ["after_body", "before_body"])
def test_a_refused_upload_fails_and_reports_the_new_job(sandbox, tmp_path, refusal):
    sandbox.variants(upload_limit=1000, upload_refusal=refusal)
    (tmp_path / "a.mp4").write_bytes(b"x" * 10_000_000)
    result = present(sandbox, external_id="file-1", media_path=str(tmp_path / "a.mp4"), context=steering(sandbox))
    assert result["failed"] is True
    # The job itself was created.
    assert result["changed"] is True
    assert result["jobs"][0]["steps"][0] == "new"


# ---------------------------------------------------------------------------------------------------------- deletions


@pytest.mark.parametrize("code", ["INVALID_QUERY", "INVALID_OPTION", "UNHANDLED_ERROR"])
def test_absent_fails_if_the_service_refuses_a_deletion(sandbox, code):
    sandbox.variants(deletable_states="early", undeletable_job_error=code)
    result = job(sandbox, state="absent", job_ids=[caption("a3"), caption("a1")])
    assert result["summary"] == {"requested": 2, "changed": 1, "unchanged": 0, "failed": 1}
    assert "The job is In Process: a job whose work has begun can no longer be deleted" in result["msg"]
    assert "contact cielo24's support" in result["msg"]


@pytest.mark.parametrize("external_ids", [["show-1001", "nothing"], ["nothing"]])
def test_absent_by_external_id_deletes_the_jobs_that_exist(sandbox, external_ids):
    result = job(sandbox, state="absent", external_ids=external_ids)
    assert result["summary"]["changed"] == len(external_ids) - 1
    assert result["jobs"][-1] == {"id": None, "ExternalID": "nothing", "action": "none", "changed": False}


def test_absent_for_an_account_below_needs_sub_account(sandbox):
    below = {"sub_account": "newsroom-archive"}
    assert job(sandbox, state="absent", external_id="archive-1")["changed"] is False
    assert job(sandbox, state="absent", name_pattern="Election*")["changed"] is False
    for how in ({"external_id": "archive-1"}, {"name_pattern": "Election*"}):
        result = job(sandbox, state="absent", **how, **below, check=True)
        assert (result["changed"], result["jobs"][0]["id"]) == (True, caption("b1"))
    assert job(sandbox, state="absent", external_id="archive-1", **below)["changed"] is True
    # Now there is none left.
    again = job(sandbox, state="absent", external_id="archive-1", **below)
    assert again["warnings"] == ["The account newsroom-archive has no captioning jobs. Check its name."]


@pytest.mark.parametrize("how", [{"external_id": "archive-1"}, {"name_pattern": "Election*"}])
def test_the_last_job_of_a_sub_account_deleted_with_a_lost_answer_causes_no_doubt_of_its_name(sandbox, how):
    sandbox.fault(kind="reset_after", match={"path": "/job/del$"}, times=1)
    result = job(sandbox, state="absent", **how, sub_account="newsroom-archive", context=steering(sandbox))
    assert (result["changed"], result["warnings"]) == (True, [])


def test_every_sub_account_is_searched_by_an_asterisk_but_nothing_is_ordered_for_it(sandbox):
    result = job(sandbox, state="absent", external_ids=["archive-1", "show-1002"], sub_account="*", check=True)
    assert (result["summary"]["changed"], result["warnings"]) == (2, [])
    sandbox.forget_requests()
    for check in (True, False):
        result = present(sandbox, **ORDER, sub_account="*", check=check)
        assert "sub_account must be the name of one account" in result["msg"]
    assert sandbox.requests() == []


def test_absent_ignores_options_of_orders(sandbox):
    result = job(sandbox, state="absent", external_id="show-1002", media_path="/nothing/there")
    assert result["changed"] is True


@pytest.mark.parametrize(
    "code, is_gone", [("ACCOUNT_UNPRIVILEGED", True), ("NO_CHILDREN_FOUND", True), ("UNHANDLED_ERROR", False)]
)
def test_absent_takes_refusals_to_look_below_for_absence(sandbox, code, is_gone):
    """A job that is not found is gone only if it cannot be theirs."""
    # After the login and the first list
    sandbox.fault(kind="status", status=400, code=code, at=[3])
    result = job(sandbox, state="absent", job_id=caption("ff"))
    assert (result["changed"], "failed" not in result) == (False, is_gone)


def test_absent_by_external_id_fails_if_several_jobs_have_it(sandbox):
    present(sandbox, external_id="twin", media_url=MEDIA)
    twin = {"external_id": "twin", "is_duplicate": "true", "v": "1", "api_token": accounts.CIELO24_TOKEN}
    assert requests.get(f"{sandbox.url}/api/job/new", twin, timeout=10).status_code == 200
    result = job(sandbox, state="absent", external_ids=["twin"])
    assert "There are several captioning jobs with the external id twin; give job_ids instead" in result["msg"]


# ------------------------------------------------------------------------------------------------------------- filters


@pytest.mark.parametrize(
    "given, found",
    [
        ({"fidelity": ["PREMIUM"]}, {"d4"}),
        ({"fidelity": ["PROFESSIONAL", "MECHANICAL"]}, {"d2", "d5", "d6", "d7"}),
        ({"priority": ["PRIORITY"]}, {"d7"}),
        ({"job_difficulty": ["Good"]}, {"d7"}),
        ({"status": ["Complete"], "name_pattern": "E*"}, {"d6"}),
        ({"external_id": "term-1-03"}, {"d3"}),
        ({"completed_before": "2100-01-01"}, {"d6", "d7"}),
        ({"completed_after": "2100-01-01"}, set()),
        ({"started_after": "2000-01-01", "status": ["In Process"]}, {"d4"}),
        ({"sub_account": "*", "name_pattern": "Botany"}, {"d3"}),
    ],
)
def test_filters_select_the_jobs_that_match_all(sandbox, given, found):
    result = run("cielo24_job_info", accounts.academy(sandbox.url, **given))
    assert {entry["id"] for entry in result["jobs"]} == {caption(job_id) for job_id in found}


@pytest.mark.parametrize(
    "given, found, missing",
    [
        ({"external_ids": ["term-1-03", "term-1-07"]}, ["d3", "d7"], []),
        ({"external_ids": "term-1-07, nothing\nterm-1-03"}, ["d3", "d7"], ["nothing"]),
        ({"external_id": "nothing"}, [], ["nothing"]),
        # It exists, but does not fit.
        ({"external_id": "term-1-03", "name_pattern": "nothing"}, [], []),
        ({"external_ids": ["term-1-03", "term-1-07"], "job_ids": [caption("d3")]}, ["d3"], ["term-1-07"]),
        ({"external_ids": ["archive-1"]}, [], ["archive-1"]),
    ],
)
def test_jobs_are_listed_by_external_ids(sandbox, given, found, missing):
    result = run("cielo24_job_info", accounts.academy(sandbox.url, **given))
    assert sorted(entry["id"] for entry in result["jobs"]) == [caption(job_id) for job_id in found]
    assert result["missing"] == missing


def test_all_jobs_with_the_same_external_id_are_listed(sandbox):
    for _job in range(2):
        twin = {"external_id": "twin", "is_duplicate": "true", "v": "1", "api_token": accounts.CIELO24_TOKEN}
        assert requests.get(f"{sandbox.url}/api/job/new", twin, timeout=10).status_code == 200
    result = run("cielo24_job_info", accounts.cielo24(sandbox.url, external_id="twin"))
    assert [entry["ExternalID"] for entry in result["jobs"]] == ["twin", "twin"]
    assert result["missing"] == []


@pytest.mark.parametrize(
    "given",
    [
        {"turnaround_hours_from": -1},
        {"due_after": "soon"},
        {"sub_account": ""},
        {"external_id": ""},
        {"external_ids": []},
        {"external_ids": ["a", "a"]},
    ],
)
def test_malformed_filters_send_nothing(sandbox, given):
    assert run("cielo24_job_info", accounts.academy(sandbox.url, **given))["failed"] is True
    assert sandbox.requests() == []


def test_statistics_are_returned_by_month(sandbox):
    result = run("cielo24_statistics_info", accounts.academy(sandbox.url, group_by="month", start_date="2026-01-01"))
    assert result["changed"] is False
    assert all(part["start_date"] <= part["end_date"] for part in result["statistics"])
    assert sum(part["billable_minutes"] for part in result["statistics"]) > 0


@pytest.mark.parametrize(
    "given, words",
    [
        ({"start_date": "2026-03-01", "end_date": "2026-01-01"}, "end_date must not come before start_date"),
        ({"start_date": "soon"}, "start_date: 'soon' is not a time"),
        ({"start_date": ""}, "start_date is an empty string"),
        ({"account_id": ""}, "account_id is an empty string"),
    ],
)
def test_malformed_statistics_options_send_nothing(sandbox, given, words):
    assert words in run("cielo24_statistics_info", accounts.academy(sandbox.url, **given))["msg"]
    assert sandbox.requests() == []
