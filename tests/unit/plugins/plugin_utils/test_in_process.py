# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the in-process runner makes of a task is what the module runner makes of it."""

from __future__ import annotations

import sys

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.constraints import UNCONSTRAINED, Constraints
from ansible_collections.saasops.jobs.plugins.plugin_utils import _in_process
from ansible_collections.saasops.jobs.tests.unit.support.fake_action import action_plugin, make_action
from ansible_collections.saasops.jobs.tests.unit.support.module_process import run_as_module


class Module:
    """Stands for the Python module of an Ansible module."""

    ARGUMENT_SPEC = {
        "name": {"type": "str"},
        "id": {"type": "str"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "size": {"type": "int"},
        "unit": {"type": "str"},
        "job_ids": {"type": "list", "elements": "str"},
    }

    def __init__(self, constraints=None):
        self.runs = 0
        if constraints is not None:
            self.CONSTRAINTS = constraints

    def task(self, params, context):
        self.runs += 1
        return {"changed": False, "size": params["size"]}


def in_process(folder, module, args):
    action = make_action(action_plugin("log_collection_job"), folder, args)
    return _in_process.InProcessRunner(action, module, {"ansible_python_interpreter": sys.executable}).run()


def in_both(folder, capsys, module, args):
    """The result without what only one runner adds, and how often the task function ran."""
    here = in_process(folder, module, args)
    there = run_as_module(
        capsys, module.ARGUMENT_SPEC, module.task, args, constraints=getattr(module, "CONSTRAINTS", UNCONSTRAINED)
    )
    results = [{name: value for name, value in result.items() if name != "invocation"} for result in (here, there)]
    assert results[0] == results[1]
    return results[0]


CASES = {
    "mutually_exclusive": ([("name", "id")], {"name": "a", "id": "b"}, "parameters are mutually exclusive: name|id"),
    "required_together": ([("size", "unit")], {"size": 1}, "parameters are required together: size, unit"),
    "required_one_of": ([("name", "id")], {}, "one of the following is required: name, id"),
    "required_if": (
        [("state", "absent", ["id"])],
        {"state": "absent"},
        "state is absent but all of the following are missing: id",
    ),
    "required_by": ({"size": ["unit"]}, {"size": 1}, "missing parameter(s) required by 'size': unit"),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_violated_constraint_fails_in_the_words_of_ansible_before_the_task_begins(tmp_path, capsys, kind):
    constraint, args, words = CASES[kind]
    module = Module(Constraints(**{kind: constraint}))
    assert in_both(tmp_path, capsys, module, args) == {"failed": True, "msg": words}
    assert module.runs == 0


@pytest.mark.parametrize("kind", CASES)
def test_a_module_that_declares_no_such_constraint_runs(tmp_path, capsys, kind):
    _constraint, args, _words = CASES[kind]
    module = Module()
    assert in_both(tmp_path, capsys, module, args) == {"changed": False, "size": args.get("size")}
    assert module.runs == 2


def test_kept_constraints_let_the_task_run(tmp_path, capsys):
    constraints = Constraints(
        mutually_exclusive=[("name", "id")],
        required_together=[("size", "unit")],
        required_one_of=[("name", "id")],
        required_if=[("state", "absent", ["id"])],
        required_by={"size": ["unit"]},
    )
    module = Module(constraints)
    args = {"id": "a", "state": "absent", "size": "1", "unit": "GB"}
    assert in_both(tmp_path, capsys, module, args) == {"changed": False, "size": 1}


def test_a_refused_argument_is_named_even_if_a_constraint_is_violated(tmp_path, capsys):
    module = Module(Constraints(required_one_of=[("name", "id")]))
    result = in_both(tmp_path, capsys, module, {"job_ids": ["a", ""]})
    assert result["msg"] == "item 2 of job_ids is empty."
    assert module.runs == 0
