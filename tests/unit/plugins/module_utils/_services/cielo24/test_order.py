# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.order import (
    ADD_MEDIA,
    AUTHORIZE,
    MODIFY,
    OPTIONS,
    TRANSCRIBE,
    Order,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.order_diff import compare

URL = "https://media.example.net/a.mp4"


def order(**given):
    params = {option: spec.get("default") for option, spec in OPTIONS.items()}
    transcription = given.pop("transcription", None)
    if transcription is not None:
        suboptions = OPTIONS["transcription"]["options"]
        given["transcription"] = {**{name: spec.get("default") for name, spec in suboptions.items()}, **transcription}
    return Order({**params, **given})


def job(status="Pending", **more):
    return {"JobId": "j", "JobStatus": status, "has_media": False, **more}


ORDERED = {"Fidelity": "STANDARD", "Priority": "STANDARD", "has_media": True}
LANGUAGES = "transcription.target_languages"
PREMIUM = {"transcription": {"fidelity": "PREMIUM"}}


@pytest.mark.parametrize(
    "given, words",
    [
        ({"media_url": "file:///etc/passwd"}, "media_url is not an address"),
        ({"media_url": "https://a b"}, "media_url is not an address"),
        ({"media_path": "/nothing/there"}, "there is no file"),
        ({"job_name": "a\nb"}, "job_name"),
        ({"job_name": " "}, "job_name"),
        ({"expected_speakers": 0}, "expected_speakers"),
        ({"transcription": {"fidelity": "PREMIUM", "turnaround_hours": 0}}, "turnaround_hours"),
        ({"transcription": {"fidelity": "PREMIUM", "target_languages": ["DE"]}}, "lower case"),
        ({"transcription": {"fidelity": "PREMIUM", "target_languages": ["de", "de"]}}, "given twice"),
        ({"transcription": {"fidelity": "PREMIUM", "callback_url": "x"}}, "callback_url"),
        ({"transcription": {"fidelity": "PREMIUM", "options": {"speaker": True}}}, "speaker is not documented"),
    ],
)
def test_malformed_orders(given, words):
    with pytest.raises(InvalidInput, match=words):
        order(**given)


def test_files(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "a").write_bytes(b"x")
    with open(tmp_path / "large", "wb") as file:
        file.truncate(10 * 1024**3 + 1)
    for name in ("empty", "large"):
        with pytest.raises(InvalidInput, match="from 1 byte to 10 GB"):
            order(media_path=str(tmp_path / name))
    with pytest.raises(InvalidInput, match="there is no file"):
        order(media_path=str(tmp_path))
    with pytest.raises(InvalidInput, match="either media_url or media_path"):
        order(media_path=str(tmp_path / "a"), media_url=URL)


def test_the_parameters_of_the_calls():
    full = order(
        job_name="n",
        language="de",
        sub_account="s",
        requestor="r",
        reference="f",
        expected_speakers=2,
        transcription={
            "fidelity": "PROFESSIONAL",
            "priority": "PRIORITY",
            "turnaround_hours": 24,
            "target_languages": ["fr", "de"],
            "callback_url": "https://hooks.example.net/?job={job_id}",
            "options": {"speaker_id": True, "notes": "x"},
            "standard_product": False,
        },
    )
    assert full.new("e-1") == {
        "job_name": "n",
        "language": "de",
        "external_id": "e-1",
        "username": "s",
        "requestor": "r",
        "reference": "f",
        "expected_speakers": 2,
    }
    query = full.transcribe()
    assert json.loads(query.pop("options")) == {"speaker_id": True, "notes": "x"}
    assert query == {
        "transcription_fidelity": "PROFESSIONAL",
        "priority": "PRIORITY",
        "turnaround_hours": 24,
        "callback_url": "https://hooks.example.net/?job={job_id}",
        "target_language": "fr,de",
        "standard_product": "false",
    }
    assert set(full.modify()) == {"transcription_fidelity", "priority", "turnaround_hours", "callback_url"}
    assert order().new(None) == {}


