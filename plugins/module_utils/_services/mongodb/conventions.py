# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conventions that the MongoDB management APIs share: ids, errors, quotas.

Ops Manager and Cloud Manager API v1.0, Atlas Administration API v1.0 and v2.
https://www.mongodb.com/docs/ops-manager/current/core/api/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._core.context import TaskContext
from ..._core.http.endpoint import ErrorParts
from ..._core.http.limits.rate_limit import RateLimit, RateLimitInfo, is_sensible
from ..._core.http.response import Response
from ..._core.params import argspec, validators

# The project is missing, or not one of this API.
PROJECT_CODES = ("GROUP_NOT_FOUND", "INVALID_GROUP_ID", "ATLAS_GROUP", "NOT_ATLAS_GROUP")
# The project is one of the other product at the same address.
OTHER_PRODUCT = ("ATLAS_GROUP", "NOT_ATLAS_GROUP")
# The credentials are good, but not for the project. The status may be 401 all the same.
LACKS_RIGHTS = ("USER_UNAUTHORIZED", "NOT_IN_GROUP", "USER_CANNOT_ACCESS_GROUP")
# The cluster is one of another kind, whose backups have calls of their own.
IS_FLEX = "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API"
_IS_SERVERLESS = "CANNOT_USE_SERVERLESS_INSTANCE_IN_CLUSTER_API"
_IS_NOT_FLEX = "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API"

_ACCESS_LIST = (
    "The service does not accept these credentials from this machine's address: add the address to the API access list "
    "of the API key or service account."
)
_HINTS = {
    "USER_UNAUTHORIZED": "The API key or service account lacks a role in the project.",
    "NOT_IN_GROUP": "The API key or service account does not belong to the project, or the project does not exist.",
    "USER_CANNOT_ACCESS_GROUP": "The API key or service account does not belong to the project.",
    "GROUP_NOT_FOUND": "Check the id of the project.",
    "CLUSTER_NOT_FOUND": "Check the name of the cluster.",
    "NOT_ATLAS_GROUP": "This project belongs to Cloud Manager or Ops Manager, not to Atlas.",
    "ATLAS_GROUP": "This project belongs to Atlas, not to Cloud Manager or Ops Manager. For its log collection jobs, "
    "set product: atlas.",
    "INVALID_DATE_FORMAT": "If it is log_from or log_to, set date_format to the other form.",
    "RESOURCE_NOT_FOUND_FOR_JOB": "Check resource_type and resource_names.",
    IS_FLEX: "Flex clusters have backups of another kind: MongoDB Atlas takes and deletes their snapshots by itself, "
    "and does not restore those of dedicated clusters to them. snapshot_info lists them, and restore_job restores them "
    "to another cluster.",
    _IS_SERVERLESS: "Serverless instances and their backups ended on 22 January 2026, when MongoDB Atlas had moved "
    "them to free, flex or dedicated clusters. Check in Atlas which cluster this one has become.",
    _IS_NOT_FLEX: "The cluster is no longer a flex cluster. Run the task again.",
    "CLUSTER_PAUSED_CANNOT_RESTORE": "Resume the target cluster first.",
    "ATLAS_CLUSTER_RESTORE_IN_PROGRESS": "Wait until the other restore to the target cluster has finished.",
    "CLUSTER_RESTORE_IN_PROGRESS_CANNOT_UPDATE": "Wait until the other restore to the target cluster has finished.",
    "CANNOT_DOWNLOAD_SNAPSHOT_CONCURRENTLY": "Fetch or cancel the download of this snapshot that exists already; "
    "restore_job_info lists it.",
    "TOO_MANY_SNAPSHOT_DOWNLOADS": "Fetch or cancel other downloads of the project first; restore_job_info lists them.",
    "CANNOT_DOWNLOAD_SNAPSHOT_WITH_ENCRYPTION": "Restore it to a cluster instead, with delivery_type: automated.",
    "ATLAS_BACKUP_CANCEL_SHARD_RESTORE_JOB_NOT_ALLOWED": "The download of a single shard expires by itself, an hour "
    "after it is ready.",
    "SNAPSHOT_NOT_FOUND": "cluster_name must be the cluster that the snapshot was taken of.",
}


