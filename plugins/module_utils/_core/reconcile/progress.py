# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task shows of its items while it changes them, and while it waits for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Generic

from ..context import TaskContext
from ..progress import Rate, time_left
from .item import Item, ObservedT
from .reconciler import FactsT, Reconciler

# The actions whose past forms do not just end in -d or -ed.
_PAST_FORMS = {
    "cancel": "cancelled",
    "delete_transfers": "changed",
    "retry": "retried",
    "set_attributes": "changed",
    "set_mode": "changed",
}

_NOT_VISIBLE = "not visible"


class ChangeCount(Generic[ObservedT, FactsT]):
    """Counts the items that are being changed, while threads change them.

    :param items: all that need a change.
    :param now: reads the clock of the task, in seconds.
    """

    def __init__(
        self,
        reconciler: Reconciler[ObservedT, FactsT],
        items: Sequence[Item[ObservedT]],
        now: Callable[[], float],
    ) -> None:
        self._plural = reconciler.plural
        self._items = list(items)
        self._past_form = _past_form({item.planned.action for item in items})
        self._rate = Rate(now)

    def line(self) -> str | None:
        """The count as a line; None for a single item."""
        total = len(self._items)
        if total < 2:
            return None
        ended = [item for item in self._items if item.ended]
        changed = sum(item.changed and item.error is None for item in ended)
        failed = sum(item.error is not None for item in ended)
        rate = self._rate.note(len(ended))
        counts = f"{self._past_form} {changed:,} of {total:,} {self._plural}, {failed:,} failed"
        return counts + time_left(total - len(ended), rate)


class StateChanges(Generic[ObservedT, FactsT]):
    """Shows each change of the state of each item that is waited for.

    :param items: as they are before the first look.
    """

    def __init__(
        self,
        reconciler: Reconciler[ObservedT, FactsT],
        items: Sequence[Item[ObservedT]],
        context: TaskContext,
    ) -> None:
        self._reconciler = reconciler
        self._progress = context.progress
        states = {item.key: self._state(reconciler.fields(item.key, item.latest or item.observed)) for item in items}
        # What each item that has been seen has shown as its state.
        self._states = {key: state for key, state in states.items() if state != _NOT_VISIBLE}

    def show(self, items: Sequence[Item[ObservedT]]) -> None:
        """Shows those items whose state has changed. Called after each look at them."""
        for item in items:
            self._progress.show(partial(self._line, item))

    def _state(self, fields: Mapping[str, Any]) -> str:
        return str(fields.get(self._reconciler.status_field) or _NOT_VISIBLE)

    def _line(self, item: Item[ObservedT]) -> str | None:
        fields = self._reconciler.fields(item.key, item.latest)
        before, now = self._states.get(item.key), self._state(fields)
        if now == (before or _NOT_VISIBLE):
            return None
        self._states[item.key] = now
        change = f"{before} -> {now}" if before else now
        return f"{self._reconciler.noun} {self._label(item, fields.get('id'))}: {change}"

    def _label(self, item: Item[ObservedT], item_id: str | None) -> str:
        label = item.key if item.latest is None else self._reconciler.label(item.key, item.latest)
        return label if not item_id or item_id in label else f"{label} ({item_id})"


def _past_form(actions: Collection[str]) -> str:
    """What was done to items, as a word: that of their action, or a general one if there are several."""
    if len(actions) != 1:
        return "changed"
    (action,) = actions
    return _PAST_FORMS.get(action) or action + ("d" if action.endswith("e") else "ed")
