# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module runner: runs a task function inside an Ansible module."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ._core.cancellation import ParentWatchingCancelToken, waiting_processes
from ._core.errors import InvalidInput
from ._core.params.argspec import ArgumentSpec
from ._core.params.constraints import UNCONSTRAINED, Constraints
from ._core.printable import printable
from ._core.redaction import registry
from ._core.runner import TERMINATION, MaskingContext, Result, TaskFunction, failure, perform, read_arguments

_ORPHANED = "Ansible has ended and no longer waits for this task."
# From -vvv on, a result shows the tracebacks of defects.
_SHOWS_TRACEBACKS = 3


class _Module(AnsibleModule):  # type: ignore[misc]  # ansible-core has no type information
    """An AnsibleModule that knows the secrets in its arguments, and reads its lists, before it validates or logs any.

    :ivar refusal: the error in the arguments, if there is one that Ansible would not find.
    """

    refusal: InvalidInput | None = None
    # Ansible's own attributes.
    argument_spec: ArgumentSpec
    params: dict[str, Any]

    def __init__(self, constraints: Constraints, **more: Any) -> None:
        # The constructor of AnsibleModule reads the arguments.
        self._constraints = constraints
        super().__init__(**more, **constraints.as_arguments())

    def _load_params(self) -> None:
        super()._load_params()
        try:
            self.params = read_arguments(self.params, self.argument_spec, self._mark_secret, self._constraints)
        except InvalidInput as error:
            self.refusal = error
            # Leave Ansible nothing to refuse in its own words.
            self.argument_spec = {}
            for name in UNCONSTRAINED.as_arguments():
                setattr(self, name, None)
            self.params = {name: value for name, value in self.params.items() if name.startswith("_ansible_")}

    def _mark_secret(self, value: str) -> None:
        registry.mark(value, self.no_log_values)


class ModuleContext(MaskingContext):
    """The TaskContext of a task that runs as an Ansible module."""

    def __init__(self, module: AnsibleModule) -> None:
        super().__init__(
            module.no_log_values,
            check_mode=module.check_mode,
            cancel_token=ParentWatchingCancelToken(_ORPHANED, waiting_processes()),
            is_silent=module.no_log,
            diff_mode=module._diff,
            selinux_special_fs=module._selinux_special_fs,
        )
        self._module = module

    def warn(self, sentence: str) -> None:
        """Show a warning to the user."""
        self._module.warn(printable(sentence))


def run_module(argument_spec: ArgumentSpec, task: TaskFunction, constraints: Constraints = UNCONSTRAINED) -> None:
    """Check the arguments of the module, run its task function, and end the process with the result."""
    module = _Module(constraints, argument_spec=argument_spec, supports_check_mode=True)
    result = failure(module.refusal) if module.refusal else _result(module, task)
    # Not inside an except block, as ansible-core would show the messages of the exception that is being handled.
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def _result(module: AnsibleModule, task: TaskFunction) -> Result:
    context = ModuleContext(module)
    result = perform(task, module.params, context, TERMINATION)
    if context.defects and module._verbosity >= _SHOWS_TRACEBACKS:
        result["exception"] = "\n".join(context.tracebacks())
    if context.cancel_token.reason is not None:
        # Whatever has started this module may be gone, too, and read no result.
        module.log(f"{result.get('msg', context.cancel_token.reason)} {result.get('summary', '')}")
    return result
