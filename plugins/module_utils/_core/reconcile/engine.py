# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Observe, plan, apply, verify: how items are brought to a desired state, whatever they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from ..cancellation import Cancelled, CancelToken
from ..context import TaskContext
from ..errors import JobsError, OutcomeUnknown, Refusal, StateConflict
from ..http.settings import HttpSettings
from ..params.placeholders import is_placeholder, placeholder
from ..send_observer import observed_by
from ..threads import map_concurrently
from .item import Item, ObservedT
from .progress import ChangeCount
from .reconciler import FactsT, Observation, Reconciler, SelectingReconciler
from .report import report_so_far

T = TypeVar("T")

# The actions that max_deletions counts.
_DELETIONS = ("delete", "cancel", "remove")
# More names would hide the end of the message.
_MOST_NAMED = 20


def reconcile(
    reconciler: Reconciler[ObservedT, FactsT],
    keys: Sequence[str],
    context: TaskContext,
    settings: HttpSettings,
    max_deletions: int | None = None,
) -> list[Item[ObservedT]]:
    """Brings items to the state that the reconciler plans for.

    From the first change on, context.report_so_far tells what became of each item, should anything be raised.

    :param keys: which items, in the order of the result.
    :param context: in check mode nothing is applied, and `changed` is the prediction.
    :param settings: for the concurrency and the retries.
    :param max_deletions: how many items may be deleted or cancelled, or None for any number.
    :returns: the items, in the order of the keys.
    :raises JobsError: the items could not be observed, or too many would be deleted; nothing was changed.
    """
    existing = [key for key in keys if not _is_predicted(key, context)]
    seen: Observation[ObservedT, FactsT] | None = None
    if existing:
        seen = _interruptible(lambda: reconciler.observe(existing), context.cancel_token)
    items = [_planned(reconciler, key, seen, context) for key in keys]
    return _apply_plan(reconciler, items, context, settings, max_deletions)


def reconcile_selected(
    reconciler: SelectingReconciler[ObservedT, FactsT],
    context: TaskContext,
    settings: HttpSettings,
    max_deletions: int | None = None,
) -> list[Item[ObservedT]]:
    """The same for the items that the reconciler selects; see reconcile()."""
    seen = _interruptible(reconciler.select, context.cancel_token)
    items = [_planned(reconciler, key, seen, context) for key in seen.items]
    return _apply_plan(reconciler, items, context, settings, max_deletions)


def _apply_plan(
    reconciler: Reconciler[ObservedT, FactsT],
    items: list[Item[ObservedT]],
    context: TaskContext,
    settings: HttpSettings,
    max_deletions: int | None,
) -> list[Item[ObservedT]]:
    pending = [item for item in items if item.planned.acts]
    _refuse_too_many(reconciler, pending, max_deletions)
    if context.check_mode:
        for item in pending:
            item.complete()
            item.extra = {**item.planned.extra, **_predicted_ids(reconciler, item)}
        return items
    if pending:
        context.report_so_far = lambda cause: report_so_far(reconciler, items, context, cause)
    attempt = 0
    with context.progress.watch(ChangeCount(reconciler, pending, context.clock.now).line):
        while pending:
            left_behind = _apply_all(reconciler, pending, settings.max_concurrency, context)
            # In place, as report_so_far looks at the same list.
            items[:] = [left_behind.get(item.key, item) for item in items]
            doubtful = [item for item in items if item.doubt is not None]
            if not doubtful:
                break
            from .verification import verify

            pending = verify(reconciler, doubtful, context, settings.backoff, attempt)
            attempt += 1
    return items


def _refuse_too_many(
    reconciler: Reconciler[ObservedT, FactsT], pending: Sequence[Item[ObservedT]], most: int | None
) -> None:
    """:raises Refusal: more items than allowed would be deleted."""
    condemned = [item for item in pending if item.planned.action in _DELETIONS]
    if most is None or len(condemned) <= most:
        return
    verb = "cancelled" if condemned[0].planned.action == "cancel" else "deleted"
    labels = [
        reconciler.label(item.key, item.observed) if item.observed else item.key for item in condemned[:_MOST_NAMED]
    ]
    more = f" and {len(condemned) - _MOST_NAMED} more" if len(condemned) > _MOST_NAMED else ""
    noun = reconciler.noun if len(condemned) == 1 else reconciler.plural
    raise Refusal(
        f"{len(condemned)} {noun} would be {verb}, but max_deletions allows {most}. Nothing was changed. "
        f"They are: {', '.join(labels)}{more}."
    )


