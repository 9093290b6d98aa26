# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a task shows its progress, and how."""

from __future__ import annotations

import io
import sys

import pytest
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible_collections.saasops.jobs.plugins.plugin_utils import _in_process, _progress, _switches
from ansible_collections.saasops.jobs.tests.unit.support.fake_action import action_plugin, make_action

PLUGIN = action_plugin("log_collection_job")
TASK_VARS = {"ansible_python_interpreter": sys.executable, "inventory_hostname": "here"}


class Module:
    """Stands for the Python module of an Ansible module whose task shows its progress."""

    ARGUMENT_SPEC = {"password": {"type": "str", "no_log": True}}

    @staticmethod
    def task(params, context):
        context.progress.show(lambda: f"working with {params['password']}\n\x1b[2J")
        return {"changed": False}


@pytest.fixture
def shown(monkeypatch):
    lines = []
    monkeypatch.setattr(_progress.display, "display", lines.append)
    return lines


def run(folder, switch=None, **task):
    action = make_action(PLUGIN, folder, {"password": "s3cret"})
    vars(action._task).update(task)
    given = {} if switch is None else {_switches.PROGRESS: switch}
    return _in_process.InProcessRunner(action, Module, {**TASK_VARS, **given}).run()


@pytest.mark.parametrize(
    "switch, is_terminal, is_shown",
    [
        (None, True, True),
        (None, False, False),
        ("auto", True, True),
        (" Auto ", False, False),
        (True, False, True),
        ("yes", False, True),
        (False, True, False),
        ("no", True, False),
    ],
)
def test_the_switch_decides_whether_progress_is_shown(tmp_path, shown, monkeypatch, switch, is_terminal, is_shown):
    monkeypatch.setattr(_progress, "IS_TERMINAL", is_terminal)
    assert run(tmp_path, switch)["changed"] is False
    assert bool(shown) is is_shown


@pytest.mark.parametrize("switch", ["perhaps", "", [], 7])
def test_a_switch_that_is_none_of_its_choices_is_an_error(tmp_path, shown, switch):
    with pytest.raises(AnsibleActionFail, match="saasops_jobs_progress must be true, false or auto"):
        run(tmp_path, switch)


def test_a_switch_that_cannot_be_templated_is_an_error():
    class Broken:
        @staticmethod
        def template(value):
            raise AnsibleError("no such variable")

    with pytest.raises(AnsibleActionFail, match="saasops_jobs_progress cannot be read: no such variable"):
        _switches.is_progress_shown(Broken, {}, is_terminal=True)


def test_a_line_names_the_host_and_holds_no_secret_and_no_control_character(tmp_path, shown):
    run(tmp_path, True)
    assert shown == ["[here]: working with (hidden) \\x1b[2J"]


@pytest.mark.parametrize("host, line", [("a\x1b[2J", "[a\\x1b[2J]: working"), (None, "working")])
def test_a_host_is_shown_as_it_can_be(shown, host, line):
    _progress.DisplayListener(host).show("working")
    assert shown == [line]


def test_a_task_with_no_log_shows_nothing(tmp_path, shown):
    run(tmp_path, True, no_log=True)
    assert shown == []


def test_a_screen_that_fails_changes_no_result(tmp_path, monkeypatch):
    def fail(_line):
        raise BrokenPipeError

    expected = run(tmp_path, False)
    monkeypatch.setattr(_progress.display, "display", fail)
    assert run(tmp_path, True) == expected


@pytest.mark.parametrize("stdout", [None, io.StringIO()])
def test_a_standard_output_that_is_missing_or_closed_is_no_terminal(monkeypatch, stdout):
    if stdout is not None:
        stdout.close()
    monkeypatch.setattr(sys, "stdout", stdout)
    assert _progress._is_terminal() is False
