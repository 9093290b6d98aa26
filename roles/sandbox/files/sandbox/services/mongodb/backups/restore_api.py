# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import re

from ....clock import Clock, iso
from ....http.messages import Answer, Call
from ....seed import HEX24
from ....variants.registry import Variants
from ..api import ApiError, NewIds, document, listed
from .clusters import Cluster, find_cluster
from .restore_creation import RestoreCreation
from .restore_jobs import DOWNLOAD_LIFE, ROUTES, RestoreJob

PATH = re.compile(r"/groups/(?P<project>[^/]+)/clusters/(?P<cluster>[^/]+)/backup/restoreJobs(/(?P<job>[^/]+))?")


class AtlasRestore:
    def __init__(self, clusters: dict[str, dict[str, Cluster]], clock: Clock, variants: Variants):
        self._clock = clock
        self._variants = variants
        self._creation = RestoreCreation(clusters, variants)
        self._ids = NewIds("66f1c0de0000000000d0")
        # (method, a job is named): further operations of the API go here
        self._operations = {
            ("GET", False): self._list,
            ("POST", False): self._create,
            ("GET", True): self._get,
            ("DELETE", True): self._cancel,
        }

    def answer(self, call: Call, base: str, match: re.Match, clusters: dict[str, Cluster], media_type: str) -> Answer:
        project, name, job_id = match["project"], match["cluster"], match["job"]
        operation = self._operations.get((call.method, job_id is not None))
        if operation is None:
            raise ApiError("RESOURCE_NOT_FOUND", call.path)
        cluster = find_cluster(clusters, name, project)
        place = f"{call.origin}{base}/groups/{project}"
        if job_id is None:
            return operation(call, place, cluster, media_type)
        if not HEX24.fullmatch(job_id):
            raise ApiError("INVALID_JOB_ID", job_id)
        job = cluster.jobs.get(job_id)
        if job is None or self._hidden(job):
            raise ApiError("RESTORE_JOB_NOT_FOUND", job_id, name)
        return operation(call, place, cluster, media_type, job)

    def _hidden(self, job: RestoreJob) -> bool:
        gone = job.cancelled and self._variants["cancelled_job"] == "gone"
        return gone or self._clock.now() < job.hidden_until

    def _list(self, call: Call, place: str, cluster: Cluster, media_type: str) -> Answer:
        jobs = [job for job in cluster.jobs.values() if not self._hidden(job)]
        return listed(call, self._variants, jobs, lambda job: self._document(call, place, cluster, job), media_type)

    def _create(self, call: Call, place: str, cluster: Cluster, media_type: str) -> Answer:
        job = self._creation.job(call, cluster, lambda: self._ids.take(cluster.jobs, cluster.name), self._clock.now())
        cluster.jobs[job.id] = job
        shown = self._document(call, place, cluster, job)
        answer = document(
            call, {"results": [shown]} if self._variants["create_restore_answer"] == "list" else shown, media_type
        )
        answer.acted = True
        return answer

    def _get(self, call: Call, place: str, cluster: Cluster, media_type: str, job: RestoreJob) -> Answer:
        return document(call, self._document(call, place, cluster, job), media_type)

    def _cancel(self, call: Call, place: str, cluster: Cluster, media_type: str, job: RestoreJob) -> Answer:
        if job.one_shard:
            raise ApiError("ATLAS_BACKUP_CANCEL_SHARD_RESTORE_JOB_NOT_ALLOWED")
        if not job.is_download:
            # No source tells the code for pointInTime; it is taken for the same.
            raise ApiError("CANNOT_CANCEL_AUTOMATED_RESTORE")
        status = job.status(self._clock.now())
        done = Answer(204, headers={"Content-Type": media_type})
        if status in ("in_progress", "ready"):
            job.cancelled = done.acted = True
        elif self._variants["cancel_ended_job"] == 400:
            raise ApiError("ALREADY_EXPIRED" if status == "expired" else "UNEXPECTED_ERROR", status=400)
        elif self._variants["cancel_ended_job"] == 404:
            raise ApiError("RESTORE_JOB_NOT_FOUND", job.id, cluster.name)
        return done

    def _document(self, call: Call, place: str, cluster: Cluster, job: RestoreJob) -> dict:
        """Keys in alphabetical order; what has no value yet is absent, but for deliveryUrl and desiredTimestamp."""
        now = self._clock.now()
        status = job.status(now)
        own = self._variants["delivery_host"] == "own"
        host = call.origin if own else f"https://restore-{job.id}.ab12c.mongodb.net:27017"
        routes = ROUTES[self._variants["private_endpoints"]]
        open_parts = job.open_parts(now)
        urls = {part: f"{host}{job.path(part)}" for part in open_parts if "" in routes}
        private = {
            part: [{"deliveryUrl": f"{host}{job.path(part, route)}", "endpointId": route} for route in routes if route]
            for part in open_parts
        }
        is_private = job.is_download and routes != ("",)
        shown: dict = {"cancelled": job.cancelled}
        if job.is_download and job.shards and not (job.one_shard and self._variants["shard_components"] == "left_out"):
            shown["components"] = [
                {
                    "downloadUrl": urls.get(name),
                    **({"privateDownloadDeliveryUrls": private.get(name, [])} if is_private else {}),
                    "replicaSetName": name,
                }
                for name in job.shards
            ]
        shown["deliveryType"] = job.delivery_type
        shown["deliveryUrl"] = list(urls.values())
        shown["desiredTimestamp"] = {"increment": None, "time": None, "date": None}
        shown["expired"] = status == "expired"
        if job.is_download and not job.failed and not job.fails and now >= job.due:
            shown["expiresAt"] = iso(job.due + DOWNLOAD_LIFE)
        shown["failed"] = status == "failed"
        if status == "finished":
            shown["finishedAt"] = iso(job.due)
        shown["id"] = job.id
        shown["links"] = self._links(place, cluster, job)
        if job.oplog_ts:
            shown["oplogInc"] = job.oplog_inc
            shown["oplogTs"] = job.oplog_ts
        if job.utc_seconds:
            shown["pointInTimeUTCSeconds"] = job.utc_seconds
        if is_private and "components" not in shown:
            shown["privateDownloadDeliveryUrls"] = [entry for part in open_parts for entry in private[part]]
        shown["snapshotId"] = job.snapshot_id
        if not job.is_download:
            shown["targetClusterName"] = job.target_cluster
            shown["targetDeploymentItemName"] = f"atlas-{hashlib.sha256(job.id.encode()).hexdigest()[:6]}"
            shown["targetGroupId"] = job.target_project
        shown["timestamp"] = iso(job.snapshot_created)
        return shown

    @staticmethod
    def _links(place: str, cluster: Cluster, job: RestoreJob) -> list[dict[str, str]]:
        vendor = "https://cloud.mongodb.com" if "/v2/" in place else "http://mms.mongodb.com"
        path = f"{place}/clusters/{cluster.name}"
        return [
            {"href": f"{path}/backup/restoreJobs/{job.id}", "rel": "self"},
            {"href": f"{path}/backup/snapshots/{job.snapshot_id}", "rel": f"{vendor}/snapshot"},
            {"href": path, "rel": f"{vendor}/cluster"},
            {"href": place, "rel": f"{vendor}/group"},
        ]
