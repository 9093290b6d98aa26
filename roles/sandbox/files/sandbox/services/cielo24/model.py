# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from ...clock import iso_naive
from ...seed import HEX32, Node
from ...variants.registry import Variants

STATUSES = ("Authorizing", "Pending", "In Process", "Complete", "Media Failure", "Reviewing")
EARLY = ("Authorizing", "Pending")
STARTED = ("In Process", "Complete", "Reviewing")
FIDELITIES = ("MECHANICAL", "PREMIUM", "PROFESSIONAL")
# A request says PREMIUM or PROFESSIONAL, the job says STANDARD or HIGH.
SHOWN_FIDELITY = {"PREMIUM": "STANDARD", "PROFESSIONAL": "HIGH"}
MEDIA_KINDS = ("url", "embedded", "file")
DIFFICULTIES = ("Good", "Bad", "Unknown")
# Hours until a job is due, if nothing is said.
TURNAROUND = {"PRIORITY": 24, "STANDARD": 48}
NAMESPACE = uuid.UUID("c24c24c2-0000-4000-8000-000000000000")


@dataclass
class Media:
    kind: str
    seconds: float
    url: str | None = None
    length: int | None = None  # of an upload
    sha256: str | None = None
    ready: float = 0.0  # from when on it is known how long it takes

    def state(self) -> dict:
        return {"kind": self.kind, "url": self.url, "length": self.length, "sha256": self.sha256}


@dataclass
class Pace:
    """How long a job takes on its way, in seconds."""

    waits: float
    takes: float
    review: float


@dataclass
class Job:
    id: str
    name: str | None
    status: str
    created: float
    external_id: str | None = None
    language: str = "en"
    target_language: str | None = None
    standard_product: bool = False  # which no job shows
    fidelity: str | None = None
    priority: str | None = None
    turnaround_hours: float | None = None
    difficulty: str = "Unknown"
    options: dict = field(default_factory=dict)
    callbacks: list[str] = field(default_factory=list)
    requestor: str | None = None
    reference: str | None = None
    expected_speakers: int | None = None
    media: Media | None = None
    ordered: bool = False  # a transcription has been asked for
    order_shows: float = 0.0  # from when on
    later: list[tuple[float, str]] = field(default_factory=list)  # (moment, status that the job takes then)
    authorized: float | None = None
    started: float | None = None
    due: float | None = None
    completed: float | None = None
    number: int = 0  # tells apart what was created at the same moment
    listed_from: float = 0.0

    def settle(self, now: float) -> None:
        while self.later and now >= self.later[0][0]:
            moment, self.status = self.later.pop(0)
            if self.status != "Authorizing" and self.authorized is None:
                self.authorized = moment
            if self.status in STARTED and self.started is None:
                self.started = moment
                self.due = self.due or moment + (self.turnaround_hours or TURNAROUND["STANDARD"]) * 3600
            if self.status == "Complete":
                self.completed = moment
            if self.status == "Media Failure":
                self.later.clear()

    def go_on(self, now: float, pace: Pace) -> None:
        """Plans the work, if all that it needs is there. Called whenever something has come."""
        if self.status != "Pending" or not self.ordered:
            return
        self.due = self.due or now + (self.turnaround_hours or TURNAROUND["STANDARD"]) * 3600
        if self.media is None or self.later:
            return
        begin = max(now, self.media.ready) + pace.waits
        end = begin + pace.takes
        self.later = [(begin, "In Process"), (end + pace.review, "Complete")]
        if pace.review:
            self.later.insert(1, (end, "Reviewing"))

    def dates(self) -> dict[str, float | None]:
        return {
            "CreationDate": self.created,
            "StartDate": self.started,
            "DueDate": self.due,
            "CompletedDate": self.completed,
            "ReturnDate": self.completed,
            "AuthorizationDate": self.authorized,
        }

    def media_seconds(self, now: float) -> float | None:
        return self.media.seconds if self.media and self.media.ready <= now else None

    @property
    def shown_fidelity(self) -> str | None:
        return SHOWN_FIDELITY.get(self.fidelity, self.fidelity)

    def document(self, now: float, variants: Variants) -> dict:
        is_shown = now >= self.order_shows
        shown = {
            "JobId": self.id,
            "JobName": self.name,
            "MediaLengthSeconds": self.media_seconds(now),
            variants["external_id_name"]: self.external_id,
            "Priority": self.priority if is_shown else None,
            "Fidelity": self.shown_fidelity if is_shown else None,
            "JobStatus": self.status,
            "SourceLanguage": self.language,
            "TargetLanguage": self.target_language or self.language,
        }
        for name, moment in self.dates().items():
            shown[name] = None if moment is None else iso_naive(moment)
        shown["JobDifficulty"] = self.difficulty
        shown["ReturnTargets"] = {"url": [{"callback_url": url} for url in self.callbacks]} if self.callbacks else {}
        shown["Options"] = dict(self.options)
        if not is_shown:
            shown["ReturnTargets"], shown["Options"], shown["DueDate"] = {}, {}, None
        if variants["options_form"] == "labelled":
            shown["Options"] = {
                name: {"label": name.replace("_", " ").capitalize(), "setting": value}
                for name, value in shown["Options"].items()
            }
        return _without_nothing(shown, variants["empty_fields"])

    def leading(self, now: float) -> dict:
        """As the list of related jobs shows it."""
        seconds = self.media_seconds(now)
        return {
            "job_status": self.status,
            "job_id": self.id,
            "current_priority": self.priority,
            "media_length": None if seconds is None else str(timedelta(seconds=seconds)),
            "current_fidelity": self.shown_fidelity,
            "language": f"{self.language}:{self.target_language or self.language}",
        }

    def state(self) -> dict:
        transcription = None
        if self.ordered:
            names = ("fidelity", "priority", "turnaround_hours", "target_language", "options", "standard_product")
            transcription = {name: getattr(self, name) for name in names}
            transcription["callbacks"] = len(self.callbacks)
        return {
            "status": self.status,
            "name": self.name,
            "external_id": self.external_id,
            "language": self.language,
            "media": self.media and self.media.state(),
            "transcription": transcription,
        }


