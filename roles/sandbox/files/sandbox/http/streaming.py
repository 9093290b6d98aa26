# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import time

from aiohttp import web

from .messages import Answer, Stream

TURNS_PER_SECOND = 20  # how smoothly a limited rate goes


def begin(answer: Answer) -> web.StreamResponse:
    """The response for the headers of an answer that has a stream."""
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    if answer.stream.length_told:
        response.content_length = answer.stream.length
    else:
        response.enable_chunked_encoding()
    return response


async def send(request: web.BaseRequest, response: web.StreamResponse, stream: Stream, size: int) -> bool:
    """Sends the headers and the first `size` bytes, but not the end; tells whether the client stayed until then."""
    try:
        await response.prepare(request)
        pace = Pace(stream.rate)
        for chunk in stream.chunks(size):
            for piece in pace.pieces(chunk):
                # Without a rate too: a fast client never makes writing wait, and the others have a right to be served.
                await asyncio.sleep(pace.wait(len(piece)))
                await response.write(piece)
    except ConnectionError:
        return False
    return True


class Pace:
    """Keeps to a rate, in bytes per second of real time."""

    def __init__(self, rate: float):
        self._rate = rate
        self._due = time.monotonic()

    def pieces(self, chunk: bytes) -> list[bytes]:
        if not self._rate:
            return [chunk]
        size = max(1, int(self._rate / TURNS_PER_SECOND))
        return [chunk[start : start + size] for start in range(0, len(chunk), size)]

    def wait(self, sent: int) -> float:
        if not self._rate:
            return 0
        self._due += sent / self._rate
        return max(0, self._due - time.monotonic())
