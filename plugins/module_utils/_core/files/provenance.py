# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A record of what a file holds: in an extended attribute of the file, or in a small file beside it.

A record also tells the size and the end of the file, so that it no longer holds once something else was written there.

Private to this collection.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from typing import Any, BinaryIO

_ATTRIBUTE = "user.saasops.jobs"
# Of a .tar.gz: the checksum and the length of its content.
_END = 8
_LARGEST = 1000


def record(file: BinaryIO, identity: str) -> bool:
    """Records what an open file holds in its attribute; returns whether the file system takes that."""
    try:
        os.setxattr(file.fileno(), _ATTRIBUTE, _content_of(file, identity))
    except (AttributeError, OSError):
        # macOS has attributes, but Python does not have them there.
        return False
    return True


def record_beside(folder: int, name: str, file: BinaryIO, identity: str) -> None:
    """Records the same in a file beside it, if possible: without it, only the file's time is left to go by.

    :param folder: a descriptor.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with suppress(OSError), os.fdopen(os.open(_beside(name), flags, 0o600, dir_fd=folder), "wb") as beside:
        beside.write(_content_of(file, identity))


def says(file: BinaryIO, path: str, identity: str) -> bool | None:
    """Whether a record says that an open file holds just this; None if there is no record that holds.

    :param path: where the file is.
    """
    wanted = json.loads(_content_of(file, identity))
    for read in (_read_attribute, _read_beside):
        found = None
        with suppress(AttributeError, OSError, ValueError, RecursionError):
            found = json.loads(read(file, path))
        if isinstance(found, dict) and {**found, "holds": None} == {**wanted, "holds": None}:
            return bool(found["holds"] == wanted["holds"])
    return None


def _read_attribute(file: BinaryIO, _path: str) -> bytes:
    return os.getxattr(file.fileno(), _ATTRIBUTE)


def _read_beside(_file: BinaryIO, path: str) -> bytes:
    folder, name = os.path.split(path)
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with os.fdopen(os.open(os.path.join(folder, _beside(name)), flags), "rb") as beside:
        return beside.read(_LARGEST)


def _beside(name: str) -> str:
    return f".{name}.saasops-jobs.json"


def _content_of(file: BinaryIO, identity: str) -> bytes:
    size = os.fstat(file.fileno()).st_size
    end = os.pread(file.fileno(), _END, max(0, size - _END))
    fields: dict[str, Any] = {"holds": hashlib.sha256(identity.encode()).hexdigest(), "size": size, "end": end.hex()}
    return json.dumps(fields).encode()
