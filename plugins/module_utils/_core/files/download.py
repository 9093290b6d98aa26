# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as items of the engine: archives that a service hands over, each to be fetched unless it is there.

Private to this collection.
"""

from __future__ import annotations

import os
import stat

from ..errors import JobsError
from ..reconcile.engine import PlannedChange, Reconciler
from ..threads import map_concurrently
from .atomic_write import set_mode, try_to_replace
from .destination import Archive, Destination, Holds, shown
from .fetch import DEFAULT_FLOOR, fetch


class DownloadReconciler(Reconciler):
    """Items whose archives are fetched; a service supplies what is documented here as not implemented.

    :param destination: a Destination.
    :param context: a TaskContext.
    :param settings: HttpSettings.
    :param floor: a fetching.Floor.
    """

    result_key = "jobs"

    def __init__(self, destination, context, settings, floor=DEFAULT_FLOOR):
        self._destination = destination
        self._context = context
        self._settings = settings
        self._floor = floor

    def find(self, keys):
        """{key: job} of those that exist."""
        raise NotImplementedError

    def archives(self, job):
        """The Archives of a job, at least one."""
        raise NotImplementedError

    def why_not(self, key, job, archives):
        """A sentence why the service does not hand archives of a job over just now, or None if it does."""
        raise NotImplementedError

    def is_spent(self, job, archive):
        """Whether the service will never hand an archive of a job over again, although it once could."""
        raise NotImplementedError

    def is_being_made(self, job) -> bool:
        """Whether the archives of a job are still to come."""
        raise NotImplementedError

    def open(self, key, archive, headers):
        """A Response with the archive as a stream."""
        raise NotImplementedError

    def job_fields(self, job):
        """The documented fields of a job."""
        raise NotImplementedError

    def observe(self, keys):
        found = self.find(keys)
        archives = {key: self.archives(found[key]) for key in keys if key in found}
        clashes = self._clashes(archives)

        def look(key):
            return key, self._look(key, found[key], archives[key], clashes.get(key))

        return dict(map_concurrently(look, archives, self._settings.max_concurrency, self._context.cancel_token))

    def _clashes(self, archives):
        """{key: a sentence} of items whose archives would be in the same file as another one."""
        taken, clashes = {}, {}
        for key, some in archives.items():
            for archive in some:
                path = self._destination.path_for(archive)
                if path in taken and self._destination.is_folder:
                    clashes[key] = (
                        f"Two archives would be in the same file, {path}: this one, and one of {taken[path]}."
                    )
                taken.setdefault(path, f"{self.noun} {key}")
        return clashes

    def _look(self, key, job, archives, clash):
        try:
            self._destination.check_for(len(archives))
            if clash:
                raise JobsError(clash)
            local = [self._destination.look(archive, goes_by_name=self.is_spent(job, archive)) for archive in archives]
        except JobsError as error:
            return {"job": job, "local": [], "problem": str(error)}
        for file in local:
            if file.holds is Holds.SAME_NAME and not self._destination.force:
                self._context.warn(
                    f"{file.path} is left as it is: it is a whole archive, and what {self.noun} {key} had cannot be "
                    "fetched any more. But only its name says that this is it."
                )
        return {"job": job, "local": local, "problem": None}

    def plan(self, key, observed):
        if observed is None:
            return PlannedChange(refusal=f"{self.noun.capitalize()} {key} does not exist.")
        if observed["problem"]:
            return PlannedChange(refusal=observed["problem"])
        before = [shown(local, local.size, local.mode) for local in observed["local"] if local.is_there]
        after = [self._after(local) for local in observed["local"]]
        unwanted = [local for local in observed["local"] if not self._is_wanted(local)]
        if len(unwanted) == len(observed["local"]):
            if not any(self._needs_mode(local) for local in unwanted):
                return PlannedChange()
            return PlannedChange("set_mode", before={"files": before}, after={"files": after})
        wanted = [local for local in observed["local"] if self._is_wanted(local)]
        refusal = self._destination.why_not or self._why_not(key, observed["job"], wanted)
        if refusal:
            return PlannedChange(refusal=refusal)
        return PlannedChange("download", before={"files": before}, after={"files": after})

    def plan_predicted(self, key):
        return plan_predicted(self._destination, f"{key}.tar.gz")

    def _after(self, local):
        if self._is_wanted(local):
            return shown(local, None, self._destination.mode_for(None))
        return shown(local, local.size, self._destination.mode_for(local))

    def _why_not(self, key, job, wanted):
        refusal = self.why_not(key, job, [local.archive for local in wanted])
        if refusal and self._context.check_mode and self.is_being_made(job):
            self._context.warn(f"{refusal} {UNLESS_WAITED_FOR}")
            return None
        unclear = [local for local in wanted if local.holds is Holds.SOMETHING and self.is_spent(job, local.archive)]
        if refusal and unclear:
            refusal += f" Nothing says whether it is what is in {', '.join(local.path for local in unclear)}."
        return refusal

    def _needs_mode(self, local):
        return local.mode != self._destination.mode_for(local)

    def apply(self, item):
        self._destination.prepare()
        wanted = [local for local in item.observed["local"] if self._is_wanted(local)]
        if len(wanted) > 1:
            # Before the first of them is fetched, which may be possible only once.
            for local in wanted:
                try_to_replace(local.path, self._destination.attributes(local.archive))
        files = {local.path: shown(local, local.size, local.mode) for local in item.observed["local"] if local.is_there}
        for local in item.observed["local"]:
            if self._is_wanted(local):
                self._fetch(item, local)
            elif self._needs_mode(local):
                set_mode(local.path, self._destination.mode_for(local))
            else:
                continue
            status = os.lstat(local.path)
            files[local.path] = shown(local, status.st_size, stat.S_IMODE(status.st_mode))
            item.changed, item.action = True, item.planned.action
            # Whatever becomes of the others, in their order.
            paths = [other.path for other in item.observed["local"]]
            item.latest = {**item.observed, "files": [files[path] for path in paths if path in files]}
        return True

    def _is_wanted(self, local):
        return self._destination.force or not local.is_right

    def _fetch(self, item, local):
        archive = local.archive
        what = f"The archive of {self.noun} {item.key}" + (f" ({archive.part})" if archive.part else "")
        fetch(
            what,
            lambda headers: self.open(item.key, archive, headers),
            local.path,
            self._destination.attributes(archive),
            self._context,
            self._settings.backoff,
            self._floor,
        )

    def fields(self, key, observed):
        if observed is None:
            return {"id": key}
        files = observed.get("files") or [
            shown(local, local.size, local.mode) for local in observed["local"] if local.is_there
        ]
        return {**self.job_fields(observed["job"]), "id": key, "files": files}


UNLESS_WAITED_FOR = "Without check mode this would fail, unless an earlier task waits for it."


def plan_predicted(destination: Destination, name: str) -> PlannedChange:
    """The change that leads to a file of something that only check mode knows: an earlier task would create it."""
    try:
        local = destination.look(Archive(name, None, name))
    except JobsError as error:
        return PlannedChange(refusal=error)
    before = [shown(local, local.size, local.mode)] if local.is_there else []
    after = [shown(local, None, destination.mode_for(None))]
    return PlannedChange("download", before={"files": before}, after={"files": after}, refusal=destination.why_not)