def _without_nothing(shown: dict, form: str) -> dict:
    if form == "left_out":
        return {name: value for name, value in shown.items() if value is not None}
    if form == "empty":
        # Seen in an example of the documentation, where ReturnTargets is a text too if there are none.
        shown["ReturnTargets"] = shown["ReturnTargets"] or None
        return {name: "" if value is None else value for name, value in shown.items()}
    return shown


@dataclass
class Settings:
    default_job_notes: str = ""
    require_customer_authorization_before_starting_workflow: bool = False
    customer_authorization_required_mechanical: bool = True

    def demand_authorization(self, fidelity: str | None) -> bool:
        if fidelity == "MECHANICAL" and not self.customer_authorization_required_mechanical:
            return False
        return self.require_customer_authorization_before_starting_workflow


@dataclass
class Account:
    username: str
    password: str
    api_keys: list[str]
    parent: str | None
    settings: Settings = field(default_factory=Settings)
    pace: dict[str, float] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    deleted: dict[str, Job] = field(default_factory=dict)
    removed_keys: set[str] = field(default_factory=set)
    logins: int = 0

    def state(self) -> dict:
        return {"jobs": {job.id: job.state() for job in self.jobs.values()}, "api_keys": len(self.api_keys)}


def read_account(node: Node, parents: tuple[str, ...], now: float) -> tuple[Account, str | None]:
    """The account, and the token of a session that is open."""
    first, more = node.text("api_key", None, HEX32), node.texts("more_api_keys")
    if more and not (first and all(HEX32.fullmatch(key) for key in more)):
        node.fail("more_api_keys", "keys look like api_key, and are there if that is")
    keys = [first, *more] if first else []
    # A parent has to stand above its sub-accounts, so there can be no circle.
    account = Account(
        node.text("username"), node.text("password"), keys, node.choice("parent", parents, None), _read_settings(node)
    )
    pace = node.node("new_jobs")
    if pace:
        account.pace = {name: pace.duration(name) for name in ("waits", "takes", "review") if name in pace}
        pace.done()
    token = node.text("api_token", None, HEX32)
    for job_node, job_id, index in node.entries("jobs", HEX32, 32):
        if job_id in account.jobs:
            job_node.fail("id", f"{job_id} is there twice")
        account.jobs[job_id] = _read_job(job_node, job_id, now - index)
    node.done()
    return account, token


def _read_settings(node: Node) -> Settings:
    settings, given = Settings(), node.node("settings")
    if given:
        settings.default_job_notes = given.text("default_job_notes", "")
        for name in (
            "require_customer_authorization_before_starting_workflow",
            "customer_authorization_required_mechanical",
        ):
            setattr(settings, name, given.flag(name, getattr(settings, name)))
        given.done()
    return settings


def _read_job(node: Node, job_id: str, now: float) -> Job:
    priority = node.choice("priority", tuple(TURNAROUND), "STANDARD")
    later = []
    for step in node.nodes("then"):
        later.append((now + step.duration("in"), step.choice("status", STATUSES)))
        step.done()
    job = Job(
        id=job_id,
        name=node.text("name"),
        status=node.choice("status", STATUSES),
        created=now - node.duration("age", 0),
        external_id=node.text("external_id", None),
        language=node.text("language", "en"),
        target_language=node.text("target_language", None),
        fidelity=node.choice("fidelity", FIDELITIES, "PREMIUM"),
        priority=priority,
        turnaround_hours=float(node.number("turnaround_hours", TURNAROUND[priority], 1)),
        difficulty=node.choice("difficulty", DIFFICULTIES, "Unknown"),
        options=_read_options(node),
        callbacks=node.texts("callback_urls"),
        ordered=node.flag("ordered", True),
        later=sorted(later),
    )
    url, seconds = node.text("media_url", None), float(node.number("media_seconds", 0))
    if node.flag("media", True):
        job.media = Media("url" if url else "file", seconds, url)
    if job.status in STARTED and not job.ordered:
        node.fail("ordered", f"a job that is {job.status} has been ordered")
    node.done()
    _set_dates(job)
    return job


def _read_options(node: Node) -> dict:
    options = node.node("options")
    return {name: options.value(name) for name in options} if options else {}


def _set_dates(job: Job) -> None:
    """Of a job that has come as far as the seed says."""
    if not job.ordered:
        job.fidelity = job.priority = job.turnaround_hours = None
    if job.status != "Authorizing":
        job.authorized = job.created + 60
    if job.status in STARTED:
        job.started = job.created + 120
        job.due = job.started + job.turnaround_hours * 3600
    if job.status == "Complete":
        job.completed = job.created + 3600
