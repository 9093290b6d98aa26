# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log collection jobs of Ops Manager and Cloud Manager, API v1.0: the calls.

https://www.mongodb.com/docs/ops-manager/current/reference/api/log-collection/
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from ...._core.context import TaskContext
from ...._core.errors import ServiceError
from ...._core.http.client import Client
from ...._core.http.endpoint import Endpoint
from ...._core.http.limits.rate_limit import RateLimit
from ...._core.http.retry import Effect
from ...._core.http.settings import HttpSettings
from ...._core.json_fields import pick_details, pick_fields
from ...._core.params import timestamps, validators
from .. import sign_in
from .calls import Calls, Job, LogJobs
from .family import Family, Limit

# What each product is called, and the part of the path that tells the API of Atlas from that of the others.
PRODUCTS = {
    "ops_manager": ("Ops Manager", "public"),
    "cloud_manager": ("Cloud Manager", "public"),
    "atlas": ("MongoDB Atlas", "atlas"),
}
_CLOUD = "cloud.mongodb.com"

OPTIONS = {
    **sign_in.connection_options(
        base_url=["MCLI_OPS_MANAGER_URL"],
        public_key=["MCLI_PUBLIC_API_KEY"],
        private_key=["MCLI_PRIVATE_API_KEY"],
        client_id=["MONGODB_ATLAS_CLIENT_ID"],
        client_secret=["MONGODB_ATLAS_CLIENT_SECRET"],
        project_id=["MCLI_PROJECT_ID"],
    ),
    "product": {"type": "str", "choices": list(PRODUCTS)},
    "requests_per_minute": {"type": "int"},
}

STATUSES = ["IN_PROGRESS", "SUCCESS", "FAILURE", "MARKED_FOR_EXPIRY", "EXPIRED"]
LOG_TYPES = ["AUTOMATION_AGENT", "BACKUP_AGENT", "MONITORING_AGENT", "MONGODB", "FTDC"]
RESOURCE_TYPES = ["CLUSTER", "PROCESS", "REPLICASET"]

FIELDS = (
    "id",
    "groupId",
    "userId",
    "creationDate",
    "expirationDate",
    "status",
    "resourceType",
    "resourceName",
    "rootResourceName",
    "rootResourceType",
    "downloadUrl",
    "redacted",
    "logTypes",
    "sizeRequestedPerFileBytes",
    "uncompressedSizeTotalBytes",
    "logCollectionFromDate",
    "logCollectionToDate",
    "childJobs",
)

VERSION = "v1.0"
_JOBS = "/api/{family}/v1.0/groups/{project_id}/logCollectionJobs"
_JOB = _JOBS + "/{job_id}"
LIST = Endpoint("list the log collection jobs of project {project_id}", "GET", _JOBS, Effect.READ, is_list=True)
GET = Endpoint("show log collection job {job_id}", "GET", _JOB, Effect.READ)
CREATE = Endpoint("start a log collection in project {project_id}", "POST", _JOBS, Effect.CHANGE)
EXTEND = Endpoint("extend log collection job {job_id}", "PATCH", _JOB, Effect.CHANGE)
RETRY = Endpoint("retry log collection job {job_id}", "PUT", _JOB + "/retry", Effect.CHANGE)
DELETE = Endpoint("delete log collection job {job_id}", "DELETE", _JOB, Effect.CHANGE)
DOWNLOAD = Endpoint(
    "send the logs of log collection job {job_id}",
    "GET",
    _JOB + "/download",
    Effect.READ,
    accept="application/gzip, application/json",
    streams=True,
)

_CALLS = Calls(LIST, GET, CREATE, EXTEND, RETRY, DELETE, DOWNLOAD, missing=("LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP",))
# The job has changed since it was looked at.
_CONFLICTS = ("CANNOT_EXTEND_EXPIRED_JOB", "ONLY_FAILED_JOB_CAN_BE_RESTARTED")


