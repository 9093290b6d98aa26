# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts a restore once, however often a task runs.

https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/restore/restores/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...._core.context import TaskContext
from ...._core.errors import JobsError
from ...._core.reconcile.change import PlannedChange
from ...._core.reconcile.create_once import CreateOnceReconciler, Creations, Thing
from ...._core.reconcile.item import Item
from ...._core.reconcile.reconciler import Observation
from .flex import NO_POINT_IN_TIME
from .restore_api import RestoreJobs, status
from .restore_reconcile import check_finished
from .restore_spec import RestoreSpec


@dataclass(frozen=True)
class RestoreFacts:
    """What the plan for a restore depends on beside the jobs.

    :param creations: which restores exist.
    :param body: what the service would be asked for.
    :param problem: why it cannot be asked for, as a sentence, or None.
    """

    creations: Creations
    body: Mapping[str, Any]
    problem: str | None


class NewRestoreReconciler(CreateOnceReconciler[Thing, RestoreFacts]):
    """A restore that is named by what it restores.

    :param force: start another restore even if there is one like it.
    """

    noun = "restore job"
    result_key = "jobs"

    def __init__(self, jobs: RestoreJobs, spec: RestoreSpec, *, force: bool) -> None:
        super().__init__(force=force)
        # One that removes data is never started again unless it is known that the first attempt did nothing.
        self.retry_if_invisible = spec.delivery_type == "download"
        self._jobs = jobs
        self._spec = spec
        self._is_examined = False
        self._problem: str | None = None

    def list_all(self) -> list[Thing]:
        return list(self._jobs.all_of_existing_cluster())

    def find(self, ids: Sequence[str]) -> Mapping[str, Thing]:
        return self._jobs.find(ids)

    def matches(self, key: str, thing: Thing, *, is_new: bool) -> bool:
        return self._spec.is_met_by(thing, is_new=is_new)

    def age(self, thing: Thing) -> str:
        # Jobs have no time of creation, but their ids begin with it.
        return str(thing["id"])

    def observe(self, keys: Sequence[str]) -> Observation[Thing, RestoreFacts]:
        self._spec.choose_snapshot()
        seen = self.look_up(keys)
        if not self._is_examined and any(self.id_of(key) is None for key in keys):
            # Only now is the snapshot needed; if the restore exists, it may have been deleted since.
            is_impossible = self._jobs.are_of_flex and self._spec.delivery_type == "pointInTime"
            self._problem = NO_POINT_IN_TIME if is_impossible else self._spec.examine(self.old_things())
        self._is_examined = True
        return Observation(seen, RestoreFacts(self.creations(), self._spec.body(), self._problem))

    def plan(self, key: str, observed: Thing | None, facts: RestoreFacts) -> PlannedChange:
        if key in facts.creations.ids:
            # Whether or not it shows yet, it exists.
            return PlannedChange()
        if facts.problem:
            return PlannedChange(refusal=facts.problem)
        return PlannedChange("create", after={"status": "in_progress", **facts.body})

    def plan_predicted(self, key: str) -> PlannedChange:
        # The snapshot is yet to come, and so is the restore.
        return self.plan(key, None, RestoreFacts(Creations({}, frozenset()), self._spec.body(), problem=None))

    def apply(self, item: Item[Thing]) -> bool:
        job = self._jobs.create(self._spec.body())
        self.note_created(item, job["id"])
        item.latest = job if len(job) > 1 else None
        self._spec.warn_of_shard(job)
        wanted, made = self._spec.delivery_type, job.get("deliveryType")
        if made is not None and made != wanted:
            raise JobsError(
                f"Restore job {job['id']} was started, but MongoDB Atlas made it a job of delivery type {made} instead "
                f"of {wanted}; the target cluster will not be restored."
            )
        return True

    def fields(self, key: str, observed: Thing | None) -> dict[str, Any]:
        return {**(self._jobs.fields(observed) or self._spec.body()), "id": self.id_of(key)}

    def details(self, key: str, observed: Thing | None) -> dict[str, Any]:
        return self._jobs.details(observed)

    def has_ended(self, key: str, observed: Thing | None) -> bool:
        return check_finished(str(self.id_of(key)), observed)


def warn_of_finished(items: Sequence[Item[Thing]], context: TaskContext) -> None:
    """Tells that a restore to a cluster was asked for that has been done before."""
    for item in items:
        if not item.changed and item.observed and status(item.observed) == "finished":
            context.warn(
                f"Restore job {item.observed['id']} already restored this, at {item.observed.get('finishedAt')}. "
                "The target was not touched; force: true restores it again."
            )
