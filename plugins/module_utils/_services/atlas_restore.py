# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restore jobs of MongoDB Atlas cloud backups, API v1.0 and v2.

https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/restore/restores/

Private to this collection.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone

from .._core import values
from .._core.engine import Step, Work
from .._core.errors import InvalidInput, Overtaken, ServiceError
from .._core.quota import Quota
from .._core.retry import Effect
from .._core.secrets import HIDDEN
from .._core.transport import Endpoint
from . import mongodb

NAME = "MongoDB Atlas"

OPTIONS = {
    **mongodb.connection_options(
        base_url=["MONGODB_ATLAS_BASE_URL", "MCLI_OPS_MANAGER_URL"],
        public_key=["MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY", "MCLI_PUBLIC_API_KEY"],
        private_key=["MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY", "MCLI_PRIVATE_API_KEY"],
        project_id=["MONGODB_ATLAS_PROJECT_ID", "MCLI_PROJECT_ID"],
    ),
    "api_version": {"type": "str", "choices": ["v1.0", "v2"], "default": "v2"},
    "cluster_name": {"type": "str", "required": True},
}

DELIVERY_TYPES = ["automated", "download", "pointInTime"]
STATUSES = ["in_progress", "ready", "finished", "failed", "expired", "cancelled"]

FIELDS = (
    "id",
    "snapshotId",
    "deliveryType",
    "cancelled",
    "expired",
    "failed",
    "finishedAt",
    "expiresAt",
    "createdAt",
    "timestamp",
    "desiredTimestamp",
    "targetClusterName",
    "targetGroupId",
    "targetDeploymentItemName",
    "oplogTs",
    "oplogInc",
    "pointInTimeUTCSeconds",
)

# With those that are shown in another form than the service's.
SHOWN = (*FIELDS, "deliveryUrl", "components", "status")

# The first version of these resources, and still the newest.
_MEDIA_TYPES = {"v1.0": "application/json", "v2": "application/vnd.atlas.2023-01-01+json"}
# All calls about cloud backups in a project together, https://www.mongodb.com/docs/atlas/api/api-rate-limit/
_QUOTA = Quota(requests=500, seconds=60, capacity=1200)
_CLUSTER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")

_JOBS = "/api/atlas/{version}/groups/{project_id}/clusters/{cluster}/backup/restoreJobs"
_JOB = _JOBS + "/{job_id}"
LIST = Endpoint("list the restore jobs of cluster {cluster}", "GET", _JOBS, Effect.READ)
GET = Endpoint("show restore job {job_id} of cluster {cluster}", "GET", _JOB, Effect.READ)
CANCEL = Endpoint("cancel restore job {job_id} of cluster {cluster}", "DELETE", _JOB, Effect.CHANGE)

_MISSING = ("RESTORE_JOB_NOT_FOUND", "RESTORE_JOB_NOT_FOUND_IN_GROUP")
_CLUSTER_MISSING = "CLUSTER_NOT_FOUND"
_NEVER_CANCELLED = ("CANNOT_CANCEL_AUTOMATED_RESTORE", "ATLAS_BACKUP_CANCEL_SHARD_RESTORE_JOB_NOT_ALLOWED")


class RestoreJobs:
    """The restore jobs of one cluster, the one whose snapshots are restored.

    :param params: with base_url, public_key, private_key, project_id, api_version and cluster_name.
    :param settings: HttpSettings.
    :param host: a Host.
    :raises InvalidInput: one of the parameters cannot be right.
    """

    def __init__(self, params, settings, host):
        version = params["api_version"]
        self._host = host
        self._ids = {
            "version": version,
            "project_id": values.identifier("project_id", params["project_id"], values.HEX_24).lower(),
            "cluster": _cluster_name(params["cluster_name"]),
        }
        self._transport = mongodb.connect(NAME, params, settings, host, _MEDIA_TYPES[version], _QUOTA)

    def _listing(self):
        return mongodb.Listing(self._transport, LIST, **self._ids)

    def all(self):
        """Yields all jobs, in the service's order; none, with a warning, if the cluster does not exist."""
        try:
            for job in self._listing().all():
                yield self._keep_urls(job)
        except ServiceError as error:
            self._warn_if_cluster_is_missing(error)

    def find(self, ids):
        """{id: job} of those that exist, in as few requests as possible; a missing cluster has none."""
        try:
            found = mongodb.find(ids, self.get, self._listing(), _is_missing)
        except ServiceError as error:
            self._warn_if_cluster_is_missing(error)
            return {}
        return {job_id: self._keep_urls(job) for job_id, job in found.items()}

    def get(self, job_id):
        """One job.

        :raises ServiceError: it does not exist, or cannot be had.
        """
        return mongodb.get_job(self._transport, GET, job_id=job_id, **self._ids)

    def cancel(self, job_id):
        """Returns whether the service cancelled the job; False if there is none.

        :raises Overtaken: the service refused, perhaps because the job has ended meanwhile.
        """
        try:
            self._transport.call(CANCEL, job_id=job_id, **self._ids)
        except ServiceError as error:
            if _is_missing(error) or _is_cluster_missing(error):
                return False
            if error.status in (400, 404, 405, 409) and error.code not in _NEVER_CANCELLED:
                raise Overtaken(error) from None
            raise
        return True

    def _keep_urls(self, job):
        """Who has a delivery URL has the data: it needs no credentials."""
        self._transport.vault.keep(*_urls(job))
        return job

    def _warn_if_cluster_is_missing(self, error):
        if not _is_cluster_missing(error):
            raise error
        self._host.warn(
            f"Cluster {self._ids['cluster']} does not exist in project {self._ids['project_id']}, so it has no "
            "restore jobs. If that is a surprise, check cluster_name, the cluster whose snapshot is restored."
        )


