# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ....http.messages import Request
from ....variants.mongodb import MongoDBVariants
from ..body import Body
from ..errors import ApiError
from .clusters import Cluster, find_cluster
from .restore_jobs import DELIVERY_TYPES, RestoreJob, delivery_token
from .snapshots import Snapshot

TARGET = ("targetClusterName", "targetGroupId")
OPLOG = ("oplogTs", "oplogInc")
POINT_IN_TIME = ("pointInTimeUTCSeconds", *OPLOG)
EARLIEST_POINT_IN_TIME = 1_199_145_600  # 2008-01-01


@dataclass(frozen=True)
class Source:
    """What is to be restored: a snapshot, or the part of it that is of one shard."""

    snapshot: Snapshot
    shard: str | None = None

    @property
    def id(self) -> str:
        return self.snapshot.members[self.shard] if self.shard else self.snapshot.id

    @property
    def shards(self) -> list[str]:
        return [self.shard] if self.shard else list(self.snapshot.members)


class RestoreCreation:
    """Checks the requests for restore jobs, and makes the jobs."""

    def __init__(self, clusters: dict[str, dict[str, Cluster]], variants: MongoDBVariants):
        self._clusters = clusters  # {project id: {name: cluster}}
        self._variants = variants

    def new_job(self, request: Request, cluster: Cluster, new_id: Callable[[], str], now: float) -> RestoreJob:
        body = Body(request, ("deliveryType", "snapshotId", *TARGET, *POINT_IN_TIME))
        delivery_type = body.choice("deliveryType", DELIVERY_TYPES)
        source = self._read_source(body, delivery_type, cluster, now)
        if delivery_type != "download":
            self._check_target(body, now)
        if delivery_type == "automated" and self._variants.restore_made == "download":
            delivery_type = "download"
        job_id = new_id()
        job = RestoreJob(
            id=job_id,
            delivery_type=delivery_type,
            snapshot_id=source.id,
            snapshot_created=source.snapshot.taken,
            token=delivery_token(job_id),
            due=now + cluster.new_jobs.takes,
            fails=cluster.new_jobs.fails,
            shards=source.shards,
            one_shard=source.shard is not None,
            archive_bytes=cluster.new_jobs.archive_bytes,
            hidden_until=now + self._variants.hide_new_job,
            created=now,
        )
        if delivery_type != "download":
            job.target_cluster, job.target_project = (body.text(name) for name in TARGET)
        if delivery_type == "pointInTime":
            job.utc_seconds, job.oplog_ts, job.oplog_inc = (
                body.integer(name) if name in body else 0 for name in POINT_IN_TIME
            )
        return job

    @staticmethod
    def _read_source(body: Body, delivery_type: str, cluster: Cluster, now: float) -> Source:
        if delivery_type == "download":
            body.refuse(*TARGET, *POINT_IN_TIME)
            source = _find_source(body, cluster)
            _check_download(cluster, source, now)
            return source
        if delivery_type == "automated":
            body.require("snapshotId", *TARGET)
            body.refuse(*POINT_IN_TIME)
            source = _find_source(body, cluster)
            if source.shard:
                raise ApiError("AUTOMATED_RESTORE_OF_SHARD_NOT_ALLOWED")
            if source.snapshot.status(now) != "completed":
                raise ApiError("CANNOT_START_RESTORE_JOB_FOR_INCOMPLETE_CLUSTER_SNAPSHOT")
            return source
        body.require(*TARGET)
        return Source(_snapshot_before(cluster, _read_point_in_time(body), now))

    def _check_target(self, body: Body, now: float) -> None:
        project_id, name = body.id("targetGroupId", "INVALID_GROUP_ID"), body.text("targetClusterName")
        if project_id not in self._clusters:
            raise ApiError("GROUP_NOT_FOUND", project_id)
        target = find_cluster(self._clusters[project_id], name, project_id)
        check_target_is_free(self._clusters, target, project_id, now)


def check_target_is_free(clusters: dict[str, dict[str, Cluster]], target: Cluster, project_id: str, now: float) -> None:
    """`clusters` are those of all projects, by project id and name."""
    if target.paused:
        raise ApiError("CLUSTER_PAUSED_CANNOT_RESTORE")
    for others in clusters.values():
        for cluster in others.values():
            for job in cluster.jobs.values():
                has_same_target = (job.target_project, job.target_cluster) == (project_id, target.name)
                if has_same_target and job.is_under_way(now):
                    raise ApiError("ATLAS_CLUSTER_RESTORE_IN_PROGRESS")


def _check_download(cluster: Cluster, source: Source, now: float) -> None:
    if source.snapshot.status(now) != "completed":
        raise ApiError("CANNOT_DOWNLOAD_INCOMPLETE_SNAPSHOT")
    for job in cluster.jobs.values():
        is_same = job.is_download and job.snapshot_id == source.id
        if is_same and (job.is_under_way(now) or job.open_parts(now)):
            raise ApiError("CANNOT_DOWNLOAD_SNAPSHOT_CONCURRENTLY")


def _find_source(body: Body, cluster: Cluster) -> Source:
    snapshot_id = body.id("snapshotId", "INVALID_SNAPSHOT_ID")
    if snapshot_id in cluster.snapshots:
        return Source(cluster.snapshots[snapshot_id])
    for snapshot in cluster.snapshots.values():
        for shard, member_id in snapshot.members.items():
            if member_id == snapshot_id:
                return Source(snapshot, shard)
    raise ApiError("SNAPSHOT_NOT_FOUND", snapshot_id, cluster.name)


def _read_point_in_time(body: Body) -> int:
    """The point in time, in seconds since the epoch."""
    given = [name for name in POINT_IN_TIME if name in body]
    if given != [POINT_IN_TIME[0]] and given != list(OPLOG):
        raise ApiError("INVALID_PIT_RESTORE_TIME")
    seconds = body.integer(given[0])
    if seconds < EARLIEST_POINT_IN_TIME or ("oplogInc" in body and body.integer("oplogInc") < 1):
        raise ApiError("INVALID_PIT_RESTORE_TIME")
    return seconds


def _snapshot_before(cluster: Cluster, seconds: int, now: float) -> Snapshot:
    """The snapshot that a restore starts from. If all are younger than the point in time, it is the oldest one."""
    completed = [snapshot for snapshot in cluster.snapshots.values() if snapshot.status(now) == "completed"]
    if not completed:
        raise ApiError("UNABLE_T0_FIND_SNAPSHOT_PRIOR_TO_PIT_RESTORE_OPTIME")
    older = [snapshot for snapshot in completed if snapshot.taken <= seconds]
    if older:
        return max(older, key=lambda snapshot: snapshot.taken)
    return min(completed, key=lambda snapshot: snapshot.taken)
