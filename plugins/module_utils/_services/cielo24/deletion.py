# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captioning jobs of cielo24 that are to be deleted.

https://cielo24.readthedocs.io/en/latest/job_control/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._core.context import TaskContext
from ..._core.errors import ServiceError
from ..._core.reconcile.change import PlannedChange
from ..._core.reconcile.item import Item
from ..._core.reconcile.name_filter import KEPT, NameFilter
from ..._core.reconcile.reconciler import Observation, Reconciler, SelectingReconciler
from .external_ids import JobsOfAccount, by_external_id, several_have
from .jobs_api import CaptioningJobs, brief, details

Job = Mapping[str, Any]

_BAD_REQUEST = 400
# Errors that are not about the job.
_OF_THE_ACCOUNT = ("LOGIN_INVALID", "BAD_API_TOKEN", "ACCOUNT_UNPRIVILEGED")


class AbsentJobReconciler(Reconciler[Job, None]):
    """Captioning jobs that are named by their ids, and are to be deleted.

    :param names: tells which jobs are kept.
    """

    noun = "captioning job"
    result_key = "jobs"

    def __init__(self, jobs: CaptioningJobs, names: NameFilter) -> None:
        self._jobs = jobs
        self._names = names

    def observe(self, keys: Sequence[str]) -> Observation[Job, None]:
        return Observation(self._jobs.find(keys), facts=None)

    def plan(self, key: str, observed: Job | None, facts: None) -> PlannedChange:
        if observed is None:
            return PlannedChange()
        if self._names.keeps(observed.get("JobName")):
            return KEPT
        # The service decides which states allow a deletion.
        before = {"JobName": observed.get("JobName"), "JobStatus": observed.get("JobStatus")}
        return PlannedChange("delete", before=before)

    def plan_predicted(self, key: str) -> PlannedChange:
        return PlannedChange("delete")

    def apply(self, item: Item[Job]) -> bool:
        job = item.observed
        if job is None:
            return False
        try:
            return self._jobs.delete(job["JobId"])
        except ServiceError as error:
            if error.status != _BAD_REQUEST or error.aborts_task or error.code in _OF_THE_ACCOUNT:
                raise
            raise error.replace(
                sentence=(
                    f"{error.sentence} The job is {job.get('JobStatus')}: a job whose work has begun can no longer be "
                    "deleted. In that case, contact cielo24's support."
                )
            ) from error

    def fields(self, key: str, observed: Job | None) -> dict[str, Any]:
        return brief(observed) if observed else {"id": key}

    def details(self, key: str, observed: Job | None) -> dict[str, Any]:
        return details(observed or {})

    def label(self, key: str, observed: Job) -> str:
        name, job_id = observed.get("JobName"), str(observed["JobId"])
        return f"{name} ({job_id})" if name else job_id


class _ListedJobReconciler(AbsentJobReconciler):
    """Captioning jobs that are found among all jobs of an account, and are to be deleted.

    :param sub_account: the account below this one that has the jobs, or None for this one.
    """

    def __init__(self, jobs: CaptioningJobs, names: NameFilter, sub_account: str | None, context: TaskContext) -> None:
        super().__init__(jobs, names)
        self._listed = JobsOfAccount(jobs, sub_account, context)
        self._context = context


class AbsentByExternalIdReconciler(_ListedJobReconciler):
    """Captioning jobs that are named by their external ids, and are to be deleted."""

    def observe(self, keys: Sequence[str]) -> Observation[Job, None]:
        found = by_external_id(self._listed.all(), set(keys))
        for key, jobs in found.items():
            if len(jobs) > 1:
                raise several_have(key)
        return Observation({key: jobs[0] for key, jobs in found.items()}, facts=None)

    def fields(self, key: str, observed: Job | None) -> dict[str, Any]:
        return brief(observed) if observed else {"id": None, "ExternalID": key}


class AbsentByNameReconciler(_ListedJobReconciler, SelectingReconciler[Job, None]):
    """Captioning jobs whose names fit a pattern, and that are to be deleted. Their keys are their ids."""

    def select(self) -> Observation[Job, None]:
        selected = self._names.select(self._listed.all(), "JobName", self._context)
        return Observation({job["JobId"]: job for job in selected}, facts=None)
