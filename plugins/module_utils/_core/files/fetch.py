# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetches an archive into a file: completely or not at all, in constant memory."""

from __future__ import annotations

import queue
import re
import threading
from collections.abc import Callable
from typing import BinaryIO

from ..context import TaskContext
from ..errors import JobsError, ServiceError
from ..http.adapter.attempt_failed import AttemptFailed
from ..http.response import Response
from ..http.retry import Backoff
from ..progress import Rate, size, time_left
from .archive.targz import BrokenArchive, TarGz
from .atomic_write import replace, reserve
from .attributes import Attributes
from .floor import Floor, FloorCheck
from .writeback import Writeback

# Bytes of a file that are read at once.
_PIECE = 256 * 1024
# How many pieces may wait to be checked. For well-packed logs, that takes longer than receiving them.
_QUEUE = 16
# A transfer that is resumed is not given up as long as it gets this many bytes further each time.
_PROGRESS = 1024 * 1024
# A Content-Length of more digits is nonsense.
_MOST_DIGITS = 18
_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\*)")


def is_whole(file: BinaryIO) -> bool:
    """Whether an open file is a complete .tar.gz.

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
    """Fetch a .tar.gz, and replace a file with it once all of it has been received and checked.

    If this raises, the file is as it was. A complete archive that could not replace it is kept beside it, and the
    message says where.

    :param what: the archive in messages.
    :param open_at: sends a request with the given headers, which may ask for the rest of the archive, and returns a
        Response with a stream.
    :param path: the file.
    :param wanted: its attributes.
    :param backoff: for transfers that are interrupted.
    :param floor: a transfer that is slower counts as interrupted.
    :raises JobsError: the archive could not be fetched or stored.
    :raises Cancelled: the task has to end.
    """

    def write(file: BinaryIO) -> None:
        transfer = _Transfer(what, open_at, file, context, backoff, floor)
        with context.progress.watch(transfer.line):
            transfer.run()

    # Most archives can be fetched only once.
    replace(path, wanted, write, context, is_precious=True)


class _Transfer:
    """The attempts that it takes until a file is complete."""

    def __init__(
        self,
        what: str,
        open_at: Callable[[dict[str, str]], Response],
        file: BinaryIO,
        context: TaskContext,
        backoff: Backoff,
        floor: Floor,
    ) -> None:
        self._what = what
        self._open_at = open_at
        self._file = file
        self._context = context
        self._backoff = backoff
        self._floor = floor
        # Checks what has been received; None as long as nothing has.
        self._check: _Check | None = None
        self._received = 0
        self._writeback = Writeback(file)
        # How long the archive is, as far as the service tells, and how fast it arrives.
        self._length: int | None = None
        self._rate = Rate(context.clock.now)
        # How much had been received when the last response began.
        self._resumed_at = 0
        # Tells this version of the archive from others: an ETag or a modification time.
        self._validator: str | None = None
        # Whether the service may send just the rest of the archive, and whether it has.
        self._can_resume = False
        self._has_resumed = False
        # Whether HTTP itself marks the end of the body.
        self._is_framed = True

    def run(self) -> None:
        """Receive the archive, in as many attempts as it takes.

        :raises JobsError: the attempts have failed.
        """
        failures = 0
        try:
            while True:
                reason = self._attempt()
                if reason is None:
                    return
                if self._has_resumed and self._received - self._resumed_at >= _PROGRESS:
                    failures = 0
                failures += 1
                if failures > self._backoff.retries:
                    raise self._failed(reason)
                self._context.clock.sleep(self._backoff.delay(failures - 1))
        finally:
            if self._check is not None:
                self._check.leave()

    def line(self) -> str:
        """How much has been received, as a line. The main thread calls this meanwhile."""
        received, length = self._received, self._length
        rate = self._rate.note(received)
        if length is None or length < received:
            return f"{self._what}: received {size(received)}, {size(rate)}/s"
        return f"{self._what}: received {size(received)} of {size(length)}, {size(rate)}/s" + time_left(
            length - received, rate
        )

    def _attempt(self) -> str | None:
        """Receive all of the archive or its rest. Return None if it is complete, else why it is not.

        :raises JobsError: another attempt would not help.
        """
        try:
            self._receive().end()
        except AttemptFailed as failed:
            # If just the end of the body was lost, the archive is complete nevertheless.
            return None if self._check is not None and self._check.is_whole() else failed.reason
        except BrokenArchive as broken:
            if broken.__cause__ is not None:
                self._context.note_defect(broken.__cause__)
            reason = f"what arrived is not the whole archive: {broken}"
            if self._is_framed and not self._has_resumed:
                # The service itself has sent it like this, and would do so again.
                raise self._failed(reason) from None
            # The parts may be of different archives, so begin again.
            self._forget()
            return reason
        return None

    def _forget(self) -> None:
        if self._check is not None:
            self._check.leave()
        self._check = None
        self._received = 0
        self._can_resume = self._has_resumed = False

    def _failed(self, reason: str) -> JobsError:
        return JobsError(f"{self._what} could not be fetched: {reason}.")

    def _receive(self) -> _Check:
        """Send one request, for all of the archive or for the rest, and receive the body.

        :raises AttemptFailed: the transfer was interrupted.
        :raises BrokenArchive: this cannot be a complete archive.
        """
        asked = self._range()
        try:
            response = self._open_at(asked)
        except ServiceError as error:
            if not asked or error.is_transient or error.aborts_task:
                raise
            # The service refuses to send the rest, but may still send all of it.
            self._can_resume = False
            raise AttemptFailed(None, error.message) from None
        stream = response.stream
        if stream is None:
            raise self._failed("the service answered without sending it")
        try:
            if response.status == 206:
                check = self._resume(response)
            elif response.status in (200, 203):
                check = self._begin(response)
            else:
                raise self._failed(f"the service answered HTTP {response.status} instead of sending it")
            self._resumed_at = self._received
            floor_check = FloorCheck(self._floor, self._context.clock)
            for piece in stream.pieces():
                self._context.cancel_token.check()
                self._file.write(piece)
                self._received += len(piece)
                self._writeback.written(self._received)
                check.feed(piece)
                floor_check.add(len(piece))
        finally:
            stream.close()
        return check

    def _range(self) -> dict[str, str]:
        if not self._can_resume or not self._received:
            return {}
        asked = {"Range": f"bytes={self._received}-"}
        if self._validator:
            asked["If-Range"] = self._validator
        return asked

    def _begin(self, response: Response) -> _Check:
        self._forget()
        self._check = _Check()
        self._writeback = Writeback(self._file)
        self._file.seek(0)
        self._file.truncate()
        headers = response.headers
        length = headers.get("Content-Length") or ""
        is_known = length.isascii() and length.isdigit() and len(length) <= _MOST_DIGITS
        self._length = int(length) or None if is_known else None
        if self._length is not None:
            # Before anything is received: some URLs are used up only by the last byte.
            reserve(self._file, self._length)
        self._is_framed = bool(headers.get("Content-Length") or headers.get("Transfer-Encoding"))
        tag = headers.get("ETag") or ""
        self._validator = tag if tag.startswith('"') else headers.get("Last-Modified")
        self._can_resume = "bytes" in (headers.get("Accept-Ranges") or "").lower() or bool(self._validator)
        return self._check

    def _resume(self, response: Response) -> _Check:
        told = _RANGE.fullmatch(response.headers.get("Content-Range") or "")
        if self._check is None or not self._received or told is None or int(told.group(1)) != self._received:
            self._can_resume = False
            raise AttemptFailed(None, "the service sent a different part than was requested")
        self._has_resumed = True
        return self._check


class _Check:
    """Checks an archive in a thread of its own while it is received, as unpacking takes longer than receiving."""

    def __init__(self) -> None:
        # An event asks whether all pieces before it have been checked. None ends the thread.
        self._pieces: queue.Queue[bytes | threading.Event | None] = queue.Queue(_QUEUE)
        self._archive = TarGz()
        self._broken: BrokenArchive | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def feed(self, piece: bytes) -> None:
        """:raises BrokenArchive: the pieces so far cannot be of a complete archive."""
        if self._broken is not None:
            raise self._broken
        self._pieces.put(piece)

    def end(self) -> None:
        """:raises BrokenArchive: the archive is not complete."""
        self.leave()
        self._thread.join()
        if self._broken is not None:
            raise self._broken
        self._archive.end()

    def leave(self) -> None:
        """Let the thread end."""
        self._pieces.put(None)

    def is_whole(self) -> bool:
        """Whether the pieces so far are a complete archive. More may follow."""
        checked = threading.Event()
        self._pieces.put(checked)
        checked.wait()
        try:
            self._archive.end()
        except BrokenArchive:
            return False
        return self._broken is None

    def _work(self) -> None:
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
                # An exception would end this thread, and the transfer would wait for ever.
                except Exception as defect:
                    damage = BrokenArchive(f"it cannot be read ({type(defect).__name__})")
                    # For a bug report. It must be complete when feed() sees it.
                    damage.__cause__ = defect
                    self._broken = damage
