# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Event, Lock

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors, threads
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.change import PlannedChange
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.reconciler import (
    Observation,
    Reconciler,
    SelectingReconciler,
)
from ansible_collections.saasops.jobs.plugins.module_utils._core.runner import perform
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock

LOST = "lost"


def failure(text="broken", aborts_task=False):
    return errors.NoResponse(text, "DELETE", "/x", aborts_task=aborts_task)


class Things(Reconciler):
    """Things on a server that lives in this object; `script` says what happens to each try of a key."""

    noun, result_key = "thing", "jobs"

    def __init__(self, there, script=None, sight=None):
        self.there = dict(there)
        self.script = {key: list(steps) for key, steps in (script or {}).items()}
        self.sight = list(sight or [])
        self.looks = []
        self.tries = []
        self.lock = Lock()

    def observe(self, keys):
        self.looks.append(list(keys))
        if self.sight:
            change = self.sight.pop(0)
            if isinstance(change, Exception):
                raise change
            if callable(change):
                change(self)
        return Observation({key: dict(self.there[key]) for key in keys if key in self.there}, facts=None)

    def plan(self, key, observed, facts):
        if observed is None:
            return PlannedChange()
        if observed.get("locked"):
            return PlannedChange(refusal=f"{key} is locked")
        return PlannedChange("delete", before={"size": observed["size"]})

    def apply(self, item):
        with self.lock:
            self.tries.append(item.key)
            change = self.script.get(item.key, []).pop(0) if self.script.get(item.key) else "do"
            if change in ("do", "do and lose"):
                was_there = self.there.pop(item.key, None) is not None
                if change == "do and lose":
                    raise errors.OutcomeUnknown(failure(LOST))
                return was_there
        if change == "lose":
            raise errors.OutcomeUnknown(failure(LOST))
        raise change

    def fields(self, key, observed):
        return {**(observed or {}), "id": key}


def run(things, keys, check=False, retries=2, max_concurrency=1, context=None):
    context = context or TaskContext(check_mode=check, clock=StillClock(), diff_mode=True)
    items = engine.reconcile(things, keys, context, HttpSettings(retries=retries, max_concurrency=max_concurrency))
    return report.report(things, items, context)


def summary(result):
    return [(entry["id"], entry["action"], entry["changed"], "error" in entry) for entry in result["jobs"]]


A, B = {"size": 1}, {"size": 2}


def test_only_what_is_there_is_acted_on_and_the_order_is_that_of_the_request():
    things = Things({"a": A, "b": B})
    result = run(things, ["b", "x", "a"], max_concurrency=4)
    assert summary(result) == [
        ("b", "delete", True, False),
        ("x", "none", False, False),
        ("a", "delete", True, False),
    ]
    assert result["changed"] is True
    assert result["summary"] == {"requested": 3, "changed": 2, "unchanged": 1, "failed": 0}
    assert result["diff"] == {"before": {"b": {"size": 2}, "a": {"size": 1}}, "after": {}}
    assert "failed" not in result
    assert things.looks == [["b", "x", "a"]]


def test_check_mode_predicts_the_same_and_applies_nothing():
    things = Things({"a": A, "c": {"locked": True}})
    predicted = run(things, ["a", "b", "c"], check=True)
    assert things.tries == []
    assert run(things, ["a", "b", "c"]) == predicted


def test_nothing_to_do_is_unchanged():
    result = run(Things({}), ["a"])
    assert (result["changed"], summary(result)) == (False, [("a", "none", False, False)])


def test_one_failure_hides_no_other_result():
    things = Things({"a": A, "b": B, "c": A}, {"b": [failure("b broke")]})
    result = run(things, ["a", "b", "c"], max_concurrency=3)
    assert summary(result) == [
        ("a", "delete", True, False),
        ("b", "none", False, True),
        ("c", "delete", True, False),
    ]
    assert result["failed"] is True
    assert result["changed"] is True
    assert result["msg"] == "1 of 3 things failed. The first: b broke"
    assert result["error"]["message"] == "b broke"
    assert result["diff"]["before"].keys() == {"a", "c"}


def test_a_refusal_sends_nothing_for_the_item():
    things = Things({"a": {"locked": True}, "b": B})
    result = run(things, ["a", "b"])
    assert things.tries == ["b"]
    assert summary(result) == [("a", "none", False, True), ("b", "delete", True, False)]


