# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a task function to its result. The in-process runner and the module runner share this."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .cancellation import Cancelled
from .context import TaskContext
from .errors import InvalidInput, JobsError
from .json_safe import plain, refuse_broken_text
from .params import raw_arguments
from .params.constraints import UNCONSTRAINED, Constraints
from .redaction import arguments, registry

Result = dict[str, Any]
# What a module does: a function of the checked parameters and the context, which returns the result.
TaskFunction = Callable[[dict[str, Any], TaskContext], Result]

# The signals that end a task early, each with the sentence that the report then holds.
TERMINATION: dict[int, str] = {
    signal.SIGINT: "The task was interrupted (SIGINT).",
    signal.SIGTERM: "The task was terminated (SIGTERM).",
}


class MaskingContext(TaskContext):
    """A TaskContext that has Ansible mask the secrets.

    :param no_log_values: the set of strings that ansible-core up to 2.21 masks.
    :param more: see TaskContext.
    """

    def __init__(self, no_log_values: set[str], **more: Any) -> None:
        super().__init__(**more)
        self._no_log_values = no_log_values

    def mark_secret(self, value: str) -> None:
        """Keep one string out of everything that is shown."""
        registry.mark(value, self._no_log_values)

    def scrub(self, text: str) -> str:
        """Return a text with all marked secrets hidden."""
        return registry.scrub(text, self._no_log_values)

    def tracebacks(self) -> list[str]:
        """Return the tracebacks of all defects, without secrets."""
        return [self.scrub(text) for text in self.defects]


def read_arguments(
    given: dict[str, Any],
    spec: dict[str, dict[str, Any]],
    mark_secret: Callable[[str], None],
    constraints: Constraints = UNCONSTRAINED,
) -> dict[str, Any]:
    """Mark the secrets in the arguments of a task, and read its lists, before Ansible validates or shows any.

    :param given: the arguments as the task gives them.
    :param spec: the argument specification of the module.
    :param constraints: those of the module.
    :raises InvalidInput: see raw_arguments.read(), and Constraints.refuse_not_offered().
    """
    for secret in arguments.secrets(spec, given):
        mark_secret(secret)
    constraints.refuse_not_offered(given)
    return raw_arguments.read(given, spec)


def validate_arguments(
    arguments: Mapping[str, Any], spec: dict[str, dict[str, Any]], mark_secret: Callable[[str], None]
) -> dict[str, Any]:
    """Validate arguments as Ansible does those of a module, with the environment and the defaults.

    :param arguments: see read_arguments().
    :param spec: the argument specification.
    :raises InvalidInput: they are not valid.
    """
    validated = ArgumentSpecValidator(spec).validate(arguments)
    for secret in validated._no_log_values:
        mark_secret(secret)
    if validated.error_messages:
        raise InvalidInput(f"{validated.error_messages[0]}.")
    found: dict[str, Any] = validated.validated_parameters
    return found


def perform(
    task: TaskFunction, params: dict[str, Any], context: TaskContext, reasons: Mapping[int, str] | None = None
) -> Result:
    """Run a task function to its result, whatever happens.

    :param params: the checked parameters.
    :param reasons: the signals that end the task early, each with a sentence for the user.
    :returns: the result as plain JSON data, with `failed` and `msg` if the task failed.
    """
    with context.cancel_token.on_signals(reasons or {}):
        try:
            result = _guarded(task, params, context)
        finally:
            context.clean_up()
    return plain(result)


def _guarded(task: TaskFunction, params: dict[str, Any], context: TaskContext) -> Result:
    """Return the result of a task function, whatever it raises. A task that may have changed something reports all."""
    cause: JobsError
    try:
        refuse_broken_text(params)
        return task(params, context)
    except JobsError as error:
        cause = error
    except Cancelled as cancelled:
        cause = JobsError(f"{cancelled.reason} Nothing was changed.")
    # Even a task that fails with a defect has to report what it has changed.
    except Exception as defect:
        cause = context.note_defect(defect)
    if context.report_so_far is not None:
        return context.report_so_far(cause)
    return failure(cause)


def failure(error: JobsError) -> Result:
    """Return the result of a task that failed before it changed anything."""
    return {"failed": True, "changed": False, "msg": str(error), "error": error.as_dict()}
