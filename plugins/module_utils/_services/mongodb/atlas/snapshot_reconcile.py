# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots as items of the engine: what each desired state needs.

https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/backup/backups/

Private to this collection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...._core.errors import InvalidInput, JobsError, ServiceError
from ...._core.params import timestamps, validators
from ...._core.reconcile.create_once import CreateOnceReconciler
from ...._core.reconcile.engine import PlannedChange, Reconciler
from .. import conventions
from .snapshot_api import UNDER_WAY, created, fields, is_on_demand, may_be_on_demand

_LONGEST_DESCRIPTION = 1000
# Days; the service may allow less.
_LONGEST_RETENTION = 36500
# What a result shows of a snapshot that is deleted.
_BRIEF = ("status", "snapshotType", "createdAt", "expiresAt", "description")


def refuse_for_existing(params):
    """:raises InvalidInput: snapshots are named by id, and something is given that is for new ones only."""
    given = [option for option in ("description", "retention_in_days", "max_age") if params[option] is not None]
    given += ["force"] * params["force"]
    if given:
        raise InvalidInput(f"{' and '.join(given)}: only new snapshots take this.")


class SnapshotReconciler(Reconciler):
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
            return PlannedChange()
        if observed.get("status") == "inProgress":
            return PlannedChange(refusal=f"Snapshot {key} is being taken, and cannot be deleted before that has ended.")
        return PlannedChange("delete", before={"status": observed.get("status")})

    def plan_predicted(self, key):
        return PlannedChange("delete")

    def apply(self, item):
        return self._snapshots.delete(item.key)

    def is_followed(self, item):
        return False

    def fields(self, key, observed):
        return {**{name: observed[name] for name in _BRIEF if observed and name in observed}, "id": key}


class NewSnapshotReconciler(CreateOnceReconciler):
    """A snapshot that is taken on demand, and is known by its description.

    The service wants one on demand to have ended before another is asked for. What it does otherwise is not documented.

    :param snapshots: Snapshots.
    :param params: with description, retention_in_days, max_age and force.
    :param wait_options: a WaitOptions: whether to wait for the end of another one, and how.
    :param clock: a Clock.
    :raises InvalidInput: something is missing or cannot be right.
    """

    noun = "snapshot"
    plural = "snapshots"
    result_key = "snapshots"

    def __init__(self, snapshots, params, wait_options, clock):
        super().__init__(params["force"])
        missing = [option for option in ("description", "retention_in_days") if params[option] is None]
        if missing:
            raise InvalidInput(f"To take a snapshot, also give {' and '.join(missing)}.")
        self._snapshots = snapshots
        self.description = validators.text("description", params["description"], _LONGEST_DESCRIPTION)
        self._retention = params["retention_in_days"]
        if not 1 <= self._retention <= _LONGEST_RETENTION:
            raise InvalidInput(f"retention_in_days must be from 1 to {_LONGEST_RETENTION}.")
        self._since = timestamps.ago("max_age", params["max_age"], clock.present())
        self._wait_options = wait_options
        self._clock = clock
        # Others on demand that were under way when they were looked at last.
        self._others = []

    def everything(self):
        snapshots = list(self._snapshots.all_of_existing_cluster())
        self._others = _under_way(snapshots)
        return snapshots

    def find(self, ids):
        return self._snapshots.find(ids)

    def matches(self, key, thing, is_new):
        description = thing.get("description")
        if description != key and not (is_new and description is None):
            return False
        # The schedule takes some as well.
        if not (may_be_on_demand(thing) if is_new else is_on_demand(thing)):
            return False
        return is_new or thing.get("status") in UNDER_WAY or self._is_recent(thing)

    def _is_recent(self, snapshot):
        if snapshot.get("status") != "completed":
            return False
        taken, since = created(snapshot), self._since()
        return since is None or taken is not None and taken >= since

    def age(self, thing):
        # Snapshots say when they were taken only once they have begun, but their ids begin with that, too.
        return thing["id"]

    def plan(self, key, observed):
        if self.id_of(key) is not None:
            # Whether or not it shows yet, it is there.
            return PlannedChange()
        if self._others and not self._wait_options.is_wanted:
            return PlannedChange(
                refusal=f"{self._one_at_a_time()} Wait for it with wait=true, or run the task again later."
            )
        return PlannedChange("create", after={"status": "queued", "description": key})

    def _one_at_a_time(self) -> str:
        other = self._others[0]
        return (
            f"MongoDB Atlas takes one snapshot of a cluster on demand at a time, and snapshot {other['id']} of cluster "
            f"{self._snapshots.cluster_name} is still {other.get('status')}."
        )

    def apply(self, item):
        deadline = self._clock.now() + self._wait_options.timeout
        pauses = self._wait_options.intervals()
        while True:
            self._wait_for_others(deadline, pauses)
            try:
                snapshot = self._snapshots.create(item.key, self._retention)
            except ServiceError as error:
                if error.status not in (400, 409) or conventions.is_about_container(error.code):
                    raise
                # Somebody may have asked for another one meanwhile.
                self.everything()
                if not self._others:
                    raise
                if not self._wait_options.is_wanted:
                    raise JobsError(f"{error} {self._one_at_a_time()}") from None
            else:
                self.note_created(item, snapshot)
                return True

    def _wait_for_others(self, deadline: float, pauses: Iterator[float]) -> None:
        """Waits until the others are done.

        :param deadline: a reading of the clock.
        :param pauses: the seconds between two looks.
        :raises JobsError: they are not, in time.
        """
        while self._others:
            left = deadline - self._clock.now()
            if left <= 0:
                raise JobsError(f"{self._one_at_a_time()} Waiting for that took longer than wait_timeout.")
            self._clock.sleep(min(next(pauses), left))
            found = self._snapshots.find([other["id"] for other in self._others])
            self._others = _under_way(found.values())

    def fields(self, key, observed):
        return {"description": key, **fields(observed or {}), "id": self.id_of(key)}

    def is_followed(self, item):
        return True

    def check_finished(self, key, observed):
        if observed is None:
            if self.may_show_later(key):
                return False
            raise JobsError(f"Snapshot {self.id_of(key)} was deleted by someone else while it was taken.")
        if observed.get("status") == "failed":
            raise JobsError(f"Snapshot {self.id_of(key)} failed.")
        return observed.get("status") == "completed"


def _under_way(snapshots: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that somebody asked for, and that are not done."""
    return [each for each in snapshots if is_on_demand(each) and each.get("status") in UNDER_WAY]
