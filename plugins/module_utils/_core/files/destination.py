# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides where archives go, and finds out what is already there.

A file holds a certain archive if it is a complete archive, and one of these identifies it:

- Its modification time. It is set to the time when the archive was made, with a fraction of a second that depends on
  what is in the archive. Many file systems, and many ways to copy files, keep less of that fraction or nothing.
- A record made when the archive was fetched. It tells apart two archives of the same second, and remains valid when
  the modification time changes.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, BinaryIO

from ..context import TaskContext
from ..errors import InvalidInput, JobsError
from ..threads import Once
from . import provenance
from .ansible_files import Labels
from .attributes import Attributes, set_attributes
from .fetch import is_whole
from .file_mode import Mode
from .file_names import safe
from .file_owner import Ownership
from .temporary_files import remove_leftovers

_DEFAULT_MODE = 0o600
_MOST_LINKS = 40
# The resolution of times in file systems and archives, in nanoseconds. All of them round down. FAT has two seconds.
_STEPS = (1000, 1_000_000, 10_000_000, 1_000_000_000, 2_000_000_000)


@dataclass(frozen=True)
class Archive:
    """An archive that a service offers for download.

    :ivar name: the name of its file in a folder.
    :ivar made: when it was made, or None.
    :ivar identity: text that no archive of another item has.
    :ivar part: which part of the item it holds, or None if it holds all of it.
    :ivar source: where the service has it, if the id of the item does not tell.
    :ivar former_name: the name that an earlier version of this collection gave its file in a folder, or None.
    """

    name: str
    made: datetime | None
    identity: str
    part: str | None = None
    source: str | None = None
    former_name: str | None = None

    @property
    def key(self) -> str:
        """Text that no other archive has, not even another part of the same item."""
        return f"{self.identity} {self.part}"

    @property
    def modified(self) -> int | None:
        """The modification time for its file in nanoseconds since the epoch, or None if it is unknown."""
        if self.made is None:
            return None
        digest = hashlib.sha256(self.key.encode()).digest()
        # Some ways to copy files only keep whole microseconds.
        fraction = int.from_bytes(digest[:8], "big") % 1_000_000
        return (int(self.made.timestamp()) * 1_000_000 + fraction) * 1000


class Holds(Enum):
    """What is in the place where an archive goes."""

    NOTHING = "there is no file"
    SOMETHING = "something else, or an archive that nothing identifies"
    SAME_NAME = "a complete archive that only its name identifies"
    THIS = "this archive"


@dataclass(frozen=True)
class LocalFile:
    """The file in the place where an archive goes.

    :ivar size: in bytes, or None if there is none.
    :ivar mode: its permissions, or None if there is none.
    :ivar seen: its attributes that the user gives, besides its permissions.
    :ivar wanted: the same attributes once they are set, if its content is kept.
    """

    archive: Archive
    path: str
    holds: Holds
    size: int | None = None
    mode: int | None = None
    seen: Mapping[str, str | None] = field(default_factory=dict)
    wanted: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def is_there(self) -> bool:
        """Whether there is a file at all."""
        return self.holds is not Holds.NOTHING

    @property
    def is_right(self) -> bool:
        """Whether the file is, or seems to be, the archive."""
        return self.holds in (Holds.THIS, Holds.SAME_NAME)

    def as_result(self) -> list[dict[str, Any]]:
        """Return the file as results list it; nothing if there is none."""
        return [shown(self, self.size, self.mode, self.seen)] if self.is_there else []


