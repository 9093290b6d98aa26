# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys

import pytest
from ansible.errors import AnsibleActionFail
from ansible.plugins.connection.local import Connection
from ansible_collections.saasops.jobs.plugins.plugin_utils import _eligibility, _switches
from ansible_collections.saasops.jobs.tests.unit.support.fake_action import action_plugin, make_action

PLUGIN = action_plugin("log_collection_job")


@pytest.fixture
def action(tmp_path):
    """An action on a local connection, whose task asks for nothing in particular."""
    return make_action(PLUGIN, tmp_path)


def why_not(action, **task_vars):
    task_vars = {"ansible_python_interpreter": sys.executable, **task_vars}
    return _eligibility.why_not_in_process(action, task_vars, {})


def test_a_local_task_runs_in_process(action):
    assert why_not(action) is None


@pytest.mark.parametrize("switch, here", [(True, True), ("yes", True), (False, False), ("no", False)])
def test_the_switch_decides_where_a_task_runs(action, switch, here):
    assert (why_not(action, **{_switches.IN_PROCESS: switch}) is None) is here


def test_a_switch_that_is_neither_true_nor_false_is_an_error(action):
    with pytest.raises(AnsibleActionFail, match="saasops_jobs_in_process must be true or false"):
        why_not(action, **{_switches.IN_PROCESS: "perhaps"})


def test_a_subclass_of_the_local_connection_needs_the_module(action):
    class Chroot(Connection):
        transport = "chroot"

    action._connection.__class__ = Chroot
    assert why_not(action) == "the connection is chroot"


@pytest.mark.parametrize("interpreter", ["auto", "auto_silent", "auto_legacy", sys.executable])
def test_the_own_interpreter_runs_in_process(action, interpreter):
    assert why_not(action, ansible_python_interpreter=interpreter) is None


@pytest.mark.parametrize("interpreter", ["/usr/bin/env python3", "/nowhere/python", "sh"])
def test_another_interpreter_needs_the_module(action, interpreter):
    assert why_not(action, ansible_python_interpreter=interpreter) == f"the interpreter asked for is {interpreter}"


def test_the_interpreter_of_the_delegated_host_counts(action):
    action._task.delegate_to = "other"
    delegated = {"other": {"ansible_python_interpreter": "/nowhere/python"}}
    assert why_not(action, ansible_delegated_vars=delegated) == "the interpreter asked for is /nowhere/python"


def test_macos_needs_the_module_unless_proxies_are_ruled_out(action, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delenv("no_proxy", raising=False)
    assert "macOS" in why_not(action)
    monkeypatch.setenv("no_proxy", "*")
    assert why_not(action) is None
    action._task.environment = [{"no_proxy": ""}]
    assert "macOS" in why_not(action)
