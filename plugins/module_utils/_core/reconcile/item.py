# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One item on its way from what was observed to its result."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from ..cancellation import Cancelled
from ..errors import JobsError, OutcomeUnknown, StateConflict
from .change import NONE, PlannedChange

ObservedT = TypeVar("ObservedT")


@dataclass(eq=False)
class Item(Generic[ObservedT]):
    """One item of a task.

    A Reconciler's apply() may set `changed` and `action` as soon as a part of the action is done, and add to `extra`.

    :param key: what the user names it by.
    :param observed: what was there before the task did anything; None if there was nothing.
    :param planned: what it needs.
    """

    key: str
    observed: ObservedT | None
    planned: PlannedChange
    # What was seen after the action, and what is left of it to do.
    latest: ObservedT | None = None
    remaining: PlannedChange = field(init=False)
    extra: dict[str, Any] = field(init=False)
    changed: bool = False
    action: str = NONE
    error: JobsError | None = field(init=False)
    # Whether a change may have taken effect although no response says so, which action, and the error that left it in
    # doubt.
    maybe_acted: bool = False
    doubtful_action: str = NONE
    doubt: OutcomeUnknown | StateConflict | None = None
    # How far the thread that applies the change has come, and whether the engine has given up on it.
    begun: bool = False
    sent: bool = False
    ended: bool = False
    abandoned: bool = False

    def __post_init__(self) -> None:
        self.remaining = self.planned
        self.extra = {} if self.planned.acts else dict(self.planned.extra)
        self.error = self.planned.error

    def complete(self) -> None:
        """Counts the planned action as carried out."""
        self.changed = True
        self.action = self.planned.action

    def sending(self) -> None:
        """See SendObserver.

        :raises Cancelled: the engine has given up on this item, so its change must not take effect any more.
        """
        self.sent = True
        if self.abandoned:
            raise Cancelled("The task is over.")

    def not_sent(self) -> None:
        """See SendObserver."""
        self.sent = False

    def abandon(self, reason: str) -> Item[ObservedT]:
        """Gives up on the thread that still works on this item.

        :param reason: why, as a sentence.
        :returns: a copy, as the thread might write to the original at any time.
        """
        # In this order: either the thread sees that it may not send any more, or it is seen here that it has sent.
        self.abandoned = True
        sent = self.sent
        item = copy.copy(self)
        item.extra = copy.deepcopy(item.extra)
        if sent:
            item.maybe_acted = True
            item.doubt = OutcomeUnknown(JobsError("The request was sent, but no response arrived in time."))
        else:
            item.error = JobsError(f"The change was not made. {reason}")
        return item
