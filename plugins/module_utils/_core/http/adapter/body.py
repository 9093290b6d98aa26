# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading an answer off a connection: all of it, in time, in size, and nothing that belongs to another.

Private to this collection.
"""

from __future__ import annotations

import http.client
import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from ...send_observer import SendObserver
from ..retry import Outcome
from .libraries import HTTPError, ReadTimeoutError, RequestException
from .transport_errors import AttemptFailed, TooMuch, causes

# Seconds for one exchange: the connection, the request, and the answer to its last byte.
LONGEST_EXCHANGE = 300.0
_LARGEST_HEAD = 1024 * 1024
_CHUNK = 64 * 1024
# Of a body that is streamed: large enough to be fast, small enough for many at once.
_PIECE = 256 * 1024
# urllib3 before 2.1 fills a piece before it hands it over, also from a server that is slow.
_SMALL_PIECE = 16 * 1024
# A body in chunks of one byte has this many bytes on the wire for each of its own, and some more.
_FRAMING = 8

# `exchange`: what this thread is at.
current = threading.local()


class Exchange:
    """A request and its answer: how far it has come, and how much more time and data it may take.

    :param timeout: seconds that nothing may happen.
    :param observer: is told when the request begins to leave, or None.
    :param is_upload: the request has a body that may take longer than all else.
    """

    def __init__(self, timeout: float, observer: SendObserver | None = None, is_upload: bool = False) -> None:
        self.timeout = timeout
        self.longest = max(timeout, LONGEST_EXCHANGE)
        # Whether the first byte of the request has left.
        self.begun = False
        self._observer = observer
        self._is_upload = is_upload
        self.forget()
        self.allow(_LARGEST_HEAD, self.longest)

    def forget(self) -> None:
        """Nothing of the request has left."""
        self.begun = False
        if self._observer is not None:
            self._observer.not_sent()

    def sending(self) -> None:
        """Something of the request is about to leave.

        :raises Cancelled: it must not.
        """
        self.begun = True
        if self._observer is not None:
            self._observer.sending()

    def sent(self) -> None:
        """Something of the request has left."""
        if self._is_upload:
            self.allow(_LARGEST_HEAD, self.longest)

    def allow(self, size: int, seconds: float | None = None) -> None:
        """What may come from now on.

        :param size: bytes on the wire.
        :param seconds: for how long; None for what is left.
        """
        self._left = size
        if seconds is not None:
            self._end = time.monotonic() + seconds

    def is_over(self) -> bool:
        """Whether all its time has passed."""
        return time.monotonic() >= self._end

    def patience(self) -> float:
        """How many seconds the next step may take.

        :raises socket.timeout: none are left.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise socket.timeout("timed out")
        return min(left, self.timeout)

    def received(self, count: int) -> None:
        """Notes bytes that arrived.

        :raises TooMuch: they are too many.
        """
        self._left -= count
        if self._left < 0:
            raise TooMuch()


class _Incoming(io.RawIOBase):
    """The bytes that arrive on a socket, as long as its Exchange allows."""

    def __init__(self, sock: Any) -> None:
        self._socket = sock
        self._exchange = current.exchange
        self._is_done = False

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client asks a socket for."""
        self._bytes = self._socket.makefile("rb", 0)
        return _IncomingFile(self)

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._socket.fileno()

    def readinto(self, buffer: Any) -> int:
        if self._is_done:
            return 0
        self._socket.settimeout(self._exchange.patience())
        count = self._bytes.readinto(buffer)
        self._exchange.received(count)
        return count

    def leave(self, file: io.BufferedReader) -> None:
        """Nothing more belongs to this answer. What is there all the same must not be taken for the next one."""
        self._is_done = True
        pending = getattr(self._socket, "pending", int)
        with suppress(OSError, ValueError, AttributeError):
            if file.peek(1) or pending():
                # The pool closes a connection that it finds in this state.
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if not self.closed:
            self._bytes.close()
        super().close()


class _IncomingFile(io.BufferedReader):
    def close(self) -> None:
        if not self.closed:
            self.raw.leave(self)
        super().close()


class FinalHTTPResponse(http.client.HTTPResponse):
    """The answer that counts: interim ones (RFC 9110, 15.2) come before it, of which http.client knows only 100."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(_Incoming(sock), *args, **kwargs)

    def begin(self) -> None:
        if self.headers is not None:
            return
        super().begin()
        while 100 <= self.status < 200 and self.status != http.client.SWITCHING_PROTOCOLS:
            self.headers = self.msg = None
            super().begin()
        if self.status == http.client.SWITCHING_PROTOCOLS:
            # Nobody asked for it, and what follows is not HTTP.
            self.will_close = True
        # For lines that are no headers, urllib3 would write the whole address, with its token, to the log of Ansible.
        self.headers.defects.clear()
        self.headers.set_payload(None)


