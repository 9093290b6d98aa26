# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ....clock import iso
from ....seed import HEX24, SeedNode
from ..archive import Member
from ..log_jobs import ARCHIVE_BYTES, CHILD_SECONDS, DAY, RUN_SECONDS, STATUSES, TOTAL_BYTES, Run

SERVER_TYPES = ("MMS_SERVER", "BACKUP_DAEMON")
# {log type: (the type of the servers that have it, its file)}
LOG_TYPES = {
    "APPLICATION": ("MMS_SERVER", "mms0.log"),
    "HTTP_ACCESS": ("MMS_SERVER", "mms0-access.log"),
    "MIGRATION": ("MMS_SERVER", "mms-migration.log"),
    "DAEMON": ("BACKUP_DAEMON", "daemon.log"),
}
LIFE = 7 * DAY
FILE_BYTES = 5_242_880
PING_SECONDS = 5  # how long ago each server has sent its last sign of life


@dataclass(frozen=True)
class Server:
    """An active server of Ops Manager."""

    id: str
    type: str

    def document(self, now: float) -> dict[str, Any]:
        return {"serverId": self.id, "serverType": self.type, "lastPing": iso(now - PING_SECONDS)}


@dataclass
class ServerLogJob:
    id: str
    created: float
    expires: float
    status: str
    servers: list[str]
    log_types: list[str]
    parts: list[tuple[str, str]]  # (server, log type) of each child job
    file_bytes: int
    total_bytes: int
    archive_bytes: int
    errors: dict[tuple[str, str], str]  # (server, log type): message of a child job that fails
    retry: Run
    started: float
    finished: float | None
    limit_hit: bool = False
    current_run: Run | None = None
    runs: int = 1
    dates: tuple[Any, Any] = (None, None)  # from and to
    names_nothing: bool = False  # the request named neither servers nor log types

    def advance_to(self, now: float) -> None:
        """Finishes the current run if its time has passed."""
        if self.current_run and now >= self.started + self.current_run.takes:
            self.finished = self.started + self.current_run.takes
            self.status, self.current_run = self.current_run.result, None
            if self.status == "SUCCESS":
                self.errors = {}

    def run_again(self, now: float) -> None:
        self.status, self.started, self.finished, self.current_run = "IN_PROGRESS", now, None, self.retry
        self.runs += 1

    def state(self, now: float) -> dict[str, str | int]:
        self.advance_to(now)
        return {"status": self.status, "kept_for": int(self.expires) - int(self.created)}

    def children(self) -> list[dict[str, Any]]:
        return [self._child(server, log_type) for server, log_type in self.parts]

    def _child(self, server: str, log_type: str) -> dict[str, Any]:
        in_progress = self.status == "IN_PROGRESS"
        message = None if in_progress or self.status != "FAILURE" else self.errors.get((server, log_type))
        status = self.status
        if status == "FAILURE" and not message:
            status = "SUCCESS"
        return {
            "serverId": server,
            "logCollectionType": log_type,
            "status": status,
            "startDate": iso(self.started),
            "finishDate": None if in_progress else iso(self.finished or self.started + CHILD_SECONDS),
            "errorMessage": message,
            "sizeLimitHit": self.limit_hit,
            "uncompressedDiskspaceBytes": 0 if message or in_progress else self.total_bytes // max(1, len(self.parts)),
        }

    def collected_files(self) -> list[Member]:
        return [
            Member(f"{server}/{log_type.lower()}/{LOG_TYPES[log_type][1]}", f"Job {self.id}, run {self.runs}, {server}")
            for server, log_type in self.parts
            if (server, log_type) not in self.errors
        ]


@dataclass
class NewServerLogJobs:
    """How the jobs proceed that are created."""

    first_run: Run
    retry: Run
    errors: dict[tuple[str, str], str]
    total_bytes: int
    archive_bytes: int


@dataclass
class OpsManager:
    """What an Ops Manager has beside its projects."""

    servers: list[Server]
    jobs: dict[str, ServerLogJob]
    new_jobs: NewServerLogJobs

    def log_state(self, now: float) -> dict[str, Any]:
        return {"jobs": {job.id: job.state(now) for job in self.jobs.values()}}


