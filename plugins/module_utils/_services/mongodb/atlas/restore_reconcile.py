# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each desired state of existing restore jobs needs.

https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/restore/restores/
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from ...._core.errors import JobsError, ServiceError
from ...._core.json_fields import pick_fields
from ...._core.reconcile.change import PlannedChange
from ...._core.reconcile.item import Item
from ...._core.reconcile.reconciler import Observation, Reconciler, WaitableReconciler
from .flex import is_of_flex
from .restore_api import Job, RestoreJobs, components, status, was_fetched
from .snapshot_api import Snapshots

# The ids of snapshots that are only those of single shards.
ShardSnapshots = frozenset[str]

# What a result shows of a job that is to be cancelled.
_BRIEF = ("snapshotId", "deliveryType", "status", "cancelled", "expired", "failed", "finishedAt", "expiresAt")

START_ANOTHER = "Start another download with restore_job."


class AbsentRestoreReconciler(Reconciler[Job, ShardSnapshots]):
    """Restore jobs that are to be cancelled. Only downloads can be, but not of a single shard or a flex cluster."""

    noun = "restore job"
    result_key = "jobs"

    def __init__(self, jobs: RestoreJobs, snapshots: Snapshots) -> None:
        self._jobs = jobs
        self._snapshots = snapshots
        # Looked up once, and only if a job may be of a single shard.
        self._parts: ShardSnapshots | None = None

    def observe(self, keys: Sequence[str]) -> Observation[Job, ShardSnapshots]:
        found = self._jobs.find(keys)
        if self._parts is None:
            condemned = [job for key, job in found.items() if self.plan(key, job, ShardSnapshots()).acts]
            # Most jobs show that they are of all shards, or of a cluster that has none.
            if any(len(components(job)) == 1 for job in condemned):
                with suppress(ServiceError):
                    self._parts = ShardSnapshots(self._snapshots.part_ids())
        return Observation(found, self._parts or ShardSnapshots())

    def plan(self, key: str, observed: Job | None, facts: ShardSnapshots) -> PlannedChange:
        if observed is None or status(observed) not in ("in_progress", "ready"):
            return PlannedChange()
        delivery = observed.get("deliveryType")
        if delivery == "download" and is_of_flex(observed):
            return PlannedChange(
                refusal=f"Restore job {key} cannot be cancelled, as it is the download of a flex cluster. It expires "
                "by itself, four hours after it was started."
            )
        if delivery != "download":
            return PlannedChange(
                refusal=f"Restore job {key} is still running and cannot be cancelled: its delivery type is {delivery}, "
                "and only manual downloads can be cancelled. Wait until it has finished."
            )
        if str(observed.get("snapshotId")).lower() in facts:
            return PlannedChange(
                refusal=f"Restore job {key} cannot be cancelled, as it is the download of a single shard. It expires "
                "by itself, an hour after it is ready."
            )
        return PlannedChange(
            "cancel",
            before={"status": status(observed), "cancelled": False},
            after={"status": "cancelled", "cancelled": True},
        )

    def plan_predicted(self, key: str) -> PlannedChange:
        return PlannedChange("cancel")

    def apply(self, item: Item[Job]) -> bool:
        return self._jobs.cancel(item.key)

    def fields(self, key: str, observed: Job | None) -> dict[str, Any]:
        return {**pick_fields(self._jobs.fields(observed), _BRIEF), "id": key}

    def details(self, key: str, observed: Job | None) -> dict[str, Any]:
        return self._jobs.details(observed)


class ExistingRestoreReconciler(WaitableReconciler[Job, None]):
    """Restore jobs that are named by their ids, and only have to exist."""

    noun = "restore job"
    result_key = "jobs"

    def __init__(self, jobs: RestoreJobs) -> None:
        self._jobs = jobs

    def observe(self, keys: Sequence[str]) -> Observation[Job, None]:
        return Observation(self._jobs.find(keys), facts=None)

    def plan(self, key: str, observed: Job | None, facts: None) -> PlannedChange:
        return PlannedChange(refusal=None if observed else f"Restore job {key} does not exist.")

    def plan_predicted(self, key: str) -> PlannedChange:
        return PlannedChange(extra={"status": "in_progress"})

    def apply(self, item: Item[Job]) -> bool:
        return False

    def fields(self, key: str, observed: Job | None) -> dict[str, Any]:
        return {**self._jobs.fields(observed), "id": key}

    def details(self, key: str, observed: Job | None) -> dict[str, Any]:
        return self._jobs.details(observed)

    def check_finished(self, key: str, observed: Job | None) -> bool:
        return check_finished(key, observed)


def check_finished(job_id: str, job: Job | None) -> bool:
    """Whether a restore has ended; a download ends when it can be fetched.

    :raises JobsError: it has ended in another way, or is gone.
    """
    if job is None:
        raise JobsError(f"Restore job {job_id} does not exist any more.")
    now = status(job)
    if now in ("ready", "finished"):
        return True
    if was_fetched(job):
        raise JobsError(
            f"Restore job {job_id} has been fetched already: its download URL works only once. {START_ANOTHER}"
        )
    if now == "in_progress":
        return False
    raise JobsError(
        f"Restore job {job_id} {'has ' if now == 'expired' else 'was ' if now == 'cancelled' else ''}{now}."
    )
