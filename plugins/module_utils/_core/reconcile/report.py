# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a task that changes something: what became of each item, in one form for every way a task can end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..context import TaskContext
from ..errors import JobsError
from .item import Item, ObservedT
from .reconciler import FactsT, Reconciler

# AWX shows no result of a task whose event is longer, and says that nothing was changed.
AWX_LIMIT = 700_000
# A result with fewer items is not worth measuring.
_FEW = 200


def report(
    reconciler: Reconciler[ObservedT, FactsT],
    items: Sequence[Item[ObservedT]],
    context: TaskContext,
    choice: str = "all",
) -> dict[str, Any]:
    """The documented result of a changing module.

    :param context: the differences are shown in its diff mode only.
    :param choice: which items are listed, also in the differences, see argspec.REPORT; the summary always counts all.
    """
    failed = [(item.key, item.error) for item in items if item.error is not None]
    listed = [item for item in items if _is_listed(item, choice)]
    result: dict[str, Any] = {
        "changed": any(item.changed for item in items),
        reconciler.result_key: [_entry(reconciler, item, context) for item in listed],
        "summary": {
            "requested": len(items),
            "changed": sum(item.changed for item in items),
            "unchanged": sum(not item.changed and item.error is None for item in items),
            "failed": len(failed),
        },
    }
    result.update(reconciler.totals(result[reconciler.result_key]))
    if context.diff_mode:
        result["diff"] = _diff(reconciler, listed, context)
    if failed:
        key, error = failed[0]
        message = _message(reconciler, len(items), len(failed), key, error)
        result.update(failed=True, msg=message, error=error.as_dict())
    if len(items) > _FEW:
        _warn_of_size(reconciler, result, context)
    return result


def _message(reconciler: Reconciler[ObservedT, FactsT], requested: int, failed: int, key: str, error: JobsError) -> str:
    """What the task fails with.

    :param key: the first item that failed, with its error.
    """
    sentence = str(error)
    if requested == 1:
        return sentence
    # Most sentences name their item already.
    first = "The first" if key.lower() in sentence.lower() else f"The first, {key}"
    return f"{failed} of {requested} {reconciler.plural} failed. {first}: {sentence}"


def _is_listed(item: Item[ObservedT], choice: str) -> bool:
    if choice == "all":
        return True
    if choice == "summary":
        return False
    return item.error is not None or choice == "changed" and item.changed


def _warn_of_size(reconciler: Reconciler[ObservedT, FactsT], result: dict[str, Any], context: TaskContext) -> None:
    length = len(json.dumps(result, default=str))
    if length > AWX_LIMIT:
        context.warn(
            f"The result of this task has {length:,} characters. AWX drops results of more than {AWX_LIMIT:,}, "
            "and then says that nothing was changed. Give report: changed or report: summary, or fewer "
            f"{reconciler.plural} at a time."
        )


def report_so_far(
    reconciler: Reconciler[ObservedT, FactsT], items: Sequence[Item[ObservedT]], context: TaskContext, cause: JobsError
) -> dict[str, Any]:
    """The result of a task that ended before its time, after it began to change something.

    :param items: some may have been done, some not, and of some it may not be known.
    :param cause: why the task ended.
    """
    for item in items:
        if item.planned.acts and not item.changed and item.error is None:
            _settle(reconciler, item, cause)
    result = report(reconciler, items, context)
    return {**result, "failed": True, "msg": f"{cause} {_counts(result['summary'])}", "error": cause.as_dict()}


def _settle(reconciler: Reconciler[ObservedT, FactsT], item: Item[ObservedT], cause: JobsError) -> None:
    """Says of an item what is known of its action."""
    if item.maybe_acted or item.sent and not item.ended:
        item.complete()
        item.error = JobsError(f"It is not known whether the change was made. {cause}")
    elif item.doubt is not None:
        item.error = item.doubt.cause
    elif not item.ended:
        item.error = JobsError(f"This {reconciler.noun} was not {'changed' if item.begun else 'processed'}. {cause}")


def _counts(summary: dict[str, int]) -> str:
    return (
        f"Of {summary['requested']} requested, {summary['changed']} were or may have been changed, "
        f"{summary['unchanged']} needed nothing, {summary['failed']} failed or were not processed."
    )


def _entry(reconciler: Reconciler[ObservedT, FactsT], item: Item[ObservedT], context: TaskContext) -> dict[str, Any]:
    entry = _fields(reconciler, item, context)
    if item.changed and item.latest is None and item.error is None:
        entry.update(item.planned.after or {})
    entry.update(item.extra)
    entry["action"] = item.action
    entry["changed"] = item.changed
    if item.error is not None:
        entry["error"] = item.error.as_dict()
    return entry


def _fields(reconciler: Reconciler[ObservedT, FactsT], item: Item[ObservedT], context: TaskContext) -> dict[str, Any]:
    try:
        return reconciler.fields(item.key, item.latest or item.observed)
    except Exception as defect:
        # What was done is worth more than what the item looks like.
        context.note_defect(defect)
        return {"id": item.key}


def _diff(
    reconciler: Reconciler[ObservedT, FactsT], items: Sequence[Item[ObservedT]], context: TaskContext
) -> dict[str, Any]:
    done = [item for item in items if item.changed and item.error is None]
    return {
        "before": {item.key: _before(reconciler, item, context) for item in done if item.planned.before is not None},
        "after": {item.key: _after(reconciler, item, context) for item in done if item.planned.after is not None},
    }


def _before(reconciler: Reconciler[ObservedT, FactsT], item: Item[ObservedT], context: TaskContext) -> dict[str, Any]:
    """An item as it was, with the fields that the action changes."""
    return {**_details(reconciler, item.key, item.observed, context), **(item.planned.before or {})}


def _after(reconciler: Reconciler[ObservedT, FactsT], item: Item[ObservedT], context: TaskContext) -> dict[str, Any]:
    """An item as it is now. What the action changes is as seen when the item was followed, else as planned.

    Of a new item, it is only what can be known before.
    """
    planned = item.planned.after or {}
    existing = (item.latest or item.observed) if item.observed else None
    details = _details(reconciler, item.key, existing, context)
    if not item.latest:
        return {**details, **planned}
    seen = {**_fields(reconciler, item, context), **_details(reconciler, item.key, item.latest, context)}
    return {**details, **{name: seen.get(name) for name in planned}}


def _details(
    reconciler: Reconciler[ObservedT, FactsT], key: str, observed: ObservedT | None, context: TaskContext
) -> dict[str, Any]:
    try:
        return reconciler.details(key, observed)
    except Exception as defect:
        # See _fields().
        context.note_defect(defect)
        return {}
