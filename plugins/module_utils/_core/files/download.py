# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives that a service hands over, as items: each is fetched unless it is there already."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..context import TaskContext
from ..errors import JobsError
from ..http.response import Response
from ..http.settings import HttpSettings
from ..reconcile.change import UNLESS_WAITED_FOR, PlannedChange
from ..reconcile.item import Item
from ..reconcile.reconciler import Observation, Reconciler
from ..threads import map_concurrently
from .atomic_write import try_to_replace
from .destination import Archive, Destination, Holds, LocalFile
from .fetch import fetch
from .floor import Floor

Job = Mapping[str, Any]


@dataclass(frozen=True)
class FetchableJob:
    """A job, and what is where its archives belong.

    :param job: its fields as the service shows them.
    :param local: the file of each archive.
    :param problem: why nothing can be fetched, as a sentence, or None.
    :param warnings: sentences about the files.
    :param files: what the result shows of the files, once some of them have been fetched; None before.
    """

    job: Job
    local: tuple[LocalFile, ...] = ()
    problem: str | None = None
    warnings: tuple[str, ...] = ()
    files: tuple[dict[str, Any], ...] | None = None


class DownloadReconciler(Reconciler[FetchableJob, None]):
    """Jobs whose archives are fetched.

    :param floor: how slow a transfer may be.
    """

    result_key = "jobs"
    # More archives at a time would only share the same line, and the service may have to make them as it sends them.
    max_concurrency = 8

    def __init__(self, destination: Destination, context: TaskContext, settings: HttpSettings, floor: Floor) -> None:
        self._destination = destination
        self._context = context
        self._settings = settings
        self._floor = floor

    @abstractmethod
    def find(self, keys: Sequence[str]) -> Mapping[str, Job]:
        """The jobs that exist, by their keys."""

    @abstractmethod
    def archives(self, job: Job) -> list[Archive]:
        """The archives of a job, at least one."""

    @abstractmethod
    def predicted_name(self, key: str) -> str:
        """The name of the file in a folder for a job that only check mode knows."""

    @abstractmethod
    def why_not(self, key: str, job: Job, archives: Sequence[Archive]) -> str | None:
        """Why the service does not hand archives of a job over just now, as a sentence, or None if it does."""

    @abstractmethod
    def is_spent(self, job: Job, archive: Archive) -> bool:
        """Whether the service will never hand an archive over again, although it once could."""

    @abstractmethod
    def is_being_made(self, job: Job) -> bool:
        """Whether the archives of a job do not exist yet, but will."""

    @abstractmethod
    def open(self, key: str, archive: Archive, headers: Mapping[str, str]) -> Response:
        """A response with the archive as a stream."""

    @abstractmethod
    def job_fields(self, job: Job) -> dict[str, Any]:
        """The documented fields of a job."""

    def observe(self, keys: Sequence[str]) -> Observation[FetchableJob, None]:
        found = self.find(keys)
        archives = {key: self.archives(found[key]) for key in keys if key in found}
        clashes = self._clashes(archives)

        def look(key: str) -> tuple[str, FetchableJob]:
            return key, self._look(key, found[key], archives[key], clashes.get(key))

        cancel_token = self._context.cancel_token
        return Observation(
            dict(map_concurrently(look, archives, self._settings.max_concurrency, cancel_token)), facts=None
        )

    def _clashes(self, archives: Mapping[str, Sequence[Archive]]) -> dict[str, str]:
        """Why the archives of some items cannot be fetched, as another one would be written to the same file."""
        taken: dict[str, str] = {}
        clashes = {}
        for key, some in archives.items():
            for archive in some:
                path = self._destination.path_for(archive)
                if path in taken and self._destination.is_folder:
                    clashes[key] = (
                        f"Two archives would be written to the same file, {path}: this one, and one of {taken[path]}."
                    )
                taken.setdefault(path, f"{self.noun} {key}")
        return clashes

    def _look(self, key: str, job: Job, archives: Sequence[Archive], clash: str | None) -> FetchableJob:
        try:
            self._destination.check_for(len(archives))
            if clash:
                raise JobsError(clash)
            local = tuple(
                self._destination.look(archive, goes_by_name=self.is_spent(job, archive)) for archive in archives
            )
        except JobsError as error:
            return FetchableJob(job, problem=str(error))
        warnings = tuple(
            f"{file.path} is left unchanged. It is a complete archive, and the archive of {self.noun} {key} can no "
            "longer be fetched, but only the file's name says that they are the same."
            for file in local
            if file.holds is Holds.SAME_NAME and not self._destination.force
        )
        return FetchableJob(job, local, warnings=warnings)

    def plan(self, key: str, observed: FetchableJob | None, facts: None) -> PlannedChange:
        if observed is None:
            return PlannedChange(refusal=f"{self.noun.capitalize()} {key} does not exist.")
        if observed.problem:
            return PlannedChange(refusal=observed.problem)
        before = {"files": [file for local in observed.local for file in local.as_result()]}
        after = {"files": [self._after(local) for local in observed.local]}
        wanted = [local for local in observed.local if self._is_wanted(local)]
        if not wanted:
            action = self._destination.attributes_action(observed.local)
            if action is None:
                return PlannedChange(warnings=observed.warnings)
            return PlannedChange(action, before=before, after=after, warnings=observed.warnings)
        refusal, warnings = self._destination.why_not, observed.warnings
        if not refusal:
            refusal = self.why_not(key, observed.job, [local.archive for local in wanted])
            if refusal and self._context.check_mode and self.is_being_made(observed.job):
                refusal, warnings = None, (*warnings, f"{refusal} {UNLESS_WAITED_FOR}")
            elif refusal:
                refusal += self._unclear(observed.job, wanted)
        return PlannedChange("download", before=before, after=after, refusal=refusal, warnings=warnings)

    def plan_predicted(self, key: str) -> PlannedChange:
        return plan_predicted(self._destination, self.predicted_name(key))

    def _after(self, local: LocalFile) -> dict[str, Any]:
        is_kept = not self._is_wanted(local)
        return self._destination.as_predicted(local, local.size if is_kept else None, is_kept=is_kept)

    def _unclear(self, job: Job, wanted: Sequence[LocalFile]) -> str:
        """A sentence on files that may be archives which cannot be fetched any more, after a blank; or nothing."""
        unclear = [local for local in wanted if local.holds is Holds.SOMETHING and self.is_spent(job, local.archive)]
        paths = ", ".join(local.path for local in unclear)
        return f" It is not known whether {paths} already holds it." if unclear else ""

    def apply(self, item: Item[FetchableJob]) -> bool:
        observed = item.observed
        if observed is None:
            return False
        self._destination.prepare()
        wanted = [local for local in observed.local if self._is_wanted(local)]
        if len(wanted) > 1:
            # Before the first of them is fetched, which may be possible only once.
            for local in wanted:
                try_to_replace(local.path, self._destination.attributes(local.archive))
        files = {file["dest"]: file for local in observed.local for file in local.as_result()}
        for local in observed.local:
            if self._is_wanted(local):
                self._fetch(item.key, local)
                item.complete()
            elif self._destination.needs_attributes(local):
                self._destination.set_attributes(local, item.complete)
            else:
                continue
            files[local.path] = self._destination.as_it_is(local)
            # Whatever becomes of the others, in their order.
            paths = [other.path for other in observed.local]
            item.latest = replace(observed, files=tuple(files[path] for path in paths if path in files))
        return True

    def _is_wanted(self, local: LocalFile) -> bool:
        return self._destination.force or not local.is_right

    def _fetch(self, key: str, local: LocalFile) -> None:
        archive = local.archive
        what = f"The archive of {self.noun} {key}" + (f" ({archive.part})" if archive.part else "")
        fetch(
            what,
            lambda headers: self.open(key, archive, headers),
            local.path,
            self._destination.attributes(archive),
            self._context,
            self._settings.backoff,
            self._floor,
        )

    def fields(self, key: str, observed: FetchableJob | None) -> dict[str, Any]:
        if observed is None:
            return {"id": key}
        files = observed.files
        if files is None:
            files = tuple(file for local in observed.local for file in local.as_result())
        return {**self.job_fields(observed.job), "id": key, "files": list(files)}

    def totals(self, entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        return {"files": paths_of(entries)}


def paths_of(entries: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The paths of the files of each item, by its id. Items that failed have none.

    :param entries: the results of the items.
    """
    return {entry["id"]: [file["dest"] for file in entry.get("files", ())] for entry in entries if "error" not in entry}


def plan_predicted(destination: Destination, name: str) -> PlannedChange:
    """The download of a file of something that only check mode knows: an earlier task would create it."""
    try:
        local = destination.look(Archive(name, None, name))
    except JobsError as error:
        return PlannedChange(refusal=error)
    before = local.as_result()
    after = [destination.as_predicted(local, None, is_kept=False)]
    return PlannedChange("download", before={"files": before}, after={"files": after}, refusal=destination.why_not)
