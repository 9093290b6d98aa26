# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from unittest.mock import ANY

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.orders.diff import (
    Comparison,
    Ordered,
    compare,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.orders.observed_job import with_media
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.orders.progress import Step
from ansible_collections.saasops.jobs.tests.unit.support.cielo24_orders import ORDERED, PREMIUM, URL, job, order

LANGUAGES = "transcription.target_languages"


@pytest.mark.parametrize(
    "given, observed, steps",
    [
        ({}, job(), []),
        ({"media_url": URL}, job(), [Step.ADD_MEDIA]),
        ({"media_url": URL}, job(has_media=True), []),
        (PREMIUM, job(), [Step.TRANSCRIBE]),
        ({**PREMIUM, "media_url": URL}, job(), [Step.ADD_MEDIA, Step.TRANSCRIBE]),
        ({**PREMIUM, "media_url": URL, "authorize": True}, job(), [Step.ADD_MEDIA, Step.TRANSCRIBE, Step.AUTHORIZE]),
        (PREMIUM, job(**ORDERED), []),
        (PREMIUM, job("Complete"), []),
        ({"authorize": True}, job("Authorizing"), [Step.AUTHORIZE]),
        ({"authorize": True}, job("Pending"), []),
        ({**PREMIUM, "authorize": True}, job("In Process", **ORDERED), []),
        # As long as nobody has authorized it, it can be changed.
        (PREMIUM, job("Authorizing", **{**ORDERED, "Fidelity": "HIGH"}), [Step.MODIFY]),
        (
            {**PREMIUM, "authorize": True},
            job("Authorizing", **{**ORDERED, "Priority": "PRIORITY"}),
            [Step.MODIFY, Step.AUTHORIZE],
        ),
        (PREMIUM, job("Authorizing", **ORDERED), []),
    ],
)
def test_steps_are_what_the_job_lacks(given, observed, steps):
    assert compare(order(**given), observed) == Comparison(tuple(steps), (), ANY, ANY)


@pytest.mark.parametrize(
    "wanted, shown",
    [("PREMIUM", "STANDARD"), ("PREMIUM", "PREMIUM"), ("PROFESSIONAL", "HIGH"), ("MECHANICAL", "MECHANICAL")],
)
def test_a_fidelity_under_its_shown_name_is_no_difference(wanted, shown):
    made = order(transcription={"fidelity": wanted})
    assert compare(made, job("In Process", **{**ORDERED, "Fidelity": shown})).fixed == ()


@pytest.mark.parametrize(
    "given, observed, options",
    [
        ({"language": "de"}, job(SourceLanguage="en"), ["language"]),
        ({"job_name": "a"}, job(JobName="b"), ["job_name"]),
        ({"media_url": URL}, job(media_url="https://other.example.net/", has_media=True), ["media_url"]),
        ({"media_url": URL}, job(media_url=URL, has_media=True), []),
        # Uploaded media have no address to compare.
        ({"media_url": URL}, job(media_url=None, has_media=True), []),
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
        ({"media_url": f"{URL}?X-Amz-Signature=a1&X-Amz-Date=1"}, job(media_url=URL, has_media=True), []),
        ({"media_url": f"{URL}?v=1"}, job(media_url=f"{URL}?v=2", has_media=True), ["media_url"]),
        ({"media_url": "https://u:p@media.example.net/a.mp4"}, job(media_url=URL, has_media=True), []),
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
def test_what_cannot_be_changed_any_more_is_fixed(given, observed, options):
    assert [difference.option for difference in compare(order(**given), observed).fixed] == options


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
        ({**CALLBACK, "authorize": True}, job("Authorizing", **ORDERED), [Step.MODIFY, Step.AUTHORIZE], []),
        ({**HURRY, "authorize": True}, job("Authorizing", **ORDERED), [Step.MODIFY, Step.AUTHORIZE], []),
        (
            {**NOTES, "authorize": True},
            job("Authorizing", **ORDERED),
            [Step.AUTHORIZE],
            ["transcription.options.notes"],
        ),
        ({**PREMIUM, "authorize": True}, job("Authorizing", **ORDERED), [Step.AUTHORIZE], []),
    ],
)
def test_hidden_options_are_told_once_more_before_the_authorization(given, observed, steps, hidden):
    found = compare(order(**given), observed)
    assert (found.steps, found.fixed, found.hidden) == (tuple(steps), (), tuple(hidden))


def test_a_default_fidelity_of_a_new_job_is_no_order():
    observed = job(**ORDERED)
    assert compare(order(**PREMIUM), observed, Ordered.NO).steps == (Step.TRANSCRIBE,)


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
def test_options_are_equal_in_every_form_in_which_they_are_shown(wanted, shown, same):
    found = compare(
        order(transcription={"fidelity": "PREMIUM", "options": wanted}), job("Pending", **ORDERED, Options=shown)
    )
    assert (found.fixed == ()) is same
    assert found.hidden == ()


@pytest.mark.parametrize(
    "given, observed, hidden",
    [
        ({"media_url": URL}, job(**ORDERED), ["media_url"]),
        ({"media_url": URL}, job(**ORDERED, media_url=URL), []),
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
def test_options_that_a_job_does_not_show_are_hidden(given, observed, hidden):
    assert compare(order(**given), observed).hidden == tuple(hidden)


@pytest.mark.parametrize("shown", [{"SourceLanguage": {"code": "en"}}, {"JobName": 7}, {"Fidelity": ["STANDARD"]}])
def test_fields_of_odd_types_are_different(shown):
    assert compare(order(**PREMIUM, language="en", job_name="n"), job(**{**ORDERED, **shown})).fixed


@pytest.mark.parametrize(
    "shown", ["[" * 100_000, "9" * 100_000, "[1", {"setting": "[" * 100_000}, [[]], {"a": []}, None]
)
def test_a_malformed_option_is_different(shown):
    wanted = order(transcription={"fidelity": "STANDARD", "options": {"customer_approval_steps": ["CAPTION"]}})
    found = compare(wanted, job("Complete", **{**ORDERED, "Options": {"customer_approval_steps": shown}}))
    assert [difference.option for difference in found.fixed] == ["transcription.options.customer_approval_steps"]


@pytest.mark.parametrize("shown", [["x"], {"a": 1}, 17, True])
def test_a_malformed_address_of_media_is_different(shown):
    found = compare(order(media_url=URL), with_media({"JobId": "j", "JobStatus": "Complete", "MediaUrl": shown}))
    assert [difference.option for difference in found.fixed] == ["media_url"]
