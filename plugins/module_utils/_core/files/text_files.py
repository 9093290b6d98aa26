# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that a service makes, kept in files: each is compared with what is there."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..context import TaskContext
from ..errors import JobsError, ServiceError
from ..http.settings import HttpSettings
from ..reconcile.change import PlannedChange
from ..reconcile.item import Item
from ..reconcile.reconciler import Observation, Reconciler
from ..threads import map_concurrently
from . import atomic_write
from .destination import Archive, Destination, LocalFile, open_file, shown
from .download import UNLESS_WAITED_FOR, plan_predicted


@dataclass(frozen=True)
class ObservedText:
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


class TextFileReconciler(Reconciler[ObservedText, None]):
    """Items of which a service makes a text."""

    def __init__(self, destination: Destination, context: TaskContext, settings: HttpSettings) -> None:
        self._destination = destination
        self._context = context
        self._settings = settings

    @abstractmethod
    def read(self, key: str) -> bytes:
        """What the service has for an item; nothing if it has none yet.

        :raises ServiceError: the service does not hand it over; is_missing() tells whether there is no such item.
        """

    @abstractmethod
    def is_missing(self, error: ServiceError) -> bool:
        """Whether an error says that the item does not exist."""

    @abstractmethod
    def is_being_made(self, key: str) -> bool:
        """Whether the text of an item does not exist yet, but will."""

    @abstractmethod
    def file_name(self, key: str) -> str:
        """What the file is called in a folder."""

    def observe(self, keys: Sequence[str]) -> Observation[ObservedText, None]:
        cancel_token = self._context.cancel_token
        found = map_concurrently(self._look, keys, self._settings.max_concurrency, cancel_token)
        return Observation({key: seen for key, seen in zip(keys, found) if seen is not None}, facts=None)

    def _look(self, key: str) -> ObservedText | None:
        """What the service has and what is there; None if there is no such item.

        :raises JobsError: it concerns all items.
        """
        try:
            content, warnings = self._read(key)
            local = self._destination.look(Archive(self.file_name(key), None, key))
            return ObservedText(content, local, content is not None and _holds(local, content), warnings=warnings)
        except JobsError as error:
            if isinstance(error, ServiceError) and self.is_missing(error):
                return None
            if error.aborts_task:
                raise
            return ObservedText(problem=error)

    def _read(self, key: str) -> tuple[bytes | None, tuple[str, ...]]:
        """What the service has for an item, None for what check mode expects to come later; and warnings."""
        try:
            content = self.read(key)
            if content:
                return content, ()
            raise JobsError(f"The service has nothing for {self.noun} {key} yet.")
        except JobsError as error:
            if error.aborts_task or not (self._context.check_mode and self.is_being_made(key)):
                raise
        return None, (f"The service has nothing for {self.noun} {key} yet. {UNLESS_WAITED_FOR}",)

    def plan(self, key: str, observed: ObservedText | None, facts: None) -> PlannedChange:
        if observed is None:
            return PlannedChange(refusal=f"{self.noun.capitalize()} {key} does not exist.")
        local, content = observed.local, observed.content
        if local is None:
            return PlannedChange(refusal=observed.problem)
        mode = self._destination.mode_for(local if observed.is_same else None)
        before = {"files": [shown(local, local.size, local.mode)] if local.is_there else []}
        after = {"files": [shown(local, None if content is None else len(content), mode)]}
        warnings = observed.warnings
        if observed.is_same:
            if local.mode == mode:
                return PlannedChange(warnings=warnings)
            return PlannedChange("set_mode", before=before, after=after, warnings=warnings)
        refusal = self._destination.why_not
        return PlannedChange("download", before=before, after=after, refusal=refusal, warnings=warnings)

    def plan_predicted(self, key: str) -> PlannedChange:
        return plan_predicted(self._destination, self.file_name(key))

    def apply(self, item: Item[ObservedText]) -> bool:
        observed = item.observed
        if observed is None or observed.local is None:
            return False
        local, content = observed.local, observed.content or b""
        if item.remaining.action == "set_mode":
            atomic_write.set_mode(local.path, self._destination.mode)
        else:
            self._destination.prepare()
            wanted = self._destination.attributes(local.archive)
            atomic_write.replace(local.path, wanted, lambda file: file.write(content), self._context)
        item.latest = replace(observed, local=self._destination.look(local.archive))
        return True

    def fields(self, key: str, observed: ObservedText | None) -> dict[str, Any]:
        local = observed.local if observed else None
        return {"id": key, "files": [shown(local, local.size, local.mode)] if local and local.is_there else []}


def _holds(local: LocalFile, content: bytes) -> bool:
    """Whether a file holds just some content."""
    if local.size != len(content):
        return False
    try:
        with open_file(local.path) as file:
            return file.read() == content
    except OSError as error:
        raise JobsError(f"{local.path} could not be read: {error.strerror}.") from None
