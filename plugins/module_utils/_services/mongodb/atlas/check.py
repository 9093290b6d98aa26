# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the connection to a cluster of Atlas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...._core.checks.run import Access
from ...._core.context import TaskContext
from ...._core.errors import InvalidInput, JobsError
from ...._core.http.settings import HttpSettings
from ...._core.params import environment
from .. import sign_in
from ..list_check import ListCheck, project_steps
from . import flex
from .cluster import WAYS, Cluster
from .restore_api import LIST


class ClusterCheck(ListCheck):
    """The check of the connection to a cluster of Atlas, by its restore jobs.

    :param params: those of cluster.OPTIONS.
    :raises InvalidInput: one of the parameters is invalid.
    """

    def __init__(self, params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> None:
        self._cluster = cluster = Cluster(params, settings, context)
        way = sign_in.way_to_sign_in(params, WAYS)
        steps = [*project_steps(cluster.project_id), ("cluster", f"Cluster {cluster.name} exists.")]
        credentials = environment.origin(params, way)
        super().__init__(cluster.client, LIST, cluster.path_params, credentials, steps, "restore jobs")

    def look(self) -> Access:
        """Reads the shortest page of the list that the kind of cluster has."""
        return self._cluster.by_kind(super().look, lambda: self.look_at(flex.LIST_JOBS))

    def failed_step(self, error: JobsError) -> str:
        """See CheckedService."""
        # The kind of cluster does not fit the version of the API.
        return "cluster" if isinstance(error, InvalidInput) else super().failed_step(error)
