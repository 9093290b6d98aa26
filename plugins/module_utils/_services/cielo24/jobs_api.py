# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captioning jobs of cielo24: the documented calls, and their fields.

https://cielo24.readthedocs.io/en/latest/job_control/

Private to this collection.
"""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import Any

from ..._core.errors import OutcomeUnknown, ServiceError
from ..._core.http.endpoint import Endpoint
from ..._core.http.retry import Effect
from ..._core.params import timestamps, validators
from ..._core.reconcile.listing import Bounds
from ..._core.redaction import urls
from ..._core.redaction.registry import HIDDEN

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

# Most of what changes something is a GET: it is the effect that counts.
LIST = Endpoint("list the captioning jobs", "GET", "/api/job/list", Effect.READ, is_list=True)
INFO = Endpoint("show captioning job {job_id}", "GET", "/api/job/info", Effect.READ)
NEW = Endpoint("create the captioning job", "GET", "/api/job/new", Effect.CHANGE)
AUTHORIZE = Endpoint("authorize captioning job {job_id}", "GET", "/api/job/authorize", Effect.CHANGE)
MODIFY = Endpoint("modify captioning job {job_id}", "POST", "/api/job/modify", Effect.CHANGE)
MEDIA = Endpoint("show the media of captioning job {job_id}", "GET", "/api/job/media", Effect.READ)
ADD_MEDIA = Endpoint("add the media to captioning job {job_id}", "GET", "/api/job/add_media", Effect.CHANGE)
UPLOAD_MEDIA = Endpoint("take the media of captioning job {job_id}", "POST", "/api/job/add_media", Effect.CHANGE)
TRANSCRIBE = Endpoint(
    "order the transcription of captioning job {job_id}", "GET", "/api/job/perform_transcription", Effect.CHANGE
)
DELETE = Endpoint("delete captioning job {job_id}", "GET", "/api/job/delete", Effect.CHANGE)
DELETE_OLD = Endpoint("delete captioning job {job_id}", "GET", "/api/job/del", Effect.CHANGE)


_SECRET_FIELDS = ("password", "token", "secret")
# What an account may be told that asks for the jobs of those below it; which one is not documented.
_NOBODY_BELOW = (
    "ACCOUNT_UNPRIVILEGED",
    "ACCOUNT_DOES_NOT_EXIST",
    "NOT_PARENT_ACCOUNT",
    "NO_CHILDREN_FOUND",
    "INVALID_QUERY",
    "INVALID_OPTION",
    "ITEM_NOT_FOUND",
)


class CaptioningJobs:
    """The jobs of one account.

    :param account: cielo24.Account.
    """

    def __init__(self, account):
        self._account = account
        self._lock = Lock()
        self._delete = None

    def all(self, username=None, filters=None):
        """All jobs of the account.

        The service documents no pages and no limit. A list whose length could be one may be cut off all the same, so it
        is asked for what is older than its end.

        :param username: "*" for those of the account and of all below it.
        :param filters: documented filters that the service applies.
        """
        query = dict(filters or {})
        if username:
            query["Username"] = username
        jobs, most, bounds = {}, 0, Bounds("cielo24 did not list the captioning jobs")
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

    def _page(self, query):
        """(jobs, bytes) of one answer."""
        response = self._account.call(LIST, query)
        jobs = response.data.get("ActiveJobs") if isinstance(response.data, dict) else None
        if not isinstance(jobs, list) or not all(
            isinstance(job, dict) and validators.is_id(job.get("JobId")) for job in jobs
        ):
            raise self._account.unexpected_response(LIST, response)
        return [_as_documented(job) for job in jobs], len(response.content)

    def find(self, ids):
        """{id: job} of those that exist.

        One list costs as much as one job, and what the service says about a deleted job is not documented, while the
        list drops it. Jobs that it does not show may belong to an account below this one.
        """
        found = by_id(self.all(), ids)
        if len(found) < len(ids):
            try:
                found.update(by_id(self.all(username="*"), ids))
            except ServiceError as error:
                # An account that may not ask for the jobs of others has none below it.
                if error.code not in _NOBODY_BELOW or error.aborts_task:
                    raise
        return found

    def delete(self, job_id):
        """Returns whether the service deleted the job; False if there is none.

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

    def _call_delete(self, query, job_id):
        if self._delete is not None:
            return self._account.call(self._delete, query, job_id=job_id)
        with self._lock:
            if self._delete is None:
                return self._find_delete(query, job_id)
        return self._call_delete(query, job_id)

    def _find_delete(self, query, job_id):
        """The first deletion goes alone: it finds out which of the two documented paths the service has."""
        try:
            response = self._account.call(DELETE, query, job_id=job_id)
        except ServiceError as error:
            if not _is_unknown_path(error):
                self._delete = DELETE
                raise
        else:
            self._delete = DELETE
            return response
        response = self._account.call(DELETE_OLD, query, job_id=job_id)
        self._delete = DELETE_OLD
        return response

    def info(self, job_id):
        """A job, or None if there is none."""
        try:
            response = self._account.call(INFO, {"job_id": job_id}, job_id=job_id)
        except ServiceError as error:
            if error.code == "ITEM_NOT_FOUND":
                return None
            raise
        job = {"JobId": job_id, **response.data} if isinstance(response.data, dict) else {}
        if not validators.is_id(job.get("JobId")):
            raise self._account.unexpected_response(INFO, response)
        return _as_documented(job)

    def new(self, query):
        """Creates a job, and returns its id.

        :param query: the documented parameters.
        """
        response = self._account.call(NEW, query)
        job_id = response.data.get("JobId") if isinstance(response.data, dict) else None
        if not validators.is_id(job_id):
            # The status says that it is there now, but not which one it is.
            raise OutcomeUnknown(self._account.unexpected_response(NEW, response))
        return job_id

    def authorize(self, job_id):
        """Lets the work on a job begin; without effect on one that has begun."""
        self._account.call(AUTHORIZE, {"job_id": job_id}, job_id=job_id)

    def modify(self, job_id, form):
        """Changes the order of a job whose work has not been authorized.

        :param form: the documented parameters.
        """
        self._account.call(MODIFY, {"job_id": job_id}, form=form, job_id=job_id)

    def media_url(self, job_id):
        """The address that the media of a job were taken from, or None if there is none."""
        try:
            response = self._account.call(MEDIA, {"job_id": job_id}, job_id=job_id)
        except ServiceError as error:
            # What it says of a job without media, or with media that were uploaded, is not documented.
            if error.code is None or error.aborts_task or error.is_transient:
                raise
            return None
        url = response.data.get("MediaUrl") if isinstance(response.data, dict) else None
        return url if isinstance(url, str) else None

    def add_media(self, job_id, media_url, is_duplicate):
        """Has the service fetch the media of a job."""
        duplicate = {"is_duplicate": "true"} if is_duplicate else {}
        self._account.call(ADD_MEDIA, {"job_id": job_id, "media_url": media_url, **duplicate}, job_id=job_id)

    def upload_media(self, job_id, path):
        """Sends the media of a job, in constant memory."""
        self._account.call(UPLOAD_MEDIA, {"job_id": job_id}, upload=partial(open, path, "rb"), job_id=job_id)

    def transcribe(self, job_id, query):
        """Orders the transcription of a job.

        :param query: the documented parameters.
        """
        self._account.call(TRANSCRIBE, {"job_id": job_id, **query}, job_id=job_id)


