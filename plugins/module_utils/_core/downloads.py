# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as items of the engine: which archives belong where, and whether they are there already.

A file that holds an archive has the archive's own time of modification, and is whole. The fraction of the second of
that time is made of what the archive is of, so it also tells the archive from another one that was made in the same
second, without a file beside it and without asking the service.

Private to this collection.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from datetime import datetime
from typing import NamedTuple

from .concurrency import each
from .engine import Step, Work
from .errors import InvalidInput, JobsError
from .fetching import fetch, is_whole

_NO_NAME = re.compile(r"[^A-Za-z0-9_.-]")


class Archive(NamedTuple):
    """An archive that a service can hand over.

    name: what its file is called in a folder.
    made: when it was made, a moment, or None.
    identity: text that no other archive has.
    part: which part of the item it is, or None if it is the whole.
    source: where the service has it, if that is more than the item's id.
    """

    name: str
    made: datetime | None
    identity: str
    part: str | None = None
    source: str | None = None

    @property
    def modified(self):
        """The time of modification of its file in nanoseconds since the epoch, or None if it cannot be told."""
        if self.made is None:
            return None
        digest = hashlib.sha256(f"{self.identity} {self.part}".encode()).digest()
        # Some ways to copy files drop what is finer than a microsecond.
        fraction = int.from_bytes(digest[:8], "big") % 1_000_000
        return (int(self.made.timestamp()) * 1_000_000 + fraction) * 1000


class LocalFile(NamedTuple):
    """What is in the place of an archive."""

    archive: Archive
    path: str
    is_there: bool
    is_right: bool
    size: int | None
    mode: int | None


class Destination:
    """Where archives go, and how.

    :param params: with dest, mode and perhaps force.
    :param count: how many items are fetched.
    :raises InvalidInput: it cannot be right.
    """

    def __init__(self, params, count):
        given = params["dest"]
        if not given or not given.isprintable():
            raise InvalidInput("dest is empty, or holds a line break or another control character.")
        self.is_folder = count > 1 or given.endswith(os.sep) or os.path.isdir(given)
        # What a link leads to is replaced, not the link.
        self._path = os.path.realpath(given)
        self.mode = _mode(params["mode"])
        self.force = params.get("force", False)
        if self.is_folder and os.path.exists(self._path) and not os.path.isdir(self._path):
            raise InvalidInput(f"dest: {given} is a file, where a folder is asked for.")
        folder = self._path if self.is_folder else os.path.dirname(self._path)
        if not self.is_folder and not os.path.isdir(folder):
            raise InvalidInput(f"dest: there is no folder {folder}.")
        while not os.path.exists(folder):
            folder = os.path.dirname(folder)
        # A sentence why nothing can be written there, or None.
        self.why_not = None
        if not os.access(folder, os.W_OK | os.X_OK):
            self.why_not = f"dest: nothing may be written into the folder {folder}."

    def check_for(self, count):
        """:raises JobsError: so many archives do not go there."""
        if count > 1 and not self.is_folder:
            raise JobsError(f"The archive comes in {count} parts, each a file of its own: dest must be a folder.")

    def path_for(self, archive):
        if not self.is_folder:
            return self._path
        return os.path.join(self._path, _NO_NAME.sub("_", archive.name))

    def make_folder(self):
        """Makes the folder, for its owner only, if it is not there."""
        try:
            if self.is_folder:
                os.makedirs(self._path, mode=0o700, exist_ok=True)
        except OSError as error:
            raise JobsError(f"The folder {self._path} could not be made: {error.strerror}.") from None

    def look(self, archive):
        """The LocalFile in the place of an archive.

        :raises JobsError: it cannot be read.
        """
        path = self.path_for(archive)
        try:
            status = os.stat(path)
        except FileNotFoundError:
            return LocalFile(archive, path, False, False, None, None)
        except OSError as error:
            raise JobsError(f"{path} could not be read: {error.strerror}.") from None
        if not stat.S_ISREG(status.st_mode):
            raise JobsError(f"{path} is {'a folder' if os.path.isdir(path) else 'no ordinary file'}.")
        is_right = False
        if archive.modified is not None and status.st_mtime_ns // 1000 == archive.modified // 1000:
            try:
                is_right = is_whole(path)
            except OSError as error:
                raise JobsError(f"{path} could not be read: {error.strerror}.") from None
        return LocalFile(archive, path, True, is_right, status.st_size, status.st_mode & 0o7777)


def _mode(value):
    """Permissions as a number, from text in octal digits or from the number that YAML makes of 0640."""
    text = str(value).strip()
    if isinstance(value, int) and not isinstance(value, bool):
        mode = value
        # 640 without the zero is a decimal number, which nobody means; 0640 is 416.
        looks_octal = len(text) == 3 and set(text) <= set("04567") and list(text) == sorted(text, reverse=True)
        is_sensible = mode & 0o400 and mode <= 0o777 and not looks_octal
    else:
        is_sensible = re.fullmatch(r"0?o?[0-7]{3,4}", text) is not None
        mode = int(text.replace("o", ""), 8) if is_sensible else 0
    if not is_sensible or mode > 0o777:
        raise InvalidInput(f"mode: {text!r} are no permissions; write them as text in octal digits, such as '0640'.")
    return mode


