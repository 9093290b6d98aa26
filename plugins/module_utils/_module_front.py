# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module front: runs a task function inside an Ansible module.

Private to this collection.
"""

from __future__ import annotations

import traceback

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._core import secrets
from ._core.errors import MissingLibrary
from ._core.host import Host
from ._core.performing import TERMINATION, perform


class ModuleHost(Host):
    """A Host that is an Ansible module."""

    def __init__(self, module):
        super().__init__(check_mode=module.check_mode, is_silent=module.no_log, diff_mode=module._diff)
        self._module = module

    def warn(self, sentence):
        self._module.warn(sentence)

    def mark_secret(self, value):
        secrets.mark(value, self._module.no_log_values)


def run_module(argument_spec, task):
    """Parses the module's arguments, runs the task function and ends the process with its result.

    :param argument_spec: the module's argument specification.
    :param task: a function of (params, host) that returns the result, with `failed` and `msg` if not all went well.
    """
    module = AnsibleModule(argument_spec=argument_spec, supports_check_mode=True)
    result = _result(module, task)
    # Out of any except block, as ansible-core shows the messages of an exception that is being handled.
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def _result(module, task):
    host = ModuleHost(module)
    try:
        result = perform(task, module.params, host, TERMINATION)
    except MissingLibrary as error:
        details = "".join(traceback.format_exception_only(type(error.details), error.details))
        return {"failed": True, "msg": missing_required_lib(error.library), "exception": details}
    if host.defects and module._verbosity >= 3:
        result["exception"] = secrets.scrub("\n".join(host.defects), module.no_log_values)
    if host.stop.reason is not None:
        # Whoever started this module may have been stopped as well, and read no result any more.
        module.log(f"{result.get('msg', host.stop.reason)} {result.get('summary', '')}")
    return result
