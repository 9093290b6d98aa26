# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from ..clock import Clock, iso
from ..exchange import Answer, Call
from ..seed import HEX24, Node
from ..variants import Variants
from .mongodb import ApiError, document, flag, page

PATH = re.compile(r"/groups/(?P<project>[^/]+)/clusters/(?P<cluster>[^/]+)/backup/restoreJobs(/(?P<job>[^/]+))?")
CLUSTER_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-]*")
CLUSTER_TYPES = ("replica_set", "sharded", "flex")
DOWNLOAD_STATES = ("preparing", "ready", "used", "expired", "failed", "cancelled")
RESTORE_STATES = ("running", "finished", "failed")
DOWNLOAD_LIFE = 3600.0
PREPARATION = 240.0
# What a clock can still change; every other state is a job's last.
NEVER = float("inf")


@dataclass
class RestoreJob:
    id: str
    delivery_type: str
    snapshot_id: str
    snapshot_created: float
    token: str
    due: float  # when the preparation or the restore ends
    fails: bool  # it ends as a failure
    shards: list[str]  # names of the replica sets of a sharded cluster
    one_shard: bool  # restores one shard only
    used: bool = False
    failed: bool = False
    cancelled: bool = False
    target_cluster: str | None = None
    target_project: str | None = None
    utc_seconds: int = 0
    oplog_ts: int = 0
    oplog_inc: int = 0

    @property
    def is_download(self) -> bool:
        return self.delivery_type == "download"

    def status(self, now: float) -> str:
        """Derived as clients have to derive it from the answers; a used download thus looks like one in progress."""
        if self.cancelled:
            return "cancelled"
        if self.failed or (self.fails and now >= self.due):
            return "failed"
        if now < self.due:
            return "in_progress"
        if not self.is_download:
            return "finished"
        if now >= self.due + DOWNLOAD_LIFE:
            return "expired"
        return "in_progress" if self.used else "ready"

    def urls(self) -> list[str]:
        names = self.shards or [None]
        host = f"https://restore-{self.id}.ab12c.mongodb.net:27017/{self.token}"
        return [f"{host}/restore-{self.snapshot_id}{'-' + name if name else ''}.tar.gz" for name in names]


@dataclass
class Cluster:
    name: str
    type: str
    jobs: dict[str, RestoreJob]


class AtlasRestore:
    def __init__(self, clock: Clock, variants: Variants):
        self._clock = clock
        self._variants = variants
        # (method, a job is named): further operations of the API go here
        self._operations = {
            ("GET", False): self._list,
            ("GET", True): self._get,
            ("DELETE", True): self._cancel,
        }

    def answer(self, call: Call, base: str, match: re.Match, clusters: dict[str, Cluster], media_type: str) -> Answer:
        project, name, job_id = match["project"], match["cluster"], match["job"]
        operation = self._operations.get((call.method, job_id is not None))
        if operation is None:
            raise ApiError("RESOURCE_NOT_FOUND", call.path)
        cluster = clusters.get(name)
        if cluster is None:
            raise ApiError("CLUSTER_NOT_FOUND", name, project)
        if cluster.type == "flex":
            raise ApiError("CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", name)
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
        return job.cancelled and self._variants["cancelled_job"] == "gone"

    def _list(self, call: Call, place: str, cluster: Cluster, media_type: str) -> Answer:
        jobs = [job for job in cluster.jobs.values() if not self._hidden(job)]
        count = {"includeCount": str(flag(call, "includeCount", True)).lower()}
        some, listing = page(call, self._variants, jobs, len(jobs), count)
        listing["results"] = [self._document(place, cluster, job) for job in some]
        return document(call, listing, media_type)

    def _get(self, call: Call, place: str, cluster: Cluster, media_type: str, job: RestoreJob) -> Answer:
        return document(call, self._document(place, cluster, job), media_type)

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

    def _document(self, place: str, cluster: Cluster, job: RestoreJob) -> dict:
        """Keys in alphabetical order; what has no value yet is absent, but for deliveryUrl and desiredTimestamp."""
        now = self._clock.now()
        status = job.status(now)
        urls = job.urls() if status == "ready" else []
        shown: dict = {"cancelled": job.cancelled}
        if job.is_download and job.shards:
            shown["components"] = [
                {"downloadUrl": url, "replicaSetName": name}
                for name, url in zip(job.shards, urls or [None] * len(job.shards))
            ]
        shown["deliveryType"] = job.delivery_type
        shown["deliveryUrl"] = urls
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


def read_clusters(project: Node, project_id: str, now: float) -> dict[str, Cluster]:
    clusters: dict[str, Cluster] = {}
    for node in project.nodes("clusters"):
        cluster = Cluster(node.text("name", pattern=CLUSTER_NAME), node.choice("type", CLUSTER_TYPES), {})
        if cluster.name in clusters:
            node.fail("name", f"{cluster.name} is there twice")
        shards = node.texts("shards", ("shard-0", "shard-1")) if cluster.type == "sharded" else []
        for job_node, job_id, index in node.entries("restore_jobs", HEX24, 24):
            if job_id in cluster.jobs:
                job_node.fail("id", f"{job_id} is there twice")
            cluster.jobs[job_id] = _read_job(job_node, job_id, project_id, cluster.name, shards, now - index)
        node.done()
        clusters[cluster.name] = cluster
    return clusters


def _read_job(node: Node, job_id: str, project_id: str, cluster: str, shards: list[str], now: float) -> RestoreJob:
    delivery = node.choice("delivery_type", ("download", "automated", "pointInTime"))
    state = node.choice("state", DOWNLOAD_STATES if delivery == "download" else RESTORE_STATES)
    age = node.duration("age", 3 * 3600.0 if state == "expired" else 600.0)
    created = now - age
    if state in ("preparing", "running"):
        due = now + node.duration("ready_in" if state == "preparing" else "finished_in", PREPARATION)
    elif state in ("failed", "cancelled"):
        due = NEVER
    else:
        due = created + node.duration("preparation", min(age, PREPARATION))
    job = RestoreJob(
        id=job_id,
        delivery_type=delivery,
        snapshot_id=node.text("snapshot_id", "66f1c0de00000000000000e1", HEX24),
        snapshot_created=created - node.duration("snapshot_age", 3600.0),
        token=node.text("token", hashlib.sha256(b"delivery " + job_id.encode()).hexdigest()[:32]),
        due=due,
        fails=state in ("preparing", "running") and node.flag("fails"),
        shards=shards,
        one_shard=node.flag("shard"),
        used=state == "used",
        failed=state == "failed",
        cancelled=state == "cancelled",
    )
    if delivery != "download":
        job.target_cluster = node.text("target_cluster_name", cluster)
        job.target_project = node.text("target_project_id", project_id, HEX24)
    if delivery == "pointInTime":
        job.utc_seconds = int(node.number("utc_seconds", 0))
        job.oplog_ts = int(node.number("oplog_ts", 0))
        job.oplog_inc = int(node.number("oplog_inc", 1, 1))
    life = DOWNLOAD_LIFE if delivery == "download" else NEVER
    if state in ("ready", "used") and now >= due + life:
        node.fail("age", "the download of a ready job would have expired by now; it lives one hour")
    if state == "expired" and now < due + life:
        node.fail("age", "the download would not have expired yet; it lives one hour")
    node.done()
    return job
