# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable

from ....http.messages import Call
from ....variants.registry import Variants
from ..api import ApiError
from ..body import Body
from .clusters import Cluster, find_cluster
from .restore_jobs import DELIVERY_TYPES, RestoreJob, delivery_token
from .snapshots import Snapshot

TARGET = ("targetClusterName", "targetGroupId")
OPLOG = ("oplogTs", "oplogInc")
POINT_IN_TIME = ("pointInTimeUTCSeconds", *OPLOG)
EARLIEST = 1_199_145_600


class RestoreCreation:
    """Checks what is asked for, and makes the job of it."""

    def __init__(self, clusters: dict[str, dict[str, Cluster]], variants: Variants):
        self._clusters = clusters  # by project
        self._variants = variants

    def job(self, call: Call, cluster: Cluster, new_id: Callable[[], str], now: float) -> RestoreJob:
        body = Body(call, ("deliveryType", "snapshotId", *TARGET, *POINT_IN_TIME))
        delivery = body.choice("deliveryType", DELIVERY_TYPES)
        if delivery == "download":
            body.refuse(*TARGET, *POINT_IN_TIME)
            snapshot, shard = _snapshot(body, cluster)
            self._check_download(cluster, snapshot, shard, now)
        elif delivery == "automated":
            body.require("snapshotId", *TARGET)
            body.refuse(*POINT_IN_TIME)
            snapshot, shard = _snapshot(body, cluster)
            if shard:
                raise ApiError("AUTOMATED_RESTORE_OF_SHARD_NOT_ALLOWED")
            if snapshot.status(now) != "completed":
                raise ApiError("CANNOT_START_RESTORE_JOB_FOR_INCOMPLETE_CLUSTER_SNAPSHOT")
        else:
            body.require(*TARGET)
            snapshot, shard = _snapshot_before(cluster, _moment(body), now), None
        if delivery != "download":
            self._check_target(body, now)
        if delivery == "automated" and self._variants["restore_made"] == "download":
            delivery = "download"
        return self._made(body, cluster, snapshot, shard, delivery, new_id(), now)

    def _made(
        self,
        body: Body,
        cluster: Cluster,
        snapshot: Snapshot,
        shard: str | None,
        delivery: str,
        job_id: str,
        now: float,
    ) -> RestoreJob:
        job = RestoreJob(
            id=job_id,
            delivery_type=delivery,
            snapshot_id=snapshot.members[shard] if shard else snapshot.id,
            snapshot_created=snapshot.taken,
            token=delivery_token(job_id),
            due=now + cluster.new_jobs.takes,
            fails=cluster.new_jobs.fails,
            shards=[shard] if shard else list(snapshot.members),
            one_shard=shard is not None,
            archive_bytes=cluster.new_jobs.archive_bytes,
            hidden_until=now + self._variants["hide_new_job"],
        )
        if delivery != "download":
            job.target_cluster, job.target_project = (body.text(name) for name in TARGET)
        if delivery == "pointInTime":
            job.utc_seconds, job.oplog_ts, job.oplog_inc = (
                body.integer(name) if name in body else 0 for name in POINT_IN_TIME
            )
        return job

    @staticmethod
    def _check_download(cluster: Cluster, snapshot: Snapshot, shard: str | None, now: float) -> None:
        if snapshot.status(now) != "completed":
            raise ApiError("CANNOT_DOWNLOAD_INCOMPLETE_SNAPSHOT")
        snapshot_id = snapshot.members[shard] if shard else snapshot.id
        for job in cluster.jobs.values():
            same = job.is_download and job.snapshot_id == snapshot_id
            if same and (job.is_under_way(now) or job.open_parts(now)):
                raise ApiError("CANNOT_DOWNLOAD_SNAPSHOT_CONCURRENTLY")

    def _check_target(self, body: Body, now: float) -> None:
        project_id, name = body.id("targetGroupId", "INVALID_GROUP_ID"), body.text("targetClusterName")
        if project_id not in self._clusters:
            raise ApiError("GROUP_NOT_FOUND", project_id)
        target = find_cluster(self._clusters[project_id], name, project_id)
        if target.paused:
            raise ApiError("CLUSTER_PAUSED_CANNOT_RESTORE")
        for clusters in self._clusters.values():
            for cluster in clusters.values():
                for job in cluster.jobs.values():
                    same = (job.target_project, job.target_cluster) == (project_id, name)
                    if same and job.is_under_way(now):
                        raise ApiError("ATLAS_CLUSTER_RESTORE_IN_PROGRESS")


def _snapshot(body: Body, cluster: Cluster) -> tuple[Snapshot, str | None]:
    """The snapshot that is asked for; and the shard, if it is that of one shard only."""
    snapshot_id = body.id("snapshotId", "INVALID_SNAPSHOT_ID")
    if snapshot_id in cluster.snapshots:
        return cluster.snapshots[snapshot_id], None
    for snapshot in cluster.snapshots.values():
        for shard, member_id in snapshot.members.items():
            if member_id == snapshot_id:
                return snapshot, shard
    raise ApiError("SNAPSHOT_NOT_FOUND", snapshot_id, cluster.name)


def _moment(body: Body) -> int:
    """The point in time, in seconds since the epoch."""
    given = [name for name in POINT_IN_TIME if name in body]
    if given != [POINT_IN_TIME[0]] and given != list(OPLOG):
        raise ApiError("INVALID_PIT_RESTORE_TIME")
    moment = body.integer(given[0])
    if moment < EARLIEST or ("oplogInc" in body and body.integer("oplogInc") < 1):
        raise ApiError("INVALID_PIT_RESTORE_TIME")
    return moment


def _snapshot_before(cluster: Cluster, moment: int, now: float) -> Snapshot:
    """The snapshot from which a restore starts. If all are younger than the moment, the oldest one must do."""
    completed = [one for one in cluster.snapshots.values() if one.status(now) == "completed"]
    if not completed:
        raise ApiError("UNABLE_T0_FIND_SNAPSHOT_PRIOR_TO_PIT_RESTORE_OPTIME")
    older = [one for one in completed if one.taken <= moment]
    return max(older, key=lambda one: one.taken) if older else min(completed, key=lambda one: one.taken)
