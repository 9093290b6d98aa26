# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captioning jobs of cielo24 as items of the engine, to be deleted.

Private to this collection.
"""

from __future__ import annotations

from .._core.engine import Step, Work
from .cielo24_jobs import fields


def plan_absent(observed):
    """Step to a job that does not exist. Which states can be deleted is the service's decision."""
    if observed is None:
        return Step()
    return Step("delete", before={"JobName": observed.get("JobName"), "JobStatus": observed.get("JobStatus")})


class CaptioningWork(Work):
    """Captioning jobs as items of the engine, to be deleted.

    :param jobs: CaptioningJobs.
    """

    noun = "captioning job"
    plural = "captioning jobs"
    result_key = "jobs"

    def __init__(self, jobs):
        self._jobs = jobs

    def observe(self, keys):
        return self._jobs.find(keys)

    def plan(self, key, observed):
        return plan_absent(observed)

    def apply(self, item):
        return self._jobs.delete(item.observed["JobId"])

    def fields(self, key, observed):
        return fields(observed) if observed else {"id": key}
