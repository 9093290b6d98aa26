# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ....clock import Clock, iso
from ....http.messages import Request, Response
from ....seed import HEX24
from ....variants.mongodb import MongoDBVariants
from ..body import Body
from ..errors import ApiError
from ..ids import IdGenerator
from ..responses import atlas_list_response, check_version, document_response
from .clusters import Cluster, find_flex_cluster
from .restore_creation import check_target_is_free
from .restore_jobs import RestoreJob, delivery_token
from .snapshots import DAY, Snapshot

PATH = re.compile(r"/groups/(?P<project>[^/]+)/flexClusters/(?P<cluster>[^/]+)/backup(?P<rest>/.+)")
OLDEST_VERSION = "2024-11-13"
MEDIA_TYPE = f"application/vnd.atlas.{OLDEST_VERSION}+json;charset=utf-8"
MONGODB_VERSION = "8.0.4"
# Both count from the time for which Atlas scheduled what expires.
SNAPSHOT_LIFE = 8 * DAY
RESTORE_LIFE = 6 * 3600.0
SNAPSHOT_STATUSES = {"queued": "PENDING", "inProgress": "RUNNING", "completed": "COMPLETED", "failed": "FAILED"}
# The share of its time that a new job is pending.
PENDING = 0.05


@dataclass(frozen=True)
class FlexRequest:
    """A request about the backups of a flex cluster."""

    request: Request
    project_id: str
    cluster: Cluster


