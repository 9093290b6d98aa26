# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settling what the wire left in doubt: by looking again, never by guessing."""

from __future__ import annotations

from collections.abc import Sequence

from ..cancellation import Cancelled
from ..context import Clock, TaskContext
from ..errors import JobsError, ServiceError, StateConflict
from ..http.retry import Backoff
from .change import PlannedChange
from .item import Item, ObservedT
from .reconciler import FactsT, Observation, Reconciler

# Statuses of refusals that say nothing about the item.
_ABOUT_THE_CALLER = (401, 403, 429)


def verify(
    reconciler: Reconciler[ObservedT, FactsT],
    items: Sequence[Item[ObservedT]],
    context: TaskContext,
    backoff: Backoff,
    attempt: int,
) -> list[Item[ObservedT]]:
    """Looks at items in doubt again; returns those that still need their action.

    :param attempt: how many times the items have been looked at again before.
    """
    try:
        with context.cancel_token.interruptible():
            seen = _look_until_conclusive(reconciler, [item.key for item in items], context.clock, backoff, attempt)
    except (JobsError, Cancelled) as error:
        return _leave_in_doubt(items, error)
    except Exception as defect:
        # It is known what became of the other items.
        return _leave_in_doubt(items, context.note_defect(defect))
    retries_left = backoff.retries - attempt
    return [item for item in items if _settle_doubt(reconciler, item, seen, retries_left)]


def mark_unsettled(item: Item[ObservedT], error: JobsError) -> None:
    """Reports an item as changed, and as failed, since nothing tells whether its action was done."""
    item.error = JobsError(
        f"It is not known whether the change was made: a response was lost, and no effect is visible yet. {error} "
        "Check the service before you try again."
    )
    item.complete()


def _look_until_conclusive(
    reconciler: Reconciler[ObservedT, FactsT], keys: Sequence[str], clock: Clock, backoff: Backoff, attempt: int
) -> Observation[ObservedT, FactsT]:
    first, *others = reconciler.visibility_delays or (backoff.delay(attempt),)
    clock.sleep(first)
    seen = _observe_patiently(reconciler, keys, clock, backoff)
    for delay in others:
        if all(reconciler.is_conclusive(key, seen.items.get(key)) for key in keys):
            break
        clock.sleep(delay)
        seen = _observe_patiently(reconciler, keys, clock, backoff)
    return seen


def _observe_patiently(
    reconciler: Reconciler[ObservedT, FactsT], keys: Sequence[str], clock: Clock, backoff: Backoff
) -> Observation[ObservedT, FactsT]:
    """Observes, and gives up only after all retries: nothing else tells what was done."""
    for attempt in range(backoff.retries):
        try:
            return reconciler.observe(keys)
        except JobsError as error:
            if error.aborts_task and not error.is_transient:
                raise
            clock.sleep(backoff.delay(attempt))
    return reconciler.observe(keys)


def _leave_in_doubt(items: Sequence[Item[ObservedT]], error: BaseException) -> list[Item[ObservedT]]:
    """Gives up items that the service cannot be asked about; returns those that still need their action: none."""
    for item in items:
        if item.maybe_acted:
            item.error = JobsError(
                "It is not known whether the change was made, as the service could not be queried again. "
                f"{item.doubt} {error}"
            )
            item.complete()
        elif item.doubt is not None:
            item.error = item.doubt.cause
        item.doubt = None
    return []


def _settle_doubt(
    reconciler: Reconciler[ObservedT, FactsT],
    item: Item[ObservedT],
    seen: Observation[ObservedT, FactsT],
    retries_left: int,
) -> bool:
    """Settles an item in doubt by what was seen; returns whether its action has to be tried again."""
    doubt = item.doubt
    if doubt is None:
        return False
    item.doubt = None
    observed = seen.items.get(item.key)
    if item.observed is None:
        # What has come into being since.
        item.latest = observed
    if item.maybe_acted:
        reconciler.record_partial_change(item, observed)
    change = reconciler.plan(item.key, observed, seen.facts)
    if change.refusal:
        item.error = change.error
        if item.maybe_acted and change.error is not None:
            mark_unsettled(item, change.error)
    elif not change.acts:
        if item.maybe_acted:
            item.complete()
    elif (
        _is_exhausted(item, change, retries_left)
        or isinstance(doubt, StateConflict)
        or not reconciler.may_repeat(item, change)
    ):
        item.error = doubt.cause
        is_conclusive = reconciler.is_conclusive(item.key, observed) and not _may_follow_from_effect(doubt)
        if item.maybe_acted and not is_conclusive:
            mark_unsettled(item, doubt.cause)
    else:
        item.remaining = change
        return True
    return False


def _may_follow_from_effect(doubt: JobsError) -> bool:
    """Whether an attempt may have been refused because an earlier one acted, although that does not show yet."""
    return (
        isinstance(doubt, StateConflict)
        and isinstance(doubt.cause, ServiceError)
        and doubt.cause.status not in _ABOUT_THE_CALLER
    )


def _is_exhausted(item: Item[ObservedT], change: PlannedChange, retries_left: int) -> bool:
    """Whether no retries are left. What follows an action that was done after all has not been tried yet."""
    return retries_left < 0 or retries_left == 0 and change.action == item.remaining.action
