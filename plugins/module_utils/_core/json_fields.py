# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the fields of objects that a service sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from .params import timestamps


def pick_fields(thing: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Those of some fields that an object has, in the order of the names."""
    return {name: thing[name] for name in names if name in thing}


def time_field(thing: Mapping[str, Any], name: str) -> datetime | None:
    """A field that holds a moment in ISO 8601, or None if it holds none."""
    return timestamps.parse_time(str(thing[name])) if thing.get(name) else None