@pytest.mark.parametrize(
    "given, observed, steps",
    [
        ({}, job(), []),
        ({"media_url": URL}, job(), [ADD_MEDIA]),
        ({"media_url": URL}, job(has_media=True), []),
        (PREMIUM, job(), [TRANSCRIBE]),
        ({**PREMIUM, "media_url": URL}, job(), [ADD_MEDIA, TRANSCRIBE]),
        ({**PREMIUM, "media_url": URL, "authorize": True}, job(), [ADD_MEDIA, TRANSCRIBE, AUTHORIZE]),
        (PREMIUM, job(**ORDERED), []),
        (PREMIUM, job("Complete"), []),
        ({"authorize": True}, job("Authorizing"), [AUTHORIZE]),
        ({"authorize": True}, job("Pending"), []),
        ({**PREMIUM, "authorize": True}, job("In Process", **ORDERED), []),
        # As long as nobody has authorized it, it can be changed.
        (PREMIUM, job("Authorizing", **{**ORDERED, "Fidelity": "HIGH"}), [MODIFY]),
        (
            {**PREMIUM, "authorize": True},
            job("Authorizing", **{**ORDERED, "Priority": "PRIORITY"}),
            [MODIFY, AUTHORIZE],
        ),
        (PREMIUM, job("Authorizing", **ORDERED), []),
    ],
)
def test_missing_steps(given, observed, steps):
    assert compare(order(**given), observed)[:2] == (steps, [])


@pytest.mark.parametrize(
    "wanted, shown",
    [("PREMIUM", "STANDARD"), ("PREMIUM", "PREMIUM"), ("PROFESSIONAL", "HIGH"), ("MECHANICAL", "MECHANICAL")],
)
def test_fidelities_that_are_no_difference(wanted, shown):
    made = order(transcription={"fidelity": wanted})
    assert compare(made, job("In Process", **{**ORDERED, "Fidelity": shown})).fixed == []


@pytest.mark.parametrize(
    "given, observed, options",
    [
        ({"language": "de"}, job(SourceLanguage="en"), ["language"]),
        ({"job_name": "a"}, job(JobName="b"), ["job_name"]),
        ({"media_url": URL}, job(MediaUrl="https://other.example.net/", has_media=True), ["media_url"]),
        ({"media_url": URL}, job(MediaUrl=URL, has_media=True), []),
        # Uploaded media have no address to compare.
        ({"media_url": URL}, job(MediaUrl=None, has_media=True), []),
        ({"transcription": {"fidelity": "MECHANICAL"}}, job("In Process", **ORDERED), ["transcription.fidelity"]),
        (
            {"transcription": {"fidelity": "PREMIUM", "priority": "PRIORITY"}},
            job("Pending", **ORDERED),
            ["transcription.priority"],
        ),
        # The service itself makes that of it.
        (
            {"transcription": {"fidelity": "PREMIUM", "turnaround_hours": 24}},
            job("Pending", **{**ORDERED, "Priority": "PRIORITY"}),
            [],
        ),
        (PREMIUM, job("Pending", **{**ORDERED, "Priority": "PRIORITY"}), []),
        (PREMIUM, job("Pending", **{**ORDERED, "Priority": "ECONOMY"}), ["transcription.priority"]),
        ({"language": "en"}, job(SourceLanguage="EN"), []),
        # A signature is another one each time, and the service may not show it at all.
        ({"media_url": f"{URL}?X-Amz-Signature=a1&X-Amz-Date=1"}, job(MediaUrl=URL, has_media=True), []),
        ({"media_url": f"{URL}?v=1"}, job(MediaUrl=f"{URL}?v=2", has_media=True), ["media_url"]),
        ({"media_url": "https://u:p@media.example.net/a.mp4"}, job(MediaUrl=URL, has_media=True), []),
        (
            {"transcription": {"fidelity": "PREMIUM", "options": {"speaker_id": True, "notes": "x"}}},
            job("Pending", **ORDERED, Options={"speaker_id": {"label": "l", "setting": "true"}}),
            [],
        ),
        (
            {"transcription": {"fidelity": "PREMIUM", "options": {"speaker_id": True, "notes": "x"}}},
            job("Pending", **ORDERED, Options={"speaker_id": "False", "notes": {"setting": "y"}}),
            ["transcription.options.speaker_id", "transcription.options.notes"],
        ),
        (
            {"transcription": {"fidelity": "PREMIUM", "callback_url": "https://a.example.net/"}},
            job("Pending", **ORDERED, ReturnTargets={"url": [{"callback_url": "https://b.example.net/"}]}),
            ["transcription.callback_url"],
        ),
        (
            {"transcription": {"fidelity": "PREMIUM", "callback_url": "https://a.example.net/"}},
            job("Pending", **ORDERED, ReturnTargets={}),
            [],
        ),
        (
            {
                "transcription": {
                    "fidelity": "PREMIUM",
                    "callback_url": "https://u:p@a.example.net/{job_id}?t={job_name}",
                }
            },
            job("Pending", **ORDERED, ReturnTargets={"url": [{"callback_url": "https://a.example.net/j?t=x%20y"}]}),
            [],
        ),
        (
            {"transcription": {"fidelity": "PREMIUM", "options": {"custom_metadata": {"b": 1, "a": True}}}},
            job("Pending", **ORDERED, Options={"custom_metadata": '{"a": true, "b": 1}'}),
            [],
        ),
        (
            {"transcription": {"fidelity": "PREMIUM", "options": {"custom_metadata": {"b": 1, "a": True}}}},
            job("Pending", **ORDERED, Options={"custom_metadata": {"setting": {"a": True, "b": 1}}}),
            [],
        ),
    ],
)
def test_what_cannot_be_changed_any_more(given, observed, options):
    assert [option for option, _now, _then in compare(order(**given), observed).fixed] == options


