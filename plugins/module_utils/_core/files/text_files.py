# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small files as items of the engine: what a service makes of something is compared with what is there.

Private to this collection.
"""

from __future__ import annotations

from ..errors import JobsError, ServiceError
from ..reconcile.engine import PlannedChange, Reconciler
from ..threads import map_concurrently
from .atomic_write import replace, set_mode
from .destination import Archive, open_file, shown
from .download import UNLESS_WAITED_FOR, plan_predicted


class TextFileReconciler(Reconciler):
    """Items of which a service makes text that is kept in files; a service supplies what is not implemented here.

    :param destination: a downloads.Destination.
    :param context: a TaskContext.
    :param settings: HttpSettings.
    """

    def __init__(self, destination, context, settings):
        self._destination = destination
        self._context = context
        self._settings = settings

    def read(self, key):
        """What the service has for an item, as bytes; none if it has nothing yet.

        :raises ServiceError: the service does not hand it over; is_missing() tells whether there is no such item.
        """
        raise NotImplementedError

    def is_missing(self, error):
        """Whether a ServiceError says that the item does not exist."""
        raise NotImplementedError

    def is_being_made(self, key: str) -> bool:
        """Whether what is read of an item is still to come."""
        raise NotImplementedError

    def file_name(self, key):
        """What the file is called in a folder."""
        raise NotImplementedError

    def observe(self, keys):
        found = map_concurrently(self._look, keys, self._settings.max_concurrency, self._context.cancel_token)
        return {key: seen for key, seen in zip(keys, found) if seen is not None}

    def _look(self, key):
        """What the service has and what is there; None if there is no such item.

        :raises JobsError: it concerns all items.
        """
        try:
            content = self._read(key)
            local = self._destination.look(Archive(self.file_name(key), None, key))
            is_same = content is not None and _holds(local, content)
        except JobsError as error:
            if isinstance(error, ServiceError) and self.is_missing(error):
                return None
            if error.aborts_task:
                raise
            return {"problem": error}
        return {"content": content, "local": local, "is_same": is_same, "problem": None}

    def _read(self, key) -> bytes | None:
        """What the service has for an item; None for what check mode takes to come later."""
        try:
            content = self.read(key)
            if content:
                return content
            raise JobsError(f"The service has nothing for {self.noun} {key} yet.")
        except JobsError as error:
            if error.aborts_task or not (self._context.check_mode and self.is_being_made(key)):
                raise
        self._context.warn(f"The service has nothing for {self.noun} {key} yet. {UNLESS_WAITED_FOR}")
        return None

    def plan(self, key, observed):
        if observed is None:
            return PlannedChange(refusal=f"{self.noun.capitalize()} {key} does not exist.")
        if observed["problem"]:
            return PlannedChange(refusal=observed["problem"])
        local = observed["local"]
        mode = self._destination.mode_for(local if observed["is_same"] else None)
        before = {"files": [shown(local, local.size, local.mode)] if local.is_there else []}
        content = observed["content"]
        after = {"files": [shown(local, None if content is None else len(content), mode)]}
        if observed["is_same"]:
            return PlannedChange() if local.mode == mode else PlannedChange("set_mode", before=before, after=after)
        if self._destination.why_not:
            return PlannedChange(refusal=self._destination.why_not)
        return PlannedChange("download", before=before, after=after)

    def plan_predicted(self, key):
        return plan_predicted(self._destination, self.file_name(key))

    def apply(self, item):
        local, content = item.observed["local"], item.observed["content"]
        if item.remaining.action == "set_mode":
            set_mode(local.path, self._destination.mode)
        else:
            self._destination.prepare()
            wanted = self._destination.attributes(local.archive)
            replace(local.path, wanted, lambda file: file.write(content), self._context)
        item.latest = {**item.observed, "local": self._destination.look(local.archive)}
        return True

    def fields(self, key, observed):
        local = observed and observed.get("local")
        return {"id": key, "files": [shown(local, local.size, local.mode)] if local and local.is_there else []}


def _holds(local, content):
    """Whether a LocalFile holds just some content."""
    if local.size != len(content):
        return False
    try:
        with open_file(local.path) as file:
            return file.read() == content
    except OSError as error:
        raise JobsError(f"{local.path} could not be read: {error.strerror}.") from None
