# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creating things once, however often a task runs and whichever answer is lost."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .item import Item, ObservedT
from .reconciler import CREATION_DELAYS, FactsT, WaitableReconciler

# An object as the service shows it, with `id`.
Thing = Mapping[str, Any]


@dataclass(frozen=True)
class Creations:
    """Which items are known to exist.

    :param ids: their ids, by their keys; some may not be visible yet.
    :param own: the keys of those that this task has created.
    """

    ids: Mapping[str, str]
    own: frozenset[str]


class CreateOnceReconciler(WaitableReconciler[ObservedT, FactsT]):
    """Items that a task creates: the user names them by keys, the service gives them ids.

    A lost answer to a creation is settled by looking for what was not there before.

    :param force: create an item even if there is one already.
    """

    visibility_delays = CREATION_DELAYS

    def __init__(self, *, force: bool) -> None:
        self._force = force
        self._ids: dict[str, str] = {}
        # The ids of all that was there before the task did anything; None as long as nobody has looked.
        self._before: set[str] | None = None
        self._listed: list[Thing] = []
        # What this task has created, and which of that has not been seen since.
        self._own: set[str] = set()
        self._unseen: set[str] = set()

    @abstractmethod
    def list_all(self) -> Iterable[Thing]:
        """All that exists.

        :raises JobsError: it cannot be obtained.
        """

    @abstractmethod
    def find(self, ids: Sequence[str]) -> Mapping[str, Thing]:
        """Those that exist, by their ids."""

    @abstractmethod
    def matches(self, key: str, thing: Thing, *, is_new: bool) -> bool:
        """Whether a thing is what an item asks for.

        :param is_new: it was not there before the task did anything, so missing details do not speak against it.
        """

    @abstractmethod
    def age(self, thing: Thing) -> Any:
        """A value that sorts older things before newer ones."""

    def look_up(self, keys: Sequence[str]) -> dict[str, Thing]:
        """The items that are visible, by their keys."""
        known = {key: self._ids[key] for key in keys if key in self._ids}
        found = self.find(list(known.values())) if known else {}
        seen = {key: found[thing_id] for key, thing_id in known.items() if thing_id in found}
        unknown = [key for key in keys if key not in known]
        if unknown:
            seen.update(self.look_for(unknown))
        self._unseen -= set(seen)
        return seen

    def look_for(self, keys: Sequence[str]) -> dict[str, Thing]:
        """The items among all that exist, by their keys; of what is new once the task has looked before."""
        is_new = self._before is not None
        self._listed = list(self.list_all())
        if self._before is None:
            self._before = {thing["id"] for thing in self._listed}
            if self._force:
                return {}
        things = self.new_things() if is_new else self._listed
        seen = {}
        for key in keys:
            fitting = [thing for thing in things if self.matches(key, thing, is_new=is_new)]
            if fitting:
                seen[key] = max(fitting, key=self.age)
                self._ids[key] = seen[key]["id"]
                if is_new:
                    self._own.add(key)
        return seen

    def old_things(self) -> list[Thing]:
        """What was there before the task did anything, as it was listed last; nothing with force."""
        before = self._before or set()
        return [] if self._force else [thing for thing in self._listed if thing["id"] in before]

    def new_things(self) -> list[Thing]:
        """What was listed last, and was not there before the task did anything."""
        before = self._before or set()
        return [thing for thing in self._listed if thing["id"] not in before]

    def creations(self) -> Creations:
        """What is known by now."""
        return Creations(dict(self._ids), frozenset(self._own))

    def note_created(self, item: Item[ObservedT], thing_id: str) -> None:
        """Records that an item was created, and the id that the service gave it."""
        self._ids[item.key] = thing_id
        self._own.add(item.key)
        self._unseen.add(item.key)
        item.complete()

    def id_of(self, key: str) -> str | None:
        """The id of an item, or None if it does not exist (yet)."""
        return self._ids.get(key)

    def is_own(self, key: str) -> bool:
        """Whether an item exists because of this task."""
        return key in self._own

    def may_show_later(self, key: str) -> bool:
        """Whether an item that is not there may merely not be visible yet, as it has just been created."""
        return key in self._unseen

    def check_finished(self, key: str, observed: ObservedT | None) -> bool:
        if observed is None and self.may_show_later(key):
            return False
        return self.has_ended(key, observed)

    @abstractmethod
    def has_ended(self, key: str, observed: ObservedT | None) -> bool:
        """The same as check_finished() for an item that shows, or will not show any more."""

    def is_conclusive(self, key: str, observed: ObservedT | None) -> bool:
        # What does not show may show later.
        return observed is not None or key in self._ids

    def record_partial_change(self, item: Item[ObservedT], observed: ObservedT | None) -> None:
        # Whatever becomes of the rest of its action.
        if self.is_own(item.key):
            item.complete()
