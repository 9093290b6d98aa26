# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Has the disk store a large file while the rest of it is still being received, instead of all of it at the end."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import BinaryIO

# Bytes after which the system is asked to begin.
_STEP = 8 * 1024 * 1024


class Writeback:
    """What of a file the system has been asked to store. It is written from its beginning, without gaps."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._asked = 0

    def written(self, end: int) -> None:
        """Take note of how much of the file has been written, in bytes.

        :raises OSError: what was buffered could not be written.
        """
        if end - self._asked < _STEP:
            return
        self._file.flush()
        # Linux begins to store what it need not keep in memory, and does not wait for that. macOS has no such call,
        # and not every file system supports it: then the whole file is stored at the end.
        with suppress(AttributeError, OSError):
            os.posix_fadvise(self._file.fileno(), self._asked, end - self._asked, os.POSIX_FADV_DONTNEED)
        self._asked = end
