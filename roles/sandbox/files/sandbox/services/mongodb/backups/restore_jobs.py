# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from ....seed import HEX24, SeedNode
from ..archive import Member

DELIVERY_TYPES = ("download", "automated", "pointInTime")
DOWNLOAD_STATES = ("preparing", "ready", "used", "expired", "failed", "cancelled")
RESTORE_STATES = ("running", "finished", "failed")
DOWNLOAD_LIFE = 3600.0
FLEX_DOWNLOAD_LIFE = 4 * 3600.0
PREPARATION = 240.0
ARCHIVE_BYTES = 40_000
FILES = ("WiredTiger", "WiredTiger.wt", "_mdb_catalog.wt", "collection-0-7.wt", "index-1-7.wt")
_ENDPOINTS = ("vpce-0a1b2c3d4e5f60001", "vpce-0a1b2c3d4e5f60002")
# {value of the variant private_endpoints: routes of a download: ids of private endpoints, "" for the internet}
ROUTES = {"none": ("",), "one": ("", _ENDPOINTS[0]), "two": ("", *_ENDPOINTS), "only": (_ENDPOINTS[0],)}
# When the time does not change a job any more.
NEVER = float("inf")


@dataclass
class RestoreJob:
    id: str
    delivery_type: str
    snapshot_id: str
    snapshot_created: float
    token: str
    due: float  # end of the preparation or of the restore
    fails: bool  # ends as a failure
    shards: list[str]  # names of the replica sets of a sharded cluster
    one_shard: bool  # restores only one shard
    archive_bytes: int = ARCHIVE_BYTES
    fetched: set[str] = field(default_factory=set)  # the parts whose URL is used up
    failed: bool = False
    cancelled: bool = False
    hidden_until: float = 0.0
    created: float = 0.0
    is_flex: bool = False  # of a flex cluster
    target_cluster: str | None = None
    target_project: str | None = None
    utc_seconds: int = 0
    oplog_ts: int = 0
    oplog_inc: int = 0

    @property
    def is_download(self) -> bool:
        return self.delivery_type == "download"

    @property
    def parts(self) -> list[str]:
        """What is downloaded separately: the shards, or the one replica set, which needs no name."""
        return self.shards or [""]

    @property
    def expires(self) -> float:
        """When the URLs of a download end: after it is ready, but for a flex cluster after it was asked for."""
        return self.created + FLEX_DOWNLOAD_LIFE if self.is_flex else self.due + DOWNLOAD_LIFE

    def is_under_way(self, now: float) -> bool:
        return not self.cancelled and not self.failed and now < self.due

    def open_parts(self, now: float) -> list[str]:
        """The parts that can be downloaded."""
        if self.cancelled or self.failed or self.fails or not self.is_download:
            return []
        if not self.due <= now < self.expires:
            return []
        return [part for part in self.parts if part not in self.fetched]

    def status(self, now: float) -> str:
        """The status as clients have to derive it; a download that is used up thus looks like one in progress."""
        if self.cancelled:
            return "cancelled"
        if self.failed or (self.fails and now >= self.due):
            return "failed"
        if now < self.due:
            return "in_progress"
        if not self.is_download:
            return "finished"
        if now >= self.expires:
            return "expired"
        return "ready" if self.open_parts(now) else "in_progress"

    def name(self, part: str) -> str:
        return f"restore-{self.snapshot_id}{'-' + part if part else ''}"

    def path(self, part: str, route: str = "") -> str:
        return f"/{self.token_for(route)}/{self.name(part)}.tar.gz"

    def token_for(self, route: str) -> str:
        """Every route has its own URLs."""
        return hashlib.sha256(f"{self.token} {route}".encode()).hexdigest()[:24] if route else self.token

    @property
    def tokens(self) -> set[str]:
        """The tokens of all routes; anyone who has one can download the data."""
        return {self.token_for(route) for routes in ROUTES.values() for route in routes}

    def files(self, part: str) -> list[Member]:
        return [Member(f"{self.name(part)}/{name}", f"Job {self.id}, {part or 'all'}") for name in FILES]


@dataclass
class NewRestoreJobDefaults:
    """How the jobs proceed that are created for a cluster."""

    takes: float
    fails: bool
    archive_bytes: int


def delivery_token(job_id: str) -> str:
    return hashlib.sha256(b"delivery " + job_id.encode()).hexdigest()[:32]


def read_new_jobs(cluster: SeedNode) -> NewRestoreJobDefaults:
    node = cluster.node("new_restore_jobs") or SeedNode({}, "")
    jobs = NewRestoreJobDefaults(
        takes=node.duration("takes", PREPARATION),
        fails=node.flag("fails"),
        archive_bytes=node.integer("archive_bytes", ARCHIVE_BYTES),
    )
    node.reject_unread_fields()
    return jobs


def read_jobs(
    cluster: SeedNode, project_id: str, name: str, shards: list[str], now: float, *, is_flex: bool
) -> dict[str, RestoreJob]:
    jobs: dict[str, RestoreJob] = {}
    for node, job_id, index in cluster.entries("restore_jobs", HEX24, 24):
        if job_id in jobs:
            node.fail("id", f"{job_id} is there twice")
        jobs[job_id] = _read_job(node, job_id, project_id, name, shards, now - index, is_flex)
    return jobs


def _read_job(
    node: SeedNode, job_id: str, project_id: str, cluster: str, shards: list[str], now: float, is_flex: bool
) -> RestoreJob:
    delivery = node.choice("delivery_type", DELIVERY_TYPES)
    state = node.choice("state", DOWNLOAD_STATES if delivery == "download" else RESTORE_STATES)
    age = node.duration("age", 3 * 3600.0 if state == "expired" else 600.0)
    created = now - age
    one_shard = node.flag("shard")
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
        token=node.text("token", delivery_token(job_id)),
        due=due,
        fails=state in ("preparing", "running") and node.flag("fails"),
        shards=shards[:1] if one_shard else shards,
        one_shard=one_shard,
        archive_bytes=node.integer("archive_bytes", ARCHIVE_BYTES),
        failed=state == "failed",
        cancelled=state == "cancelled",
        created=created,
        is_flex=is_flex,
    )
    if state == "used":
        job.fetched = set(job.parts)
    if delivery != "download":
        job.target_cluster = node.text("target_cluster_name", cluster)
        job.target_project = node.text("target_project_id", project_id, HEX24)
    if delivery == "pointInTime":
        job.utc_seconds = node.integer("utc_seconds", 0)
        job.oplog_ts = node.integer("oplog_ts", 0)
        job.oplog_inc = node.integer("oplog_inc", 1, 1)
    life = "four hours" if is_flex else "one hour"
    if state in ("ready", "used") and now >= job.expires:
        node.fail("age", f"the download of a ready job would have expired by now; it lives {life}")
    if state == "expired" and now < job.expires:
        node.fail("age", f"the download would not have expired yet; it lives {life}")
    node.reject_unread_fields()
    return job
