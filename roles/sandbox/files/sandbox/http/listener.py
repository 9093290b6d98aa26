# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import socket
from weakref import WeakKeyDictionary

from aiohttp import web

BACKLOG = 512


class Listener:
    """The listening socket and the connections that came through it."""

    def __init__(self, server: web.Server, address: tuple, family: int):
        self._server = server
        self._address = address
        self._family = family
        self._listening: asyncio.AbstractServer | None = None
        self._numbers: WeakKeyDictionary[asyncio.Transport, int] = WeakKeyDictionary()
        self._last_number = 0
        self._busy: set[asyncio.Transport] = set()
        self._reopening: asyncio.Task | None = None

    @property
    def port(self) -> int:
        return self._address[1]

    async def open(self) -> None:
        held = self._bind()
        self._address = held.getsockname()
        await self._listen(held)

    def close(self) -> None:
        if self._reopening:
            self._reopening.cancel()
        if self._listening:
            self._listening.close()

    def refuse(self, seconds: float) -> None:
        """Stops listening for a while, and closes the connections on which nothing is going on."""
        if self._listening is None:
            return
        self._listening.close()
        self._listening = None
        # A socket that is bound but does not listen keeps the port ours, and connecting to it is refused.
        self._reopening = asyncio.ensure_future(self._reopen(self._bind(), seconds))
        for connection in self._server.connections:
            if connection.transport and connection.transport not in self._busy:
                connection.transport.close()

    def begin(self, transport: asyncio.Transport) -> int:
        """Marks a connection as busy; gives its number."""
        self._busy.add(transport)
        number = self._numbers.get(transport)
        if number is None:
            self._last_number += 1
            number = self._numbers[transport] = self._last_number
        return number

    def end(self, transport: asyncio.Transport) -> None:
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

    async def _reopen(self, held: socket.socket, seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
            await self._listen(held)
        except asyncio.CancelledError:
            held.close()
            raise
