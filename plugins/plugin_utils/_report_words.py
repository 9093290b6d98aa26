# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes, times and names of the role job_report as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta

from ansible_collections.saasops.jobs.plugins.module_utils._core.params.timestamps import parse_time

TITLES = {
    "log_collection": "Log collection",
    "atlas": "MongoDB Atlas",
    "lts": "Log Tank Service",
    "cielo24": "cielo24",
}
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SPANS = (
    (timedelta(days=730), timedelta(days=365), "year"),
    (timedelta(days=60), timedelta(days=30), "month"),
    (timedelta(days=1), timedelta(days=1), "day"),
    (timedelta(hours=1), timedelta(hours=1), "hour"),
    (timedelta(minutes=1), timedelta(minutes=1), "minute"),
)


def size(count: int | None) -> str:
    """A number of bytes in decimal units, such as 1.2 GB; nothing for None."""
    if count is None:
        return ""
    amount, unit = float(count), 0
    while amount >= 999.5 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.0f} {_UNITS[unit]}" if unit == 0 or amount >= 99.5 else f"{amount:.1f} {_UNITS[unit]}"


def span(length: timedelta) -> str:
    """A length of time in its largest unit, such as 3 days."""
    for least, unit, word in _SPANS:
        if length >= least:
            count = length // unit
            return f"{count} {word}{'' if count == 1 else 's'}"
    return "under a minute"


def age(created: str | None, now: datetime) -> str:
    """How long ago something was created, such as 3 days; nothing for None."""
    parsed = parse_time(created) if created else None
    return "" if parsed is None else span(now - parsed)


def expiry(moment: str | None, now: datetime) -> str:
    """When something expires, such as "in 3 days"; nothing for None."""
    parsed = parse_time(moment) if moment else None
    if parsed is None:
        return ""
    return f"in {span(parsed - now)}" if parsed > now else f"{span(now - parsed)} ago"


def date(moment: str | None) -> str:
    """A moment to the minute, such as 3 Mar 2026, 08:00; nothing for None."""
    parsed = parse_time(moment) if moment else None
    return "" if parsed is None else f"{day(moment)}, {parsed:%H:%M}"


def day(moment: str | None) -> str:
    """The day of a moment, such as 3 Mar 2026; nothing for None."""
    parsed = parse_time(moment) if moment else None
    # The names of months do not depend on the locale.
    return "" if parsed is None else f"{parsed.day} {_MONTHS[parsed.month - 1]} {parsed.year}"


def verdict(would_delete: bool | None, kind: str) -> str:
    """What a sweep would do with a thing of a kind."""
    if would_delete is None:
        return "unknown"
    if not would_delete:
        return ""
    return "cancel" if kind == "restore job" else "delete"
