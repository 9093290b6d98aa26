# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...clock import iso
from ...http.archive import Member
from ...seed import HEX24, Node

STATUSES = ("SUCCESS", "FAILURE", "IN_PROGRESS", "MARKED_FOR_EXPIRY", "EXPIRED")
# Log type: the file that holds it, below the folder of its host's agents or of its process.
FILES = {
    "AUTOMATION_AGENT": "automation-agent.log",
    "BACKUP_AGENT": "backup-agent.log",
    "MONITORING_AGENT": "monitoring-agent.log",
    "MONGODB": "mongodb/mongodb.log",
    "FTDC": "ftdc/metrics.interim",
}
LOG_TYPES = tuple(FILES)
FILES_OF_PROCESS = ("MONGODB", "FTDC")
RESOURCE_TYPES = ("CLUSTER", "PROCESS", "REPLICASET")
DAY = 86400.0
LIFE = 30 * DAY
CHILD_SECONDS = 30
RUN_SECONDS = 20.0
TOTAL_BYTES = 51_234
ARCHIVE_BYTES = 40_000
PROCESSES = ("db1.example.net:27017",)


@dataclass
class Run:
    """What the next run of a job takes and ends with."""

    takes: float
    result: str


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
    errors: dict[tuple[str, str], str]  # (host, log type): message of a child that failed
    retry: Run
    started: float
    archive_bytes: int
    ends: Run | None = None  # the run that is under way
    runs: int = 1  # how many there were
    dates: tuple[Any, Any] | None = None  # from and to, in the form in which they were asked for

    def settle(self, now: float) -> None:
        """Lets the clock finish a run that is under way."""
        if self.ends and now >= self.started + self.ends.takes:
            self.status, self.ends = self.ends.result, None
            if self.status == "SUCCESS":
                self.errors = {}

    def run_again(self, now: float) -> None:
        self.status, self.started, self.ends = "IN_PROGRESS", now, self.retry
        self.runs += 1

    def collected(self) -> list[Member]:
        """The files that the job has got hold of."""
        paths = {}
        name = self.resource_name.replace("/", "_")
        for child in self.children():
            if child["status"] != "FAILURE":
                host, port = child["path"].split("/")[:2]
                on_process = child["logCollectionType"] in FILES_OF_PROCESS
                place = f"{host}/{name}/{port}" if on_process else f"{host}/automation_agent"
                paths[f"{place}/{FILES[child['logCollectionType']]}"] = child["hostName"]
        return [Member(path, f"Job {self.id}, run {self.runs}, {host}") for path, host in paths.items()]

    def children(self) -> list[dict]:
        return [self._child(process, kind) for process in self.processes for kind in sorted(self.log_types)]

    def _child(self, process: str, kind: str) -> dict:
        host, _colon, port = process.partition(":")
        on_process = kind in FILES_OF_PROCESS
        message = self.errors.get((process, kind))
        if self.status == "IN_PROGRESS":
            status, message = "IN_PROGRESS", None
        elif self.status == "FAILURE":
            status = "FAILURE" if message else "SUCCESS"
        else:
            status = self.status
        child = {
            "automationAgentId": f"{self.id[:16]}{self.processes.index(process):08x}",
            "errorMessage": message,
            "finishDate": iso(self.started + CHILD_SECONDS),
            "hostName": process if on_process else host,
            "logCollectionType": kind,
            "path": f"{host}/{port}/{kind.lower()}" if on_process else f"{host}/automation_agent",
            "startDate": iso(self.started),
            "status": status,
            "uncompressedDiskSpaceBytes": 0 if message else self.total_bytes // max(1, len(self.processes)),
        }
        if status == "IN_PROGRESS":
            del child["finishDate"]
        return child


@dataclass
class NewLogJobs:
    """What becomes of the jobs that are created in a project."""

    ends: Run
    retry: Run
    processes: list[str]
    errors: dict[tuple[str, str], str]
    total_bytes: int
    archive_bytes: int


