# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import json
import re
import uuid
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from ..clock import Clock, iso_naive, parse_iso
from ..exchange import Answer, Call, html_answer, json_answer
from ..seed import HEX32, Node
from ..variants import Variants

PREFIX = re.compile(r"/api/(account|job)/.*")
STATUSES = ("Authorizing", "Pending", "In Process", "Complete", "Media Failure", "Reviewing")
EARLY = ("Authorizing", "Pending")
STARTED = ("In Process", "Complete", "Reviewing")
FIDELITIES = ("MECHANICAL", "PREMIUM", "PROFESSIONAL")
# A request says PREMIUM or PROFESSIONAL, the job says STANDARD or HIGH.
SHOWN_FIDELITY = {"PREMIUM": "STANDARD", "PROFESSIONAL": "HIGH"}
IDLE_SECONDS = 3600.0
# filter without From/To: attribute of the job
DATE_FILTERS = {
    "CreationDate": "CreationDate",
    "StartDate": "StartDate",
    "DueDate": "DueDate",
    "CompleteDate": "CompletedDate",
    "ReturnDate": "ReturnDate",
    "AuthorizationDate": "AuthorizationDate",
}


class CieloError(Exception):
    def __init__(self, kind: str, comment: str):
        super().__init__(kind)
        self.kind, self.comment = kind, comment


@dataclass
class Job:
    id: str
    name: str
    status: str
    external_id: str | None
    fidelity: str
    priority: str
    language: str
    difficulty: str
    turnaround_hours: float
    media_seconds: float
    created: float
    later: list[tuple[float, str]]  # (moment, status that the job takes then)

    def settle(self, now: float) -> None:
        while self.later and now >= self.later[0][0]:
            self.status = self.later.pop(0)[1]

    def dates(self) -> dict[str, float | None]:
        started = self.created + 120 if self.status in STARTED else None
        completed = self.created + 3600 if self.status == "Complete" else None
        return {
            "CreationDate": self.created,
            "StartDate": started,
            "DueDate": started and started + self.turnaround_hours * 3600,
            "CompletedDate": completed,
            "ReturnDate": completed,
            "AuthorizationDate": None if self.status == "Authorizing" else self.created + 60,
        }

    def document(self) -> dict:
        shown = {
            "JobId": self.id,
            "JobName": self.name,
            "MediaLengthSeconds": self.media_seconds,
            "ExternalID": self.external_id,
            "Priority": self.priority,
            "Fidelity": SHOWN_FIDELITY.get(self.fidelity, self.fidelity),
            "JobStatus": self.status,
            "SourceLanguage": self.language,
            "TargetLanguage": self.language,
        }
        for name, moment in self.dates().items():
            shown[name] = None if moment is None else iso_naive(moment)
        return {**shown, "JobDifficulty": self.difficulty, "ReturnTargets": {}, "Options": {}}


@dataclass
class Account:
    username: str
    password: str
    api_key: str | None
    parent: str | None
    jobs: dict[str, Job] = field(default_factory=dict)
    deleted: dict[str, Job] = field(default_factory=dict)
    logins: int = 0


