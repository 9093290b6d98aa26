# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The projects with log collection jobs, and the jobs of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...._core.containers import Container, Entry
from ...._core.context import TaskContext
from ...._core.http.settings import HttpSettings
from .. import paging, projects
from .api import LIST, VERSION, connect, created


class LogProjects:
    """The projects with log collection jobs, as a ContainerSource.

    :param params: those of api.OPTIONS without `project_id`, and those of projects.OPTIONS.
    :raises InvalidInput: one of the parameters is invalid.
    """

    def __init__(self, params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> None:
        selection = projects.read_selection(params, context)
        _product, family, self._client = connect(params, settings, context)
        self._path_params = {"family": family}
        self._directory = projects.Directory(self._client, {"family": family, "version": VERSION}, selection, context)

    def containers(self) -> Sequence[Container]:
        """See ContainerSource."""
        return self._directory.projects()

    def entries(self, container: Container) -> Iterator[Entry]:
        """See ContainerSource."""
        listing = paging.Listing(self._client, LIST, {**self._path_params, "project_id": container.id})
        with self._directory.about_one_project():
            for job in listing.all():
                status = job.get("status")
                yield Entry(job["id"], None, status if isinstance(status, str) else None, created(job))
