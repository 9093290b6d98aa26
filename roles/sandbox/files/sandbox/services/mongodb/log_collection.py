# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from typing import Any

from ...clock import Clock, add_months, iso
from ...http.archive_download import archive_answer
from ...http.messages import Answer, Call, json_answer
from ...seed import HEX24
from ...variants.registry import Variants
from .api import ApiError, NewIds, document, flag, page
from .body import Body, iso_date
from .log_creation import new_job
from .log_jobs import LogJob, LogProject

PATH = re.compile(r"/groups/(?P<project>[^/]+)/logCollectionJobs(/(?P<job>[^/]+)(/(?P<verb>[^/]+))?)?")
SPELLINGS = {
    "live": str.lower,
    "upper": str,
    "upper_underscore": lambda name: "REPLICA_SET" if name == "REPLICASET" else name,
}
MOST_MONTHS = 6
OTHER_HOST = "http://opsmanager.internal:8080"


class LogCollection:
    def __init__(self, clock: Clock, variants: Variants):
        self._clock = clock
        self._variants = variants
        self._ids = NewIds("66f1c0de0000000000c0")
        # (method, a job is named, verb): further operations of the API go here
        self._operations = {
            ("GET", False, None): self._list,
            ("POST", False, None): self._create,
            ("GET", True, None): self._get,
            ("PATCH", True, None): self._extend,
            ("GET", True, "download"): self._download,
            ("PUT", True, "retry"): self._retry,
            ("DELETE", True, None): self._delete,
        }

    def answer(self, call: Call, base: str, match: re.Match, project: LogProject) -> Answer:
        """`base` is the path of the API, `project` the one that the path names."""
        jobs, job_id, verb = project.jobs, match["job"], match["verb"]
        operation = self._operations.get((call.method, job_id is not None, verb))
        if operation is None:
            raise ApiError("RESOURCE_NOT_FOUND", call.path)
        if job_id is None:
            return operation(call, base, project)
        if not HEX24.fullmatch(job_id):
            raise ApiError("INVALID_LOG_COLLECTION_JOB_ID", job_id)
        if job_id not in jobs:
            raise self._missing(job_id, project.id, call.path)
        jobs[job_id].settle(self._clock.now())
        return operation(call, base, project, jobs[job_id])

    def _missing(self, job_id: str, project_id: str, path: str) -> ApiError:
        code = self._variants["missing_log_job_code"]
        if code == "LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP":
            return ApiError(code, job_id, project_id)
        return ApiError(code, path, status=404)

    def _list(self, call: Call, base: str, project: LogProject) -> Answer:
        links = {"verbose": call.query["verbose"]} if "verbose" in call.query else {}
        some, listing = page(call, self._variants, project.jobs.values(), len(project.jobs), links)
        for job in some:
            job.settle(self._clock.now())
        listing["results"] = [self._document(call, base, job) for job in some]
        return document(call, listing, "application/json")

    def _get(self, call: Call, base: str, project: LogProject, job: LogJob) -> Answer:
        return document(call, self._document(call, base, job), "application/json")

    def _create(self, call: Call, base: str, project: LogProject) -> Answer:
        job = new_job(
            call,
            project,
            lambda *parts: self._ids.take(project.jobs, project.id, *parts),
            self._clock.now(),
            self._variants,
        )
        project.jobs[job.id] = job
        return json_answer(201, {"id": job.id}, acted=True)

    def _extend(self, call: Call, base: str, project: LogProject, job: LogJob) -> Answer:
        text = Body(call, ("expirationDate",)).value("expirationDate")
        if job.status == "EXPIRED":
            raise self._refusal(project, "CANNOT_EXTEND_EXPIRED_JOB")
        expires, now = iso_date(text), self._clock.now()
        if expires < now:
            raise self._refusal(project, "EXPIRATION_DATE_MUST_BE_IN_FUTURE", "JOB_EXPIRATION_DATE_IN_PAST")
        if expires > add_months(job.created if self._variants["extension_limit"] == "creation" else now, MOST_MONTHS):
            raise self._refusal(project, "EXPIRATION_DATE_TOO_DISTANT", "JOB_EXPIRATION_DATE_EXCEEDS_MAX", MOST_MONTHS)
        acted = iso(expires) != iso(job.expires)
        job.expires = expires
        return Answer(200, headers={"Content-Type": "application/json"}, acted=acted)

    def _download(self, call: Call, base: str, project: LogProject, job: LogJob) -> Answer:
        if job.status == "IN_PROGRESS":
            raise self._refusal(project, "CANNOT_DOWNLOAD_JOB_IN_PROGRESS", None, job.id)
        if job.status == "EXPIRED":
            raise self._refusal(project, "CANNOT_DOWNLOAD_EXPIRED_JOB", None, job.id)
        return archive_answer(
            call,
            self._variants,
            job.collected(),
            job.archive_bytes,
            job.created,
            f"logcollection-{job.id}.tar.gz",
            self._variants["download_ranges"],
        )

    def _refusal(self, project: LogProject, code: str, atlas_code: str | None = None, *parameters: Any) -> ApiError:
        """One of the errors on which the lists of Ops Manager and of Atlas differ, by status or by name."""
        wanted = self._variants["log_error_status"]
        if wanted == 400 or (wanted == "by_product" and project.family == "atlas"):
            return ApiError(atlas_code or code, *parameters, status=400)
        return ApiError(code, *(() if atlas_code else parameters))

    def _retry(self, call: Call, base: str, project: LogProject, job: LogJob) -> Answer:
        if job.status != "FAILURE":
            raise ApiError("ONLY_FAILED_JOB_CAN_BE_RESTARTED")
        job.run_again(self._clock.now())
        return Answer(200, headers={"Content-Type": "application/json"}, acted=True)

    def _delete(self, call: Call, base: str, project: LogProject, job: LogJob) -> Answer:
        del project.jobs[job.id]
        return Answer(200, headers={"Content-Type": "application/json"}, acted=True)

    def _document(self, call: Call, base: str, job: LogJob) -> dict:
        resource_type = SPELLINGS[self._variants["resource_type_spelling"]](job.resource_type)
        host = call.origin if self._variants["download_host"] == "own" else OTHER_HOST
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
            "downloadUrl": f"{host}{base}/groups/{job.project}/logCollectionJobs/{job.id}/download",
            "redacted": job.redacted,
            "logTypes": sorted(job.log_types),
            "sizeRequestedPerFileBytes": job.file_bytes,
            "uncompressedSizeTotalBytes": job.total_bytes,
        }
        if job.dates and self._variants["log_dates_shown"]:
            shown["logCollectionFromDate"], shown["logCollectionToDate"] = job.dates
        if flag(call, "verbose"):
            shown["childJobs"] = job.children()
        return shown
