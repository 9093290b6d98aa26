# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the fields of objects that a service sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from .params import timestamps


def pick_fields(thing: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Those of some fields that an object has, in the order of the names."""
    return {name: thing[name] for name in names if name in thing}


def time_field(thing: Mapping[str, Any], name: str) -> datetime | None:
    """A field that holds a moment in ISO 8601, or None if it holds none."""
    return read_time(thing.get(name))


def read_time(value: Any) -> datetime | None:
    """A moment in ISO 8601, or None if the value is not a date."""
    return timestamps.parse_time(str(value)) if value else None


def pick_details(
    thing: Mapping[str, Any],
    names: Iterable[str],
    dates: Iterable[str],
    read_date: Callable[[Any], datetime | None] = read_time,
) -> dict[str, Any]:
    """Those of some fields that an object has and that are not null, with its dates in ISO 8601 and UTC, for people.

    :param dates: the names of further fields, which hold dates. What is no date stays as it is.
    :param read_date: reads a date in the form of the service.
    """
    found = {name: _iso(value, read_date) for name, value in pick_fields(thing, dates).items()}
    return {name: value for name, value in {**pick_fields(thing, names), **found}.items() if value is not None}


def _iso(value: Any, read_date: Callable[[Any], datetime | None]) -> Any:
    moment = read_date(value)
    return value if moment is None else timestamps.iso(moment)