class DownloadWork(Work):
    """Items whose archives are fetched; a service supplies what is documented here as not implemented.

    :param destination: a Destination.
    :param host: a Host.
    :param settings: HttpSettings.
    """

    result_key = "jobs"

    def __init__(self, destination, host, settings):
        self._destination = destination
        self._host = host
        self._settings = settings

    def find(self, keys):
        """{key: job} of those that exist."""
        raise NotImplementedError

    def archives(self, job):
        """The Archives of a job, at least one."""
        raise NotImplementedError

    def why_not(self, key, job, archives):
        """A sentence why the service does not hand archives of a job over just now, or None if it does."""
        raise NotImplementedError

    def is_being_made(self, job) -> bool:
        """Whether the archives of a job are still to come."""
        raise NotImplementedError

    def open(self, key, archive, headers):
        """An Answer with the archive as a stream."""
        raise NotImplementedError

    def job_fields(self, job):
        """The documented fields of a job."""
        raise NotImplementedError

    def observe(self, keys):
        found = self.find(keys)
        archives = {key: self.archives(found[key]) for key in keys if key in found}
        clashes = self._clashes(archives)

        def look(key):
            return key, self._look(found[key], archives[key], clashes.get(key))

        return dict(each(look, archives, self._settings.width, self._host.stop))

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

    def _look(self, job, archives, clash):
        try:
            self._destination.check_for(len(archives))
            if clash:
                raise JobsError(clash)
            return {"job": job, "local": [self._destination.look(archive) for archive in archives], "problem": None}
        except JobsError as error:
            return {"job": job, "local": [], "problem": str(error)}

    def plan(self, key, observed):
        if observed is None:
            return Step(refusal=f"{self.noun.capitalize()} {key} does not exist.")
        if observed["problem"]:
            return Step(refusal=observed["problem"])
        mode, there = self._destination.mode, [local for local in observed["local"] if local.is_there]
        before = [shown(local, local.size, local.mode) for local in there]
        after = [shown(local, local.size if local.is_right else None, mode) for local in observed["local"]]
        if all(local.is_right for local in observed["local"]) and not self._destination.force:
            if all(local.mode == mode for local in there):
                return Step()
            return Step("set_mode", before={"files": before}, after={"files": after})
        wanted = [local.archive for local in observed["local"] if self._is_wanted(local)]
        refusal = self._destination.why_not or self._refusal(key, observed["job"], wanted)
        if refusal:
            return Step(refusal=refusal)
        return Step("download", before={"files": before}, after={"files": after})

    def _refusal(self, key, job, wanted) -> str | None:
        why_not = self.why_not(key, job, wanted)
        if why_not and self._host.check_mode and self.is_being_made(job):
            self._host.warn(f"{why_not} {UNLESS_WAITED_FOR}")
            return None
        return why_not

    def plan_predicted(self, key):
        return plan_predicted(self._destination, f"{key}.tar.gz")

    def apply(self, item):
        self._destination.make_folder()
        files = [shown(local, local.size, local.mode) for local in item.observed["local"]]
        for number, local in enumerate(item.observed["local"]):
            if self._is_wanted(local):
                self._fetch(item, local)
            else:
                set_mode(local.path, self._destination.mode)
            item.changed, item.action = True, item.step.action
            files[number] = shown(local, os.path.getsize(local.path), self._destination.mode)
            # Whatever becomes of the others.
            item.latest = {**item.observed, "files": [file for file in files if file["mode"] is not None]}
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
            self._destination.mode,
            archive.modified,
            self._host,
            self._settings.backoff,
        )

    def fields(self, key, observed):
        if observed is None:
            return {"id": key}
        files = observed.get("files") or [
            shown(local, local.size, local.mode) for local in observed["local"] if local.is_there
        ]
        return {**self.job_fields(observed["job"]), "id": key, "files": files}


UNLESS_WAITED_FOR = "Without check mode this would fail, unless an earlier task waits for it."


def plan_predicted(destination: Destination, name: str) -> Step:
    """Step to a file of which only check mode knows, as it is of something that a task before would have created."""
    try:
        local = destination.look(Archive(name, None, name))
    except JobsError as error:
        return Step(refusal=error)
    before = [shown(local, local.size, local.mode)] if local.is_there else []
    after = [shown(local, None, destination.mode)]
    return Step("download", before={"files": before}, after={"files": after}, refusal=destination.why_not)


def set_mode(path, mode):
    """Gives a file its permissions.

    :raises JobsError: that cannot be done.
    """
    try:
        os.chmod(path, mode)
    except OSError as error:
        raise JobsError(f"The permissions of {path} could not be set: {error.strerror}.") from None


def shown(local, size, mode):
    """A LocalFile as results show it."""
    fields = {"dest": local.path, "size": size, "mode": None if mode is None else f"{mode:04o}"}
    return {**fields, "part": local.archive.part} if local.archive.part else fields
