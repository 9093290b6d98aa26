# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from dataclasses import replace
from typing import Any

from aiohttp import web

from .clock import http_date
from .control import PREFIX, Control
from .faults.fault import ArmedFaults, Fault, FaultKind
from .faults.injection import Exchange, inject
from .http.listener import Listener, SocketAddress
from .http.messages import BodyStream, Request, Response, text_response
from .http.streaming import send_stream, start_response
from .http.uploads import receive_upload
from .request_log import LogEntry, RequestLog
from .world import World

LOG = logging.getLogger("sandbox")
LARGEST_BODY = 64 * 1024 * 1024  # a seed that spells out every job
SHUTDOWN_SECONDS = 0.1
# Both can make a refusal due at once.
MAY_TRIGGER_REFUSAL = (("POST", PREFIX + "faults"), ("DELETE", PREFIX + "requests"))


class App:
    """Passes each request on to the control API or to a service, and injects its faults."""

    def __init__(self, world: World, request_log: RequestLog, address: SocketAddress, family: int):
        self._world = world
        self._request_log = request_log
        self._faults = ArmedFaults()
        self._control = Control(world, request_log, self._faults)
        self._server = web.Server(self._handle, request_factory=_make_web_request, access_log=None)
        self.listener = Listener(self._server, address, family)
        # How many requests may wait for the latency at a time, and their places.
        self._width: float = 0
        self._places = asyncio.Semaphore(0)

    async def stop(self) -> None:
        self.listener.close()
        await self._server.shutdown(timeout=SHUTDOWN_SECONDS)

    async def _handle(self, web_request: web.BaseRequest) -> web.StreamResponse:
        transport = web_request.transport
        if transport is None:  # the client has disconnected already
            return web.Response()
        connection = self.listener.mark_busy(transport)
        try:
            request = Request(
                method=web_request.method,
                path=web_request.path,
                target=web_request.raw_path,
                query=web_request.query,
                headers=web_request.headers,
                body=b"",
                origin=f"http://{web_request.host}",
            )
            if web_request.can_read_body and not self._world.service(request.path)[1].is_upload(request):
                request = replace(request, body=await web_request.read())
            if request.path.startswith(PREFIX):
                return self._handle_control(request)
            return await self._handle_service(request, web_request, transport, connection)
        finally:
            self.listener.mark_idle(transport)

    def _handle_control(self, request: Request) -> web.StreamResponse:
        web_response = _make_web_response(self._control.handle(request))
        if (request.method, request.path) in MAY_TRIGGER_REFUSAL:
            self._refuse_before(self._request_log.length + 1, web_response)
        return web_response

    async def _handle_service(
        self, request: Request, web_request: web.BaseRequest, transport: asyncio.Transport, connection: int
    ) -> web.StreamResponse:
        # From here to the end of the service's own work nothing is awaited but the rest of an upload, so that each
        # request acts at once or not at all.
        started = time.perf_counter()
        self._world.clock.tick()
        label, service = self._world.service(request.path)
        entry = self._request_log.open(request, label, connection, self._world.clock.now())
        try:
            fault = self._faults.take(entry.n, request)
            rejects_upload = service.rejects_upload(request)
            if service.is_upload(request) and not rejects_upload:
                upload = await receive_upload(web_request, _bytes_of_upload(fault))
                if upload is None:
                    transport.close()
                    return web.Response()
                request = replace(request, upload=upload)
                # The upload may have taken long, and the world may have been reset meanwhile.
                _label, service = self._world.service(request.path)
            response = await self._respond(fault, Exchange(request, service, web_request, transport), entry)
            entry.status = response.status if response else None
            await self._wait()
            entry.seconds = time.perf_counter() - started
        finally:
            self._request_log.print(entry, time.perf_counter() - started)
        # Without a response the connection is closed by now, and the empty one is never sent.
        web_response = _make_web_response(response) if response else web.Response()
        self._refuse_before(entry.n + 1, web_response)
        if response and not transport.is_closing():
            if response.stream:
                await _send_all(web_request, web_response, response.stream, entry)
            elif rejects_upload:
                await web_response.prepare(web_request)
                await web_response.write_eof()
                transport.close()
        return web_response

    async def _wait(self) -> None:
        """Waits as long as the variants say before a response."""
        common = self._world.variants.common
        if not common.latency:
            return
        if common.concurrency != self._width:
            self._width, self._places = common.concurrency, asyncio.Semaphore(max(1, int(common.concurrency)))
        async with self._places if common.concurrency else contextlib.nullcontext():
            await asyncio.sleep(common.latency)

    async def _respond(self, fault: Fault | None, exchange: Exchange, entry: LogEntry) -> Response | None:
        """The response of the service, or what the fault makes of it."""

        def handle() -> Response:
            return self._dated(_handle_request(exchange, entry))

        if fault is None:
            return handle()
        entry.fault = fault.kind.value
        if fault.kind is FaultKind.REFUSE:
            # The request came over a connection that was open already, or the fault matched it by a pattern.
            self.listener.refuse(fault.seconds)
        response = await inject(fault, exchange, handle)
        return self._dated(response) if response else None

    def _dated(self, response: Response) -> Response:
        """Adds the time of the sandbox's own clock; aiohttp would add that of this machine."""
        response.headers.setdefault("Date", http_date(self._world.clock.now()))
        return response

    def _refuse_before(self, n: int, web_response: web.StreamResponse) -> None:
        refusal = self._faults.take_refusal(n)
        if refusal:
            # The listener closes before the response goes out, so the client cannot be faster.
            self.listener.refuse(refusal.seconds)
            web_response.force_close()


def _make_web_request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    """What `web.Server` calls; the types of its arguments differ between versions of aiohttp."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_BODY)


def _handle_request(exchange: Exchange, entry: LogEntry) -> Response:
    request = exchange.request
    try:
        response = exchange.service.handle(request)
    except Exception:
        # A mistake in the sandbox: the client gets an error, and the traceback goes to the error output.
        LOG.exception("a request made the sandbox fail: %s %s", request.method, request.path)
        response = text_response(500, "The sandbox itself failed; its error output tells why.\n")
    entry.acted = response.acted
    return response


def _bytes_of_upload(fault: Fault | None) -> int | None:
    """After how many bytes the upload is cut, if it is."""
    return fault.options.after if fault and fault.kind is FaultKind.CUT_UPLOAD else None


def _make_web_response(response: Response) -> web.StreamResponse:
    if response.stream:
        return start_response(response, response.stream)
    return web.Response(status=response.status, body=response.body, headers=response.headers)


async def _send_all(
    web_request: web.BaseRequest, web_response: web.StreamResponse, stream: BodyStream, entry: LogEntry
) -> None:
    if await send_stream(web_request, web_response, stream, stream.length) and stream.on_sent():
        entry.acted = True
