# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...clock import iso
from ...seed import HEX24, SeedNode
from .archive import Member

STATUSES = ("SUCCESS", "FAILURE", "IN_PROGRESS", "MARKED_FOR_EXPIRY", "EXPIRED")
# {log type: its file, below the folder of the host's agents or of the process}
FILES = {
    "AUTOMATION_AGENT": "automation-agent.log",
    "BACKUP_AGENT": "backup-agent.log",
    "MONITORING_AGENT": "monitoring-agent.log",
    "MONGODB": "mongodb/mongodb.log",
    "FTDC": "ftdc/metrics.interim",
}
LOG_TYPES = tuple(FILES)
PROCESS_LOG_TYPES = ("MONGODB", "FTDC")
RESOURCE_TYPES = ("CLUSTER", "PROCESS", "REPLICASET")
DAY = 86400.0
LIFE = 30 * DAY
CHILD_SECONDS = 30  # what each child job shows as its duration
RUN_SECONDS = 20.0
TOTAL_BYTES = 51_234
ARCHIVE_BYTES = 40_000
USER_ID = "66f1c0de0000000000000099"
PROCESSES = ("db1.example.net:27017",)


@dataclass
class Run:
    """How long a run of a job takes, and its result."""

    takes: float
    result: str


@dataclass(frozen=True)
class ChildJob:
    """The part of a job that collects one type of log from one process, or from the agents of its host."""

    agent_id: str
    process: str  # host:port
    log_type: str
    status: str
    error_message: str | None
    started: float
    size: int

    @property
    def host(self) -> str:
        return self.process.partition(":")[0]

    @property
    def port(self) -> str:
        return self.process.partition(":")[2]

    @property
    def is_of_process(self) -> bool:
        return self.log_type in PROCESS_LOG_TYPES

    @property
    def host_name(self) -> str:
        return self.process if self.is_of_process else self.host

    def document(self) -> dict[str, Any]:
        in_progress = self.status == "IN_PROGRESS"
        finished = {} if in_progress else {"finishDate": iso(self.started + CHILD_SECONDS)}
        folder = f"{self.host}/{self.port}/{self.log_type.lower()}"
        return {
            "automationAgentId": self.agent_id,
            "errorMessage": self.error_message,
            **finished,
            "hostName": self.host_name,
            "logCollectionType": self.log_type,
            "path": folder if self.is_of_process else f"{self.host}/automation_agent",
            "startDate": iso(self.started),
            "status": self.status,
            "uncompressedDiskSpaceBytes": self.size,
        }


@dataclass
class LogJob:
    id: str
    project: str
    user: str
    created: float
    expires: float
    status: str
    resource_type: str
    resource_name: str
    log_types: list[str]
    redacted: bool
    file_bytes: int
    total_bytes: int
    processes: list[str]
    errors: dict[tuple[str, str], str]  # (host, log type): message of a child job that fails
    retry: Run
    started: float
    archive_bytes: int
    current_run: Run | None = None
    runs: int = 1
    dates: tuple[Any, Any] | None = None  # from and to, in the format of the request

    def advance_to(self, now: float) -> None:
        """Finishes the current run if its time has passed."""
        if self.current_run and now >= self.started + self.current_run.takes:
            self.status, self.current_run = self.current_run.result, None
            if self.status == "SUCCESS":
                self.errors = {}

    def run_again(self, now: float) -> None:
        self.status, self.started, self.current_run = "IN_PROGRESS", now, self.retry
        self.runs += 1

    def state(self, now: float) -> dict[str, str | int]:
        self.advance_to(now)
        # For how many seconds it is kept in all, because dates depend on when the sandbox was started or reset.
        return {"status": self.status, "kept_for": int(self.expires) - int(self.created)}

    def collected_files(self) -> list[Member]:
        hosts = {}
        name = self.resource_name.replace("/", "_")
        for child in self.children():
            if child.status != "FAILURE":
                folder = (
                    f"{child.host}/{name}/{child.port}" if child.is_of_process else f"{child.host}/automation_agent"
                )
                hosts[f"{folder}/{FILES[child.log_type]}"] = child.host_name
        return [Member(path, f"Job {self.id}, run {self.runs}, {host}") for path, host in hosts.items()]

    def children(self) -> list[ChildJob]:
        return [self._child(process, log_type) for process in self.processes for log_type in sorted(self.log_types)]

    def _child(self, process: str, log_type: str) -> ChildJob:
        message = self.errors.get((process, log_type))
        if self.status == "IN_PROGRESS":
            status, message = "IN_PROGRESS", None
        elif self.status == "FAILURE":
            status = "FAILURE" if message else "SUCCESS"
        else:
            status = self.status
        return ChildJob(
            agent_id=f"{self.id[:16]}{self.processes.index(process):08x}",
            process=process,
            log_type=log_type,
            status=status,
            error_message=message,
            started=self.started,
            size=0 if message else self.total_bytes // max(1, len(self.processes)),
        )


