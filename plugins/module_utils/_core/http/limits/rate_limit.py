# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests a service allows, and when the next one may leave. Pure arithmetic: nothing here waits.

A service states its limit in its documentation, in headers, or in the response that refuses a request.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from dataclasses import dataclass
from typing import Protocol

# The longest window in seconds, and the largest number of requests, that we believe. All documented ones are smaller.
_LONGEST_WINDOW = 300
_MOST_REQUESTS = 1_000_000_000
# As many requests as a task can send within one window.
_HISTORY = 5000

# TokenBucket: a refusal reduces our share of the rate by this factor, but never below the minimum, so that several
# tasks settle on equal shares. As many requests as a window allows raise the share by the gain, which gives back what a
# few refusals took within one window.
_SHARE_AFTER_REFUSAL = 0.7
_SMALLEST_SHARE = 0.1
_SHARE_GAIN = 1.5
# TokenBucket: how far the service's count may differ from ours before we adopt it. It rounds down, and requests that
# are under way may or may not be counted yet.
_FEWER_TOKENS = 1
_MORE_TOKENS = 2

# FixedWindow: as long as nobody says when the window ends, ask this many times within its length.
_PROBES = 6


@dataclass(frozen=True)
class RateLimit:
    """The requests that a service allows within a number of seconds.

    capacity: the size of the bucket if the allowance comes back evenly; None if a counter starts again.
    """

    requests: float
    seconds: float
    capacity: float | None = None


@dataclass(frozen=True)
class RateLimitInfo:
    """What a response says about the rate limit; None for what it does not say.

    remaining: how many requests are left at the moment.
    wait: the seconds until the next request makes sense.
    """

    rate_limit: RateLimit | None = None
    remaining: float | None = None
    wait: float | None = None


NO_INFO = RateLimitInfo()


def is_sensible(rate_limit: RateLimit) -> bool:
    """Whether a limit lets a task continue within minutes. A stricter one is more likely a mistake."""
    if not 0 < rate_limit.seconds <= _LONGEST_WINDOW or not 1 <= rate_limit.requests <= _MOST_REQUESTS:
        return False
    return rate_limit.capacity is None or 1 <= rate_limit.capacity <= _MOST_REQUESTS


