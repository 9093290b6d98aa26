# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ...clock import Clock
from ...http.messages import Answer, Call, json_answer
from ...variants.registry import Variants
from .body import (
    INHERITED,
    JSON,
    LtsError,
    invalid,
    is_whole,
    missing_stream,
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
    def __init__(self, groups: Groups, clock: Clock, variants: Variants):
        self._groups = groups
        self._clock = clock
        self._variants = variants

    def list(self, call: Call, project: Project, group_id: str) -> Answer:
        group = self._groups.find(project, group_id)
        return json_answer(200, {"log_streams": [stream.document() for stream in self._listed(group)]}, JSON)

    def list_all(self, call: Call, project: Project) -> Answer:
        group_name, stream_name = call.query.get("log_group_name"), call.query.get("log_stream_name")
        streams = []
        for group in project.groups.values():
            if group_name not in (None, group.name):
                continue
            for stream in self._listed(group):
                if stream_name in (None, stream.name):
                    shown = stream.document()
                    if self._variants["log_streams_group_id"]:
                        shown["log_group_id"] = group.id
                    streams.append(shown)
        return json_answer(200, {"log_streams": streams}, JSON)

    def _listed(self, group: Group) -> list[Stream]:
        now = self._clock.now()
        return [stream for stream in group.streams.values() if stream.listed_from <= now]

    def create(self, call: Call, project: Project, group_id: str) -> Answer:
        group = self._groups.find(project, group_id)
        data = read_object(call)
        name = read_name(data, "log_stream_name")
        alias = read_text(data, "log_stream_name_alias", 64)
        if "default" in (read_text(data, "enterprise_project_name", 255) or ""):
            raise invalid()
        ttl, tags = self._ttl(data), read_tags(data) or {}
        within = project.groups.values() if self._variants["stream_name_unique_in"] == "project" else [group]
        if name in [stream.name for one in within for stream in one.streams.values()]:
            raise LtsError(400, "LTS.0205", NAME_TAKEN)
        if len(group.streams) >= self._variants["log_stream_quota"]:
            raise LtsError(400, "LTS.0206", QUOTA)
        now = self._clock.now()
        stream_id = project.new_id("stream", group.id, name)
        stream = Stream(stream_id, name, now, ttl, {**SYSTEM_TAG, **tags}, group, alias)
        stream.listed_from = now + self._variants["hide_new_lts"]
        group.streams[stream.id] = stream
        return json_answer(201, {"log_stream_id": stream.id}, JSON, acted=True)

    def _ttl(self, data: dict) -> int | None:
        if "ttl_in_days" in data:
            return _ttl(data)
        absent = self._variants["stream_ttl_when_absent"]
        return None if absent == "group" else absent

    def update(self, call: Call, project: Project, group_id: str, stream_id: str) -> Answer:
        stream = self._find(project, group_id, stream_id)
        data = read_object(call)
        ttl, tags = _ttl(data), read_tags(data)
        update_tags(stream.tag, tags, self._variants)
        stream.own_ttl = ttl
        # The names of an older time, when streams were called topics.
        answer = {
            "creation_time": int(stream.created * 1000),
            "log_topic_name": stream.name,
            "log_topic_id": stream.id,
            "ttl_in_days": stream.ttl_in_days,
        }
        return json_answer(200, answer, JSON, acted=True)

    def delete(self, call: Call, project: Project, group_id: str, stream_id: str) -> Answer:
        stream = self._find(project, group_id, stream_id)
        blocking = project.blocking(self._variants["disabled_transfer_blocks"])
        if any(transfer.uses(stream_id) for transfer in blocking):
            code = self._variants["blocked_stream_code"]
            noun = "topic" if code == "LTS.0207" else "stream"
            raise LtsError(400, code, f"Log {noun} is associated by transfer")
        del stream.group.streams[stream_id]
        return Answer(204, acted=True)

    def _find(self, project: Project, group_id: str, stream_id: str) -> Stream:
        if group_id not in project.groups and self._variants["missing_stream_in_missing_group"] == "LTS.0208":
            raise missing_stream(stream_id, self._variants)
        stream = self._groups.find(project, group_id).streams.get(stream_id)
        if stream is None:
            raise missing_stream(stream_id, self._variants)
        return stream


def _ttl(data: dict) -> int | None:
    ttl = data.get("ttl_in_days")
    if ttl == INHERITED and is_whole(ttl, INHERITED, INHERITED):
        return None
    if not is_whole(ttl, 1, 365):
        raise invalid()
    return ttl
