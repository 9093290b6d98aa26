# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables that users control the in-process runner with.

This file may use Ansible's internals. Where they have changed, JobsAction runs the module.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean

# Switches the in-process runner off.
IN_PROCESS = "saasops_jobs_in_process"
# Whether tasks show their progress; AUTO is yes if somebody sits in front of a terminal.
PROGRESS = "saasops_jobs_progress"
AUTO = "auto"


class InvalidSwitch(AnsibleActionFail):  # type: ignore[misc]  # ansible-core has no type information
    """The user's own mistake with a switch, which the module would not notice."""


def is_in_process(templar: Any, task_vars: Mapping[str, Any]) -> bool:
    """Whether tasks may run in Ansible's own process.

    :raises InvalidSwitch: the variable has no valid value.
    """
    return _as_boolean(IN_PROCESS, _value(IN_PROCESS, True, templar, task_vars), "true or false")


def is_progress_shown(templar: Any, task_vars: Mapping[str, Any], *, is_terminal: bool) -> bool:
    """Whether tasks show their progress.

    :param is_terminal: whether Ansible writes to a terminal.
    :raises InvalidSwitch: the variable has no valid value.
    """
    value = _value(PROGRESS, AUTO, templar, task_vars)
    if isinstance(value, str) and value.strip().lower() == AUTO:
        return is_terminal
    return _as_boolean(PROGRESS, value, "true, false or auto")


def _value(name: str, default: object, templar: Any, task_vars: Mapping[str, Any]) -> Any:
    try:
        return templar.template(task_vars.get(name, default))
    except AnsibleError as error:
        raise InvalidSwitch(f"The variable {name} cannot be read: {error}") from None


def _as_boolean(name: str, value: Any, choices: str) -> bool:
    try:
        return bool(boolean(value))
    except TypeError:
        raise InvalidSwitch(f"The variable {name} must be {choices}.") from None
