# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each desired state of server log collection jobs needs, where it is not what other log collection jobs need.

https://www.mongodb.com/docs/ops-manager/current/reference/api/om-log-collection/
"""

from __future__ import annotations

from typing import Any

from ...._core.files.download import Job as DownloadedJob
from ...._core.reconcile.change import PlannedChange
from ..log_jobs.calls import Job
from ..log_jobs.creation import NewLogJobReconciler
from ..log_jobs.download import LogDownloadReconciler
from ..log_jobs.reconcile import AbsentLogJobReconciler, ExistingLogJobReconciler, RetriedLogJobReconciler
from . import api


class AbsentServerLogJobReconciler(AbsentLogJobReconciler):
    """Server log collection jobs that are to be deleted, with their logs."""

    family = api.FAMILY
    noun = api.FAMILY.noun

    def plan(self, key: str, observed: Job | None, facts: None) -> PlannedChange:
        if observed is not None and observed.get("status") == "IN_PROGRESS":
            return PlannedChange(
                refusal=f"{self.family.title(key)} is still collecting, and cannot be deleted before it has ended. "
                "Wait for it with state: present and wait: true, then delete it."
            )
        return super().plan(key, observed, facts)


class RetriedServerLogJobReconciler(RetriedLogJobReconciler):
    """Server log collection jobs that are to be started again if they have failed."""

    family = api.FAMILY
    noun = api.FAMILY.noun


class ExistingServerLogJobReconciler(ExistingLogJobReconciler):
    """Server log collection jobs that are named by their ids, whose logs may have to be kept longer, or not as long."""

    family = api.FAMILY
    noun = api.FAMILY.noun


class NewServerLogJobReconciler(NewLogJobReconciler):
    """The server log collection job that collects from the servers that the user names, or from all."""

    family = api.FAMILY
    noun = api.FAMILY.noun

    def named(self, key: str) -> dict[str, Any]:
        return {}


class ServerLogDownloadReconciler(LogDownloadReconciler):
    """Server log collection jobs whose archives are fetched."""

    family = api.FAMILY
    noun = api.FAMILY.noun
    kind = "server-logs"
    former_name = None

    def source(self, job: DownloadedJob) -> str | None:
        servers = job.get("servers")
        # The names of several servers would be too long for the name of a file.
        return str(servers[0]) if isinstance(servers, list) and len(servers) == 1 else None
