# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .clock import iso
from .faults.fault import ArmedFaults
from .faults.parser import FaultError, parse_faults
from .http.messages import Request, Response, json_response
from .request_log import RequestLog
from .seed import SeedError, parse_duration
from .variants.registry import VariantError
from .world import World

PREFIX = "/_sandbox/"


class ControlError(ValueError):
    """A sentence that says what is wrong with a control request."""


class Control:
    """The API for tests: what happened, what exists, and how the sandbox is to behave."""

    def __init__(self, world: World, request_log: RequestLog, faults: ArmedFaults):
        self._world = world
        self._request_log = request_log
        self._faults = faults
        # Each operation takes the parsed body and returns the JSON object of the response.
        self._operations: dict[tuple[str, str], Callable[[Any], dict[str, Any]]] = {
            ("GET", "requests"): self._requests,
            ("DELETE", "requests"): self._clear_requests,
            ("GET", "state"): self._state,
            ("GET", "secrets"): self._secrets,
            ("POST", "reset"): self._reset,
            ("GET", "faults"): self._list_faults,
            ("POST", "faults"): self._arm_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "clock"): self._read_clock,
            ("POST", "clock"): self._set_clock,
            ("GET", "variants"): self._list_variants,
            ("POST", "variants"): self._set_variants,
        }

    def handle(self, request: Request) -> Response:
        operation = self._operations.get((request.method, request.path[len(PREFIX) :]))
        if operation is None:
            known = ", ".join(f"{method} {PREFIX}{name}" for method, name in self._operations)
            return json_response(404, {"error": f"there is no {request.method} {request.path}; there are: {known}"})
        try:
            return json_response(200, operation(_parse_body(request)))
        except (ControlError, SeedError, FaultError, VariantError) as error:
            return json_response(400, {"error": str(error)})

    def _requests(self, body: Any) -> dict[str, Any]:
        return {"requests": self._request_log.as_list()}

    def _clear_requests(self, body: Any) -> dict[str, Any]:
        self._request_log.clear()
        return {}

    def _state(self, body: Any) -> dict[str, Any]:
        return self._world.state()

    def _secrets(self, body: Any) -> dict[str, Any]:
        return {"secrets": self._world.secrets()}

    def _reset(self, body: Any) -> dict[str, Any]:
        self._world.reset(body)
        self._request_log.clear()
        self._faults.clear()
        return {}

    def _list_faults(self, body: Any) -> dict[str, Any]:
        return {"faults": self._faults.as_list()}

    def _arm_faults(self, body: Any) -> dict[str, Any]:
        self._faults.arm(parse_faults(body))
        return self._list_faults(body)

    def _clear_faults(self, body: Any) -> dict[str, Any]:
        self._faults.clear()
        return {}

    def _read_clock(self, body: Any) -> dict[str, Any]:
        clock = self._world.clock
        return {"now": iso(clock.now()), "tick": clock.tick_seconds, "frozen": clock.frozen}

    def _set_clock(self, body: Any) -> dict[str, Any]:
        if not isinstance(body, dict) or set(body) - {"advance", "tick", "frozen"}:
            raise ControlError("the clock takes an object with any of advance, tick and frozen")
        try:
            durations = {name: parse_duration(body[name]) for name in ("advance", "tick") if name in body}
        except ValueError as error:
            raise ControlError(str(error)) from error
        if any(duration < 0 for duration in durations.values()):
            raise ControlError("the clock only goes forward")
        if not isinstance(body.get("frozen", False), bool):
            raise ControlError("frozen is true or false")
        clock = self._world.clock
        if "frozen" in body:
            clock.frozen = body["frozen"]
        clock.advance(durations.get("advance", 0))
        clock.tick_seconds = durations.get("tick", clock.tick_seconds)
        return self._read_clock(body)

    def _list_variants(self, body: Any) -> dict[str, Any]:
        return {"variants": self._world.variants.describe()}

    def _set_variants(self, body: Any) -> dict[str, Any]:
        self._world.variants.update(body)
        return self._list_variants(body)


def _parse_body(request: Request) -> Any:
    if not request.body.strip():
        return None
    try:
        return json.loads(request.body)
    except ValueError as error:
        raise ControlError(f"the body is not JSON: {error}") from error