@dataclass
class LogProject:
    """What the log collection of a project knows."""

    id: str
    family: str
    jobs: dict[str, LogJob]
    resources: set[tuple[str, str]] | None  # (type, name); None is any
    new_jobs: NewLogJobs


def spelled_type(text: str) -> str:
    """A resource type in whatever spelling, as one of RESOURCE_TYPES if there is such a one."""
    return text.upper().replace("REPLICA_SET", "REPLICASET")


def read_project(project: Node, project_id: str, family: str, now: float) -> LogProject:
    return LogProject(
        id=project_id,
        family=family,
        jobs=_read_jobs(project, project_id, now),
        resources=_read_resources(project),
        new_jobs=_read_new_jobs(project),
    )


def _read_jobs(project: Node, project_id: str, now: float) -> dict[str, LogJob]:
    jobs: dict[str, LogJob] = {}
    for node, job_id, index in project.entries("log_collection_jobs", HEX24, 24):
        if job_id in jobs:
            node.fail("id", f"{job_id} is there twice")
        jobs[job_id] = _read_job(node, job_id, project_id, now - index)
    return jobs


def _read_job(node: Node, job_id: str, project_id: str, now: float) -> LogJob:
    created = now - node.duration("age", 0)
    status = node.choice("status", STATUSES)
    finish = _read_run(node, "finish")
    if finish and status != "IN_PROGRESS":
        node.fail("finish", f"only a job that is IN_PROGRESS can finish; this one is {status}")
    processes = node.texts("processes", PROCESSES)
    job = LogJob(
        id=job_id,
        project=project_id,
        user=node.text("user_id", "66f1c0de0000000000000099", HEX24),
        created=created,
        expires=created + node.duration("expires_after", LIFE),
        status=status,
        resource_type=node.choice("resource_type", RESOURCE_TYPES, "REPLICASET"),
        resource_name=node.text("resource_name", "rsBlue"),
        log_types=node.texts("log_types", ("MONGODB", "FTDC"), LOG_TYPES),
        redacted=node.flag("redacted"),
        file_bytes=int(node.number("size_per_file_bytes", 20_000_000, 1)),
        total_bytes=int(node.number("total_bytes", TOTAL_BYTES)),
        processes=list(processes),
        errors=_read_errors(node, processes),
        retry=_read_run(node, "retry") or Run(RUN_SECONDS, "SUCCESS"),
        started=now if finish else created,
        archive_bytes=int(node.number("archive_bytes", ARCHIVE_BYTES)),
        ends=finish,
    )
    node.done()
    return job


def _read_run(node: Node, key: str) -> Run | None:
    run = node.node(key)
    if run is None:
        return None
    result = _run_of(run)
    run.done()
    return result


def _run_of(node: Node) -> Run:
    return Run(node.duration("takes", RUN_SECONDS), node.choice("result", ("SUCCESS", "FAILURE"), "SUCCESS"))


def _read_errors(node: Node, processes: list[str]) -> dict[tuple[str, str], str]:
    errors = {}
    for error in node.nodes("errors"):
        host = error.choice("host", processes)
        errors[host, error.choice("type", LOG_TYPES)] = error.text("message")
        error.done()
    return errors


def _read_resources(project: Node) -> set[tuple[str, str]] | None:
    if "resources" not in project:
        return None
    resources = set()
    for node in project.nodes("resources"):
        resources.add((node.choice("type", RESOURCE_TYPES), node.text("name")))
        node.done()
    return resources


def _read_new_jobs(project: Node) -> NewLogJobs:
    node = project.node("new_log_jobs") or Node({}, "")
    processes = node.texts("processes", PROCESSES)
    jobs = NewLogJobs(
        ends=_run_of(node),
        retry=_read_run(node, "retry") or Run(RUN_SECONDS, "SUCCESS"),
        processes=processes,
        errors=_read_errors(node, processes),
        total_bytes=int(node.number("total_bytes", TOTAL_BYTES)),
        archive_bytes=int(node.number("archive_bytes", ARCHIVE_BYTES)),
    )
    node.done()
    return jobs
