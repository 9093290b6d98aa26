# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots as items of the engine: what each desired state needs.

https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/backup/backups/

Private to this collection.
"""

from __future__ import annotations

from .._core import values
from .._core.creating import CreatingWork
from .._core.engine import Step, Work
from .._core.errors import InvalidInput, JobsError
from .atlas_snapshots import created, fields, is_on_demand, may_be_on_demand

_LONGEST_DESCRIPTION = 1000
# Days; the service may allow less.
_LONGEST_RETENTION = 36500
# What a result shows of a snapshot that is deleted.
_BRIEF = ("status", "snapshotType", "createdAt", "expiresAt", "description")
_UNDER_WAY = ("queued", "inProgress")


def refuse_for_existing(params):
    """:raises InvalidInput: snapshots are named by id, and something is given that is for new ones only."""
    given = [option for option in ("description", "retention_in_days", "max_age") if params[option] is not None]
    given += ["force"] * params["force"]
    if given:
        raise InvalidInput(f"{' and '.join(given)}: only new snapshots take this.")


class SnapshotWork(Work):
    """Snapshots that are named by their ids, to be deleted.

    :param snapshots: Snapshots.
    """

    noun = "snapshot"
    plural = "snapshots"
    result_key = "snapshots"

    def __init__(self, snapshots):
        self._snapshots = snapshots

    def observe(self, keys):
        return self._snapshots.find(keys)

    def plan(self, key, observed):
        if observed is None:
            return Step()
        return Step("delete", before={"status": observed.get("status")})

    def apply(self, item):
        return self._snapshots.delete(item.key)

    def is_followed(self, item):
        return False

    def fields(self, key, observed):
        return {**{name: observed[name] for name in _BRIEF if observed and name in observed}, "id": key}


class NewSnapshotWork(CreatingWork):
    """A snapshot that is taken on demand, and is known by its description.

    :param snapshots: Snapshots.
    :param params: with description, retention_in_days, max_age and force.
    :param now: the present moment.
    :raises InvalidInput: something is missing or cannot be right.
    """

    noun = "snapshot"
    plural = "snapshots"
    result_key = "snapshots"

    def __init__(self, snapshots, params, now):
        super().__init__(params["force"])
        missing = [option for option in ("description", "retention_in_days") if params[option] is None]
        if missing:
            raise InvalidInput(f"To take a snapshot, also give {' and '.join(missing)}.")
        self._snapshots = snapshots
        self.description = values.text("description", params["description"], _LONGEST_DESCRIPTION)
        self._retention = params["retention_in_days"]
        if not 1 <= self._retention <= _LONGEST_RETENTION:
            raise InvalidInput(f"retention_in_days must be from 1 to {_LONGEST_RETENTION}.")
        self._since = values.ago("max_age", params["max_age"], now)

    def everything(self):
        return self._snapshots.all_of_existing_cluster()

    def find(self, ids):
        return self._snapshots.find(ids)

    def is_it(self, key, thing, is_new):
        description = thing.get("description")
        if description != key and not (is_new and description is None):
            return False
        # The schedule takes some as well.
        if not (may_be_on_demand(thing) if is_new else is_on_demand(thing)):
            return False
        return is_new or thing.get("status") in _UNDER_WAY or self._is_recent(thing)

    def _is_recent(self, snapshot):
        if snapshot.get("status") != "completed":
            return False
        taken = created(snapshot)
        return self._since is None or taken is not None and taken >= self._since

    def age(self, thing):
        # Snapshots say when they were taken only once they have begun, but their ids begin with that, too.
        return thing["id"]

    def plan(self, key, observed):
        if self.id_of(key) is not None:
            # Whether or not it shows yet, it is there.
            return Step()
        return Step("create", after={"status": "queued", "description": key})

    def apply(self, item):
        self.note_created(item, self._snapshots.create(item.key, self._retention))
        return True

    def fields(self, key, observed):
        return {"description": key, **fields(observed or {}), "id": self.id_of(key)}

    def is_followed(self, item):
        return True

    def judge(self, key, observed):
        if observed is None:
            if self.may_show_later(key):
                return False
            raise JobsError(f"Snapshot {self.id_of(key)} was deleted by someone else while it was taken.")
        if observed.get("status") == "failed":
            raise JobsError(f"Snapshot {self.id_of(key)} failed.")
        return observed.get("status") == "completed"
