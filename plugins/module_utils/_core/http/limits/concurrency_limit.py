# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests should be under way at once, learned from the latency of the responses. Pure arithmetic.

A service that is far away needs many requests under way to be busy; one that is weak only queues them, or refuses them.
The algorithm is TCP's (RFC 5681: slow start, then additive increase and multiplicative decrease) with the latency
gradient of Netflix's concurrency-limits (https://github.com/Netflix/concurrency-limits). Latencies vary, so only a
difference that chance does not explain is taken for a queue. Whether it is our own queue shows when the limit is
halved: if so, latency is halved, too (Little's law).
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum, auto

# The first limit, and the lowest until a queue shows that the service does fewer at a time.
_INITIAL = 4
# The latency of fewer responses says too little. As long as the limit is doubled, mistakes show soon.
_SMALLEST_WINDOW = 8
_SMALLEST_STEADY_WINDOW = 16
# The most responses whose mean is the baseline.
_LARGEST_BASELINE = 64
# A latency of this many times the baseline is taken for no more than a short queue.
_TOLERANCE = 1.4
# By how many standard errors latencies have to differ.
_SIGNIFICANT = 3.0
# How many more requests the limit allows after a window, beyond slow start; and from which multiple on of what it was
# last lowered to it is doubled again.
_INCREASE = 1.0
_RECOVERY = 3
_DECREASE = 0.5
# After the limit was halved: up to this part of the latency, the service is as busy as before; from the next on, half
# of it is idle; from the last on, latency does not depend on the limit.
_STILL_BUSY = 0.6
_IDLE = 0.75
_INDEPENDENT = 0.9
# After so many windows in a row with a queue, although the limit is at its lowest, the reason is looked for.
_SLOW_WINDOWS = 4
# So many windows pass after a refusal before the limit goes that high again; twice as many after each further one.
_FIRST_PATIENCE = 4
_LONGEST_PATIENCE = 64


class _Phase(Enum):
    """What the limit does after a window without a queue or a refusal.

    SLOW_START: it is doubled.
    DRAIN: it is being halved, to see how much of the latency is our own queue.
    STEADY: it grows one by one.
    """

    SLOW_START = auto()
    DRAIN = auto()
    STEADY = auto()


@dataclass
class _Sample:
    """Latencies of one kind of request, in seconds."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, latency: float) -> None:
        self.count += 1
        self.total += latency
        self.squares += latency * latency

    def pool(self, other: _Sample) -> None:
        self.count += other.count
        self.total += other.total
        self.squares += other.squares

    @property
    def mean(self) -> float:
        return max(self.total / self.count, 1e-9)

    @property
    def variance(self) -> float:
        return max(0.0, self.squares / self.count - (self.total / self.count) ** 2)


class ConcurrencyLimit:
    """The number of requests that may be under way at once.

    A window is about as many responses as the limit allows requests. After each window, the limit changes.

    :param ceiling: the highest limit.
    """

    def __init__(self, ceiling: int) -> None:
        self._ceiling = float(ceiling)
        # The lowest limit that latency alone leads to, and the limit after something last made it lower.
        self._floor = self._lowered = self._limit = min(float(_INITIAL), self._ceiling)
        self._phase = _Phase.SLOW_START
        # The latency without a queue, by kind of request.
        self._baselines: dict[Hashable, _Sample] = {}
        self._window: dict[Hashable, _Sample] = {}
        self._responses = self._most_under_way = self._to_skip = 0
        # DRAIN: the limit at its beginning, how slow the responses were before the limit was last halved, and how often
        # that made no difference.
        self._full = self._limit
        self._slowness_before: float | None = None
        self._independent = 0
        # How many windows in a row had a queue although the limit was at its lowest.
        self._slow = 0
        # The highest limit at which a whole window passed without a refusal, and how many windows it is kept.
        self._accepted = 0.0
        self._to_wait = 0
        self._patience = _FIRST_PATIENCE

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
        if self._to_skip:
            self._to_skip -= 1
            return
        self._window.setdefault(kind, _Sample()).add(latency)
        self._responses += 1
        self._most_under_way = max(self._most_under_way, under_way)
        smallest = _SMALLEST_WINDOW if self._phase is _Phase.SLOW_START else _SMALLEST_STEADY_WINDOW
        if self._responses >= max(self.current, smallest):
            limit = self._limit
            self._end_window()
            # What was sent before would blur what another limit does. Only slow start is in too much of a hurry.
            is_clear = self._limit == limit or self._phase is _Phase.SLOW_START
            self._begin_window(0 if is_clear else under_way - 1)

    def note_overload(self, under_way: int) -> None:
        """Notes that the service refused a request, or did not answer it in time.

        :param under_way: how many requests were under way, with this one.
        """
        self._slow = 0
        refused = min(self.current, under_way)
        if refused <= 1:
            # The service would refuse any number of requests: when it recovers, it may take many at once.
            self._limit, self._accepted, self._to_wait = 1.0, 0.0, 0
            self._phase = _Phase.SLOW_START
        elif 0 < self._accepted < refused:
            self._limit = self._accepted
            self._phase = _Phase.STEADY
            self._to_wait = self._patience
            self._patience = min(2 * self._patience, _LONGEST_PATIENCE)
        else:
            self._limit = max(1.0, self._limit * _DECREASE)
            self._accepted = 0.0
            self._phase = _Phase.STEADY
        self._lowered = self._limit
        self._floor = min(self._floor, self._limit)
        self._begin_window(under_way - 1)

    def _begin_window(self, to_skip: int) -> None:
        self._responses = self._most_under_way = 0
        self._to_skip = to_skip
        self._window = {}

    def _end_window(self) -> None:
        limit = self._limit
        slowness, error = self._compare(_TOLERANCE)
        is_slow = slowness - _TOLERANCE > _SIGNIFICANT * error
        if self._most_under_way >= self.current:
            self._accepted = max(self._accepted, float(self.current))
        if self._phase is _Phase.DRAIN:
            self._drain(slowness)
        elif is_slow:
            self._shrink(slowness)
        elif self._most_under_way >= self.current:
            # Nothing is learned from a limit that was not used.
            self._grow(slowness)
        if self._phase is not _Phase.SLOW_START or not self._baselines:
            self._update_baselines(limit)

    def _grow(self, slowness: float) -> None:
        """Raises the limit, if a refusal was long enough ago and there is no more than a short queue."""
        self._slow = 0
        if self._to_wait:
            self._to_wait -= 1
            return
        if self._phase is _Phase.SLOW_START:
            self._limit = min(2 * self._limit, self._ceiling)
        elif slowness <= _TOLERANCE:
            self._limit = min(self._limit + _INCREASE, self._ceiling)
            if self._limit >= _RECOVERY * self._lowered:
                # What made the limit that low is over.
                self._phase = _Phase.SLOW_START

    def _shrink(self, slowness: float) -> None:
        """Lowers the limit because of a queue, or begins to look whose it is."""
        if self._phase is _Phase.SLOW_START:
            self._begin_to_drain()
        elif self._limit > self._floor:
            self._limit = max(self._floor, self._limit * max(_DECREASE, _TOLERANCE / slowness))
        else:
            self._slow += 1
            if self._slow >= _SLOW_WINDOWS:
                self._begin_to_drain()

    def _begin_to_drain(self) -> None:
        self._slow = self._independent = 0
        if self._limit < 2:
            return
        self._phase = _Phase.DRAIN
        self._full, self._slowness_before = self._limit, None
        self._limit *= _DECREASE

    def _drain(self, slowness: float) -> None:
        """Halves the limit again as long as the service stays busy; then returns to the lowest limit at which it was.

        :param slowness: that of the responses since the limit was last halved.
        """
        before, self._slowness_before = self._slowness_before, slowness
        rest = 0.0 if before is None else slowness / before
        is_independent = rest > _INDEPENDENT and slowness > _TOLERANCE
        if is_independent:
            self._independent += 1
        if self._independent >= 2:
            # The service became slower by itself.
            self._baselines = {}
            self._limit, self._phase = self._full, _Phase.STEADY
        elif (rest <= _STILL_BUSY or is_independent) and self._limit >= 2:
            self._limit *= _DECREASE
        else:
            if rest > _STILL_BUSY:
                # Part of the service was idle. How many requests it works on follows from how much the queue shrank.
                self._limit *= 2 * (1.0 if rest > _IDLE else rest)
            self._floor = self._lowered = self._limit = max(1.0, self._limit)
            # This window had the shortest queue.
            self._baselines = {}
            self._phase = _Phase.STEADY

    def _compare(self, times: float) -> tuple[float, float]:
        """How slow this window was, as a multiple of the baselines, and the standard error of the difference.

        :param times: the multiple of the baselines that it will be compared with.
        """
        slowness = variance = 0.0
        for kind, sample in self._window.items():
            baseline = self._baselines.get(kind) or sample
            share = sample.count / self._responses
            spread = max(sample.variance, baseline.variance) / baseline.mean**2
            slowness += share * sample.mean / baseline.mean
            variance += share**2 * spread * (1 / sample.count + times**2 / baseline.count)
        return slowness, math.sqrt(variance)

    def _update_baselines(self, limit: float) -> None:
        """Adopts this window where it is faster, or pools it with others that have hardly a queue.

        :param limit: the limit during the window. One request at a time has no queue at all.
        """
        slowness, error = self._compare(1.0)
        is_faster = 1.0 - slowness > _SIGNIFICANT * error
        is_alone = limit < 2 and slowness - 1.0 > _SIGNIFICANT * error
        is_low = limit < 2 or (limit <= self._floor and slowness <= _TOLERANCE)
        if is_faster and self._slowness_before is not None:
            self._slowness_before /= slowness
        for kind, sample in self._window.items():
            baseline = self._baselines.get(kind)
            if baseline is None or is_faster or is_alone:
                self._baselines[kind] = sample
            elif is_low and baseline.count < _LARGEST_BASELINE:
                baseline.pool(sample)
