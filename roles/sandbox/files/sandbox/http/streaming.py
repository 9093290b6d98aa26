# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import time

from aiohttp import web

from .messages import BodyStream, Response

WRITES_PER_SECOND = 20  # how smooth a limited transfer rate is


def start_response(response: Response, stream: BodyStream) -> web.StreamResponse:
    """The aiohttp response with the headers of `response`; its body is to come from `stream`."""
    web_response = web.StreamResponse(status=response.status, headers=response.headers)
    if stream.has_content_length:
        web_response.content_length = stream.length
    else:
        web_response.enable_chunked_encoding()
    return web_response


async def send_stream(
    web_request: web.BaseRequest, web_response: web.StreamResponse, stream: BodyStream, size: int
) -> bool:
    """Sends the headers and the first `size` bytes without ending the response.

    Returns whether the client stayed connected until then.
    """
    try:
        await web_response.prepare(web_request)
        throttle = Throttle(stream.rate)
        for chunk in stream.chunks(size):
            for piece in throttle.split(chunk):
                # Sleep even without a rate: writing to a fast client never blocks, and other requests need their turn.
                await asyncio.sleep(throttle.delay(len(piece)))
                await web_response.write(piece)
    except ConnectionError:
        return False
    return True


class Throttle:
    """Keeps to a rate in bytes per second of real time; 0 means no limit."""

    def __init__(self, rate: float):
        self._rate = rate
        self._due = time.monotonic()

    def split(self, chunk: bytes) -> list[bytes]:
        if not self._rate:
            return [chunk]
        size = max(1, int(self._rate / WRITES_PER_SECOND))
        return [chunk[start : start + size] for start in range(0, len(chunk), size)]

    def delay(self, size: int) -> float:
        """Seconds to wait before the next `size` bytes may be written."""
        if not self._rate:
            return 0
        self._due += size / self._rate
        return max(0, self._due - time.monotonic())
