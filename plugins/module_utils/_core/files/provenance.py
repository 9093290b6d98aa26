# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records which archive a file holds: in an extended attribute of the file, or in a small file beside it.

A record includes the size and the end of the file, so that it is void once the file has other content.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from typing import Any, BinaryIO

_ATTRIBUTE = "user.saasops.jobs"
# Bytes at the end of a .tar.gz: the checksum and the length of its content.
_END = 8
# Bytes of a record that are read at most.
_LARGEST = 1000


def record(file: BinaryIO, identity: str) -> bool:
    """Record in an attribute what an open file holds. Return whether the file system supports that."""
    try:
        os.setxattr(file.fileno(), _ATTRIBUTE, _content_of(file, identity))
    except (AttributeError, OSError):
        # macOS has attributes, but Python does not support them there.
        return False
    return True


def record_beside(folder: int, name: str, file: BinaryIO, identity: str) -> None:
    """Record the same in a file beside it, if possible. If not, only the time of the file tells what it holds.

    :param folder: a descriptor of the folder.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with suppress(OSError), os.fdopen(os.open(_beside(name), flags, 0o600, dir_fd=folder), "wb") as beside:
        beside.write(_content_of(file, identity))


def says(file: BinaryIO, path: str, identity: str) -> bool | None:
    """Whether a record says that an open file holds this archive; None if there is no valid record.

    :param path: the path of the file.
    """
    wanted = _record_of(file, identity)
    for read in (_read_attribute, _read_beside):
        found = None
        with suppress(AttributeError, OSError, ValueError, RecursionError):
            found = json.loads(read(file, path))
        if isinstance(found, dict) and {**found, "holds": None} == {**wanted, "holds": None}:
            return bool(found.get("holds") == wanted["holds"])
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
    return json.dumps(_record_of(file, identity)).encode()


def _record_of(file: BinaryIO, identity: str) -> dict[str, Any]:
    size = os.fstat(file.fileno()).st_size
    end = os.pread(file.fileno(), _END, max(0, size - _END))
    return {"holds": hashlib.sha256(identity.encode()).hexdigest(), "size": size, "end": end.hex()}
