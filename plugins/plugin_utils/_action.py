# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of the action plugins: a task runs in Ansible's own process where that is possible, else as a module.

An action plugin that cannot be imported ends the whole playbook. So this file and the plugins import nothing that might
be missing, and catch what happens when the rest is imported.
"""

from __future__ import annotations

import importlib
import os
import signal
import traceback
from collections.abc import Iterator
from typing import Any

from ansible.plugins.action.normal import ActionModule as ModuleAction
from ansible.utils.display import Display

_PLUGINS = "ansible_collections.saasops.jobs.plugins."
# The same as cancellation.WORKER. That file might be missing.
_WORKER = "SAASOPS_JOBS_WORKER"

# Ansible loads this file in its main process, and runs tasks in others.
_MAIN = os.getpid()

display = Display()


class JobsAction(ModuleAction):  # type: ignore[misc]  # ansible-core has no type information
    """Base of the action plugins. Each has a subclass of its own, which names its module as `module_name`.

    :cvar module: the Python module of that name.
    :cvar runner: the Python module of the in-process runner.
    """

    module_name: str
    module: Any = None
    runner: Any = None
    # Why these could not be imported.
    _defect: Exception | None = None

    def __init_subclass__(cls) -> None:
        # Ansible creates the class in its main process. The processes that run tasks inherit what is imported here.
        try:
            cls.runner = importlib.import_module(f"{_PLUGINS}plugin_utils._in_process")
            cls.module = importlib.import_module(f"{_PLUGINS}modules.{cls.module_name}")
        # Whatever is wrong here, the task can still run as a module.
        except Exception as defect:
            cls._defect = defect

    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        """Run the task, and return its result."""
        _end_if_orphaned()
        runner, reasons = self._prepare(task_vars or {})
        if not reasons:
            display.vvv(f"{self._task.action} runs in Ansible's own process.")
            result: dict[str, Any] = runner.run()
            return result
        display.vvv(f"{self._task.action} runs as a module: {reasons[0]}.")
        for details in reasons[1:]:
            display.vvv(details)
        # This lets a module on this machine notice that Ansible has ended. With async, it may outlive Ansible.
        os.environ[_WORKER] = "" if self._task.async_val else f"{os.getpid()} {os.getppid()}"
        result = super().run(tmp, task_vars)
        _end_if_orphaned()
        return result

    def _prepare(self, task_vars: dict[str, Any]) -> tuple[Any, list[str]]:
        """Return the in-process runner of the task, before anything is done; and why the task needs the module."""
        if self._defect is not None:
            return None, list(_described(self._defect))
        try:
            runner = self.runner.InProcessRunner(self, self.module, task_vars)
        except self.runner.InvalidSwitch:
            raise
        # Ansible's internals may be different in a version to come. A module does not need them.
        except Exception as defect:
            return None, list(_described(defect))
        return runner, [runner.why_not] if runner.why_not else []


def _end_if_orphaned() -> None:
    """End this process if Ansible's main process is gone: nobody waits for a result or for the next item of a loop.

    A result that is not small could not even be handed over, so that this process would wait for ever.
    """
    if _MAIN in (os.getpid(), os.getppid()):
        return
    try:
        os.kill(_MAIN, 0)
        # It may have ended without anybody having noticed yet.
        has_ended = os.getppid() == 1
    except OSError as error:
        has_ended = isinstance(error, ProcessLookupError)
    if has_ended:
        os.kill(os.getpid(), signal.SIGTERM)


def _described(defect: Exception) -> Iterator[str]:
    """Yield half a sentence about a defect, and its traceback."""
    # The messages of other exceptions may repeat arguments of the task.
    details = f": {defect}" if isinstance(defect, (AttributeError, ImportError, TypeError)) else ""
    yield f"something that is needed here is missing or different ({type(defect).__name__}{details})"
    # The calls alone, as the message may hold a secret.
    yield "".join(traceback.format_tb(defect.__traceback__))