@pytest.mark.parametrize(
    "script, changed, failed, tries",
    [
        (["do and lose"], True, False, 1),
        (["lose"], True, False, 2),
        (["lose", "do and lose"], True, False, 2),
        (["lose", "lose"], True, False, 3),
        (["lose", "lose", "lose"], False, True, 3),
        (["lose", "lose", "do and lose"], True, False, 3),
        (["lose", failure()], False, True, 2),
    ],
)
def test_a_lost_answer_is_settled_by_looking_again(script, changed, failed, tries):
    things = Things({"a": A}, {"a": script})
    result = run(things, ["a"])
    assert (result["changed"], result.get("failed", False)) == (changed, failed)
    assert things.tries == ["a"] * tries
    assert things.there.get("a") is None if changed else "a" in things.there


def test_only_items_in_doubt_are_looked_at_again():
    things = Things({"a": A, "b": B}, {"b": ["lose"]})
    run(things, ["a", "b"])
    assert things.looks == [["a", "b"], ["b"]]


def test_an_item_that_someone_else_removed_is_not_our_change():
    things = Things({"a": A}, sight=[None])
    apply_before = things.apply
    things.apply = lambda item: things.there.pop("a") and apply_before(item)
    result = run(things, ["a"])
    assert (result["changed"], summary(result)) == (False, [("a", "none", False, False)])


def test_gone_at_the_second_try_after_a_lost_answer_is_our_change():
    # The answer was lost, the look still showed it (an old copy), and then the service says that it is gone.
    things = Things({"a": A}, {"a": ["do and lose"]}, sight=[None, lambda self: self.there.update(a=A)])
    apply_before = things.apply

    def apply(item):
        if len(things.tries) == 1:
            things.there.pop("a")
        return apply_before(item)

    things.apply = apply
    assert run(things, ["a"])["changed"] is True


def refused(status):
    return errors.ServiceError("It is gone already.", status, "GONE", "It is gone already.", None, "DELETE", "/x")


def hide(things):
    """The effect of what was done shows."""
    things.there.pop("a", None)


@pytest.mark.parametrize("status", [400, 404, 409])
def test_a_change_that_shows_late_is_ours_although_its_second_try_was_refused(status):
    things = Things({"a": A}, {"a": ["lose", refused(status)]}, sight=[None, None, hide])
    result = run(things, ["a"])
    assert summary(result) == [("a", "delete", True, False)]
    assert len(things.tries) == 2


@pytest.mark.parametrize("status, is_known", [(400, False), (404, False), (409, False), (401, True), (403, True)])
def test_a_change_that_never_shows_and_whose_second_try_was_refused_is_not_known(status, is_known):
    things = Things({"a": A}, {"a": ["lose", refused(status)]})
    result = run(things, ["a"])
    assert summary(result) == [("a", "none" if is_known else "delete", not is_known, True)]
    assert ("It is not known whether the change was made" in result["jobs"][0]["error"]["message"]) is not is_known


def test_a_change_in_doubt_that_is_refused_after_another_look_is_not_known():
    def lock_it(things):
        things.there["a"] = {"locked": True}

    result = run(Things({"a": A}, {"a": ["lose"]}, sight=[None, lock_it]), ["a"])
    assert summary(result) == [("a", "delete", True, True)]
    message = result["jobs"][0]["error"]["message"]
    assert "It is not known whether the change was made" in message and "a is locked" in message


def test_in_doubt_for_good_says_so():
    things = Things({"a": A}, {"a": ["do and lose"]}, sight=[None, *[failure("service down")] * 3])
    result = run(things, ["a"])
    assert result["failed"] is True
    assert result["changed"] is True
    assert "not known" in result["msg"]
    assert "service down" in result["msg"]
    # What is not known is not shown as done.
    assert result["diff"] == {"before": {}, "after": {}}


def test_looking_again_is_tried_more_than_once():
    things = Things({"a": A}, {"a": ["do and lose"]}, sight=[None, failure("busy"), failure("busy")])
    result = run(things, ["a"])
    assert (result["changed"], result.get("failed")) == (True, None)


def test_looking_again_is_not_tried_on_with_refused_credentials():
    refused = errors.ServiceError("key revoked", 401, "NO", "no", None, "GET", "/x")
    things = Things({"a": A}, {"a": ["do and lose"]}, sight=[None, refused])
    result = run(things, ["a"])
    assert len(things.looks) == 2
    assert "key revoked" in result["msg"]


