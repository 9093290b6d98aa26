# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ....clock import Clock, iso
from ....http.messages import Response
from ....seed import HEX24
from ....variants.mongodb import MongoDBVariants
from ..errors import ApiError
from ..ids import IdGenerator
from ..responses import atlas_list_response, document_response
from .clusters import Cluster
from .requests import BackupRequest, ClusterRequest
from .restore_creation import RestoreCreation
from .restore_jobs import ROUTES, RestoreJob

PATH = re.compile(r"/groups/(?P<project>[^/]+)/clusters/(?P<cluster>[^/]+)/backup/restoreJobs(/(?P<job>[^/]+))?")


@dataclass(frozen=True)
class DownloadUrls:
    """The URLs of the parts of a job that can be downloaded."""

    public: dict[str, str]
    private: dict[str, list[dict[str, str]]]
    shows_private: bool


class RestoreApi:
    """Restore jobs of Atlas clusters."""

    def __init__(self, clusters: dict[str, dict[str, Cluster]], clock: Clock, variants: MongoDBVariants):
        self._clock = clock
        self._variants = variants
        self._creation = RestoreCreation(clusters, variants)
        self._ids = IdGenerator("66f1c0de0000000000d0")
        # To add an operation of the API, add it here.
        self._cluster_operations: dict[str, Callable[[ClusterRequest], Response]] = {
            "GET": self._list,
            "POST": self._create,
        }
        self._job_operations: dict[str, Callable[[ClusterRequest, RestoreJob], Response]] = {
            "GET": self._get,
            "DELETE": self._cancel,
        }

    def handle(self, backup_request: BackupRequest, match: re.Match[str]) -> Response:
        """`match` is that of PATH."""
        request, job_id = backup_request.request, match["job"]
        if request.method not in (self._cluster_operations if job_id is None else self._job_operations):
            raise ApiError("RESOURCE_NOT_FOUND", request.path)
        cluster_request = backup_request.for_cluster(match["cluster"])
        if job_id is None:
            return self._cluster_operations[request.method](cluster_request)
        if not HEX24.fullmatch(job_id):
            raise ApiError("INVALID_JOB_ID", job_id)
        job = cluster_request.cluster.jobs.get(job_id)
        if job is None or self._is_hidden(job):
            raise ApiError("RESTORE_JOB_NOT_FOUND", job_id, match["cluster"])
        return self._job_operations[request.method](cluster_request, job)

    def _is_hidden(self, job: RestoreJob) -> bool:
        is_gone = job.cancelled and self._variants.cancelled_job == "gone"
        return is_gone or self._clock.now() < job.hidden_until

    def _list(self, request: ClusterRequest) -> Response:
        jobs = [job for job in request.cluster.jobs.values() if not self._is_hidden(job)]

        def show(job: RestoreJob) -> dict[str, Any]:
            return self._document(request, job)

        return atlas_list_response(request.request, self._variants, jobs, show, request.media_type)

    def _create(self, request: ClusterRequest) -> Response:
        cluster = request.cluster

        def new_id() -> str:
            return self._ids.new_id(cluster.jobs, cluster.name)

        job = self._creation.new_job(request.request, cluster, new_id, self._clock.now())
        cluster.jobs[job.id] = job
        document = self._document(request, job)
        if self._variants.create_restore_answer == "list":
            document = {"results": [document]}
        response = document_response(request.request, document, request.media_type)
        response.acted = True
        return response

    def _get(self, request: ClusterRequest, job: RestoreJob) -> Response:
        return document_response(request.request, self._document(request, job), request.media_type)

    def _cancel(self, request: ClusterRequest, job: RestoreJob) -> Response:
        if job.one_shard:
            raise ApiError("ATLAS_BACKUP_CANCEL_SHARD_RESTORE_JOB_NOT_ALLOWED")
        if not job.is_download:
            # No source has a code for pointInTime; it is assumed to be the same.
            raise ApiError("CANNOT_CANCEL_AUTOMATED_RESTORE")
        status = job.status(self._clock.now())
        response = Response(204, headers={"Content-Type": request.media_type})
        if status in ("in_progress", "ready"):
            job.cancelled = response.acted = True
        elif self._variants.cancel_ended_job == 400:
            raise ApiError("ALREADY_EXPIRED" if status == "expired" else "UNEXPECTED_ERROR", status=400)
        elif self._variants.cancel_ended_job == 404:
            raise ApiError("RESTORE_JOB_NOT_FOUND", job.id, request.cluster.name)
        return response

    def _document(self, request: ClusterRequest, job: RestoreJob) -> dict[str, Any]:
        """The keys are in alphabetical order. Of what has no value yet, only two fields are shown."""
        now = self._clock.now()
        status = job.status(now)
        urls = self._download_urls(request, job, now)
        document: dict[str, Any] = {"cancelled": job.cancelled}
        components = self._components(job, urls)
        if components:
            document["components"] = components
        document["deliveryType"] = job.delivery_type
        document["deliveryUrl"] = list(urls.public.values())
        document["desiredTimestamp"] = {"increment": None, "time": None, "date": None}
        document["expired"] = status == "expired"
        if job.is_download and not job.failed and not job.fails and now >= job.due:
            document["expiresAt"] = iso(job.expires)
        document["failed"] = status == "failed"
        if status == "finished":
            document["finishedAt"] = iso(job.due)
        document["id"] = job.id
        document["links"] = _links(request, job)
        if job.oplog_ts:
            document["oplogInc"] = job.oplog_inc
            document["oplogTs"] = job.oplog_ts
        if job.utc_seconds:
            document["pointInTimeUTCSeconds"] = job.utc_seconds
        if urls.shows_private and not components:
            document["privateDownloadDeliveryUrls"] = [entry for part in urls.private.values() for entry in part]
        document["snapshotId"] = job.snapshot_id
        if not job.is_download:
            document["targetClusterName"] = job.target_cluster
            document["targetDeploymentItemName"] = f"atlas-{hashlib.sha256(job.id.encode()).hexdigest()[:6]}"
            document["targetGroupId"] = job.target_project
        document["timestamp"] = iso(job.snapshot_created)
        return document

    def _download_urls(self, request: ClusterRequest, job: RestoreJob, now: float) -> DownloadUrls:
        is_own_host = self._variants.delivery_host == "own"
        host = request.request.origin if is_own_host else f"https://restore-{job.id}.ab12c.mongodb.net:27017"
        routes = ROUTES[self._variants.private_endpoints]
        parts = job.open_parts(now)
        return DownloadUrls(
            public={part: f"{host}{job.path(part)}" for part in parts if "" in routes},
            private={
                part: [{"deliveryUrl": f"{host}{job.path(part, id_)}", "endpointId": id_} for id_ in routes if id_]
                for part in parts
            },
            shows_private=job.is_download and routes != ("",),
        )

    def _components(self, job: RestoreJob, urls: DownloadUrls) -> list[dict[str, Any]]:
        """The shards of a download of a sharded cluster."""
        if not job.is_download or (job.one_shard and self._variants.shard_components == "left_out"):
            return []
        return [
            {
                "downloadUrl": urls.public.get(name),
                **({"privateDownloadDeliveryUrls": urls.private.get(name, [])} if urls.shows_private else {}),
                "replicaSetName": name,
            }
            for name in job.shards
        ]


def _links(request: ClusterRequest, job: RestoreJob) -> list[dict[str, str]]:
    cluster_url, prefix = request.cluster_url, request.link_prefix
    return [
        {"href": f"{cluster_url}/backup/restoreJobs/{job.id}", "rel": "self"},
        {"href": f"{cluster_url}/backup/snapshots/{job.snapshot_id}", "rel": f"{prefix}/snapshot"},
        {"href": cluster_url, "rel": f"{prefix}/cluster"},
        {"href": request.project_url, "rel": f"{prefix}/group"},
    ]
