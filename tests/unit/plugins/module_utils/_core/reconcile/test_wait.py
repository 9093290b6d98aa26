# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.cancellation import Cancelled
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.change import PlannedChange
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.item import Item
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.reconciler import (
    Observation,
    WaitableReconciler,
)
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.wait import WaitOptions, wait_for
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock


class Waitable(WaitableReconciler):
    """What waiting needs nothing of."""

    def plan(self, key, observed, facts):
        raise AssertionError("nobody plans while waiting")

    def apply(self, item):
        raise AssertionError("nobody changes anything while waiting")

    def fields(self, key, observed):
        return {"id": key}


def options(**given):
    return {"wait": True, "wait_interval": 5.0, "wait_max_interval": 60.0, "wait_timeout": 60.0, **given}


def follow_runs(
    history,
    interval=5.0,
    timeout=60.0,
    context=None,
    wait=True,
    before="RUNNING",
    for_all=False,
    longest=60.0,
    look=0.0,
    waited=0.0,
):
    """Follows items whose states are listed, one per look.

    :param look: the seconds that each look takes.
    """
    context = context or TaskContext(clock=StillClock())
    items = [Item(key, {"status": before}, PlannedChange()) for key in history]
    looks = []

    class Runs(Waitable):
        noun = "run"

        def observe(self, keys):
            looks.append(keys)
            context.clock.time += look
            change = len(looks) - 1
            states = {key: history[key][min(change, len(history[key]) - 1)] for key in keys}
            for state in states.values():
                if isinstance(state, Exception):
                    raise state
            return Observation({key: {"status": state} for key, state in states.items() if state}, facts=None)

        def fields(self, key, observed):
            return observed

        def check_finished(self, key, observed):
            if observed is None:
                raise errors.JobsError(f"{key} is gone")
            if observed["status"] == "BAD":
                raise errors.JobsError(f"{key} is bad")
            return observed["status"] == "DONE"

    wait_options = WaitOptions.from_params(
        options(
            wait=wait, wait_interval=interval, wait_max_interval=longest, wait_timeout=timeout, wait_for_all=for_all
        )
    )
    wait_for(Runs(), items, wait_options, context, waited)
    return items, looks, context.clock


def test_waiting_looks_only_at_unfinished_items_until_all_are_done():
    items, looks, clock = follow_runs({"a": ["RUNNING", "DONE"], "b": ["DONE"]})
    assert looks == [["a", "b"], ["a"]]
    assert [item.latest["status"] for item in items] == ["DONE", "DONE"]
    assert clock.naps == [5, 7.5]


def test_pauses_grow_up_to_a_minute_by_default():
    _items, _looks, clock = follow_runs({"a": ["RUNNING"] * 9 + ["DONE"]}, timeout=3600)
    assert clock.naps[:3] == [5, 7.5, 11.25]
    assert clock.naps[-2:] == [60, 60]
    _items, _looks, clock = follow_runs({"a": ["RUNNING", "RUNNING", "DONE"]}, interval=90, timeout=3600)
    assert clock.naps == [90, 90, 90]


def test_pauses_grow_up_to_the_longest_that_is_asked_for():
    _items, _looks, clock = follow_runs({"a": ["RUNNING"] * 5 + ["DONE"]}, timeout=3600, longest=10)
    assert clock.naps == [5, 7.5, 10, 10, 10, 10]


@pytest.mark.parametrize("longest", [5, 1])
def test_pauses_are_all_alike_if_the_longest_is_not_longer_than_the_first(longest):
    _items, _looks, clock = follow_runs({"a": ["RUNNING"] * 5 + ["DONE"]}, timeout=3600, longest=longest)
    assert clock.naps == [5] * 6


@pytest.mark.parametrize("interval", [0.7, 5, 33])
@pytest.mark.parametrize("longest", [0.7, 60, 3600])
@pytest.mark.parametrize("look", [0, 0.3, 4, 100])
@pytest.mark.parametrize("state", ["RUNNING", "outage"])
def test_time_that_runs_out_is_overshot_by_at_most_one_look(interval, longest, look, state):
    states = [outage()] if state == "outage" else [state]
    items, looks, clock = follow_runs({"a": states}, interval, 100, longest=longest, look=look)
    passed = clock.time - 1000
    assert 100 <= round(passed, 6) <= 100 + look
    assert looks
    assert items[0].error is not None


def test_what_the_task_has_waited_before_counts():
    _items, looks, clock = follow_runs({"a": ["RUNNING"]}, timeout=20, waited=8.0)
    assert (sum(clock.naps), len(looks)) == (12, 2)
    # Even if no time is left, the task looks once.
    items, looks, clock = follow_runs({"a": ["RUNNING"]}, timeout=20, waited=25.0)
    assert (sum(clock.naps), len(looks)) == (0, 1)
    assert "was still RUNNING after 20 s" in str(items[0].error)


def test_nothing_is_followed_without_wait_or_in_check_mode():
    items, looks, _clock = follow_runs({"a": ["RUNNING"]}, wait=False)
    assert (looks, items[0].error) == ([], None)
    items, looks, _clock = follow_runs({"a": ["RUNNING"]}, context=TaskContext(check_mode=True, clock=StillClock()))
    assert (looks, items[0].error) == ([], None)


