# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task shows while it changes items and while it waits for them."""

from __future__ import annotations

import importlib
import pkgutil
from threading import main_thread

import pytest
import yaml
from ansible_collections.saasops.jobs.plugins import modules
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.change import PlannedChange
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.item import Item
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.progress import ChangeCount
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.reconciler import (
    Observation,
    WaitableReconciler,
)
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.wait import WaitOptions, wait_for
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock
from ansible_collections.saasops.jobs.tests.unit.support.progress import Recorder


class Runs(WaitableReconciler):
    """Runs that are to be deleted, or whose states are listed, one per look; None for one that does not show.

    :param on_apply: called for each run that is deleted, with its number.
    """

    noun, result_key = "run", "runs"

    def __init__(self, history=None, on_apply=lambda number: None):
        self._history = history or {}
        self._on_apply = on_apply
        self._looks = 0

    def observe(self, keys):
        self._looks += 1
        seen = {}
        for key in keys:
            states = self._history.get(key, ["RUNNING"])
            state = states[min(self._looks, len(states)) - 1]
            if state is not None:
                seen[key] = {"status": state}
        return Observation(seen, facts=None)

    def plan(self, key, observed, facts):
        return PlannedChange("delete") if observed else PlannedChange()

    def apply(self, item):
        self._on_apply(int(item.key))
        return True

    def fields(self, key, observed):
        return {**(observed or {}), "id": f"id-of-{key}"}

    def label(self, key, observed):
        return f"the {key}"

    def check_finished(self, key, observed):
        return bool(observed) and observed["status"] == "DONE"


def ended(number, action="delete", error=None, changed=True):
    item = Item(str(number), {}, PlannedChange(action))
    item.begun = item.ended = True
    item.error = error and errors.JobsError(error)
    item.changed = changed
    return item


def pending(number, action="delete"):
    return Item(str(number), {}, PlannedChange(action))


def line_after(seconds, before, after):
    """The line once some items have changed.

    :param before: the items, none of which has ended.
    :param after: what has become of the first ones.
    """
    clock = StillClock()
    count = ChangeCount(Runs(), before, clock.now)
    clock.time += seconds
    for item, now in zip(before, after):
        vars(item).update(vars(now))
    return count.line()


def test_a_bulk_change_shows_how_many_are_done_and_the_time_left():
    done = [ended(number) for number in range(420)]
    line = line_after(5, [pending(number) for number in range(1000)], done)
    assert line == "deleted 420 of 1,000 runs, 0 failed, 7 s left at this rate"


def test_a_bulk_change_shows_failures_and_does_not_count_them_as_done():
    done = [ended(0), ended(1, error="broken", changed=False), ended(2, error="in doubt")]
    line = line_after(3, [pending(number) for number in range(6)], done)
    assert line == "deleted 1 of 6 runs, 2 failed, 3 s left at this rate"


def test_a_bulk_change_of_which_nothing_is_done_shows_no_rate():
    assert line_after(5, [pending(0), pending(1)], []) == "deleted 0 of 2 runs, 0 failed"


def test_a_single_change_shows_no_count():
    assert line_after(5, [pending(0)], []) is None


PAST_FORMS = {
    "cancel": "cancelled",
    "create": "created",
    "delete": "deleted",
    "delete_transfers": "changed",
    "download": "downloaded",
    "extend": "extended",
    "generate": "generated",
    "remove": "removed",
    "retry": "retried",
    "set_attributes": "changed",
    "set_mode": "changed",
    "shorten": "shortened",
    "update": "updated",
}


def documented_actions():
    """All actions that a result of a module can show."""
    for found in pkgutil.iter_modules(modules.__path__):
        documented = yaml.safe_load(importlib.import_module(f"{modules.__name__}.{found.name}").RETURN)
        for field in documented.values():
            yield from field.get("contains", {}).get("action", {}).get("choices", ())


def test_every_action_has_a_past_form():
    assert set(documented_actions()) == {*PAST_FORMS, "none"}


