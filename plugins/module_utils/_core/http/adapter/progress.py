# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far an exchange of one request and its response has come, and how much time and data it may still take."""

from __future__ import annotations

import http.client
import socket
import threading
import time

from ...send_observer import SendObserver

# Seconds for one exchange: the connection, the request, and the response up to its last byte.
LONGEST_EXCHANGE = 300.0
# Bytes that the status line and the headers may take, interim responses included.
LARGEST_HEAD = 1024 * 1024


class TooMuchData(http.client.HTTPException):
    """Far more data arrived than HTTP needs around a body."""


class Progress:
    """The progress of one exchange.

    :param timeout: seconds that may pass without any data.
    :param observer: is told when the request begins to leave, or None.
    :param is_upload: the time that the body of the request takes does not count.
    """

    def __init__(self, timeout: float, observer: SendObserver | None = None, *, is_upload: bool = False) -> None:
        self.timeout = timeout
        self.longest = max(timeout, LONGEST_EXCHANGE)
        # Whether the first byte of the request has left.
        self.begun = False
        self._observer = observer
        self._is_upload = is_upload
        self.note_not_sent()
        self.allow(LARGEST_HEAD, self.longest)

    def note_not_sent(self) -> None:
        """Notes that nothing of the request has left so far."""
        self.begun = False
        if self._observer is not None:
            self._observer.not_sent()

    def note_sending(self) -> None:
        """Notes that a part of the request is about to leave.

        :raises Cancelled: it must not leave.
        """
        self.begun = True
        if self._observer is not None:
            self._observer.sending()

    def note_sent(self) -> None:
        """Notes that a part of the request has left."""
        if self._is_upload:
            self.allow(LARGEST_HEAD, self.longest)

    def allow(self, size: int, seconds: float | None = None) -> None:
        """Sets what may arrive from now on.

        :param size: bytes on the wire.
        :param seconds: the time that they may take; None for the time that is left.
        """
        self._bytes_left = size
        if seconds is not None:
            self._deadline = time.monotonic() + seconds

    def is_over(self) -> bool:
        """Whether the exchange has used up its time."""
        return time.monotonic() >= self._deadline

    def next_timeout(self) -> float:
        """The seconds that the next read or write may take.

        :raises socket.timeout: no time is left.
        """
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise socket.timeout("timed out")
        return min(left, self.timeout)

    def note_received(self, count: int) -> None:
        """Notes bytes that arrived.

        :raises TooMuchData: they exceed what was allowed.
        """
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise TooMuchData()


class _Current(threading.local):
    """What each thread is doing. Connections are shared through a pool, so they look up their exchange here."""

    progress: Progress


current = _Current()
