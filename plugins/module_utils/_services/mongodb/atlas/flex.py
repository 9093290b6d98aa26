# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups of flex clusters of MongoDB Atlas, API v2: the calls, and how what they show is called elsewhere.

Flex clusters have calls of their own, with other fields and states. Atlas alone takes and deletes their snapshots, and
their restore jobs cannot be cancelled.

https://www.mongodb.com/docs/atlas/backup/cloud-backup/flex-cluster-backup/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain, islice
from typing import Any, TypeVar

from ...._core.http.endpoint import Endpoint
from ...._core.http.retry import Effect
from ...._core.json_fields import time_field

T = TypeVar("T")
Thing = Mapping[str, Any]

# The first version of these resources, and still the newest.
_MEDIA_TYPE = "application/vnd.atlas.2024-11-13+json"
_PATH = "/api/atlas/{version}/groups/{project_id}/flexClusters/{cluster}/backup"
_JOBS, _SNAPSHOTS = _PATH + "/restoreJobs", _PATH + "/snapshots"


def _endpoint(purpose: str, method: str, path: str, *, is_list: bool = False) -> Endpoint:
    effect = Effect.READ if method == "GET" else Effect.CHANGE
    return Endpoint(purpose, method, path, effect, accept=_MEDIA_TYPE, is_list=is_list)


LIST_JOBS = _endpoint("list the restore jobs of flex cluster {cluster}", "GET", _JOBS, is_list=True)
GET_JOB = _endpoint("show restore job {job_id} of flex cluster {cluster}", "GET", _JOBS + "/{job_id}")
RESTORE = _endpoint("start a restore of flex cluster {cluster}", "POST", _JOBS)
DOWNLOAD = _endpoint("start a download of flex cluster {cluster}", "POST", _PATH + "/download")
LIST_SNAPSHOTS = _endpoint("list the snapshots of flex cluster {cluster}", "GET", _SNAPSHOTS, is_list=True)
GET_SNAPSHOT = _endpoint("show snapshot {snapshot_id} of flex cluster {cluster}", "GET", _SNAPSHOTS + "/{snapshot_id}")

MISSING_JOB, MISSING_SNAPSHOT = ("TENANT_RESTORE_NOT_FOUND",), ("TENANT_SNAPSHOT_NOT_FOUND",)

_DELIVERY_TYPES = {"RESTORE": "automated", "DOWNLOAD": "download"}
_STATUSES = {
    "PENDING": "queued",
    "QUEUED": "queued",
    "RUNNING": "inProgress",
    "COMPLETED": "completed",
    "FAILED": "failed",
}
# {field of a flex cluster's restore job or snapshot: its name elsewhere}
_JOB_NAMES = {
    "snapshotFinishedDate": "timestamp",
    "targetDeploymentItemName": "targetClusterName",
    "targetProjectId": "targetGroupId",
}
# Marks a job whose fields were renamed; no field of the service has this name.
_MARK = "_is_of_flex"
_SNAPSHOT_NAMES = {"expiration": "expiresAt", "mongoDBVersion": "mongodVersion"}
# {name elsewhere: name in a request to a flex cluster}
_REQUEST_NAMES = {
    "snapshotId": "snapshotId",
    "targetClusterName": "targetDeploymentItemName",
    "targetGroupId": "targetProjectId",
}

NO_POINT_IN_TIME = (
    "MongoDB Atlas restores flex clusters only from snapshots, not to a point in time. Give delivery_type: automated "
    "and a snapshot."
)


def begun(things: Iterable[T]) -> Iterator[T]:
    """The same things; the request for the first ones has been made, and its error raised."""
    iterator = iter(things)
    return chain(list(islice(iterator, 1)), iterator)


def is_of_flex(job: Thing) -> bool:
    """Whether a restore job is one of a flex cluster, see as_usual_job()."""
    return _MARK in job


def as_usual_job(job: Thing, now: datetime) -> dict[str, Any]:
    """A restore job of a flex cluster with the fields that other clusters' jobs have.

    :param now: the present moment.
    """
    raw, delivery = job.get("status"), job.get("deliveryType")
    usual = {**_renamed(job, _JOB_NAMES), _MARK: True}
    url = usual.pop("snapshotUrl", None)
    usual.update(deliveryType=_DELIVERY_TYPES.get(str(delivery), delivery), failed=raw == "FAILED", expired=False)
    is_done = raw == "COMPLETED"
    if usual["deliveryType"] != "download":
        if is_done:
            usual["finishedAt"] = job.get("restoreFinishedDate") or job.get("restoreScheduledDate")
        return usual
    end = time_field(job, "expirationDate")
    usual["expired"] = is_done and end is not None and end <= now
    usual["deliveryUrl"] = [url] if is_done and url and not usual["expired"] else []
    # Only then: elsewhere, a download with an end but without a URL is one that was fetched.
    if end is not None and (usual["deliveryUrl"] or usual["expired"]):
        usual["expiresAt"] = job["expirationDate"]
    return usual


def as_usual_snapshot(snapshot: Thing) -> dict[str, Any]:
    """A snapshot of a flex cluster with the fields that other clusters' snapshots have."""
    raw = snapshot.get("status")
    usual = _renamed(snapshot, _SNAPSHOT_NAMES)
    usual.update(status=_STATUSES.get(str(raw), raw), snapshotType="scheduled", frequencyType="daily")
    if raw == "COMPLETED" and snapshot.get("finishTime"):
        usual["createdAt"] = snapshot["finishTime"]
    return usual


def _renamed(thing: Thing, names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in thing.items()}


def request(body: Mapping[str, Any]) -> tuple[Endpoint, dict[str, Any]]:
    """How a flex cluster is asked for a restore or a download.

    :param body: what another cluster would be asked for.
    """
    endpoint = DOWNLOAD if body["deliveryType"] == "download" else RESTORE
    return endpoint, {own: body[usual] for usual, own in _REQUEST_NAMES.items() if usual in body}
