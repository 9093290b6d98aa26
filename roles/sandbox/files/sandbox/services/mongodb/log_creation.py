# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...http.messages import Request
from ...variants.mongodb import MongoDBVariants
from .body import Body, parse_date
from .errors import ApiError
from .log_jobs import LIFE, LOG_TYPES, RESOURCE_TYPES, USER_ID, LogJob, LogProject, normalize_resource_type

REQUIRED = ("resourceType", "resourceName", "sizeRequestedPerFileBytes", "logTypes", "redacted")
DATES = ("logCollectionFromDate", "logCollectionToDate")
DEFAULT_ERROR = "The agent did not answer in time."


def new_job(
    request: Request, project: LogProject, new_id: Callable[..., str], now: float, variants: MongoDBVariants
) -> LogJob:
    """The job that the body of the request describes; raises the documented errors."""
    body = Body(request, (*REQUIRED, *DATES))
    body.require(*REQUIRED)
    given_type = body.text("resourceType")
    resource_type, name = normalize_resource_type(given_type), body.text("resourceName")
    if resource_type not in RESOURCE_TYPES:
        raise ApiError("INVALID_ENUM_VALUE", given_type)
    log_types = body.choices("logTypes", LOG_TYPES)
    if not log_types:
        raise ApiError("INVALID_LOG_REQUEST_TYPES")
    if body.number("sizeRequestedPerFileBytes") <= 0:
        raise ApiError("INVALID_LOG_REQUEST_SIZE")
    redacted = body.flag("redacted")
    dates = _read_dates(body, _date_format(project.family, variants))
    if project.resources is not None and (resource_type, name) not in project.resources:
        raise ApiError("RESOURCE_NOT_FOUND_FOR_JOB", name, resource_type)
    defaults = project.new_jobs
    return LogJob(
        id=new_id(resource_type, name),
        project=project.id,
        user=USER_ID,
        created=now,
        expires=now + LIFE,
        status="IN_PROGRESS",
        resource_type=resource_type,
        resource_name=name,
        log_types=log_types,
        redacted=redacted,
        file_bytes=int(body.number("sizeRequestedPerFileBytes")),
        total_bytes=defaults.total_bytes,
        processes=defaults.processes,
        errors=_errors(project, log_types),
        retry=defaults.retry,
        started=now,
        archive_bytes=defaults.archive_bytes,
        current_run=defaults.first_run,
        dates=dates,
    )


def _errors(project: LogProject, log_types: list[str]) -> dict[tuple[str, str], str]:
    """The errors of the child jobs; a job that is to fail has one at least."""
    defaults = project.new_jobs
    errors = {(host, kind): message for (host, kind), message in defaults.errors.items() if kind in log_types}
    if defaults.first_run.result == "FAILURE" and not errors:
        return {(defaults.processes[0], log_types[0]): DEFAULT_ERROR}
    return errors


def _date_format(family: str, variants: MongoDBVariants) -> str:
    if variants.log_dates == "by_product":
        return "milliseconds" if family == "ops_manager" else "iso8601"
    return variants.log_dates


def _read_dates(body: Body, date_format: str) -> tuple[Any, Any] | None:
    if not any(name in body for name in DATES):
        return None
    start, end = (body.value(name) for name in DATES)
    if _seconds(start, date_format) >= _seconds(end, date_format):
        raise ApiError("START_DATE_AFTER_END_DATE")
    return start, end


def _seconds(value: Any, date_format: str) -> float:
    if date_format != "iso8601" and isinstance(value, int) and not isinstance(value, bool):
        return value / 1000
    if date_format == "milliseconds":
        raise ApiError("INVALID_DATE_FORMAT", value)
    return parse_date(value)
