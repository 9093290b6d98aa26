# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that hands out archives, in one go or in parts."""

from __future__ import annotations

import gzip
import io
import random
import tarfile

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.attributes import Attributes
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.fetch import fetch
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.floor import Floor
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.adapter.attempt_failed import AttemptFailed
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.response import Response
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Backoff, Outcome
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock

MEGABYTE = 1024 * 1024


def archive(size=3 * MEGABYTE, seed=1):
    """A .tar.gz of random content, so that it is about as large as its content; always the same for a seed."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        entry = tarfile.TarInfo("file")
        entry.size = size
        made.addfile(entry, io.BytesIO(random.Random(seed).randbytes(size)))
    return gzip.compress(buffer.getvalue(), 1, mtime=1)


class Stream:
    """The body of a response: it comes in pieces, and may break off.

    :param breaks: whether it breaks off in the end.
    :param on_piece: called before each piece.
    """

    def __init__(self, data, breaks, on_piece):
        self._data = data
        self._breaks = breaks
        self._on_piece = on_piece
        self.closed = False

    def pieces(self):
        for start in range(0, len(self._data), 100_000):
            self._on_piece()
            yield self._data[start : start + 100_000]
        if self._breaks:
            raise AttemptFailed(Outcome.TRUNCATED, "the transfer was interrupted")

    def close(self):
        self.closed = True


class Server:
    """Hands out what is scripted for each request: (content, after how many bytes it breaks off or None).

    :param length: the Content-Length.
    """

    def __init__(self, *script, ranges=True, tags=True, framed=True, length=1, on_piece=lambda: None):
        self._script = list(script)
        self._framed = framed
        self._length = length
        self._ranges = ranges
        self._tags = tags
        self._on_piece = on_piece
        self.asked = []
        self.streams = []

    def open_at(self, headers):
        self.asked.append(headers)
        scripted = self._script.pop(0)
        if isinstance(scripted, Exception):
            raise scripted
        content, length = scripted
        start, status, told = 0, 200, {}
        if self._tags:
            told["ETag"] = f'"{hash(content)}"'
        if self._ranges:
            told["Accept-Ranges"] = "bytes"
        if self._framed:
            told["Content-Length"] = str(self._length)
        if self._ranges and "Range" in headers and headers.get("If-Range", told.get("ETag")) == told.get("ETag"):
            start, status = int(headers["Range"][len("bytes=") : -1]), 206
            told["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        rest = content[start:] if length is None else content[start : start + length]
        self.streams.append(Stream(rest, length is not None, self._on_piece))
        return Response(status, told, b"", stream=self.streams[-1])


# Any transfer is fast enough.
FLOOR = Floor(0, 300.0)


def get(server, path, retries=2, context=None, mode=0o600, modified=None, floor=FLOOR):
    context = context or TaskContext(clock=StillClock())
    wanted = Attributes(mode, True, modified, "this archive")
    fetch("The archive", server.open_at, str(path), wanted, context, Backoff(retries), floor)
    return context
