# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a request is sent again: a table, and the waits between attempts."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timezone
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Callable


class Effect(Enum):
    """What a request does to the service. Each endpoint declares it; the HTTP method says nothing about it."""

    READ = "reads"
    CHANGE = "changes"


class Outcome(Enum):
    """How an attempt ended, if not with the response that was asked for."""

    NOT_CONNECTED = "not connected: refused, unknown host, connect time-out"
    RESET_BEFORE_SENDING = "connection lost before anything was sent"
    RESET_AFTER_SENDING = "connection lost after something was sent"
    READ_TIMEOUT = "no response in time"
    TRUNCATED = "response cut off"
    NOT_THE_SERVICE = "a success, but not in the service's form (the page of a portal)"
    UNTRUSTED = "TLS verification failed"
    SERVICE_TRANSIENT = "an error code of the service that means: not now, and nothing was done"
    HTTP_408 = 408
    HTTP_429 = 429
    HTTP_500 = 500
    HTTP_502 = 502
    HTTP_503 = 503
    HTTP_504 = 504
    GATEWAY_ERROR = "another status with which something in front of the service gives up, such as 520 or 499"
    FINAL = "any other response"


class Verdict(Enum):
    """What happens after an attempt."""

    RETRY = "send the same request again"
    OBSERVE = "the request may have acted: observe the state of the service first"
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
    # A proxy may answer 5xx after the service behind it acted, so a change must be looked up first.
    Outcome.HTTP_500: (Verdict.RETRY, Verdict.OBSERVE),
    Outcome.HTTP_502: (Verdict.RETRY, Verdict.OBSERVE),
    Outcome.HTTP_503: (Verdict.RETRY, Verdict.OBSERVE),
    Outcome.HTTP_504: (Verdict.RETRY, Verdict.OBSERVE),
    Outcome.GATEWAY_ERROR: (Verdict.RETRY, Verdict.OBSERVE),
    Outcome.FINAL: (Verdict.FAIL, Verdict.FAIL),
}
POLICY = {
    (effect, outcome): verdicts[column]
    for outcome, verdicts in _TABLE.items()
    for column, effect in enumerate((Effect.READ, Effect.CHANGE))
}

# The year 2200. No service means a later date.
_LATEST = 7_258_118_400
_BY_STATUS = {outcome.value: outcome for outcome in Outcome if isinstance(outcome.value, int)}
# Nothing was done: the service does not know the method or the version of HTTP, or a portal wants somebody to sign in.
_REFUSED_AS_SUCH = (501, 505, 511)
# nginx: the client is said to have closed the connection.
_CLIENT_CLOSED = 499

# A quota that is counted by the minute needs more patience than a lost connection.
_THROTTLED_PATIENCE = 2
# Where the waits are short, because that is how the end of a window is found, seconds count instead of attempts.
_SECONDS_PER_RETRY = 15
# After a 429 that does not say how long to wait, the first wait is longer. If it does say so, nothing is broken, and a
# small random part is enough to spread the tasks that share the quota.
_THROTTLED_BASE = 2
_THROTTLED_SPREAD = 0.2
# Seconds. Counters often start again when the clock shows a multiple of one of these.
_ROUND = (300, 60, 30, 15, 10, 5, 1)
# By how much a wait may be changed to end at such a moment.
_SHORTER, _LONGER = 0.7, 1.1
# Larger exponents would only overflow: the longest wait is reached far earlier.
_LARGEST_EXPONENT = 30


def outcome_of_status(status: int) -> Outcome:
    """The Outcome of an HTTP status that is not a success."""
    if status == _CLIENT_CLOSED or status >= 500 and status not in _REFUSED_AS_SUCH:
        return _BY_STATUS.get(status, Outcome.GATEWAY_ERROR)
    return _BY_STATUS.get(status, Outcome.FINAL)


@dataclass(frozen=True)
class Backoff:
    """The waits between attempts, in seconds.

    retries: how many times a request may be sent again.
    base: the first wait is drawn from between 0 and this (full jitter), each further one from twice the range.
    longest: the upper limit for drawn waits.
    longest_asked: the upper limit for waits that the service asks for.
    total: the upper limit for all attempts of one request together.
    draw: draws a number from between two others.
    """

    retries: int
    base: float = 0.5
    longest: float = 30.0
    longest_asked: float = 60.0
    total: float = 300.0
    draw: Callable[[float, float], float] = random.uniform

    @property
    def throttled_retries(self) -> int:
        """How many times a request may be sent again after a 429, which is not a fault."""
        return _THROTTLED_PATIENCE * self.retries

    @property
    def throttled_patience(self) -> float:
        """For how many seconds a request may be answered with 429 however often that is."""
        return _SECONDS_PER_RETRY * self.throttled_retries

    @property
    def throttled_total(self) -> float:
        """The upper limit for all attempts of a request that is answered with 429."""
        return _THROTTLED_PATIENCE * self.total

    def delay(self, attempt: int, asked: float | None = None, *, is_throttled: bool = False) -> float:
        """The wait after an attempt.

        :param attempt: its number, beginning at 0.
        :param asked: the wait that the service asks for, or None.
        :param is_throttled: the service answered 429.
        """
        if asked is None:
            most = self._most(_THROTTLED_BASE if is_throttled else 1, attempt)
            # Most quotas are counted by the minute, which even the shortest possible waits together must outlast.
            return self.draw(most / 2 if is_throttled else 0, most)
        spread = self._most(_THROTTLED_SPREAD if is_throttled else 1, attempt)
        wait = min(asked, self.longest_asked) + self.draw(0, spread)
        if is_throttled and attempt:
            # What the service asked for before was too short.
            return max(wait, self.delay(attempt, is_throttled=True))
        return wait

    def _most(self, factor: float, attempt: int) -> float:
        """The longest wait that may be drawn."""
        return min(self.longest, factor * self.base * 2.0 ** min(attempt, _LARGEST_EXPONENT))


def until_round_moment(wait: float, service_time: float) -> float:
    """Changes a wait a little, so that it ends when a quota that nobody describes is likely to start again.

    :param wait: seconds.
    :param service_time: seconds since the epoch, by the service's clock.
    """
    for seconds in _ROUND:
        moment = math.ceil((service_time + _SHORTER * wait) / seconds) * seconds
        if moment <= service_time + _LONGER * wait:
            return moment - service_time
    return wait


def parse_retry_after(headers: Mapping[str, str], wall: float) -> float | None:
    """The seconds that a Retry-After header asks for, or None.

    :param headers: the headers of the response. An HTTP date is compared with their Date, if there is one, so that a
        wrong clock on either side does no harm.
    :param wall: our own time, in seconds since the epoch.
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
    """The moment that a header names, in seconds since the epoch; None if it is not a sensible date."""
    try:
        date = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=timezone.utc)
    seconds = date.timestamp()
    return seconds if 0 <= seconds < _LATEST else None
