# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ...clock import iso_naive
from ...variants.cielo24 import Cielo24Variants

STATUSES = ("Authorizing", "Pending", "In Process", "Complete", "Media Failure", "Reviewing")
EARLY = ("Authorizing", "Pending")
STARTED = ("In Process", "Complete", "Reviewing")
FIDELITIES = ("MECHANICAL", "PREMIUM", "PROFESSIONAL")
# {fidelity in requests: fidelity in jobs}
SHOWN_FIDELITY = {"PREMIUM": "STANDARD", "PROFESSIONAL": "HIGH"}
DIFFICULTIES = ("Good", "Bad", "Unknown")
# Hours until a job is due by default, by priority.
TURNAROUND_HOURS: dict[str, float] = {"PRIORITY": 24, "STANDARD": 48}
NAMESPACE = uuid.UUID("c24c24c2-0000-4000-8000-000000000000")


@dataclass
class Media:
    kind: str  # url, embedded or file
    seconds: float
    url: str | None = None
    length: int | None = None  # of an upload
    sha256: str | None = None
    ready: float = 0.0  # when its duration becomes known

    def state(self) -> dict[str, Any]:
        return {"kind": self.kind, "url": self.url, "length": self.length, "sha256": self.sha256}


@dataclass(frozen=True)
class SeededDurations:
    """What the seed says about the durations of an account's new jobs, in seconds."""

    waits: float | None = None
    takes: float | None = None
    review: float | None = None


@dataclass(frozen=True)
class Durations:
    """How long the steps of a job take, in seconds."""

    waits: float
    takes: float
    review: float


@dataclass(frozen=True, order=True)
class StatusChange:
    time: float
    status: str


@dataclass
class Job:
    id: str
    name: str | None
    status: str
    created: float
    external_id: str | None = None
    language: str = "en"
    target_language: str | None = None
    standard_product: bool = False  # not shown by the service
    fidelity: str | None = None
    priority: str | None = None
    turnaround_hours: float | None = None
    difficulty: str = "Unknown"
    options: dict[str, Any] = field(default_factory=dict)
    callbacks: list[str] = field(default_factory=list)
    requestor: str | None = None
    expected_speakers: int | None = None
    media: Media | None = None
    ordered: bool = False  # a transcription has been requested
    order_shown_from: float = 0.0
    status_changes: list[StatusChange] = field(default_factory=list)  # those to come
    authorized: float | None = None
    started: float | None = None
    due: float | None = None
    completed: float | None = None
    number: int = 0  # the order of jobs that were created at the same time
    listed_from: float = 0.0

    def advance_to(self, now: float) -> None:
        """Makes the status changes that are due."""
        while self.status_changes and now >= self.status_changes[0].time:
            change = self.status_changes.pop(0)
            self.status = change.status
            if self.status != "Authorizing" and self.authorized is None:
                self.authorized = change.time
            if self.status in STARTED and self.started is None:
                self.started = change.time
                self.due = self.due or self.due_date(change.time)
            if self.status == "Complete":
                self.completed = change.time
            if self.status == "Media Failure":
                self.status_changes.clear()

    def schedule_work(self, now: float, durations: Durations) -> None:
        """Plans the status changes of the transcription, if nothing that it needs is missing any more."""
        if self.status != "Pending" or not self.ordered:
            return
        self.due = self.due or self.due_date(now)
        if self.media is None or self.status_changes:
            return
        begin = max(now, self.media.ready) + durations.waits
        end = begin + durations.takes
        self.status_changes = [
            StatusChange(begin, "In Process"),
            StatusChange(end + durations.review, "Complete"),
        ]
        if durations.review:
            self.status_changes.insert(1, StatusChange(end, "Reviewing"))

    def due_date(self, ordered: float) -> float:
        return ordered + (self.turnaround_hours or TURNAROUND_HOURS["STANDARD"]) * 3600

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
        return SHOWN_FIDELITY.get(self.fidelity or "", self.fidelity)

    def document(self, now: float, variants: Cielo24Variants) -> dict[str, Any]:
        is_order_shown = now >= self.order_shown_from
        document: dict[str, Any] = {
            "JobId": self.id,
            "JobName": self.name,
            "MediaLengthSeconds": self.media_seconds(now),
            variants.external_id_name: self.external_id,
            "Priority": self.priority if is_order_shown else None,
            "Fidelity": self.shown_fidelity if is_order_shown else None,
            "JobStatus": self.status,
            "SourceLanguage": self.language,
            "TargetLanguage": self.target_language or self.language,
        }
        for name, moment in self.dates().items():
            document[name] = None if moment is None else iso_naive(moment)
        document["JobDifficulty"] = self.difficulty
        document["ReturnTargets"] = {"url": [{"callback_url": url} for url in self.callbacks]} if self.callbacks else {}
        document["Options"] = dict(self.options)
        if not is_order_shown:
            document["ReturnTargets"], document["Options"], document["DueDate"] = {}, {}, None
        if variants.options_form == "labelled":
            document["Options"] = {
                name: {"label": name.replace("_", " ").capitalize(), "setting": value}
                for name, value in document["Options"].items()
            }
        return _show_empty_fields(document, variants.empty_fields)

    def related_document(self, now: float) -> dict[str, Any]:
        """The job as the list of related jobs shows it."""
        seconds = self.media_seconds(now)
        return {
            "job_status": self.status,
            "job_id": self.id,
            "current_priority": self.priority,
            "media_length": None if seconds is None else str(timedelta(seconds=seconds)),
            "current_fidelity": self.shown_fidelity,
            "language": f"{self.language}:{self.target_language or self.language}",
        }

    def state(self) -> dict[str, Any]:
        transcription = {
            "fidelity": self.fidelity,
            "priority": self.priority,
            "turnaround_hours": self.turnaround_hours,
            "target_language": self.target_language,
            "options": self.options,
            "standard_product": self.standard_product,
            "callbacks": len(self.callbacks),
        }
        return {
            "status": self.status,
            "name": self.name,
            "external_id": self.external_id,
            "language": self.language,
            "media": self.media.state() if self.media else None,
            "transcription": transcription if self.ordered else None,
        }


def _show_empty_fields(document: dict[str, Any], form: str) -> dict[str, Any]:
    if form == "left_out":
        return {name: value for name, value in document.items() if value is not None}
    if form == "empty":
        # As in an example of the documentation, where an empty ReturnTargets is a text too.
        document["ReturnTargets"] = document["ReturnTargets"] or None
        return {name: "" if value is None else value for name, value in document.items()}
    return document


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
    durations: SeededDurations = field(default_factory=SeededDurations)
    jobs: dict[str, Job] = field(default_factory=dict)
    deleted: dict[str, Job] = field(default_factory=dict)
    removed_keys: set[str] = field(default_factory=set)
    logins: int = 0

    def state(self) -> dict[str, Any]:
        return {"jobs": {job.id: job.state() for job in self.jobs.values()}, "api_keys": len(self.api_keys)}