def is_about_container(code: str | None) -> bool:
    """Whether an error's code is about the project or the cluster, and not about what is in it."""
    return code in (*PROJECT_CODES, IS_FLEX, _IS_SERVERLESS, _IS_NOT_FLEX, "CLUSTER_NOT_FOUND")


def is_about_address(code: str | None) -> bool:
    """Whether an error's code says that the credentials are not accepted from this machine's address."""
    # The words changed from "whitelist" to "access list"; installations answer with either.
    return code is not None and code.endswith(("WHITELIST", "ACCESS_LIST"))


def ids(option: str, params: Mapping[str, Any], context: TaskContext) -> list[str] | None:
    """The ids in an option as the service spells them, or None without the option.

    :raises InvalidInput: one of them is invalid, or there are none where some are needed.
    """
    checked = argspec.ids(option, params, validators.HEX_24, check_mode=context.check_mode)
    return None if checked is None else [each.lower() for each in checked]


def one_id(option: str, params: Mapping[str, Any], context: TaskContext) -> str | None:
    """The id in an option as the service spells it, or None without the option.

    :raises InvalidInput: it is invalid.
    """
    if params[option] is None:
        return None
    return validators.identifier(option, params[option], validators.HEX_24, check_mode=context.check_mode).lower()


def read_error(response: Response) -> ErrorParts | None:
    """The ErrorParts of an error in the form that all MongoDB management APIs use, else None."""
    body = response.json_object()
    code = body.get("errorCode")
    if not code and not response.is_success:
        code = response.headers.get("X-Error-Code")
    if not code and not (body.get("detail") and body.get("error")):
        return None
    return code, body.get("detail") or body.get("reason"), None


def read_rate_limit(response: Response) -> RateLimitInfo:
    """What an answer says of a rate limit, see ServiceProfile.

    https://www.mongodb.com/docs/atlas/api/api-rate-limit/ and
    https://www.mongodb.com/docs/ops-manager/current/core/api/
    """
    text = response.headers.get("RateLimit-Remaining") or ""
    remaining = float(text) if text.isascii() and text.isdigit() else None
    body = response.json_object() if response.status == 429 else {}
    found = body.get("parameters")
    parameters = found if isinstance(found, list) else []
    window, bucket = _non_negative(parameters[1:], 2), _non_negative(parameters[1:], 4)
    rate_limit = wait = None
    if body.get("errorCode") == "RATE_LIMITED" and window:
        # So many requests in so many minutes.
        rate_limit = RateLimit(window[0], 60 * window[1])
    elif body.get("errorCode") == "RATE_LIMITED_TOKEN_BUCKET" and bucket:
        wait, capacity, refill, seconds = bucket
        rate_limit = RateLimit(refill, seconds, capacity)
    return RateLimitInfo(rate_limit if rate_limit and is_sensible(rate_limit) else None, remaining, wait)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _non_negative(values: Sequence[Any], count: int) -> list[float] | None:
    """Values as numbers, if there are just so many and none is below zero."""
    numbers = [number for number in map(_number, values) if number is not None and number >= 0]
    return numbers if len(numbers) == len(values) == count else None


def hint(status: int, code: str | None) -> str:
    """A sentence with the remedy for an error, or ""."""
    if code in _HINTS:
        return _HINTS[code]
    if is_about_address(code):
        return _ACCESS_LIST
    if status == 401:
        return "Check the API key or service account."
    return ""


def lacks_rights(response: Response) -> bool:
    """Whether a response says that the credentials are good, but not for the project."""
    error = read_error(response)
    return error is not None and error[0] in LACKS_RIGHTS
