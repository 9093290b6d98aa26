# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

from .clock import iso
from .faults.fault import FaultError, Faults
from .http.messages import Answer, Call, json_answer
from .request_log import Journal
from .seed import SeedError, seconds
from .variants.registry import VariantError
from .world import World

PREFIX = "/_sandbox/"


class ControlError(ValueError):
    pass


class Control:
    """The API for tests: what happened, what is, and what shall be."""

    def __init__(self, world: World, journal: Journal, faults: Faults):
        self._world = world
        self._journal = journal
        self._faults = faults
        self._operations = {
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

    def answer(self, call: Call) -> Answer:
        operation = self._operations.get((call.method, call.path[len(PREFIX) :]))
        if operation is None:
            known = ", ".join(f"{method} {PREFIX}{name}" for method, name in self._operations)
            return json_answer(404, {"error": f"there is no {call.method} {call.path}; there are: {known}"})
        try:
            return json_answer(200, operation(self._body(call)))
        except (ControlError, SeedError, FaultError, VariantError) as error:
            return json_answer(400, {"error": str(error)})

    @staticmethod
    def _body(call: Call) -> Any:
        if not call.body.strip():
            return None
        try:
            return json.loads(call.body)
        except ValueError as error:
            raise ControlError(f"the body is not JSON: {error}") from error

    def _requests(self, body: Any) -> dict:
        return {"requests": self._journal.as_list()}

    def _clear_requests(self, body: Any) -> dict:
        self._journal.clear()
        return {}

    def _state(self, body: Any) -> dict:
        return self._world.state()

    def _secrets(self, body: Any) -> dict:
        return {"secrets": self._world.secrets()}

    def _reset(self, body: Any) -> dict:
        self._world.reset(body)
        self._journal.clear()
        self._faults.clear()
        return {}

    def _list_faults(self, body: Any) -> dict:
        return {"faults": self._faults.as_list()}

    def _arm_faults(self, body: Any) -> dict:
        self._faults.arm(body)
        return self._list_faults(body)

    def _clear_faults(self, body: Any) -> dict:
        self._faults.clear()
        return {}

    def _read_clock(self, body: Any) -> dict:
        clock = self._world.clock
        return {"now": iso(clock.now()), "tick": clock.tick_seconds, "frozen": clock.frozen}

    def _set_clock(self, body: Any) -> dict:
        if not isinstance(body, dict) or set(body) - {"advance", "tick", "frozen"}:
            raise ControlError("the clock takes an object with any of advance, tick and frozen")
        try:
            lengths = {name: seconds(body[name]) for name in ("advance", "tick") if name in body}
        except ValueError as error:
            raise ControlError(str(error)) from error
        if any(length < 0 for length in lengths.values()):
            raise ControlError("the clock only goes forward")
        if not isinstance(body.get("frozen", False), bool):
            raise ControlError("frozen is true or false")
        clock = self._world.clock
        if "frozen" in body:
            clock.frozen = body["frozen"]
        clock.advance(lengths.get("advance", 0))
        clock.tick_seconds = lengths.get("tick", clock.tick_seconds)
        return self._read_clock(body)

    def _list_variants(self, body: Any) -> dict:
        return {"variants": self._world.variants.describe()}

    def _set_variants(self, body: Any) -> dict:
        self._world.variants.update(body)
        return self._list_variants(body)
