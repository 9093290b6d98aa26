# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import calendar
import time
from datetime import datetime, timezone
from email.utils import formatdate


class Clock:
    """The sandbox's own time. It runs with real time unless frozen, and can be moved forward."""

    def __init__(self, start: float | None = None):
        self._base = time.time() if start is None else start
        self._since = time.monotonic()
        self._frozen = False
        self.tick_seconds = 0.0

    def now(self) -> float:
        return self._base if self._frozen else self._base + time.monotonic() - self._since

    def advance(self, seconds: float) -> None:
        self._base += seconds

    def tick(self) -> None:
        """Called before each service request, so that time passes for a client that polls without waiting."""
        self._base += self.tick_seconds

    @property
    def frozen(self) -> bool:
        return self._frozen

    @frozen.setter
    def frozen(self, value: bool) -> None:
        self._base, self._since = self.now(), time.monotonic()
        self._frozen = value


def iso(moment: float) -> str:
    """ISO 8601 in UTC, whole seconds, with a Z."""
    return datetime.fromtimestamp(int(moment), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def http_date(moment: float) -> str:
    """In the format of the Date header."""
    return formatdate(moment, usegmt=True)


def iso_naive(moment: float) -> str:
    """ISO 8601 in UTC, with microseconds and without a zone."""
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")


def parse_iso(text: str) -> float:
    """Seconds since the epoch; a missing zone means UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()


def add_months(moment: float, count: int) -> float:
    """The same day and time in a later month, or the last day of a shorter month."""
    start = datetime.fromtimestamp(moment, timezone.utc)
    year, month = divmod(start.month - 1 + count, 12)
    year, month = start.year + year, month + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return start.replace(year=year, month=month, day=day).timestamp()
