# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The archives of log collection jobs, to be fetched.

https://www.mongodb.com/docs/ops-manager/current/reference/api/log-collections/log-collections-download-job/

Private to this collection.
"""

from __future__ import annotations

from ...._core.files.destination import Archive
from ...._core.files.download import DownloadReconciler
from ...._core.files.fetch import DEFAULT_FLOOR
from ...._core.params import timestamps
from . import api


class LogDownloadReconciler(DownloadReconciler):
    """Log collection jobs whose archives are fetched.

    :param jobs: LogCollectionJobs; for the others see DownloadReconciler.
    """

    noun = "log collection job"
    plural = "log collection jobs"

    def __init__(self, jobs, destination, context, settings, floor=DEFAULT_FLOOR):
        super().__init__(destination, context, settings, floor)
        self._jobs = jobs

    def find(self, keys):
        # The child jobs tell one run of a job from the next.
        return self._jobs.find(keys, verbose=True)

    def archives(self, job):
        # Of a run that goes on there is nothing yet, whatever the child jobs still show of the one before.
        finished = api.finished(job) if job.get("status") != "IN_PROGRESS" else None
        # Without that, it can at least be told whether a retry has helped.
        run = timestamps.iso(finished) if finished else str(job.get("status") == "FAILURE")
        made = finished or api.created(job)
        return [Archive(f"log-collection-{job['id']}.tar.gz", made, f"{job['id']} {run}")]

    def why_not(self, key, job, archives):
        status = job.get("status")
        if status == "IN_PROGRESS":
            return f"Log collection job {key} is still collecting. Wait for it with log_collection_job, then fetch it."
        if status == "EXPIRED":
            return f"Log collection job {key} has expired, and its logs are deleted. Start a new collection."
        return None

    def is_spent(self, job, archive):
        return job.get("status") == "EXPIRED"

    def is_being_made(self, job):
        return job.get("status") == "IN_PROGRESS"

    def open(self, key, archive, headers):
        return self._jobs.download(key, headers)

    def apply(self, item):
        if item.observed["job"].get("status") == "FAILURE":
            self._context.warn(f"Log collection job {item.key} failed: its archive holds only what could be collected.")
        return super().apply(item)

    def job_fields(self, job):
        return api.fields(job)
