# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The in-process runner: runs a module's task function inside Ansible's own process.

That saves building and starting a module for each task, and the Python is the one that Ansible itself runs on. Whatever
could come out differently there is left to the module: see InProcessRunner._why_not_here().

This file may use what is Ansible's own business: where that is missing, JobsAction takes the module.

Private to this collection.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from contextlib import contextmanager, suppress

from ansible import constants as C
from ansible import template
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.connection.local import Connection as LocalConnection
from ansible.utils.display import Display
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.saasops.jobs.plugins.module_utils._core.cancellation import (
    ParentWatchingCancelToken,
    direct_parent,
)
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.adapter.libraries import REQUESTS_IMPORT_ERROR
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import raw_arguments
from ansible_collections.saasops.jobs.plugins.module_utils._core.redaction import arguments, registry
from ansible_collections.saasops.jobs.plugins.module_utils._core.runner import TERMINATION, failure, perform

# ansible-core 2.18 takes all text for a template that is not marked as unsafe; newer ones want a mark of trust.
_PLAIN_IS_NO_TEMPLATE = hasattr(template, "trust_as_template")

if _PLAIN_IS_NO_TEMPLATE:
    from ansible.module_utils.common.json import Direction, get_module_decoder, get_module_encoder

    _TO_MODULE = {"cls": get_module_encoder("legacy", Direction.CONTROLLER_TO_MODULE)}
    _IN_MODULE = {"cls": get_module_decoder("legacy", Direction.CONTROLLER_TO_MODULE)}
else:
    from ansible.parsing.ajson import AnsibleJSONEncoder

    _TO_MODULE = {"cls": AnsibleJSONEncoder, "vault_to_text": True}
    _IN_MODULE = {}

# Switches this front off where it is false.
SWITCH = "saasops_jobs_in_process"

# What a Python or the libraries below it read when they start, which is too late here.
_READ_AT_START = ("PYTHON", "LD_", "DYLD_", "OPENSSL_", "MALLOC_", "GLIBC_")

display = Display()

try:
    # Ansible loads this file in its main process, and takes the terminal away from those that run the tasks.
    _STDERR = os.dup(2)
except OSError:
    _STDERR = None


class InProcessContext(TaskContext):
    """A TaskContext inside Ansible's own process."""

    def __init__(self, task, no_log_values):
        super().__init__(
            check_mode=task.check_mode,
            # ansible-core 2.18 does not pass a SIGTERM on to us.
            cancel_token=ParentWatchingCancelToken(TERMINATION[signal.SIGTERM], direct_parent()),
            is_silent=bool(task.no_log),
            diff_mode=bool(task.diff),
        )
        self._no_log_values = no_log_values

    def mark_secret(self, value):
        registry.mark(value, self._no_log_values)


class NotABoolean(AnsibleActionFail):
    """The user's own mistake with the switch, which the module would not notice."""


