# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is Ansible's own business may be gone or different tomorrow: a task then runs as a module."""

from __future__ import annotations

import ast
import importlib
import os
import sys
from pathlib import Path

import pytest
from ansible import constants, template
from ansible.module_utils.common import arg_spec
from ansible_collections.saasops.jobs.plugins.module_utils._core import cancellation
from ansible_collections.saasops.jobs.plugins.plugin_utils import (
    _action,
    _eligibility,
    _in_process,
    _progress,
    _switches,
)
from ansible_collections.saasops.jobs.tests.unit.support.fake_action import make_action

# The files that use Ansible's internals.
IN_PROCESS = (_in_process, _eligibility, _progress, _switches)
# The module that the plugin below is for.
MODULE = "ansible_collections.saasops.jobs.plugins.modules.log_collection_job"
IS_2_18 = not hasattr(template, "trust_as_template")
TASK_VARS = {"ansible_python_interpreter": sys.executable}


class Tasks:
    """A module whose task function notes that it has begun."""

    ARGUMENT_SPEC = {"secret": {"type": "str", "no_log": True}, "name": {"type": "str", "aliases": ["title"]}}

    def __init__(self, then=None):
        self.runs = 0
        self.then = then

    def task(self, params, context):
        self.runs += 1
        if self.then:
            raise self.then
        return {"changed": True, "params": params}


@pytest.fixture
def as_a_module(monkeypatch):
    """Instead of sending a module somewhere, the list of those that would have been."""
    begun = []
    # The action sets it for the module.
    monkeypatch.setenv(_action._WORKER, "")
    monkeypatch.setattr(
        _action.ModuleAction, "run", lambda action, tmp, task_vars: begun.append(action) or {"as": "a module"}
    )
    return begun


@pytest.fixture
def said(monkeypatch):
    lines = []
    monkeypatch.setattr(_action.display, "vvv", lines.append)
    return lines


def plugin(tasks=None):
    class Plugin(_action.JobsAction):
        module_name = "log_collection_job"

    if tasks is not None:
        Plugin.module = tasks
    return Plugin


def run(folder, tasks, change=lambda action: None, **args):
    action = make_action(plugin(tasks), folder, args)
    change(action)
    return action.run(None, TASK_VARS)


def test_a_task_runs_in_process_where_all_is_as_expected(tmp_path, as_a_module, said):
    tasks = Tasks()
    assert run(tmp_path, tasks, name="a")["params"] == {"name": "a", "secret": None}
    assert (tasks.runs, as_a_module) == (1, [])
    assert said == ["saasops.jobs.x runs in Ansible's own process."]


def imported_from_ansible():
    """(module, name) of all that the in-process runner imports from Ansible."""
    trees = [ast.parse(Path(file.__file__).read_text()) for file in IN_PROCESS]
    found = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    names = [
        (node.module, alias.name) for node in found if node.module.split(".")[0] == "ansible" for alias in node.names
    ]
    assert len(names) > 10
    # Another version of Ansible needs this one.
    other = "ansible.module_utils.common.json" if IS_2_18 else "ansible.parsing.ajson"
    return sorted({each for each in names if each[0] != other})


@pytest.mark.parametrize("module, name", imported_from_ansible())
def test_a_task_runs_as_a_module_if_ansible_lacks_a_name(tmp_path, as_a_module, said, module, name):
    tasks = Tasks()
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(importlib.import_module(module), name)
        if f"{module}.{name}" in sys.modules:
            patch.setitem(sys.modules, f"{module}.{name}", None)
        for file in IN_PROCESS:
            patch.delitem(sys.modules, file.__name__)
        left_alone = plugin(tasks)
    assert make_action(left_alone, tmp_path).run(None, TASK_VARS) == {"as": "a module"}
    assert (tasks.runs, len(as_a_module)) == (0, 1)
    assert "runs as a module: something that is needed here is missing or different" in said[0]


class Without:
    """Something that lacks an attribute that it had, or has it with another signature."""

    def __init__(self, whole, name, instead=None):
        self._whole = whole
        self._name = name
        self._instead = instead

    def __getattr__(self, name):
        if name != self._name:
            return getattr(self._whole, name)
        if self._instead:
            return self._instead
        raise AttributeError(name)


ATTRIBUTES = {
    "": ["_connection", "_play_context", "_templar", "_loader", "_compute_environment_string"],
    "_task": ["args", "check_mode", "delegate_to", "diff", "no_log", "timeout"],
    "_connection": ["become"],
    "_play_context": ["become"],
    "_templar": ["template"],
    "_loader": ["get_basedir"],
}


