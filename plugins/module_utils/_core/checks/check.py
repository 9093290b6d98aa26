# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A single check of a connection, and what a task reports of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Level(Enum):
    """How a check ended, from good to bad."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Check:
    """What a check found.

    name: the name of the check, for example "tls".
    target: the service or the host that was checked.
    detail: what was found.
    hint: what to do about it, as a sentence; empty if nothing is to be done.
    """

    name: str
    target: str
    level: Level
    detail: str
    hint: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The check as the result of a task shows it."""
        return {
            "name": self.name,
            "target": self.target,
            "ok": self.level is not Level.ERROR,
            "level": self.level.value,
            "detail": self.detail,
            "hint": self.hint,
        }


def passed(name: str, target: str, detail: str) -> Check:
    """A check that found nothing wrong."""
    return Check(name, target, Level.OK, detail)


def warned(name: str, target: str, detail: str, hint: str) -> Check:
    """A check that found something that will or may cause trouble."""
    return Check(name, target, Level.WARNING, detail, hint)


def failed(name: str, target: str, detail: str, hint: str) -> Check:
    """A check that found what keeps the connection from working."""
    return Check(name, target, Level.ERROR, detail, hint)


def has_errors(checks: Sequence[Check]) -> bool:
    """Whether one of the checks failed."""
    return any(check.level is Level.ERROR for check in checks)


def summary(checks: Sequence[Check]) -> str:
    """All checks in a sentence, or in one for each that found something."""
    troubles = [check for check in checks if check.level is not Level.OK]
    if not troubles:
        return f"All {len(checks)} checks passed."
    return " ".join(f"{check.name} ({check.target}): {check.detail} {check.hint}".rstrip() for check in troubles)
