# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captioning jobs of cielo24: the documented calls, and their fields.

https://cielo24.readthedocs.io/en/latest/job_control/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any

from ..._core.errors import OutcomeUnknown, ServiceError
from ..._core.http.endpoint import Endpoint
from ..._core.http.list_bounds import Bounds
from ..._core.http.retry import Effect
from ..._core.json_fields import pick_details, pick_fields, time_field
from ..._core.params import validators
from ..._core.redaction import urls
from ..._core.redaction.registry import HIDDEN
from .account import EVERY_ACCOUNT, Account

# A job as the service shows it.
Job = dict[str, Any]

STATUSES = ["Authorizing", "Pending", "In Process", "Complete", "Media Failure", "Reviewing"]

FIELDS = (
    "JobId",
    "JobName",
    "Username",
    "MediaLengthSeconds",
    "ExternalID",
    "Priority",
    "Fidelity",
    "JobStatus",
    "SourceLanguage",
    "TargetLanguage",
    "CreationDate",
    "StartDate",
    "DueDate",
    "CompletedDate",
    "ReturnDate",
    "AuthorizationDate",
    "JobDifficulty",
    "ReturnTargets",
    "Options",
)
# What tells a deleted job from others.
_BRIEF = ("JobId", "JobName", "ExternalID", "JobStatus", "CreationDate")

# What a reviewer wants to know of a job.
_DETAILS = ("JobName", "ExternalID", "JobStatus", "MediaLengthSeconds")
_DATES = ("CreationDate", "DueDate")

LIST = Endpoint("list the captioning jobs", "GET", "/api/job/list", Effect.READ, is_list=True)
INFO = Endpoint("show captioning job {job_id}", "GET", "/api/job/info", Effect.READ)
NEW = Endpoint("create the captioning job", "GET", "/api/job/new", Effect.CHANGE)
AUTHORIZE = Endpoint("authorize captioning job {job_id}", "GET", "/api/job/authorize", Effect.CHANGE)
MODIFY = Endpoint("modify captioning job {job_id}", "POST", "/api/job/modify", Effect.CHANGE)
MEDIA = Endpoint("show the media of captioning job {job_id}", "GET", "/api/job/media", Effect.READ)
ADD_MEDIA = Endpoint("add the media to captioning job {job_id}", "GET", "/api/job/add_media", Effect.CHANGE)
UPLOAD_MEDIA = Endpoint("accept the media of captioning job {job_id}", "POST", "/api/job/add_media", Effect.CHANGE)
TRANSCRIBE = Endpoint(
    "order the transcription of captioning job {job_id}", "GET", "/api/job/perform_transcription", Effect.CHANGE
)
DELETE = Endpoint("delete captioning job {job_id}", "GET", "/api/job/delete", Effect.CHANGE)
# The documentation has two paths for deletions.
DELETE_OLD = Endpoint("delete captioning job {job_id}", "GET", "/api/job/del", Effect.CHANGE)

# Fields of callbacks that hold secrets.
_SECRET_FIELDS = ("password", "token", "secret")
# How the service says that an account may not ask for the jobs of accounts below it.
_NOBODY_BELOW = (
    "ACCOUNT_UNPRIVILEGED",
    "ACCOUNT_DOES_NOT_EXIST",
    "NOT_PARENT_ACCOUNT",
    "NO_CHILDREN_FOUND",
    "INVALID_QUERY",
    "INVALID_OPTION",
    "ITEM_NOT_FOUND",
)
# The shortest list that may have been cut off.
_SHORTEST_CUT = 10


