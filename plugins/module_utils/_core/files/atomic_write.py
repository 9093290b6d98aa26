# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replaces a file atomically: it either stays as it was or is entirely new.

Some content can be fetched only once. Then everything that might fail is tried on an empty temporary file first, before
the content is requested. All operations are relative to the opened folder, so that nobody who can write to a folder
above it can redirect them.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO

from ..context import TaskContext
from ..errors import JobsError
from ..send_observer import current_observer
from . import provenance
from .attributes import Attributes, attributes_not_set, give, mode_not_kept
from .temporary_files import is_temporary, new_name

# Bytes that even the smallest file takes up.
_FIRST_BLOCK = 4096
# Errors of file systems and libraries that cannot reserve space at all.
_CANNOT_RESERVE = (errno.EBADF, errno.EINVAL, errno.ENODEV, errno.ENOSYS, errno.EOPNOTSUPP)
# With O_PATH, the folder need not be readable.
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC


def replace(
    path: str, wanted: Attributes, write: Callable[[BinaryIO], Any], context: TaskContext, *, is_precious: bool = False
) -> None:
    """Replace a file, or create it. A link is replaced itself, not its target.

    If this raises, the file is as it was.

    :param path: the file.
    :param wanted: its attributes.
    :param write: fills an open, empty binary file. Whatever it raises is raised.
    :param is_precious: the content can be fetched only once. It is requested after everything else has been tried. If
        it is complete but cannot replace the file after all, it is kept beside it.
    :raises JobsError: the file cannot be written.
    :raises Cancelled: the task has to end.
    """
    try:
        temporary = _Temporary(path, wanted)
    except OSError as error:
        raise _not_written(path, error) from None
    # The task may end before this thread does.
    context.cleanups.append(temporary.leave)
    try:
        if is_precious:
            temporary.try_out()
        temporary.check_attributes()
        write(temporary.file)
        temporary.complete(is_precious=is_precious)
        temporary.take_place()
        for warning in temporary.warnings:
            context.warn(warning)
    except OSError as error:
        kept = temporary.keep()
        raise _not_written(path, error, kept) from None
    finally:
        temporary.close()


def try_to_replace(path: str, wanted: Attributes) -> None:
    """Try what replace() would try for precious content.

    :raises JobsError: replace() would fail.
    """
    try:
        temporary = _Temporary(path, wanted)
        try:
            temporary.try_out()
            temporary.check_attributes()
        finally:
            temporary.close()
    except OSError as error:
        raise _not_written(path, error) from None


def _not_written(path: str, error: OSError, kept: str | None = None) -> JobsError:
    why = f"{path} could not be written: {error.strerror or type(error).__name__}."
    return JobsError(f"{why} The download is complete and was kept as {kept}; move it to {path}." if kept else why)


