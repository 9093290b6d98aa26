# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captioning jobs of cielo24.

https://cielo24.readthedocs.io/

Private to this collection.
"""

from __future__ import annotations

from threading import Lock
from urllib.parse import urlsplit, urlunsplit

from ansible.module_utils.common.parameters import env_fallback

from .._core import options, values
from .._core.auth import HeaderAuth, QueryTokenAuth
from .._core.engine import Step, Work
from .._core.errors import ServiceError
from .._core.retry import Effect
from .._core.transport import Endpoint, Profile, Transport

NAME = "cielo24"

# The options that sign in, and the environment variables that they fall back to.
_VARIABLES = {
    "api_token": "CIELO24_API_TOKEN",
    "username": "CIELO24_USERNAME",
    "password": "CIELO24_PASSWORD",
    "api_key": "CIELO24_API_KEY",
}
_WAYS = [
    {option: [_VARIABLES[option]] for option in way}
    for way in (("api_token",), ("username", "password"), ("username", "api_key"))
]

OPTIONS = {
    "base_url": {
        "type": "str",
        "default": "https://api.cielo24.com",
        "fallback": (env_fallback, ["CIELO24_BASE_URL"]),
    },
    **{
        option: {"type": "str", "no_log": option != "username", "fallback": (env_fallback, [variable])}
        for option, variable in _VARIABLES.items()
    },
}

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

LOGIN = Endpoint("sign in", "GET", "/api/account/login", Effect.READ)
LIST = Endpoint("list the captioning jobs", "GET", "/api/job/list", Effect.READ)
# cielo24 deletes with a GET: it is the effect that counts.
DELETE = Endpoint("delete captioning job {job_id}", "GET", "/api/job/delete", Effect.CHANGE)
DELETE_OLD = Endpoint("delete captioning job {job_id}", "GET", "/api/job/del", Effect.CHANGE)

_VERSION = {"v": "1"}
_SMALLEST_LIMIT = 100
_LIMITS_ARE_MULTIPLES_OF = 50
_ADVICE = {
    "LOGIN_INVALID": "Check username and password or api_key.",
    "BAD_API_TOKEN": "The token is wrong or has expired, as it does after an hour without use: give a new "
    "api_token, or username with password or api_key.",
    "ACCOUNT_UNPRIVILEGED": "This account or key may not do this.",
}


class CaptioningJobs:
    """The jobs of one account.

    :param params: with base_url, api_token, username, password and api_key.
    :param settings: HttpSettings.
    :param host: a Host.
    :raises InvalidInput: one of the parameters cannot be right.
    """

    def __init__(self, params, settings, host):
        url = values.base_url("base_url", params["base_url"])
        token, self._login_headers = _credentials(params)
        if values.is_cleartext(url):
            host.warn("base_url is plain http, so that the credentials can be read on their way to cielo24. Use https.")
        auth = QueryTokenAuth("api_token", token, self._log_in if self._login_headers else None, _is_bad_token)
        self._transport = Transport(Profile(NAME, {}, read_error, _advice), url, auth, settings, host)
        self._transport.vault.keep(params["api_token"], params["password"], params["api_key"])
        self._lock = Lock()
        self._delete = None

    def _log_in(self):
        answer = self._transport.call(LOGIN, query=_VERSION, auth=HeaderAuth(self._login_headers))
        body = answer.data if isinstance(answer.data, dict) else {}
        # One edition of the API's description writes the name in another way.
        token = body.get("ApiToken") or body.get("api_token")
        if not isinstance(token, str) or not token:
            raise self._transport.undocumented(LOGIN, answer)
        self._transport.vault.keep(token)
        return token

    def all(self, username=None):
        """All jobs of the account.

        The service documents no pages and no limit. A list of a round length may be cut off all the same, so it is
        asked for what is older than its end.

        :param username: "*" for those of the account and of all below it.
        """
        query = {**_VERSION, "Username": username} if username else dict(_VERSION)
        jobs = {}
        while True:
            page = self._page(query)
            fresh = {job["JobId"]: job for job in page if job["JobId"] not in jobs}
            jobs.update(fresh)
            dates = [str(job["CreationDate"]) for job in page if job.get("CreationDate")]
            if not fresh or not dates or len(page) < _SMALLEST_LIMIT or len(page) % _LIMITS_ARE_MULTIPLES_OF:
                return list(jobs.values())
            query["CreationDateTo"] = min(dates)

    def _page(self, query):
        answer = self._transport.call(LIST, query=query)
        jobs = answer.data.get("ActiveJobs") if isinstance(answer.data, dict) else None
        if not isinstance(jobs, list) or not all(
            isinstance(job, dict) and isinstance(job.get("JobId"), str) for job in jobs
        ):
            raise self._transport.undocumented(LIST, answer)
        return jobs

    def find(self, ids):
        """{id: job} of those that exist.

        One list costs as much as one job, and what the service says about a deleted job is not documented, while the
        list drops it. Jobs that it does not show may belong to an account below this one.
        """
        found = _by_id(self.all(), ids)
        if len(found) < len(ids):
            try:
                found.update(_by_id(self.all(username="*"), ids))
            except ServiceError as error:
                if error.status != 400 or error.code is None or error.stops_all:
                    raise
                # An account that may not ask for the jobs of others has none below it.
        return found

    def delete(self, job_id):
        """Returns whether the service deleted the job; False if there is none.

        :param job_id: in the service's own spelling.
        """
        query = {**_VERSION, "job_id": job_id}
        try:
            self._call_delete(query, job_id)
        except ServiceError as error:
            if error.code == "ITEM_NOT_FOUND":
                return False
            raise
        return True

    def _call_delete(self, query, job_id):
        if self._delete is not None:
            return self._transport.call(self._delete, query=query, job_id=job_id)
        with self._lock:
            if self._delete is None:
                return self._find_delete(query, job_id)
        return self._call_delete(query, job_id)

    def _find_delete(self, query, job_id):
        """The first deletion goes alone: it finds out which of the two documented paths the service has."""
        try:
            answer = self._transport.call(DELETE, query=query, job_id=job_id)
        except ServiceError as error:
            if not _is_unknown_path(error):
                self._delete = DELETE
                raise
        else:
            self._delete = DELETE
            return answer
        answer = self._transport.call(DELETE_OLD, query=query, job_id=job_id)
        self._delete = DELETE_OLD
        return answer


def _credentials(params):
    """(token, headers of a login): one of them, the other None.

    :raises InvalidInput: not exactly one way to sign in is given.
    """
    way = options.way_to_sign_in(params, _WAYS, "api_token; username and password; username and api_key")
    if way == {"api_token"}:
        return values.token("api_token", params["api_token"]), None
    if way == {"username", "password"}:
        secret = {"x-auth-password": values.secret("password", params["password"])}
    else:
        secret = {"x-auth-securekey": values.token("api_key", params["api_key"])}
    headers = {"x-auth-user": values.secret("username", params["username"]), **secret}
    # requests would send text as latin-1; the service reads UTF-8.
    return None, {name: value.encode("utf-8") for name, value in headers.items()}


def read_error(answer):
    """(code, message, request id) of an error of cielo24, else None."""
    body = answer.data if isinstance(answer.data, dict) else {}
    if not body.get("ErrorType"):
        return None
    return body["ErrorType"], body.get("ErrorComment"), None


def _advice(status, code):
    return _ADVICE.get(code, "")


def _is_bad_token(answer):
    error = read_error(answer)
    return answer.status == 401 or error is not None and error[0] == "BAD_API_TOKEN"


def _is_unknown_path(error):
    return (
        error.status in (404, 405, 501) and error.code in (None, "NOT_IMPLEMENTED") or error.code == "NOT_IMPLEMENTED"
    )


def _by_id(jobs, ids):
    wanted = {job_id.lower(): job_id for job_id in ids}
    return {wanted[job["JobId"].lower()]: job for job in jobs if job["JobId"].lower() in wanted}


def fields(job):
    """The documented fields of a job, and its `id`."""
    shown = {name: job[name] for name in FIELDS if name in job}
    if "ReturnTargets" in shown:
        shown["ReturnTargets"] = _without_credentials(shown["ReturnTargets"])
    return {"id": job["JobId"], **shown}


def _without_credentials(targets):
    """Callback addresses may hold a user name and a password."""
    if isinstance(targets, dict):
        return {name: _without_credentials(target) for name, target in targets.items()}
    if isinstance(targets, list):
        return [_without_credentials(target) for target in targets]
    if not isinstance(targets, str) or "@" not in targets:
        return targets
    try:
        parts = urlsplit(targets)
    except ValueError:
        return None
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def created(job):
    """When a job was created, or None if that cannot be read; the service gives UTC without saying so."""
    return values.parse_time(str(job["CreationDate"])) if job.get("CreationDate") else None


def plan_absent(observed):
    """Step to a job that does not exist. Which states can be deleted is the service's decision."""
    if observed is None:
        return Step()
    return Step("delete", before={"JobName": observed.get("JobName"), "JobStatus": observed.get("JobStatus")})


class CaptioningWork(Work):
    """Captioning jobs as items of the engine, to be deleted.

    :param jobs: CaptioningJobs.
    """

    noun = "captioning job"
    plural = "captioning jobs"
    result_key = "jobs"

    def __init__(self, jobs):
        self._jobs = jobs

    def observe(self, keys):
        return self._jobs.find(keys)

    def plan(self, key, observed):
        return plan_absent(observed)

    def apply(self, item):
        return self._jobs.delete(item.observed["JobId"])

    def fields(self, key, observed):
        return fields(observed) if observed else {"id": key}