CALLBACK = {"transcription": {"fidelity": "PREMIUM", "callback_url": "https://a.example.net/"}}
NOTES = {"transcription": {"fidelity": "PREMIUM", "options": {"notes": "x", "speaker_id": False}}}
HURRY = {"transcription": {"fidelity": "PREMIUM", "turnaround_hours": 72}}


@pytest.mark.parametrize(
    "given, observed, steps, hidden",
    [
        (CALLBACK, job("Pending", **ORDERED), [], ["transcription.callback_url"]),
        (NOTES, job("Pending", **ORDERED), [], ["transcription.options.notes"]),
        # No job shows it, ever.
        (HURRY, job("Pending", **ORDERED), [], []),
        # It can still be changed, so it is told once more when it counts.
        (CALLBACK, job("Authorizing", **ORDERED), [], []),
        # Before it counts, what can be changed is told once more.
        ({**CALLBACK, "authorize": True}, job("Authorizing", **ORDERED), [MODIFY, AUTHORIZE], []),
        ({**HURRY, "authorize": True}, job("Authorizing", **ORDERED), [MODIFY, AUTHORIZE], []),
        ({**NOTES, "authorize": True}, job("Authorizing", **ORDERED), [AUTHORIZE], ["transcription.options.notes"]),
        ({**PREMIUM, "authorize": True}, job("Authorizing", **ORDERED), [AUTHORIZE], []),
    ],
)
def test_what_a_job_does_not_show(given, observed, steps, hidden):
    found = compare(order(**given), observed)
    assert (found.steps, found.fixed, found.hidden) == (steps, [], hidden)


def test_a_fidelity_that_jobs_have_by_default_is_no_order():
    observed = job(**ORDERED)
    assert compare(order(**PREMIUM), observed, is_known_to_be_ordered=False).steps == [TRANSCRIBE]


@pytest.mark.parametrize(
    "hours, asked, expected",
    [
        (None, "STANDARD", "STANDARD"),
        (48, "STANDARD", "STANDARD"),
        (47, "STANDARD", "PRIORITY"),
        (24, "PRIORITY", "PRIORITY"),
    ],
)
def test_the_priority_that_the_service_makes_of_a_turnaround(hours, asked, expected):
    made = order(transcription={"fidelity": "PREMIUM", "priority": asked, "turnaround_hours": hours})
    assert made.as_fields() == {"Fidelity": "STANDARD", "Priority": expected}


