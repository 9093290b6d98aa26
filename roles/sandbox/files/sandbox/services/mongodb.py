# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from ..exchange import Answer, Call, compact, reason
from ..variants import Variants

# What the MongoDB services have in common: error codes, error bodies, lists, envelopes, rate limits.

# errorCode: (HTTP status, text with one %s for each parameter)
CODES = {
    "ALREADY_EXPIRED": (400, "Cannot update an entity that has already expired."),
    "ATLAS_BACKUP_CANCEL_SHARD_RESTORE_JOB_NOT_ALLOWED": (
        405,
        "Cannot cancel a restore job of an individual shard. Please cancel the entire sharded cluster restore job.",
    ),
    "ATLAS_GROUP": (404, "Group %s is an Atlas group; use the Atlas Public API at /api/atlas/v1.0 to access it."),
    "CANNOT_CANCEL_AUTOMATED_RESTORE": (400, "Automated restore cannot be cancelled."),
    "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API": (400, "Flex cluster %s cannot be used in the Cluster API."),
    "CLUSTER_NOT_FOUND": (404, "No cluster named %s exists in group %s."),
    "GROUP_NOT_FOUND": (404, "No group with ID %s exists."),
    "INVALID_GROUP_ID": (404, "An invalid group ID %s was specified."),
    "INVALID_JOB_ID": (404, "An invalid restore job ID %s was specified."),
    "INVALID_LOG_COLLECTION_JOB_ID": (404, "An invalid log collection job ID %s was specified."),
    "INVALID_QUERY_PARAMETER": (400, "Invalid query parameter %s specified."),
    "INVALID_VERSION_DATE": (400, "There is no version number in the request."),
    "IP_ADDRESS_NOT_ON_ACCESS_LIST": (403, "IP address %s is not allowed to access this resource."),
    "IP_ADDRESS_NOT_ON_WHITELIST": (403, "IP address %s is not allowed to access this resource."),
    "LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP": (404, "No log collection job with ID %s exists in group %s."),
    "NOT_ATLAS_GROUP": (
        404,
        "Group %s is not an Atlas group; use the Cloud Manager Public API at /api/public/v1.0 to access it.",
    ),
    "NOT_IN_GROUP": (401, "The current user is not in the group, or the group does not exist."),
    "ONLY_FAILED_JOB_CAN_BE_RESTARTED": (400, "A job can only be restarted if it is in the FAILED state."),
    "ORG_REQUIRES_WHITELIST": (403, "This organization requires access through a whitelist of ip ranges."),
    "RATE_LIMITED": (429, "Resource %s is limited to %s requests every %s minutes."),
    "RATE_LIMITED_TOKEN_BUCKET": (
        429,
        "Rate limit exceeded for %s. Please retry after %s seconds. Request capacity: %s. "
        "Refill rate: %s per %s seconds.",
    ),
    "RESOURCE_NOT_FOUND": (404, "Cannot find resource %s."),
    "RESOURCE_REQUIRES_WHITELIST": (403, "This resource requires access through a whitelist of ip ranges."),
    "RESTORE_JOB_NOT_FOUND": (404, "No restore job with ID %s exists for cluster %s."),
    "UNEXPECTED_ERROR": (500, "Unexpected error."),
    "USER_UNAUTHORIZED": (401, "Current user is not authorized to perform this action."),
    "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES": (
        405,
        "Create, update, and delete API endpoints are disabled while the system is being upgraded.",
    ),
}
COMMON_HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubdomains;",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-MongoDB-Service-Version": "gitHash=0000000000000000000000000000000000000000; versionString=8.0.0",
}


class ApiError(Exception):
    """Ends the handling of a call with one of the documented errors."""

    def __init__(self, code: str, *parameters: Any, status: int | None = None):
        super().__init__(code)
        self.code = code
        self.parameters = parameters
        self.status = status or CODES[code][0]

    def answer(self) -> Answer:
        template = CODES[self.code][1]
        detail = template % self.parameters if "%s" in template else template
        # The live service sends null, not [], with the code that stands for anything else.
        parameters = None if self.code == "UNEXPECTED_ERROR" else list(self.parameters)
        return error_answer(self.status, self.code, detail, parameters)


