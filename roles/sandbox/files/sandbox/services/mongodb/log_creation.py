# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...http.messages import Call
from ...variants.registry import Variants
from .api import ApiError
from .body import Body, iso_date
from .log_jobs import LIFE, LOG_TYPES, RESOURCE_TYPES, LogJob, LogProject, spelled_type

REQUIRED = ("resourceType", "resourceName", "sizeRequestedPerFileBytes", "logTypes", "redacted")
DATES = ("logCollectionFromDate", "logCollectionToDate")
USER = "66f1c0de0000000000000099"
MESSAGE = "The agent did not answer in time."


def new_job(call: Call, project: LogProject, new_id: Callable[..., str], now: float, variants: Variants) -> LogJob:
    """The job that the body of the call asks for; raises the documented errors."""
    body = Body(call, (*REQUIRED, *DATES))
    body.require(*REQUIRED)
    asked_type = body.text("resourceType")
    resource_type, name = spelled_type(asked_type), body.text("resourceName")
    if resource_type not in RESOURCE_TYPES:
        raise ApiError("INVALID_ENUM_VALUE", asked_type)
    log_types = body.choices("logTypes", LOG_TYPES)
    if not log_types:
        raise ApiError("INVALID_LOG_REQUEST_TYPES")
    if body.number("sizeRequestedPerFileBytes") <= 0:
        raise ApiError("INVALID_LOG_REQUEST_SIZE")
    redacted = body.flag("redacted")
    dates = _dates(body, _date_form(project.family, variants))
    if project.resources is not None and (resource_type, name) not in project.resources:
        raise ApiError("RESOURCE_NOT_FOUND_FOR_JOB", name, resource_type)
    new = project.new_jobs
    errors = {(host, kind): message for (host, kind), message in new.errors.items() if kind in log_types}
    if new.ends.result == "FAILURE" and not errors:
        errors = {(new.processes[0], log_types[0]): MESSAGE}
    return LogJob(
        id=new_id(resource_type, name),
        project=project.id,
        user=USER,
        created=now,
        expires=now + LIFE,
        status="IN_PROGRESS",
        resource_type=resource_type,
        resource_name=name,
        log_types=log_types,
        redacted=redacted,
        file_bytes=int(body.number("sizeRequestedPerFileBytes")),
        total_bytes=new.total_bytes,
        processes=new.processes,
        errors=errors,
        retry=new.retry,
        started=now,
        archive_bytes=new.archive_bytes,
        ends=new.ends,
        dates=dates,
    )


def _date_form(family: str, variants: Variants) -> str:
    form = variants["log_dates"]
    if form == "by_product":
        return "milliseconds" if family == "ops_manager" else "iso8601"
    return form


def _dates(body: Body, form: str) -> tuple[Any, Any] | None:
    if not any(name in body for name in DATES):
        return None
    start, end = (body.value(name) for name in DATES)
    if _seconds(start, form) >= _seconds(end, form):
        raise ApiError("START_DATE_AFTER_END_DATE")
    return start, end


def _seconds(value: Any, form: str) -> float:
    if form != "iso8601" and isinstance(value, int) and not isinstance(value, bool):
        return value / 1000
    if form == "milliseconds":
        raise ApiError("INVALID_DATE_FORMAT", value)
    return iso_date(value)
