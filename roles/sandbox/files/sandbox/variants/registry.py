# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from .cielo24 import Cielo24Variants
from .lts import LtsVariants
from .mongodb import MongoDBVariants
from .variant import METADATA_KEY, Variant, number


class VariantError(ValueError):
    """A sentence that says which variant is unknown or which value is wrong."""


@dataclass
class CommonVariants:
    """Variants of all services."""

    latency: float = number(0, "seconds before each response")
    concurrency: float = number(0, "how many requests at a time the latency is counted for; others wait; 0: any number")


class Variants:
    """The variants of all services, which have different names, so that they can be set in one mapping."""

    def __init__(self) -> None:
        self.mongodb = MongoDBVariants()
        self.lts = LtsVariants()
        self.cielo24 = Cielo24Variants()
        self.common = CommonVariants()
        self._definitions: dict[str, Variant] = {}
        self._groups: dict[str, MongoDBVariants | LtsVariants | Cielo24Variants | CommonVariants] = {}
        for group in (self.mongodb, self.lts, self.cielo24, self.common):
            for item in fields(group):
                self._definitions[item.name] = item.metadata[METADATA_KEY]
                self._groups[item.name] = group
        self._defaults = {name: getattr(group, name) for name, group in self._groups.items()}

    def update(self, changes: Any) -> None:
        """Makes all of the changes, or none of them and raises a VariantError."""
        if not isinstance(changes, dict):
            raise VariantError("variants: expected a mapping of names to values")
        for name, value in changes.items():
            if name not in self._definitions:
                raise VariantError(f"unknown variant {name!r}; there are: {', '.join(sorted(self._definitions))}")
            if not self._definitions[name].accepts(value):
                raise VariantError(f"variant {name}: {value!r} is not {self._definitions[name].expected()}")
        for name, value in changes.items():
            setattr(self._groups[name], name, value)

    def describe(self) -> dict[str, Any]:
        return {
            name: {
                "value": getattr(self._groups[name], name),
                "default": self._defaults[name],
                "choices": list(variant.choices) or variant.expected(),
                "meaning": variant.meaning,
            }
            for name, variant in self._definitions.items()
        }
