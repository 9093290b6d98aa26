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
from ..._core.reconcile.change import UNLESS_WAITED_FOR, PlannedChange
from ..._core.reconcile.item import Item
from ..._core.reconcile.reconciler import Observation, Reconciler
from ..._core.threads import map_concurrently
from .account import Account
from .jobs_api import CaptioningJobs
from .outputs import Output


@dataclass(frozen=True)
class ObservedOutput:
    """What the service has, and what is in the file.

    :param content: what the service has; None for what check mode expects to come later.
    :param local: the file; None if there is a problem.
    :param is_same: whether the file holds just this content.
    :param problem: why nothing can be said, or None.
    :param warnings: sentences for the user.
    """

    content: bytes | None = None
    local: LocalFile | None = None
    is_same: bool = False
    problem: JobsError | None = None
    warnings: tuple[str, ...] = ()


class OutputReconciler(Reconciler[ObservedOutput, None]):
    """Captions or transcripts of jobs that are to be in files."""

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
        cancel_token = self._context.cancel_token
        found = map_concurrently(self._look, keys, self._settings.max_concurrency, cancel_token)
        return Observation({key: seen for key, seen in zip(keys, found) if seen is not None}, facts=None)

    def _look(self, key: str) -> ObservedOutput | None:
        """What the service has and what is there; None if there is no such job.

        :raises JobsError: it concerns all jobs.
        """
        try:
            content, warnings = self._read(key)
            local = self._destination.look(Archive(self._file_name(key), None, key))
            return ObservedOutput(content, local, content is not None and _holds(local, content), warnings=warnings)
        except JobsError as error:
            if isinstance(error, ServiceError) and error.code == "ITEM_NOT_FOUND":
                return None
            if error.aborts_task:
                raise
            return ObservedOutput(problem=error)

    def _read(self, key: str) -> tuple[bytes | None, tuple[str, ...]]:
        """What the service has for a job, None for what check mode expects to come later; and warnings."""
        try:
            content = self._output.read(self._account, key)
            if content:
                return content, ()
            raise JobsError(f"The service has nothing for captioning job {key} yet.")
        except JobsError as error:
            if error.aborts_task or not (self._context.check_mode and self._is_being_made(key)):
                raise
        return None, (f"The service has nothing for captioning job {key} yet. {UNLESS_WAITED_FOR}",)

    def _is_being_made(self, key: str) -> bool:
        """Whether the text of a job does not exist yet, but will."""
        job = CaptioningJobs(self._account).info(key)
        return job is not None and job.get("JobStatus") not in ("Complete", "Media Failure")

    def _file_name(self, key: str) -> str:
        """What the file is called in a folder."""
        return f"{key}.{self._output.suffix}"

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
            self._destination.set_attributes(local)
        else:
            self._destination.prepare()
            wanted = self._destination.attributes(local.archive)
            atomic_write.replace(local.path, wanted, lambda file: file.write(content), self._context)
        item.latest = replace(observed, local=self._destination.look(local.archive))
        return True

    def fields(self, key: str, observed: ObservedOutput | None) -> dict[str, Any]:
        local = observed.local if observed else None
        return {"id": key, "files": local.as_result() if local else []}

    def totals(self, entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        return {"files": paths_of(entries)}


def _holds(local: LocalFile, content: bytes) -> bool:
    """Whether a file holds just some content."""
    if local.size != len(content):
        return False
    try:
        with open_file(local.path) as file:
            return file.read() == content
    except OSError as error:
        raise JobsError(f"{local.path} could not be read: {error.strerror}.") from None
