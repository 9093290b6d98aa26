# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Any

from .exchange import Answer, Call, reason
from .faults import Fault

MISSING_BYTES = 200


async def misbehave(
    fault: Fault, call: Call, service: Any, transport: asyncio.Transport, act: Callable[[], Answer]
) -> Answer | None:
    """Does what the fault says. Returns the answer of which the client gets to see something, or None.

    `act` lets the service handle the request. A connection that is closed already takes nothing more.
    """
    before, kind = fault.kind.endswith("_before") or fault.kind == "refuse", fault.kind
    answer = None if before or kind in ("status", "html_200", "redirect") else act()
    if kind in ("reset_before", "reset_after", "refuse"):
        _reset(transport)
    elif kind in ("stall_before", "stall_after"):
        await asyncio.sleep(fault.seconds)
        transport.close()
    elif kind == "truncate":
        _truncate(transport, answer)
        return answer
    else:
        return fault.answer(call, service)
    return None


def _reset(transport: asyncio.Transport) -> None:
    # Without lingering, closing the socket sends a TCP reset.
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _truncate(transport: asyncio.Transport, answer: Answer) -> None:
    length = len(answer.body) + (0 if len(answer.body) > 1 else MISSING_BYTES)
    headers = {**answer.headers, "Content-Length": str(length)}
    head = f"HTTP/1.1 {answer.status} {reason(answer.status)}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    transport.write(head.encode("latin-1") + b"\r\n" + answer.body[: len(answer.body) // 2])
    transport.close()
