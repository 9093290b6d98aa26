# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

from ...http.messages import Answer, Call, json_answer
from .directory import Directory
from .model import Job
from .parameters import Parameters

# filter without From/To: date of the job
DATE_FILTERS = {
    "CreationDate": "CreationDate",
    "StartDate": "StartDate",
    "DueDate": "DueDate",
    "CompleteDate": "CompletedDate",
    "ReturnDate": "ReturnDate",
    "AuthorizationDate": "AuthorizationDate",
}


class Lists:
    def __init__(self, directory: Directory):
        self._directory = directory
        self._variants = directory.variants

    def list(self, call: Call, parameters: Parameters) -> Answer:
        account, now = self._directory.caller(parameters), self._directory.clock.now()
        wanted = [dates for dates in (_date_filter(name, parameters) for name in DATE_FILTERS) if dates]
        found = []
        for owner in self._directory.members(account, parameters.get("Username")):
            for job in owner.jobs.values():
                job.settle(now)
                if job.listed_from <= now and _matches(job, parameters, wanted):
                    found.append((owner.username, job))
        found.sort(key=lambda item: (item[1].created, item[1].number), reverse=True)
        limit = int(self._variants["list_limit"])
        jobs = [{"Username": username, **job.document(now, self._variants)} for username, job in found[: limit or None]]
        return json_answer(200, {"Username": account.username, "ActiveJobs": jobs})

    def list_related(self, call: Call, parameters: Parameters) -> Answer:
        """No job here has others that came from it."""
        _owner, job = self._directory.job(parameters)
        return json_answer(200, {"related_jobs": [], "leading_job": job.leading(self._directory.clock.now())})


def _date_filter(name: str, parameters: Parameters) -> tuple[str, float, float] | None:
    """(date of the job, from, to), both inclusive; a bare date in `To` stands for that whole day."""
    first, last = parameters.moment(name + "From"), parameters.moment(name + "To")
    if first is None and last is None:
        return None
    if last is not None and len(parameters.text(name + "To")) == len("2026-01-31"):
        last += 86400 - 1e-6
    return DATE_FILTERS[name], float("-inf") if first is None else first, float("inf") if last is None else last


def _matches(job: Job, parameters: Parameters, dates: list[tuple[str, float, float]]) -> bool:
    exact = {
        "JobStatus": (job.status,),
        "Fidelity": (job.fidelity, job.shown_fidelity),
        "Priority": (job.priority,),
        "ExternalID": (job.external_id,),  # ExternalId, which one client sends, is not a filter
        "JobDifficulty": (job.difficulty,),
    }
    if any(parameters.get(name) not in values for name, values in exact.items() if name in parameters):
        return False
    if "JobName" in parameters and not _wildcard(parameters.text("JobName"), job.name or ""):
        return False
    least = parameters.number("TurnaroundTimeHoursFrom", float("-inf"))
    most = parameters.number("TurnaroundTimeHoursTo", float("inf"))
    hours = job.turnaround_hours
    if (least, most) != (float("-inf"), float("inf")) and (hours is None or not least <= hours <= most):
        return False
    # Microseconds are all that a client has seen of a moment.
    moments = {name: moment and round(moment, 6) for name, moment in job.dates().items()}
    return all(moments[name] is not None and first <= moments[name] <= last for name, first, last in dates)


def _wildcard(pattern: str, name: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), name) is not None