def error_answer(status: int, code: str, detail: str, parameters: list | None) -> Answer:
    body = {"detail": detail, "error": status, "errorCode": code, "parameters": parameters, "reason": reason(status)}
    headers = {"Content-Type": "application/json"}
    if status != 401:
        headers["X-Error-Code"] = code
    return Answer(status, compact(body), headers)


def flag(call: Call, name: str, default: bool = False) -> bool:
    return call.query.get(name, str(default)).lower() == "true"


def document(call: Call, value: dict, content_type: str) -> Answer:
    """A single object or a list (which has `results`), in an envelope and pretty if asked for."""
    if flag(call, "envelope"):
        value = {**value, "status": 200} if "results" in value else {"status": 200, "content": value}
    body = json.dumps(value, indent=2).encode() if flag(call, "pretty") else compact(value)
    return Answer(200, body, {"Content-Type": content_type})


def _positive(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise ApiError("INVALID_QUERY_PARAMETER", name)
    return int(text)


def page(call: Call, variants: Variants, items: Iterable[Any], total: int, first_query: dict[str, str]) -> tuple:
    """The items of the page asked for, and the list document around them, whose results are still to be filled in.

    `first_query` is what stands before the paging parameters in the links.
    """
    number = _positive(call, "pageNum", 1)
    size = min(_positive(call, "itemsPerPage", 100), int(variants["max_items_per_page"]))
    start = (number - 1) * size

    def link(rel: str, query: dict[str, Any]) -> dict[str, str]:
        return {"href": f"{call.origin}{call.path}?{urlencode({**first_query, **query})}", "rel": rel}

    # The service puts the page number first in `self`, but last in the other two.
    links = [link("self", {"pageNum": number, "itemsPerPage": size})]
    if number > 1:
        links.append(link("previous", {"itemsPerPage": size, "pageNum": number - 1}))
    if start + size < total:
        links.append(link("next", {"itemsPerPage": size, "pageNum": number + 1}))
    listing: dict[str, Any] = {"links": links if variants["page_links"] else [], "results": []}
    if variants["total_count"] and flag(call, "includeCount", True):
        listing["totalCount"] = total
    return list(islice(items, start, start + size)), listing


class TokenBucket:
    """Atlas: cloud backup calls, one bucket for each project."""

    def __init__(self, now: float, variants: Variants):
        self._variants = variants
        self._tokens: float | None = None  # full, whatever its size will be
        self._since = now

    @property
    def capacity(self) -> int:
        return int(self._variants["bucket_capacity"])

    def _fill(self, now: float) -> float:
        if self._tokens is None:
            return float(self.capacity)
        refilled = self._tokens + (now - self._since) * self._variants["bucket_refill"] / self._variants["rate_seconds"]
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

    def refusal(self, path: str) -> Answer:
        missing = 1 - (self._tokens or 0)
        wait = max(1, math.ceil(missing * self._variants["rate_seconds"] / self._variants["bucket_refill"]))
        return with_retry_after(token_bucket_error(path, wait, self._variants).answer(), wait, self._variants)


def token_bucket_error(path: str, wait: int, variants: Variants) -> ApiError:
    numbers = (variants[name] for name in ("bucket_capacity", "bucket_refill", "rate_seconds"))
    return ApiError("RATE_LIMITED_TOKEN_BUCKET", path, wait, *numbers)


class MinuteCounter:
    """Ops Manager and Cloud Manager: a limit for each project, whose counter starts anew each minute."""

    def __init__(self, variants: Variants) -> None:
        self._variants = variants
        self._minute = -1
        self._count = 0

    def take(self, now: float) -> bool:
        minute = int(now // self._variants["rate_seconds"])
        if minute != self._minute:
            self._minute, self._count = minute, 0
        self._count += 1
        return self._count <= self._variants["minute_limit"]

    def refusal(self, path: str, now: float) -> Answer:
        seconds = self._variants["rate_seconds"]
        wait = math.ceil(seconds - now % seconds)
        return with_retry_after(rate_limit_error(path, self._variants).answer(), wait, self._variants)


def rate_limit_error(path: str, variants: Variants) -> ApiError:
    minutes = variants["rate_seconds"] / 60
    return ApiError("RATE_LIMITED", path, variants["minute_limit"], int(minutes) if minutes.is_integer() else minutes)


def with_retry_after(answer: Answer, wait: int, variants: Variants) -> Answer:
    if variants["retry_after"]:
        answer.headers["Retry-After"] = str(wait)
    return answer
