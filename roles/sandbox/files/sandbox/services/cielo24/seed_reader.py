# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ...seed import HEX32, SeedNode
from .model import (
    DIFFICULTIES,
    FIDELITIES,
    STARTED,
    STATUSES,
    TURNAROUND_HOURS,
    Account,
    Job,
    Media,
    SeededDurations,
    Settings,
    StatusChange,
)

# When a job of the seed was authorized, started and completed, in seconds after its creation.
AUTHORIZED_AFTER, STARTED_AFTER, COMPLETED_AFTER = 60, 120, 3600


def read_account(node: SeedNode, parents: tuple[str, ...], now: float) -> tuple[Account, str | None]:
    """The account, and the token of a session that is open."""
    first, more = node.optional_text("api_key", HEX32), node.texts("more_api_keys")
    if more and not (first and all(HEX32.fullmatch(key) for key in more)):
        node.fail("more_api_keys", "requires api_key, and its keys must have the same form")
    account = Account(
        username=node.text("username"),
        password=node.text("password"),
        api_keys=[first, *more] if first else [],
        # A parent has to stand above its sub-accounts, so there can be no cycle.
        parent=node.optional_choice("parent", parents),
        settings=_read_settings(node),
        durations=_read_durations(node),
    )
    token = node.optional_text("api_token", HEX32)
    for job_node, job_id, index in node.entries("jobs", HEX32, 32):
        if job_id in account.jobs:
            job_node.fail("id", f"{job_id} is there twice")
        account.jobs[job_id] = _read_job(job_node, job_id, now - index)
    node.reject_unread_fields()
    return account, token


def _read_durations(node: SeedNode) -> SeededDurations:
    durations = node.node("new_jobs")
    if durations is None:
        return SeededDurations()
    seeded = SeededDurations(
        waits=durations.optional_duration("waits"),
        takes=durations.optional_duration("takes"),
        review=durations.optional_duration("review"),
    )
    durations.reject_unread_fields()
    return seeded


def _read_settings(node: SeedNode) -> Settings:
    settings = node.node("settings")
    if settings is None:
        return Settings()
    read = Settings(
        default_job_notes=settings.text("default_job_notes", ""),
        require_customer_authorization_before_starting_workflow=settings.flag(
            "require_customer_authorization_before_starting_workflow"
        ),
        customer_authorization_required_mechanical=settings.flag("customer_authorization_required_mechanical", True),
    )
    settings.reject_unread_fields()
    return read


def _read_job(node: SeedNode, job_id: str, now: float) -> Job:
    priority = node.choice("priority", tuple(TURNAROUND_HOURS), "STANDARD")
    job = Job(
        id=job_id,
        name=node.text("name"),
        status=node.choice("status", STATUSES),
        created=now - node.duration("age", 0),
        external_id=node.optional_text("external_id"),
        language=node.text("language", "en"),
        target_language=node.optional_text("target_language"),
        fidelity=node.choice("fidelity", FIDELITIES, "PREMIUM"),
        priority=priority,
        turnaround_hours=float(node.number("turnaround_hours", TURNAROUND_HOURS[priority], 1)),
        difficulty=node.choice("difficulty", DIFFICULTIES, "Unknown"),
        options=_read_options(node),
        callbacks=node.texts("callback_urls"),
        ordered=node.flag("ordered", True),
        status_changes=_read_status_changes(node, now),
    )
    url, seconds = node.optional_text("media_url"), float(node.number("media_seconds", 0))
    if node.flag("media", True):
        job.media = Media("url" if url else "file", seconds, url)
    if job.status in STARTED and not job.ordered:
        node.fail("ordered", f"a job that is {job.status} has been ordered")
    node.reject_unread_fields()
    _set_dates(job)
    return job


def _read_status_changes(node: SeedNode, now: float) -> list[StatusChange]:
    changes = []
    for step in node.nodes("then"):
        changes.append(StatusChange(now + step.duration("in"), step.choice("status", STATUSES)))
        step.reject_unread_fields()
    return sorted(changes)


def _read_options(node: SeedNode) -> dict[str, Any]:
    options = node.node("options")
    return {name: options.value(name) for name in options} if options else {}


def _set_dates(job: Job) -> None:
    """Sets the dates that a job in this status has."""
    if job.status != "Authorizing":
        job.authorized = job.created + AUTHORIZED_AFTER
    if job.status in STARTED:
        job.started = job.created + STARTED_AFTER
        job.due = job.due_date(job.started)
    if job.status == "Complete":
        job.completed = job.created + COMPLETED_AFTER
    if not job.ordered:
        job.fidelity = job.priority = job.turnaround_hours = None