class Destination:
    """Where archives go, and with which attributes.

    :param params: the parameters of the module: dest, those of argspec.FILE, and force if the module has it.
    :param count: how many items the task fetches.
    :param context: in its check mode, users and groups need not exist yet.
    :raises InvalidInput: one of the parameters is invalid.
    :ivar force: archives are fetched even if they are there.
    :ivar why_not: a sentence that says why nothing can be written, or None.
    """

    def __init__(self, params: Mapping[str, Any], count: int, context: TaskContext) -> None:
        given = params["dest"]
        if not given or not given.isprintable():
            raise InvalidInput("dest is empty, or holds a line break or another control character.")
        self.is_folder = count > 1 or given.endswith(os.sep) or os.path.isdir(given)
        self._path = os.path.abspath(given) if self.is_folder else _follow(os.path.abspath(given))
        self._mode = None if params["mode"] is None else Mode(params["mode"], _DEFAULT_MODE)
        self.mode = self._mode.on(_DEFAULT_MODE) if self._mode else _DEFAULT_MODE
        self._ownership = Ownership.from_params(params, context)
        self._labels = Labels.from_params(params, context.selinux_special_fs)
        if params.get("unsafe_writes"):
            raise InvalidInput("unsafe_writes: true is not supported, as a file is always replaced in one step.")
        self.force = bool(params.get("force", False))
        if self.is_folder and os.path.exists(self._path) and not os.path.isdir(self._path):
            raise InvalidInput(f"dest: {given} is a file, but a folder is required.")
        folder = self._path if self.is_folder else os.path.dirname(self._path)
        if not self.is_folder and not os.path.isdir(folder):
            raise InvalidInput(f"dest: there is no folder {folder}.")
        while not os.path.exists(folder):
            folder = os.path.dirname(folder)
        self._prepared: Once[None] = Once()
        self.why_not: str | None = None
        if not os.access(folder, os.W_OK | os.X_OK):
            self.why_not = f"dest: the folder {folder} is not writable."

    def check_for(self, count: int) -> None:
        """:raises JobsError: dest has no room for so many archives, as it is a file."""
        if count > 1 and not self.is_folder:
            raise JobsError(f"The archive comes in {count} parts, each a file of its own: dest must be a folder.")

    def path_for(self, archive: Archive) -> str:
        """Return the path of the file for an archive."""
        return self._path_of(archive.name)

    def _path_of(self, name: str) -> str:
        return _follow(os.path.join(self._path, safe(name))) if self.is_folder else self._path

    def attributes(self, archive: Archive) -> Attributes:
        """Return the attributes for a new file of an archive."""
        identity = None if archive.modified is None else f"{archive.key} {archive.modified}"
        return Attributes(self.mode, self._mode is not None, archive.modified, identity, self._ownership, self._labels)

    def needs_attributes(self, kept: LocalFile) -> bool:
        """Whether a file whose content is kept is to get other attributes."""
        return kept.mode != self.mode_for(kept) or kept.seen != kept.wanted

    def attributes_action(self, kept: Sequence[LocalFile]) -> str | None:
        """Return what results call the action that sets the attributes of files whose content is kept.

        :returns: None if all of them have the right ones.
        """
        needy = [local for local in kept if self.needs_attributes(local)]
        if not needy:
            return None
        return "set_mode" if all(local.seen == local.wanted for local in needy) else "set_attributes"

    def set_attributes(self, kept: LocalFile, note_change: Callable[[], None]) -> None:
        """Set the attributes of a file whose content is kept.

        :param note_change: is called once the file has other attributes than before, also if it does not get them all.
        :raises JobsError: it does not get them.
        """
        wanted = Attributes(self.mode_for(kept), True, ownership=self._ownership, labels=self._labels)
        try:
            set_attributes(kept.path, wanted)
        finally:
            if not self._is_as_before(kept):
                note_change()

    def _is_as_before(self, kept: LocalFile) -> bool:
        try:
            return [self.as_it_is(kept)] == kept.as_result()
        except (OSError, JobsError):
            return False

    def as_predicted(self, local: LocalFile, size: int | None, *, is_kept: bool) -> dict[str, Any]:
        """Return a file as results show it once it is what the user wants.

        :param is_kept: it keeps its content.
        """
        if is_kept:
            return shown(local, size, self.mode_for(local), local.wanted)
        return shown(local, size, self.mode, {**self._ownership.wanted(), **self._labels.fields()})

    def as_it_is(self, local: LocalFile) -> dict[str, Any]:
        """Return a file as results show it now.

        :raises JobsError: it cannot be read.
        """
        status = os.lstat(local.path)
        seen = {**self._ownership.seen(status), **self._labels.seen(local.path)}
        return shown(local, status.st_size, stat.S_IMODE(status.st_mode), seen)

    def mode_for(self, kept: LocalFile | None) -> int:
        """Return the permissions for a file.

        :param kept: the file, if its content is kept. It also keeps its permissions, unless the user gives some.
        """
        if kept is None or kept.mode is None:
            return self.mode
        return self._mode.on(kept.mode) if self._mode else kept.mode

    def prepare(self) -> None:
        """Create the folder if necessary, for its owner only. Remove the files that killed tasks have left in it.

        :raises JobsError: the folder cannot be created.
        """
        self._prepared.run(self._prepare)

    def _prepare(self) -> None:
        folder = self._path if self.is_folder else os.path.dirname(self._path)
        try:
            if self.is_folder:
                os.makedirs(folder, mode=0o700, exist_ok=True)
        except OSError as error:
            raise JobsError(f"The folder {folder} could not be created: {error.strerror}.") from None
        remove_leftovers(folder)

    def look(self, archive: Archive, *, goes_by_name: bool = False) -> LocalFile:
        """Find out what is in the place where an archive goes.

        If the archive is not there, but under the name that an earlier version gave it, that file is the place.

        :param goes_by_name: the name may identify the archive if nothing else does.
        :raises JobsError: the file cannot be read, or is not a regular file.
        """
        found = self._look_at(self.path_for(archive), archive, goes_by_name=goes_by_name)
        if found.is_right or self.force or archive.former_name is None or not self.is_folder:
            return found
        with suppress(JobsError):
            former = self._look_at(self._path_of(archive.former_name), archive, goes_by_name=goes_by_name)
            if former.is_right:
                return former
        return found

    def _look_at(self, path: str, archive: Archive, *, goes_by_name: bool) -> LocalFile:
        try:
            status = os.lstat(path)
            if stat.S_ISLNK(status.st_mode):
                # path_for() does not follow a link of another user. Such a link is replaced.
                return LocalFile(archive, path, Holds.NOTHING)
            if not stat.S_ISREG(status.st_mode):
                raise JobsError(f"{path} is {'a folder' if stat.S_ISDIR(status.st_mode) else 'not a regular file'}.")
            try:
                holds = self._what_is_in(path, archive, goes_by_name=goes_by_name)
            except PermissionError:
                holds = Holds.SOMETHING
        except FileNotFoundError:
            return LocalFile(archive, path, Holds.NOTHING)
        except OSError as error:
            raise JobsError(f"{path} could not be read: {error.strerror}.") from None
        labels = self._labels.seen(path)
        seen = {**self._ownership.seen(status), **labels}
        wanted = {**self._ownership.wanted(), **self._labels.wanted(path, labels)}
        return LocalFile(archive, path, holds, status.st_size, stat.S_IMODE(status.st_mode), seen, wanted)

    def _what_is_in(self, path: str, archive: Archive, *, goes_by_name: bool) -> Holds:
        identity = self.attributes(archive).identity
        if identity is None:
            return Holds.SOMETHING
        with open_file(path) as file:
            recorded = provenance.says(file, path, identity)
            is_this = _is_time_of(os.fstat(file.fileno()).st_mtime_ns, archive) if recorded is None else recorded
            if is_this and is_whole(file):
                return Holds.THIS
            if recorded is None and not is_this and goes_by_name and self.is_folder and is_whole(file):
                return Holds.SAME_NAME
        return Holds.SOMETHING