class Flaw(NamedTuple):
    """Why a body could not be taken.

    words: half a sentence.
    is_cut_off: it is not all there.
    """

    words: str
    is_cut_off: bool = False


_CUT_OFF = Flaw("the answer was cut off", is_cut_off=True)


def read_body(response: Any, exchange: Exchange, largest: int) -> bytes | Flaw:
    """Reads the body of a requests.Response and gives the connection back.

    :param largest: bytes.
    """
    pieces, size = [], 0
    encoding = (response.headers.get("Content-Encoding") or "identity").strip().lower()
    exchange.allow(_FRAMING * largest + _LARGEST_HEAD)
    try:
        if encoding != "identity":
            return Flaw("the answer is compressed, which was not asked for")
        while True:
            piece = response.raw.read(_CHUNK, decode_content=False)
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
            if size > largest:
                return Flaw(f"the answer is larger than {largest // 1024**2} MiB")
    except (RequestException, HTTPError, OSError):
        return _CUT_OFF
    finally:
        response.close()
    return _CUT_OFF if _is_short(response) else b"".join(pieces)


def _is_short(response: Any) -> bool:
    """Whether less arrived than was announced: urllib3 before 2.0 hands a short body over without a word."""
    announced = response.headers.get("Content-Length", "")
    if not (announced.isascii() and announced.isdigit() and hasattr(response.raw, "tell")):
        return False
    return len(announced) > 18 or response.raw.tell() < int(announced)


class BodyStream:
    """The body of an answer as it is on the wire, read piece by piece. It must be closed.

    :param response: a requests.Response.
    :param exchange: its Exchange. Each piece may take as long as its timeout, whatever arrives around it.
    """

    def __init__(self, response: Any, exchange: Exchange) -> None:
        self._response = response
        self._exchange = exchange

    def pieces(self) -> Iterator[bytes]:
        """Yields bytes.

        :raises AttemptFailed: the body broke off, or nothing of it came in time.
        """
        raw, exchange = self._response.raw, self._exchange
        read = getattr(raw, "read1", None)
        read, size = (read, _PIECE) if read else (raw.read, _SMALL_PIECE)
        try:
            while True:
                exchange.allow(_FRAMING * size + _LARGEST_HEAD, exchange.timeout)
                piece = read(size, decode_content=False)
                if not piece:
                    break
                yield piece
        except (RequestException, HTTPError, OSError) as exc:
            if any(isinstance(cause, (ReadTimeoutError, TimeoutError, socket.timeout)) for cause in causes(exc)):
                why = f"nothing more arrived within {exchange.timeout:g} s"
                raise AttemptFailed(Outcome.READ_TIMEOUT, why) from None
            raise AttemptFailed(Outcome.TRUNCATED, "the transfer broke off") from None
        if _is_short(self._response):
            raise AttemptFailed(Outcome.TRUNCATED, "the transfer broke off")

    def close(self) -> None:
        """Gives the connection up, unless all has been read."""
        self._response.close()
