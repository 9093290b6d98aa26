# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each desired state of snapshots needs.

https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/backup/backups/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...._core.context import TaskContext
from ...._core.errors import InvalidInput, JobsError, ServiceError
from ...._core.json_fields import pick_fields
from ...._core.params import timestamps, validators
from ...._core.reconcile.change import PlannedChange
from ...._core.reconcile.create_once import CreateOnceReconciler, Creations, Thing
from ...._core.reconcile.item import Item
from ...._core.reconcile.reconciler import Observation, Reconciler
from ...._core.reconcile.wait import WaitOptions
from .. import conventions
from .snapshot_api import STATUSES, UNDER_WAY, Snapshots, created, fields, is_on_demand, may_be_on_demand

_LONGEST_DESCRIPTION = 1000
# Days; the service may allow less.
_LONGEST_RETENTION = 36500
# What a result shows of a snapshot that is deleted.
_BRIEF = ("status", "snapshotType", "createdAt", "expiresAt", "description")


def refuse_for_existing(params: Mapping[str, Any]) -> None:
    """:raises InvalidInput: snapshots are named by id, and something is given that is for new ones only."""
    given = [option for option in ("description", "retention_in_days", "max_age") if params[option] is not None]
    given += ["force"] * params["force"]
    if given:
        raise InvalidInput(f"{' and '.join(given)}: valid only for new snapshots.")


class AbsentSnapshotReconciler(Reconciler[Thing, None]):
    """Snapshots that are to be deleted."""

    noun = "snapshot"
    result_key = "snapshots"

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots

    def observe(self, keys: Sequence[str]) -> Observation[Thing, None]:
        return Observation(self._snapshots.find(keys), facts=None)

    def plan(self, key: str, observed: Thing | None, facts: None) -> PlannedChange:
        if observed is None:
            return PlannedChange()
        if observed.get("status") == "inProgress":
            return PlannedChange(
                refusal=f"Snapshot {key} is still being taken, and cannot be deleted until it is complete."
            )
        return PlannedChange("delete", before={"status": observed.get("status")})

    def plan_predicted(self, key: str) -> PlannedChange:
        return PlannedChange("delete")

    def apply(self, item: Item[Thing]) -> bool:
        return self._snapshots.delete(item.key)

    def fields(self, key: str, observed: Thing | None) -> dict[str, Any]:
        return {**pick_fields(observed or {}, _BRIEF), "id": key}

    def details(self, key: str, observed: Thing | None) -> dict[str, Any]:
        return self._snapshots.details(observed)


@dataclass(frozen=True)
class SnapshotFacts:
    """What the plan for a snapshot depends on beside the snapshots.

    :param creations: which snapshots exist.
    :param obstacle: why none can be taken just now, as a sentence, or None.
    """

    creations: Creations
    obstacle: str | None


