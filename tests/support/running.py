# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a module's task function in this process, as its module runner would."""

from __future__ import annotations

import importlib
import time

from accounts import log_collection
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import Clock, TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import raw_arguments
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.constraints import UNCONSTRAINED
from ansible_collections.saasops.jobs.plugins.module_utils._core.runner import failure, perform

MODULES = "ansible_collections.saasops.jobs.plugins.modules."


class HastyClock(Clock):
    """Sleeps a twentieth of what it is asked to, and counts the whole."""

    def __init__(self):
        self.slept = 0.0

    def now(self):
        return super().now() + self.slept

    def sleep(self, seconds):
        self.slept += seconds * 0.95
        time.sleep(seconds / 20)


class SteeringClock(Clock):
    """Moves a sandbox's clock, which stands still otherwise, instead of sleeping.

    :param sandbox: a sandbox_process.Control.
    """

    def __init__(self, sandbox):
        self._sandbox = sandbox
        self._begin = sandbox.now()
        self.slept = 0.0

    def now(self):
        return self.slept

    def wall(self):
        return self._begin + self.slept

    def sleep(self, seconds):
        self.slept += seconds
        self._sandbox.clock(advance=seconds)


def module(name):
    return importlib.import_module(MODULES + name)


def parameters(name, given):
    """Parameters as AnsibleModule would hand them on.

    :raises InvalidInput: a selector is empty, or an item of a list.
    :raises ValueError: the arguments do not fit the module's argument specification.
    """
    spec = module(name).ARGUMENT_SPEC
    constraints = getattr(module(name), "CONSTRAINTS", UNCONSTRAINED)
    validator = ArgumentSpecValidator(spec, **constraints.as_arguments())
    constraints.refuse_not_offered(given)
    validated = validator.validate(raw_arguments.read(given, spec))
    if validated.error_messages:
        raise ValueError("; ".join(validated.error_messages))
    return validated.validated_parameters


def run(name, given, check=False, context=None, diff=True):
    """The result of a module's task, as a runner would have it, with `warnings`."""
    context = context or TaskContext(check_mode=check, clock=HastyClock(), diff_mode=diff)
    try:
        result = perform(module(name).task, parameters(name, given), context)
    except InvalidInput as error:
        result = failure(error)
    return {**result, "warnings": context.warnings}


def listed(url, **more):
    """The result of listing log collection jobs with a single attempt of each request."""
    return run("log_collection_job_info", {**log_collection(url), "retries": 0, **more})