class CaptioningJobs:
    """The jobs of one account. All methods raise a JobsError if the service cannot be asked, or refuses.

    :ivar owner: the name of the account that lists jobs, once a list has told it.
    """

    def __init__(self, account: Account) -> None:
        self._account = account
        self.owner: str | None = None
        self._lock = Lock()
        # The endpoint that deletes, once it is known.
        self._delete: Endpoint | None = None

    def all(self, username: str | None = None, filters: Mapping[str, Any] | None = None) -> list[Job]:
        """All jobs of the account.

        The service documents neither pages nor a limit. A list whose length could be a limit may be cut off all the
        same, so the jobs older than its end are asked for as well.

        :param username: "*" for those of the account and of all below it.
        :param filters: documented filters that the service applies.
        """
        query = dict(filters or {})
        if username:
            query["Username"] = username
        jobs: dict[str, Job] = {}
        most, bounds = 0, Bounds("cielo24 did not list the captioning jobs")
        while True:
            page, size = self._page(query)
            most = max(most, len(page))
            fresh = {job["JobId"]: job for job in page if job["JobId"] not in jobs}
            bounds.take(len(fresh), size)
            jobs.update(fresh)
            dates = [str(job["CreationDate"]) for job in page if job.get("CreationDate")]
            if not fresh or not dates or len(page) < most or not _may_be_cut(most):
                return list(jobs.values())
            query["CreationDateTo"] = min(dates)

    def _page(self, query: Mapping[str, Any]) -> tuple[list[Job], int]:
        """The jobs of one response, and its bytes."""
        response = self._account.call(LIST, query)
        jobs = response.json_object().get("ActiveJobs")
        if not isinstance(jobs, list) or not all(
            isinstance(job, dict) and validators.is_id(job.get("JobId")) for job in jobs
        ):
            raise self._account.client.unexpected_response(LIST, response)
        self.owner = text_of(response.json_object(), "Username")
        return [_as_documented(job) for job in jobs], len(response.content)

    def find(self, ids: Sequence[str]) -> dict[str, Job]:
        """The jobs that exist, by their ids.

        One list costs as much as one job. What the service says about a deleted job is not documented, while the list
        drops it. Jobs that are not in the list may belong to an account below this one.
        """
        found = by_id(self.all(), ids)
        if len(found) < len(ids):
            found.update(by_id(self.all_below() or (), ids))
        return found

    def all_below(self) -> list[Job] | None:
        """All jobs of the account and of those below it, or None if it has none below it."""
        try:
            return self.all(username=EVERY_ACCOUNT)
        except ServiceError as error:
            # An account that may not ask for the jobs of others has none below it.
            if error.code not in _NOBODY_BELOW or error.aborts_task:
                raise
            return None

    def delete(self, job_id: str) -> bool:
        """Deletes a job; returns False if there is none.

        :param job_id: in the service's own spelling.
        """
        query = {"job_id": job_id}
        try:
            self._call_delete(query, job_id)
        except ServiceError as error:
            if error.code == "ITEM_NOT_FOUND":
                return False
            raise
        return True

    def _call_delete(self, query: Mapping[str, Any], job_id: str) -> None:
        if self._delete is None:
            with self._lock:
                if self._delete is None:
                    self._find_delete(query, job_id)
                    return
        self._account.call(self._delete, query, path_params={"job_id": job_id})

    def _find_delete(self, query: Mapping[str, Any], job_id: str) -> None:
        """Carries out the first deletion alone, as it finds out which of the two documented paths the service has."""
        try:
            self._account.call(DELETE, query, path_params={"job_id": job_id})
        except ServiceError as error:
            if not _is_unknown_path(error):
                self._delete = DELETE
                raise
        else:
            self._delete = DELETE
            return
        self._account.call(DELETE_OLD, query, path_params={"job_id": job_id})
        self._delete = DELETE_OLD

    def info(self, job_id: str) -> Job | None:
        """A job, or None if there is none."""
        try:
            response = self._account.call(INFO, {"job_id": job_id}, path_params={"job_id": job_id})
        except ServiceError as error:
            if error.code == "ITEM_NOT_FOUND":
                return None
            raise
        job = {"JobId": job_id, **response.data} if isinstance(response.data, dict) else {}
        if not validators.is_id(job.get("JobId")):
            raise self._account.client.unexpected_response(INFO, response)
        return _as_documented(job)

    def new(self, query: Mapping[str, Any]) -> str:
        """Creates a job; returns its id.

        :param query: the documented parameters.
        :raises OutcomeUnknown: it may have been created.
        """
        response = self._account.call(NEW, query)
        job_id = response.json_object().get("JobId")
        if not isinstance(job_id, str) or not validators.is_id(job_id):
            # The status says that the job was created, but not which one it is.
            raise OutcomeUnknown(self._account.client.unexpected_response(NEW, response))
        return job_id

    def authorize(self, job_id: str) -> None:
        """Lets the work on a job begin. It has no effect on a job whose work has begun."""
        self._account.call(AUTHORIZE, {"job_id": job_id}, path_params={"job_id": job_id})

    def modify(self, job_id: str, form: Mapping[str, Any]) -> None:
        """Changes the order of a job that is not authorized yet.

        :param form: the documented parameters.
        """
        # The documentation has the parameters in the query in its table, and in the body in its example.
        everything = {"job_id": job_id, **form}
        self._account.call(MODIFY, everything, path_params={"job_id": job_id}, form=everything)

    def media_url(self, job_id: str) -> str | None:
        """The address that the media of a job came from, or None if they came from none."""
        try:
            response = self._account.call(MEDIA, {"job_id": job_id}, path_params={"job_id": job_id})
        except ServiceError as error:
            # What it says of a job without media, or with media that were uploaded, is not documented.
            if error.code is None or error.aborts_task or error.is_transient:
                raise
            return None
        url = response.json_object().get("MediaUrl")
        return url if isinstance(url, str) else None

    def add_media(self, job_id: str, media_url: str, *, is_duplicate: bool) -> None:
        """Has the service fetch the media of a job.

        :param is_duplicate: the address may be one that another job has used.
        """
        duplicate = {"is_duplicate": "true"} if is_duplicate else {}
        self._account.call(
            ADD_MEDIA, {"job_id": job_id, "media_url": media_url, **duplicate}, path_params={"job_id": job_id}
        )

    def upload_media(self, job_id: str, path: str) -> None:
        """Sends the media of a job, in constant memory."""
        self._account.call(
            UPLOAD_MEDIA, {"job_id": job_id}, path_params={"job_id": job_id}, upload=partial(open, path, "rb")
        )

    def transcribe(self, job_id: str, query: Mapping[str, Any]) -> None:
        """Orders the transcription of a job.

        :param query: the documented parameters.
        """
        self._account.call(TRANSCRIBE, {"job_id": job_id, **query}, path_params={"job_id": job_id})


