# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ...clock import Clock
from ...http.messages import Request, Response, json_response
from ...variants.lts import LtsVariants
from .body import (
    INHERITED,
    JSON,
    LtsError,
    invalid,
    missing_stream,
    read_integer,
    read_name,
    read_object,
    read_tags,
    read_text,
    update_tags,
)
from .groups import Groups
from .model import SYSTEM_TAG, Group, Project, Stream

NAME_TAKEN = "The log stream name has been existed"
QUOTA = "Failed to create log topic, the number of log topics exceeds the quota"


class Streams:
    """Log streams."""

    def __init__(self, groups: Groups, clock: Clock, variants: LtsVariants):
        self._groups = groups
        self._clock = clock
        self._variants = variants

    def list_of_group(self, request: Request, project: Project, group_id: str) -> Response:
        group = self._groups.find(project, group_id)
        return json_response(200, {"log_streams": [stream.document() for stream in self._listed(group)]}, JSON)

    def list_all(self, request: Request, project: Project) -> Response:
        group_name, stream_name = request.query.get("log_group_name"), request.query.get("log_stream_name")
        streams = []
        for group in project.groups.values():
            if group_name not in (None, group.name):
                continue
            for stream in self._listed(group):
                if stream_name in (None, stream.name):
                    document = stream.document()
                    if self._variants.log_streams_group_id:
                        document["log_group_id"] = group.id
                    streams.append(document)
        return json_response(200, {"log_streams": streams}, JSON)

    def _listed(self, group: Group) -> list[Stream]:
        now = self._clock.now()
        return [stream for stream in group.streams.values() if stream.listed_from <= now]

    def create(self, request: Request, project: Project, group_id: str) -> Response:
        group = self._groups.find(project, group_id)
        data = read_object(request)
        name = read_name(data, "log_stream_name")
        alias = read_text(data, "log_stream_name_alias", 64)
        if "default" in (read_text(data, "enterprise_project_name", 255) or ""):
            raise invalid()
        ttl, tags = self._read_new_ttl(data), read_tags(data) or {}
        within = project.groups.values() if self._variants.stream_name_unique_in == "project" else [group]
        if name in [stream.name for one in within for stream in one.streams.values()]:
            raise LtsError(400, "LTS.0205", NAME_TAKEN)
        if len(group.streams) >= self._variants.log_stream_quota:
            raise LtsError(400, "LTS.0206", QUOTA)
        now = self._clock.now()
        stream_id = project.new_id("stream", group.id, name)
        stream = Stream(stream_id, name, now, ttl, {**SYSTEM_TAG, **tags}, group, alias)
        stream.listed_from = now + self._variants.hide_new_lts
        group.streams[stream.id] = stream
        return json_response(201, {"log_stream_id": stream.id}, JSON, acted=True)

    def _read_new_ttl(self, data: dict[str, Any]) -> int | None:
        if "ttl_in_days" in data:
            return _read_ttl(data)
        default = self._variants.stream_ttl_when_absent
        return default if isinstance(default, int) else None

    def update(self, request: Request, project: Project, group_id: str, stream_id: str) -> Response:
        stream = self._find(project, group_id, stream_id)
        data = read_object(request)
        ttl, tags = _read_ttl(data), read_tags(data)
        update_tags(stream.tag, tags, self._variants)
        stream.own_ttl = ttl
        # These names are older: streams used to be called topics.
        response = {
            "creation_time": int(stream.created * 1000),
            "log_topic_name": stream.name,
            "log_topic_id": stream.id,
            "ttl_in_days": stream.ttl_in_days,
        }
        return json_response(200, response, JSON, acted=True)

    def delete(self, request: Request, project: Project, group_id: str, stream_id: str) -> Response:
        stream = self._find(project, group_id, stream_id)
        blocking = project.blocking_transfers(self._variants.disabled_transfer_blocks)
        if any(transfer.uses(stream_id) for transfer in blocking):
            code = self._variants.blocked_stream_code
            noun = "topic" if code == "LTS.0207" else "stream"
            raise LtsError(400, code, f"Log {noun} is associated by transfer")
        del stream.group.streams[stream_id]
        return Response(204, acted=True)

    def _find(self, project: Project, group_id: str, stream_id: str) -> Stream:
        if group_id not in project.groups and self._variants.missing_stream_in_missing_group == "LTS.0208":
            raise missing_stream(stream_id, self._variants)
        stream = self._groups.find(project, group_id).streams.get(stream_id)
        if stream is None:
            raise missing_stream(stream_id, self._variants)
        return stream


def _read_ttl(data: dict[str, Any]) -> int | None:
    """None: that of the group."""
    value = data.get("ttl_in_days")
    if read_integer(value, INHERITED, INHERITED) is not None:
        return None
    ttl = read_integer(value, 1, 365)
    if ttl is None:
        raise invalid()
    return ttl
