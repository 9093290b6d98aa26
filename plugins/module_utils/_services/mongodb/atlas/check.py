# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the connection to a cluster of Atlas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...._core.context import TaskContext
from ...._core.http.settings import HttpSettings
from ...._core.params import environment
from .. import sign_in
from ..list_check import ListCheck, project_steps
from .cluster import Cluster
from .restore_api import LIST


def atlas_check(params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> ListCheck:
    """The check of a cluster of Atlas.

    :param params: those of cluster.OPTIONS.
    :raises InvalidInput: one of the parameters cannot be right.
    """
    cluster = Cluster(params, settings, context)
    way = sign_in.way_to_sign_in(params, (sign_in.ACCOUNT, sign_in.KEY))
    steps = [*project_steps(cluster.project_id), ("cluster", f"Cluster {cluster.name} exists.")]
    return ListCheck(cluster.client, LIST, cluster.path_params, environment.origin(params, way), steps, "restore jobs")
