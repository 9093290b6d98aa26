# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as items of the engine: which archives belong where, and whether they are there already.

A file that holds an archive has the archive's own time of modification, and is whole. That tells it from the archive of
another job, or of an earlier run of the same job, without a file beside it and without asking the service.

Private to this collection.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from .concurrency import each
from .engine import Step, Work
from .errors import InvalidInput, JobsError
from .fetching import fetch, is_whole

# Some file systems keep times in steps of two seconds.
_TOLERANCE = 2
_NO_NAME = re.compile(r"[^A-Za-z0-9_.-]")


class Archive(NamedTuple):
    """An archive that a service can hand over.

    name: what its file is called in a folder.
    modified: when it was made, in seconds since the epoch, or None.
    part: which part of the item it is, or None if it is the whole.
    source: where the service has it, if that is more than the item's id.
    """

    name: str
    modified: float | None
    part: str | None = None
    source: str | None = None


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

    :param params: with dest, mode and force.
    :param count: how many items are fetched.
    :raises InvalidInput: it cannot be right.
    """

    def __init__(self, params, count):
        given = params["dest"]
        self._is_folder = count > 1 or given.endswith(os.sep) or os.path.isdir(given)
        # What a link leads to is replaced, not the link.
        self._path = os.path.realpath(given)
        self.mode = _mode(params["mode"])
        self.force = params["force"]
        if self._is_folder and os.path.exists(self._path) and not os.path.isdir(self._path):
            raise InvalidInput(f"dest: {given} is a file; a folder is needed for several archives.")
        if not self._is_folder and not os.path.isdir(os.path.dirname(self._path)):
            raise InvalidInput(f"dest: there is no folder {os.path.dirname(self._path)}.")

    def check_for(self, count):
        """:raises JobsError: so many archives do not go there."""
        if count > 1 and not self._is_folder:
            raise JobsError(f"It has {count} parts, each an archive of its own: dest must be a folder.")

    def path_for(self, archive):
        if not self._is_folder:
            return self._path
        return os.path.join(self._path, _NO_NAME.sub("_", archive.name))

    def make_folder(self):
        """Makes the folder, for its owner only, if it is not there."""
        try:
            if self._is_folder:
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
        if os.path.isdir(path):
            raise JobsError(f"{path} is a folder.")
        is_right = False
        if archive.modified is not None and abs(status.st_mtime - archive.modified) < _TOLERANCE:
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
        # 640 without the zero is a decimal number, which nobody means.
        is_sensible = mode & 0o400 and mode <= 0o777
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

    def why_not(self, key, job):
        """A sentence why the service does not hand a job's archives over just now, or None if it does."""
        raise NotImplementedError

    def open(self, key, archive, headers):
        """An Answer with the archive as a stream."""
        raise NotImplementedError

    def job_fields(self, job):
        """The documented fields of a job."""
        raise NotImplementedError

    def observe(self, keys):
        found = self.find(keys)
        looked = each(lambda key: (key, self._look(found[key])), found, self._settings.width, self._host.stop)
        return dict(looked)

    def _look(self, job):
        archives = self.archives(job)
        try:
            self._destination.check_for(len(archives))
            return {"job": job, "local": [self._destination.look(archive) for archive in archives], "problem": None}
        except JobsError as error:
            return {"job": job, "local": [], "problem": str(error)}

    def plan(self, key, observed):
        if observed is None:
            return Step(refusal=f"{self.noun.capitalize()} {key} does not exist.")
        if observed["problem"]:
            return Step(refusal=observed["problem"])
        mode, there = self._destination.mode, [local for local in observed["local"] if local.is_there]
        before = [_shown(local, local.size, local.mode) for local in there]
        after = [_shown(local, local.size if local.is_right else None, mode) for local in observed["local"]]
        if all(local.is_right for local in observed["local"]) and not self._destination.force:
            if all(local.mode == mode for local in there):
                return Step()
            return Step("set_mode", before={"files": before}, after={"files": after})
        refusal = self.why_not(key, observed["job"])
        if refusal:
            return Step(refusal=refusal)
        return Step("download", before={"files": before}, after={"files": after})

    def apply(self, item):
        files = []
        self._destination.make_folder()
        for local in item.observed["local"]:
            if not local.is_right or self._destination.force:
                self._fetch(item, local)
            else:
                _set_mode(local.path, self._destination.mode)
            item.changed, item.action = True, item.step.action
            files.append(_shown(local, os.path.getsize(local.path), self._destination.mode))
        item.latest = {**item.observed, "files": files}
        return True

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
            _shown(local, local.size, local.mode) for local in observed["local"] if local.is_there
        ]
        return {**self.job_fields(observed["job"]), "id": key, "files": files}


def _set_mode(path, mode):
    try:
        os.chmod(path, mode)
    except OSError as error:
        raise JobsError(f"The permissions of {path} could not be set: {error.strerror}.") from None


def _shown(local, size, mode):
    shown = {"dest": local.path, "size": size, "mode": f"{mode:04o}"}
    return {**shown, "part": local.archive.part} if local.archive.part else shown
