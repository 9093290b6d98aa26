# Copyright (c) 2026, saasops.jobs contributors
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
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from aiohttp import web

from ..http.messages import BodyStream, Request, Response, reason_phrase
from ..http.streaming import send_stream, start_response
from ..services.contract import Service
from .fault import Fault, FaultKind

# What a truncated response without a body claims to have.
MISSING_BYTES = 200
LONGEST_DELIVERY_SECONDS = 10.0
DELIVERY_POLL_SECONDS = 0.005


@dataclass(frozen=True)
class Exchange:
    """A request, who handles it, and the connection that the response goes out on."""

    request: Request
    service: Service
    web_request: web.BaseRequest
    transport: asyncio.Transport


async def inject(fault: Fault, exchange: Exchange, handle: Callable[[], Response]) -> Response | None:
    """Makes the fault happen. Returns the response if the client receives any part of it, otherwise None.

    `handle` lets the service handle the request. Nothing more can be sent on a connection that was closed here.
    """
    kind, transport = fault.kind, exchange.transport
    if kind in (FaultKind.STATUS, FaultKind.HTML_200, FaultKind.REDIRECT):
        return fault.response(exchange.request, exchange.service)
    if kind in (FaultKind.REFUSE, FaultKind.RESET_BEFORE, FaultKind.CUT_UPLOAD):
        _reset(transport)
        return None
    if kind is FaultKind.STALL_BEFORE:
        await _stall(fault, transport)
        return None
    response = handle()
    if kind is FaultKind.STATUS_AFTER:
        return fault.response(exchange.request, exchange.service)
    if kind is FaultKind.TRUNCATE:
        await _truncate(exchange, response)
        return response
    if kind is FaultKind.CUT:
        await _cut(exchange, response, fault.options.after or 0)
        return response
    if kind is FaultKind.STALL_AFTER:
        await _stall(fault, transport)
    else:
        _reset(transport)
    return None


async def _stall(fault: Fault, transport: asyncio.Transport) -> None:
    await asyncio.sleep(fault.seconds)
    transport.close()


def _reset(transport: asyncio.Transport) -> None:
    # Without lingering, closing the socket sends a TCP reset.
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def _truncate(exchange: Exchange, response: Response) -> None:
    """Closes the connection after half of the body."""
    stream, transport = response.stream, exchange.transport
    if stream:
        await send_stream(exchange.web_request, start_response(response, stream), stream, stream.length // 2)
        transport.close()
        return
    length = len(response.body) + (0 if len(response.body) > 1 else MISSING_BYTES)
    headers = {**response.headers, "Content-Length": str(length)}
    head = f"HTTP/1.1 {response.status} {reason_phrase(response.status)}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    transport.write(head.encode("latin-1") + b"\r\n" + response.body[: len(response.body) // 2])
    transport.close()


async def _cut(exchange: Exchange, response: Response, after: int) -> None:
    """Resets the connection after so many bytes of the body."""
    stream = response.stream or _as_stream(response.body)
    web_response = start_response(response, stream)
    if await send_stream(exchange.web_request, web_response, stream, min(after, stream.length)):
        await _wait_for_delivery(exchange.transport)
        _reset(exchange.transport)


def _as_stream(body: bytes) -> BodyStream:
    def chunks(size: int) -> Iterator[bytes]:
        if size:
            yield body[:size]

    return BodyStream(len(body), chunks)


async def _wait_for_delivery(transport: asyncio.Transport) -> None:
    """Waits until the client's machine has received all that was sent, because a reset discards the rest."""
    deadline = time.monotonic() + LONGEST_DELIVERY_SECONDS
    while time.monotonic() < deadline and _has_bytes_in_flight(transport):
        await asyncio.sleep(DELIVERY_POLL_SECONDS)


def _has_bytes_in_flight(transport: asyncio.Transport) -> bool:
    if transport.is_closing():
        return False
    if transport.get_write_buffer_size():
        return True
    if not sys.platform.startswith("linux"):
        return False
    unacknowledged = fcntl.ioctl(transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, b"\0\0\0\0")
    return any(struct.unpack("i", unacknowledged))
