# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The archives of log collection jobs, to be fetched.

https://www.mongodb.com/docs/ops-manager/current/reference/api/log-collections/log-collections-download-job/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...._core.context import TaskContext
from ...._core.files.destination import Archive, Destination
from ...._core.files.download import DownloadReconciler, FetchableJob, Job
from ...._core.files.file_names import archive_name
from ...._core.files.floor import Floor
from ...._core.http.response import Response
from ...._core.http.settings import HttpSettings
from ...._core.params import timestamps
from ...._core.reconcile.item import Item
from . import api
from .calls import LogJobs


class LogDownloadReconciler(DownloadReconciler):
    """Log collection jobs whose archives are fetched."""

    family = api.FAMILY
    noun = api.FAMILY.noun
    # What an archive holds, in its name.
    kind = "logs"
    # The name that an earlier version gave an archive, if there was one, with the id of its job.
    former_name: str | None = "log-collection-{}.tar.gz"

    def __init__(
        self,
        jobs: LogJobs,
        destination: Destination,
        context: TaskContext,
        settings: HttpSettings,
        floor: Floor,
    ) -> None:
        super().__init__(destination, context, settings, floor)
        self._jobs = jobs

    def find(self, keys: Sequence[str]) -> Mapping[str, Job]:
        # The end of a job, or those of its child jobs, tell one run from the next.
        return self._jobs.find(keys, verbose=self.family.ends_in_children)

    def archives(self, job: Job) -> list[Archive]:
        # Of a run that goes on there is nothing yet, whatever the child jobs still show of the one before.
        finished = self.family.finished(job) if job.get("status") != "IN_PROGRESS" else None
        # Without that, it can at least be told whether a retry has helped.
        run = timestamps.iso(finished) if finished else str(job.get("status") == "FAILURE")
        made = finished or api.created(job)
        # A retry does not change the name.
        name = archive_name(self.kind, self.source(job), api.created(job), job["id"])
        former_name = self.former_name and self.former_name.format(job["id"])
        return [Archive(name, made, f"{job['id']} {run}", former_name=former_name)]

    def source(self, job: Job) -> str | None:
        """What the logs of a job come from, if that has a name."""
        resource = job.get("resourceName")
        return str(resource) if resource else None

    def predicted_name(self, key: str) -> str:
        return archive_name(self.kind, None, None, key)

    def why_not(self, key: str, job: Job, archives: Sequence[Archive]) -> str | None:
        status = job.get("status")
        if status == "IN_PROGRESS":
            return (
                f"{self.family.title(key)} is still collecting. Wait for it with {self.family.module}, then fetch it."
            )
        if status == "EXPIRED":
            return f"{self.family.title(key)} has expired, and its logs are deleted. Start a new collection."
        return None

    def is_spent(self, job: Job, archive: Archive) -> bool:
        return job.get("status") == "EXPIRED"

    def is_being_made(self, job: Job) -> bool:
        return job.get("status") == "IN_PROGRESS"

    def open(self, key: str, archive: Archive, headers: Mapping[str, str]) -> Response:
        return self._jobs.download(key, headers)

    def apply(self, item: Item[FetchableJob]) -> bool:
        if item.observed and item.observed.job.get("status") == "FAILURE":
            self._context.warn(f"{self.family.title(item.key)} failed: its archive holds only what could be collected.")
        return super().apply(item)

    def job_fields(self, job: Job) -> dict[str, Any]:
        return self.family.fields(job)
