# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides whether a task can run in Ansible's own process with the same outcome as a module would have.

This file may use Ansible's internals. Where they have changed, JobsAction runs the module.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from typing import Any

from ansible import constants as C
from ansible.plugins.connection.local import Connection as LocalConnection
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.adapter.libraries import REQUESTS_IMPORT_ERROR
from ansible_collections.saasops.jobs.plugins.plugin_utils import _switches

# Variables that Python, or a library below it, reads when it starts. For this process, that is too late.
_READ_AT_START = ("PYTHON", "LD_", "DYLD_", "OPENSSL_", "MALLOC_", "GLIBC_")


def why_not_in_process(action: Any, task_vars: Mapping[str, Any], environment: dict[str, Any]) -> str | None:
    """Say in half a sentence why a task has to run as a module, or return None if it need not.

    :param action: the action plugin.
    :param environment: this function adds the variables of the keyword `environment:` of the task.
    :raises InvalidSwitch: the variable for this has no valid value.
    """
    connection = action._connection
    if not _switches.is_in_process(action._templar, task_vars):
        return f"{_switches.IN_PROCESS} is false"
    if action._task.async_val:
        return "async is asked for"
    if connection.__class__ is not LocalConnection:
        return f"the connection is {connection.transport}"
    if connection.become or action._play_context.become:
        return "become is asked for"
    if C.DEFAULT_KEEP_REMOTE_FILES:
        return "ANSIBLE_KEEP_REMOTE_FILES asks for its files"
    interpreter = _other_interpreter(action, task_vars)
    if interpreter:
        return f"the interpreter asked for is {interpreter}"
    action._compute_environment_string(environment)
    for name in environment:
        if name.startswith(_READ_AT_START):
            return f"the environment sets {name}"
    if sys.platform == "darwin" and environment.get("no_proxy", os.environ.get("no_proxy")) != "*":
        return "macOS cannot be asked for proxies in a forked process"
    if REQUESTS_IMPORT_ERROR is not None:
        return "Ansible's own Python lacks the requests library, or cannot import it"
    return None


def _other_interpreter(action: Any, task_vars: Mapping[str, Any]) -> str | None:
    """Return the Python that the user asks for, unless it is the one that runs this process."""
    own_vars = task_vars
    if action._task.delegate_to:
        own_vars = task_vars.get("ansible_delegated_vars", {}).get(action._task.delegate_to, task_vars)
    value = C.config.get_config_value("INTERPRETER_PYTHON", variables=own_vars)
    value = str(action._templar.template(value)).strip()
    return None if value.startswith("auto") or _is_this_python(value) else value


def _is_this_python(interpreter: str) -> bool:
    path = shutil.which(os.path.expanduser(interpreter))
    if path is None:
        return False
    # Two virtual environments may link to the same program, so the folder has to be the same as well.
    return os.path.samefile(path, sys.executable) and os.path.samefile(
        os.path.dirname(path), os.path.dirname(sys.executable)
    )
