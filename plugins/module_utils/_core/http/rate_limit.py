# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests a service allows, and when the next one may leave: arithmetic only, no waiting.

A service says it in its documentation, in headers, or in what it refuses a request with.

Private to this collection.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from typing import NamedTuple

# Longer than any that is documented, in seconds.
_LONGEST = 300
_MOST = 1_000_000_000


class RateLimit(NamedTuple):
    """What a service allows.

    requests: so many,
    seconds: in so long.
    capacity: size of the bucket, if requests come back evenly; None if a counter starts anew.
    """

    requests: float
    seconds: float
    capacity: float | None = None


class RateLimitInfo(NamedTuple):
    """What an answer says of a quota; None for what it does not say.

    quota: a RateLimit.
    remaining: how many requests are left just now.
    wait: seconds until the next request makes sense.
    """

    rate_limit: RateLimit | None = None
    remaining: float | None = None
    wait: float | None = None


def is_sensible(rate_limit):
    """Whether a RateLimit lets a task go on within minutes: what claims less is rather a mistake."""
    if not 0 < rate_limit.seconds <= _LONGEST or not 1 <= rate_limit.requests <= _MOST:
        return False
    return rate_limit.capacity is None or 1 <= rate_limit.capacity <= _MOST


class RequestHistory:
    """When requests passed lately."""

    def __init__(self):
        self._times = deque(maxlen=5000)
        self.count = 0

    def note(self, now):
        self.count += 1
        self._times.append(now)

    def since(self, moment):
        """How many requests passed from a moment on."""
        return len(self._times) - bisect_left(self._times, moment)


class TokenBucket:
    """A token bucket, kept in step with what the service says is left. All times are seconds of one clock.

    :param rate_limit: a RateLimit with a capacity.
    :param now: the bucket is full.
    """

    cautious = False

    def __init__(self, rate_limit, now):
        self.rate_limit = rate_limit
        self._tokens = rate_limit.capacity
        self._at = now
        # Others may draw from the same bucket: then only a share of what comes back is ours.
        self._share = 1.0

    def wait(self, now):
        """Seconds until a request may be sent."""
        self._refill(now)
        return max(0.0, (1 - self._tokens) / self._rate)

    def take(self, now):
        """A request is sent."""
        self._refill(now)
        self._tokens -= 1

    def give_back(self):
        """A request was answered by somebody who does not count."""
        self._tokens += 1

    def passed(self, remaining, others, now):
        """A request was answered.

        :param remaining: what the service says is left, or None.
        :param others: how many requests are under way; the service may have counted them or not.
        """
        self._refill(now)
        self._share = min(1.0, self._share + 1.5 / self.rate_limit.requests)
        if remaining is not None and not self._tokens - 1 <= remaining <= self._tokens + others + 2:
            self._tokens = remaining - others

    def refused(self, asked, again, history, now, wall):
        """A request was refused; returns the seconds until the next one makes sense.

        :param asked: seconds that the service asks to wait, or None.
        :param again: whether another one was already refused at the same time.
        """
        self._refill(now)
        self._tokens = min(self._tokens, 0.0)
        if not again:
            self._share = max(0.1, self._share * 0.7)
        return self.rate_limit.seconds / self.rate_limit.requests if asked is None else asked

    @property
    def _rate(self):
        return self._share * self.rate_limit.requests / self.rate_limit.seconds

    def _refill(self, now):
        self._tokens = min(self.rate_limit.capacity, self._tokens + (now - self._at) * self._rate)
        self._at = now


class FixedWindow:
    """A counter that starts anew every so often. When it does is learned from a refusal, if there ever is one.

    :param rate_limit: a RateLimit without a capacity.
    """

    def __init__(self, rate_limit):
        self.rate_limit = rate_limit
        self._start = None
        self._used = 0
        self._confirmed = False
        # Others may be counted as well. So many requests passed in the last turn, and so many more are tried.
        self._sure = rate_limit.requests
        self._more = 0

    @property
    def cautious(self):
        """Whether the next request may be one too many, so that it had better be alone."""
        return self._used >= self._sure

    def wait(self, now):
        """Seconds until a request may be sent."""
        if self._start is None:
            return 0.0
        if now >= self._start + self.rate_limit.seconds:
            self._turn(now)
        if now < self._start:
            return self._start - now
        return 0.0 if self._used < self._limit else self._start + self.rate_limit.seconds - now

    def take(self, now):
        """A request is sent."""
        if self._start is None:
            # Known beforehand: wherever the service's own turns begin, this many in any such time are never too many.
            self._start = now
        self._used += 1

    def give_back(self):
        """A request was answered by somebody who does not count."""
        self._used -= 1

    def passed(self, remaining, others, now):
        """A request was answered."""
        self._confirmed = True

    def refused(self, asked, again, history, now, wall):
        """A request was refused; returns the seconds until the next one makes sense.

        :param asked: seconds that the service asks to wait, or None.
        :param again: whether another one was already refused at the same time.
        :param history: a RequestHistory of what passed.
        :param wall: seconds since the epoch, by the service's clock.
        """
        if again and self._start is not None and now < self._start:
            return self._start - now
        if not again and self._start is not None and self._confirmed:
            self._sure = max(1, history.since(self._start))
            self._more = 0
        wait = asked
        if wait is None:
            wait = self._guess(wall) if self._start is None or self._confirmed else self.rate_limit.seconds / 6
        self._start = now + wait
        self._used = 0
        self._confirmed = False
        return wait

    @property
    def _limit(self):
        return min(self.rate_limit.requests, self._sure + self._more)

    def _guess(self, wall):
        """Seconds until the counter starts anew: those of whole minutes do so on the minute."""
        seconds = self.rate_limit.seconds
        return seconds / 6 if seconds % 60 else seconds - wall % seconds

    def _turn(self, now):
        if self._used >= self._limit:
            self._sure = self._limit
        self._more = max(self.rate_limit.requests / 20, 2 * self._more)
        self._start += (now - self._start) // self.rate_limit.seconds * self.rate_limit.seconds
        self._used = 0


def limiter_for(rate_limit, now):
    """What keeps to a RateLimit: a TokenBucket or a FixedWindow."""
    return FixedWindow(rate_limit) if rate_limit.capacity is None else TokenBucket(rate_limit, now)
