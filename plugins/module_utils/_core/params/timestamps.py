# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads, writes and compares moments and spans of time."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

from ..errors import InvalidInput
from .validators import shown

_Item = TypeVar("_Item")

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_SPAN = r"([0-9]{1,9})\s*([smhdw])"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
# Nobody needs a greater age, and whatever a clock says, so long ago is still after the year 1.
_LONGEST_PAST = timedelta(days=365_000)


def parse_time(text: str) -> datetime | None:
    """Read a moment in ISO 8601. Without a time zone, it is in UTC.

    :returns: the moment in UTC, so that nothing that is computed from it later is out of range; None if the text is not
        a moment, or if UTC has none like it.
    """
    text = text.strip()
    if text[-1:] in ("Z", "z"):
        text = text[:-1] + "+00:00"
    # Python 3.9 and 3.10 read neither "+0000" nor fractions of other than 3 or 6 digits.
    if "T" in text or " " in text:
        text = re.sub(r"([+-][0-9]{2})([0-9]{2})$", r"\1:\2", text)
    text = re.sub(r"\.([0-9]+)", lambda match: "." + match.group(1)[:6].ljust(6, "0"), text)
    try:
        parsed = datetime.fromisoformat(text)
        return parsed.astimezone(timezone.utc) if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)
    except (ValueError, OverflowError):
        return None


def moment(option: str, value: object) -> datetime:
    """Read a moment that a user gives.

    :raises InvalidInput: it is not in ISO 8601.
    """
    parsed = parse_time(str(value))
    if parsed is None:
        raise InvalidInput(f"{option}: {shown(value)} is not a time; write it as 2026-03-31 or 2026-03-31T08:00:00Z.")
    return parsed


def iso(moment: datetime) -> str:
    """Write a moment in ISO 8601, in UTC and without fractions of a second."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def milliseconds(moment: datetime) -> int:
    """Return the whole milliseconds between the epoch and a moment."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def from_milliseconds(count: float) -> datetime | None:
    """Return the moment that many milliseconds after the epoch, or None if it is out of range."""
    try:
        return _EPOCH + timedelta(milliseconds=count)
    except (OverflowError, ValueError):
        return None


def months_after(moment: datetime, months: int) -> datetime:
    """Return the same day so many months later, or the last day of that month if it is shorter."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last_day = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last_day))


def span(option: str, value: object) -> timedelta:
    """Read a span of time that a user gives, such as 30d.

    :raises InvalidInput: it is not a number with one of the units s, m, h, d and w.
    """
    text = str(value)
    match = re.fullmatch(_SPAN, text.strip())
    if match is None or not text.isascii():
        raise InvalidInput(f"{option}: {shown(value)} is not a duration; write it as 90s, 15m, 12h, 30d or 4w.")
    try:
        return timedelta(seconds=int(match.group(1)) * _SECONDS[match.group(2)])
    except OverflowError:
        raise InvalidInput(f"{option}: {shown(value)} is too long a duration.") from None


def ago(option: str, value: object, now: Callable[[], datetime]) -> Callable[[], datetime | None]:
    """Return a function that tells when the given span before now was, or None without a span.

    :param now: returns the present moment, see Clock.present(). It is only called when the result is.
    :raises InvalidInput: the span is malformed or too long.
    """
    if value is None:
        return lambda: None
    past = _past(option, value)
    return lambda: now() - past


def _past(option: str, value: object) -> timedelta:
    past = span(option, value)
    if past > _LONGEST_PAST:
        raise InvalidInput(f"{option}: {shown(value)} reaches back more than 1000 years.")
    return past


class TimeWindow:
    """The window of time given by the options created_before, created_after, older_than and newer_than.

    :param params: the parameters of the module.
    :param now: returns the present moment, see Clock.present(). It is only called by holds().
    :raises InvalidInput: an option is malformed.
    """

    def __init__(self, params: Mapping[str, Any], now: Callable[[], datetime]) -> None:
        self._before = _limits(params, "created_before", "older_than", now)
        self._after = _limits(params, "created_after", "newer_than", now)

    def holds(self, item: _Item, created: Callable[[_Item], datetime | None]) -> bool:
        """Whether an item was created within the window. If that is unknown, only a window without limits holds it.

        :param created: returns the moment when an item was created, or None.
        """
        if not (self._before or self._after):
            return True
        moment = created(item)
        if moment is None:
            return False
        return all(moment < limit() for limit in self._before) and all(moment > limit() for limit in self._after)


def _limits(
    params: Mapping[str, Any], absolute: str, relative: str, now: Callable[[], datetime]
) -> list[Callable[[], datetime]]:
    """Return functions that return the limits set by an option for a moment and by one for an age."""
    limits: list[Callable[[], datetime]] = []
    if params.get(absolute) is not None:
        limit = moment(absolute, params[absolute])
        limits.append(lambda: limit)
    if params.get(relative) is not None:
        past = _past(relative, params[relative])
        limits.append(lambda: now() - past)
    return limits
