# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service supplies, so that the engine can bring its objects to a desired state."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .change import PlannedChange
from .item import Item, ObservedT

FactsT = TypeVar("FactsT")

# A value for visibility_delays: some services show a new object only once they have begun to work on it.
CREATION_DELAYS = (1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True)
class Observation(Generic[ObservedT, FactsT]):
    """What there is, at one moment.

    :param items: what is known of each item that exists, by its key.
    :param facts: whatever else plans depend on, such as what items have in common; None if there is nothing.
    """

    items: Mapping[str, ObservedT]
    facts: FactsT


class Reconciler(ABC, Generic[ObservedT, FactsT]):
    """How objects of one kind are observed, planned for, and changed. Keys are what the user names them by.

    noun: what an item is called in sentences.
    result_key: name of the list of items in the result.
    status_field: the field of an item that tells its state.
    id_fields: the fields of an item's result that hold its id.
    visibility_delays: seconds between looks for an effect that may show late, after an answer was lost; empty for one
        look, after the usual pause.
    retry_if_invisible: whether an action is tried again if nothing shows after these looks.
    max_concurrency: how many items are changed at a time at most, or None if only the task's option limits it.
    """

    noun: str
    result_key: str
    status_field: str = "status"
    id_fields: tuple[str, ...] = ("id",)
    visibility_delays: tuple[float, ...] = ()
    retry_if_invisible: bool = True
    max_concurrency: int | None = None

    @property
    def plural(self) -> str:
        """What several items are called in sentences."""
        return f"{self.noun}s"

    @abstractmethod
    def observe(self, keys: Sequence[str]) -> Observation[ObservedT, FactsT]:
        """Looks the items up, in as few requests as possible.

        :raises JobsError: it cannot be determined whether they exist.
        """

    @abstractmethod
    def plan(self, key: str, observed: ObservedT | None, facts: FactsT) -> PlannedChange:
        """The change that an item needs: a pure function of the arguments and of what the user asks for.

        :param observed: None if the item does not exist.
        """

    def plan_predicted(self, key: str) -> PlannedChange:
        """The change for an item that exists in check mode's prediction only, as an earlier task creates it."""
        return PlannedChange()

    @abstractmethod
    def apply(self, item: Item[ObservedT]) -> bool:
        """Carries out item.remaining. Several threads call this, each for another item.

        :returns: False if the service says that there is nothing left to do.
        :raises JobsError: it was not done. OutcomeUnknown and StateConflict make the engine look again.
        """

    def record_partial_change(self, item: Item[ObservedT], observed: ObservedT | None) -> None:
        """After an answer was lost: records which parts of an action were done, as another look shows.

        It may set the item's `changed` and `action`, and add to `extra`.
        """
        return

    def may_repeat(self, item: Item[ObservedT], change: PlannedChange) -> bool:
        """Whether an action in doubt is tried again.

        :param change: what is still needed, as another look shows.
        """
        return self.retry_if_invisible

    def is_conclusive(self, key: str, observed: ObservedT | None) -> bool:
        """Whether another look, after a lost answer, tells if the action was done.

        Where visibility_delays say that effects show late, what does not show may show later.
        """
        return observed is not None or not self.visibility_delays

    @abstractmethod
    def fields(self, key: str, observed: ObservedT | None) -> dict[str, Any]:
        """The fields of the item's result, with `id`."""

    def details(self, key: str, observed: ObservedT | None) -> dict[str, Any]:
        """What a reviewer wants to know of an item beside what changes: the diff shows it on both sides.

        Names, sizes, and dates in ISO 8601 and UTC; never a secret, nor an address that holds one.

        :param observed: None if the item does not exist yet.
        """
        return {}

    def totals(self, entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Further fields of the task's result.

        :param entries: the results of the items that it lists.
        """
        return {}

    def label(self, key: str, observed: ObservedT) -> str:
        """What people call an existing item, in a sentence."""
        return key


class SelectingReconciler(Reconciler[ObservedT, FactsT]):
    """A Reconciler that also finds items which the user describes instead of naming them."""

    @abstractmethod
    def select(self) -> Observation[ObservedT, FactsT]:
        """Finds the items; their order is that of the result.

        :raises JobsError: they cannot be obtained.
        """


class WaitableReconciler(Reconciler[ObservedT, FactsT]):
    """A Reconciler of objects that take time to reach their final state."""

    def should_wait_for(self, item: Item[ObservedT]) -> bool:
        """Whether there is an end to wait for, once the engine has finished with an item."""
        return True

    def last_state(self, item: Item[ObservedT]) -> ObservedT | None:
        """What is known of an item after its action; None if it has to be looked at first."""
        return item.latest or item.observed

    @abstractmethod
    def check_finished(self, key: str, observed: ObservedT | None) -> bool:
        """Whether an item has reached its final state.

        :raises JobsError: it has ended in another way.
        """
