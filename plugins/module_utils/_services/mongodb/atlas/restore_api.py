# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restore jobs of MongoDB Atlas cloud backups, API v1.0 and v2: the calls, and what a job shows.

https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/restore/restores/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ...._core.errors import ServiceError, StateConflict
from ...._core.http.endpoint import Endpoint
from ...._core.http.retry import Effect
from ...._core.json_fields import pick_details, pick_fields, time_field
from ...._core.redaction.registry import HIDDEN
from .. import objects, search
from ..objects import NotFound
from . import flex
from .cluster import PATH, Cluster, existence, is_cluster_missing

Job = Mapping[str, Any]

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

# What a reviewer wants to know of a job. The dates are those of the job, and that of its snapshot.
_DETAILS = ("snapshotId", "deliveryType", "targetClusterName", "targetGroupId", "pointInTimeUTCSeconds")
_DATES = ("createdAt", "timestamp", "finishedAt", "expiresAt")

# With those that are shown in another form than the service's.
SHOWN = (*FIELDS, "deliveryUrl", "privateDownloadDeliveryUrls", "components", "status")

_JOBS = PATH + "/restoreJobs"
_JOB = _JOBS + "/{job_id}"
LIST = Endpoint("list the restore jobs of cluster {cluster}", "GET", _JOBS, Effect.READ, is_list=True)
GET = Endpoint("show restore job {job_id} of cluster {cluster}", "GET", _JOB, Effect.READ)
CREATE = Endpoint("start a restore of cluster {cluster}", "POST", _JOBS, Effect.CHANGE)
CANCEL = Endpoint("cancel restore job {job_id} of cluster {cluster}", "DELETE", _JOB, Effect.CHANGE)

_MISSING = ("RESTORE_JOB_NOT_FOUND", "RESTORE_JOB_NOT_FOUND_IN_GROUP")
_NEVER_CANCELLED = ("CANNOT_CANCEL_AUTOMATED_RESTORE", "ATLAS_BACKUP_CANCEL_SHARD_RESTORE_JOB_NOT_ALLOWED")
# There may be such a restore meanwhile.
_CONFLICTS = (
    "CANNOT_DOWNLOAD_SNAPSHOT_CONCURRENTLY",
    "ATLAS_CLUSTER_RESTORE_IN_PROGRESS",
    "CLUSTER_RESTORE_IN_PROGRESS_CANNOT_UPDATE",
)
# Words of the product, which may be in addresses as well.
_PUBLIC_WORDS = ("download", "downloads", "automated", "pointInTime", "restoreJobs", "snapshots", "components")
# Parts of an address that are shorter are no secret, and their text may be anywhere.
_SHORTEST_SECRET = 8