def parts_of(servers: Sequence[Server], log_types: Sequence[str]) -> list[tuple[str, str]]:
    """Which server sends which of the log types: those that fit its type."""
    return [(server.id, kind) for server in servers for kind in log_types if LOG_TYPES[kind][0] == server.type]


def read_ops_manager(seed: SeedNode, now: float) -> OpsManager:
    node = seed.node("ops_manager") or SeedNode({}, "")
    servers = []
    for entry in node.nodes("servers"):
        servers.append(Server(entry.text("id"), entry.choice("type", SERVER_TYPES, "MMS_SERVER")))
        entry.reject_unread_fields()
    jobs: dict[str, ServerLogJob] = {}
    for entry, job_id, index in node.entries("log_collection_jobs", HEX24, 24):
        if job_id in jobs:
            entry.fail("id", f"{job_id} is there twice")
        jobs[job_id] = _read_job(entry, job_id, servers, now - index)
    new_jobs = _read_new_jobs(node.node("new_log_jobs") or SeedNode({}, ""), servers)
    node.reject_unread_fields()
    return OpsManager(servers, jobs, new_jobs)


def _read_job(node: SeedNode, job_id: str, servers: list[Server], now: float) -> ServerLogJob:
    created = now - node.duration("age", 0)
    status = node.choice("status", STATUSES)
    finish = _read_run(node.node("finish"))
    if finish and status != "IN_PROGRESS":
        node.fail("finish", f"only a job that is IN_PROGRESS can finish; this one is {status}")
    # A server that a job is for may have gone.
    names = node.texts("servers", [server.id for server in servers])
    known = {server.id: server for server in servers}
    log_types = node.texts("log_types", ("APPLICATION",), tuple(LOG_TYPES))
    job = ServerLogJob(
        id=job_id,
        created=created,
        expires=created + node.duration("expires_after", LIFE),
        status=status,
        servers=names,
        log_types=log_types,
        parts=parts_of([known.get(name) or Server(name, "MMS_SERVER") for name in names], log_types),
        file_bytes=node.integer("size_per_file_bytes", FILE_BYTES, 1),
        total_bytes=node.integer("total_bytes", TOTAL_BYTES),
        archive_bytes=node.integer("archive_bytes", ARCHIVE_BYTES),
        errors=_read_errors(node, names),
        retry=_read_run(node.node("retry")) or Run(RUN_SECONDS, "SUCCESS"),
        started=now if finish else created,
        finished=None if status == "IN_PROGRESS" else created + CHILD_SECONDS,
        limit_hit=node.flag("size_limit_hit"),
        current_run=finish,
    )
    node.reject_unread_fields()
    return job


def _read_run(node: SeedNode | None) -> Run | None:
    if node is None:
        return None
    run = _parse_run(node)
    node.reject_unread_fields()
    return run


def _parse_run(node: SeedNode) -> Run:
    return Run(node.duration("takes", RUN_SECONDS), node.choice("result", ("SUCCESS", "FAILURE"), "SUCCESS"))


def _read_errors(node: SeedNode, servers: list[str]) -> dict[tuple[str, str], str]:
    errors = {}
    for error in node.nodes("errors"):
        server = error.choice("server", servers)
        errors[server, error.choice("type", tuple(LOG_TYPES))] = error.text("message")
        error.reject_unread_fields()
    return errors


def _read_new_jobs(node: SeedNode, servers: list[Server]) -> NewServerLogJobs:
    jobs = NewServerLogJobs(
        first_run=_parse_run(node),
        retry=_read_run(node.node("retry")) or Run(RUN_SECONDS, "SUCCESS"),
        errors=_read_errors(node, [server.id for server in servers]),
        total_bytes=node.integer("total_bytes", TOTAL_BYTES),
        archive_bytes=node.integer("archive_bytes", ARCHIVE_BYTES),
    )
    node.reject_unread_fields()
    return jobs
