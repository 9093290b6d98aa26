# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....http.messages import Request
from ....variants.mongodb import MongoDBVariants
from ..body import Body, parse_date
from ..errors import ApiError
from ..log_creation import DATES, DEFAULT_ERROR
from ..log_jobs import DAY
from .jobs import FILE_BYTES, LIFE, LOG_TYPES, OpsManager, Server, ServerLogJob, parts_of

LONGEST_PERIOD = 7 * DAY


def active_servers(ops_manager: OpsManager, variants: MongoDBVariants) -> list[Server]:
    """The servers whose logs can be collected."""
    return [server for server in ops_manager.servers if variants.daemon_logs or server.type != "BACKUP_DAEMON"]


def new_job(
    request: Request, ops_manager: OpsManager, new_id: Callable[..., str], now: float, variants: MongoDBVariants
) -> ServerLogJob:
    """The job that the body of the request describes."""
    body = Body(request, ("servers", "logTypes", "sizeRequestedPerFileBytes", *DATES))
    servers = _servers(body, active_servers(ops_manager, variants))
    kinds = body.choices("logTypes", tuple(LOG_TYPES)) if "logTypes" in body else []
    file_bytes = body.number("sizeRequestedPerFileBytes") if "sizeRequestedPerFileBytes" in body else FILE_BYTES
    if file_bytes <= 0:
        raise ApiError("INVALID_LOG_REQUEST_SIZE")
    parts = parts_of(servers, kinds or tuple(LOG_TYPES))
    if kinds and ({kind for _server, kind in parts} != set(kinds) or {name for name, _kind in parts} != _ids(servers)):
        # Each type must be one that the servers have, and each server must have one of the types.
        raise ApiError("INVALID_ATTRIBUTE", "logTypes")
    dates = _dates(body, now)
    running = [job for job in ops_manager.jobs.values() if job.status == "IN_PROGRESS"]
    if len(running) >= variants.server_log_jobs_at_once:
        raise ApiError("UNEXPECTED_ERROR", status=429)
    defaults = ops_manager.new_jobs
    errors = {part: message for part, message in defaults.errors.items() if part in parts}
    if defaults.first_run.result == "FAILURE" and not errors:
        errors = {parts[0]: DEFAULT_ERROR}
    return ServerLogJob(
        id=new_id(*sorted(_ids(servers))),
        created=now,
        expires=now + LIFE,
        status="IN_PROGRESS",
        servers=[server.id for server in servers],
        log_types=sorted({kind for _server, kind in parts}),
        parts=parts,
        file_bytes=int(file_bytes),
        total_bytes=defaults.total_bytes,
        archive_bytes=defaults.archive_bytes,
        errors=errors,
        retry=defaults.retry,
        started=now,
        finished=None,
        current_run=defaults.first_run,
        dates=dates,
        names_nothing=not kinds and not (body.value("servers") if "servers" in body else []),
    )


def _ids(servers: list[Server]) -> set[str]:
    return {server.id for server in servers}


def _servers(body: Body, active: list[Server]) -> list[Server]:
    names = body.choices("servers", [server.id for server in active]) if "servers" in body else []
    return [server for server in active if server.id in names] or active


def _dates(body: Body, now: float) -> tuple[Any, Any]:
    if not any(name in body for name in DATES):
        return None, None
    start, end = (body.text(name) for name in DATES)
    first, last = parse_date(start), parse_date(end)
    if first >= last:
        raise ApiError("START_DATE_AFTER_END_DATE")
    if first > now or last - first > LONGEST_PERIOD:
        raise ApiError("INVALID_ATTRIBUTE", DATES[0])
    return start, end
