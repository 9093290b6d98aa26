# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ...clock import Clock
from ...http.messages import Request, Response, json_response
from ...variants.lts import LtsVariants
from .body import (
    JSON,
    LtsError,
    missing_group,
    read_integer,
    read_name,
    read_object,
    read_tags,
    read_text,
    update_tags,
)
from .model import SYSTEM_TAG, Group, Project

TTL_TEXT = "The log group TTL day must be integer and between 1 and 365"
NAME_TAKEN = "Failed to create log group, the group name has been existed"
QUOTA = "Failed to create log group, the number of log groups exceeds the quota"


class Groups:
    """Log groups."""

    def __init__(self, clock: Clock, variants: LtsVariants):
        self._clock = clock
        self._variants = variants

    def find(self, project: Project, group_id: str) -> Group:
        group = project.groups.get(group_id)
        if group is None:
            raise missing_group(self._variants)
        return group

    def list_all(self, request: Request, project: Project) -> Response:
        now = self._clock.now()
        groups = [group.document() for group in project.groups.values() if group.listed_from <= now]
        return json_response(200, {"log_groups": groups}, JSON)

    def create(self, request: Request, project: Project) -> Response:
        data = read_object(request)
        name = read_name(data, "log_group_name")
        alias = read_text(data, "log_group_name_alias", 64)
        ttl, tags = _read_ttl(data), read_tags(data) or {}
        if name in [group.name for group in project.groups.values()]:
            raise LtsError(400, "LTS.0101", NAME_TAKEN)
        if len(project.groups) >= self._variants.log_group_quota:
            raise LtsError(400, "LTS.0104", QUOTA)
        now = self._clock.now()
        group = Group(project.new_id("group", name), name, now, ttl, {**SYSTEM_TAG, **tags}, {}, alias)
        group.listed_from = now + self._variants.hide_new_lts
        project.groups[group.id] = group
        return json_response(201, {"log_group_id": group.id}, JSON, acted=True)

    def update(self, request: Request, project: Project, group_id: str) -> Response:
        group = self.find(project, group_id)
        data = read_object(request)
        ttl, tags = _read_ttl(data), read_tags(data)
        update_tags(group.tag, tags, self._variants)
        group.ttl_in_days = ttl
        if self._variants.group_tags_reach_streams:
            for stream in group.streams.values():
                update_tags(stream.tag, tags, self._variants)
        fields = ("creation_time", "log_group_name", "log_group_id", "ttl_in_days")
        return json_response(200, {name: group.document()[name] for name in fields}, JSON, acted=True)

    def delete(self, request: Request, project: Project, group_id: str) -> Response:
        group = self.find(project, group_id)
        blocking = project.blocking_transfers(self._variants.disabled_transfer_blocks)
        if any(transfer.group is group for transfer in blocking):
            raise LtsError(400, "LTS.0105", "Log group is associated by transfer")
        del project.groups[group_id]
        # The transfers that are left were disabled, and go with their group.
        for transfer in [transfer for transfer in project.transfers.values() if transfer.group is group]:
            del project.transfers[transfer.id]
        return Response(204, acted=True)


def _read_ttl(data: dict[str, Any]) -> int:
    ttl = read_integer(data.get("ttl_in_days"), 1, 365)
    if ttl is None:
        raise LtsError(400, "LTS.0106", TTL_TEXT)
    return ttl
