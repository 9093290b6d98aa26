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
from .account import LONGEST_TEXT
from .jobs_api import CaptioningJobs, Job, text_of

JobT = TypeVar("JobT", bound=Mapping[str, Any])


def external_ids(params: Mapping[str, Any]) -> list[str]:
    """The external ids that a task names.

    :raises InvalidInput: one of them cannot be right, or there are none where some are needed.
    """
    may_be_empty = argspec.may_select_nothing(params)
    return validators.texts("external_ids", params["external_ids"], LONGEST_TEXT, may_be_empty=may_be_empty)


def jobs_of_account(jobs: CaptioningJobs, sub_account: str | None, context: TaskContext) -> Sequence[Job]:
    """All jobs of an account, with a warning if there are none, as its name may be misspelt.

    :param sub_account: the account below this one that has the jobs, or None for this one.
    """
    found = jobs.all(username=sub_account)
    if sub_account and not found:
        context.warn(f"The account {sub_account} has no captioning jobs. Check its name.")
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
