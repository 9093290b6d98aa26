# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs whose archives can be downloaded."""

from __future__ import annotations

from datetime import datetime, timezone

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.destination import Archive, Destination
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.download import DownloadReconciler
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.response import Response
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock
from ansible_collections.saasops.jobs.tests.unit.support.transfers import FLOOR, Stream, archive

MADE = datetime(2026, 3, 1, 8, 30, 15, tzinfo=timezone.utc)
WHOLE = archive(1000)


class Jobs(DownloadReconciler):
    """Jobs with so many parts each; a job that is not ready has none to hand over.

    :param on_piece: called before each piece of an archive.
    """

    noun = "job"

    def __init__(self, destination, jobs, context, on_piece=lambda: None):
        super().__init__(destination, context, HttpSettings(retries=0), FLOOR)
        self._jobs = jobs
        self._on_piece = on_piece
        self.opened = []

    def find(self, keys):
        return {key: {"id": key, **self._jobs[key]} for key in keys if key in self._jobs}

    def archives(self, job):
        parts = job.get("parts") or [None]
        made, name, former = job.get("made", MADE), job.get("name", job["id"]), job.get("former")
        return [
            Archive(f"{name}{part or ''}.tar.gz", made, job["id"], part, former_name=former and f"{former}.tar.gz")
            for part in parts
        ]

    def predicted_name(self, key):
        return f"{key}.tar.gz"

    def why_not(self, key, job, archives):
        return None if job.get("ready", not job.get("spent")) else f"Job {key} is not ready."

    def is_spent(self, job, archive):
        return job.get("spent", False)

    def is_being_made(self, job):
        return job.get("being_made", False)

    def open(self, key, archive, headers):
        self.opened.append((key, archive.part))
        return Response(200, {}, b"", stream=Stream(self._jobs[key].get("content", WHOLE), False, self._on_piece))

    def job_fields(self, job):
        return {"status": "there"}


def bring(dest, jobs, check=False, keys=None, mode=None, force=False, context=None, attributes=None, kind=Jobs, **more):
    """Downloads archives into files, see Jobs.

    :param attributes: further options of the module.
    :param kind: the class of the reconciler.
    :param more: further arguments of the reconciler.
    """
    context = context or TaskContext(check_mode=check, clock=StillClock(), diff_mode=True)
    keys = keys or list(jobs)
    params = {"dest": str(dest), "mode": mode, "force": force, **(attributes or {})}
    destination = Destination(params, len(keys), context)
    reconciler = kind(destination, jobs, context, **more)
    result = report.report(reconciler, engine.reconcile(reconciler, keys, context, HttpSettings(retries=0)), context)
    return {**result, "warnings": context.warnings}, reconciler