def _cluster_name(value):
    if not (value.isascii() and _CLUSTER.fullmatch(value)):
        raise InvalidInput(
            "cluster_name is not a valid name; it must be up to 64 letters, digits or '-', the first not a '-'."
        )
    return value


def _is_cluster_missing(error):
    return error.status == 404 and error.code == _CLUSTER_MISSING


def _is_missing(error):
    return mongodb.is_job_missing(error, _MISSING, container_codes=(_CLUSTER_MISSING,))


def _urls(job):
    """All delivery URLs of a job."""
    for component in [job, *_components(job)]:
        for name in ("deliveryUrl", "downloadUrl", "privateDownloadDeliveryUrls"):
            for url in _as_list(component.get(name)):
                yield from (str(part) for part in url.values()) if isinstance(url, dict) else [str(url)]


def _components(job):
    """The parts of a restore of a sharded cluster."""
    return [part for part in _as_list(job.get("components")) if isinstance(part, dict)]


def _as_list(value):
    if not value:
        return []
    return value if isinstance(value, list) else [value]


def fields(job):
    """The documented fields of a job and its derived `status`; delivery URLs are only counted."""
    shown = {name: job[name] for name in FIELDS if name in job}
    if "deliveryUrl" in job:
        shown["deliveryUrl"] = [HIDDEN for _url in _as_list(job["deliveryUrl"])]
    if _components(job):
        shown["components"] = [
            {"replicaSetName": part.get("replicaSetName"), "downloadUrl": HIDDEN if part.get("downloadUrl") else None}
            for part in _components(job)
        ]
    return {**shown, "status": status(job)}


def status(job):
    """One of STATUSES; the service itself has no such field."""
    for flag in ("failed", "cancelled", "expired"):
        if job.get(flag):
            return flag
    if job.get("finishedAt"):
        return "finished"
    # Only a download that is prepared shows its URL.
    if job.get("deliveryType") == "download" and any(True for _url in _urls(job)):
        return "ready"
    return "in_progress"


def created(job, wall):
    """When a job was created, or None if nothing tells.

    wall is now, in seconds since the epoch.

    Few versions of the API send createdAt. Ids of Atlas begin with their time of creation; where that makes no sense
    (before the snapshot, or later than the job's own end), the time of the snapshot is the best that is known.
    """
    if job.get("createdAt"):
        return values.parse_time(str(job["createdAt"]))
    snapshot = values.parse_time(str(job["timestamp"])) if job.get("timestamp") else None
    ended = values.parse_time(str(job["finishedAt"])) if job.get("finishedAt") else None
    try:
        by_id = datetime.fromtimestamp(int(job["id"][:8], 16), timezone.utc)
    except ValueError:
        return snapshot
    latest = ended or datetime.fromtimestamp(wall, timezone.utc)
    plausible = (snapshot is None or by_id >= snapshot) and by_id <= latest
    return by_id if plausible else snapshot


def plan_absent(key, observed):
    """Step to a job that is not going on: only a manual download can be cancelled."""
    if observed is None or status(observed) not in ("in_progress", "ready"):
        return Step()
    delivery = observed.get("deliveryType")
    if delivery != "download":
        return Step(
            refusal=f"Restore job {key} is still running and cannot be cancelled: its delivery type is {delivery}, and "
            "only manual downloads can be cancelled. Wait until it has finished."
        )
    return Step(
        "cancel",
        before={"status": status(observed), "cancelled": False},
        after={"status": "cancelled", "cancelled": True},
    )


class RestoreWork(Work):
    """Restore jobs as items of the engine, to be cancelled.

    :param jobs: RestoreJobs.
    """

    noun = "restore job"
    plural = "restore jobs"
    result_key = "jobs"

    def __init__(self, jobs):
        self._jobs = jobs

    def observe(self, keys):
        return self._jobs.find(keys)

    def plan(self, key, observed):
        return plan_absent(key, observed)

    def apply(self, item):
        return self._jobs.cancel(item.key)

    def fields(self, key, observed):
        return {**(fields(observed) if observed else {}), "id": key}
