# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slows all threads of a task down before the service has to ask for it, and when it does."""

from __future__ import annotations

import threading
from collections.abc import Hashable

from ..cancellation import POLL_SECONDS
from ..context import TaskContext
from .limits.concurrency_limit import ConcurrencyLimit
from .limits.learned_window import LearnedWindow
from .limits.rate_limit import NO_INFO, Limiter, RateLimit, RateLimitInfo, RequestHistory, limiter_for
from .retry import Backoff, until_round_moment

# Seconds. A shorter sleep might not move a clock at all.
_SHORTEST_SLEEP = 0.001
# The statuses with which a service, or a gateway before it, says that it has too much to do. A 429 is another one as
# long as no rate limit is known.
_OVERLOADED = (502, 503, 504)
# After refusals that give no advice: how much longer to wait than so far, in seconds and as a part of it.
_SHORTEST_ADVANCE = 1.0
_LARGEST_ADVANCE = 0.3
# Seconds of waiting that are worth a warning.
_NOTICEABLE = 1.0


class Throttle:
    """Lets the requests of a task through, as many and as fast as the service allows.

    After a refusal, one request goes first, and each one that the service accepts lets twice as many follow.

    :param name: the name of the service in messages.
    :param rate_limit: the limit that the service documents, or None.
    :param max_concurrency: the most requests that may be under way at once. A ConcurrencyLimit finds the best number.
    :param backoff: the waits after refusals that do not say how long to wait.
    """

    def __init__(
        self, name: str, rate_limit: RateLimit | None, max_concurrency: int, backoff: Backoff, context: TaskContext
    ) -> None:
        self._name = name
        self._concurrency_limit = ConcurrencyLimit(max_concurrency)
        # Less than the limit for a while after a refusal, or before one is likely; and since when.
        self._concurrency = self._max_concurrency = max_concurrency
        self._narrowed_at = -1.0
        self._backoff = backoff
        self._clock = context.clock
        self._cancel_token = context.cancel_token
        self._changed = threading.Condition()
        self._limiter: Limiter | None = None
        if rate_limit is not None:
            self._limiter = limiter_for(rate_limit, self._clock.now())
        self._learned_window = LearnedWindow()
        self._history = RequestHistory()
        self._under_way = 0
        self._opens_at = 0.0
        self._held_until = 0.0
        self._slowed_until = 0.0
        self._refused_at = self._overloaded_at = -1.0
        # How often in a row the service refused requests, and single ones because it is overloaded.
        self._refusals = self._overloads = 0
        # The seconds during which the rate limit let no request through.
        self.slowed = 0.0
        context.cleanups.append(lambda: self._warn_if_slowed(context))

    @property
    def accepted(self) -> int:
        """How many requests the service has accepted so far."""
        return self._history.count

    def closed_for(self) -> float:
        """The seconds until a request may be sent again after a refusal."""
        with self._changed:
            return max(0.0, self._opens_at - self._clock.now())

    def hold(self, seconds: float) -> None:
        """Lets no request through for some time, whatever the rate limit."""
        with self._changed:
            self._held_until = max(self._held_until, self._clock.now() + seconds)

    def relieve(self) -> None:
        """Lets no request through for some time if the service has just refused even single ones.

        Otherwise, a task would use up the attempts of one item after another.
        """
        with self._changed:
            if 0 < self._overloads <= self._backoff.retries:
                delay = self._backoff.delay(self._overloads - 1)
                self._held_until = max(self._held_until, self._clock.now() + delay)

    def acquire(self) -> float:
        """Waits until a request may be sent; returns the reading of Clock.now(), in seconds. release() must follow.

        :raises Cancelled: the task is to end.
        """
        while True:
            self._cancel_token.check()
            with self._changed:
                now = self._clock.now()
                slowed = max(self._opens_at - now, self._limiter.wait(now) if self._limiter else 0.0)
                wait = max(self._held_until - now, slowed)
                if wait <= 0:
                    if self._under_way < self._allowed():
                        self._under_way += 1
                        if self._limiter:
                            self._limiter.take(now)
                        elif self._learned_window.take():
                            self._narrow(now)
                        return now
                    self._changed.wait(POLL_SECONDS)
                    continue
                self._note_slowed(now, now + slowed)
            self._clock.sleep(max(wait, _SHORTEST_SLEEP))

    def release(
        self,
        acquired: float,
        status: int | None = None,
        info: RateLimitInfo = NO_INFO,
        *,
        is_counted: bool = True,
        kind: Hashable = None,
    ) -> None:
        """Notes that a request has ended.

        :param acquired: the value that acquire() returned.
        :param status: the status of the response, or None if there was none.
        :param info: what the response says about the rate limit.
        :param is_counted: whether the service counts the request.
        :param kind: the requests whose latency can be compared with that of this one; None if its latency says nothing.
        """
        with self._changed:
            now = self._clock.now()
            self._learn(acquired, now, status, kind)
            self._under_way -= 1
            if status is not None:
                self._adopt(info.rate_limit, now)
                if status == 429:
                    self._note_refused(acquired, info, now)
                elif is_counted:
                    self._note_accepted(acquired, info, now)
                elif self._limiter:
                    self._limiter.give_back()
            self._changed.notify(max(1, self._allowed() - self._under_way))

    def _allowed(self) -> int:
        if self._limiter and self._limiter.is_cautious:
            return 1
        return min(self._concurrency, self._concurrency_limit.current)

    def _learn(self, acquired: float, now: float, status: int | None, kind: Hashable) -> None:
        """Adapts the concurrency to how a request has ended."""
        if status is None or status in _OVERLOADED or (status == 429 and self._limiter is None):
            # What was under way at the same time says the same.
            if acquired > self._overloaded_at:
                self._overloaded_at = now
                self._concurrency_limit.note_overload(self._under_way)
                self._overloads += self._under_way == 1
        elif status != 429:
            self._overloads = 0
            if kind is not None and status < 500:
                self._concurrency_limit.note_response((kind, status), now - acquired, self._under_way)

    def _adopt(self, rate_limit: RateLimit | None, now: float) -> None:
        if rate_limit is not None and (self._limiter is None or self._limiter.rate_limit != rate_limit):
            self._limiter = limiter_for(rate_limit, now)

    def _narrow(self, now: float) -> None:
        """Lets only one request at a time through, until the service has accepted some."""
        self._concurrency = 1
        self._narrowed_at = now

    def _note_accepted(self, acquired: float, info: RateLimitInfo, now: float) -> None:
        self._refusals = 0
        if acquired > self._narrowed_at:
            self._concurrency = min(self._max_concurrency, 2 * self._concurrency)
        self._learned_window.note_accepted(acquired, now)
        self._history.add(now)
        if self._limiter:
            self._limiter.note_accepted(now, remaining=info.remaining, under_way=self._under_way)

    def _note_refused(self, acquired: float, info: RateLimitInfo, now: float) -> None:
        is_repeated = acquired <= self._refused_at
        if not is_repeated:
            self._refused_at = now
            self._refusals += 1
        self._narrow(now)
        wait = info.wait
        if wait is not None:
            wait = min(wait, self._backoff.longest_asked)
        if self._limiter:
            wait = self._limiter.note_refused(
                now,
                asked=wait,
                is_repeated=is_repeated,
                history=self._history,
                service_time=self._clock.service_time(),
            )
        if wait is None:
            wait = self._wait_without_advice(acquired, now)
        else:
            wait = self._backoff.delay(self._refusals - 1, wait, is_throttled=True)
        self._opens_at = max(self._opens_at, now + wait)

    def _wait_without_advice(self, acquired: float, now: float) -> float:
        """The seconds to wait after a refusal that does not say how long, by a service whose limit is not known."""
        wait = self._learned_window.note_refused(acquired, now)
        if wait is not None:
            return wait
        drawn = self._backoff.delay(self._refusals - 1, is_throttled=True)
        # A long wait may end long after the quota has started again.
        most = max(_SHORTEST_ADVANCE, _LARGEST_ADVANCE * self._learned_window.closed_for(now))
        return until_round_moment(min(drawn, most), self._clock.service_time())

    def _note_slowed(self, now: float, until: float) -> None:
        self.slowed += max(0.0, until - max(now, self._slowed_until))
        self._slowed_until = max(self._slowed_until, until)

    def _warn_if_slowed(self, context: TaskContext) -> None:
        if self.slowed >= _NOTICEABLE:
            context.warn(
                f"{self._name} limits the rate of requests. To stay within that limit, this task waited for "
                f"{self.slowed:.0f} s."
            )