class Cielo24:
    def __init__(self, seed: Node | None, clock: Clock, variants: Variants):
        self._clock = clock
        self._variants = variants
        self._accounts: dict[str, Account] = {}
        self._tokens: dict[str, tuple[str, float]] = {}  # token: (username, moment of last use)
        self.secrets: list[str] = []
        if seed is not None:
            self._read(seed)
        self._operations = {
            "/api/account/login": self._login,
            "/api/account/logout": self._logout,
            "/api/job/list": self._list,
            "/api/job/info": self._info,
            "/api/job/delete": self._delete,
            "/api/job/del": self._delete,
        }

    def label(self, path: str) -> str | None:
        return "cielo24" if PREFIX.fullmatch(path) else None

    def answer(self, call: Call) -> Answer:
        operation = self._operations.get(call.path)
        verb = call.path.rpartition("/")[2]
        if verb in ("delete", "del") and self._variants["delete_paths"] not in ("both", verb):
            operation = None
        if operation is None:
            return html_answer(404, "404 Not Found")
        if call.method not in ("GET", "POST"):
            return html_answer(405, "405 Method Not Allowed")
        try:
            parameters = {**_body_parameters(call), **call.query}
            if parameters.get("v") is None:
                raise CieloError("MISSING_PARAMETER", "Parameter v is missing")
            if parameters["v"] != "1":
                raise CieloError("INVALID_QUERY", "Parameter v must be 1")
            return operation(call, parameters)
        except CieloError as error:
            return _error(400, error.kind, error.comment)

    def _login(self, call: Call, parameters: dict[str, str]) -> Answer:
        username = parameters.get("username") or call.headers.get("x-auth-user")
        password = parameters.get("password") or call.headers.get("x-auth-password")
        key = parameters.get("securekey") or call.headers.get("x-auth-securekey")
        if not username or not (password or key):
            raise CieloError("MISSING_PARAMETER", "A username and a password or securekey are needed")
        account = self._accounts.get(username)
        if account is None or (password != account.password if password else key != account.api_key):
            raise CieloError("LOGIN_INVALID", "Wrong username or password")
        if self._variants["login_token"] == "fresh":
            account.logins += 1
        token = hashlib.sha256(f"token {username} {account.password} {account.logins}".encode()).hexdigest()[:32]
        self._tokens[token] = (username, self._clock.now())
        self.secrets.append(token)
        return json_answer(200, {self._variants["login_key"]: token})

    def _logout(self, call: Call, parameters: dict[str, str]) -> Answer:
        self._account(parameters)
        del self._tokens[parameters["api_token"]]
        return Answer(204)

    def _list(self, call: Call, parameters: dict[str, str]) -> Answer:
        account = self._account(parameters)
        wanted = [_date_filter(name, parameters) for name in DATE_FILTERS]
        found = []
        for owner in self._asked_accounts(account, parameters.get("Username")):
            for job in owner.jobs.values():
                job.settle(self._clock.now())
                if _matches(job, parameters, [dates for dates in wanted if dates]):
                    found.append((job.created, owner.username, job))
        found.sort(key=lambda item: item[0], reverse=True)
        jobs = [{"Username": username, **job.document()} for _created, username, job in found]
        return json_answer(200, {"Username": account.username, "ActiveJobs": jobs})

    def _info(self, call: Call, parameters: dict[str, str]) -> Answer:
        account = self._account(parameters)
        _owner, job = self._job(account, parameters, self._variants["deleted_job_info"] == "still_answers")
        return json_answer(200, job.document())

    def _delete(self, call: Call, parameters: dict[str, str]) -> Answer:
        account = self._account(parameters)
        owner, job = self._job(account, parameters, False)
        if self._variants["deletable_states"] == "early" and job.status not in EARLY:
            raise CieloError("INVALID_QUERY", f"A job that is {job.status} cannot be deleted")
        owner.deleted[job.id] = owner.jobs.pop(job.id)
        if self._variants["empty_success"] == 204:
            return Answer(204, acted=True)
        return json_answer(200, {"TaskId": uuid.uuid4().hex}, acted=True)

    def _account(self, parameters: dict[str, str]) -> Account:
        token = parameters.get("api_token")
        if not token:
            raise CieloError("MISSING_PARAMETER", "Parameter api_token is missing")
        username, used = self._tokens.get(token, ("", 0.0))
        now = self._clock.now()
        if not username or now - used > IDLE_SECONDS:
            raise CieloError("BAD_API_TOKEN", "The API token is wrong or has expired")
        self._tokens[token] = (username, now)
        return self._accounts[username]

    def _job(self, account: Account, parameters: dict[str, str], with_deleted: bool) -> tuple[Account, Job]:
        job_id = parameters.get("job_id")
        if not job_id:
            raise CieloError("MISSING_PARAMETER", "Parameter job_id is missing")
        for owner in self._family(account):
            job = owner.jobs.get(job_id) or (owner.deleted.get(job_id) if with_deleted else None)
            if job:
                job.settle(self._clock.now())
                return owner, job
        raise CieloError("ITEM_NOT_FOUND", f"No job has the id {job_id}")

    def _family(self, account: Account) -> list[Account]:
        """The account and its descendants."""
        found = [account]
        for member in found:
            found.extend(other for other in self._accounts.values() if other.parent == member.username)
        return found

    def _asked_accounts(self, account: Account, username: str | None) -> list[Account]:
        if username is None:
            return [account]
        family = self._family(account)
        if username == "*":
            return family
        asked = [member for member in family if member.username == username]
        if not asked:
            raise CieloError("ACCOUNT_UNPRIVILEGED", f"{username} is not an account below {account.username}")
        return asked

    def failure(self, call: Call, status: int, code: str | None, message: str | None, wait: int) -> Answer:
        """The error of this service when a fault asks for `status`."""
        return _error(status, code or "UNHANDLED_ERROR", message or "The request could not be handled")

    def state(self) -> dict:
        accounts = {}
        for account in self._accounts.values():
            for job in account.jobs.values():
                job.settle(self._clock.now())
            jobs = {job.id: {"status": job.status, "name": job.name} for job in account.jobs.values()}
            accounts[account.username] = {"jobs": jobs}
        return {"cielo24": accounts}

    def _read(self, seed: Node) -> None:
        now = self._clock.now()
        for node in seed.nodes("accounts"):
            account = Account(node.text("username"), node.text("password"), node.text("api_key", None, HEX32), None)
            if account.username in self._accounts:
                node.fail("username", f"{account.username} is there twice")
            # A parent has to stand above its sub-accounts, so there can be no circle.
            account.parent = node.choice("parent", tuple(self._accounts), None)
            token = node.text("api_token", None, HEX32)
            if token:
                self._tokens[token] = (account.username, now)
            for job_node, job_id, index in node.entries("jobs", HEX32, 32):
                if job_id in account.jobs:
                    job_node.fail("id", f"{job_id} is there twice")
                account.jobs[job_id] = _read_job(job_node, job_id, now - index)
            self._accounts[account.username] = account
            self.secrets += [secret for secret in (account.password, account.api_key, token) if secret]
            node.done()
        seed.done()


