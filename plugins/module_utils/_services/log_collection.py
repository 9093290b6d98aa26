# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log collection jobs of Ops Manager and Cloud Manager, API v1.0.

https://www.mongodb.com/docs/ops-manager/current/reference/api/log-collection/

Private to this collection.
"""

from __future__ import annotations

from .._core import values
from .._core.engine import Step, Work
from .._core.errors import JobsError, Overtaken, ServiceError
from .._core.retry import Effect
from .._core.transport import Endpoint
from . import mongodb

NAME = "Ops Manager"

OPTIONS = mongodb.connection_options(
    base_url=["MCLI_OPS_MANAGER_URL"],
    public_key=["MCLI_PUBLIC_API_KEY"],
    private_key=["MCLI_PRIVATE_API_KEY"],
    project_id=["MCLI_PROJECT_ID"],
)

STATUSES = ["IN_PROGRESS", "SUCCESS", "FAILURE", "MARKED_FOR_EXPIRY", "EXPIRED"]

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

_JOBS = "/api/public/v1.0/groups/{project_id}/logCollectionJobs"
_JOB = _JOBS + "/{job_id}"
LIST = Endpoint("list the log collection jobs of project {project_id}", "GET", _JOBS, Effect.READ)
GET = Endpoint("show log collection job {job_id}", "GET", _JOB, Effect.READ)
RETRY = Endpoint("retry log collection job {job_id}", "PUT", _JOB + "/retry", Effect.CHANGE)
DELETE = Endpoint("delete log collection job {job_id}", "DELETE", _JOB, Effect.CHANGE)

_MISSING = ("LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP",)


class LogCollectionJobs:
    """The jobs of one project.

    :param params: with base_url, public_key, private_key and project_id.
    :param settings: HttpSettings.
    :param host: a Host.
    :raises InvalidInput: one of the parameters cannot be right.
    """

    def __init__(self, params, settings, host):
        self._project = values.identifier("project_id", params["project_id"], values.HEX_24).lower()
        self._transport = mongodb.connect(NAME, params, settings, host)

    def _listing(self):
        return mongodb.Listing(self._transport, LIST, project_id=self._project)

    def all(self):
        """Yields all jobs, in the service's order."""
        return self._listing().all()

    def find(self, ids):
        """{id: job} of those that exist, in as few requests as possible."""
        return mongodb.find(ids, self.get, self._listing(), _is_missing)

    def get(self, job_id, verbose=False):
        """One job; with its child jobs if verbose.

        :raises ServiceError: it does not exist, or cannot be had.
        """
        query = {"verbose": "true"} if verbose else None
        return mongodb.get_job(self._transport, GET, query=query, project_id=self._project, job_id=job_id)

    def delete(self, job_id):
        """Returns whether the service deleted the job; False if there is none.

        :raises Overtaken: there may be none any more.
        """
        try:
            self._transport.call(DELETE, project_id=self._project, job_id=job_id)
        except ServiceError as error:
            missing = _is_missing(error)
            if missing is None:
                raise Overtaken(error) from None
            if missing:
                return False
            raise
        return True

    def retry(self, job_id):
        """Starts a failed job again.

        :raises Overtaken: it is not failed, or not there, any more.
        """
        try:
            self._transport.call(RETRY, project_id=self._project, job_id=job_id)
        except ServiceError as error:
            if _is_missing(error) is not False or error.code == "ONLY_FAILED_JOB_CAN_BE_RESTARTED":
                raise Overtaken(error) from None
            raise
        return True


def _is_missing(error):
    return mongodb.is_job_missing(error, _MISSING)


def fields(job):
    """The documented fields of a job."""
    return {name: job[name] for name in FIELDS if name in job}


def created(job):
    """When a job was created, or None if that cannot be read."""
    return values.parse_time(str(job["creationDate"])) if job.get("creationDate") else None


def plan_absent(observed):
    """Step to a job that does not exist."""
    if observed is None:
        return Step()
    return Step("delete", before={"status": observed.get("status")})


def plan_retried(key, observed):
    """Step to a job that did not fail: failed ones are started again, running and finished ones stay."""
    if observed is None:
        return Step(refusal=f"Log collection job {key} does not exist, so it cannot be retried.")
    status = observed.get("status")
    if status == "FAILURE":
        return Step("retry", before={"status": status}, after={"status": "IN_PROGRESS"})
    if status in ("IN_PROGRESS", "SUCCESS"):
        return Step()
    if status in ("EXPIRED", "MARKED_FOR_EXPIRY"):
        return Step(
            refusal=f"Log collection job {key} cannot be retried, as it is {status}: its logs are deleted or "
            "about to be. Start a new collection instead."
        )
    return Step(refusal=f"Log collection job {key} has the status {status!r}, which is not known to allow a retry.")


class LogCollectionWork(Work):
    """Log collection jobs as items of the engine.

    :param jobs: LogCollectionJobs.
    :param state: absent or retried.
    """

    noun = "log collection job"
    plural = "log collection jobs"
    result_key = "jobs"

    def __init__(self, jobs, state):
        self._jobs = jobs
        self._state = state

    def observe(self, keys):
        return self._jobs.find(keys)

    def plan(self, key, observed):
        return plan_absent(observed) if self._state == "absent" else plan_retried(key, observed)

    def apply(self, item):
        act = self._jobs.delete if self._state == "absent" else self._jobs.retry
        return act(item.key)

    def fields(self, key, observed):
        return {**fields(observed or {}), "id": key}

    def judge(self, key, observed):
        """Whether a job has ended well, see waiting.follow."""
        status = observed.get("status") if observed else None
        if status == "SUCCESS":
            return True
        if status == "IN_PROGRESS":
            return False
        if observed is None:
            raise JobsError(f"Log collection job {key} was deleted by someone else while it was followed.")
        if status == "FAILURE":
            raise JobsError(f"Log collection job {key} failed. {self._what_failed(key)}".rstrip())
        raise JobsError(f"Log collection job {key} ended as {status}.")

    def _what_failed(self, key):
        """The messages of the child jobs that failed, host by host."""
        try:
            children = self._jobs.get(key, verbose=True).get("childJobs") or []
        except JobsError:
            return ""
        failed = [child for child in children if isinstance(child, dict) and child.get("status") == "FAILURE"]
        return " ".join(f"{_where(child)}: {_why(child)}." for child in failed)


def _where(child):
    return f"{child.get('hostName')} {child.get('logCollectionType')}"


def _why(child):
    return str(child.get("errorMessage") or "no message").rstrip(".")


def needs_following(item):
    """Whether a job may still be running after the engine has finished with it."""
    return item.error is None and (item.changed or (item.observed or {}).get("status") == "IN_PROGRESS")
