# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of an order, and how far a task has come with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from ...._core.reconcile.change import PlannedChange


class Step(Enum):
    """One step of an order. The values are those of RV(jobs[].steps)."""

    NEW = "new"
    ADD_MEDIA = "add_media"
    TRANSCRIBE = "perform_transcription"
    MODIFY = "modify"
    AUTHORIZE = "authorize"


def steps_of(change: PlannedChange) -> list[Step]:
    """The steps of a planned change, in their order."""
    return [Step(name) for name in change.extra.get("steps", ())]


class Delivery(Enum):
    """Whether a request has reached the service."""

    NOT_SENT = "not sent"
    # It may have got lost, or its answer.
    SENT = "sent"
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class Progress:
    """What this task has done with a job so far.

    :param step: the step that is under way or in doubt, if any.
    :param is_touched: whether the task has begun to change the job.
    :param transcription: whether it has ordered the transcription.
    :param has_added_media: whether it has added the media.
    :param uploads: how often it has sent a file.
    """

    step: Step | None = None
    is_touched: bool = False
    transcription: Delivery = Delivery.NOT_SENT
    has_added_media: bool = False
    uploads: int = 0


class ProgressLog:
    """The progress with each job, by its key. Threads may record the progress of different jobs at a time."""

    def __init__(self) -> None:
        self._progress: dict[str, Progress] = {}

    def of(self, key: str) -> Progress:
        return self._progress.get(key, Progress())

    def record(self, key: str, **changes: Any) -> None:
        """Records new values for fields of a job's Progress."""
        self._progress[key] = replace(self.of(key), **changes)

    def snapshot(self) -> Mapping[str, Progress]:
        """The progress with all jobs at this moment."""
        return dict(self._progress)
