# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from dataclasses import dataclass

from ...http.messages import Request, Response, json_response
from .directory import Directory
from .model import Job
from .parameters import Parameters

# {parameter without From or To: date of the job}
DATE_FILTERS = {
    "CreationDate": "CreationDate",
    "StartDate": "StartDate",
    "DueDate": "DueDate",
    "CompleteDate": "CompletedDate",
    "ReturnDate": "ReturnDate",
    "AuthorizationDate": "AuthorizationDate",
}
# From the beginning of a day to its last microsecond.
WHOLE_DAY = 86400 - 1e-6


@dataclass(frozen=True)
class DateFilter:
    """Limits a date of a job; both ends are inclusive."""

    name: str
    first: float
    last: float

    def matches(self, job: Job) -> bool:
        moment = job.dates()[self.name]
        # Clients see no more than microseconds, so anything finer must not count.
        return moment is not None and self.first <= round(moment, 6) <= self.last


class Lists:
    """Lists of jobs."""

    def __init__(self, directory: Directory):
        self._directory = directory
        self._variants = directory.variants

    def list_jobs(self, request: Request, parameters: Parameters) -> Response:
        account, now = self._directory.caller(parameters), self._directory.clock.now()
        date_filters = [dates for dates in (_read_date_filter(name, parameters) for name in DATE_FILTERS) if dates]
        found = []
        for owner in self._directory.members(account, parameters.get("Username")):
            for job in owner.jobs.values():
                job.advance_to(now)
                is_listed = job.listed_from <= now and _matches(job, parameters)
                if is_listed and all(dates.matches(job) for dates in date_filters):
                    found.append((owner.username, job))
        found.sort(key=lambda item: (item[1].created, item[1].number), reverse=True)
        limit = int(self._variants.list_limit)
        jobs = [{"Username": username, **job.document(now, self._variants)} for username, job in found[: limit or None]]
        return json_response(200, {"Username": account.username, "ActiveJobs": jobs})

    def list_related(self, request: Request, parameters: Parameters) -> Response:
        """No job of the sandbox has related jobs."""
        _owner, job = self._directory.job(parameters)
        leading_job = job.related_document(self._directory.clock.now())
        return json_response(200, {"related_jobs": [], "leading_job": leading_job})


def _read_date_filter(name: str, parameters: Parameters) -> DateFilter | None:
    first, last = parameters.timestamp(name + "From"), parameters.timestamp(name + "To")
    if first is None and last is None:
        return None
    if last is not None and len(parameters.text(name + "To")) == len("2026-01-31"):
        # A date without a time includes the whole day.
        last += WHOLE_DAY
    return DateFilter(
        DATE_FILTERS[name],
        first=float("-inf") if first is None else first,
        last=float("inf") if last is None else last,
    )


def _matches(job: Job, parameters: Parameters) -> bool:
    exact = {
        "JobStatus": (job.status,),
        "Fidelity": (job.fidelity, job.shown_fidelity),
        "Priority": (job.priority,),
        "ExternalID": (job.external_id,),  # ExternalId, which one client sends, is not a filter
        "JobDifficulty": (job.difficulty,),
    }
    if any(parameters.get(name) not in values for name, values in exact.items() if name in parameters):
        return False
    if "JobName" in parameters and not _matches_wildcard(parameters.text("JobName"), job.name or ""):
        return False
    minimum = parameters.number("TurnaroundTimeHoursFrom", float("-inf"))
    maximum = parameters.number("TurnaroundTimeHoursTo", float("inf"))
    if (minimum, maximum) == (float("-inf"), float("inf")):
        return True
    return job.turnaround_hours is not None and minimum <= job.turnaround_hours <= maximum


def _matches_wildcard(pattern: str, name: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), name) is not None