class NewSnapshotReconciler(CreateOnceReconciler[Thing, SnapshotFacts]):
    """A snapshot that is taken on demand, and is known by its description.

    The service wants one on demand to have ended before another is asked for. What it does otherwise is not documented.

    :param params: with description, retention_in_days, max_age and force.
    :param wait_options: whether to wait for the end of another one, and how.
    :raises InvalidInput: something is missing or invalid.
    """

    noun = "snapshot"
    result_key = "snapshots"

    def __init__(
        self, snapshots: Snapshots, params: Mapping[str, Any], wait_options: WaitOptions, context: TaskContext
    ) -> None:
        super().__init__(force=params["force"])
        missing = [option for option in ("description", "retention_in_days") if params[option] is None]
        if missing:
            raise InvalidInput(f"To take a snapshot, also give {' and '.join(missing)}.")
        self._snapshots = snapshots
        self.description: str = validators.text("description", params["description"], _LONGEST_DESCRIPTION)
        self._retention: int = params["retention_in_days"]
        if not 1 <= self._retention <= _LONGEST_RETENTION:
            raise InvalidInput(f"retention_in_days must be from 1 to {_LONGEST_RETENTION}.")
        self._since = timestamps.ago("max_age", params["max_age"], context.clock.present())
        self._wait_options = wait_options
        self._clock = context.clock
        self._progress = context.progress
        # The seconds that were spent waiting for others.
        self.waited = 0.0
        # Others on demand that were under way when they were looked at last.
        self._others: list[Thing] = []

    def observe(self, keys: Sequence[str]) -> Observation[Thing, SnapshotFacts]:
        seen = self.look_up(keys)
        obstacle = self._one_at_a_time() if self._others and not self._wait_options.is_wanted else None
        return Observation(seen, SnapshotFacts(self.creations(), obstacle))

    def list_all(self) -> list[Thing]:
        snapshots = list(self._snapshots.all_of_existing_cluster())
        self._others = _under_way(snapshots)
        return snapshots

    def find(self, ids: Sequence[str]) -> Mapping[str, Thing]:
        return self._snapshots.find(ids)

    def matches(self, key: str, thing: Thing, *, is_new: bool) -> bool:
        description = thing.get("description")
        if description != key and not (is_new and description is None):
            return False
        # The schedule takes some as well.
        if not (may_be_on_demand(thing) if is_new else is_on_demand(thing)):
            return False
        status = thing.get("status")
        # With a status that nobody knows, it may be under way.
        return is_new or status in UNDER_WAY or status not in STATUSES or self._is_recent(thing)

    def _is_recent(self, snapshot: Thing) -> bool:
        if snapshot.get("status") != "completed":
            return False
        taken, since = created(snapshot), self._since()
        return since is None or taken is not None and taken >= since

    def age(self, thing: Thing) -> str:
        # Snapshots say when they were taken only once they have begun, but their ids begin with that, too.
        return str(thing["id"])

    def plan(self, key: str, observed: Thing | None, facts: SnapshotFacts) -> PlannedChange:
        if key in facts.creations.ids:
            # Whether or not it shows yet, it exists.
            return PlannedChange()
        if facts.obstacle:
            return PlannedChange(refusal=f"{facts.obstacle} Wait for it with wait: true, or run the task again later.")
        return PlannedChange("create", after={"status": "queued", "description": key})

    def _one_at_a_time(self) -> str:
        other = self._others[0]
        return (
            f"MongoDB Atlas takes one on-demand snapshot of a cluster at a time, and snapshot {other['id']} of cluster "
            f"{self._snapshots.cluster_name} is still {other.get('status')}."
        )

    def apply(self, item: Item[Thing]) -> bool:
        intervals = self._wait_options.intervals()
        while True:
            self._wait_for_others(intervals)
            try:
                snapshot = self._snapshots.create(item.key, self._retention)
            except ServiceError as error:
                if error.status not in (400, 409) or conventions.is_about_container(error.code):
                    raise
                # Somebody may have asked for another one since.
                self.list_all()
                if not self._others:
                    raise
                if not self._wait_options.is_wanted:
                    raise JobsError(f"{error} {self._one_at_a_time()}") from None
            else:
                self.note_created(item, snapshot["id"])
                item.latest = snapshot if len(snapshot) > 1 else None
                return True

    def _wait_for_others(self, intervals: Iterator[float]) -> None:
        """Waits until the others are done.

        :param intervals: the seconds between two looks.
        :raises JobsError: they are not, in time.
        """
        with self._progress.watch(self._line):
            while self._others:
                left = self._wait_options.timeout - self.waited
                if left <= 0:
                    raise JobsError(f"{self._one_at_a_time()} Waiting for that took longer than wait_timeout.")
                begin = self._clock.now()
                self._clock.sleep(min(next(intervals), left))
                found = self._snapshots.find([other["id"] for other in self._others])
                self._others = _under_way(found.values())
                self.waited += self._clock.now() - begin

    def _line(self) -> str | None:
        """What is waited for, see Progress.watch()."""
        others = self._others
        return f"waiting for snapshot {others[0]['id']}, which is {others[0].get('status')}" if others else None

    def fields(self, key: str, observed: Thing | None) -> dict[str, Any]:
        return {"description": key, **fields(observed or {}), "id": self.id_of(key)}

    def details(self, key: str, observed: Thing | None) -> dict[str, Any]:
        return {**self._snapshots.details(observed), "retentionInDays": self._retention}

    def has_ended(self, key: str, observed: Thing | None) -> bool:
        if observed is None:
            raise JobsError(f"Snapshot {self.id_of(key)} was deleted by someone else while it was taken.")
        if observed.get("status") == "failed":
            raise JobsError(f"Snapshot {self.id_of(key)} failed.")
        return observed.get("status") == "completed"


def _under_way(snapshots: Iterable[Thing]) -> list[Thing]:
    """Those that somebody asked for, and that are not done."""
    return [each for each in snapshots if is_on_demand(each) and each.get("status") in UNDER_WAY]
