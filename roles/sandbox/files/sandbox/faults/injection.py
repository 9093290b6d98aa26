# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import fcntl
import socket
import struct
import sys
import termios
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

from ..http.messages import Answer, Call, Stream, reason
from ..http.streaming import begin, send
from .fault import Fault

MISSING_BYTES = 200
LONGEST_DELIVERY = 10.0


async def misbehave(
    fault: Fault,
    call: Call,
    service: Any,
    request: web.BaseRequest,
    transport: asyncio.Transport,
    act: Callable[[], Answer],
) -> Answer | None:
    """Does what the fault says. Returns the answer of which the client gets to see something, or None.

    `act` lets the service handle the request. A connection that is closed already takes nothing more.
    """
    before, kind = fault.kind.endswith("_before") or fault.kind in ("refuse", "cut_upload"), fault.kind
    answer = None if before or kind in ("status", "html_200", "redirect") else act()
    if kind in ("reset_before", "reset_after", "refuse", "cut_upload"):
        _reset(transport)
    elif kind in ("stall_before", "stall_after"):
        await asyncio.sleep(fault.seconds)
        transport.close()
    elif kind == "truncate":
        await _truncate(request, transport, answer)
        return answer
    elif kind == "cut":
        await _cut(request, transport, answer, fault.options["after"])
        return answer
    else:
        return fault.answer(call, service)
    return None


def _reset(transport: asyncio.Transport) -> None:
    # Without lingering, closing the socket sends a TCP reset.
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def _truncate(request: web.BaseRequest, transport: asyncio.Transport, answer: Answer) -> None:
    if answer.stream:
        await send(request, begin(answer), answer.stream, answer.stream.length // 2)
        transport.close()
        return
    length = len(answer.body) + (0 if len(answer.body) > 1 else MISSING_BYTES)
    headers = {**answer.headers, "Content-Length": str(length)}
    head = f"HTTP/1.1 {answer.status} {reason(answer.status)}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    transport.write(head.encode("latin-1") + b"\r\n" + answer.body[: len(answer.body) // 2])
    transport.close()


async def _cut(request: web.BaseRequest, transport: asyncio.Transport, answer: Answer, after: int) -> None:
    body = answer.body
    stream = answer.stream or Stream(len(body), lambda size: iter([body[:size]] if size else []))
    whole = Answer(answer.status, headers=answer.headers, stream=stream)
    if await send(request, begin(whole), stream, min(after, stream.length)):
        await _delivered(transport)
        _reset(transport)


async def _delivered(transport: asyncio.Transport) -> None:
    """Waits for the client's machine to have all that was sent, because a reset throws away what it has not."""
    deadline = time.monotonic() + LONGEST_DELIVERY
    while time.monotonic() < deadline and _under_way(transport):
        await asyncio.sleep(0.005)


def _under_way(transport: asyncio.Transport) -> int:
    if transport.is_closing():
        return 0
    if transport.get_write_buffer_size():
        return transport.get_write_buffer_size()
    if not sys.platform.startswith("linux"):
        return 0
    unacknowledged = fcntl.ioctl(transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, b"\0\0\0\0")
    return struct.unpack("i", unacknowledged)[0]
