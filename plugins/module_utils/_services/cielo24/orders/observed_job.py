# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be seen of a captioning job that was ordered, and of its media.

https://cielo24.readthedocs.io/en/latest/job_control/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..jobs_api import CaptioningJobs, text_of
from .order import Order

# Statuses of jobs whose work has begun.
_HAS_BEGUN = ("In Process", "Complete", "Media Failure", "Reviewing")


@dataclass(frozen=True)
class ObservedJob:
    """A captioning job.

    :param job: its fields as the service shows them; none as long as the job is not visible.
    :param has_media: whether it has its media.
    :param media_url: the address of its media; None if they have none, or it does not matter.
    """

    job: Mapping[str, Any]
    has_media: bool
    media_url: str | None = None

    @property
    def status(self) -> Any:
        return self.job.get("JobStatus")

    def text_of(self, field: str) -> str | None:
        """A field as text, or None."""
        return text_of(self.job, field)

    @property
    def is_ordered(self) -> bool:
        """Whether it shows that its transcription has been ordered."""
        return _is_ordered(self.job)


def with_media(job: Mapping[str, Any]) -> ObservedJob:
    """A job that is known to have its media, with their address if the service shows it."""
    return ObservedJob(job, has_media=True, media_url=text_of(job, "MediaUrl"))


class MediaObserver:
    """Finds out whether jobs have their media, and where those came from if an order names an address."""

    def __init__(self, jobs: CaptioningJobs, order: Order) -> None:
        self._jobs = jobs
        self._order = order
        # The addresses of the media that jobs have, by the ids of the jobs. They never change.
        self._urls: dict[str, str | None] = {}

    def look(self, job: Mapping[str, Any], *, was_added: bool) -> ObservedJob:
        """A job with what is known of its media.

        :param was_added: this task has added the media of the order.
        """
        order = self._order
        if was_added:
            return ObservedJob(job, has_media=True, media_url=order.media_url)
        # What shows without another request.
        has_media = bool(job.get("MediaLengthSeconds") or job.get("StartDate")) or _is_ordered(job)
        if not order.has_media or has_media and not order.media_url:
            return ObservedJob(job, has_media)
        job_id = job["JobId"]
        url = self._urls[job_id] if job_id in self._urls else self._jobs.media_url(job_id) or None
        if url or has_media:
            self._urls[job_id] = url
        return ObservedJob(job, has_media or bool(url), url)


def _is_ordered(job: Mapping[str, Any]) -> bool:
    return any(job.get(field) for field in ("Fidelity", "DueDate")) or job.get("JobStatus") in _HAS_BEGUN
