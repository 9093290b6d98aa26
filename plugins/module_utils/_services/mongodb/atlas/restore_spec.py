# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a restore job is asked to restore, and whether a job is the answer to that.

https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/restore/create-one-restore-job/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from ...._core.context import TaskContext
from ...._core.errors import InvalidInput, JobsError
from ...._core.params import timestamps, validators
from ...._core.params.argspec import ArgumentSpec
from ...._core.params.placeholders import is_placeholder, placeholder
from ...._core.params.raw_arguments import SELECTOR
from ...._core.reconcile.change import UNLESS_WAITED_FOR
from .. import conventions
from . import snapshot_api
from .cluster import cluster_name
from .restore_api import DELIVERY_TYPES, Job, components, status, was_fetched
from .snapshot_api import UNDER_WAY, Snapshot, Snapshots

# Documented in the fragment atlas.restore.
OPTIONS: ArgumentSpec = {
    "delivery_type": {"type": "str", "choices": DELIVERY_TYPES, **SELECTOR},
    "snapshot_id": {"type": "str", **SELECTOR},
    "snapshot": {"type": "str", "choices": ["latest"]},
    "before": {"type": "str", **SELECTOR},
    "target_cluster_name": {"type": "str", **SELECTOR},
    "target_project_id": {"type": "str", **SELECTOR},
    "point_in_time": {"type": "str"},
    "point_in_time_utc_seconds": {"type": "int"},
    "oplog_ts": {"type": "int"},
    "oplog_inc": {"type": "int"},
    "accept_target_data_loss": {"type": "bool", "default": False},
}
# The service takes no earlier moment (2008), in seconds since the epoch, nor a later one than fits into 32 bits.
_EARLIEST, _LATEST = 1199145600, 2**31 - 1
_POINTS = ("point_in_time", "point_in_time_utc_seconds", "oplog_ts", "oplog_inc")
_TARGETS = ("target_cluster_name", "target_project_id")
_SNAPSHOTS = ("snapshot_id", "snapshot", "before")
_ONLY_FOR_NEW = ("delivery_type", *_SNAPSHOTS, *_TARGETS, *_POINTS)
_FIELDS = {
    "point_in_time_utc_seconds": "pointInTimeUTCSeconds",
    "oplog_ts": "oplogTs",
    "oplog_inc": "oplogInc",
}


_OF_COLLECTIONS = (
    "A restore job restores a whole snapshot. For single databases and collections, use the collectionRestoreJobs of "
    "the Atlas Administration API, for example with: atlas api cloudBackups createCollectionRestoreJob."
)
# What users may look for, with a sentence on what to use instead.
NOT_OFFERED = dict.fromkeys(("databases", "collections"), _OF_COLLECTIONS)

# Why a snapshot cannot be restored, by its status.
_WHY_NOT = {
    "queued": "it has not been taken yet; wait for it, for example with saasops.jobs.snapshot",
    "inProgress": "it is still being taken; wait for it, for example with saasops.jobs.snapshot",
    "failed": "it has failed",
}


