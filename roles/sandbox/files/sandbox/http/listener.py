# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import socket
from typing import Any
from weakref import WeakKeyDictionary

from aiohttp import web

BACKLOG = 512

# What `socket.bind` takes: its length depends on the address family.
SocketAddress = tuple[Any, ...]


class Listener:
    """The listening socket and the connections that it accepted."""

    def __init__(self, server: web.Server, address: SocketAddress, family: int):
        self._server = server
        self._address = address
        self._family = family
        self._listening: asyncio.AbstractServer | None = None
        self._numbers: WeakKeyDictionary[asyncio.Transport, int] = WeakKeyDictionary()
        self._last_number = 0
        self._busy: set[asyncio.Transport] = set()
        self._reopening: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        return int(self._address[1])

    async def open(self) -> None:
        bound = self._bind()
        self._address = bound.getsockname()
        await self._listen(bound)

    def close(self) -> None:
        if self._reopening:
            self._reopening.cancel()
        if self._listening:
            self._listening.close()

    def refuse(self, seconds: float) -> None:
        """Stops listening for a while and closes idle connections."""
        if self._listening is None:
            return
        self._listening.close()
        self._listening = None
        # A socket that is bound but does not listen reserves the port, and the kernel refuses connections to it.
        self._reopening = asyncio.ensure_future(self._reopen(self._bind(), seconds))
        for connection in self._server.connections:
            if connection.transport and connection.transport not in self._busy:
                connection.transport.close()

    def mark_busy(self, transport: asyncio.Transport) -> int:
        """Returns the number of the connection."""
        self._busy.add(transport)
        number = self._numbers.get(transport)
        if number is None:
            self._last_number += 1
            number = self._numbers[transport] = self._last_number
        return number

    def mark_idle(self, transport: asyncio.Transport) -> None:
        self._busy.discard(transport)

    def _bind(self) -> socket.socket:
        bound = socket.socket(self._family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind(self._address)
        except OSError:
            bound.close()
            raise
        bound.setblocking(False)
        return bound

    async def _listen(self, bound: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(self._server, sock=bound, backlog=BACKLOG)

    async def _reopen(self, bound: socket.socket, seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
            await self._listen(bound)
        except asyncio.CancelledError:
            bound.close()
            raise
