# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

# pylint: disable=invalid-field-call  # these functions are called in the bodies of dataclasses

T = TypeVar("T")

METADATA_KEY = "variant"


@dataclass(frozen=True)
class Variant:
    """A point on which the documentation of a service is silent or contradicts itself.

    Each variant is a field of a dataclass, which the functions below define.
    """

    meaning: str
    choices: tuple[Any, ...] = ()  # none: a number, not below `minimum`
    minimum: float = 0

    def accepts(self, value: Any) -> bool:
        if self.choices:
            # The type is compared too, because True == 1 in Python.
            return any(type(choice) is type(value) and choice == value for choice in self.choices)
        return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= self.minimum

    def expected(self) -> str:
        if not self.choices:
            return f"a number from {self.minimum} up"
        return "one of " + ", ".join(repr(choice) for choice in self.choices)


def choice(default: T, choices: tuple[T, ...], meaning: str) -> T:
    return field(default=default, metadata={METADATA_KEY: Variant(meaning, choices)})


def flag(default: bool, meaning: str) -> bool:
    return choice(default, (True, False), meaning)


def number(default: float, meaning: str, minimum: float = 0) -> float:
    return field(default=default, metadata={METADATA_KEY: Variant(meaning, minimum=minimum)})
