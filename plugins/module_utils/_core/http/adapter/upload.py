# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file as the body of a request."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from typing import BinaryIO

# Large enough to be fast, small enough for many uploads at once.
_PIECE = 256 * 1024


class FileChanged(OSError):
    """A file was changed while it was being sent."""


class Upload:
    """Sends a file as it was when it was opened, or fails before its end: nobody wants truncated or mixed media.

    :param file: an open binary file; it is closed if this raises.
    :raises OSError: the file is empty.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        # The requests library reads the length of the body from this attribute.
        self.len = self._left = os.fstat(file.fileno()).st_size
        self._state = self._current_state()
        if not self.len:
            file.close()
            raise OSError(errno.EINVAL, "it is empty")

    def __iter__(self) -> Iterator[bytes]:
        # The requests library streams what is iterable.
        return iter(lambda: self.read(_PIECE), b"")

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(piece)
        # Checked before the last piece leaves, so that the service never receives the whole of a changed file.
        if not piece and self._left or not self._left and self._current_state() != self._state:
            raise FileChanged()
        return piece

    def _current_state(self) -> tuple[int, int]:
        status = os.fstat(self._file.fileno())
        return status.st_size, status.st_mtime_ns

    def close(self) -> None:
        self._file.close()