def _may_be_cut(count):
    """Whether so many jobs may be all that a list shows: a round number, or a power of two."""
    return count >= 10 and (count % 10 == 0 or count % 25 == 0 or count & (count - 1) == 0)


def _as_documented(job):
    """A job, with the name of one field as most of the documentation has it."""
    if "ExternalId" in job and "ExternalID" not in job:
        return {"ExternalID" if name == "ExternalId" else name: value for name, value in job.items()}
    return job


def _is_unknown_path(error):
    return (
        error.status in (404, 405, 501) and error.code in (None, "NOT_IMPLEMENTED") or error.code == "NOT_IMPLEMENTED"
    )


def text_of(job, field):
    """A field of a job as text, or None; the service might show one of digits as a number."""
    value = job.get(field)
    return None if value is None else str(value)


def by_id(jobs, ids):
    """{id: job} of those jobs that were asked for, by the ids in the spelling of the user."""
    wanted = {job_id.lower(): job_id for job_id in ids}
    return {wanted[job["JobId"].lower()]: job for job in jobs if job["JobId"].lower() in wanted}


def fields(job):
    """The documented fields of a job, and its `id`."""
    shown = {name: job[name] for name in FIELDS if name in job}
    for name in ("ReturnTargets", "Options"):
        if name in shown:
            shown[name] = _as_shown(shown[name], job["JobId"])
    return {"id": job["JobId"], **shown}


# What a result shows of a job that is deleted.
_BRIEF = ("JobId", "JobName", "ExternalID", "JobStatus", "CreationDate")


def brief(job):
    """What tells a deleted job from others, and its `id`."""
    return {"id": job["JobId"], **{name: job[name] for name in _BRIEF if name in job}}


def _as_shown(value: Any, job_id: str) -> Any:
    """Callbacks may hold passwords and tokens, in their addresses and beside them; the id of the job is none."""
    if isinstance(value, dict):
        return {name: HIDDEN if name in _SECRET_FIELDS else _as_shown(part, job_id) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_shown(part, job_id) for part in value]
    return urls.shown(value, (job_id,)) if isinstance(value, str) and "://" in value else value


def created(job):
    """When a job was created, or None if that cannot be read; the service gives UTC without saying so."""
    return timestamps.parse_time(str(job["CreationDate"])) if job.get("CreationDate") else None