class RequestHistory:
    """When the service accepted our last requests."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=_HISTORY)
        self.count = 0

    def add(self, now: float) -> None:
        self.count += 1
        self._times.append(now)

    def count_since(self, moment: float) -> int:
        """How many requests the service accepted from a moment on."""
        return len(self._times) - bisect_left(self._times, moment)


class Limiter(Protocol):
    """Keeps to a RateLimit. All times are readings of one clock, in seconds."""

    @property
    def rate_limit(self) -> RateLimit:
        """The limit to keep to."""

    @property
    def is_cautious(self) -> bool:
        """Whether the next request may exceed the limit, so that no other should be under way."""

    def wait(self, now: float) -> float:
        """The seconds until a request may be sent."""

    def take(self, now: float) -> None:
        """Counts a request that is being sent."""

    def give_back(self) -> None:
        """Uncounts a request, as the service did not count it either."""

    def note_accepted(self, now: float, *, remaining: float | None, under_way: int) -> None:
        """Notes that the service accepted a request.

        :param remaining: how many are left, as the service says, or None.
        :param under_way: how many requests are under way; the service may have counted them or not.
        """

    def note_refused(
        self, now: float, *, asked: float | None, is_repeated: bool, history: RequestHistory, service_time: float
    ) -> float:
        """Notes that the service refused a request, and returns the seconds until the next one makes sense.

        :param asked: the seconds that the service asks us to wait, or None.
        :param is_repeated: another request that was under way at the same time has already been refused.
        :param service_time: seconds since the epoch, by the service's clock.
        """


class TokenBucket:
    """A bucket of tokens that refills evenly, kept in step with what the service says is left.

    :param rate_limit: a RateLimit with a capacity.
    :param now: the time at which the bucket is full.
    """

    is_cautious = False

    def __init__(self, rate_limit: RateLimit, now: float) -> None:
        self.rate_limit = rate_limit
        self._capacity = rate_limit.requests if rate_limit.capacity is None else rate_limit.capacity
        self._tokens = self._capacity
        self._at = now
        # Others may draw from the same bucket. Then only this share of the rate is ours.
        self._share = 1.0

    def wait(self, now: float) -> float:
        self._refill(now)
        return max(0.0, (1 - self._tokens) / self._rate)

    def take(self, now: float) -> None:
        self._refill(now)
        self._tokens -= 1

    def give_back(self) -> None:
        self._tokens += 1

    def note_accepted(self, now: float, *, remaining: float | None, under_way: int) -> None:
        self._refill(now)
        self._share = min(1.0, self._share + _SHARE_GAIN / self.rate_limit.requests)
        if remaining is None:
            return
        if not self._tokens - _FEWER_TOKENS <= remaining <= self._tokens + under_way + _MORE_TOKENS:
            self._tokens = remaining - under_way

    def note_refused(
        self, now: float, *, asked: float | None, is_repeated: bool, history: RequestHistory, service_time: float
    ) -> float:
        self._refill(now)
        self._tokens = min(self._tokens, 0.0)
        if not is_repeated:
            self._share = max(_SMALLEST_SHARE, self._share * _SHARE_AFTER_REFUSAL)
        return self.rate_limit.seconds / self.rate_limit.requests if asked is None else asked

    @property
    def _rate(self) -> float:
        return self._share * self.rate_limit.requests / self.rate_limit.seconds

    def _refill(self, now: float) -> None:
        self._tokens = min(self._capacity, self._tokens + (now - self._at) * self._rate)
        self._at = now


class FixedWindow:
    """A counter that starts again in every window. Only a refusal tells when a window begins.

    :param rate_limit: a RateLimit without a capacity.
    """

    def __init__(self, rate_limit: RateLimit) -> None:
        self.rate_limit = rate_limit
        self._start: float | None = None
        self._used = 0
        # Whether a request was accepted since the last refusal, so that the window is known to have begun.
        self._is_confirmed = False
        # Others may be counted as well. So many requests were accepted within a window; further ones go one by one.
        self._known_allowance = rate_limit.requests

    @property
    def is_cautious(self) -> bool:
        return self._used >= self._known_allowance

    def wait(self, now: float) -> float:
        if self._start is None:
            return 0.0
        if now >= self._start + self.rate_limit.seconds:
            self._start = self._next_window(self._start, now)
        if now < self._start:
            return self._start - now
        return 0.0 if self._used < self.rate_limit.requests else self._start + self.rate_limit.seconds - now

    def take(self, now: float) -> None:
        if self._start is None:
            # The limit is documented: wherever the service's own windows begin, this many requests are never too many.
            self._start = now
        self._used += 1

    def give_back(self) -> None:
        self._used -= 1

    def note_accepted(self, now: float, *, remaining: float | None, under_way: int) -> None:
        self._is_confirmed = True

    def note_refused(
        self, now: float, *, asked: float | None, is_repeated: bool, history: RequestHistory, service_time: float
    ) -> float:
        if is_repeated and self._start is not None and now < self._start:
            return self._start - now
        if not is_repeated and self._start is not None and self._is_confirmed:
            self._known_allowance = max(1, history.count_since(self._start))
        if asked is not None:
            wait = asked
        elif self._start is None or self._is_confirmed:
            wait = self._expected_end(service_time)
        else:
            wait = self.rate_limit.seconds / _PROBES
        self._start = now + wait
        self._used = 0
        self._is_confirmed = False
        return wait

    def _expected_end(self, service_time: float) -> float:
        """The seconds until the window ends. Windows of whole minutes are likely to begin on the minute."""
        seconds = self.rate_limit.seconds
        return seconds / _PROBES if seconds % 60 else seconds - service_time % seconds

    def _next_window(self, start: float, now: float) -> float:
        """Begins a new window and returns its start."""
        # Nothing was refused since this window began.
        self._known_allowance = max(self._known_allowance, self._used)
        self._used = 0
        return start + (now - start) // self.rate_limit.seconds * self.rate_limit.seconds


def limiter_for(rate_limit: RateLimit, now: float) -> Limiter:
    """The Limiter for a RateLimit."""
    return FixedWindow(rate_limit) if rate_limit.capacity is None else TokenBucket(rate_limit, now)