class RestoreSpec:
    """A restore.

    :param params: the module's parameters.
    :param project_id: the project of the cluster whose snapshot is restored.
    :param snapshots: those of the cluster.
    :raises InvalidInput: something is missing or invalid, or would destroy data that was not given up.
    """

    def __init__(self, params: Mapping[str, Any], project_id: str, snapshots: Snapshots, context: TaskContext) -> None:
        self.delivery_type: str | None = params["delivery_type"]
        self._snapshots = snapshots
        if self.delivery_type is None:
            raise InvalidInput("To start a restore, also give delivery_type.")
        self._now = context.clock.present()
        self._points = _points(params)
        self._before = None if params["before"] is None else timestamps.moment("before", params["before"])
        self._wants_latest = params["snapshot"] == "latest"
        self._snapshot_id = _snapshot_id(params, context)
        self._snapshot: Snapshot | None = None
        # The snapshot that is named, as far as it is known.
        self._named: Snapshot = {}
        self._has_warned_of_shard = False
        self._context = context
        self._target = _target(params, project_id)

    @property
    def key(self) -> str:
        """What the restore is called in messages and results: as the user named what is restored."""
        if self._wants_latest:
            return "latest"
        return self._snapshot_id or " ".join(str(point) for point in self._points.values())

    def choose_snapshot(self) -> None:
        """Looks for the newest snapshot, if that is what is asked for and not known yet.

        :raises JobsError: there is none, or it cannot be determined.
        """
        if self._wants_latest and self._snapshot is None:
            self._snapshot = self._snapshots.newest(self._before) or self._predicted_snapshot()
            self._snapshot_id = self._snapshot["id"]

    def _predicted_snapshot(self) -> Snapshot:
        """What check mode takes for the newest snapshot where there is none, as a task before may take one.

        :raises JobsError: no snapshot to come would do.
        """
        limit = f" from before {timestamps.iso(self._before)}" if self._before is not None else ""
        sentence = f"Cluster {self._snapshots.cluster_name} has no completed snapshot{limit}."
        if not self._context.check_mode or self._before is not None:
            raise JobsError(sentence)
        self._context.warn(f"{sentence} Without check mode this would fail, unless an earlier task takes one.")
        return {"id": placeholder("snapshot", self._snapshots.cluster_name)}

    def examine(self, jobs: Iterable[Job]) -> str | None:
        """Looks the snapshot up, and warns about it. Returns why the restore cannot be started, as a sentence, or None.

        :param jobs: those that exist, of which none is certainly what is asked for.
        :raises JobsError: it cannot be determined, or the moment to restore is not past.
        """
        moment = _second(self._points)
        if moment is not None and moment > self._now().timestamp():
            when = timestamps.iso(datetime.fromtimestamp(moment, timezone.utc))
            raise InvalidInput(f"{when}, the moment to restore, is in the future.")
        unclear = [job["id"] for job in jobs if self._may_be(job)]
        if unclear:
            return (
                f"Restore job {unclear[-1]} may be the requested one, but does not show everything that it restores, "
                "or where. If it is a different one, set force: true."
            )
        if self._snapshot_id is None or self._snapshot is not None or is_placeholder(self._snapshot_id):
            return None
        cluster = self._snapshots.cluster_name
        snapshot = self._snapshots.find([self._snapshot_id]).get(self._snapshot_id)
        if snapshot is None:
            sentence = f"Snapshot {self._snapshot_id} does not exist for cluster {cluster}."
            if self._target:
                sentence += (
                    " cluster_name must be the cluster that the snapshot was taken of; target_cluster_name is the one "
                    "that is restored to and loses its data. They are easily mixed up."
                )
            return sentence
        self._named = snapshot
        self.warn_of_shard()
        now = snapshot.get("status")
        if now in (None, "completed"):
            return None
        why = _WHY_NOT.get(str(now), f"its status is {now}")
        sentence = f"Snapshot {self._snapshot_id} of cluster {cluster} cannot be restored, as {why}."
        if self._context.check_mode and now in UNDER_WAY:
            self._context.warn(f"{sentence} {UNLESS_WAITED_FOR}")
            return None
        return sentence

    def warn_of_shard(self, job: Job | None = None) -> None:
        """Warns once if a download is that of a single shard, as far as the snapshot or the new job shows it."""
        if self.delivery_type != "download" or self._has_warned_of_shard or snapshot_api.is_whole(self._named):
            return
        # A replica set that is a cluster is called like it.
        name = self._named.get("replicaSetName")
        if len(components(job or {})) == 1 or name not in (None, self._snapshots.cluster_name):
            self._has_warned_of_shard = True
            self._context.warn(
                f"Snapshot {self._snapshot_id} is that of a single shard. Its download cannot be cancelled; it expires "
                "by itself, an hour after it is ready."
            )

    def body(self) -> dict[str, Any]:
        """What the API wants to start the restore."""
        body = {"deliveryType": self.delivery_type, **self._target, **self._points}
        return {**body, "snapshotId": self._snapshot_id} if self._snapshot_id else body

    def is_met_by(self, job: Job, *, is_new: bool) -> bool:
        """Whether a job restores just this: it is running, or it did so, and is still worth something.

        :param is_new: the job is known to be new: what it does not show then does not rule it out.
        """
        if not (is_new or self._is_live(job)):
            return False
        asked = self.body().items()
        return all(_alike(job.get(name), value) or is_new and job.get(name) is None for name, value in asked)

    def _is_live(self, job: Job) -> bool:
        """Whether a job is running, or did what it should, and is still worth something."""
        now = status(job)
        if self.delivery_type == "download":
            return now in ("in_progress", "ready") and not was_fetched(job)
        # Restoring once more would destroy what was written since.
        return now in ("in_progress", "finished")

    def _may_be(self, job: Job) -> bool:
        """Whether nothing that a job shows tells it from a restore to a cluster that is asked for."""
        asked = self.body()
        if not self._target or not self._is_live(job):
            return False
        if job.get("deliveryType") != self.delivery_type or not _may_be_alike(_second(job), _second(asked)):
            return False
        return all(_may_be_alike(job.get(name), value) for name, value in asked.items())