class LogCollectionJobs(LogJobs):
    """The jobs of one project.

    :param params: those of OPTIONS.
    :raises InvalidInput: one of the parameters is invalid.
    """

    def __init__(self, params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> None:
        project = validators.identifier("project_id", params["project_id"], validators.HEX_24).lower()
        self.product, family, client = connect(params, settings, context)
        super().__init__(client, _CALLS, {"family": family, "project_id": project})

    def is_conflict(self, error: ServiceError) -> bool:
        return error.code in _CONFLICTS


def connect(params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> tuple[str, str, Client]:
    """The product, the part of its paths that tells its API from others, and a Client for it.

    :param params: those of OPTIONS, with or without `project_id`.
    :raises InvalidInput: one of the parameters is invalid.
    """
    product: str = params["product"] or _product_at(validators.base_url("base_url", params["base_url"]))
    name, family = PRODUCTS[product]
    rate_limit = None
    if params["requests_per_minute"] is not None:
        rate_limit = RateLimit(validators.positive("requests_per_minute", params["requests_per_minute"]), 60)
    return product, family, sign_in.connect(name, params, settings, context, rate_limit=rate_limit)


def _product_at(url: str) -> str:
    return "cloud_manager" if urlsplit(url).hostname == _CLOUD else "ops_manager"


def fields(job: Job) -> dict[str, Any]:
    """The documented fields of a job, without its child jobs."""
    return pick_fields(job, (name for name in FIELDS if name != "childJobs"))


# What a result shows of a job that is deleted, or started again.
_BRIEF = ("id", "status", "resourceType", "resourceName", "creationDate", "expirationDate")


def brief(job: Job) -> dict[str, Any]:
    """What tells a job from others, and its state."""
    return pick_fields(job, _BRIEF)


_DETAILS = ("status", "resourceType", "resourceName", "logTypes", "uncompressedSizeTotalBytes")
_DATES = ("creationDate", "expirationDate")


def details(job: Job) -> dict[str, Any]:
    """What a reviewer wants to know of a job, see Reconciler.details()."""
    return pick_details(job, _DETAILS, _DATES, moment)


def fields_with_children(job: Job) -> dict[str, Any]:
    """The documented fields of a job."""
    return pick_fields(job, FIELDS)


def created(job: Job) -> datetime | None:
    """When a job was created, or None if that cannot be read."""
    return moment(job.get("creationDate"))


def expires(job: Job) -> datetime | None:
    """When the logs of a job are to be deleted, or None if that cannot be read."""
    return moment(job.get("expirationDate"))


def finished(job: Job) -> datetime | None:
    """When the last part of a job's logs was collected, or None if nothing tells; asks for child jobs.

    A retry changes it, while the time of creation stays.
    """
    ends = [moment(child.get("finishDate")) for child in children(job)]
    return max((end for end in ends if end is not None), default=None)


def moment(date: Any) -> datetime | None:
    """A date as the service shows it; one table of its documentation calls them numbers, all examples are texts."""
    if isinstance(date, int) and not isinstance(date, bool):
        found = timestamps.from_milliseconds(date)
    else:
        found = timestamps.parse_time(date) if isinstance(date, str) else None
    # What is not set may show as the first moment that a server knows, or as the last.
    return found if found is not None and 1970 <= found.year < 9000 else None


def shown_texts(value: Any) -> set[str]:
    """A list of texts as a job shows it, as a set that can be compared; empty if it is no list."""
    return {str(each) for each in value} if isinstance(value, list) else set()


def children(job: Job) -> list[dict[str, Any]]:
    """The child jobs, one for each type of log of each process; none unless they were asked for."""
    found = job.get("childJobs")
    return [child for child in found if isinstance(child, dict)] if isinstance(found, list) else []


_LONGEST_MONTHS = 6

FAMILY = Family(
    "log collection job",
    "log_collection_job",
    fields,
    brief,
    details,
    finished=finished,
    ends_in_children=True,
    limit=Limit(
        f"{_LONGEST_MONTHS} months",
        timedelta(days=184),
        lambda created: timestamps.months_after(created, _LONGEST_MONTHS),
    ),
)
