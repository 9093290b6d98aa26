# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from .clock import Clock
from .seed import SeedError, SeedNode
from .services.cielo24.service import Cielo24
from .services.contract import Service
from .services.lts.iam import Iam
from .services.lts.identity import Identity
from .services.lts.service import Lts
from .services.mongodb.service import MongoDB
from .services.no_service import NoService
from .variants.registry import VariantError, Variants


class World:
    """The services, and the clock and the variants that they share: everything that a seed describes."""

    clock: Clock
    variants: Variants
    _services: tuple[Service, ...]

    def __init__(self, seed: Any):
        self._original_seed = seed
        self.reset()

    def reset(self, seed: Any = None) -> None:
        """Returns to the given seed or to the original one. A seed with a mistake changes nothing."""
        node = SeedNode(self._original_seed if seed is None else seed, "")
        clock = Clock(node.optional_timestamp("now"))
        variants = _read_variants(node)
        identity = Identity(node.node("iam"), clock, variants.lts)
        services = (
            MongoDB(node.node("mongodb"), clock, variants.mongodb),
            Iam(identity, variants.lts),
            Lts(node.node("lts"), clock, variants.lts, identity),
            Cielo24(node.node("cielo24"), clock, variants.cielo24),
        )
        clock.tick_seconds = node.duration("tick", 0)
        clock.frozen = node.flag("frozen")
        node.reject_unread_fields()
        self.clock, self.variants, self._services = clock, variants, services

    def service(self, path: str) -> tuple[str | None, Service]:
        """The service that handles a path, and its name for the request log."""
        for service in self._services:
            label = service.label(path)
            if label:
                return label, service
        return None, NoService()

    def state(self) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for service in self._services:
            merged.update(service.state())
        return merged

    def secrets(self) -> list[str]:
        return sorted({secret for service in self._services for secret in service.secrets})


def _read_variants(node: SeedNode) -> Variants:
    variants = Variants()
    changes = node.optional_value("variants")
    try:
        variants.update({} if changes is None else changes)
    except VariantError as error:
        raise SeedError(f"seed: {error}") from error
    return variants
