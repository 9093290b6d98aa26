# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests should be under way at once, learned from the latency of the responses. Pure arithmetic.

A service that is far away needs many requests under way to be busy; one that is weak only queues them. The algorithm is
TCP's (RFC 5681: slow start, then additive increase and multiplicative decrease) with the latency gradient of Netflix's
concurrency-limits (https://github.com/Netflix/concurrency-limits, Gradient2).
"""

from __future__ import annotations

from collections.abc import Hashable

# The first limit, and the lowest that latency alone leads to. Refusals can lead lower.
_INITIAL = 4
# The mean latency of fewer responses says too little.
_SMALLEST_WINDOW = 8
# A latency of this many times the lowest one is taken for no more than the noise of a network, or for a short queue.
_TOLERANCE = 1.4
# How many more requests the limit allows after a window, beyond slow start.
_INCREASE = 1.0
_DECREASE = 0.5


class ConcurrencyLimit:
    """The number of requests that may be under way at once.

    A window is about as many responses as the limit allows requests. After each window, the limit is doubled as long as
    the latency does not grow; from the first sign of a queue on, it follows the latency.

    :param ceiling: the highest limit.
    """

    def __init__(self, ceiling: int) -> None:
        self._ceiling = ceiling
        self._limit = float(min(_INITIAL, ceiling))
        self._is_slow_start = True
        # The lowest mean latency of a window, by kind of request.
        self._lowest: dict[Hashable, float] = {}
        self._responses = self._most_under_way = 0
        # {kind: (number of responses, sum of their latencies)}
        self._latencies: dict[Hashable, tuple[int, float]] = {}

    @property
    def current(self) -> int:
        """How many requests may be under way now."""
        return int(self._limit)

    def note_response(self, kind: Hashable, latency: float, under_way: int) -> None:
        """Notes that a response arrived.

        :param kind: what the latency can be compared with: that of the same kind.
        :param latency: seconds from the request to its response.
        :param under_way: how many requests were under way, with this one.
        """
        count, total = self._latencies.get(kind, (0, 0.0))
        self._latencies[kind] = (count + 1, total + latency)
        self._responses += 1
        self._most_under_way = max(self._most_under_way, under_way)
        if self._responses >= max(self.current, _SMALLEST_WINDOW):
            self._end_window()

    def note_overload(self) -> None:
        """Notes that the service refused a request, or did not answer it in time."""
        self._is_slow_start = False
        self._limit = max(1.0, self._limit * _DECREASE)
        self._begin_window()

    def _begin_window(self) -> None:
        self._responses = 0
        self._most_under_way = 0
        self._latencies = {}

    def _end_window(self) -> None:
        gradient = self._gradient()
        if gradient < 1:
            self._is_slow_start = False
            lowest = min(self._limit, float(_INITIAL))
            self._limit = max(lowest, self._limit * gradient + _INCREASE)
        elif self._most_under_way >= self.current:
            # Nothing is learned from a limit that was not used.
            self._limit = self._limit * 2 if self._is_slow_start else self._limit + _INCREASE
        self._limit = min(self._limit, float(self._ceiling))
        self._begin_window()

    def _gradient(self) -> float:
        """By how much to reduce the limit, from 0.5 to 1. It also updates the lowest latencies."""
        weighted = 0.0
        for kind, (count, total) in self._latencies.items():
            mean = total / count
            # The latency of so few requests is not that of a queue, even if it was lower before.
            is_unloaded = self._most_under_way <= _INITIAL
            lowest = self._lowest[kind] = mean if is_unloaded else min(self._lowest.get(kind, mean), mean)
            weighted += count * (min(1.0, max(_DECREASE, _TOLERANCE * lowest / mean)) if mean > 0 else 1.0)
        return weighted / self._responses
