# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows the progress of tasks through Ansible's own Display, so that it comes in order, and in logs.

This file may use Ansible's internals. Where they have changed, JobsAction runs the module.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from ansible.utils.display import Display
from ansible_collections.saasops.jobs.plugins.module_utils._core.printable import printable
from ansible_collections.saasops.jobs.plugins.plugin_utils import _switches

display = Display()


def _is_terminal() -> bool:
    try:
        return sys.stdout.isatty()
    # There may be no standard output, or it may be closed.
    except (AttributeError, ValueError):
        return False


# Ansible loads this file in its main process. It takes the terminal away from the processes that run tasks.
IS_TERMINAL = _is_terminal()


class DisplayListener:
    """A ProgressListener. Ansible hands its lines to the main process, which shows them.

    :param host: the name of the host in the inventory, or None.
    """

    def __init__(self, host: str | None) -> None:
        self._prefix = f"[{printable(host)}]: " if host else ""

    def show(self, line: str) -> None:
        """Show one printable line, which holds no secrets."""
        display.display(self._prefix + line)


def listener_for(action: Any, task_vars: Mapping[str, Any]) -> DisplayListener | None:
    """Return what shows the progress of a task, or None if nothing is to be shown.

    :param action: the action plugin.
    :raises InvalidSwitch: the variable for this has no valid value.
    """
    is_wanted = _switches.is_progress_shown(action._templar, task_vars, is_terminal=IS_TERMINAL)
    return DisplayListener(task_vars.get("inventory_hostname")) if is_wanted else None
