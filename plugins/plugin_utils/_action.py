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
import os
import signal
from typing import Any

from ansible.plugins.action.normal import ActionModule as ModuleAction
from ansible.utils.display import Display

_PLUGINS = "ansible_collections.saasops.jobs.plugins."
# What cancellation.WORKER says; that file is not to be needed here.
_WORKER = "SAASOPS_JOBS_WORKER"

# Ansible loads this file in its main process, and runs tasks in others.
_MAIN = os.getpid()

display = Display()


class JobsAction(ModuleAction):
    """Base of the action plugins. A class of its own for each module names it as `module_name`."""

    module_name: str
    # The Python module of that, and the in-process runner; or why they cannot be had.
    module: Any = None
    runner: Any = None
    _defect: Exception | None = None

    def __init_subclass__(cls) -> None:
        # Ansible makes the class in its main process, and those that run the tasks inherit what is imported here.
        try:
            cls.runner = importlib.import_module(f"{_PLUGINS}plugin_utils._in_process")
            cls.module = importlib.import_module(f"{_PLUGINS}modules.{cls.module_name}")
        except Exception as defect:
            cls._defect = defect

    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        _end_if_left_alone()
        task, why_not = self._task_here(task_vars or {})
        if why_not:
            display.vvv(f"{self._task.action} runs as a module: {why_not}.")
            # A module on this machine notices by it when Ansible ends. With async, it may outlive Ansible.
            os.environ[_WORKER] = "" if self._task.async_val else f"{os.getpid()} {os.getppid()}"
            result = super().run(tmp, task_vars)
            _end_if_left_alone()
            return result
        display.vvv(f"{self._task.action} runs in Ansible's own process.")
        return task.run()

    def _task_here(self, task_vars: dict[str, Any]) -> tuple[Any, str | None]:
        """The task in this process, nothing of it done yet; and half a sentence why it needs the module, or None."""
        if self._defect is not None:
            return None, _in_words(self._defect)
        try:
            task = self.runner.InProcessRunner(self, self.module, task_vars)
        except self.runner.NotABoolean:
            raise
        except Exception as defect:
            return None, _in_words(defect)
        return task, task.why_not


def _end_if_left_alone() -> None:
    """Ends this process when Ansible's main process has ended: nobody waits for results or for the next item of a loop.

    A result that is not small could not even be handed over, and this process would wait for ever.
    """
    if _MAIN in (os.getpid(), os.getppid()):
        return
    try:
        os.kill(_MAIN, 0)
        # Perhaps nobody has taken notice of its end yet.
        has_ended = os.getppid() == 1
    except OSError as error:
        has_ended = isinstance(error, ProcessLookupError)
    if has_ended:
        os.kill(os.getpid(), signal.SIGTERM)


def _in_words(defect: Exception) -> str:
    # Only of these it is certain that they repeat nothing of the task's arguments.
    details = f": {defect}" if isinstance(defect, (AttributeError, ImportError, TypeError)) else ""
    return f"something that is needed here is missing or different ({type(defect).__name__}{details})"
