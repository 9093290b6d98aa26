# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log collection jobs of the servers of Ops Manager itself, API v1.0: the calls.

https://www.mongodb.com/docs/ops-manager/current/reference/api/om-log-collection/
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ...._core.context import TaskContext
from ...._core.errors import ServiceError
from ...._core.http.endpoint import Endpoint
from ...._core.http.retry import Effect
from ...._core.http.settings import HttpSettings
from ...._core.json_fields import pick_details, pick_fields
from .. import conventions, paging, sign_in
from ..log_jobs.api import children, moment
from ..log_jobs.calls import Calls, Job, LogJobs
from ..log_jobs.family import Family, Limit

OPTIONS = sign_in.key_options(
    base_url=["MCLI_OPS_MANAGER_URL"],
    public_key=["MCLI_PUBLIC_API_KEY"],
    private_key=["MCLI_PRIVATE_API_KEY"],
    required=True,
)
# An Ops Manager has no service accounts.
WAYS = (sign_in.KEY,)

# Those of an Ops Manager server, and that of a backup daemon.
SERVER_LOG_TYPES = ["APPLICATION", "HTTP_ACCESS", "MIGRATION"]
DAEMON_LOG_TYPE = "DAEMON"
LOG_TYPES = [*SERVER_LOG_TYPES, DAEMON_LOG_TYPE]

FIELDS = (
    "id",
    "creationDate",
    "expirationDate",
    "finishDate",
    "status",
    "servers",
    "logTypes",
    "sizeRequestedPerFileBytes",
    "uncompressedSizeTotalBytes",
    "sizeLimitHit",
    "logCollectionFromDate",
    "logCollectionToDate",
    "downloadUrl",
    "childJobs",
)
_SERVER_FIELDS = ("serverId", "serverType", "lastPing")

_ADMIN = "/api/public/v1.0/admin"
_JOBS = _ADMIN + "/omLogCollectionJobs"
_JOB = _JOBS + "/{job_id}"
SERVERS = Endpoint("list its active servers", "GET", _ADMIN + "/servers", Effect.READ, is_list=True)
LIST = Endpoint("list the server log collection jobs", "GET", _JOBS, Effect.READ, is_list=True)
GET = Endpoint("show server log collection job {job_id}", "GET", _JOB, Effect.READ)
CREATE = Endpoint("start a collection of server logs", "POST", _JOBS, Effect.CHANGE)
EXTEND = Endpoint("extend server log collection job {job_id}", "PATCH", _JOB, Effect.CHANGE)
RETRY = Endpoint("retry server log collection job {job_id}", "POST", _JOB + ":retry", Effect.CHANGE)
DELETE = Endpoint("delete server log collection job {job_id}", "DELETE", _JOB, Effect.CHANGE)
DOWNLOAD = Endpoint(
    "send the logs of server log collection job {job_id}",
    "GET",
    _JOB + ":download",
    Effect.READ,
    accept="application/gzip, application/json",
    streams=True,
)
# No code is documented for a missing job.
_CALLS = Calls(LIST, GET, CREATE, EXTEND, RETRY, DELETE, DOWNLOAD)
# Neither is the answer if the status of a job does not allow a change.
_CONFLICT_STATUSES = (400, 404, 409)
_CONFLICTS = ("CANNOT_EXTEND_EXPIRED_JOB", "ONLY_FAILED_JOB_CAN_BE_RESTARTED")

_LONGEST_DAYS = 28
_LACKS_ROLE = (
    "The API key needs the global role Global Read Only to list and download server log collection jobs, and Global "
    "Owner to start, extend, retry and delete them."
)
_HINTS = {
    404: "If no job is missing, this may be a version of Ops Manager that does not collect the logs of its own "
    "servers, or base_url is not the address of an Ops Manager.",
    413: "The logs would need more storage than Ops Manager has for them: give size_requested_per_file_bytes, or "
    "delete other jobs.",
    429: "Ops Manager may have as many jobs in progress as it allows. Wait until one has ended.",
}


class ServerLogJobs(LogJobs):
    """The jobs of an Ops Manager.

    :param params: those of OPTIONS.
    :raises InvalidInput: one of the parameters is invalid.
    """

    def __init__(self, params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> None:
        keys = {**params, **dict.fromkeys(sign_in.ACCOUNT)}
        client = sign_in.connect("Ops Manager", keys, settings, context, ways=WAYS, hint=_hint)
        super().__init__(client, _CALLS, {})
        self._active_ids: set[str] | None = None

    def is_conflict(self, error: ServiceError) -> bool:
        return error.status in _CONFLICT_STATUSES or error.code in _CONFLICTS

    def active_servers(self) -> list[dict[str, Any]]:
        """The servers whose logs can be collected, with their documented fields."""
        listing = paging.Listing(self.client, SERVERS, self.path_params, id_field="serverId")
        return [pick_fields(server, _SERVER_FIELDS) for server in listing.all()]

    def active_server_ids(self) -> set[str]:
        """The ids of these servers in lower case, looked up once."""
        if self._active_ids is None:
            self._active_ids = {server["serverId"].lower() for server in self.active_servers()}
        return self._active_ids


def _hint(status: int, code: str | None) -> str:
    if code in conventions.LACKS_RIGHTS:
        return _LACKS_ROLE
    if code == "RATE_LIMITED":
        return ""
    return conventions.hint(status, code) or _HINTS.get(status, "")


def fields(job: Job) -> dict[str, Any]:
    """The documented fields of a job, without its child jobs."""
    return pick_fields(job, (name for name in FIELDS if name != "childJobs"))


def fields_with_children(job: Job) -> dict[str, Any]:
    """The documented fields of a job."""
    return pick_fields(job, FIELDS)


# What a result shows of a job that is deleted, or started again.
_BRIEF = ("id", "status", "servers", "logTypes", "creationDate", "expirationDate")


def brief(job: Job) -> dict[str, Any]:
    """What tells a job from others, and its state."""
    return pick_fields(job, _BRIEF)


_DETAILS = ("status", "servers", "logTypes", "uncompressedSizeTotalBytes")
_DATES = ("creationDate", "expirationDate")


def details(job: Job) -> dict[str, Any]:
    """What a reviewer wants to know of a job, see Reconciler.details()."""
    return pick_details(job, _DETAILS, _DATES, moment)


def finished(job: Job) -> datetime | None:
    """When a job has ended, or None if nothing tells. A retry changes it."""
    ends = [moment(part.get("finishDate")) for part in (job, *children(job))]
    return max((end for end in ends if end is not None), default=None)


FAMILY = Family(
    "server log collection job",
    "server_log_collection_job",
    fields,
    brief,
    details,
    finished=finished,
    ends_in_children=False,
    limit=Limit(
        f"{_LONGEST_DAYS} days",
        timedelta(days=_LONGEST_DAYS),
        lambda created: created + timedelta(days=_LONGEST_DAYS),
    ),
)
