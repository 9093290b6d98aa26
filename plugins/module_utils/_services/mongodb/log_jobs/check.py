# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the connection to a project with log collection jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...._core.context import TaskContext
from ...._core.http.settings import HttpSettings
from ...._core.params import environment
from .. import sign_in
from ..list_check import ListCheck, project_steps
from .api import LIST, LogCollectionJobs


def log_collection_check(params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> ListCheck:
    """The check of a project with log collection jobs.

    :param params: those of api.OPTIONS.
    :raises InvalidInput: one of the parameters is invalid.
    """
    jobs = LogCollectionJobs(params, settings, context)
    way = sign_in.way_to_sign_in(params, sign_in.WAYS)
    steps = project_steps(jobs.path_params["project_id"])
    return ListCheck(jobs.client, LIST, jobs.path_params, environment.origin(params, way), steps, "log collection jobs")
