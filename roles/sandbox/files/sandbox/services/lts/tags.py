# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ...http.messages import Request, Response
from ...variants.lts import LtsVariants
from .body import LtsError, invalid, missing_group, missing_stream, read_object, read_tags, replace_tags
from .model import Project


class Tags:
    """Tags of groups and of streams, in an API that is older than the others."""

    def __init__(self, variants: LtsVariants):
        self._variants = variants

    def act(self, request: Request, project: Project, kind: str, resource_id: str) -> Response:
        kept = self._find_tags(project, kind, resource_id)
        data = read_object(request)
        if data.get("action") not in ("create", "delete"):
            raise LtsError(400, "LTS.1836", "action is create or delete")
        if not isinstance(data.get("is_open", True), bool):
            raise invalid()
        tags = read_tags(data)
        if not tags:
            raise invalid()
        if data["action"] == "create":
            replace_tags(kept, {**kept, **tags})
        else:
            for key in tags:
                kept.pop(key, None)
        return Response(self._variants.tags_action_status, acted=True)

    def _find_tags(self, project: Project, kind: str, resource_id: str) -> dict[str, str]:
        if kind == "groups":
            if resource_id not in project.groups:
                raise missing_group(self._variants)
            return project.groups[resource_id].tag
        for group in project.groups.values():
            if resource_id in group.streams:
                return group.streams[resource_id].tag
        raise missing_stream(resource_id, self._variants)
