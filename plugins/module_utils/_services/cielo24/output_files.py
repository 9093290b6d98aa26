# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captions and transcripts of cielo24, kept in files: each is compared with what is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..._core.context import TaskContext
from ..._core.errors import JobsError, ServiceError
from ..._core.files import atomic_write
from ..._core.files.destination import Archive, Destination, LocalFile, open_file
from ..._core.files.download import paths_of, plan_predicted
from ..._core.http.settings import HttpSettings
from ..._core.params.placeholders import placeholder
from ..._core.reconcile.change import UNLESS_WAITED_FOR, PlannedChange
from ..._core.reconcile.item import Item
from ..._core.reconcile.reconciler import Observation, Reconciler
from ..._core.threads import map_concurrently
from .account import Account
from .external_ids import JobsOfAccount, by_external_id, several_have
from .jobs_api import CaptioningJobs, Job, is_under_way
from .outputs import Output

# Completes a warning of check mode about a job that does not exist yet.
UNLESS_ORDERED = "Without check mode this would fail, unless an earlier task orders it."


@dataclass(frozen=True)
class ObservedOutput:
    """What the service has, and what is in the file.

    :param job_id: the id of the job; None if it is not known.
    :param content: what the service has; None for what check mode expects to come later.
    :param local: the file; None if there is a problem.
    :param is_same: whether the file holds just this content.
    :param problem: why nothing can be said, or None.
    :param warnings: sentences for the user.
    """

    job_id: str | None
    content: bytes | None = None
    local: LocalFile | None = None
    is_same: bool = False
    problem: JobsError | None = None
    warnings: tuple[str, ...] = ()


