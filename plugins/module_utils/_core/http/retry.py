# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a request is sent again: a table, and the waiting between tries.

Private to this collection.
"""

from __future__ import annotations

import random
from datetime import timezone
from email.utils import parsedate_to_datetime
from enum import Enum


class Effect(Enum):
    """What a request does to the service, declared per endpoint and never derived from its HTTP method."""

    READ = "reads"
    CHANGE = "changes"


class Outcome(Enum):
    """How a try ended, if not in an answer that settles it."""

    NOT_CONNECTED = "not connected: refused, unknown host, connect time-out"
    RESET_BEFORE_SENDING = "connection lost before anything was sent"
    RESET_AFTER_SENDING = "connection lost after something was sent"
    READ_TIMEOUT = "no answer in time"
    TRUNCATED = "answer cut off"
    NOT_THE_SERVICE = "success, but not in the service's form (a portal's page)"
    UNTRUSTED = "TLS verification failed"
    SERVICE_TRANSIENT = "the service's own code for: not now, nothing was done"
    HTTP_408 = 408
    HTTP_429 = 429
    HTTP_500 = 500
    HTTP_502 = 502
    HTTP_503 = 503
    HTTP_504 = 504
    FINAL = "any other answer"


class Verdict(Enum):
    """What follows."""

    RETRY = "send the same again"
    OBSERVE = "it may have acted: look at the service's state first"
    FAIL = "report it"


_TABLE = {
    #                              reads          changes
    Outcome.NOT_CONNECTED: (Verdict.RETRY, Verdict.RETRY),
    Outcome.RESET_BEFORE_SENDING: (Verdict.RETRY, Verdict.RETRY),
    Outcome.RESET_AFTER_SENDING: (Verdict.RETRY, Verdict.OBSERVE),
    Outcome.READ_TIMEOUT: (Verdict.RETRY, Verdict.OBSERVE),
    Outcome.TRUNCATED: (Verdict.RETRY, Verdict.OBSERVE),
    Outcome.NOT_THE_SERVICE: (Verdict.FAIL, Verdict.OBSERVE),
    Outcome.UNTRUSTED: (Verdict.FAIL, Verdict.FAIL),
    Outcome.SERVICE_TRANSIENT: (Verdict.RETRY, Verdict.RETRY),
    Outcome.HTTP_408: (Verdict.RETRY, Verdict.OBSERVE),
    Outcome.HTTP_429: (Verdict.RETRY, Verdict.RETRY),
    # A proxy may answer 5xx after the service behind it acted, so a change is looked up first.
    Outcome.HTTP_500: (Verdict.RETRY, Verdict.OBSERVE),
    Outcome.HTTP_502: (Verdict.RETRY, Verdict.OBSERVE),
    Outcome.HTTP_503: (Verdict.RETRY, Verdict.OBSERVE),
    Outcome.HTTP_504: (Verdict.RETRY, Verdict.OBSERVE),
    Outcome.FINAL: (Verdict.FAIL, Verdict.FAIL),
}
POLICY = {
    (effect, outcome): verdicts[column]
    for outcome, verdicts in _TABLE.items()
    for column, effect in enumerate((Effect.READ, Effect.CHANGE))
}

# The year 2200. Whoever names a later moment knows no time.
_LATEST = 7_258_118_400
_BY_STATUS = {outcome.value: outcome for outcome in Outcome if isinstance(outcome.value, int)}


def outcome_of_status(status):
    """The Outcome of an HTTP status that is not a success."""
    return _BY_STATUS.get(status, Outcome.FINAL)


class Backoff:
    """How long to wait between tries. All units are seconds.

    :param retries: how many times a request may be sent again.
    :param base: the first wait is drawn from 0 to this (full jitter), each next from twice as much.
    :param longest: no drawn wait is longer.
    :param longest_asked: no wait that the service asks for is longer.
    :param total: all tries of one request together never take longer.
    """

    def __init__(self, retries, base=0.5, longest=30.0, longest_asked=60.0, total=300.0, draw=random.uniform):
        self.retries = retries
        # A 429 is no fault: a quota that is counted by the minute needs more patience than a lost connection.
        self.throttled_retries = 2 * retries
        self.throttled_total = 2 * total
        self.total = total
        self.longest_asked = longest_asked
        self._base = base
        self._longest = longest
        self._draw = draw

    def delay(self, attempt, asked=None, throttled=False):
        """The wait before try number attempt + 1 (attempts count from 0).

        :param asked: the service's Retry-After.
        :param throttled: the service answered 429.
        """
        base = self._base
        if throttled:
            # It says when, and nothing is broken: a little spread does at first, for tasks that share a quota.
            base *= 2 if asked is None else 0.2
        most = min(self._longest, base * 2 ** min(attempt, 30))
        # Most quotas are counted by the minute: even the shortest waits together outlast one.
        drawn = self._draw(most / 2 if throttled and asked is None else 0, most)
        return drawn if asked is None else min(asked, self.longest_asked) + drawn


class RetryBudget:
    """How long a request is tried.

    Time that the pace lets nobody through does not count, and refusals for want of quota count only as long as the
    service takes no other request of the task either.

    :param backoff: a Backoff.
    :param throttle: the Throttle of all requests of the task.
    :param clock: a Clock.
    """

    def __init__(self, backoff, throttle, clock):
        self._backoff = backoff
        self._throttle = throttle
        self._clock = clock
        self._failures = 0
        self._refusals = 0
        self._passed = throttle.passed
        self._since = clock.now()
        self._deadline = clock.now() - throttle.slowed + backoff.total

    def allows_throttled_retry(self):
        """After a 429, which the pace knows of already: whether the request is to be sent again."""
        now = self._clock.now()
        if not self._refusals or self._passed != self._throttle.passed:
            self._passed, self._since, self._refusals = self._throttle.passed, now, 0
        self._refusals += 1
        in_time = now + self._throttle.closed_for() <= self._since + self._backoff.throttled_total
        return in_time and self._refusals <= self._backoff.throttled_retries

    def wait_for_next_attempt(self, asked, look_first):
        """After any other failure: waits, and tells whether the request is to be sent again.

        :param asked: seconds that the service asked to wait; nobody else sends anything before either.
        :param look_first: the request may have acted, so it is not sent again before that is known.
        """
        delay = self._backoff.delay(self._failures, asked)
        in_time = self._clock.now() + delay <= self._deadline + self._throttle.slowed
        if asked is not None and in_time:
            self._throttle.hold(delay)
        if look_first or self._failures >= self._backoff.retries or not in_time:
            return False
        if asked is None:
            self._clock.sleep(delay)
        self._failures += 1
        return True


def parse_retry_after(headers, wall):
    """Seconds that a Retry-After header asks for, or None.

    :param headers: the answer's headers; its Date, if any, is what an HTTP date is measured against, so that a wrong
        clock on either side does no harm.
    :param wall: our own time, seconds since the epoch.
    """
    value = (headers.get("Retry-After") or "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return float(value)
    then = http_date(value)
    if then is None:
        return None
    now = http_date(headers.get("Date") or "")
    return max(0.0, then - (wall if now is None else now))


def http_date(value: str) -> float | None:
    """The moment that a header names, seconds since the epoch, or None if it names none that makes sense."""
    try:
        date = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=timezone.utc)
    seconds = date.timestamp()
    return seconds if 0 <= seconds < _LATEST else None
