# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The in-process runner: runs the task function of a module inside Ansible's own process.

That saves building and starting a module for each task, and the Python is the one that runs Ansible. Whatever might
come out differently there is left to the module, see why_not_in_process().

This file may use Ansible's internals. Where they have changed, JobsAction runs the module.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, cast

from ansible import constants as C
from ansible import template
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible.utils.display import Display
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.saasops.jobs.plugins.module_utils._core.cancellation import (
    ParentWatchingCancelToken,
    direct_parent,
)
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.constraints import UNCONSTRAINED, Constraints
from ansible_collections.saasops.jobs.plugins.module_utils._core.redaction import registry
from ansible_collections.saasops.jobs.plugins.module_utils._core.runner import (
    TERMINATION,
    MaskingContext,
    Result,
    failure,
    perform,
    read_arguments,
)
from ansible_collections.saasops.jobs.plugins.plugin_utils._eligibility import why_not_in_process
from ansible_collections.saasops.jobs.plugins.plugin_utils._module_arguments import as_module_receives
from ansible_collections.saasops.jobs.plugins.plugin_utils._progress import listener_for
from ansible_collections.saasops.jobs.plugins.plugin_utils._switches import InvalidSwitch

__all__ = ["InProcessRunner", "InvalidSwitch"]

# ansible-core 2.18 takes all text that is not marked as unsafe for a template. Newer versions need a mark of trust.
_TEXT_IS_TRUSTED = not hasattr(template, "trust_as_template")

display = Display()

_STDERR: int | None
try:
    # Ansible loads this file in its main process. It takes the terminal away from the processes that run tasks.
    _STDERR = os.dup(2)
except OSError:
    _STDERR = None


class InProcessRunner:
    """Runs one task in Ansible's own process.

    The constructor uses all of Ansible's internals, before the task begins: a surprise there must not end the task
    halfway.

    :param action: the action plugin.
    :param module: the Python module of the Ansible module. Its ARGUMENT_SPEC, CONSTRAINTS and task() count.
    :raises InvalidSwitch: a variable that controls this runner has no valid value.
    :ivar why_not: half a sentence that says why this task has to run as a module, or None.
    """

    def __init__(self, action: Any, module: Any, task_vars: Mapping[str, Any]) -> None:
        self._module = module
        self._folder = action._loader.get_basedir()
        self._name = action._task.action
        self._timeout = action._task.timeout
        self._is_silent = bool(action._task.no_log)
        self._listener = listener_for(action, task_vars)
        self._environment: dict[str, Any] = {}
        self.why_not = why_not_in_process(action, task_vars, self._environment)
        if self.why_not is None:
            with _surroundings(self._environment, self._folder):
                self._prepare(action._task, task_vars)

    def _prepare(self, task: Any, task_vars: Mapping[str, Any]) -> None:
        self._no_log_values: set[str] = set()
        self._context = MaskingContext(
            self._no_log_values,
            check_mode=task.check_mode,
            # ansible-core 2.18 does not pass SIGTERM on to this process.
            cancel_token=ParentWatchingCancelToken(TERMINATION[signal.SIGTERM], direct_parent()),
            is_silent=self._is_silent,
            diff_mode=bool(task.diff),
            listener=self._listener,
            selinux_special_fs=C.DEFAULT_SELINUX_SPECIAL_FS,
        )
        given = as_module_receives(task.args)
        self._params: dict[str, Any] = {}
        # The result, if something is wrong with the arguments.
        self._refusal: Result | None = None
        try:
            constraints = getattr(self._module, "CONSTRAINTS", UNCONSTRAINED)
            spec, mark = self._module.ARGUMENT_SPEC, self._context.mark_secret
            self._validate(read_arguments(given, spec, mark, constraints), constraints)
        except InvalidInput as error:
            self._refusal = failure(error)
        self._invocation = _invocation(task_vars, self._params)

    def _validate(self, given: dict[str, Any], constraints: Constraints) -> None:
        """Check the arguments as AnsibleModule does, and with the same messages."""
        checked = ArgumentSpecValidator(self._module.ARGUMENT_SPEC, **constraints.as_arguments()).validate(given)
        for value in checked._no_log_values:
            self._context.mark_secret(value)
        for twice in checked._warnings:
            self._context.warn(f"Both option {twice['option']} and its alias {twice['alias']} are set.")
        self._params = checked.validated_parameters
        if checked.error_messages:
            message = checked.errors.msg
            if isinstance(checked.errors[0], UnsupportedError):
                message = f"Unsupported parameters for ({self._name}) module: {message}"
            self._refusal = {"failed": True, "msg": message}

    def run(self) -> Result:
        """Run the task and return its result."""
        with _surroundings(self._environment, self._folder):
            result = self._perform() if self._refusal is None else self._refusal
            for text in self._context.tracebacks():
                display.vvv(text)
            if self._context.warnings:
                result["warnings"] = self._context.warnings
            result.update(self._invocation)
            # The round trip through JSON leaves only plain types: parameters may be of others, like FromEnvironment.
            text = registry.hidden_json(result, self._no_log_values)
            # A large result would be in memory twice.
            del result
            plain: Result = json.loads(text)
            return cast("Result", wrap_var(plain)) if _TEXT_IS_TRUSTED else plain

    def _perform(self) -> Result:
        timeout: dict[int, str] = {}
        if self._timeout:
            timeout[signal.SIGALRM] = f"The task exceeded its timeout of {self._timeout} s."

        def task(params: dict[str, Any], context: TaskContext) -> Result:
            try:
                result: Result = self._module.task(params, context)
                return result
            finally:
                if timeout:
                    # The rest is too short to be worth interrupting.
                    signal.alarm(0)

        result = perform(task, self._params, self._context, {**TERMINATION, **timeout})
        reason = self._context.cancel_token.reason
        if reason in timeout.values():
            result["timedout"] = {"period": self._timeout}
        for number, sentence in TERMINATION.items():
            if reason == sentence:
                self._end_by_signal(number, result)
        return result

    def _end_by_signal(self, number: int, result: Result) -> None:
        """End this process by the signal that it got. Nobody waits for the result any more, so print it."""
        lines = [f"{self._name}: {result.get('msg', 'It was done before the task ended.')}"]
        lines += [f"{name}: {count}" for name, count in result.get("summary", {}).items()]
        text = registry.scrub("\n    ".join(lines) + "\n", self._no_log_values)
        if _STDERR is not None and not self._is_silent:
            with suppress(OSError):
                os.write(_STDERR, text.encode("utf-8", "replace"))
        os.kill(os.getpid(), number)


def _invocation(task_vars: Mapping[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    """Return what a result repeats of the arguments."""
    try:
        is_wanted = C.config.get_config_value("INJECT_INVOCATION", variables=task_vars)
    except AnsibleError:
        # ansible-core 2.18 has no such setting, and always repeats them.
        is_wanted = True
    return {"invocation": {"module_args": params}} if is_wanted else {}


@contextmanager
def _surroundings(variables: Mapping[str, Any], folder: str) -> Iterator[None]:
    """Inside, the process has these environment variables and this working directory, as a module would."""
    before = {name: os.environ.get(name) for name in variables}
    folder_before = os.getcwd()
    try:
        os.environ.update({name: str(value) for name, value in variables.items()})
        os.chdir(folder)
        yield
    finally:
        os.chdir(folder_before)
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
