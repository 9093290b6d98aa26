# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a response off a connection: all of it, within limits of time and size, and nothing of another response."""

from __future__ import annotations

import http.client
import io
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..retry import Outcome
from .attempt_failed import AttemptFailed
from .libraries import HTTPError, ReadTimeoutError, RequestException
from .progress import LARGEST_HEAD, Progress, current

if TYPE_CHECKING:
    from .libraries import requests

_CHUNK = 64 * 1024
# The pieces of a streamed body: large enough to be fast, small enough for many streams at once.
_PIECE = 256 * 1024
# urllib3 before 2.1 fills a piece before it returns it, even if the server is slow.
_SMALL_PIECE = 16 * 1024
# A body in chunks of one byte has about this many bytes on the wire for each of its own.
_FRAMING = 8
# A Content-Length with more digits is larger than any body.
_MOST_DIGITS = 18


class _Incoming(io.RawIOBase):
    """The bytes that arrive on a socket, within the limits of the exchange."""

    def __init__(self, sock: Any) -> None:
        self._socket = sock
        self._progress = current.progress
        self._is_done = False

    def makefile(self, _mode: str) -> io.BufferedReader:
        """The method that http.client calls on a socket."""
        self._bytes = self._socket.makefile("rb", 0)
        return _IncomingFile(self)

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return int(self._socket.fileno())

    def readinto(self, buffer: Any) -> int:
        if self._is_done:
            return 0
        self._socket.settimeout(self._progress.next_timeout())
        count: int = self._bytes.readinto(buffer)
        self._progress.note_received(count)
        return count

    def finish(self, file: io.BufferedReader) -> None:
        """Ends the response. Anything that follows must not be taken for the beginning of the next one."""
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
    """What http.client reads a response from."""

    def __init__(self, raw: _Incoming) -> None:
        super().__init__(raw)
        self._incoming = raw

    def close(self) -> None:
        if not self.closed:
            self._incoming.finish(self)
        super().close()


class FinalHTTPResponse(http.client.HTTPResponse):
    """Skips interim responses (RFC 9110, 15.2), of which http.client only knows status 100."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(_Incoming(sock), *args, **kwargs)  # type: ignore[arg-type]  # not a socket, but it will do

    def begin(self) -> None:
        if self.headers is not None:
            return
        super().begin()
        while 100 <= self.status < 200 and self.status != http.client.SWITCHING_PROTOCOLS:
            self.headers = self.msg = None
            super().begin()
        if self.status == http.client.SWITCHING_PROTOCOLS:
            # We never ask for another protocol, and what follows is not HTTP.
            self.will_close = True
        # urllib3 would log lines that are not headers, together with the whole URL and the token in it.
        self.headers.defects.clear()
        self.headers.set_payload(None)


@dataclass(frozen=True)
class Flaw:
    """Why a body could not be read.

    reason: a clause for a message.
    is_cut_off: only a part of the body arrived.
    """

    reason: str
    is_cut_off: bool = False


_CUT_OFF = Flaw("the response was truncated", is_cut_off=True)


def read_body(response: requests.Response, progress: Progress, largest: int) -> bytes | Flaw:
    """Reads the body of a response and returns the connection to the pool.

    :param largest: the size limit in bytes.
    """
    pieces: list[bytes] = []
    size = 0
    encoding = (response.headers.get("Content-Encoding") or "identity").strip().lower()
    progress.allow(_FRAMING * largest + LARGEST_HEAD)
    try:
        if encoding != "identity":
            return Flaw("the response is compressed, which was not requested")
        while True:
            piece = response.raw.read(_CHUNK, decode_content=False)
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
            if size > largest:
                return Flaw(f"the response is larger than {largest // 1024**2} MiB")
    except (RequestException, HTTPError, OSError):
        return _CUT_OFF
    finally:
        response.close()
    return _CUT_OFF if _is_short(response) else b"".join(pieces)


def _is_short(response: requests.Response) -> bool:
    """Whether less arrived than announced. urllib3 before 2.0 returns a short body without an error."""
    announced = response.headers.get("Content-Length", "")
    if not (announced.isascii() and announced.isdigit() and hasattr(response.raw, "tell")):
        return False
    return len(announced) > _MOST_DIGITS or response.raw.tell() < int(announced)


class BodyStream:
    """A body that the caller reads piece by piece, as it is on the wire. The caller must close it.

    :param progress: each piece may take as long as its timeout, whatever arrives around it.
    """

    def __init__(self, response: requests.Response, progress: Progress) -> None:
        self._response = response
        self._progress = progress

    def pieces(self) -> Iterator[bytes]:
        """Yields the body.

        :raises AttemptFailed: the body broke off, or nothing of it arrived in time.
        """
        raw, progress = self._response.raw, self._progress
        read = getattr(raw, "read1", None)
        read, size = (read, _PIECE) if read else (raw.read, _SMALL_PIECE)
        try:
            while True:
                progress.allow(_FRAMING * size + LARGEST_HEAD, progress.timeout)
                piece = read(size, decode_content=False)
                if not piece:
                    break
                yield piece
        except (RequestException, HTTPError, OSError) as exc:
            from .transport_errors import causes

            if any(isinstance(cause, (ReadTimeoutError, TimeoutError, socket.timeout)) for cause in causes(exc)):
                reason = f"nothing more arrived within {progress.timeout:g} s"
                raise AttemptFailed(Outcome.READ_TIMEOUT, reason) from None
            raise AttemptFailed(Outcome.TRUNCATED, "the transfer was interrupted") from None
        if _is_short(self._response):
            raise AttemptFailed(Outcome.TRUNCATED, "the transfer was interrupted")

    def close(self) -> None:
        """Returns the connection to the pool, or closes it if a part of the body is unread."""
        self._response.close()
