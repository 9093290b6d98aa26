# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures coverage in Ansible's own process, from the first task of this collection on.

To measure the whole process would double its time. Workers, which run the tasks, are forked off and so measured too.
"""

from __future__ import annotations

import os

import coverage
from ansible.playbook.task import Task
from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "measure"
    CALLBACK_NEEDS_ENABLED = True
    _measures = False

    def v2_playbook_on_task_start(self, task: Task, is_conditional: bool) -> None:
        if not self._measures and task.action.startswith("saasops.jobs."):
            self._measures = True
            coverage.Coverage(config_file=os.environ["COVERAGE_RCFILE"]).start()
