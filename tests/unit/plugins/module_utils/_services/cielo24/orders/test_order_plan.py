# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.create_once import Creations
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.orders.plan import (
    ExistingJobPlanner,
    NewJobPlanner,
    OrderFacts,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.orders.progress import Delivery, Progress
from ansible_collections.saasops.jobs.tests.unit.support.cielo24_orders import ORDERED, PREMIUM, URL, job, order

FULL = {**PREMIUM, "media_url": URL, "authorize": True}
NOTED = {"transcription": {"fidelity": "PREMIUM", "options": {"notes": "x"}}}
NOBODY = OrderFacts(Creations({}, frozenset()), {})


def new(check=False, **given):
    return NewJobPlanner(order(**given), "ExternalID", is_prediction=check)


def facts(*, is_own=False, **progress):
    return OrderFacts(Creations({"e-1": "j"}, frozenset(["e-1"] if is_own else [])), {"e-1": Progress(**progress)})


def plan(given, observed, about, check=False):
    return new(check, **given).plan("e-1", observed, about)


def test_a_missing_job_is_created_with_all_steps():
    change = plan({**FULL, "job_name": "n", "language": "de"}, None, NOBODY)
    assert (change.action, change.before, change.warnings) == ("create", None, ())
    assert change.extra == {"steps": ["new", "add_media", "perform_transcription", "authorize"]}
    assert change.after == {
        "ExternalID": "e-1",
        "JobName": "n",
        "SourceLanguage": "de",
        "Fidelity": "STANDARD",
        "Priority": "STANDARD",
    }


@pytest.mark.parametrize("check", [True, False])
def test_a_missing_job_without_media_is_a_warning_in_check_mode_and_a_refusal_otherwise(check):
    change = plan(PREMIUM, None, NOBODY, check)
    sentence = "There is no captioning job e-1 yet. To order it, give media_url or media_path."
    assert (change.acts, change.refusal, change.warnings) == (
        (False, None, (sentence,)) if check else (False, sentence, ())
    )


def test_a_missing_job_that_is_named_by_its_id_is_refused():
    change = ExistingJobPlanner(order(**FULL)).plan("j", None, NOBODY)
    assert str(change.refusal).startswith("Captioning job j does not exist.")


@pytest.mark.parametrize(
    "progress, steps",
    [
        ({}, ["add_media", "perform_transcription", "authorize"]),
        ({"has_added_media": True}, ["perform_transcription", "authorize"]),
        ({"transcription": Delivery.ACCEPTED, "has_added_media": True}, None),
    ],
)
def test_a_created_job_that_is_not_visible_yet_needs_what_the_task_has_not_done(progress, steps):
    change = plan(FULL, None, facts(is_own=True, is_touched=True, **progress))
    assert change.extra.get("steps") == steps


@pytest.mark.parametrize("delivery, acts", [(Delivery.NOT_SENT, True), (Delivery.SENT, False)])
def test_a_default_fidelity_of_an_own_job_is_no_order_unless_one_was_sent(delivery, acts):
    about = facts(is_own=True, is_touched=True, transcription=delivery)
    assert plan(PREMIUM, job(**ORDERED), about).acts is acts


def test_a_job_that_differs_is_refused():
    change = plan({"language": "de"}, job(SourceLanguage="en"), facts())
    assert change.refusal == (
        "Captioning job e-1 (j) already exists, and this can no longer be changed: language is en, not de. Delete "
        "it, or "
        "order another one."
    )


@pytest.mark.parametrize("given, is_refused", [({}, False), (PREMIUM, True), ({"authorize": True}, True)])
def test_a_media_failure_is_refused_if_anything_is_asked_for(given, is_refused):
    change = plan(given, job("Media Failure"), facts())
    assert ("ended with a media failure" in str(change.refusal)) is is_refused


def test_hidden_options_prevent_an_authorization_unless_the_task_has_ordered_them():
    observed = job("Authorizing", **ORDERED)
    refused = plan({**NOTED, "authorize": True}, observed, facts())
    assert "was not authorized: cielo24 does not show whether it has" in str(refused.refusal)
    assert refused.warnings == ()
    assert plan({**NOTED, "authorize": True}, observed, facts(is_touched=True)).extra == {"steps": ["authorize"]}


def test_hidden_options_of_an_existing_job_are_a_warning():
    change = plan(NOTED, job(**ORDERED), facts())
    assert (change.acts, change.refusal, len(change.warnings)) == (False, None, 1)
    assert "does not show whether it has the requested transcription.options.notes" in change.warnings[0]


def test_a_raised_priority_of_an_existing_job_is_a_warning():
    raised = {**ORDERED, "Priority": "PRIORITY"}
    assert "has the priority PRIORITY, not STANDARD" in plan(PREMIUM, job(**raised), facts()).warnings[0]


def test_a_changed_callback_shows_in_the_difference():
    given = {"transcription": {"fidelity": "PREMIUM", "callback_url": "https://b.example.net/"}}
    before = {"url": [{"callback_url": "https://a.example.net/"}]}
    change = plan(given, job("Authorizing", **ORDERED, ReturnTargets=before), facts())
    assert (change.action, change.extra) == ("update", {"steps": ["modify"]})
    assert (change.before["ReturnTargets"], change.after["ReturnTargets"]) == (
        before,
        {"url": [{"callback_url": "https://b.example.net/"}]},
    )


def test_a_predicted_job_has_its_media_and_no_warnings():
    change = ExistingJobPlanner(order(**PREMIUM)).plan_predicted("to-be-created-x")
    assert (change.action, change.extra) == ("update", {"steps": ["perform_transcription"]})
    assert change.warnings == ()