@pytest.mark.parametrize("check", [False, True])
def test_what_had_ended_before_is_not_looked_at_again(check):
    context = TaskContext(check_mode=check, clock=StillClock())
    items, looks, _clock = follow_runs({"a": []}, before="DONE", context=context)
    assert (looks, items[0].error) == ([], None)
    # Whether it failed just before the task looked, or just after, makes no difference.
    items, looks, _clock = follow_runs({"a": []}, before="BAD", context=context)
    assert (looks, str(items[0].error)) == ([], "a is bad")


def test_a_failure_ends_it_at_once():
    items, looks, _clock = follow_runs({"a": ["RUNNING"], "b": ["RUNNING", "BAD"]})
    assert len(looks) == 2
    assert items[0].error is None
    assert items[0].latest == {"status": "RUNNING"}
    assert str(items[1].error) == "b is bad"


@pytest.mark.parametrize("before", ["RUNNING", "BAD"])
def test_a_failure_ends_nothing_if_all_are_waited_for(before):
    history = {"a": ["RUNNING", "RUNNING", "DONE"], "b": ["RUNNING", "BAD"]}
    items, looks, _clock = follow_runs(history, for_all=True, before=before)
    if before == "BAD":
        assert (looks, [str(item.error) for item in items]) == ([], ["a is bad", "b is bad"])
    else:
        assert looks == [["a", "b"], ["a", "b"], ["a"]]
        assert [item.error and str(item.error) for item in items] == [None, "b is bad"]


def test_time_runs_out_with_the_last_state():
    items, _looks, clock = follow_runs({"a": ["RUNNING"]}, interval=7, timeout=20)
    assert str(items[0].error).startswith("Run a was still RUNNING after 20 s; it is still in progress.")
    assert items[0].latest == {"status": "RUNNING"}
    assert sum(clock.naps) == 20


def outage():
    return errors.NoResponse("down", "GET", "/x", aborts_task=True)


def refusal():
    return errors.ServiceError("down", 403, "NO", "no", None, "GET", "/x")


def test_an_outage_that_passes_is_waited_out():
    items, looks, _clock = follow_runs({"a": [outage(), outage(), "DONE"]})
    assert len(looks) == 3
    assert items[0].error is None


@pytest.mark.parametrize("error, most_looks", [(outage(), 5), (refusal(), 1)])
def test_a_look_that_fails_for_good_is_told_of_every_item(error, most_looks):
    items, looks, _clock = follow_runs({"a": [error], "b": ["RUNNING"]})
    assert len(looks) == most_looks
    assert all("stopped waiting" in str(item.error) and "down" in str(item.error) for item in items)


def portal():
    return errors.ServiceError("a page", 200, None, "a page", None, "GET", "/x")


def test_a_page_of_maintenance_that_goes_away_is_waited_out():
    items, looks, _clock = follow_runs({"a": ["RUNNING", portal(), portal(), "RUNNING", portal(), "DONE"]}, timeout=600)
    assert len(looks) == 6
    assert items[0].error is None


def test_a_page_of_maintenance_that_stays_ends_the_wait():
    items, looks, _clock = follow_runs({"a": [portal()]})
    assert len(looks) == 4
    assert "stopped waiting" in str(items[0].error) and "a page" in str(items[0].error)


def test_an_item_that_is_missing_for_a_moment_is_followed_further():
    items, looks, _clock = follow_runs({"a": ["RUNNING", None, "RUNNING", "DONE"], "b": ["DONE"]})
    assert looks == [["a", "b"], ["a"], ["a"], ["a"]]
    assert [item.error for item in items] == [None, None]


def test_an_item_that_stays_missing_is_judged_as_such():
    items, looks, _clock = follow_runs({"a": ["RUNNING", None]})
    assert len(looks) == 3
    assert items[0].error is not None and items[0].latest is None


def test_waiting_for_no_items_sends_nothing():
    _items, looks, _clock = follow_runs({})
    assert looks == []


def test_an_interval_beyond_the_timeout_is_refused_only_if_the_task_waits():
    with pytest.raises(errors.InvalidInput):
        WaitOptions.from_params(options(wait_interval=10, wait_timeout=5))
    WaitOptions.from_params(options(wait=False, wait_interval=10, wait_timeout=5))


def test_a_task_that_is_to_stop_follows_no_further():
    class Impatient(StillClock):
        def sleep(self, seconds):
            super().sleep(seconds)
            if len(self.naps) == 2:
                context.cancel_token.request("Stopped by SIGTERM.")

    context = TaskContext(clock=Impatient())
    items, looks, _clock = follow_runs({"a": ["RUNNING"]}, context=context)
    assert len(looks) == 1
    assert items[0].latest == {"status": "RUNNING"}
    assert str(items[0].error) == "The task stopped waiting before the final state was known. Stopped by SIGTERM."


def test_a_stop_while_a_failure_is_looked_into_loses_nothing():
    class Failing(Waitable):
        def observe(self, keys):
            return Observation({key: {} for key in keys}, facts=None)

        def last_state(self, item):
            return None

        def check_finished(self, key, observed):
            raise Cancelled("Stopped by SIGTERM.")

    items = [Item(key, {}, PlannedChange()) for key in "ab"]
    wait_options = WaitOptions.from_params(options(wait_interval=1.0, wait_timeout=9.0))
    wait_for(Failing(), items, wait_options, TaskContext(clock=StillClock()))
    assert [str(item.error) for item in items] == [
        "The task stopped waiting before the final state was known. Stopped by SIGTERM."
    ] * 2
