# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a log collection has ended, and what failed in it."""

from __future__ import annotations

from typing import Any

from ...._core.errors import JobsError
from . import api
from .calls import Job, LogJobs
from .family import Family


def check_finished(jobs: LogJobs, job_id: str, job: Job | None, family: Family = api.FAMILY) -> bool:
    """Whether a job has collected its logs.

    :raises JobsError: it has ended in another way, or is gone.
    """
    status = job.get("status") if job else None
    if status == "SUCCESS":
        return True
    if status == "IN_PROGRESS":
        return False
    if job is None:
        raise JobsError(f"{family.title(job_id)} was deleted by someone else while the task waited for it.")
    if status == "FAILURE":
        raise JobsError(f"{family.title(job_id)} failed. {_what_failed(jobs, job_id)}".rstrip())
    if status in ("EXPIRED", "MARKED_FOR_EXPIRY"):
        raise JobsError(f"{family.title(job_id)} is {status}: its logs are deleted or about to be. Start a new one.")
    what = "does not show a status" if status is None else f"has the status {status!r}, which is not known"
    raise JobsError(f"{family.title(job_id)} {what}, so there is no way to tell when it ends.")


def _what_failed(jobs: LogJobs, job_id: str) -> str:
    """The messages of the child jobs that failed, host by host."""
    try:
        children = api.children(jobs.get(job_id, verbose=True))
    except JobsError:
        return ""
    failed = [child for child in children if child.get("status") == "FAILURE"]
    return " ".join(f"{_where(child)}: {_why(child)}." for child in failed)


def _where(child: Job) -> str:
    known = [_one_line(child.get(field)) for field in ("hostName", "serverId", "logCollectionType")]
    return " ".join(filter(None, known)) or "unknown host"


def _why(child: Job) -> str:
    return _one_line(child.get("errorMessage")).rstrip(".") or "no message"


def _one_line(value: Any) -> str:
    """A text on one line; nothing for what is no text."""
    return " ".join(value.split()) if isinstance(value, str) else ""
