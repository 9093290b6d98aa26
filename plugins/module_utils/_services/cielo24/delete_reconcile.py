# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captioning jobs of cielo24 as items of the engine, to be deleted.

Private to this collection.
"""

from __future__ import annotations

from ..._core.errors import JobsError, ServiceError
from ..._core.reconcile.engine import PlannedChange, Reconciler
from .jobs_api import brief, text_of

# Errors that are not about the job.
_OF_THE_ACCOUNT = ("LOGIN_INVALID", "BAD_API_TOKEN", "ACCOUNT_UNPRIVILEGED")


def plan_absent(observed):
    """The change that leads to a job that does not exist. Which states can be deleted is the service's decision."""
    if observed is None:
        return PlannedChange()
    return PlannedChange("delete", before={"JobName": observed.get("JobName"), "JobStatus": observed.get("JobStatus")})


class DeleteReconciler(Reconciler):
    """Captioning jobs as items of the engine, to be deleted.

    :param jobs: CaptioningJobs.
    :param context: a TaskContext.
    :param field: what the keys are: JobId or ExternalID.
    :param names: a NameSelection.
    :param sub_account: the account below this one that has the jobs, unless they are named by their JobId.
    """

    noun = "captioning job"
    plural = "captioning jobs"
    result_key = "jobs"

    def __init__(self, jobs, context, names, field="JobId", sub_account=None):
        self._jobs = jobs
        self._context = context
        self._field = field
        self._sub_account = sub_account
        self._names = names

    def select(self):
        return {job["JobId"]: job for job in self._names.selected(self._all(), "JobName", self._context)}

    def _all(self):
        jobs = self._jobs.all(username=self._sub_account)
        if self._sub_account and not jobs:
            self._context.warn(f"The account {self._sub_account} has no captioning jobs. Check its name.")
        return jobs

    def observe(self, keys):
        if self._field == "JobId":
            return self._jobs.find(keys)
        found, wanted = {}, set(keys)
        for job in self._all():
            key = text_of(job, self._field)
            if key in found:
                raise JobsError(f"There are several captioning jobs with the external id {key}; give job_ids instead.")
            if key in wanted:
                found[key] = job
        return found

    def plan(self, key, observed):
        kept = self._names.kept(observed.get("JobName")) if observed else None
        return kept or plan_absent(observed)

    def plan_predicted(self, key):
        return PlannedChange("delete")

    def apply(self, item):
        try:
            return self._jobs.delete(item.observed["JobId"])
        except ServiceError as error:
            if error.status == 400 and not error.aborts_task and error.code not in _OF_THE_ACCOUNT:
                error.sentence += (
                    f" The job is {item.observed.get('JobStatus')}: one whose work has begun may not be deleted any "
                    "more. In that case, contact the support of cielo24."
                )
            raise

    def fields(self, key, observed):
        if observed:
            return brief(observed)
        return {"id": key} if self._field == "JobId" else {"id": None, self._field: key}

    def label(self, key, observed):
        name = observed.get("JobName")
        return f"{name} ({observed['JobId']})" if name else observed["JobId"]
