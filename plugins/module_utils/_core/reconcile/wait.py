# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for items to reach their final state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..cancellation import Cancelled
from ..context import TaskContext
from ..errors import InvalidInput, JobsError, ServiceError
from .item import Item, ObservedT
from .progress import StateChanges
from .reconciler import FactsT, WaitableReconciler

# How much longer each pause is than the one before: the end of short jobs is noticed soon, and long ones cost few
# requests.
_GROWTH = 1.5
# A page of maintenance or of a portal goes away soon, or nothing more is to be learned.
_MOST_STRANGE_LOOKS = 3


@dataclass(frozen=True)
class WaitOptions:
    """How to wait for items. All times are seconds.

    :param is_wanted: whether to wait at all.
    :param interval: the first pause between two looks.
    :param timeout: how long to wait.
    :param max_interval: how long the pauses get; if that is not longer than the first, all are alike.
    :param for_all: whether to wait for the others when one has failed.
    """

    is_wanted: bool
    interval: float
    timeout: float
    max_interval: float
    for_all: bool = False

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> WaitOptions:
        """The options that a task gives: those of argspec.WAIT, and perhaps wait_for_all.

        :raises InvalidInput: they do not go together.
        """
        if params["wait"] and params["wait_timeout"] < params["wait_interval"]:
            raise InvalidInput("wait_timeout must not be shorter than wait_interval.")
        return cls(
            is_wanted=params["wait"],
            interval=params["wait_interval"],
            timeout=params["wait_timeout"],
            max_interval=params["wait_max_interval"],
            for_all=params.get("wait_for_all", False),
        )

    def intervals(self) -> Iterator[float]:
        """The seconds between two looks, one pause after the other."""
        pause = self.interval
        while True:
            yield pause
            pause = min(pause * _GROWTH, max(self.interval, self.max_interval))


def wait_for(
    reconciler: WaitableReconciler[ObservedT, FactsT],
    items: Sequence[Item[ObservedT]],
    options: WaitOptions,
    context: TaskContext,
    waited: float = 0.0,
) -> None:
    """Looks at items until all have reached their final state, time is up, or one has failed.

    Sets each item's `latest` to what was seen last, and `error` where it did not end well. An item that had failed
    before the task looked is reported like one that fails later.

    Time is up at most one look after the timeout: no pause goes beyond it, and the last look begins by then.

    :param context: in check mode, nobody waits.
    :param waited: the seconds that the task has waited before, which count as well.
    """
    if not options.is_wanted:
        return
    deadline = context.clock.now() + max(0.0, options.timeout - waited)
    followed = [item for item in items if item.error is None and reconciler.should_wait_for(item)]
    states = {item.key: reconciler.last_state(item) for item in followed}
    unknown = [item for item in followed if states[item.key] is None]
    known = [item for item in followed if states[item.key] is not None]
    going_on, has_failed = _check_all(reconciler, known, states, context)
    if has_failed and not options.for_all or context.check_mode:
        return
    for item in _poll(reconciler, unknown + going_on, options, context, deadline):
        shown = reconciler.fields(item.key, item.latest)
        status = shown.get(reconciler.status_field) or "not visible"
        item.error = JobsError(
            f"{reconciler.noun.capitalize()} {shown.get('id') or item.key} was still {status} after "
            f"{options.timeout:g} s; it is still in progress. Run the task again to wait for it."
        )


class _Lapses:
    """What one look may meet, and the next one need not."""

    def __init__(self) -> None:
        # How many looks in a row met something other than the service, and what did not show in the last look.
        self._strange_looks = 0
        self._missing: set[str] = set()

    def may_pass(self, error: BaseException) -> bool:
        """Notes why a look failed; returns whether the next one may succeed."""
        # Without a code of the service, the response is the page of a portal or of maintenance.
        is_strange = isinstance(error, ServiceError) and error.code is None and not error.aborts_task
        self._strange_looks = self._strange_looks + 1 if is_strange else 0
        is_temporary = isinstance(error, JobsError) and error.is_transient
        return is_temporary or 0 < self._strange_looks <= _MOST_STRANGE_LOOKS

    def newly_missing(self, missing: set[str]) -> set[str]:
        """Notes what a look did not show; returns what the look before did: a copy of the data may lag behind.

        :param missing: keys of items.
        """
        before, self._missing = self._missing, missing
        self._strange_looks = 0
        return missing - before


def _poll(
    reconciler: WaitableReconciler[ObservedT, FactsT],
    waiting: list[Item[ObservedT]],
    options: WaitOptions,
    context: TaskContext,
    deadline: float,
) -> list[Item[ObservedT]]:
    """Looks at items again and again; returns those that were still going on when time was up.

    :param deadline: when it is up, as a reading of the clock.
    """
    clock = context.clock
    changes = StateChanges(reconciler, waiting, context)
    intervals = options.intervals()
    lapses = _Lapses()
    while waiting:
        try:
            with context.cancel_token.interruptible():
                clock.sleep(min(next(intervals), max(0.0, deadline - clock.now())))
                seen = reconciler.observe([item.key for item in waiting]).items
        except (JobsError, Cancelled) as error:
            if lapses.may_pass(error) and clock.now() < deadline:
                continue
            return _give_up(waiting, error)
        except Exception as defect:
            # The items were changed already: what is known of them is reported.
            return _give_up(waiting, context.note_defect(defect))
        newly_missing = lapses.newly_missing({item.key for item in waiting if seen.get(item.key) is None})
        undecided = newly_missing if clock.now() < deadline else set()
        judged = [item for item in waiting if item.key not in undecided]
        for item in judged:
            item.latest = seen.get(item.key)
        changes.show(judged)
        going_on, has_failed = _check_all(reconciler, judged, seen, context)
        undecided.update(item.key for item in going_on)
        waiting = [item for item in waiting if item.key in undecided]
        if has_failed and not options.for_all:
            # The others are reported as they are.
            return []
        if waiting and clock.now() >= deadline:
            return waiting
    return []


def _give_up(items: Sequence[Item[ObservedT]], error: BaseException) -> list[Item[ObservedT]]:
    """Stops waiting for items; returns those that go on: none."""
    for item in items:
        item.error = _not_followed(error)
    return []


def _check_all(
    reconciler: WaitableReconciler[ObservedT, FactsT],
    items: Sequence[Item[ObservedT]],
    states: Mapping[str, ObservedT | None],
    context: TaskContext,
) -> tuple[list[Item[ObservedT]], bool]:
    """The items that go on, and whether one has ended badly."""
    going_on, has_failed = [], False
    for item in items:
        try:
            if not reconciler.check_finished(item.key, states.get(item.key)):
                going_on.append(item)
            continue
        except JobsError as error:
            item.error = error
        except Cancelled as cancelled:
            item.error = _not_followed(cancelled)
        except Exception as defect:
            # One item that cannot be judged must not affect the others.
            item.error = _not_followed(context.note_defect(defect))
        has_failed = True
    return going_on, has_failed


def _not_followed(error: BaseException) -> JobsError:
    return JobsError(f"The task stopped waiting before the final state was known. {error}")