class OutputReconciler(Reconciler[ObservedOutput, None]):
    """Captions or transcripts of jobs that are to be in files. The jobs are named by their ids."""

    noun = "captioning job"
    result_key = "jobs"

    def __init__(
        self, account: Account, output: Output, destination: Destination, context: TaskContext, settings: HttpSettings
    ) -> None:
        self._account = account
        self._output = output
        self._destination = destination
        self._context = context
        self._settings = settings

    def observe(self, keys: Sequence[str]) -> Observation[ObservedOutput, None]:
        return Observation(self._outputs_of({key: key for key in keys}), facts=None)

    def _outputs_of(self, job_ids: Mapping[str, str]) -> dict[str, ObservedOutput]:
        """What the service has and what is there, by the keys of the jobs.

        :param job_ids: the ids of the jobs, by their keys.
        """
        cancel_token = self._context.cancel_token
        found = map_concurrently(self._look, job_ids.values(), self._settings.max_concurrency, cancel_token)
        return {key: seen for key, seen in zip(job_ids, found) if seen is not None}

    def _look(self, job_id: str) -> ObservedOutput | None:
        """What the service has and what is there; None if there is no such job.

        :raises JobsError: it concerns all jobs.
        """
        try:
            content, warnings = self._read(job_id)
            return self._compared(job_id, content, warnings)
        except JobsError as error:
            if isinstance(error, ServiceError) and error.code == "ITEM_NOT_FOUND":
                return None
            if error.aborts_task:
                raise
            return ObservedOutput(job_id, problem=error)

    def _compared(self, job_id: str, content: bytes | None, warnings: tuple[str, ...]) -> ObservedOutput:
        """What the service has, see ObservedOutput, and what is there.

        :raises JobsError: it cannot be determined what is there.
        """
        local = self._destination.look(Archive(self._file_name(job_id), None, job_id))
        is_same = content is not None and _holds(local, content)
        return ObservedOutput(job_id, content, local, is_same, warnings=warnings)

    def _read(self, job_id: str) -> tuple[bytes | None, tuple[str, ...]]:
        """What the service has for a job, None for what check mode expects to come later; and warnings."""
        try:
            content = self._output.read(self._account, job_id)
            if content:
                return content, ()
            raise JobsError(f"The service has nothing for captioning job {job_id} yet.")
        except JobsError as error:
            if error.aborts_task or not (self._context.check_mode and self._is_being_made(job_id)):
                raise
        return None, (f"The service has nothing for captioning job {job_id} yet. {UNLESS_WAITED_FOR}",)

    def _is_being_made(self, job_id: str) -> bool:
        """Whether the text of a job does not exist yet, but will."""
        job = CaptioningJobs(self._account).info(job_id)
        return job is not None and is_under_way(job)

    def _file_name(self, job_id: str) -> str:
        """What the file is called in a folder."""
        return f"{job_id}.{self._output.suffix}"

    def plan(self, key: str, observed: ObservedOutput | None, facts: None) -> PlannedChange:
        if observed is None:
            return PlannedChange(refusal=f"Captioning job {key} does not exist.")
        local, content = observed.local, observed.content
        if local is None:
            return PlannedChange(refusal=observed.problem)
        size = None if content is None else len(content)
        before = {"files": local.as_result()}
        after = {"files": [self._destination.as_predicted(local, size, is_kept=observed.is_same)]}
        warnings = observed.warnings
        if observed.is_same:
            action = self._destination.attributes_action([local])
            if action is None:
                return PlannedChange(warnings=warnings)
            return PlannedChange(action, before=before, after=after, warnings=warnings)
        refusal = self._destination.why_not
        return PlannedChange("download", before=before, after=after, refusal=refusal, warnings=warnings)

    def plan_predicted(self, key: str) -> PlannedChange:
        return plan_predicted(self._destination, self._file_name(key))

    def apply(self, item: Item[ObservedOutput]) -> bool:
        observed = item.observed
        if observed is None or observed.local is None:
            return False
        local, content = observed.local, observed.content or b""
        if observed.is_same:
            self._destination.set_attributes(local, item.complete)
        else:
            self._destination.prepare()
            wanted = self._destination.attributes(local.archive)
            atomic_write.replace(local.path, wanted, lambda file: file.write(content), self._context)
            item.complete()
        item.latest = replace(observed, local=self._destination.look(local.archive))
        return True

    def fields(self, key: str, observed: ObservedOutput | None) -> dict[str, Any]:
        return {"id": key, "files": _files(observed)}

    def totals(self, entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        return {"files": paths_of(entries)}


class OutputByExternalIdReconciler(OutputReconciler):
    """The same for jobs that are named by their external ids. Their files are named by the ids of the jobs as well.

    :param sub_account: the account below this one that has the jobs, or None for this one.
    """

    def __init__(
        self,
        account: Account,
        output: Output,
        destination: Destination,
        context: TaskContext,
        settings: HttpSettings,
        *,
        sub_account: str | None,
    ) -> None:
        super().__init__(account, output, destination, context, settings)
        self._listed = JobsOfAccount(CaptioningJobs(account), sub_account, context)
        # The jobs that were listed last, by their ids.
        self._jobs: dict[str, Job] = {}

    def observe(self, keys: Sequence[str]) -> Observation[ObservedOutput, None]:
        found = by_external_id(self._listed.all(), set(keys))
        self._jobs = {job["JobId"]: job for jobs in found.values() for job in jobs}
        seen = self._outputs_of({key: jobs[0]["JobId"] for key, jobs in found.items() if len(jobs) == 1})
        for key in keys:
            if key not in found and self._context.check_mode:
                seen[key] = self._expected(key)
            elif len(found.get(key, ())) > 1:
                seen[key] = ObservedOutput(None, problem=several_have(key))
        return Observation(seen, facts=None)

    def _expected(self, key: str) -> ObservedOutput:
        """What check mode expects of a job that an earlier task may order."""
        warning = f"No captioning job has the external id {key} yet. {UNLESS_ORDERED}"
        try:
            return self._compared(placeholder(self.noun, key), None, (warning,))
        except JobsError as error:
            return ObservedOutput(None, problem=error)

    def _is_being_made(self, job_id: str) -> bool:
        return is_under_way(self._jobs[job_id])

    def fields(self, key: str, observed: ObservedOutput | None) -> dict[str, Any]:
        return {"id": observed.job_id if observed else None, "ExternalID": key, "files": _files(observed)}


def _files(observed: ObservedOutput | None) -> list[dict[str, Any]]:
    local = observed.local if observed else None
    return local.as_result() if local else []


def _holds(local: LocalFile, content: bytes) -> bool:
    """Whether a file holds just some content."""
    if local.size != len(content):
        return False
    try:
        with open_file(local.path) as file:
            return file.read() == content
    except OSError as error:
        raise JobsError(f"{local.path} could not be read: {error.strerror}.") from None
