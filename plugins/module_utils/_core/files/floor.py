# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How slow a transfer may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..context import Clock
from ..http.adapter.attempt_failed import AttemptFailed


@dataclass(frozen=True)
class Floor:
    """How slow a transfer may be.

    :ivar rate: the bytes per second that have to arrive on average, or 0 for no limit.
    :ivar seconds: the period for the average.
    """

    rate: int
    seconds: float

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Floor:
        """The floor that the options of a download give."""
        return cls(params["minimum_rate"], params["stall_timeout"])


class FloorCheck:
    """Checks that a body arrives fast enough."""

    def __init__(self, floor: Floor, clock: Clock) -> None:
        self._floor = floor
        self._clock = clock
        self._since = clock.now()
        self._bytes = 0

    def add(self, count: int) -> None:
        """Take note of bytes that have arrived.

        :raises AttemptFailed: too few have.
        """
        self._bytes += count
        rate, seconds = self._floor.rate, self._floor.seconds
        passed = self._clock.now() - self._since
        if passed < seconds:
            return
        if self._bytes < rate * passed:
            why = f"only {self._bytes} bytes arrived within {passed:.0f} s, where minimum_rate is {rate} bytes a second"
            raise AttemptFailed(None, why)
        self._since, self._bytes = self._clock.now(), 0