class InProcessRunner:
    """Runs one task in Ansible's own process.

    All that is Ansible's own is looked at before the task begins: what is not as expected there must not end the task
    in its middle.

    :param action: the action plugin.
    :param module: the Python module of the Ansible module.
    """

    def __init__(self, action, module, task_vars):
        self._task = action._task
        self._connection = action._connection
        self._play_context = action._play_context
        self._templar = action._templar
        self._compute_environment_string = action._compute_environment_string
        self._folder = action._loader.get_basedir()
        self._action = action._task.action
        self._time_out = action._task.timeout
        self._is_silent = bool(action._task.no_log)
        self._module = module
        self._environment = {}
        self.why_not = self._why_not_here(task_vars, self._environment)
        if self.why_not is None:
            with _surroundings(self._environment, self._folder):
                self._prepare(task_vars)

    def run(self):
        """The result of the task."""
        with _surroundings(self._environment, self._folder):
            return self._run_here()

    def _why_not_here(self, task_vars, environment):
        """Half a sentence why this task needs the module, or None; fills in what `environment:` asks for."""
        if not self._is_switched_on(task_vars):
            return f"{SWITCH} is false"
        if self._task.async_val:
            return "async is asked for"
        if self._connection.__class__ is not LocalConnection:
            return f"the connection is {self._connection.transport}"
        if self._connection.become or self._play_context.become:
            return "become is asked for"
        if C.DEFAULT_KEEP_REMOTE_FILES:
            return "ANSIBLE_KEEP_REMOTE_FILES asks for its files"
        interpreter = self._other_interpreter(task_vars)
        if interpreter:
            return f"the interpreter asked for is {interpreter}"
        self._compute_environment_string(environment)
        for name in environment:
            if name.startswith(_READ_AT_START):
                return f"the environment sets {name}"
        if sys.platform == "darwin" and environment.get("no_proxy", os.environ.get("no_proxy")) != "*":
            return "macOS can't be asked for proxies in a forked process"
        if REQUESTS_IMPORT_ERROR is not None:
            return "Ansible's own Python lacks the requests library, or cannot import it"
        return None

    def _is_switched_on(self, task_vars):
        try:
            value = self._templar.template(task_vars.get(SWITCH, True))
        except AnsibleError as error:
            raise NotABoolean(f"The variable {SWITCH} cannot be read: {error}") from None
        try:
            return boolean(value)
        except TypeError:
            raise NotABoolean(f"The variable {SWITCH} must be true or false.") from None

    def _other_interpreter(self, task_vars):
        """The Python that the user asks for, unless it is this one."""
        own_vars = task_vars
        if self._task.delegate_to:
            own_vars = task_vars.get("ansible_delegated_vars", {}).get(self._task.delegate_to, task_vars)
        value = C.config.get_config_value("INTERPRETER_PYTHON", variables=own_vars)
        value = str(self._templar.template(value)).strip()
        if value.startswith("auto") or _is_this_python(value):
            return None
        return value

    def _prepare(self, task_vars):
        # As a module would receive them: without templates, vaults or other types of Ansible's own.
        given = json.loads(json.dumps(self._task.args, **_TO_MODULE), **_IN_MODULE)
        spec = self._module.ARGUMENT_SPEC
        self._no_log_values = set()
        self._context = InProcessContext(self._task, self._no_log_values)
        for value in arguments.secrets(spec, given):
            self._context.mark_secret(value)
        try:
            self._params, self._refusal = self._validated(raw_arguments.read(given, spec))
        except InvalidInput as error:
            self._params, self._refusal = {}, failure(error)
        self._invocation = _invocation(task_vars, self._params)

    def _run_here(self):
        context, no_log_values = self._context, self._no_log_values
        result = self._refusal or self._perform(self._params, context, no_log_values)
        for details in context.defects:
            display.vvv(registry.scrub(details, no_log_values))
        if context.warnings:
            result["warnings"] = context.warnings
        result.update(self._invocation)
        # The arguments are plain data, and so is all that was made of them.
        result = json.loads(json.dumps(registry.hide(result, no_log_values)))
        return result if _PLAIN_IS_NO_TEMPLATE else wrap_var(result)

    def _validated(self, given):
        """(arguments as the module understands them, the result if something is wrong with them)"""
        checked = ArgumentSpecValidator(self._module.ARGUMENT_SPEC).validate(given)
        for value in checked._no_log_values:
            self._context.mark_secret(value)
        for twice in checked._warnings:
            self._context.warn(f"Both option {twice['option']} and its alias {twice['alias']} are set.")
        wrong = {"failed": True, "msg": self._in_words(checked.errors)} if checked.error_messages else None
        return checked.validated_parameters, wrong

    def _in_words(self, errors):
        if isinstance(errors[0], UnsupportedError):
            return f"Unsupported parameters for ({self._action}) module: {errors.msg}"
        return errors.msg

    def _perform(self, params, context, no_log_values):
        seconds = self._time_out

        def task(params, context):
            try:
                return self._module.task(params, context)
            finally:
                if seconds:
                    # What follows is too short to be cut off.
                    signal.alarm(0)

        time_out = {signal.SIGALRM: f"The task's time-out of {seconds} s was over."} if seconds else {}
        result = perform(task, params, context, {**TERMINATION, **time_out})
        if context.cancel_token.reason in time_out.values():
            result["timedout"] = {"period": seconds}
        for number, reason in TERMINATION.items():
            if context.cancel_token.reason == reason:
                self._leave(number, result, no_log_values)
        return result

    def _leave(self, number, result, no_log_values):
        """Ends this process by the signal that it was sent. Nobody waits for its result any more: it is told here."""
        told = [f"{self._action}: {result.get('msg', 'It was done before the task ended.')}"]
        told += [f"{name}: {count}" for name, count in result.get("summary", {}).items()]
        text = registry.scrub("\n    ".join(told) + "\n", no_log_values)
        if _STDERR is not None and not self._is_silent:
            with suppress(OSError):
                os.write(_STDERR, text.encode("utf-8", "replace"))
        os.kill(os.getpid(), number)


def _invocation(task_vars: dict, params: dict) -> dict:
    """What a result repeats of the arguments; ansible-core up to 2.18 has no such setting, and always repeats them."""
    try:
        is_wanted = C.config.get_config_value("INJECT_INVOCATION", variables=task_vars)
    except AnsibleError:
        is_wanted = True
    return {"invocation": {"module_args": params}} if is_wanted else {}


def _is_this_python(interpreter):
    path = shutil.which(os.path.expanduser(interpreter))
    if path is None:
        return False
    # Two environments may link to the same program, so the folder counts as well.
    return os.path.samefile(path, sys.executable) and os.path.samefile(
        os.path.dirname(path), os.path.dirname(sys.executable)
    )


@contextmanager
def _surroundings(variables, folder):
    """Inside, the process has these environment variables and is in this folder, as a module would be."""
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
