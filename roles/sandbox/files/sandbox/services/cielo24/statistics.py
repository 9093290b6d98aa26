# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone

from ...clock import iso_naive
from ...http.messages import Request, Response, json_response
from .directory import Directory
from .model import Account, Job
from .parameters import CieloError, Parameters

METRICS = ("billable_minutes",)
# What lies between a segment and the next one.
SMALLEST_STEP = timedelta(microseconds=1)


class Statistics:
    """What the completed jobs of an account add up to."""

    def __init__(self, directory: Directory):
        self._directory = directory

    def aggregate(self, request: Request, parameters: Parameters) -> Response:
        account, now = self._directory.caller(parameters), self._directory.clock.now()
        metrics = parameters.json_array("metrics")
        metrics = list(METRICS) if metrics is None else metrics
        if any(metric not in METRICS for metric in metrics):
            raise CieloError("INVALID_OPTION", f"metrics holds any of {', '.join(METRICS)}")
        grouping = parameters.choice("group_by", ("week", "month"))
        first, last = parameters.timestamp("start_date"), parameters.timestamp("end_date")
        completed = self._completed_jobs(account, parameters.get("account_id"), now)
        if first is None:
            first = min((moment for moment, _job in completed), default=now)
        last = now if last is None else last
        data = []
        for start, end in _segments(first, last, grouping):
            # Clients see no more than microseconds, so anything finer must not count.
            minutes = sum(_minutes(job) for moment, job in completed if start <= round(moment, 6) <= end)
            values = {"billable_minutes": minutes} if metrics else {}
            data.append({**values, "start_date": iso_naive(start), "end_date": iso_naive(end)})
        return json_response(200, {"data": data, "start_date": iso_naive(first), "end_date": iso_naive(last)})

    def _completed_jobs(self, account: Account, account_id: str | None, now: float) -> list[tuple[float, Job]]:
        """The completed jobs, each with the time of its completion."""
        completed = []
        for owner in self._directory.members(account, account_id):
            for job in owner.jobs.values():
                job.advance_to(now)
                if job.completed is not None:
                    completed.append((job.completed, job))
        return completed


def _minutes(job: Job) -> float:
    """The duration of the media; a minute that has begun counts in full."""
    return float(math.ceil((job.media.seconds if job.media else 0) / 60))


def _segments(first: float, last: float, grouping: str | None) -> list[tuple[float, float]]:
    """The weeks, which begin on Monday, or months from the first to the last moment; without grouping: all of it."""
    if grouping is None:
        return [(round(first, 6), round(last, 6))]
    segments, start = [], datetime.fromtimestamp(first, timezone.utc)
    final = datetime.fromtimestamp(last, timezone.utc)
    while start <= final:
        day = start.replace(hour=0, minute=0, second=0, microsecond=0)
        if grouping == "week":
            following = day + timedelta(days=7 - day.weekday())
        else:
            following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        segments.append((start.timestamp(), min(following - SMALLEST_STEP, final).timestamp()))
        start = following
    return segments