@pytest.mark.parametrize("owner, name", [(owner, name) for owner, names in ATTRIBUTES.items() for name in names])
def test_a_task_runs_as_a_module_if_ansible_lacks_an_attribute(tmp_path, as_a_module, said, owner, name):
    tasks = Tasks()

    def change(action):
        whole = getattr(action, owner) if owner else None
        if not owner:
            # ActionBase has it, too.
            setattr(action, name, None)
        elif owner == "_connection":
            # Its class counts.
            delattr(whole, name)
        else:
            setattr(action, owner, Without(whole, name))

    assert run(tmp_path, tasks, change) == {"as": "a module"}
    assert (tasks.runs, len(as_a_module)) == (0, 1)
    assert "missing or different" in said[0]


def changed(*_arguments, **_more):
    raise TypeError("got an unexpected keyword argument 'variables'")


@pytest.mark.parametrize("owner, name", [("_templar", "template"), ("_loader", "get_basedir")])
def test_a_task_runs_as_a_module_if_a_function_of_ansible_has_another_signature(tmp_path, as_a_module, owner, name):
    tasks = Tasks()

    def change(action):
        setattr(action, owner, Without(getattr(action, owner), name, changed))

    assert run(tmp_path, tasks, change) == {"as": "a module"}
    assert tasks.runs == 0


def test_a_task_runs_as_a_module_if_ansibles_settings_have_another_signature(tmp_path, as_a_module, monkeypatch):
    tasks = Tasks()
    with monkeypatch.context() as patch:
        patch.setattr(constants.config, "get_config_value", changed)
        assert run(tmp_path, tasks) == {"as": "a module"}


@pytest.mark.parametrize("name", ["_no_log_values", "_warnings", "error_messages", "errors", "validated_parameters"])
def test_a_task_runs_as_a_module_if_validated_arguments_have_another_form(tmp_path, as_a_module, monkeypatch, name):
    tasks = Tasks()
    validate = arg_spec.ArgumentSpecValidator.validate
    monkeypatch.setattr(
        arg_spec.ArgumentSpecValidator, "validate", lambda *arguments: Without(validate(*arguments), name)
    )
    # Where nothing is wrong, nobody looks at what is.
    args = {"nonsense": 1} if name == "errors" else {}
    assert run(tmp_path, tasks, **args) == {"as": "a module"}
    assert tasks.runs == 0


@pytest.mark.parametrize("defect", [AttributeError("x"), TypeError("x"), SyntaxError("x"), RuntimeError("x")])
def test_a_task_runs_as_a_module_if_the_module_cannot_be_imported_here(
    tmp_path, as_a_module, said, monkeypatch, defect
):
    def fail(name):
        if name == MODULE:
            raise defect
        return importlib.__import__(name, fromlist=["x"])

    monkeypatch.setattr(_action.importlib, "import_module", fail)
    broken = plugin()
    monkeypatch.setattr(_action.importlib, "import_module", importlib.import_module)
    assert make_action(broken, tmp_path).run(None, TASK_VARS) == {"as": "a module"}
    assert type(defect).__name__ in said[0]


def test_a_defect_in_the_runner_shows_its_traceback_without_its_message(tmp_path, as_a_module, said, monkeypatch):
    def fail(*_arguments):
        # In pieces, as a traceback also shows the code.
        raise ValueError("s3" + "cret")

    monkeypatch.setattr(_in_process, "why_not_in_process", fail)
    assert run(tmp_path, Tasks()) == {"as": "a module"}
    assert "missing or different (ValueError)" in said[0]
    assert "_in_process.py" in said[1]
    assert "s3cret" not in "".join(said)


@pytest.mark.parametrize("args", [{"nonsense": 1}, {"name": ["a", "b"], "title": "c"}])
def test_mistakes_of_the_user_are_reported_in_process(tmp_path, as_a_module, args):
    tasks = Tasks()
    run(tmp_path, tasks, **args)
    assert as_a_module == []


@pytest.mark.parametrize("defect", [AttributeError("gone"), ImportError("gone"), ValueError("gone"), KeyError("gone")])
def test_a_task_that_has_begun_is_never_repeated_as_a_module(tmp_path, as_a_module, defect):
    tasks = Tasks(then=defect)
    assert run(tmp_path, tasks)["failed"] is True
    assert (tasks.runs, as_a_module) == (1, [])


def test_a_result_that_cannot_be_shown_does_not_repeat_the_task(tmp_path, as_a_module, monkeypatch):
    tasks = Tasks()
    monkeypatch.setattr(_in_process.registry, "hidden_json", changed)
    with pytest.raises(TypeError):
        run(tmp_path, tasks)
    assert (tasks.runs, as_a_module) == (1, [])


@pytest.mark.parametrize("async_val, is_told", [(0, True), (60, False)])
def test_a_module_is_told_of_its_worker_unless_it_may_outlive_it(tmp_path, as_a_module, async_val, is_told):
    def change(action):
        action._task.async_val = async_val
        action._connection.become = "sudo"

    assert run(tmp_path, Tasks(), change) == {"as": "a module"}
    assert os.environ[cancellation.WORKER] == (f"{os.getpid()} {os.getppid()}" if is_told else "")
