# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone

from ...clock import iso_naive
from ...http.messages import Answer, Call, json_answer
from .directory import Directory
from .model import Job
from .parameters import CieloError, Parameters

METRICS = ("billable_minutes",)
TICK = timedelta(microseconds=1)


class Statistics:
    def __init__(self, directory: Directory):
        self._directory = directory

    def aggregate(self, call: Call, parameters: Parameters) -> Answer:
        account, now = self._directory.caller(parameters), self._directory.clock.now()
        metrics = parameters.json("metrics", list, list(METRICS))
        if any(metric not in METRICS for metric in metrics):
            raise CieloError("INVALID_OPTION", f"metrics holds any of {', '.join(METRICS)}")
        grouping = parameters.choice("group_by", ("week", "month"))
        first, last = parameters.moment("start_date"), parameters.moment("end_date")
        returned = []
        for owner in self._directory.members(account, parameters.get("account_id")):
            for job in owner.jobs.values():
                job.settle(now)
                if job.completed is not None:
                    returned.append(job)
        first = min((job.completed for job in returned), default=now) if first is None else first
        last = now if last is None else last
        data = []
        for start, end in _segments(first, last, grouping):
            # Microseconds are all that a client has seen of a moment.
            minutes = sum(_minutes(job) for job in returned if start <= round(job.completed, 6) <= end)
            values = {"billable_minutes": minutes} if metrics else {}
            data.append({**values, "start_date": iso_naive(start), "end_date": iso_naive(end)})
        return json_answer(200, {"data": data, "start_date": iso_naive(first), "end_date": iso_naive(last)})


def _minutes(job: Job) -> float:
    """A minute that has begun counts."""
    return float(math.ceil((job.media.seconds if job.media else 0) / 60))


def _segments(first: float, last: float, grouping: str | None) -> list[tuple[float, float]]:
    """The weeks, from Monday, or months from the first moment to the last; or all of it."""
    if grouping is None:
        return [(round(first, 6), round(last, 6))]
    found, start = [], datetime.fromtimestamp(first, timezone.utc)
    final = datetime.fromtimestamp(last, timezone.utc)
    while start <= final:
        day = start.replace(hour=0, minute=0, second=0, microsecond=0)
        if grouping == "week":
            following = day + timedelta(days=7 - day.weekday())
        else:
            following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append((start.timestamp(), min(following - TICK, final).timestamp()))
        start = following
    return found
