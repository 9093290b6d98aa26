# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from dataclasses import dataclass

from ..clock import Clock, iso
from ..exchange import Answer, Call
from ..seed import HEX24, Node
from ..variants import Variants
from .mongodb import ApiError, document, flag, page

PATH = re.compile(r"/groups/(?P<project>[^/]+)/logCollectionJobs(/(?P<job>[^/]+)(/(?P<verb>[^/]+))?)?")
STATUSES = ("SUCCESS", "FAILURE", "IN_PROGRESS", "MARKED_FOR_EXPIRY", "EXPIRED")
LOG_TYPES = ("AUTOMATION_AGENT", "BACKUP_AGENT", "MONITORING_AGENT", "MONGODB", "FTDC")
RESOURCE_TYPES = ("CLUSTER", "PROCESS", "REPLICASET")
SPELLINGS = {
    "live": str.lower,
    "upper": str,
    "upper_underscore": lambda name: "REPLICA_SET" if name == "REPLICASET" else name,
}
DAY = 86400.0
CHILD_SECONDS = 30


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
    ends: Run | None = None  # the run that is under way

    def settle(self, now: float) -> None:
        """Lets the clock finish a run that is under way."""
        if self.ends and now >= self.started + self.ends.takes:
            self.status, self.ends = self.ends.result, None
            if self.status == "SUCCESS":
                self.errors = {}

    def run_again(self, now: float) -> None:
        self.status, self.started, self.ends = "IN_PROGRESS", now, self.retry

    def children(self) -> list[dict]:
        return [self._child(process, kind) for process in self.processes for kind in sorted(self.log_types)]

    def _child(self, process: str, kind: str) -> dict:
        host, _colon, port = process.partition(":")
        on_process = kind in ("MONGODB", "FTDC")
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


class LogCollection:
    def __init__(self, clock: Clock, variants: Variants):
        self._clock = clock
        self._variants = variants
        # (method, a job is named, verb): further operations of the API go here
        self._operations = {
            ("GET", False, None): self._list,
            ("GET", True, None): self._get,
            ("PUT", True, "retry"): self._retry,
            ("DELETE", True, None): self._delete,
        }

    def answer(self, call: Call, base: str, match: re.Match, jobs: dict[str, LogJob]) -> Answer:
        """`base` is the path of the API, `jobs` are those of the project that the path names."""
        project, job_id, verb = match["project"], match["job"], match["verb"]
        operation = self._operations.get((call.method, job_id is not None, verb))
        if operation is None:
            raise ApiError("RESOURCE_NOT_FOUND", call.path)
        if job_id is None:
            return operation(call, base, jobs)
        if not HEX24.fullmatch(job_id):
            raise ApiError("INVALID_LOG_COLLECTION_JOB_ID", job_id)
        if job_id not in jobs:
            raise self._missing(job_id, project, call.path)
        jobs[job_id].settle(self._clock.now())
        return operation(call, base, jobs, jobs[job_id])

    def _missing(self, job_id: str, project: str, path: str) -> ApiError:
        code = self._variants["missing_log_job_code"]
        if code == "LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP":
            return ApiError(code, job_id, project)
        return ApiError(code, path, status=404)

    def _list(self, call: Call, base: str, jobs: dict[str, LogJob]) -> Answer:
        links = {"verbose": call.query["verbose"]} if "verbose" in call.query else {}
        some, listing = page(call, self._variants, jobs.values(), len(jobs), links)
        for job in some:
            job.settle(self._clock.now())
        listing["results"] = [self._document(call, base, job) for job in some]
        return document(call, listing, "application/json")

    def _get(self, call: Call, base: str, jobs: dict[str, LogJob], job: LogJob) -> Answer:
        return document(call, self._document(call, base, job), "application/json")

    def _retry(self, call: Call, base: str, jobs: dict[str, LogJob], job: LogJob) -> Answer:
        if job.status != "FAILURE":
            raise ApiError("ONLY_FAILED_JOB_CAN_BE_RESTARTED")
        job.run_again(self._clock.now())
        return Answer(200, headers={"Content-Type": "application/json"}, acted=True)

    def _delete(self, call: Call, base: str, jobs: dict[str, LogJob], job: LogJob) -> Answer:
        del jobs[job.id]
        return Answer(200, headers={"Content-Type": "application/json"}, acted=True)

    def _document(self, call: Call, base: str, job: LogJob) -> dict:
        resource_type = SPELLINGS[self._variants["resource_type_spelling"]](job.resource_type)
        shown = {
            "id": job.id,
            "groupId": job.project,
            "userId": job.user,
            "creationDate": iso(job.created),
            "expirationDate": iso(job.expires),
            "status": job.status,
            "resourceType": resource_type,
            "resourceName": job.resource_name,
            "rootResourceName": job.resource_name,
            "rootResourceType": resource_type,
            "downloadUrl": f"{call.origin}{base}/groups/{job.project}/logCollectionJobs/{job.id}/download",
            "redacted": job.redacted,
            "logTypes": sorted(job.log_types),
            "sizeRequestedPerFileBytes": job.file_bytes,
            "uncompressedSizeTotalBytes": job.total_bytes,
        }
        if flag(call, "verbose"):
            shown["childJobs"] = job.children()
        return shown


def read_jobs(project: Node, project_id: str, now: float) -> dict[str, LogJob]:
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
    processes = node.texts("processes", ("db1.example.net:27017",))
    job = LogJob(
        id=job_id,
        project=project_id,
        user=node.text("user_id", "66f1c0de0000000000000099", HEX24),
        created=created,
        expires=created + node.duration("expires_after", 30 * DAY),
        status=status,
        resource_type=node.choice("resource_type", RESOURCE_TYPES, "REPLICASET"),
        resource_name=node.text("resource_name", "rsBlue"),
        log_types=node.texts("log_types", ("MONGODB", "FTDC"), LOG_TYPES),
        redacted=node.flag("redacted"),
        file_bytes=int(node.number("size_per_file_bytes", 20_000_000, 1)),
        total_bytes=int(node.number("total_bytes", 51_234)),
        processes=list(processes),
        errors=_read_errors(node, processes),
        retry=_read_run(node, "retry") or Run(20.0, "SUCCESS"),
        started=now if finish else created,
        ends=finish,
    )
    node.done()
    return job


def _read_run(node: Node, key: str) -> Run | None:
    run = node.node(key)
    if run is None:
        return None
    result = Run(run.duration("takes", 20.0), run.choice("result", ("SUCCESS", "FAILURE"), "SUCCESS"))
    run.done()
    return result


def _read_errors(node: Node, processes: list[str]) -> dict[tuple[str, str], str]:
    errors = {}
    for error in node.nodes("errors"):
        host = error.choice("host", processes)
        errors[host, error.choice("type", LOG_TYPES)] = error.text("message")
        error.done()
    return errors
