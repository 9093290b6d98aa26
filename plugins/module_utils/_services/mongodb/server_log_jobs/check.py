# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the connection to an Ops Manager that collects the logs of its own servers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...._core.context import TaskContext
from ...._core.http.settings import HttpSettings
from ...._core.params import environment
from .. import sign_in
from ..list_check import SIGNED_IN, ListCheck
from .api import LIST, ServerLogJobs


def server_log_collection_check(params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> ListCheck:
    """The check of an Ops Manager with server log collection jobs.

    :param params: those of api.OPTIONS.
    :raises InvalidInput: one of the parameters is invalid.
    """
    jobs = ServerLogJobs(params, settings, context)
    origin = environment.origin(params, sign_in.KEY)
    return ListCheck(jobs.client, LIST, jobs.path_params, origin, [SIGNED_IN], "server log collection jobs")
