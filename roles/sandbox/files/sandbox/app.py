# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace
from typing import Any

from aiohttp import web

from .clock import http_date
from .control import PREFIX, Control
from .faults.fault import Faults
from .faults.injection import misbehave
from .http.listener import Listener
from .http.messages import Answer, Call, text_answer
from .http.streaming import begin, send
from .http.uploads import receive
from .request_log import Entry, Journal
from .world import World

LOG = logging.getLogger("sandbox")
LARGEST_BODY = 64 * 1024 * 1024  # a seed that spells out every job


class App:
    """Takes each request from the wire to the control API or to a service, and its faults with it."""

    def __init__(self, world: World, journal: Journal, address: tuple, family: int):
        self._world = world
        self._journal = journal
        self._faults = Faults()
        self._control = Control(world, journal, self._faults)
        self._server = web.Server(self._handle, request_factory=_request, access_log=None)
        self.listener = Listener(self._server, address, family)

    async def stop(self) -> None:
        self.listener.close()
        await self._server.shutdown(timeout=0.1)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        transport = request.transport
        if transport is None:  # the client has gone already
            return web.Response()
        connection = self.listener.begin(transport)
        try:
            call = Call(
                method=request.method,
                path=request.path,
                target=request.raw_path,
                query=request.query,
                headers=request.headers,
                body=b"",
                origin=f"http://{request.host}",
            )
            if request.can_read_body and not self._world.takes_upload(call):
                call = replace(call, body=await request.read())
            if call.path.startswith(PREFIX):
                return self._answer_control(call)
            return await self._answer_service(call, request, transport, connection)
        finally:
            self.listener.end(transport)

    def _answer_control(self, call: Call) -> web.Response:
        response = _response(self._control.answer(call))
        # Both can make a refusal due at once.
        if (call.method, call.path) in (("POST", PREFIX + "faults"), ("DELETE", PREFIX + "requests")):
            self._refuse_before(self._journal.length + 1, response)
        return response

    async def _answer_service(
        self, call: Call, request: web.BaseRequest, transport: asyncio.Transport, connection: int
    ) -> web.StreamResponse:
        # From here to the end of the service's own work nothing is awaited but the rest of an upload, so each request
        # acts at once or not at all.
        started = time.perf_counter()
        self._world.clock.tick()
        label, service = self._world.service(call.path)
        entry = self._journal.open(call, label, connection, self._world.clock.now())

        def act() -> Answer:
            return self._dated(_act(service, call, entry))

        try:
            fault = self._faults.take(entry.n, call)
            hasty = self._world.refuses_upload(call)
            if self._world.takes_upload(call) and not hasty:
                stop_after = fault.options["after"] if fault and fault.kind == "cut_upload" else None
                upload = await receive(request, stop_after)
                if upload is None:
                    transport.close()
                    return web.Response()
                call = replace(call, upload=upload)
                # It may have taken long, and there may be another world now.
                _label, service = self._world.service(call.path)
            if fault is None:
                answer = act()
            else:
                entry.fault = fault.kind
                if fault.kind == "refuse":
                    # The request came in over a connection that was open already, or by a match.
                    self.listener.refuse(fault.seconds)
                answer = await misbehave(fault, call, service, request, transport, act)
                if answer:
                    self._dated(answer)
            entry.status = answer.status if answer else None
            latency = self._world.variants["latency"]
            if latency:
                await asyncio.sleep(latency)
        finally:
            self._journal.print(entry, time.perf_counter() - started)
        # Without an answer the connection is closed by now, and the empty response is never sent.
        response = _response(answer) if answer else web.Response()
        self._refuse_before(entry.n + 1, response)
        if answer and answer.stream and not transport.is_closing():
            await _send_all(request, response, answer, entry)
        elif answer and hasty and not transport.is_closing():
            await response.prepare(request)
            await response.write_eof()
            transport.close()
        return response

    def _dated(self, answer: Answer) -> Answer:
        """With the time of the sandbox's own clock, which would otherwise be that of this machine."""
        answer.headers.setdefault("Date", http_date(self._world.clock.now()))
        return answer

    def _refuse_before(self, n: int, response: web.StreamResponse) -> None:
        refusal = self._faults.take_refusal(n)
        if refusal:
            # Closed before the answer goes out, so the client cannot be faster than we are.
            self.listener.refuse(refusal.seconds)
            response.force_close()


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_BODY)


def _act(service: Any, call: Call, entry: Entry) -> Answer:
    if service is None:
        return text_answer(404, "The sandbox has no service at this path.\n")
    try:
        answer = service.answer(call)
    except Exception:
        LOG.exception("a request made the sandbox fail: %s %s", call.method, call.path)
        answer = text_answer(500, "The sandbox itself failed; its error output tells why.\n")
    entry.acted = answer.acted
    return answer


def _response(answer: Answer) -> web.StreamResponse:
    if answer.stream:
        return begin(answer)
    return web.Response(status=answer.status, body=answer.body, headers=answer.headers)


async def _send_all(request: web.BaseRequest, response: web.StreamResponse, answer: Answer, entry: Entry) -> None:
    stream = answer.stream
    if await send(request, response, stream, stream.length) and stream.sent():
        entry.acted = True
