# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math

from ...http.messages import Response
from ...variants.mongodb import MongoDBVariants
from .errors import ApiError


class TokenBucket:
    """The rate limit of Atlas: a bucket for each project."""

    def __init__(self, now: float, variants: MongoDBVariants):
        self._variants = variants
        self._tokens: float | None = None  # None: full, whatever its capacity is when the first token is taken
        self._since = now

    @property
    def capacity(self) -> int:
        return int(self._variants.bucket_capacity)

    def _fill(self, now: float) -> float:
        if self._tokens is None:
            return float(self.capacity)
        refilled = self._tokens + (now - self._since) * self._variants.bucket_refill / self._variants.rate_seconds
        return min(float(self.capacity), refilled)

    def take(self, now: float) -> bool:
        self._tokens, self._since = self._fill(now), now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    @property
    def remaining(self) -> int:
        return int(self._tokens or 0)

    def refusal(self, path: str) -> Response:
        missing = 1 - (self._tokens or 0)
        wait = max(1, math.ceil(missing * self._variants.rate_seconds / self._variants.bucket_refill))
        return with_retry_after(token_bucket_error(path, wait, self._variants).response(), wait, self._variants)


def token_bucket_error(path: str, wait: int, variants: MongoDBVariants) -> ApiError:
    numbers = (variants.bucket_capacity, variants.bucket_refill, variants.rate_seconds)
    return ApiError("RATE_LIMITED_TOKEN_BUCKET", path, wait, *numbers)


class MinuteCounter:
    """The rate limit of Ops Manager and Cloud Manager: a counter for each project, which restarts every minute."""

    def __init__(self, variants: MongoDBVariants) -> None:
        self._variants = variants
        self._minute = -1
        self._count = 0

    def take(self, now: float) -> bool:
        minute = int(now // self._variants.rate_seconds)
        if minute != self._minute:
            self._minute, self._count = minute, 0
        self._count += 1
        return self._count <= self._variants.minute_limit

    def refusal(self, path: str, now: float) -> Response:
        seconds = self._variants.rate_seconds
        wait = math.ceil(seconds - now % seconds)
        return with_retry_after(rate_limit_error(path, self._variants).response(), wait, self._variants)


def rate_limit_error(path: str, variants: MongoDBVariants) -> ApiError:
    minutes = variants.rate_seconds / 60
    return ApiError("RATE_LIMITED", path, variants.minute_limit, int(minutes) if minutes.is_integer() else minutes)


def with_retry_after(response: Response, wait: int, variants: MongoDBVariants) -> Response:
    if variants.retry_after:
        response.headers["Retry-After"] = str(wait)
    return response
