# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugins: a task runs in Ansible's own process where that can be done, and else as a module.

An action plugin that cannot be imported ends the whole playbook. So this file and the plugins themselves import nothing
that could be missing, and what could be is caught here.

Private to this collection.
"""

from __future__ import annotations

import importlib
from typing import Any

from ansible.plugins.action.normal import ActionModule as ModuleAction
from ansible.utils.display import Display

_PLUGINS = "ansible_collections.saasops.jobs.plugins."

display = Display()


class JobsAction(ModuleAction):
    """Base of the action plugins. A class of its own for each module names it as `module_name`."""

    module_name: str
    # The Python module of that, and the action front; or why they cannot be had.
    module: Any = None
    front: Any = None
    _defect: Exception | None = None

    def __init_subclass__(cls) -> None:
        # Ansible makes the class in its main process, and those that run the tasks inherit what is imported here.
        try:
            cls.front = importlib.import_module(f"{_PLUGINS}plugin_utils._action_front")
            cls.module = importlib.import_module(f"{_PLUGINS}modules.{cls.module_name}")
        except Exception as defect:
            cls._defect = defect

    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        task, why_not = self._task_here(task_vars or {})
        if why_not:
            display.vvv(f"{self._task.action} runs as a module: {why_not}.")
            return super().run(tmp, task_vars)
        display.vvv(f"{self._task.action} runs in Ansible's own process.")
        return task.run()

    def _task_here(self, task_vars: dict[str, Any]) -> tuple[Any, str | None]:
        """The task in this process, nothing of it done yet; and half a sentence why it needs the module, or None."""
        if self._defect is not None:
            return None, _in_words(self._defect)
        try:
            task = self.front.ActionFront(self, self.module, task_vars)
        except self.front.NotABoolean:
            raise
        except Exception as defect:
            return None, _in_words(defect)
        return task, task.why_not


def _in_words(defect: Exception) -> str:
    # Only of these it is certain that they repeat nothing of the task's arguments.
    details = f": {defect}" if isinstance(defect, (AttributeError, ImportError, TypeError)) else ""
    return f"something that is needed here is missing or different ({type(defect).__name__}{details})"