def _read_job(node: Node, job_id: str, now: float) -> Job:
    priority = node.choice("priority", ("STANDARD", "PRIORITY"), "STANDARD")
    later = []
    for step in node.nodes("then"):
        later.append((now + step.duration("in"), step.choice("status", STATUSES)))
        step.done()
    job = Job(
        id=job_id,
        name=node.text("name"),
        status=node.choice("status", STATUSES),
        external_id=node.text("external_id", None),
        fidelity=node.choice("fidelity", FIDELITIES, "PREMIUM"),
        priority=priority,
        language=node.text("language", "en"),
        difficulty=node.choice("difficulty", ("Good", "Bad", "Unknown"), "Unknown"),
        turnaround_hours=float(node.number("turnaround_hours", 24 if priority == "PRIORITY" else 48, 1)),
        media_seconds=float(node.number("media_seconds", 0)),
        created=now - node.duration("age", 0),
        later=sorted(later),
    )
    node.done()
    return job


def _error(status: int, kind: str, comment: str) -> Answer:
    return json_answer(status, {"ErrorType": kind, "ErrorComment": comment})


def _body_parameters(call: Call) -> dict[str, str]:
    """Form fields, with or without a Content-Type, as some clients leave it out; or the fields of a JSON object."""
    if call.method != "POST" or not call.body:
        return {}
    text = call.body.decode("utf-8", "replace")
    if text.lstrip().startswith("{"):
        try:
            return {key: str(value) for key, value in json.loads(text).items()}
        except ValueError:
            raise CieloError("INVALID_QUERY", "The body is not JSON") from None
    return dict(parse_qsl(text, keep_blank_values=True))


def _date_filter(name: str, parameters: dict[str, str]) -> tuple[str, float, float] | None:
    """(date of the job, from, to), both inclusive; a bare date in `To` stands for that whole day."""
    start, end = parameters.get(name + "From"), parameters.get(name + "To")
    if start is None and end is None:
        return None
    try:
        first = parse_iso(start) if start else float("-inf")
        last = parse_iso(end) if end else float("inf")
    except ValueError:
        raise CieloError("INVALID_QUERY", f"{name}From and {name}To take ISO 8601 dates") from None
    if end and len(end) == len("2026-01-31"):
        last += 86400 - 1e-6
    return DATE_FILTERS[name], first, last


def _matches(job: Job, parameters: dict[str, str], dates: list[tuple[str, float, float]]) -> bool:
    exact = {
        "JobStatus": (job.status,),
        "Fidelity": (job.fidelity, SHOWN_FIDELITY.get(job.fidelity, job.fidelity)),
        "Priority": (job.priority,),
        "ExternalID": (job.external_id,),  # ExternalId, which one client sends, is not a filter
        "JobDifficulty": (job.difficulty,),
    }
    if any(parameters[name] not in values for name, values in exact.items() if name in parameters):
        return False
    if "JobName" in parameters and not _wildcard(parameters["JobName"], job.name):
        return False
    if not _hours(parameters, "TurnaroundTimeHoursFrom", 0) <= job.turnaround_hours:
        return False
    if not job.turnaround_hours <= _hours(parameters, "TurnaroundTimeHoursTo", float("inf")):
        return False
    # Microseconds are all that a client has seen of a moment.
    moments = {name: moment and round(moment, 6) for name, moment in job.dates().items()}
    return all(moments[name] is not None and first <= moments[name] <= last for name, first, last in dates)


def _wildcard(pattern: str, name: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), name) is not None


def _hours(parameters: dict[str, str], name: str, default: float) -> float:
    try:
        return float(parameters.get(name, default))
    except ValueError:
        raise CieloError("INVALID_QUERY", f"{name} takes a number") from None
