# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replacing a file at once: it is as it was, or it is all new.

Private to this collection.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress

from .concurrency import doing, note_acting
from .errors import JobsError


def replace(path, mode, write, host, modified=None):
    """Replaces a file, or makes it.

    :param path: the file.
    :param mode: its permissions.
    :param write: a function of an open binary file that fills it.
    :param host: a Host.
    :param modified: its time of modification in nanoseconds since the epoch, or None for now.
    :raises JobsError: it cannot be written, or whatever `write` raises; the file is as it was.
    :raises Stopped: the task is to end; the file is as it was.
    """
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=".saasops-jobs-", suffix=".part", dir=os.path.dirname(path))
        # Also if the task ends before this thread does.
        host.at_end.append(lambda: _remove(temporary))
        try:
            with os.fdopen(descriptor, "wb") as file:
                write(file)
                file.flush()
                os.chmod(temporary, mode)
                if modified is not None:
                    os.utime(temporary, ns=(modified, modified))
            item = getattr(doing, "item", None)
            if item is not None:
                note_acting(item)
            os.replace(temporary, path)
        finally:
            _remove(temporary)
    except OSError as error:
        raise JobsError(f"{path} could not be written: {error.strerror or type(error).__name__}.") from None


def _remove(path):
    with suppress(OSError):
        os.unlink(path)
