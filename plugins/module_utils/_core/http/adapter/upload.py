# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file as the body of a request.

Private to this collection.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from typing import BinaryIO

# Large enough to be fast, small enough for many at once.
_PIECE = 256 * 1024


class FileChanged(OSError):
    """A file was changed while it was sent."""


class Upload:
    """A file that is sent as it is now, or not to its end: nobody wants media that are cut or mixed.

    :param file: an open binary file; it is closed if this raises.
    :raises OSError: it is empty.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        # requests takes the length of the body from here.
        self.len = self._left = os.fstat(file.fileno()).st_size
        self._state = self._look()
        if not self.len:
            file.close()
            raise OSError(errno.EINVAL, "it is empty")

    def __iter__(self) -> Iterator[bytes]:
        # What has this is streamed by requests.
        return iter(lambda: self.read(_PIECE), b"")

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(piece)
        # Before the last piece leaves, so that the service has only a part of it.
        if not piece and self._left or not self._left and self._look() != self._state:
            raise FileChanged()
        return piece

    def _look(self) -> tuple[int, int]:
        status = os.fstat(self._file.fileno())
        return status.st_size, status.st_mtime_ns

    def close(self) -> None:
        self._file.close()
