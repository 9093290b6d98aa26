# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a request is tried again."""

from __future__ import annotations

from ..context import Clock
from .retry import Backoff
from .throttle import Throttle


class RetryBudget:
    """How many attempts, and how much time, one request may take.

    Time during which the throttle lets nothing through does not count. Refusals because of the rate limit count only
    while the service accepts no other request of the task either.

    :param throttle: the throttle of all requests of the task.
    """

    def __init__(self, backoff: Backoff, throttle: Throttle, clock: Clock) -> None:
        self._backoff = backoff
        self._throttle = throttle
        self._clock = clock
        self._failures = 0
        self._refusals = 0
        self._accepted = throttle.accepted
        now = clock.now()
        self._refused_since = now
        self._deadline = now - throttle.slowed + backoff.total

    def allows_throttled_retry(self) -> bool:
        """Whether the request may be sent again after a 429. The throttle, which knows of it, does the waiting."""
        now = self._clock.now()
        if not self._refusals or self._accepted != self._throttle.accepted:
            self._accepted, self._refused_since, self._refusals = self._throttle.accepted, now, 0
        self._refusals += 1
        refused_for = now - self._refused_since
        is_in_time = refused_for + self._throttle.closed_for() <= self._backoff.throttled_total
        is_patient = self._refusals <= self._backoff.throttled_retries or refused_for < self._backoff.throttled_patience
        return is_in_time and is_patient

    def wait_for_next_attempt(self, asked: float | None) -> bool:
        """Waits after any other failure, and returns whether the request may be sent again.

        :param asked: the seconds that the service asks for. No other request is sent during this time either.
        """
        delay, is_in_time = self._next_delay(asked)
        if asked is not None and is_in_time:
            self._throttle.hold(delay)
        if self._failures >= self._backoff.retries or not is_in_time:
            return False
        if asked is None:
            self._clock.sleep(delay)
        self._failures += 1
        return True

    def slow_down(self, asked: float | None) -> None:
        """Lets the next requests of the task wait after one that is not sent again, as it may have acted.

        :param asked: the seconds that the service asks for.
        """
        delay, is_in_time = self._next_delay(asked)
        if asked is None:
            self._throttle.relieve()
        elif is_in_time:
            self._throttle.hold(delay)

    def _next_delay(self, asked: float | None) -> tuple[float, bool]:
        """The seconds until the next attempt, and whether it would still be in time."""
        delay = self._backoff.delay(self._failures, asked)
        return delay, self._clock.now() + delay <= self._deadline + self._throttle.slowed
