# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slowing down before a service has to say so, and all together when it does.

Private to this collection.
"""

from __future__ import annotations

import threading

from ..cancellation import POLL_SECONDS
from .rate_limit import RateLimitInfo, RequestHistory, limiter_for

# In seconds. Shorter ones might not move a clock at all.
_SHORTEST_NAP = 0.001
# Less than this is not worth a word.
_NOTICEABLE = 1.0


class Throttle:
    """Lets the requests of a task through, as many and as fast as the service allows.

    After a refusal one request goes first, and each that passes lets twice as many follow.

    :param name: the service's name in messages.
    :param rate_limit: what the service documents, a RateLimit or None.
    :param max_concurrency: how many requests may be under way at once.
    :param backoff: a Backoff, for refusals that say nothing else.
    :param context: a TaskContext.
    """

    def __init__(self, name, rate_limit, max_concurrency, backoff, context):
        self._name = name
        self._max_concurrency = self._room = max_concurrency
        self._backoff = backoff
        self._clock = context.clock
        self._cancel_token = context.cancel_token
        self._changed = threading.Condition()
        self._limiter = None if rate_limit is None else limiter_for(rate_limit, self._clock.now())
        self._history = RequestHistory()
        self._under_way = 0
        self._opens = 0.0
        self._held_until = 0.0
        self._slowed_until = 0.0
        self._refused_at = -1.0
        self._refusals = 0
        # Seconds that the quota let nobody through.
        self.slowed = 0.0
        context.cleanups.append(lambda: self._tell(context))

    @property
    def passed(self):
        """How many requests the service took, so far."""
        return self._history.count

    def closed_for(self):
        """Seconds until a request may be sent again after a refusal."""
        with self._changed:
            return max(0.0, self._opens - self._clock.now())

    def hold(self, seconds):
        """Nobody passes for so long, whatever the quota."""
        with self._changed:
            self._held_until = max(self._held_until, self._clock.now() + seconds)

    def acquire(self):
        """Returns, when a request may be sent, the time. Each call is followed by one of release()."""
        while True:
            self._cancel_token.check()
            with self._changed:
                now = self._clock.now()
                slowed = max(self._opens - now, self._limiter.wait(now) if self._limiter else 0.0)
                wait = max(self._held_until - now, slowed)
                if wait <= 0:
                    if self._under_way < self._allowed():
                        self._under_way += 1
                        if self._limiter:
                            self._limiter.take(now)
                        return now
                    self._changed.wait(POLL_SECONDS)
                    continue
                self._note_slowed(now, now + slowed)
            self._clock.sleep(max(wait, _SHORTEST_NAP))

    def release(self, entered, response=None, rate_limit_info=None, counted=True):
        """A request has ended.

        :param entered: what acquire() returned.
        :param response: its Response, or None if there was none.
        :param rate_limit_info: what the answer says of a quota.
        :param counted: whether the service looked at the request at all.
        """
        rate_limit_info = rate_limit_info or RateLimitInfo()
        with self._changed:
            self._under_way -= 1
            now = self._clock.now()
            if response is not None:
                self._learn(rate_limit_info, now)
                if response.status == 429:
                    self._note_refused(entered, rate_limit_info, now)
                elif counted:
                    self._note_passed(rate_limit_info, now)
                elif self._limiter:
                    self._limiter.give_back()
            self._changed.notify_all()

    def _allowed(self):
        return 1 if self._limiter and self._limiter.cautious else self._room

    def _learn(self, rate_limit_info, now):
        rate_limit = rate_limit_info.rate_limit
        if rate_limit is not None and (self._limiter is None or self._limiter.rate_limit != rate_limit):
            self._limiter = limiter_for(rate_limit, now)

    def _note_passed(self, rate_limit_info, now):
        self._refusals = 0
        self._room = min(self._max_concurrency, 2 * self._room)
        self._history.note(now)
        if self._limiter:
            self._limiter.passed(rate_limit_info.remaining, self._under_way, now)

    def _note_refused(self, entered, rate_limit_info, now):
        again = entered <= self._refused_at
        if not again:
            self._refused_at = now
            self._refusals += 1
        self._room = 1
        wait = rate_limit_info.wait
        if wait is not None:
            wait = min(wait, self._backoff.longest_asked)
        if self._limiter:
            wait = self._limiter.refused(wait, again, self._history, now, self._clock.service_time())
        wait = self._backoff.delay(self._refusals - 1, wait, throttled=True)
        self._opens = max(self._opens, now + wait)

    def _note_slowed(self, now, until):
        self.slowed += max(0.0, until - max(now, self._slowed_until))
        self._slowed_until = max(self._slowed_until, until)

    def _tell(self, context):
        if self.slowed >= _NOTICEABLE:
            context.warn(
                f"{self._name} allows only so many requests in a time; to keep to that, this task waited for "
                f"{self.slowed:.0f} s."
            )
