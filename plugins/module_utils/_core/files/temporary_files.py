# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names temporary files, and removes those that killed tasks have left behind."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import stat
from contextlib import suppress

_NAME = re.compile(r"\.saasops-jobs-\w+\.part", re.ASCII)
# A temporary file that nobody has locked is abandoned so many seconds after it was last written to.
_ABANDONED = 24 * 3600


def new_name() -> str:
    """Return a name for a new temporary file."""
    return f".saasops-jobs-{secrets.token_hex(8)}.part"


def is_temporary(name: str) -> bool:
    """Whether a name is that of a temporary file."""
    return _NAME.fullmatch(name) is not None


def remove_leftovers(path: str) -> None:
    """Remove the temporary files that tasks of this user left in a folder when they were killed, a day ago or longer.

    :param path: the folder. If it cannot be read, nothing happens.
    """
    with suppress(OSError):
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            names = [name for name in os.listdir(folder) if is_temporary(name)]
            if names:
                then = _time_in(folder) - _ABANDONED
                for name in names:
                    with suppress(OSError):
                        _remove_leftover(folder, name, then)
        finally:
            os.close(folder)


def _time_in(folder: int) -> float:
    """Return the present time by the clock of the folder's file system, which may be on another machine."""
    name = new_name()
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        return os.fstat(descriptor).st_mtime
    finally:
        os.close(descriptor)
        os.unlink(name, dir_fd=folder)


def _remove_leftover(folder: int, name: str, then: float) -> None:
    if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        return
    descriptor = os.open(name, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    try:
        status = os.fstat(descriptor)
        if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid() and status.st_mtime < then:
            # This raises if a task that still writes to the file has locked it, or if the file system has no locks.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(name, dir_fd=folder)
    finally:
        os.close(descriptor)