def test_what_is_in_doubt_is_shown_as_it_was():
    things = Things({"a": A}, {"a": ["lose"]}, sight=[None, *[failure("service down")] * 3])
    things.plan = lambda key, observed, facts: PlannedChange("grow", before={"size": 1}, after={"size": 2})
    result = run(things, ["a"])
    assert (result["jobs"][0]["size"], result["jobs"][0]["changed"]) == (1, True)


def test_a_part_that_shows_when_looking_again_counts():
    things = Things({"a": A}, {"a": ["lose"]})

    def record_partial_change(item, observed):
        item.changed, item.action = True, "half"

    things.record_partial_change = record_partial_change
    result = run(things, ["a"], retries=0)
    assert (result["changed"], result["failed"], result["jobs"][0]["action"]) == (True, True, "half")


def test_overtaken_by_someone_else_is_unchanged():
    things = Things(
        {"a": A}, {"a": [errors.StateConflict(failure("not any more"))]}, sight=[None, lambda self: self.there.clear()]
    )
    result = run(things, ["a"])
    assert (result["changed"], result.get("failed")) == (False, None)


def test_a_refusal_that_stays_is_not_sent_again():
    things = Things({"a": A}, {"a": [errors.StateConflict(failure("no"))]})
    result = run(things, ["a"])
    assert things.tries == ["a"]
    assert result["msg"] == "no"


def test_a_state_conflict_stands_if_the_state_cannot_be_read_afterwards():
    things = Things({"a": A}, {"a": [errors.StateConflict(failure("no"))]}, sight=[None, *[failure("down")] * 3])
    result = run(things, ["a"])
    assert (result["changed"], result["msg"]) == (False, "no")


def test_refused_credentials_stop_the_rest():
    things = Things({"a": A, "b": B, "c": A}, {"a": [failure("key refused", aborts_task=True)]})
    result = run(things, ["a", "b", "c"])
    assert things.tries == ["a"]
    assert result["summary"]["failed"] == 3
    assert "not processed" in result["jobs"][2]["error"]["message"]
    assert "key refused" in result["jobs"][2]["error"]["message"]


def test_a_defect_in_one_item_loses_no_other():
    things = Things({"a": A, "b": B, "c": A}, {"b": [KeyError("oops")] * 3})
    result = run(things, ["a", "b", "c"], max_concurrency=3)
    assert result["summary"] == {"requested": 3, "changed": 2, "unchanged": 0, "failed": 1}
    assert "bug in the collection (KeyError)" in result["jobs"][1]["error"]["message"]


def test_a_failed_first_look_changes_nothing():
    things = Things({"a": A}, sight=[failure("down")])
    with pytest.raises(errors.NoResponse):
        run(things, ["a"])
    assert things.tries == []


def test_items_are_applied_concurrently():
    things = Things({str(number): A for number in range(4)})
    together = Barrier(4, timeout=10)
    apply_before = things.apply

    def apply(item):
        together.wait()
        return apply_before(item)

    things.apply = apply
    assert run(things, list("0123"), max_concurrency=4)["summary"]["changed"] == 4


def test_a_part_that_was_done_counts_even_if_the_rest_failed():
    things = Things({"a": A})

    def apply(item):
        item.changed = True
        raise failure("second half")

    things.apply = apply
    result = run(things, ["a"])
    assert (result["changed"], result["failed"]) == (True, True)
    assert result["diff"] == {"before": {}, "after": {}}


