# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captioning jobs that users name by the ids in their own systems: looked for in one list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from ..._core.context import TaskContext
from ..._core.errors import JobsError
from ..._core.params import argspec, validators
from .account import EVERY_ACCOUNT, LONGEST_TEXT
from .jobs_api import CaptioningJobs, Job, text_of

JobT = TypeVar("JobT", bound=Mapping[str, Any])


def external_ids(params: Mapping[str, Any]) -> list[str]:
    """The external ids that a task names.

    :raises InvalidInput: one of them is invalid, or there are none where some are needed.
    """
    may_be_empty = argspec.may_select_nothing(params)
    return validators.texts("external_ids", params["external_ids"], LONGEST_TEXT, may_be_empty=may_be_empty)


class JobsOfAccount:
    """All jobs of an account, to be listed as often as needed.

    :param sub_account: the account below this one that has the jobs, or None for this one.
    """

    def __init__(self, jobs: CaptioningJobs, sub_account: str | None, context: TaskContext) -> None:
        self._jobs = jobs
        self._sub_account = sub_account
        self._context = context
        self._was_listed = False

    def all(self) -> Sequence[Job]:
        """The jobs. If there are none at the first look, the name of the account may be misspelt, which is warned of.

        Later, the task itself may have deleted them.
        """
        found = self._jobs.all(username=self._sub_account)
        if self._sub_account not in (None, EVERY_ACCOUNT) and not found and not self._was_listed:
            self._context.warn(f"The account {self._sub_account} has no captioning jobs. Check its name.")
        self._was_listed = True
        return found


def by_external_id(jobs: Iterable[JobT], wanted: Collection[str]) -> dict[str, list[JobT]]:
    """Those jobs that external ids name, by these ids. Several jobs can have the same one."""
    found: dict[str, list[JobT]] = {}
    for job in jobs:
        external_id = text_of(job, "ExternalID")
        if external_id is not None and external_id in wanted:
            found.setdefault(external_id, []).append(job)
    return found


def several_have(external_id: str) -> JobsError:
    """The error for an external id that does not tell which job is meant."""
    return JobsError(f"There are several captioning jobs with the external id {external_id}; give job_ids instead.")
