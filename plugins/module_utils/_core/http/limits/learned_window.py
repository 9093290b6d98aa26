# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A quota that nobody describes, learned from what is refused and what is accepted. Pure arithmetic."""

from __future__ import annotations

# Where a window is expected to begin, the quota is tried so many times at equal distances.
_PROBES = 6
# Seconds. A shorter wait would only add refusals.
_SHORTEST_WAIT = 0.05


class LearnedWindow:
    """When a service accepts requests again after it has refused some, and about how many.

    Between the last refusal and the first acceptance lies the beginning of a window, between two beginnings its length.
    All times are readings of one clock, in seconds.
    """

    def __init__(self) -> None:
        # How many requests a window allows, if that is known, and how many were sent and accepted in this one.
        self._allowance: int | None = None
        self._sent = self._accepted = 0
        # Since when requests have been refused.
        self._closed_at = 0.0
        # When the last refused request was sent, as long as none was accepted after it; and when a refusal arrived.
        self._refused: float | None = None
        self._answered = -1.0
        # Bounds of the last beginning and of the length, if they are known.
        self._beginning: tuple[float, float] | None = None
        self._length: tuple[float, float] | None = None
        self._probes = 0

    def take(self) -> bool:
        """Counts a request that is being sent; returns whether the ones after it are likely to be refused."""
        self._sent += 1
        return self._sent == self._allowance

    def note_accepted(self, sent: float, now: float) -> None:
        """Notes that the service accepted a request.

        :param sent: when it was sent.
        """
        self._accepted += 1
        if self._refused is None or sent <= self._refused:
            return
        beginning = (self._refused, now)
        self._refused = None
        self._probes = 0
        self._sent = self._accepted = 1
        if self._beginning is not None:
            earliest, latest = self._beginning
            length = (max(0.0, beginning[0] - latest), beginning[1] - earliest)
            self._length = length if self._length is None else _both(self._length, length)
            beginning = _both((earliest + self._length[0], latest + self._length[1]), beginning)
        self._beginning = beginning

    def closed_for(self, now: float) -> float:
        """For how many seconds requests have been refused."""
        return now - self._closed_at

    def note_refused(self, sent: float, now: float) -> float | None:
        """Notes that the service refused a request; returns the seconds until it may accept one, or None if unknown.

        :param sent: when it was sent.
        """
        is_probe = sent > self._answered
        if is_probe:
            # What was under way at the same time is no probe of its own.
            self._answered = now
        if self._refused is None:
            self._allowance = self._accepted or None
            self._closed_at = now
        self._refused = sent if self._refused is None else max(self._refused, sent)
        if self._beginning is None or self._length is None:
            return None
        earliest, latest = self._beginning[0] + self._length[0], self._beginning[1] + self._length[1]
        if now < earliest:
            return earliest - now + _SHORTEST_WAIT
        self._probes += is_probe
        if now > latest or self._probes > _PROBES:
            # What was learned is wrong.
            self._beginning = self._length = None
            return None
        return max(_SHORTEST_WAIT, (latest - earliest) / _PROBES)


def _both(known: tuple[float, float], learned: tuple[float, float]) -> tuple[float, float]:
    """The bounds that are true according to two observations; the second one if they contradict each other."""
    lower, upper = max(known[0], learned[0]), min(known[1], learned[1])
    return (lower, upper) if lower <= upper else learned
