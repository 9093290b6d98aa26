# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restore jobs as items of the engine: what each desired state needs.

https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/restore/restores/

Private to this collection.
"""

from __future__ import annotations

from contextlib import suppress

from ...._core.errors import JobsError, ServiceError
from ...._core.reconcile.create_once import CreateOnceReconciler
from ...._core.reconcile.engine import PlannedChange, Reconciler
from .restore_api import components, status, was_fetched

# What a result shows of a job that is to be cancelled.
_BRIEF = ("snapshotId", "deliveryType", "status", "cancelled", "expired", "failed", "finishedAt", "expiresAt")


def plan_absent(key, observed, is_of_shard=False):
    """The change that cancels a job. Only manual downloads can be cancelled, but not those of a single shard.

    :param is_of_shard: the job is known to restore the snapshot of a single shard.
    """
    if observed is None or status(observed) not in ("in_progress", "ready"):
        return PlannedChange()
    delivery = observed.get("deliveryType")
    if delivery != "download":
        return PlannedChange(
            refusal=f"Restore job {key} is still running and cannot be cancelled: its delivery type is {delivery}, and "
            "only manual downloads can be cancelled. Wait until it has finished."
        )
    if is_of_shard:
        return PlannedChange(
            refusal=f"Restore job {key} cannot be cancelled, as it is the download of a single shard. It expires by "
            "itself, an hour after it is ready."
        )
    return PlannedChange(
        "cancel",
        before={"status": status(observed), "cancelled": False},
        after={"status": "cancelled", "cancelled": True},
    )


class RestoreReconciler(Reconciler):
    """Restore jobs that are named by their ids: to be cancelled, or only to be there.

    :param jobs: RestoreJobs.
    :param snapshots: the cluster's Snapshots.
    :param state: absent or present.
    """

    noun = "restore job"
    plural = "restore jobs"
    result_key = "jobs"

    def __init__(self, jobs, snapshots, state):
        self._jobs = jobs
        self._snapshots = snapshots
        self._state = state
        # Ids of snapshots that are only those of single shards, once somebody wanted to know.
        self._parts = None

    def observe(self, keys):
        found = self._jobs.find(keys)
        if self._state == "absent" and self._parts is None:
            jobs = [job for key, job in found.items() if plan_absent(key, job).acts]
            # Most jobs show that they are of all shards, or of a cluster that has none.
            if any(len(components(job)) == 1 for job in jobs):
                with suppress(ServiceError):
                    self._parts = self._snapshots.part_ids()
        return found

    def plan(self, key, observed):
        if self._state == "absent":
            snapshot_id = str(observed.get("snapshotId")).lower() if observed else None
            return plan_absent(key, observed, snapshot_id in (self._parts or ()))
        return PlannedChange(refusal=None if observed else f"Restore job {key} does not exist.")

    def plan_predicted(self, key):
        return PlannedChange("cancel") if self._state == "absent" else PlannedChange(extra={"status": "in_progress"})

    def apply(self, item):
        return self._jobs.cancel(item.key)

    def fields(self, key, observed):
        shown = self._jobs.fields(observed)
        if self._state == "absent":
            shown = {name: shown[name] for name in _BRIEF if name in shown}
        return {**shown, "id": key}

    def is_followed(self, item):
        return self._state == "present"

    def check_finished(self, key, observed):
        return check_finished(key, observed)


class NewRestoreReconciler(CreateOnceReconciler):
    """A restore that is named by what it restores.

    :param jobs: RestoreJobs.
    :param request: a RestoreSpec.
    :param force: start another restore even if there is one like it.
    """

    noun = "restore job"
    plural = "restore jobs"
    result_key = "jobs"

    def __init__(self, jobs, request, force):
        super().__init__(force)
        # One that removes data is never started again unless it is known that the first try did nothing.
        self.retry_if_invisible = request.delivery_type == "download"
        self._jobs = jobs
        self._request = request
        self._is_examined = False
        self._problem = None

    def everything(self):
        return self._jobs.all_of_existing_cluster()

    def find(self, ids):
        return self._jobs.find(ids)

    def matches(self, key, thing, is_new):
        return self._request.is_met_by(thing, is_new)

    def age(self, thing):
        # Jobs have no time of creation, but their ids begin with it.
        return thing["id"]

    def observe(self, keys):
        self._request.choose_snapshot()
        seen = super().observe(keys)
        if not self._is_examined and any(self.id_of(key) is None for key in keys):
            # Only now is the snapshot needed; if the restore is there, it may have been deleted since.
            self._problem = self._request.problem()
        self._is_examined = True
        return seen

    def plan(self, key, observed):
        if self.id_of(key) is not None:
            # Whether or not it shows yet, it is there.
            return PlannedChange()
        if self._problem:
            return PlannedChange(refusal=self._problem)
        return PlannedChange("create", after={"status": "in_progress", **self._request.body()})

    def plan_predicted(self, key):
        # The snapshot is yet to come, and so is the restore.
        return self.plan(key, None)

    def apply(self, item):
        job = self._jobs.create(self._request.body())
        self.note_created(item, job)
        self._request.tell_of_shard(job)
        wanted, made = self._request.delivery_type, job.get("deliveryType")
        if made is not None and made != wanted:
            raise JobsError(
                f"Restore job {job['id']} was started, but MongoDB Atlas made it a job of delivery type {made} instead "
                f"of {wanted}; nothing is restored to where it should be."
            )
        return True

    def fields(self, key, observed):
        return {**(self._jobs.fields(observed) or self._request.body()), "id": self.id_of(key)}

    def is_followed(self, item):
        return True

    def check_finished(self, key, observed):
        if observed is None and self.may_show_later(key):
            return False
        return check_finished(self.id_of(key), observed)


def warn_of_finished(items, delivery_type, context):
    """Tells that a restore to a cluster was asked for that has been done before.

    :param items: engine Items.
    :param delivery_type: what was asked for, or None if jobs were named.
    :param context: a TaskContext.
    """
    for item in items:
        if delivery_type and not item.changed and item.observed and status(item.observed) == "finished":
            context.warn(
                f"Restore job {item.observed['id']} has restored this already, at {item.observed.get('finishedAt')}. "
                "The target was not touched; force=true restores it again."
            )


def check_finished(job_id, observed):
    """Whether a restore has ended, see Reconciler.check_finished(): a download ends when it can be fetched."""
    if observed is None:
        raise JobsError(f"Restore job {job_id} does not exist any more.")
    now = status(observed)
    if now in ("ready", "finished"):
        return True
    if was_fetched(observed):
        raise JobsError(f"Restore job {job_id} has been fetched already: its address works once. {START_ANOTHER}")
    if now == "in_progress":
        return False
    raise JobsError(
        f"Restore job {job_id} {'has ' if now == 'expired' else 'was ' if now == 'cancelled' else ''}{now}."
    )


START_ANOTHER = "Start another download with restore_job."