@pytest.mark.parametrize(
    "wanted, shown, same",
    [
        ({"speaker_id": True}, {"speaker_id": 1}, True),
        ({"speaker_id": True}, {"speaker_id": "Yes"}, True),
        ({"speaker_id": True}, {"speaker_id": {"setting": "on"}}, True),
        ({"speaker_id": True}, {"speaker_id": "0"}, False),
        ({"speaker_id": False}, {"speaker_id": None}, True),
        ({"speaker_id": False}, {"speaker_id": ""}, True),
        ({"return_iwp": ["FINAL", "PREMIUM"]}, {"return_iwp": "PREMIUM,FINAL"}, True),
        ({"return_iwp": ["FINAL"]}, {"return_iwp": "FINAL"}, True),
        ({"return_iwp": ["FINAL"]}, {"return_iwp": '["FINAL", "PREMIUM"]'}, False),
        ({"customer_approval_tool": "amara"}, {"customer_approval_tool": "AMARA"}, True),
        ({"notes": "Spell IBM\n"}, {"notes": "Spell IBM"}, True),
        ({"notes": "a\r\nb"}, {"notes": "a\nb"}, True),
        ({"notes": "Spell IBM"}, {"notes": "spell ibm"}, False),
        ({"notes": "a, b"}, {"notes": "b, a"}, False),
    ],
)
def test_forms_in_which_options_are_shown(wanted, shown, same):
    found = compare(
        order(transcription={"fidelity": "PREMIUM", "options": wanted}), job("Pending", **ORDERED, Options=shown)
    )
    assert (found.fixed == []) is same
    assert found.hidden == []


@pytest.mark.parametrize(
    "given, observed, hidden",
    [
        ({"media_url": URL}, job(**ORDERED), ["media_url"]),
        ({"media_url": URL}, job(**ORDERED, MediaUrl=URL), []),
        ({"transcription": {"fidelity": "PREMIUM", "target_languages": ["fr"]}}, job(**ORDERED), [LANGUAGES]),
        (
            {"transcription": {"fidelity": "PREMIUM", "target_languages": ["fr", "de"]}},
            job(**ORDERED, TargetLanguage="de"),
            [],
        ),
        (
            {"transcription": {"fidelity": "PREMIUM", "standard_product": True}},
            job(**ORDERED),
            ["transcription.standard_product"],
        ),
        (
            {"transcription": {"fidelity": "PREMIUM", "turnaround_hours": 24}},
            job(**ORDERED),
            ["transcription.turnaround_hours"],
        ),
    ],
)
def test_what_else_a_job_does_not_show(given, observed, hidden):
    assert compare(order(**given), observed).hidden == hidden


@pytest.mark.parametrize("shown", [{"SourceLanguage": {"code": "en"}}, {"JobName": 7}, {"Fidelity": ["STANDARD"]}])
def test_odd_fields_are_compared_like_others(shown):
    assert compare(order(**PREMIUM, language="en", job_name="n"), job(**{**ORDERED, **shown})).fixed


@pytest.mark.parametrize("url", ["https://user:pa/ss@media.example.net/a.mp4", "https://[::1/a.mp4"])
def test_addresses_that_would_be_misread(url):
    with pytest.raises(InvalidInput, match="written as %XX"):
        order(media_url=url)


@pytest.mark.parametrize(
    "shown", ["[" * 100_000, "9" * 100_000, "[1", {"setting": "[" * 100_000}, [[]], {"a": []}, None]
)
def test_an_option_that_is_no_option_at_all_is_another_one(shown):
    wanted = order(transcription={"fidelity": "STANDARD", "options": {"customer_approval_steps": ["CAPTION"]}})
    found = compare(wanted, job("Complete", **{**ORDERED, "Options": {"customer_approval_steps": shown}}))
    assert [option for option, _now, _then in found.fixed] == ["transcription.options.customer_approval_steps"]


@pytest.mark.parametrize("shown", [["x"], {"a": 1}, 17, True])
def test_an_address_of_media_that_is_none_is_another_one(shown):
    found = compare(order(media_url=URL), {**job("Complete"), "has_media": True, "MediaUrl": shown})
    assert [option for option, _now, _then in found.fixed] == ["media_url"]
