# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ....clock import Clock, iso
from ....http.messages import Request, Response, json_response
from ....seed import HEX24
from ....variants.mongodb import MongoDBVariants
from ..archive_download import ArchiveFile, archive_response
from ..body import Body, parse_date
from ..errors import ApiError
from ..ids import IdGenerator
from ..log_jobs import DAY
from ..responses import Listing, document_response, list_response, query_flag
from .creation import active_servers, new_job
from .jobs import OpsManager, ServerLogJob

PATH = re.compile(r"/admin/(?P<servers>servers)|/admin/omLogCollectionJobs(/(?P<job>[^/:]+)(:(?P<verb>\w+))?)?")
LONGEST_LIFE = 28 * DAY


class ServerLogCollection:
    """Log collection jobs of the servers of Ops Manager itself."""

    def __init__(self, ops_manager: OpsManager, clock: Clock, variants: MongoDBVariants):
        self._ops_manager = ops_manager
        self._clock = clock
        self._variants = variants
        self._ids = IdGenerator("66f1c0de0000000000d0")
        # To add an operation of the API, add it here.
        self._operations: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "servers"): self._list_servers,
            ("GET", "jobs"): self._list,
            ("POST", "jobs"): self._create,
        }
        self._job_operations: dict[tuple[str, str | None], Callable[[Request, ServerLogJob], Response]] = {
            ("GET", None): self._get,
            ("PATCH", None): self._extend,
            ("GET", "download"): self._download,
            ("POST", "retry"): self._retry,
            ("DELETE", None): self._delete,
        }

    def handle(self, request: Request, match: re.Match[str]) -> Response:
        """`match` is that of PATH."""
        job_id = match["job"]
        if job_id is None:
            operation = self._operations.get((request.method, match["servers"] or "jobs"))
            if operation is None:
                raise ApiError("RESOURCE_NOT_FOUND", request.path)
            return operation(request)
        job_operation = self._job_operations.get((request.method, match["verb"]))
        if job_operation is None:
            raise ApiError("RESOURCE_NOT_FOUND", request.path)
        return job_operation(request, self._job(request, job_id))

    def _job(self, request: Request, job_id: str) -> ServerLogJob:
        job = self._ops_manager.jobs.get(job_id) if HEX24.fullmatch(job_id) else None
        if job is None:
            raise ApiError(self._variants.missing_server_log_job_code, request.path, status=404)
        job.advance_to(self._clock.now())
        return job

    def _refusal(self, code: str, *parameters: Any) -> ApiError:
        """What a job is answered with whose status does not allow something, which is not documented."""
        code = code if self._variants.server_log_error_codes == "same" else "UNEXPECTED_ERROR"
        return ApiError(code, *parameters, status=self._variants.server_log_error_status)

    def _list_servers(self, request: Request) -> Response:
        if request.query.get("status", "active") != "active":
            raise ApiError("INVALID_SERVER_STATUS")
        now, kind = self._clock.now(), request.query.get("type")
        servers = [
            server for server in active_servers(self._ops_manager, self._variants) if kind in (None, server.type)
        ]
        listing = Listing(servers, len(servers))
        return list_response(request, self._variants, listing, lambda server: server.document(now), "application/json")

    def _list(self, request: Request) -> Response:
        jobs = self._ops_manager.jobs
        link_query = {"verbose": request.query["verbose"]} if "verbose" in request.query else {}

        def show(job: ServerLogJob) -> dict[str, Any]:
            job.advance_to(self._clock.now())
            return self._document(request, job)

        listing = Listing(jobs.values(), len(jobs), link_query)
        return list_response(request, self._variants, listing, show, "application/json")

    def _get(self, request: Request, job: ServerLogJob) -> Response:
        return document_response(request, self._document(request, job), "application/json")

    def _create(self, request: Request) -> Response:
        jobs, now = self._ops_manager.jobs, self._clock.now()
        for job in jobs.values():
            job.advance_to(now)

        def new_id(*parts: str) -> str:
            return self._ids.new_id(jobs, *parts)

        job = new_job(request, self._ops_manager, new_id, now, self._variants)
        jobs[job.id] = job
        shown = {"id": job.id} if self._variants.new_server_log_job == "id" else self._document(request, job)
        return json_response(201, shown, acted=True)

    def _extend(self, request: Request, job: ServerLogJob) -> Response:
        expires, now = parse_date(Body(request, ("expirationDate",)).value("expirationDate")), self._clock.now()
        if job.status == "EXPIRED":
            raise self._refusal("CANNOT_EXTEND_EXPIRED_JOB")
        if expires < now:
            raise ApiError("EXPIRATION_DATE_MUST_BE_IN_FUTURE")
        if int(expires) > int(job.created + LONGEST_LIFE):
            raise ApiError("INVALID_ATTRIBUTE", "expirationDate")
        acted = iso(expires) != iso(job.expires)
        job.expires = expires
        return _empty_response(200, acted)

    def _download(self, request: Request, job: ServerLogJob) -> Response:
        if job.status == "IN_PROGRESS":
            raise self._refusal("CANNOT_DOWNLOAD_JOB_IN_PROGRESS", job.id)
        if job.status == "EXPIRED":
            raise self._refusal("CANNOT_DOWNLOAD_EXPIRED_JOB", job.id)
        file = ArchiveFile(
            name=f"om-logs_{int(job.created)}.tar.gz",
            members=job.collected_files(),
            size=job.archive_bytes,
            mtime=job.created,
            supports_ranges=self._variants.download_ranges,
        )
        return archive_response(request, self._variants, file)

    def _retry(self, request: Request, job: ServerLogJob) -> Response:
        if job.status != "FAILURE":
            raise self._refusal("ONLY_FAILED_JOB_CAN_BE_RESTARTED")
        job.run_again(self._clock.now())
        return _empty_response(200, acted=True)

    def _delete(self, request: Request, job: ServerLogJob) -> Response:
        if job.status == "IN_PROGRESS":
            raise ApiError("UNEXPECTED_ERROR", status=self._variants.server_log_error_status)
        del self._ops_manager.jobs[job.id]
        return _empty_response(204, acted=True)

    def _document(self, request: Request, job: ServerLogJob) -> dict[str, Any]:
        path = f"/api/public/v1.0/admin/omLogCollectionJobs/{job.id}"
        start, end = job.dates
        document: dict[str, Any] = {
            "id": job.id,
            "status": job.status,
            "creationDate": iso(job.created),
            "expirationDate": iso(job.expires),
            "finishDate": None if job.finished is None else iso(job.finished),
            "servers": job.servers,
            "logTypes": job.log_types,
            "sizeRequestedPerFileBytes": job.file_bytes,
            "logCollectionFromDate": start,
            "logCollectionToDate": end,
            "uncompressedSizeTotalBytes": job.total_bytes,
            "sizeLimitHit": job.limit_hit,
            "downloadUrl": f"{request.origin}{path}:download",
        }
        if job.names_nothing and self._variants.all_server_logs == "empty":
            document.update(servers=[], logTypes=[])
        if job.names_nothing and self._variants.all_server_logs == "left_out":
            del document["servers"], document["logTypes"]
        if query_flag(request, "verbose"):
            document["childJobs"] = job.children()
        return document


def _empty_response(status: int, acted: bool) -> Response:
    return Response(status, headers={"Content-Type": "application/json"}, acted=acted)