class RestoreJobs:
    """The restore jobs of one cluster, the one whose snapshots are restored.

    All methods raise a JobsError if the service cannot be asked, or refuses.

    :param reveals: whether addresses of downloads are shown, instead of being kept secret.
    """

    def __init__(self, cluster: Cluster, *, reveals: bool = False) -> None:
        self._cluster = cluster
        self._reveals = reveals

    @property
    def are_of_flex(self) -> bool:
        """Whether the cluster is known to be a flex cluster, as it is after any look at its jobs."""
        return self._cluster.is_flex

    @property
    def cluster_name(self) -> str:
        """The name of the cluster."""
        return self._cluster.name

    def all(self) -> Iterator[Job]:
        """Yields all jobs, in the service's order; none, with a warning, if the cluster does not exist."""
        try:
            yield from self.all_of_existing_cluster()
        except ServiceError as error:
            self._cluster.warn_or_raise(error, "restore jobs")

    def all_of_existing_cluster(self) -> Iterator[Job]:
        """The same, but the cluster has to exist."""
        jobs = self._cluster.by_kind(lambda: flex.begun(self._cluster.listing(LIST).all()), self._all_of_flex)
        for job in jobs:
            yield self._keep_urls(job)

    def find(self, ids: Sequence[str]) -> dict[str, Job]:
        """The jobs that exist, by their ids, in as few requests as possible; a missing cluster has none."""
        try:
            found = self._cluster.by_kind(lambda: self._find(ids), lambda: self._find_of_flex(ids))
        except ServiceError as error:
            self._cluster.warn_or_raise(error, "restore jobs")
            return {}
        return {job_id: self._keep_urls(job) for job_id, job in found.items()}

    def _find(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        def get(job_id: str) -> dict[str, Any]:
            return self._cluster.get(GET, job_id=job_id)

        return search.find(self._cluster.client, ids, get, lambda: self._cluster.listing(LIST), _existence)

    def _all_of_flex(self) -> Iterator[dict[str, Any]]:
        return map(self._as_usual, self._cluster.listing(flex.LIST_JOBS).all())

    def _find_of_flex(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        def get(job_id: str) -> dict[str, Any]:
            return self._cluster.get(flex.GET_JOB, job_id=job_id)

        def says(error: ServiceError) -> NotFound:
            return existence(error, flex.MISSING_JOB)

        found = search.find(self._cluster.client, ids, get, lambda: self._cluster.listing(flex.LIST_JOBS), says)
        return {job_id: self._as_usual(job) for job_id, job in found.items()}

    def _as_usual(self, job: Job) -> dict[str, Any]:
        return flex.as_usual_job(job, self._cluster.context.clock.present()())

    def create(self, body: Mapping[str, Any]) -> Job:
        """Starts a restore; returns the job.

        :param body: what to restore, as the API wants it.
        :raises OutcomeUnknown: it may have been started.
        :raises StateConflict: there may be such a restore meanwhile.
        """
        endpoint, content = flex.request(body) if self._cluster.is_flex else (CREATE, body)
        try:
            response = self._cluster.call(endpoint, json=content)
        except ServiceError as error:
            if error.code in _CONFLICTS:
                raise StateConflict(error) from None
            raise
        job = objects.created(self._cluster.client, endpoint, response)
        return self._keep_urls(self._as_usual(job) if self._cluster.is_flex else job)

    def cancel(self, job_id: str) -> bool:
        """Returns whether the service cancelled the job; False if there is none.

        :raises StateConflict: the service refused, perhaps because the job has ended meanwhile.
        """
        try:
            self._cluster.call(CANCEL, job_id=job_id)
        except ServiceError as error:
            if _existence(error) is NotFound.MISSING or is_cluster_missing(error):
                return False
            if error.code == "ALREADY_EXPIRED":
                return False
            if error.status in (400, 404, 405, 409) and error.code not in _NEVER_CANCELLED:
                raise StateConflict(error) from None
            raise
        return True

    def fields(self, job: Job | None) -> dict[str, Any]:
        """The documented fields of a job and its derived `status`; addresses of downloads only if they are to be shown.

        Without a job, none.
        """
        if not job:
            return {}
        shown = pick_fields(job, FIELDS)
        if "deliveryUrl" in job:
            shown["deliveryUrl"] = [self._shown(url) for url in _as_list(job["deliveryUrl"])]
        shown.update(self._private(job))
        if components(job):
            shown["components"] = [
                {
                    "replicaSetName": part.get("replicaSetName"),
                    "downloadUrl": self._shown(part.get("downloadUrl")),
                    **self._private(part),
                }
                for part in components(job)
            ]
        return {**shown, "status": status(job)}

    def details(self, job: Job | None) -> dict[str, Any]:
        """What a reviewer wants to know of a job, see Reconciler.details(). Without a job, its cluster."""
        cluster = {"clusterName": self._cluster.name}
        return {**cluster, **pick_details(job, _DETAILS, _DATES), "status": status(job)} if job else cluster

    def _private(self, part: Job) -> dict[str, Any]:
        """The field of a job or a component with the addresses of private endpoints, if the service sends it."""
        if "privateDownloadDeliveryUrls" not in part:
            return {}
        addresses = [
            {"endpointId": endpoint, "deliveryUrl": self._shown(url)} for endpoint, url in private_addresses(part)
        ]
        return {"privateDownloadDeliveryUrls": addresses}

    def _shown(self, url: str | None) -> str | None:
        return url if self._reveals or not url else HIDDEN

    def _keep_urls(self, job: Job) -> Job:
        """Anyone who has a delivery URL can download the data: it needs no credentials."""
        if not self._reveals:
            known = [self._cluster.name, self._cluster.project_id, job.get("id"), job.get("snapshotId")]
            known += [endpoint for part in [job, *components(job)] for endpoint, _url in private_addresses(part)]
            for url in urls(job):
                self._cluster.client.registry.keep(*secrets_of(url, known))
        return job


def _existence(error: ServiceError) -> NotFound:
    return existence(error, _MISSING)


def urls(job: Job) -> Iterator[str]:
    """All delivery URLs of a job."""
    for component in [job, *components(job)]:
        for name in ("deliveryUrl", "downloadUrl", "privateDownloadDeliveryUrls"):
            for url in _as_list(component.get(name)):
                # Those of private endpoints come with the name of the endpoint, which is no address.
                texts = [str(part) for part in url.values()] if isinstance(url, dict) else [str(url)]
                yield from (text for text in texts if "://" in text)


def delivery_urls(job: Job) -> list[str]:
    """Those that anybody can reach, without the ones of private endpoints."""
    return [str(url) for url in _as_list(job.get("deliveryUrl"))]


def private_addresses(part: Job) -> list[tuple[str, str | None]]:
    """The ids of private endpoints with their URLs, of a job or of a component of one."""
    return [
        (str(entry.get("endpointId") or ""), url if isinstance(url := entry.get("deliveryUrl"), str) and url else None)
        for entry in _as_list(part.get("privateDownloadDeliveryUrls"))
        if isinstance(entry, dict)
    ]


def secrets_of(url: str, known: Iterable[Any] = ()) -> list[str]:
    """A delivery URL, and the parts of it that give the data away.

    :param known: ids and names that are no secrets wherever they are.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return [url]
    pieces = [piece for piece in parts.path.split("/") if not piece.endswith((".tar.gz", ".tgz"))]
    pieces += [parts.query, *(value for _name, value in parse_qsl(parts.query))]
    public = {str(each).lower() for each in (*known, *_PUBLIC_WORDS)}
    return [url, *(piece for piece in pieces if len(piece) >= _SHORTEST_SECRET and piece.lower() not in public)]


def components(job: Job) -> list[Job]:
    """The parts of a restore of a sharded cluster."""
    return [part for part in _as_list(job.get("components")) if isinstance(part, dict)]


def _as_list(value: Any) -> list[Any]:
    if not value:
        return []
    return value if isinstance(value, list) else [value]


def status(job: Job) -> str:
    """One of STATUSES; the service itself has no such field."""
    is_download = job.get("deliveryType") == "download"
    # What has been restored to a cluster stays so, whatever becomes of the job.
    ends = ("failed", "cancelled", "expired", "finishedAt") if is_download else ("failed", "cancelled", "finishedAt")
    for end in (*ends, "expired"):
        if job.get(end):
            return "finished" if end == "finishedAt" else end
    return "ready" if is_download and _is_prepared(job) else "in_progress"


def _is_prepared(job: Job) -> bool:
    """Whether a download has addresses; one that shows when it ends may have lost some of them again."""
    parts = components(job) if not job.get("deliveryUrl") else []
    reachable = [any(True for _url in urls(part)) for part in parts or [job]]
    return any(reachable) if job.get("expiresAt") else all(reachable)


def was_fetched(job: Job) -> bool:
    """Whether a download was ready, and has been fetched since: it has an end, but no address any more."""
    return job.get("deliveryType") == "download" and status(job) == "in_progress" and bool(job.get("expiresAt"))


def created(job: Job, now: Callable[[], datetime]) -> datetime | None:
    """When a job was created, or None if nothing tells.

    :param now: returns the present moment, see Clock.present().

    Few versions of the API send createdAt. Ids of Atlas begin with their time of creation; where that makes no sense
    (before the snapshot, or later than the job's own end), the time of the snapshot is the best that is known.
    """
    if job.get("createdAt"):
        return time_field(job, "createdAt")
    snapshot, ended = time_field(job, "timestamp"), time_field(job, "finishedAt")
    try:
        by_id = datetime.fromtimestamp(int(job["id"][:8], 16), timezone.utc)
    except ValueError:
        return snapshot
    latest = ended or now()
    plausible = (snapshot is None or by_id >= snapshot) and by_id <= latest
    return by_id if plausible else snapshot