class Stopping(Things):
    """Things whose server asks the task to stop when a key is tried."""

    def __init__(self, context, at, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.context = context
        self.at = at

    def apply(self, item):
        if item.key == self.at:
            self.context.cancel_token.request("Stopped by SIGTERM.")
        if self.context.cancel_token.reason:
            assert self.noticed.wait(10)
        return super().apply(item)


@pytest.fixture
def noticed(monkeypatch):
    """Set once nothing further is begun."""
    event = Event()
    halt = threads._Crew.halt

    def tell(crew):
        halt(crew)
        event.set()

    monkeypatch.setattr(threads._Crew, "halt", tell)
    return event


def test_a_task_that_is_stopped_tells_what_was_done(noticed):
    context = TaskContext(clock=StillClock())
    things = Stopping(context, "b", dict.fromkeys("abcd", A))
    things.noticed = noticed
    result = run(things, list("abcd"), context=context)
    assert summary(result) == [
        ("a", "delete", True, False),
        ("b", "delete", True, False),
        ("c", "none", False, True),
        ("d", "none", False, True),
    ]
    assert (result["failed"], result["changed"]) == (True, True)
    assert result["msg"] == "2 of 4 things failed. The first: This thing was not processed. Stopped by SIGTERM."
    assert sorted(things.there) == ["c", "d"]


def test_a_request_without_an_answer_when_the_task_is_stopped_may_have_been_done(noticed):
    context = TaskContext(clock=StillClock())
    things = Stopping(context, "b", dict.fromkeys("abc", A), {"b": ["lose"]})
    things.noticed = noticed
    result = run(things, list("abc"), context=context)
    assert summary(result)[1:] == [("b", "delete", True, True), ("c", "none", False, True)]
    assert "It is not known whether the change was made" in result["jobs"][1]["error"]["message"]
    assert len(things.looks) == 1


@pytest.mark.parametrize(
    "sent, expected, words",
    [
        (True, ("a", "delete", True, True), "It is not known whether the change was made"),
        (False, ("a", "none", False, True), "The change was not made. Stopped by SIGTERM."),
    ],
)
def test_a_thread_that_does_not_end_is_left_behind(monkeypatch, sent, expected, words):
    monkeypatch.setattr(threads, "_GRACE", 0.01)
    context, forever = TaskContext(clock=StillClock()), Event()

    class Hanging(Things):
        def apply(self, item):
            item.sent = sent
            item.extra["parts"] = ["one"]
            context.cancel_token.request("Stopped by SIGTERM.")
            forever.wait(30)
            item.extra["parts"].append("late")
            return True

    result = run(Hanging({"a": A}), ["a"], context=context)
    forever.set()
    assert summary(result) == [expected]
    assert result["jobs"][0]["parts"] == ["one"]
    assert words in result["msg"]


def test_a_task_that_is_stopped_before_it_changes_anything_says_so():
    context = TaskContext(clock=StillClock())
    context.cancel_token.request("Stopped by SIGTERM.")
    with pytest.raises(errors.JobsError, match="Stopped by SIGTERM. Nothing was changed."):
        run(Things({"a": A}), ["a"], context=context)


def test_a_wait_between_tries_ends_when_the_task_is_stopped(noticed):
    context = TaskContext(clock=StillClock())

    class Waiting(Stopping):
        def apply(self, item):
            context.cancel_token.request("Stopped by SIGTERM.")
            context.cancel_token.sleep(3600)

    result = run(Waiting(context, "a", {"a": A}), ["a"], context=context)
    assert summary(result) == [("a", "none", False, True)]
    assert result["msg"] == "The change was not made. Stopped by SIGTERM."


# Ends that nobody expected


class Strange(Exception):
    pass


def guarded(things, keys, retries=1, max_concurrency=1, choice="all", limit=None, after=None):
    """As a runner would have it: whatever is raised, the result comes back."""
    context = TaskContext(clock=StillClock())

    def task(params, context):
        settings = HttpSettings(retries=retries, max_concurrency=max_concurrency)
        items = engine.reconcile(things, keys, context, settings, limit)
        if after:
            after(items)
        return report.report(things, items, context, choice)

    return perform(task, {}, context), context


def test_a_defect_while_looking_again_leaves_the_report_of_all_others():
    things = Things({"a": A, "b": B, "c": A}, {"b": ["lose"]}, sight=[None, Strange("secret")])
    result, context = guarded(things, ["a", "b", "c"])
    assert summary(result) == [
        ("a", "delete", True, False),
        ("b", "delete", True, True),
        ("c", "delete", True, False),
    ]
    assert result["changed"] is True and result["failed"] is True
    assert "not known" in result["jobs"][1]["error"]["message"]
    assert "bug in the collection (Strange)" in result["msg"]
    # Its words may hold anything.
    assert "secret" not in str(result)
    assert "Strange: secret" in context.defects[0]


def test_a_defect_after_the_changes_leaves_a_report_that_says_what_was_done():
    def after(items):
        raise Strange

    result, _context = guarded(Things({"a": A, "b": B}), ["a", "x", "b"], after=after)
    assert summary(result) == [("a", "delete", True, False), ("x", "none", False, False), ("b", "delete", True, False)]
    assert result["changed"] is True and result["failed"] is True
    assert result["msg"].endswith(
        "Of 3 requested, 2 were or may have been changed, 1 needed nothing, 0 failed or were not processed."
    )


def test_a_defect_in_the_plan_after_a_lost_answer_says_that_the_outcome_is_not_known():
    class Odd(Things):
        def plan(self, key, observed, facts):
            if self.tries and key == "a":
                raise Strange
            return super().plan(key, observed, facts)

    result, _context = guarded(Odd({"a": A, "b": B}, {"a": ["lose"], "b": ["do"]}), ["a", "b"])
    assert summary(result) == [("a", "delete", True, True), ("b", "delete", True, False)]
    assert result["failed"] is True


def test_a_defect_before_anything_was_sent_changes_nothing():
    result, _context = guarded(Things({"a": A}, sight=[Strange()]), ["a"])
    assert (result["failed"], result["changed"]) == (True, False)
    assert "bug in the collection (Strange)" in result["msg"]


def test_fields_that_cannot_be_shown_take_nothing_from_what_was_done():
    class Odd(Things):
        def fields(self, key, observed):
            raise Strange

    result, context = guarded(Odd({"a": A}), ["a"])
    assert summary(result) == [("a", "delete", True, False)]
    assert "failed" not in result
    assert context.defects


def test_what_json_cannot_hold_is_replaced_in_the_result():
    things = Things({"a": {"size": float("inf"), "name": "Caf\u00e9 \ud83c", "when": object()}})
    context = TaskContext(clock=StillClock(), check_mode=True)
    settings = HttpSettings(retries=0)
    result = perform(
        lambda params, context: report.report(things, engine.reconcile(things, ["a"], context, settings), context),
        {},
        context,
    )
    assert result["jobs"][0] == {
        "size": None,
        "name": "Caf\u00e9 \ufffd",
        "when": "(object)",
        "id": "a",
        "action": "delete",
        "changed": True,
    }


def test_a_parameter_with_half_a_character_is_refused_before_anything_is_done():
    result = perform(
        lambda params, context: {"changed": True}, {"names": ["ok", "bad \ud83c"]}, TaskContext(clock=StillClock())
    )
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["msg"] == "names holds a character that is not valid Unicode."


# Limits


@pytest.mark.parametrize("check", [True, False])
def test_more_deletions_than_allowed_are_refused_before_anything_is_done(check):
    things = Things({"a": A, "b": B, "c": {"locked": True}})
    context = TaskContext(check_mode=check, clock=StillClock())
    with pytest.raises(errors.Refusal) as refusal:
        engine.reconcile(things, ["a", "b", "c", "x"], context, HttpSettings(), 1)
    assert str(refusal.value) == (
        "2 things would be deleted, but max_deletions allows 1. Nothing was changed. They are: a, b."
    )
    assert things.tries == []


def test_as_many_deletions_as_allowed_are_done():
    result, _context = guarded(Things({"a": A, "b": B}), ["a", "b", "x"], limit=2)
    assert result["summary"]["changed"] == 2


def test_of_many_deletions_that_are_refused_twenty_are_named():
    things = Things({f"t{number:02}": A for number in range(25)})
    with pytest.raises(errors.Refusal, match="They are: t00, t01, .*, t19 and 5 more.$"):
        engine.reconcile(things, list(things.there), TaskContext(clock=StillClock()), HttpSettings(), 0)


# What is listed


@pytest.mark.parametrize(
    "choice, ids",
    [("all", ["a", "x", "b"]), ("changed", ["a", "b"]), ("failed", ["b"]), ("summary", [])],
)
def test_the_result_lists_what_is_asked_for_and_counts_all(choice, ids):
    things = Things({"a": A, "b": B}, {"b": [failure()]})
    result, _context = guarded(things, ["a", "x", "b"], choice=choice)
    assert [entry["id"] for entry in result["jobs"]] == ids
    assert result["summary"] == {"requested": 3, "changed": 1, "unchanged": 1, "failed": 1}
    assert result["changed"] is True


@pytest.mark.parametrize("choice, keys", [("all", ["a"]), ("changed", ["a"]), ("failed", []), ("summary", [])])
def test_differences_are_shown_of_what_is_listed(choice, keys):
    things = Things({"a": A, "b": B}, {"b": [failure()]})
    context = TaskContext(clock=StillClock(), diff_mode=True)
    items = engine.reconcile(things, ["a", "b"], context, HttpSettings(retries=0))
    assert list(report.report(things, items, context, choice)["diff"]["before"]) == keys


class Detailed(Things):
    """Things with a colour, which grow to the size 9. Those that are missing are made."""

    def plan(self, key, observed, facts):
        if (observed or {}).get("size") == 9:
            return PlannedChange()
        after = {"size": 9}
        if observed is None:
            return PlannedChange("create", after=after)
        return PlannedChange("grow", before={"size": observed["size"]}, after=after)

    def apply(self, item):
        self.there[item.key] = {**self.there.get(item.key, {}), "size": 9}
        return True

    def details(self, key, observed):
        return {"shelf": 3, **{name: (observed or {})[name] for name in ("colour", "size") if name in (observed or {})}}


@pytest.mark.parametrize("check", [True, False])
def test_differences_show_details_on_both_sides_and_what_changes(check):
    result = run(Detailed({"a": {"size": 1, "colour": "red"}}), ["a", "new"], check=check)
    assert result["diff"] == {
        "before": {"a": {"shelf": 3, "colour": "red", "size": 1}},
        "after": {"a": {"shelf": 3, "colour": "red", "size": 9}, "new": {"shelf": 3, "size": 9}},
    }


def test_differences_show_details_as_seen_after_the_action():
    class Followed(Detailed):
        def apply(self, item):
            item.latest = {"size": 8, "colour": "blue"}
            return True

    result = run(Followed({"a": {"size": 1, "colour": "red"}}), ["a", "new"])
    assert result["diff"]["after"] == {
        "a": {"shelf": 3, "colour": "blue", "size": 8},
        # Only what can be predicted.
        "new": {"shelf": 3, "size": 8},
    }


def test_details_that_cannot_be_had_hide_no_result():
    class Defective(Detailed):
        def details(self, key, observed):
            raise KeyError("colour")

    context = TaskContext(clock=StillClock(), diff_mode=True)
    result = run(Defective({"a": A}), ["a"], context=context)
    assert result["diff"] == {"before": {"a": {"size": 1}}, "after": {"a": {"size": 9}}}
    assert (result["changed"], "failed" in result) == (True, False)
    assert "KeyError" in context.defects[0]


def test_differences_are_shown_in_diff_mode_only():
    result, _context = guarded(Things({"a": A}), ["a"])
    assert "diff" not in result


def test_a_result_that_awx_would_drop_is_warned_of():
    things = Things({f"t{number}": {"size": "x" * 2000} for number in range(400)})
    _result, context = guarded(things, list(things.there), max_concurrency=8)
    assert len(context.warnings) == 1
    assert "AWX drops results of more than 700,000" in context.warnings[0]
    things = Things({f"t{number}": {"size": "x" * 2000} for number in range(400)})
    _result, context = guarded(things, list(things.there), max_concurrency=8, choice="summary")
    assert context.warnings == []


PREDICTED = "to-be-created-" + "0" * 24


def test_a_plan_s_warning_is_shown_once_however_often_the_plan_is_made():
    class Warning(Things):
        def plan(self, key, observed, facts):
            return replace(super().plan(key, observed, facts), warnings=("Mind the gap.",))

    context = TaskContext(clock=StillClock())
    run(Warning({"a": A, "b": B}, {"a": ["lose"]}), ["a", "b"], context=context)
    assert context.warnings == ["Mind the gap."]


class Selecting(Things, SelectingReconciler):
    """Selects what is larger than 1."""

    def select(self):
        return Observation({key: dict(thing) for key, thing in self.there.items() if thing["size"] > 1}, facts=None)


def test_items_that_the_reconciler_selects_are_acted_on_in_their_order():
    things = Selecting({"b": B, "a": A, "c": B})
    context = TaskContext(clock=StillClock())
    items = engine.reconcile_selected(things, context, HttpSettings(retries=0))
    assert summary(report.report(things, items, context)) == [
        ("b", "delete", True, False),
        ("c", "delete", True, False),
    ]
    assert things.there == {"a": A}


class Expected(Things):
    def plan_predicted(self, key):
        return PlannedChange("delete")


def test_what_check_mode_predicted_is_not_looked_for_and_planned_for_all_the_same():
    things = Expected({"a": A})
    result = run(things, ["a", PREDICTED], check=True)
    assert summary(result) == [("a", "delete", True, False), (PREDICTED, "delete", True, False)]
    assert things.looks == [["a"]]


def test_max_deletions_counts_what_check_mode_predicted():
    context = TaskContext(check_mode=True, clock=StillClock())
    with pytest.raises(errors.Refusal, match=f"They are: a, {PREDICTED}"):
        engine.reconcile(Expected({"a": A}), ["a", PREDICTED], context, HttpSettings(), max_deletions=1)


def test_outside_of_check_mode_nothing_is_predicted():
    assert summary(run(Expected({}), [PREDICTED])) == [(PREDICTED, "none", False, False)]