class FlexApi:
    """Snapshots and restore jobs of the flex clusters of Atlas.

    Only Atlas takes and deletes their snapshots, and their jobs cannot be cancelled.
    """

    def __init__(self, clusters: dict[str, dict[str, Cluster]], clock: Clock, variants: MongoDBVariants):
        self._clusters = clusters  # {project id: {name: cluster}}
        self._clock = clock
        self._variants = variants
        self._ids = IdGenerator("66f1c0de0000000000d4")
        # (pattern of the rest of the path, {method: operation}). Operations get the groups of the pattern as arguments.
        self._routes: tuple[tuple[re.Pattern[str], dict[str, Callable[..., Response]]], ...] = (
            (re.compile(r"/snapshots"), {"GET": self._list_snapshots}),
            (re.compile(r"/snapshots/([^/]+)"), {"GET": self._get_snapshot}),
            (re.compile(r"/restoreJobs"), {"GET": self._list_jobs, "POST": self._restore}),
            (re.compile(r"/restoreJobs/([^/]+)"), {"GET": self._get_job}),
            (re.compile(r"/download"), {"POST": self._download}),
        )

    def handle(self, request: Request, project_id: str, match: re.Match[str]) -> Response:
        """`match` is that of PATH."""
        check_version(request, OLDEST_VERSION, self._variants)
        for pattern, operations in self._routes:
            route_match = pattern.fullmatch(match["rest"])
            if route_match and request.method in operations:
                cluster = find_flex_cluster(self._clusters[project_id], match["cluster"], project_id)
                return operations[request.method](FlexRequest(request, project_id, cluster), *route_match.groups())
        raise ApiError("RESOURCE_NOT_FOUND", request.path)

    def _list_snapshots(self, flex: FlexRequest) -> Response:
        snapshots = list(flex.cluster.snapshots.values())
        return atlas_list_response(flex.request, self._variants, snapshots, self._snapshot_document, MEDIA_TYPE)

    def _get_snapshot(self, flex: FlexRequest, snapshot_id: str) -> Response:
        if not HEX24.fullmatch(snapshot_id):
            raise ApiError("INVALID_SNAPSHOT_ID", snapshot_id)
        snapshot = _find_snapshot(flex.cluster, snapshot_id)
        return document_response(flex.request, self._snapshot_document(snapshot), MEDIA_TYPE)

    def _list_jobs(self, flex: FlexRequest) -> Response:
        now = self._clock.now()
        jobs = [job for job in flex.cluster.jobs.values() if now >= job.hidden_until]

        def show(job: RestoreJob) -> dict[str, Any]:
            return self._job_document(flex, job)

        return atlas_list_response(flex.request, self._variants, jobs, show, MEDIA_TYPE)

    def _get_job(self, flex: FlexRequest, job_id: str) -> Response:
        if not HEX24.fullmatch(job_id):
            raise ApiError("INVALID_JOB_ID", job_id)
        job = flex.cluster.jobs.get(job_id)
        if job is None or self._clock.now() < job.hidden_until:
            raise ApiError("TENANT_RESTORE_NOT_FOUND", job_id, flex.cluster.name)
        return document_response(flex.request, self._job_document(flex, job), MEDIA_TYPE)

    def _restore(self, flex: FlexRequest) -> Response:
        body = Body(flex.request, ("snapshotId", "targetDeploymentItemName", "targetProjectId"))
        body.require("snapshotId", "targetDeploymentItemName")
        snapshot = self._read_snapshot(body, flex.cluster)
        project_id = body.id("targetProjectId", "INVALID_GROUP_ID") if "targetProjectId" in body else flex.project_id
        target = self._find_target(project_id, body.text("targetDeploymentItemName"))
        job = self._new_job(flex.cluster, snapshot, "automated")
        job.target_cluster, job.target_project = target.name, project_id
        return self._add(flex, job)

    def _download(self, flex: FlexRequest) -> Response:
        body = Body(flex.request, ("snapshotId",))
        body.require("snapshotId")
        return self._add(flex, self._new_job(flex.cluster, self._read_snapshot(body, flex.cluster), "download"))

    def _read_snapshot(self, body: Body, cluster: Cluster) -> Snapshot:
        snapshot = _find_snapshot(cluster, body.id("snapshotId", "INVALID_SNAPSHOT_ID"))
        if snapshot.status(self._clock.now()) != "completed":
            raise ApiError("CANNOT_START_RESTORE_JOB_FOR_INCOMPLETE_CLUSTER_SNAPSHOT")
        return snapshot

    def _find_target(self, project_id: str, name: str) -> Cluster:
        if project_id not in self._clusters:
            raise ApiError("GROUP_NOT_FOUND", project_id)
        target = self._clusters[project_id].get(name)
        if target is None:
            raise ApiError("CLUSTER_NOT_FOUND", name, project_id)
        if target.shards:
            # Not allowed; no source has the code.
            raise ApiError("UNEXPECTED_ERROR", status=400)
        check_target_is_free(self._clusters, target, project_id, self._clock.now())
        return target

    def _new_job(self, cluster: Cluster, snapshot: Snapshot, delivery_type: str) -> RestoreJob:
        now, job_id = self._clock.now(), self._ids.new_id(cluster.jobs, cluster.name)
        return RestoreJob(
            id=job_id,
            delivery_type=delivery_type,
            snapshot_id=snapshot.id,
            snapshot_created=snapshot.completes,
            token=delivery_token(job_id),
            due=now + cluster.new_jobs.takes,
            fails=cluster.new_jobs.fails,
            shards=[],
            one_shard=False,
            archive_bytes=cluster.new_jobs.archive_bytes,
            hidden_until=now + self._variants.hide_new_job,
            created=now,
            is_flex=True,
        )

    def _add(self, flex: FlexRequest, job: RestoreJob) -> Response:
        flex.cluster.jobs[job.id] = job
        response = document_response(flex.request, self._job_document(flex, job), MEDIA_TYPE)
        response.acted = True
        return response

    def _snapshot_document(self, snapshot: Snapshot) -> dict[str, Any]:
        """The keys are in alphabetical order, and appear step by step."""
        now = self._clock.now()
        document = {
            "expiration": iso(snapshot.requested + SNAPSHOT_LIFE),
            "id": snapshot.id,
            "scheduledTime": iso(snapshot.requested),
            "status": SNAPSHOT_STATUSES[snapshot.status(now)],
        }
        if now >= snapshot.starts:
            document["startTime"] = iso(snapshot.starts)
        if snapshot.knows_version(now):
            document["mongoDBVersion"] = MONGODB_VERSION
        if document["status"] == "COMPLETED":
            document["finishTime"] = iso(snapshot.completes)
        return dict(sorted(document.items()))

    def _job_document(self, flex: FlexRequest, job: RestoreJob) -> dict[str, Any]:
        """The keys are in alphabetical order."""
        now = self._clock.now()
        status = _job_status(job, now)
        document = {
            "deliveryType": "DOWNLOAD" if job.is_download else "RESTORE",
            "expirationDate": iso(job.expires if job.is_download else job.created + RESTORE_LIFE),
            "id": job.id,
            "instanceName": flex.cluster.name,
            "projectId": flex.project_id,
            "restoreScheduledDate": iso(job.created),
            "snapshotFinishedDate": iso(job.snapshot_created),
            "snapshotId": job.snapshot_id,
            "status": status,
        }
        if status == "COMPLETED":
            document["restoreFinishedDate"] = iso(job.due)
        if job.open_parts(now):
            document["snapshotUrl"] = f"{self._delivery_host(flex.request, job)}{job.path('')}"
        if job.target_cluster and job.target_project:
            document["targetDeploymentItemName"] = job.target_cluster
            document["targetProjectId"] = job.target_project
        return dict(sorted(document.items()))

    def _delivery_host(self, request: Request, job: RestoreJob) -> str:
        """No source shows what it is called for flex clusters."""
        is_own_host = self._variants.delivery_host == "own"
        return request.origin if is_own_host else f"https://restore-{job.id}.ab12c.mongodb.net:27017"


def _find_snapshot(cluster: Cluster, snapshot_id: str) -> Snapshot:
    snapshot = cluster.snapshots.get(snapshot_id)
    if snapshot is None:
        raise ApiError("TENANT_SNAPSHOT_NOT_FOUND", snapshot_id, cluster.name)
    return snapshot


def _job_status(job: RestoreJob, now: float) -> str:
    if job.status(now) == "failed":
        return "FAILED"
    if now >= job.due:
        return "COMPLETED"
    return "PENDING" if now < job.created + PENDING * (job.due - job.created) else "RUNNING"
