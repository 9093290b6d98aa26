# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The projects of Atlas, and the clusters of each: restore jobs and snapshots belong to a cluster.

https://www.mongodb.com/docs/atlas/reference/api/clusters-get-all/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...._core.containers import Container, Entry
from ...._core.context import TaskContext
from ...._core.http.endpoint import Endpoint
from ...._core.http.retry import Effect
from ...._core.http.settings import HttpSettings
from ...._core.json_fields import time_field
from .. import paging, projects
from .cluster import connect

CLUSTERS = Endpoint(
    "list the clusters of project {project_id}",
    "GET",
    "/api/atlas/{version}/groups/{project_id}/clusters",
    Effect.READ,
    is_list=True,
)


class AtlasProjects:
    """The projects of Atlas, as a ContainerSource.

    :param params: those of cluster.OPTIONS without `project_id` and `cluster_name`, and those of projects.OPTIONS.
    :raises InvalidInput: one of the parameters is invalid.
    """

    def __init__(self, params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> None:
        selection = projects.read_selection(params, context)
        # The documented limit is that of the calls about backups.
        self._client = connect(params, settings, context, rate_limit=None)
        self._path_params = {"version": params["api_version"]}
        self._directory = projects.Directory(self._client, {"family": "atlas", **self._path_params}, selection, context)

    def containers(self) -> Sequence[Container]:
        """See ContainerSource."""
        return self._directory.projects()

    def entries(self, container: Container) -> Iterator[Entry]:
        """See ContainerSource."""
        listing = paging.Listing(self._client, CLUSTERS, {**self._path_params, "project_id": container.id})
        with self._directory.about_one_project():
            for cluster in listing.all():
                name, state = cluster.get("name"), cluster.get("stateName")
                yield Entry(
                    cluster["id"],
                    name if isinstance(name, str) else None,
                    state if isinstance(state, str) else None,
                    time_field(cluster, "createDate"),
                )