@pytest.mark.parametrize(
    "actions, word",
    [*(([action], word) for action, word in PAST_FORMS.items()), (["create", "update"], "changed")],
)
def test_a_bulk_change_is_named_by_its_action(actions, word):
    items = [pending(number, actions[number % len(actions)]) for number in range(4)]
    assert line_after(5, items, []) == f"{word} 0 of 4 runs, 0 failed"


def test_a_bulk_change_that_takes_time_shows_its_count_meanwhile_in_the_main_thread():
    recorder = Recorder()
    context = TaskContext(clock=StillClock(), listener=recorder)

    def on_apply(number):
        # Other threads wait for the main thread, so that it sees these very numbers.
        context.clock.time += 2.5
        recorder.wait_for((number + 1) // 2)
        if number == 2:
            raise errors.JobsError("broken")

    runs = Runs(on_apply=on_apply)
    items = engine.reconcile(runs, [str(number) for number in range(6)], context, HttpSettings(max_concurrency=1))
    assert recorder.lines[:2] == [
        "deleted 1 of 6 runs, 0 failed, 25 s left at this rate",
        "deleted 2 of 6 runs, 1 failed, 10 s left at this rate",
    ]
    assert recorder.threads == {main_thread()}
    assert sum(item.changed for item in items) == 5


def test_a_prediction_shows_nothing():
    recorder = Recorder()
    context = TaskContext(clock=StillClock(), listener=recorder, check_mode=True)
    engine.reconcile(Runs(), ["0", "1"], context, HttpSettings())
    assert recorder.lines == []


def lines_of_waiting(history, before="RUNNING", observed=True, timeout=3600.0):
    """What is shown while items are waited for.

    :param before: the state before the first look.
    :param observed: whether the items were there before the task did anything.
    """
    recorder = Recorder()
    context = TaskContext(clock=StillClock(), listener=recorder)
    state = {"status": before}
    items = [Item(key, state if observed else None, PlannedChange()) for key in history]
    options = WaitOptions(is_wanted=True, interval=5, timeout=timeout, max_interval=60)
    wait_for(Runs(history), items, options, context)
    return recorder.lines


def test_waiting_shows_each_change_of_each_state_once():
    history = {"a": ["RUNNING", "RUNNING", "PACKING", "PACKING", "DONE"], "b": ["RUNNING", "DONE"]}
    assert lines_of_waiting(history) == [
        "run the b (id-of-b): RUNNING -> DONE",
        "run the a (id-of-a): RUNNING -> PACKING",
        "run the a (id-of-a): PACKING -> DONE",
    ]


def test_waiting_for_what_the_task_has_created_shows_its_first_state():
    assert lines_of_waiting({"a": [None, "RUNNING", "DONE"]}, observed=False) == [
        "run the a (id-of-a): RUNNING",
        "run the a (id-of-a): RUNNING -> DONE",
    ]


def test_waiting_for_what_goes_out_of_sight_shows_that():
    assert lines_of_waiting({"a": [None, None, "DONE"]}) == [
        "run a (id-of-a): RUNNING -> not visible",
        "run the a (id-of-a): not visible -> DONE",
    ]


def test_waiting_without_a_change_shows_nothing():
    assert lines_of_waiting({"a": ["RUNNING"]}, timeout=100) == []
    assert lines_of_waiting({"a": ["DONE"]}, before="DONE") == []


def test_a_state_that_cannot_be_shown_ends_no_wait():
    class Odd(Runs):
        def fields(self, key, observed):
            if observed and observed["status"] == "ODD":
                raise KeyError("status")
            return super().fields(key, observed)

    recorder = Recorder()
    context = TaskContext(clock=StillClock(), listener=recorder)
    items = [Item("a", {"status": "RUNNING"}, PlannedChange())]
    options = WaitOptions(is_wanted=True, interval=5, timeout=100, max_interval=60)
    wait_for(Odd({"a": ["ODD", "DONE"]}), items, options, context)
    assert (items[0].error, items[0].latest) == (None, {"status": "DONE"})
    assert recorder.lines == []
