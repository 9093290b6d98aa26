# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from .clock import Clock
from .http.messages import Call
from .seed import Node, SeedError
from .services.cielo24.service import Cielo24
from .services.lts.iam import Iam
from .services.lts.identity import Identity
from .services.lts.service import Lts
from .services.mongodb.service import MongoDB
from .variants.registry import VariantError, Variants


class World:
    """The services, and the clock and variants that they share: everything that a seed describes."""

    def __init__(self, seed: Any):
        self._original = seed
        self.reset()

    def reset(self, seed: Any = None) -> None:
        """To the given seed, or to the first one. A seed that is wrong changes nothing."""
        node = Node(self._original if seed is None else seed, "")
        clock = Clock(node.moment("now", None))
        variants = Variants()
        try:
            variants.update(node.value("variants", {}))
        except VariantError as error:
            raise SeedError(f"seed: {error}") from error
        identity = Identity(node.node("iam"), clock, variants)
        services = (
            MongoDB(node.node("mongodb"), clock, variants),
            Iam(identity, variants),
            Lts(node.node("lts"), clock, variants, identity),
            Cielo24(node.node("cielo24"), clock, variants),
        )
        clock.tick_seconds = node.duration("tick", 0)
        clock.frozen = node.flag("frozen")
        node.done()
        self.clock, self.variants, self._services = clock, variants, services

    def service(self, path: str) -> tuple[str | None, Any]:
        """The name that the request log uses, and the service, for a path; (None, None) if no service has it."""
        for service in self._services:
            label = service.label(path)
            if label:
                return label, service
        return None, None

    def takes_upload(self, call: Call) -> bool:
        """Whether the body of a call, which has not been read yet, is a file and not something to understand."""
        _label, service = self.service(call.path)
        return hasattr(service, "takes_upload") and service.takes_upload(call)

    def refuses_upload(self, call: Call) -> bool:
        """Whether such a body need not even be read."""
        return self.takes_upload(call) and self.service(call.path)[1].refuses_upload(call)

    def state(self) -> dict:
        merged: dict = {}
        for service in self._services:
            merged.update(service.state())
        return merged

    def secrets(self) -> list[str]:
        return sorted({secret for service in self._services for secret in service.secrets})
