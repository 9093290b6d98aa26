# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tells one family of log collection jobs from the other: the logs of a project, or those of Ops Manager."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .calls import Job


@dataclass(frozen=True)
class Limit:
    """How long the logs of a job are kept at most, counted from its creation.

    :param words: the same as part of a sentence.
    :param span: the same as a span, whenever the job is created.
    :param end: returns the last moment for a job that was created at another.
    """

    words: str
    span: timedelta
    end: Callable[[datetime], datetime]


@dataclass(frozen=True)
class Family:
    """How jobs of a family are called, and what they show.

    :param noun: what a job is called in sentences.
    :param module: the module that starts the jobs.
    :param fields: the documented fields of a job, without its child jobs.
    :param brief: what tells a job from others, and its state.
    :param details: what a reviewer wants to know of a job, see Reconciler.details().
    :param finished: when the last part of a job's logs was collected, or None if nothing tells.
    :param ends_in_children: whether `finished` asks for child jobs.
    :param limit: how long logs are kept.
    """

    noun: str
    module: str
    fields: Callable[[Job], dict[str, Any]]
    brief: Callable[[Job], dict[str, Any]]
    details: Callable[[Job], dict[str, Any]]
    finished: Callable[[Job], datetime | None]
    ends_in_children: bool
    limit: Limit

    def title(self, job_id: str) -> str:
        """A job at the beginning of a sentence."""
        return f"{self.noun.capitalize()} {job_id}"