def open_file(path: str) -> BinaryIO:
    """Open a file for reading.

    :raises OSError: it cannot be opened, or is a link. Links were followed before, so this one is new.
    """
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb")


def _is_time_of(modified: int, archive: Archive) -> bool:
    """Whether a modification time is that of an archive, or what a file system or a copy has kept of it."""
    made = archive.modified
    return made is not None and any(modified // 1000 * 1000 == made // step * step for step in _STEPS)


def _follow(path: str) -> str:
    """Return where a link leads, if this user or root owns it. Links of other users are not followed.

    This concerns the last part of the path only. The operating system follows links in the folders above it.

    :raises InvalidInput: there are too many links, perhaps in a circle.
    """
    for _link in range(_MOST_LINKS):
        try:
            before = os.lstat(path)
            if not stat.S_ISLNK(before.st_mode) or before.st_uid not in (0, os.geteuid()):
                return path
            target = os.readlink(path)
            after = os.lstat(path)
        except OSError:
            return path
        if (before.st_ino, before.st_dev, before.st_ctime_ns) == (after.st_ino, after.st_dev, after.st_ctime_ns):
            path = os.path.join(os.path.dirname(path), target)
    raise InvalidInput(f"dest: too many links at {path}.")


def shown(local: LocalFile, size: int | None, mode: int | None, more: Mapping[str, str | None]) -> dict[str, Any]:
    """Return a file as results show it.

    :param more: its attributes that the user gives, besides its permissions.
    """
    fields: dict[str, Any] = {"dest": local.path, "size": size, "mode": None if mode is None else f"{mode:04o}", **more}
    return {**fields, "part": local.archive.part} if local.archive.part else fields
