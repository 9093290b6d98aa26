# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module server_log_collection_job_info in Ansible's own process where possible."""

from __future__ import annotations

from ansible_collections.saasops.jobs.plugins.plugin_utils._action import JobsAction


class ActionModule(JobsAction):
    module_name = "server_log_collection_job_info"
