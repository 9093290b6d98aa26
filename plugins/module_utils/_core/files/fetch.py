# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetching an archive into a file: whole or not at all, in constant memory.

Private to this collection.
"""

from __future__ import annotations

import queue
import re
import threading
from typing import BinaryIO, Callable, NamedTuple

from ..context import Clock, TaskContext
from ..errors import JobsError, ServiceError
from ..http.adapter.transport_errors import AttemptFailed
from ..http.response import Response
from ..http.retry import Backoff
from .atomic_write import Attributes, replace, reserve
from .targz import BrokenArchive, TarGz

_PIECE = 1024 * 1024
# How many pieces may wait for the check, which is slower than the network where logs are packed well.
_QUEUE = 16
# A transfer that comes this far each time before it breaks off is not given up.
_PROGRESS = 1024 * 1024
_LARGEST_FILE = 2**63
_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\*)")


class Floor(NamedTuple):
    """How slow a transfer may be.

    rate: bytes per second that must arrive on average; 0 for no limit.
    seconds: the time over which that is averaged.
    """

    rate: int
    seconds: float


DEFAULT_FLOOR = Floor(1024, 300.0)


def is_whole(file: BinaryIO) -> bool:
    """Whether an open file is a whole .tar.gz.

    :raises OSError: it cannot be read.
    """
    check = TarGz()
    file.seek(0)
    try:
        while True:
            piece = file.read(_PIECE)
            if not piece:
                check.end()
                return True
            check.feed(piece)
    except BrokenArchive:
        return False


def fetch(
    what: str,
    open_at: Callable[[dict[str, str]], Response],
    path: str,
    wanted: Attributes,
    context: TaskContext,
    backoff: Backoff,
    floor: Floor,
) -> None:
    """Fetches a .tar.gz into a file, which is replaced at once when all has been received and checked.

    :param what: what is fetched, in messages.
    :param open_at: a function of headers, which may ask for the rest of the file, that returns a Response with a
        stream.
    :param path: the file.
    :param wanted: its attributes.
    :param context: a TaskContext.
    :param backoff: a Backoff, for transfers that break off.
    :param floor: how slow a transfer may be; one that is slower counts as broken off.
    :raises JobsError: it could not be had; the file is as it was. What is whole, but could not take its place, is kept
        beside it, and the message says where.
    :raises Cancelled: the task is to end; the file is as it was.
    """

    def write(file: BinaryIO) -> None:
        _Transfer(what, open_at, file, context, backoff, floor).run()

    # Most archives can be fetched only once.
    replace(path, wanted, write, context, is_precious=True)


class _Progress:
    """Whether enough of a body arrives."""

    def __init__(self, floor: Floor, clock: Clock) -> None:
        self._floor = floor
        self._clock = clock
        self._since = clock.now()
        self._bytes = 0

    def add(self, count: int) -> None:
        """Takes note of bytes that have arrived.

        :raises AttemptFailed: there were too few.
        """
        self._bytes += count
        rate, seconds = self._floor
        passed = self._clock.now() - self._since
        if passed < seconds:
            return
        if self._bytes < rate * passed:
            why = f"only {self._bytes} bytes arrived within {passed:.0f} s, where minimum_rate is {rate} bytes a second"
            raise AttemptFailed(None, why)
        self._since, self._bytes = self._clock.now(), 0


class _Transfer:
    """The tries that it takes until a file is complete."""

    def __init__(self, what, open_at, file, context, backoff, floor):
        self._what = what
        self._open_at = open_at
        self._file = file
        self._context = context
        self._backoff = backoff
        self._floor = floor
        self._received = 0
        # How much of it was there when the last request was answered.
        self._since = 0
        self._validator = None
        self._may_go_on = False
        self._has_gone_on = False
        # Whether HTTP itself tells the end of the body.
        self._is_framed = True
        self._check = None

    def run(self):
        failures = 0
        try:
            while True:
                try:
                    self._receive()
                    self._check.end()
                    return
                except AttemptFailed as failed:
                    reason = failed.reason
                    if self._check is not None and self._check.is_whole():
                        # Only the end of the body was lost, which nothing is missing from.
                        return
                except BrokenArchive as broken:
                    reason = f"what arrived is not the whole archive: {broken}"
                    if self._is_framed and not self._has_gone_on:
                        # The service itself sent it so; it would again.
                        raise self._failed(reason) from None
                    # Perhaps the two parts are not of the same file: nothing of it is built on.
                    self._forget()
                if self._has_gone_on and self._received - self._since >= _PROGRESS:
                    failures = 0
                failures += 1
                if failures > self._backoff.retries:
                    raise self._failed(reason)
                self._context.clock.sleep(self._backoff.delay(failures - 1))
        finally:
            if self._check is not None:
                self._check.leave()

    def _forget(self):
        if self._check is not None:
            self._check.leave()
        self._check = None
        self._received = 0
        self._may_go_on = self._has_gone_on = False

    def _failed(self, reason):
        return JobsError(f"{self._what} could not be fetched: {reason}.")

    def _receive(self):
        """One request, for all or for what is missing.

        :raises AttemptFailed: it broke off.
        :raises BrokenArchive: it cannot be what it should be.
        """
        asked = self._range()
        try:
            response = self._open_at(asked)
        except ServiceError as error:
            if not asked or error.is_transient or error.aborts_task:
                raise
            # Whatever it does not like about a part, it may still hand over the whole.
            self._may_go_on = False
            raise AttemptFailed(None, error.message) from None
        try:
            if response.status == 206:
                self._go_on(response)
            elif response.status in (200, 203):
                self._begin(response)
            else:
                raise self._failed(f"the service answered HTTP {response.status} instead of handing it over")
            self._since = self._received
            progress = _Progress(self._floor, self._context.clock)
            for piece in response.stream.pieces():
                self._context.cancel_token.check()
                self._file.write(piece)
                self._received += len(piece)
                self._check.feed(piece)
                progress.add(len(piece))
        finally:
            response.stream.close()

    def _range(self):
        if not self._may_go_on or not self._received:
            return {}
        asked = {"Range": f"bytes={self._received}-"}
        if self._validator:
            asked["If-Range"] = self._validator
        return asked

    def _begin(self, response):
        self._forget()
        self._check = _Checking()
        self._file.seek(0)
        self._file.truncate()
        headers = response.headers
        length = headers.get("Content-Length") or ""
        if length.isascii() and length.isdigit() and 0 < int(length) < _LARGEST_FILE:
            # Before any of it has been received: some addresses are used up only by the last byte.
            reserve(self._file, int(length))
        self._is_framed = bool(headers.get("Content-Length") or headers.get("Transfer-Encoding"))
        tag = headers.get("ETag") or ""
        self._validator = tag if tag.startswith('"') else headers.get("Last-Modified")
        self._may_go_on = "bytes" in (headers.get("Accept-Ranges") or "").lower() or bool(self._validator)

    def _go_on(self, response):
        told = _RANGE.fullmatch(response.headers.get("Content-Range") or "")
        if not self._received or told is None or int(told.group(1)) != self._received:
            self._may_go_on = False
            raise AttemptFailed(None, "the service sent another part of it than was asked for")
        self._has_gone_on = True


class _Checking:
    """Checks an archive in a thread of its own, beside the transfer: unpacking takes longer than receiving."""

    def __init__(self):
        self._pieces = queue.Queue(_QUEUE)
        self._archive = TarGz()
        self._broken = None
        self._thread = threading.Thread(target=self._reconciler, daemon=True)
        self._thread.start()

    def feed(self, piece):
        """:raises BrokenArchive: it is known by now that this is no whole archive."""
        if self._broken is not None:
            raise self._broken
        self._pieces.put(piece)

    def end(self):
        """:raises BrokenArchive: it is not whole."""
        self.leave()
        self._thread.join()
        if self._broken is not None:
            raise self._broken
        self._archive.end()

    def leave(self):
        """Lets the thread end."""
        self._pieces.put(None)

    def is_whole(self):
        """Whether what was fed so far is a whole archive; more may be fed afterwards."""
        checked = threading.Event()
        self._pieces.put(checked)
        checked.wait()
        try:
            self._archive.end()
        except BrokenArchive:
            return False
        return self._broken is None

    def _reconciler(self):
        while True:
            piece = self._pieces.get()
            if piece is None:
                return
            if isinstance(piece, threading.Event):
                piece.set()
            elif self._broken is None:
                try:
                    self._archive.feed(piece)
                except BrokenArchive as broken:
                    self._broken = broken
                except Exception as defect:
                    self._broken = BrokenArchive(f"it cannot be read ({type(defect).__name__})")
