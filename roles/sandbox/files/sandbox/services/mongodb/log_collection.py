# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...clock import Clock, add_months, iso
from ...http.messages import Request, Response, json_response
from ...seed import HEX24
from ...variants.mongodb import MongoDBVariants
from .archive_download import ArchiveFile, archive_response
from .body import Body, parse_date
from .errors import ApiError
from .ids import IdGenerator
from .log_creation import new_job
from .log_jobs import LogJob, LogProject
from .responses import Listing, document_response, list_response, query_flag

PATH = re.compile(r"/groups/(?P<project>[^/]+)/logCollectionJobs(/(?P<job>[^/]+)(/(?P<verb>[^/]+))?)?")
LONGEST_EXTENSION_MONTHS = 6
OTHER_HOST = "http://opsmanager.internal:8080"


@dataclass(frozen=True)
class LogRequest:
    """A request about the log collection of a project."""

    request: Request
    base: str  # path of the API
    project: LogProject


class LogCollection:
    """Log collection jobs of Ops Manager, Cloud Manager and Atlas."""

    def __init__(self, clock: Clock, variants: MongoDBVariants):
        self._clock = clock
        self._variants = variants
        self._ids = IdGenerator("66f1c0de0000000000c0")
        # To add an operation of the API, add it here.
        self._project_operations: dict[str, Callable[[LogRequest], Response]] = {
            "GET": self._list,
            "POST": self._create,
        }
        self._job_operations: dict[tuple[str, str | None], Callable[[LogRequest, LogJob], Response]] = {
            ("GET", None): self._get,
            ("PATCH", None): self._extend,
            ("GET", "download"): self._download,
            ("PUT", "retry"): self._retry,
            ("DELETE", None): self._delete,
        }

    def handle(self, log_request: LogRequest, match: re.Match[str]) -> Response:
        """`match` is that of PATH."""
        request, job_id = log_request.request, match["job"]
        if job_id is None:
            operation = self._project_operations.get(request.method)
            if operation is None:
                raise ApiError("RESOURCE_NOT_FOUND", request.path)
            return operation(log_request)
        job_operation = self._job_operations.get((request.method, match["verb"]))
        if job_operation is None:
            raise ApiError("RESOURCE_NOT_FOUND", request.path)
        return job_operation(log_request, self._job(log_request, job_id))

    def _job(self, log_request: LogRequest, job_id: str) -> LogJob:
        if not HEX24.fullmatch(job_id):
            raise ApiError("INVALID_LOG_COLLECTION_JOB_ID", job_id)
        job = log_request.project.jobs.get(job_id)
        if job is None:
            code = self._variants.missing_log_job_code
            if code == "LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP":
                raise ApiError(code, job_id, log_request.project.id)
            raise ApiError(code, log_request.request.path, status=404)
        job.advance_to(self._clock.now())
        return job

    def _list(self, log_request: LogRequest) -> Response:
        request, jobs = log_request.request, log_request.project.jobs
        link_query = {"verbose": request.query["verbose"]} if "verbose" in request.query else {}

        def show(job: LogJob) -> dict[str, Any]:
            job.advance_to(self._clock.now())
            return self._document(log_request, job)

        listing = Listing(jobs.values(), len(jobs), link_query)
        return list_response(request, self._variants, listing, show, "application/json")

    def _get(self, log_request: LogRequest, job: LogJob) -> Response:
        return document_response(log_request.request, self._document(log_request, job), "application/json")

    def _create(self, log_request: LogRequest) -> Response:
        project = log_request.project

        def new_id(*parts: str) -> str:
            return self._ids.new_id(project.jobs, project.id, *parts)

        job = new_job(log_request.request, project, new_id, self._clock.now(), self._variants)
        project.jobs[job.id] = job
        return json_response(201, {"id": job.id}, acted=True)

    def _extend(self, log_request: LogRequest, job: LogJob) -> Response:
        text = Body(log_request.request, ("expirationDate",)).value("expirationDate")
        project = log_request.project
        if job.status == "EXPIRED":
            raise self._error(project, "CANNOT_EXTEND_EXPIRED_JOB")
        expires, now = parse_date(text), self._clock.now()
        if expires < now:
            raise self._error(project, "EXPIRATION_DATE_MUST_BE_IN_FUTURE", "JOB_EXPIRATION_DATE_IN_PAST")
        counted_from = job.created if self._variants.extension_limit == "creation" else now
        if expires > add_months(counted_from, LONGEST_EXTENSION_MONTHS):
            raise self._error(
                project, "EXPIRATION_DATE_TOO_DISTANT", "JOB_EXPIRATION_DATE_EXCEEDS_MAX", LONGEST_EXTENSION_MONTHS
            )
        acted = iso(expires) != iso(job.expires)
        job.expires = expires
        return _empty_response(acted)

    def _download(self, log_request: LogRequest, job: LogJob) -> Response:
        if job.status == "IN_PROGRESS":
            raise self._error(log_request.project, "CANNOT_DOWNLOAD_JOB_IN_PROGRESS", None, job.id)
        if job.status == "EXPIRED":
            raise self._error(log_request.project, "CANNOT_DOWNLOAD_EXPIRED_JOB", None, job.id)
        file = ArchiveFile(
            name=f"logcollection-{job.id}.tar.gz",
            members=job.collected_files(),
            size=job.archive_bytes,
            mtime=job.created,
            supports_ranges=self._variants.download_ranges,
        )
        return archive_response(log_request.request, self._variants, file)

    def _error(self, project: LogProject, code: str, atlas_code: str | None = None, *parameters: Any) -> ApiError:
        """One of the errors on which the lists of Ops Manager and of Atlas differ, in status or code."""
        status = self._variants.log_error_status
        if status == 400 or (status == "by_product" and project.family == "atlas"):
            return ApiError(atlas_code or code, *parameters, status=400)
        return ApiError(code, *(() if atlas_code else parameters))

    def _retry(self, log_request: LogRequest, job: LogJob) -> Response:
        if job.status != "FAILURE":
            raise ApiError("ONLY_FAILED_JOB_CAN_BE_RESTARTED")
        job.run_again(self._clock.now())
        return _empty_response(acted=True)

    def _delete(self, log_request: LogRequest, job: LogJob) -> Response:
        del log_request.project.jobs[job.id]
        return _empty_response(acted=True)

    def _document(self, log_request: LogRequest, job: LogJob) -> dict[str, Any]:
        request = log_request.request
        resource_type = _spell_resource_type(job.resource_type, self._variants.resource_type_spelling)
        host = request.origin if self._variants.download_host == "own" else OTHER_HOST
        document = {
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
            "downloadUrl": f"{host}{log_request.base}/groups/{job.project}/logCollectionJobs/{job.id}/download",
            "redacted": job.redacted,
            "logTypes": sorted(job.log_types),
            "sizeRequestedPerFileBytes": job.file_bytes,
            "uncompressedSizeTotalBytes": job.total_bytes,
        }
        if job.dates and self._variants.log_dates_shown:
            document["logCollectionFromDate"], document["logCollectionToDate"] = job.dates
        if query_flag(request, "verbose"):
            document["childJobs"] = [child.document() for child in job.children()]
        return document


def _empty_response(acted: bool) -> Response:
    return Response(200, headers={"Content-Type": "application/json"}, acted=acted)


def _spell_resource_type(resource_type: str, spelling: str) -> str:
    if spelling == "live":
        return resource_type.lower()
    if spelling == "upper_underscore" and resource_type == "REPLICASET":
        return "REPLICA_SET"
    return resource_type
