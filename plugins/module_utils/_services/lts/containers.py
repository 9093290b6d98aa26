# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log groups of a project, and the log streams of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..._core.containers import Container, Entry, Owner
from ..._core.context import TaskContext
from ..._core.http.settings import HttpSettings
from .api import Lts
from .selection import created


class LogGroups:
    """The log groups of a project, as a ContainerSource.

    :param params: the OPTIONS of auth/options.py.
    :raises JobsError: one of the parameters, or the clouds.yaml, is invalid.
    """

    def __init__(self, params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> None:
        self._lts = Lts(params, settings, context)
        self._project_name: str | None = None if params["project_id"] else params["project_name"] or None

    def containers(self) -> Sequence[Container]:
        """See ContainerSource."""
        groups = self._lts.groups()
        owner = Owner(self._lts.project_id, self._project_name)
        return [
            Container(
                group["log_group_id"],
                group["log_group_name"],
                owner,
                {
                    "project_id": owner.id,
                    "log_group_id": group["log_group_id"],
                    "log_group_name": group["log_group_name"],
                },
            )
            for group in groups
        ]

    def entries(self, container: Container) -> Iterator[Entry]:
        """See ContainerSource. LTS has no states of log streams."""
        for stream in self._lts.streams(container.id):
            yield Entry(stream["log_stream_id"], stream["log_stream_name"], None, created(stream))
