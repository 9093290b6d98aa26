# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where archives go, and what is there already.

A file holds an archive if it is a whole one and one of these says that it is this one:

- Its time of modification. It is set to when the archive was made, and its fraction of a second is made of what the
  archive is of. Many file systems and ways to copy keep less of that fraction, or none.
- A record that was made when the archive was fetched. It tells two archives of the same second apart, and still holds
  when the file has got another time.

Private to this collection.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from datetime import datetime
from enum import Enum
from typing import Any, BinaryIO, NamedTuple

from ..errors import InvalidInput, JobsError
from ..threads import Once
from . import provenance
from .atomic_write import Attributes
from .fetch import is_whole
from .temporary_files import remove_leftovers

_NO_NAME = re.compile(r"[^A-Za-z0-9_.-]")
_DEFAULT_MODE = 0o600
_MOST_LINKS = 40
# What file systems and archivers keep of a time, in nanoseconds; all round down. FAT has even seconds only.
_STEPS = (1000, 1_000_000, 10_000_000, 1_000_000_000, 2_000_000_000)


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
    def key(self) -> str:
        """Text that no other archive has, nor any other part."""
        return f"{self.identity} {self.part}"

    @property
    def modified(self) -> int | None:
        """The time of modification of its file in nanoseconds since the epoch, or None if it cannot be told."""
        if self.made is None:
            return None
        digest = hashlib.sha256(self.key.encode()).digest()
        # Some ways to copy files drop what is finer than a microsecond.
        fraction = int.from_bytes(digest[:8], "big") % 1_000_000
        return (int(self.made.timestamp()) * 1_000_000 + fraction) * 1000


class Holds(Enum):
    """What is in the place of an archive."""

    NOTHING = "there is no file"
    SOMETHING = "something else, or an archive of which nothing says whether it is this one"
    SAME_NAME = "a whole archive of which only its name says that it is this one"
    THIS = "this archive"


class LocalFile(NamedTuple):
    """What is in the place of an archive."""

    archive: Archive
    path: str
    holds: Holds
    size: int | None = None
    mode: int | None = None

    @property
    def is_there(self) -> bool:
        return self.holds is not Holds.NOTHING

    @property
    def is_right(self) -> bool:
        return self.holds in (Holds.THIS, Holds.SAME_NAME)


class Destination:
    """Where archives go, and how.

    :param params: with dest, mode and perhaps force.
    :param count: how many items are fetched.
    :raises InvalidInput: it cannot be right.
    """

    def __init__(self, params: dict[str, Any], count: int) -> None:
        given = params["dest"]
        if not given or not given.isprintable():
            raise InvalidInput("dest is empty, or holds a line break or another control character.")
        self.is_folder = count > 1 or given.endswith(os.sep) or os.path.isdir(given)
        self._path = os.path.abspath(given) if self.is_folder else _follow(os.path.abspath(given))
        self._has_mode = params["mode"] is not None
        self.mode = _mode(params["mode"]) if self._has_mode else _DEFAULT_MODE
        self.force = params.get("force", False)
        if self.is_folder and os.path.exists(self._path) and not os.path.isdir(self._path):
            raise InvalidInput(f"dest: {given} is a file, where a folder is asked for.")
        folder = self._path if self.is_folder else os.path.dirname(self._path)
        if not self.is_folder and not os.path.isdir(folder):
            raise InvalidInput(f"dest: there is no folder {folder}.")
        while not os.path.exists(folder):
            folder = os.path.dirname(folder)
        self._prepared = Once()
        # A sentence why nothing can be written there, or None.
        self.why_not = None
        if not os.access(folder, os.W_OK | os.X_OK):
            self.why_not = f"dest: nothing may be written into the folder {folder}."

    def check_for(self, count: int) -> None:
        """:raises JobsError: so many archives do not go there."""
        if count > 1 and not self.is_folder:
            raise JobsError(f"The archive comes in {count} parts, each a file of its own: dest must be a folder.")

    def path_for(self, archive: Archive) -> str:
        if not self.is_folder:
            return self._path
        return _follow(os.path.join(self._path, _NO_NAME.sub("_", archive.name)))

    def attributes(self, archive: Archive) -> Attributes:
        """What the file of an archive is to have besides its content."""
        identity = None if archive.modified is None else f"{archive.key} {archive.modified}"
        return Attributes(self.mode, self._has_mode, archive.modified, identity)

    def mode_for(self, kept: LocalFile | None) -> int:
        """The permissions that a file is to have.

        :param kept: the file, if its content stays: unless the user asks for permissions, it keeps its own.
        """
        return self.mode if self._has_mode or kept is None or kept.mode is None else kept.mode

    def prepare(self) -> None:
        """Makes the folder, for its owner only, if it is not there, and removes what killed tasks have left in it.

        :raises JobsError: it cannot be made.
        """
        self._prepared.run(self._prepare)

    def _prepare(self) -> None:
        folder = self._path if self.is_folder else os.path.dirname(self._path)
        try:
            if self.is_folder:
                os.makedirs(folder, mode=0o700, exist_ok=True)
        except OSError as error:
            raise JobsError(f"The folder {folder} could not be made: {error.strerror}.") from None
        remove_leftovers(folder)

    def look(self, archive: Archive, goes_by_name: bool = False) -> LocalFile:
        """The LocalFile in the place of an archive.

        :param goes_by_name: look whether the file's name says that it is this archive, if nothing else does.
        :raises JobsError: it cannot be read.
        """
        path = self.path_for(archive)
        try:
            status = os.lstat(path)
            if stat.S_ISLNK(status.st_mode):
                # Another user's: it would be replaced.
                return LocalFile(archive, path, Holds.NOTHING)
            if not stat.S_ISREG(status.st_mode):
                raise JobsError(f"{path} is {'a folder' if stat.S_ISDIR(status.st_mode) else 'no ordinary file'}.")
            try:
                holds = self._what_is_in(path, archive, goes_by_name)
            except PermissionError:
                holds = Holds.SOMETHING
        except FileNotFoundError:
            return LocalFile(archive, path, Holds.NOTHING)
        except OSError as error:
            raise JobsError(f"{path} could not be read: {error.strerror}.") from None
        return LocalFile(archive, path, holds, status.st_size, stat.S_IMODE(status.st_mode))

    def _what_is_in(self, path: str, archive: Archive, goes_by_name: bool) -> Holds:
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
    """Opens a file for reading that must not be a link, since it was no link, or was followed, before.

    :raises OSError: it cannot be opened.
    """
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb")


def _is_time_of(modified: int, archive: Archive) -> bool:
    """Whether a time of modification is that of an archive, or what a file system or a copy left of it."""
    made = archive.modified
    return made is not None and any(modified // 1000 * 1000 == made // step * step for step in _STEPS)


def _follow(path: str) -> str:
    """Where a file really is, if its path is a link of this user's own or of root's; other links are not followed.

    Only the last part of the path is looked at: links in the folders above it are left to the operating system.

    :raises InvalidInput: there is no end to the links.
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


def _mode(value: Any) -> int:
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


def shown(local: LocalFile, size: int | None, mode: int | None) -> dict[str, Any]:
    """A LocalFile as results show it."""
    fields: dict[str, Any] = {"dest": local.path, "size": size, "mode": None if mode is None else f"{mode:04o}"}
    return {**fields, "part": local.archive.part} if local.archive.part else fields