def by_id(jobs: Iterable[Job], ids: Iterable[str]) -> dict[str, Job]:
    """Those jobs that were asked for, by their ids in the user's spelling."""
    wanted = {job_id.lower(): job_id for job_id in ids}
    return {wanted[job["JobId"].lower()]: job for job in jobs if job["JobId"].lower() in wanted}


def is_under_way(job: Mapping[str, Any]) -> bool:
    """Whether the work on a job has not ended, so that its text may still come."""
    return job.get("JobStatus") not in ("Complete", "Media Failure")


def text_of(job: Mapping[str, Any], field: str) -> str | None:
    """A field of a job as text, or None. The service might show a text of digits as a number."""
    value = job.get(field)
    return None if value is None else str(value)


def created(job: Mapping[str, Any]) -> datetime | None:
    """When a job was created, or None if that cannot be read. The service gives UTC without saying so."""
    return time_field(job, "CreationDate")


def brief(job: Mapping[str, Any]) -> dict[str, Any]:
    """What tells a deleted job from others, and its `id`."""
    return {"id": job["JobId"], **pick_fields(job, _BRIEF)}


def details(job: Mapping[str, Any]) -> dict[str, Any]:
    """What a reviewer wants to know of a job, see Reconciler.details()."""
    return pick_details(job, _DETAILS, _DATES)


def fields(job: Mapping[str, Any]) -> dict[str, Any]:
    """The documented fields of a job, and its `id`."""
    shown = pick_fields(job, FIELDS)
    for name in ("ReturnTargets", "Options"):
        if name in shown:
            shown[name] = _without_secrets(shown[name], job["JobId"])
    return {"id": job["JobId"], **shown}


def _without_secrets(value: Any, job_id: str) -> Any:
    """A part of a job, without the passwords and tokens of callbacks, in their addresses and beside them.

    :param job_id: looks like a token, and is none.
    """
    if isinstance(value, dict):
        return {
            name: HIDDEN if name in _SECRET_FIELDS else _without_secrets(part, job_id) for name, part in value.items()
        }
    if isinstance(value, list):
        return [_without_secrets(part, job_id) for part in value]
    return urls.shown(value, (job_id,)) if isinstance(value, str) and "://" in value else value


def _as_documented(job: Job) -> Job:
    """A job, with the name of one field as most of the documentation has it."""
    if "ExternalId" in job and "ExternalID" not in job:
        return {"ExternalID" if name == "ExternalId" else name: value for name, value in job.items()}
    return job


def _may_be_cut(count: int) -> bool:
    """Whether a list of so many jobs may be cut off: a limit is a round number, or a power of two."""
    is_round = count % 10 == 0 or count % 25 == 0
    return count >= _SHORTEST_CUT and (is_round or count & (count - 1) == 0)


# Codes for a path that the service does not have.
_UNKNOWN_PATH = ("NOT_IMPLEMENTED", "INVALID_URL")


def _is_unknown_path(error: ServiceError) -> bool:
    """Whether the service does not have the path that was called."""
    return error.status in (404, 405, 410, 501) and error.code is None or error.code in _UNKNOWN_PATH