@dataclass
class NewLogJobDefaults:
    """How the jobs proceed that are created in a project."""

    first_run: Run
    retry: Run
    processes: list[str]
    errors: dict[tuple[str, str], str]
    total_bytes: int
    archive_bytes: int


@dataclass
class LogProject:
    """The log collection of a project."""

    id: str
    family: str
    jobs: dict[str, LogJob]
    resources: set[tuple[str, str]] | None  # (type, name); None means that any resource exists
    new_jobs: NewLogJobDefaults


def normalize_resource_type(text: str) -> str:
    """Returns a resource type in the spelling of RESOURCE_TYPES, if it is one of these."""
    return text.upper().replace("REPLICA_SET", "REPLICASET")


def read_project(project: SeedNode, project_id: str, family: str, now: float) -> LogProject:
    return LogProject(
        id=project_id,
        family=family,
        jobs=_read_jobs(project, project_id, now),
        resources=_read_resources(project),
        new_jobs=_read_new_jobs(project),
    )


def _read_jobs(project: SeedNode, project_id: str, now: float) -> dict[str, LogJob]:
    jobs: dict[str, LogJob] = {}
    for node, job_id, index in project.entries("log_collection_jobs", HEX24, 24):
        if job_id in jobs:
            node.fail("id", f"{job_id} is there twice")
        jobs[job_id] = _read_job(node, job_id, project_id, now - index)
    return jobs


def _read_job(node: SeedNode, job_id: str, project_id: str, now: float) -> LogJob:
    created = now - node.duration("age", 0)
    status = node.choice("status", STATUSES)
    finish = _read_run(node, "finish")
    if finish and status != "IN_PROGRESS":
        node.fail("finish", f"only a job that is IN_PROGRESS can finish; this one is {status}")
    processes = node.texts("processes", PROCESSES)
    job = LogJob(
        id=job_id,
        project=project_id,
        user=node.text("user_id", USER_ID, HEX24),
        created=created,
        expires=created + node.duration("expires_after", LIFE),
        status=status,
        resource_type=node.choice("resource_type", RESOURCE_TYPES, "REPLICASET"),
        resource_name=node.text("resource_name", "rsBlue"),
        log_types=node.texts("log_types", ("MONGODB", "FTDC"), LOG_TYPES),
        redacted=node.flag("redacted"),
        file_bytes=node.integer("size_per_file_bytes", 20_000_000, 1),
        total_bytes=node.integer("total_bytes", TOTAL_BYTES),
        processes=list(processes),
        errors=_read_errors(node, processes),
        retry=_read_run(node, "retry") or Run(RUN_SECONDS, "SUCCESS"),
        started=now if finish else created,
        archive_bytes=node.integer("archive_bytes", ARCHIVE_BYTES),
        current_run=finish,
    )
    node.reject_unread_fields()
    return job


def _read_run(node: SeedNode, key: str) -> Run | None:
    run = node.node(key)
    if run is None:
        return None
    result = _parse_run(run)
    run.reject_unread_fields()
    return result


def _parse_run(node: SeedNode) -> Run:
    return Run(node.duration("takes", RUN_SECONDS), node.choice("result", ("SUCCESS", "FAILURE"), "SUCCESS"))


def _read_errors(node: SeedNode, processes: list[str]) -> dict[tuple[str, str], str]:
    errors = {}
    for error in node.nodes("errors"):
        host = error.choice("host", processes)
        errors[host, error.choice("type", LOG_TYPES)] = error.text("message")
        error.reject_unread_fields()
    return errors


def _read_resources(project: SeedNode) -> set[tuple[str, str]] | None:
    if "resources" not in project:
        return None
    resources = set()
    for node in project.nodes("resources"):
        resources.add((node.choice("type", RESOURCE_TYPES), node.text("name")))
        node.reject_unread_fields()
    return resources


def _read_new_jobs(project: SeedNode) -> NewLogJobDefaults:
    node = project.node("new_log_jobs") or SeedNode({}, "")
    processes = node.texts("processes", PROCESSES)
    jobs = NewLogJobDefaults(
        first_run=_parse_run(node),
        retry=_read_run(node, "retry") or Run(RUN_SECONDS, "SUCCESS"),
        processes=processes,
        errors=_read_errors(node, processes),
        total_bytes=node.integer("total_bytes", TOTAL_BYTES),
        archive_bytes=node.integer("archive_bytes", ARCHIVE_BYTES),
    )
    node.reject_unread_fields()
    return jobs