def _is_predicted(key: str, context: TaskContext) -> bool:
    """Whether an item exists in check mode's prediction only."""
    return context.check_mode and is_placeholder(key)


def _planned(
    reconciler: Reconciler[ObservedT, FactsT],
    key: str,
    seen: Observation[ObservedT, FactsT] | None,
    context: TaskContext,
) -> Item[ObservedT]:
    observed: ObservedT | None = None
    if seen is None or _is_predicted(key, context):
        change = reconciler.plan_predicted(key)
    else:
        observed = seen.items.get(key)
        change = reconciler.plan(key, observed, seen.facts)
    for sentence in change.warnings:
        context.warn_once(sentence)
    return Item(key, observed, change)


def _predicted_ids(reconciler: Reconciler[ObservedT, FactsT], item: Item[ObservedT]) -> dict[str, str]:
    """The id fields of an item that would be created, filled with a placeholder."""
    if item.observed is not None or reconciler.fields(item.key, None).get("id") is not None:
        return {}
    return dict.fromkeys(reconciler.id_fields, placeholder(reconciler.noun, item.key, item.planned.after))


def _interruptible(observe: Callable[[], T], cancel_token: CancelToken) -> T:
    try:
        with cancel_token.interruptible():
            return observe()
    except Cancelled as cancelled:
        raise JobsError(f"{cancelled.reason} Nothing was changed.") from None


def _apply_all(
    reconciler: Reconciler[ObservedT, FactsT], items: list[Item[ObservedT]], max_concurrency: int, context: TaskContext
) -> dict[str, Item[ObservedT]]:
    """Does what the items need; returns those that had to be left behind, by their keys."""
    aborted_by: list[JobsError] = []
    for item in items:
        item.begun = item.sent = item.ended = False

    def apply(item: Item[ObservedT]) -> None:
        item.begun = True
        if aborted_by:
            item.error = JobsError(
                f"This {reconciler.noun} was not processed because an earlier request failed: {aborted_by[0]}"
            )
        else:
            with observed_by(item):
                error = _apply_one(reconciler, item, context)
            if error is not None and error.aborts_task:
                aborted_by.append(error)
        item.ended = True

    # What was cancelled is reported for each item.
    with suppress(Cancelled):
        # The throttle limits the requests. While threads prepare requests or evaluate responses, others send theirs.
        threads = max_concurrency + max_concurrency // 2
        if reconciler.max_concurrency:
            threads = min(max_concurrency, reconciler.max_concurrency)
        map_concurrently(apply, items, threads, context.cancel_token, context.progress.look)
    reason = context.cancel_token.reason
    if reason is None:
        return {}
    for item in items:
        if not item.begun:
            item.error = JobsError(f"This {reconciler.noun} was not processed. {reason}")
    return {item.key: item.abandon(reason) for item in items if item.begun and not item.ended}


def _apply_one(
    reconciler: Reconciler[ObservedT, FactsT], item: Item[ObservedT], context: TaskContext
) -> JobsError | None:
    """Does what one item needs; returns the error that its change was refused with, if it was."""
    try:
        if reconciler.apply(item) or item.maybe_acted:
            item.complete()
    except OutcomeUnknown as doubt:
        item.maybe_acted = True
        item.doubtful_action = item.remaining.action
        item.doubt = doubt
    except StateConflict as conflict:
        item.doubt = conflict
    except JobsError as error:
        item.error = error
        if item.maybe_acted and not reconciler.is_conclusive(item.key, None):
            from .verification import mark_unsettled

            # The earlier attempt may be the reason for this refusal.
            mark_unsettled(item, error)
        elif item.maybe_acted and item.remaining.action == item.doubtful_action:
            # It is the same action, so another look tells whether it was done.
            item.error, item.doubt = None, StateConflict(error)
        return error
    except Cancelled as cancelled:
        item.error = JobsError(f"The change was not {'completed' if item.changed else 'made'}. {cancelled.reason}")
    except Exception as defect:
        # A defect in one item must not lose what is known of the others.
        item.maybe_acted = True
        item.doubt = OutcomeUnknown(context.note_defect(defect))
    return None
