# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing things into being once, however often a task runs and whatever answer is lost.

Private to this collection.
"""

from __future__ import annotations

from .engine import Reconciler


class CreateOnceReconciler(Reconciler):
    """Items that a task creates: the user names them by keys, the service gives them ids.

    A lost answer to a creation is settled by looking for what was not there before.

    :param force: create even if there is one already.
    """

    # Services show what they are asked to create only when they have begun.
    visibility_delays = (1.0, 2.0, 4.0, 8.0)

    def __init__(self, force):
        self._force = force
        # What is known to be an item, {key: id}, and the ids of all that was there before the task did anything.
        self._ids = {}
        self._before = None
        # What this task has created, and which of that has not been seen since.
        self._own = set()
        self._unseen = set()

    def everything(self):
        """All that exists, each a dictionary with `id`.

        :raises JobsError: it cannot be had.
        """
        raise NotImplementedError

    def find(self, ids):
        """{id: thing} of those that exist."""
        raise NotImplementedError

    def matches(self, key, thing, is_new):
        """Whether a thing is what an item asks for.

        :param is_new: it was not there before the task did anything, so missing details do not speak against it.
        """
        raise NotImplementedError

    def age(self, thing):
        """What sorts older things before newer ones."""
        raise NotImplementedError

    def note_created(self, item, thing):
        """Notes what an item's creation brought about.

        :param thing: the new thing, with at least its `id`.
        """
        self._ids[item.key] = thing["id"]
        self._own.add(item.key)
        self._unseen.add(item.key)
        item.changed = True
        item.action = item.planned.action
        item.latest = thing if len(thing) > 1 else None

    def is_own(self, key):
        """Whether an item is there because of this task."""
        return key in self._own

    def id_of(self, key):
        """The id of an item, or None if it does not exist (yet)."""
        return self._ids.get(key)

    def ids(self):
        """The ids of all items that exist."""
        return set(self._ids.values())

    def is_conclusive(self, key, observed):
        # What does not show may show later.
        return observed is not None or key in self._ids

    def record_partial_change(self, item, observed):
        # Whatever becomes of the rest of its action.
        if self.is_own(item.key):
            item.changed, item.action = True, item.planned.action

    def may_show_later(self, key):
        """Whether an item that is not there may only not be visible yet, as it has just been created."""
        return key in self._unseen

    def observe(self, keys):
        known = {key: self._ids[key] for key in keys if key in self._ids}
        found = self.find(list(known.values())) if known else {}
        seen = {key: found[thing_id] for key, thing_id in known.items() if thing_id in found}
        unknown = [key for key in keys if key not in known]
        if unknown:
            seen.update(self._look_for(unknown))
        self._unseen -= set(seen)
        return seen

    def _look_for(self, keys):
        is_new = self._before is not None
        things = [thing for thing in self.everything() if not is_new or thing["id"] not in self._before]
        if not is_new:
            self._before = {thing["id"] for thing in things}
            if self._force:
                return {}
        seen = {}
        for key in keys:
            fitting = [thing for thing in things if self.matches(key, thing, is_new)]
            if fitting:
                seen[key] = max(fitting, key=self.age)
                self._ids[key] = seen[key]["id"]
                if is_new:
                    self._own.add(key)
        return seen