def reserve(file: BinaryIO, size: int) -> None:
    """Reserve space for a file. If the file system cannot do that, only check how much space is free.

    :param size: in bytes.
    :raises OSError: there is not enough space, or the file must not become so large.
    """
    descriptor = file.fileno()
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    try:
        # Without O_APPEND, the C library would emulate this by writing to every block of the file. With it, it fails.
        fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_APPEND)
        os.posix_fallocate(descriptor, 0, size)
        return
    except AttributeError:
        # Python has no posix_fallocate() on macOS.
        pass
    except OSError as error:
        if error.errno not in _CANNOT_RESERVE:
            raise
    finally:
        fcntl.fcntl(descriptor, fcntl.F_SETFL, flags)
    space = os.fstatvfs(descriptor)
    if space.f_blocks and size > space.f_bfree * space.f_frsize:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class _Temporary:
    """A temporary file beside the file that it is going to replace. Until then, only its owner can read it.

    :raises OSError: it cannot be created or renamed.
    """

    def __init__(self, path: str, wanted: Attributes) -> None:
        self.warnings: list[str] = []
        self._path = path
        self._wanted = wanted
        self._is_recorded = self._has_time = False
        self._keeps = self._is_done = self._is_closed = False
        self._lock = threading.Lock()
        parent, self._target = os.path.split(path)
        self._parent = parent or os.curdir
        self._folder = os.open(self._parent, _FOLDER)
        try:
            first, self._name = new_name(), new_name()
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            self.file = os.fdopen(os.open(first, flags, 0o600, dir_fd=self._folder), "w+b")
        except OSError:
            os.close(self._folder)
            raise
        # While the file is locked, no other task takes it for abandoned. Not every file system has locks.
        with suppress(OSError):
            fcntl.flock(self.file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            self._rename(first, self._name)
        except OSError:
            self._name = first
            self.close()
            raise

    def try_out(self) -> None:
        """Try the operations that will be applied to the complete file.

        :raises OSError: one of them fails.
        """
        self.file.write(bytes(_FIRST_BLOCK))
        self.file.flush()
        # Only now do quotas, and full disks of file servers, show.
        os.fsync(self.file.fileno())
        self.file.seek(0)
        self.file.truncate()
        self._check_target()

    def check_attributes(self) -> None:
        """Try the attributes, then make the file private again until it is complete.

        :raises OSError: the file would not get its owner or group.
        :raises JobsError: the file would not get another attribute that it must have.
        """
        descriptor, labels = self.file.fileno(), self._wanted.labels
        before = os.fstat(descriptor)
        kept = give(descriptor, self._wanted)
        if kept != self._wanted.mode and self._wanted.mode_matters:
            raise mode_not_kept(self._path, self._wanted.mode, kept)
        with suppress(OSError):
            if not self._wanted.ownership.is_of(before):
                os.fchmod(descriptor, 0o600 & self._wanted.mode)
                os.fchown(descriptor, before.st_uid, before.st_gid)
            os.fchmod(descriptor, 0o600)
        if labels.are_given:
            path = self._stable(self._name)
            try:
                # The context stays, as it grants nothing by itself. Some flags would prevent what follows.
                labels.set_context(path, self._path)
                if labels.flags:
                    labels.flags.attempt(path)
            except JobsError as error:
                raise attributes_not_set(self._path, error) from None

    def complete(self, *, is_precious: bool) -> None:
        """Finish the file after all its content has been written.

        :raises OSError: the content could not be stored after all, or the file did not get its owner or group.
        """
        self.file.truncate()
        self.file.flush()
        if is_precious:
            os.fsync(self.file.fileno())
        self._keeps = is_precious
        # Later, the file may belong to somebody else.
        try:
            self._set_time()
        except OSError as error:
            self.warnings.append(f"The modification time of {self._path} could not be set: {error.strerror}.")
        self._record()
        kept = give(self.file.fileno(), self._wanted)
        if kept != self._wanted.mode:
            self.warnings.append(
                f"{self._path} has the permissions {kept:04o} instead of {self._wanted.mode:04o}, as its file system "
                "supports no others."
            )

    def take_place(self) -> None:
        """Rename the temporary file to the file that it replaces."""
        observer = current_observer()
        if observer is not None:
            observer.sending()
        self._rename(self._name, self._target)
        self._is_done = True
        if self._wanted.identity is not None and not self._is_recorded and not self._has_time:
            provenance.record_beside(self._folder, self._target, self.file, self._wanted.identity)
        flags = self._wanted.labels.flags
        if flags is None:
            return
        try:
            # Not before, as some flags prevent renaming.
            flags.remove(self._stable(self._target))
            flags.add(self._stable(self._target))
        except JobsError as error:
            self.warnings.append(str(attributes_not_set(self._path, error)))

    def keep(self) -> str | None:
        """Return the path of content that is complete but not in its place, or None if there is none."""
        with self._lock:
            if not self._keeps or self._is_done or self._is_closed:
                return None
            if is_temporary(self._name):
                # Under its temporary name, it would be removed as abandoned.
                kept = f"saasops-jobs-{secrets.token_hex(4)}.kept"
                with suppress(OSError):
                    self._rename(self._name, kept)
                    self._name = kept
            return os.path.join(self._parent, self._name)

    def leave(self) -> None:
        """Keep or remove the temporary file, unless it has taken its place."""
        self.keep()
        with self._lock:
            if not self._is_closed and not self._is_done and not self._keeps:
                with suppress(OSError):
                    os.unlink(self._name, dir_fd=self._folder)

    def close(self) -> None:
        """Keep or remove the temporary file, and close all descriptors."""
        self.leave()
        with self._lock:
            self._is_closed = True
            with suppress(OSError):
                self.file.close()
            os.close(self._folder)

    def _rename(self, name: str, to: str) -> None:
        os.replace(name, to, src_dir_fd=self._folder, dst_dir_fd=self._folder)

    def _check_target(self) -> None:
        """:raises OSError: the existing file cannot be replaced."""
        try:
            there = os.stat(self._target, dir_fd=self._folder, follow_symlinks=False)
        except FileNotFoundError:
            return
        if stat.S_ISDIR(there.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        folder = os.fstat(self._folder)
        if folder.st_mode & stat.S_ISVTX and os.geteuid() not in (0, folder.st_uid, there.st_uid):
            raise PermissionError(errno.EPERM, "the file in its place belongs to another user")
        try:
            # This fails for files that are immutable or append-only.
            os.close(os.open(self._target, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=self._folder))
        except OSError as error:
            if error.errno == errno.EPERM:
                raise
        probe = new_name()
        try:
            os.link(self._target, probe, src_dir_fd=self._folder, dst_dir_fd=self._folder, follow_symlinks=False)
            os.unlink(probe, dir_fd=self._folder)
        except OSError as error:
            # Other errors mean nothing: not every file system has links, and not everybody may create them.
            if error.errno == errno.EXDEV:
                raise OSError(errno.EBUSY, "the file in its place is a mount point") from None

    def _stable(self, name: str) -> str:
        """Return the path of a file in the opened folder for what takes paths only, by this process or another one."""
        return f"/proc/{os.getpid()}/fd/{self._folder}/{name}"

    def _set_time(self) -> None:
        modified, descriptor = self._wanted.modified, self.file.fileno()
        if modified is not None:
            os.utime(descriptor, ns=(modified, modified))
            # Many file systems only keep whole seconds.
            self._has_time = os.fstat(descriptor).st_mtime_ns // 1000 == modified // 1000

    def _record(self) -> None:
        if self._wanted.identity is not None:
            self._is_recorded = provenance.record(self.file, self._wanted.identity)
