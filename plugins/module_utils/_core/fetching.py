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

from .archive import BrokenArchive, TarGz
from .errors import JobsError, ServiceError
from .replacing import replace
from .wire import TryFailed

_PIECE = 1024 * 1024
# How many pieces may wait for the check, which is slower than the network where logs are packed well.
_QUEUE = 16
# A transfer that comes this far each time before it breaks off is not given up.
_PROGRESS = 1024 * 1024
_RANGE = re.compile(r"bytes ([0-9]+)-[0-9]+/([0-9]+|\*)")


def is_whole(path):
    """Whether a file is a whole .tar.gz.

    :raises OSError: it cannot be read.
    """
    check = TarGz()
    with open(path, "rb") as file:
        try:
            while True:
                piece = file.read(_PIECE)
                if not piece:
                    check.end()
                    return True
                check.feed(piece)
        except BrokenArchive:
            return False


def fetch(what, open_at, path, mode, modified, host, backoff):
    """Fetches a .tar.gz into a file, which is replaced at once when all has been received and checked.

    :param what: what is fetched, in messages.
    :param open_at: a function of headers, which may ask for the rest of the file, that returns an Answer with a stream.
    :param path: the file.
    :param mode: its permissions.
    :param modified: its time of modification in nanoseconds since the epoch, or None for now.
    :param host: a Host.
    :param backoff: a Backoff, for transfers that break off.
    :raises JobsError: it could not be had; the file is as it was.
    :raises Stopped: the task is to end; the file is as it was.
    """

    def write(file):
        _Transfer(what, open_at, file, host, backoff).run()

    replace(path, mode, write, host, modified)


class _Transfer:
    """The tries that it takes until a file is complete."""

    def __init__(self, what, open_at, file, host, backoff):
        self._what = what
        self._open_at = open_at
        self._file = file
        self._host = host
        self._backoff = backoff
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
                except TryFailed as failed:
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
                self._host.clock.sleep(self._backoff.delay(failures - 1))
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

        :raises TryFailed: it broke off.
        :raises BrokenArchive: it cannot be what it should be.
        """
        asked = self._range()
        try:
            answer = self._open_at(asked)
        except ServiceError as error:
            if not asked or error.may_pass or error.stops_all:
                raise
            # Whatever it does not like about a part, it may still hand over the whole.
            self._may_go_on = False
            raise TryFailed(None, error.message) from None
        try:
            if answer.status == 206:
                self._go_on(answer)
            elif answer.status in (200, 203):
                self._begin(answer)
            else:
                raise self._failed(f"the service answered HTTP {answer.status} instead of handing it over")
            self._since = self._received
            for piece in answer.stream.pieces():
                self._host.stop.check()
                self._file.write(piece)
                self._received += len(piece)
                self._check.feed(piece)
        finally:
            answer.stream.close()

    def _range(self):
        if not self._may_go_on or not self._received:
            return {}
        asked = {"Range": f"bytes={self._received}-"}
        if self._validator:
            asked["If-Range"] = self._validator
        return asked

    def _begin(self, answer):
        self._forget()
        self._check = _Checking()
        self._file.seek(0)
        self._file.truncate()
        headers = answer.headers
        self._is_framed = bool(headers.get("Content-Length") or headers.get("Transfer-Encoding"))
        tag = headers.get("ETag") or ""
        self._validator = tag if tag.startswith('"') else headers.get("Last-Modified")
        self._may_go_on = "bytes" in (headers.get("Accept-Ranges") or "").lower() or bool(self._validator)

    def _go_on(self, answer):
        told = _RANGE.fullmatch(answer.headers.get("Content-Range") or "")
        if not self._received or told is None or int(told.group(1)) != self._received:
            self._may_go_on = False
            raise TryFailed(None, "the service sent another part of it than was asked for")
        self._has_gone_on = True


class _Checking:
    """Checks an archive in a thread of its own, beside the transfer: unpacking takes longer than receiving."""

    def __init__(self):
        self._pieces = queue.Queue(_QUEUE)
        self._archive = TarGz()
        self._broken = None
        self._thread = threading.Thread(target=self._work, daemon=True)
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

    def _work(self):
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
