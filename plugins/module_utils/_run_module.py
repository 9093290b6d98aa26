# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module runner: runs a task function inside an Ansible module.

Private to this collection.
"""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from ._core.cancellation import ParentWatchingCancelToken, waiting_processes
from ._core.context import TaskContext
from ._core.errors import InvalidInput
from ._core.params import raw_arguments
from ._core.printable import printable
from ._core.redaction import arguments, registry
from ._core.runner import TERMINATION, failure, perform


class _Module(AnsibleModule):
    """An AnsibleModule whose arguments are read as arguments.read() does; `refusal` is the error of that, or None.

    It knows what is secret in them before it shows or logs any.
    """

    refusal = None

    def _load_params(self) -> None:
        super()._load_params()
        for value in arguments.secrets(self.argument_spec, self.params):
            registry.mark(value, self.no_log_values)
        try:
            self.params = raw_arguments.read(self.params, self.argument_spec)
        except InvalidInput as error:
            self.refusal = error
            # Ansible would refuse them in its own words.
            self.argument_spec = {}
            self.params = {name: value for name, value in self.params.items() if name.startswith("_ansible_")}


class ModuleContext(TaskContext):
    """A TaskContext that is an Ansible module."""

    def __init__(self, module):
        super().__init__(
            check_mode=module.check_mode,
            cancel_token=ParentWatchingCancelToken(
                "Ansible has ended, and waits for this task no more.", waiting_processes()
            ),
            is_silent=module.no_log,
            diff_mode=module._diff,
        )
        self._module = module

    def warn(self, sentence):
        self._module.warn(printable(sentence))

    def mark_secret(self, value):
        registry.mark(value, self._module.no_log_values)


def run_module(argument_spec, task):
    """Parses the module's arguments, runs the task function and ends the process with its result.

    :param argument_spec: the module's argument specification.
    :param task: a function of (params, host) that returns the result, with `failed` and `msg` if not all went well.
    """
    module = _Module(argument_spec=argument_spec, supports_check_mode=True)
    result = failure(module.refusal) if module.refusal else _result(module, task)
    # Out of any except block, as ansible-core shows the messages of an exception that is being handled.
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def _result(module, task):
    context = ModuleContext(module)
    result = perform(task, module.params, context, TERMINATION)
    if context.defects and module._verbosity >= 3:
        result["exception"] = registry.scrub("\n".join(context.defects), module.no_log_values)
    if context.cancel_token.reason is not None:
        # Whoever started this module may have been stopped as well, and read no result any more.
        module.log(f"{result.get('msg', context.cancel_token.reason)} {result.get('summary', '')}")
    return result