def _second(fields: Mapping[str, Any]) -> Any:
    """The moment of a restore to a point in time, in seconds since the epoch: there are two ways to say it."""
    return fields.get("pointInTimeUTCSeconds") or fields.get("oplogTs")


def _may_be_alike(shown: Any, asked: Any) -> bool:
    return shown in (None, 0) or _alike(shown, asked)


def _alike(shown: Any, asked: Any) -> bool:
    """Whether two values are the same in whatever spelling: ids in either case, numbers as text."""
    if isinstance(asked, str) and validators.HEX_24.fits(asked):
        return str(shown).lower() == asked.lower()
    return str(shown) == str(asked)


def refuse_for_existing(params: Mapping[str, Any]) -> None:
    """:raises InvalidInput: jobs are named by id, and something is given that is for new ones only."""
    given = [option for option in _ONLY_FOR_NEW if params[option] is not None]
    given += [option for option in ("force", "accept_target_data_loss") if params[option]]
    if given:
        raise InvalidInput(f"{' and '.join(given)}: valid only for new jobs, but job_ids selects existing ones.")


def _snapshot_id(params: Mapping[str, Any], context: TaskContext) -> str | None:
    delivery = params["delivery_type"]
    given = [option for option in ("snapshot_id", "snapshot") if params[option] is not None]
    if params["before"] is not None and params["snapshot"] is None:
        raise InvalidInput("before requires snapshot: latest.")
    if delivery == "pointInTime":
        if given:
            raise InvalidInput(f"{given[0]}: a restore to a point in time finds its snapshot by itself.")
        return None
    if len(given) != 1:
        raise InvalidInput(f"A restore of delivery type {delivery} needs either snapshot_id or snapshot: latest.")
    return conventions.one_id("snapshot_id", params, context)


def _points(params: Mapping[str, Any]) -> dict[str, Any]:
    given = {option: params[option] for option in _POINTS if params[option] is not None}
    if params["delivery_type"] != "pointInTime":
        if given:
            raise InvalidInput(f"{' and '.join(given)}: valid only for a restore of delivery type pointInTime.")
        return {}
    if set(given) not in ({"point_in_time"}, {"point_in_time_utc_seconds"}, {"oplog_ts", "oplog_inc"}):
        raise InvalidInput(
            "A restore to a point in time needs one of point_in_time and point_in_time_utc_seconds, or both oplog_ts "
            "and oplog_inc."
        )
    if "point_in_time" in given:
        moment = timestamps.moment("point_in_time", given.pop("point_in_time"))
        given["point_in_time_utc_seconds"] = int(moment.timestamp())
    for option in ("point_in_time_utc_seconds", "oplog_ts"):
        if option in given and not _EARLIEST <= given[option] <= _LATEST:
            raise InvalidInput(f"{option} must be in seconds since 1970, and not before 2008 ({_EARLIEST}).")
    if validators.positive("oplog_inc", given.get("oplog_inc", 1)) > _LATEST:
        raise InvalidInput(f"oplog_inc must not be more than {_LATEST}.")
    return {_FIELDS[option]: value for option, value in given.items()}


def _target(params: Mapping[str, Any], project_id: str) -> dict[str, str]:
    """The fields that say where to restore to, none for a download."""
    given = [option for option in _TARGETS if params[option] is not None]
    if params["delivery_type"] == "download":
        if given:
            raise InvalidInput(f"{' and '.join(given)}: a download is not restored to a cluster.")
        return {}
    if params["target_cluster_name"] is None:
        raise InvalidInput("Give target_cluster_name, the cluster to restore to.")
    name = cluster_name("target_cluster_name", params["target_cluster_name"])
    project = project_id
    if params["target_project_id"] is not None:
        project = validators.identifier("target_project_id", params["target_project_id"], validators.HEX_24).lower()
    if not params["accept_target_data_loss"]:
        raise InvalidInput(
            f"This restore would first delete all data of cluster {name} in project {project}. If that is what you "
            "want, set accept_target_data_loss: true."
        )
    return {"targetClusterName": name, "targetGroupId": project}
