# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.saasops.jobs.plugins.filter import variable_errors
from role_templates import OMIT, evaluate

FOLDER = Path(__file__).resolve().parents[4] / "playbooks"


def errors(playbook="retry_failed_logs", **variables):
    named = {name if name.startswith("_") else f"{playbook}_{name}": value for name, value in variables.items()}
    return evaluate(f"'{playbook}' | variable_errors", variable_errors, other="", **named)


def test_variable_errors_with_variables_that_are_given_or_omitted_are_none():
    assert errors(job_ids="a", newer_than=OMIT) == []


@pytest.mark.parametrize(
    "playbook, names",
    [
        ("retry_failed_logs", ["job_ids", "newer_than", "project_id", "resource_name"]),
        ("delete_logs", ["job_ids", "project_id"]),
        ("fetch_logs", ["job_ids", "dest", "project_id"]),
    ],
)
def test_variable_errors_with_blank_answers_name_them(playbook, names):
    for name in names:
        for blank in ("", None):
            (sentence,) = errors(playbook, **{name: blank})
            assert sentence == f"{playbook}_{name} must not be empty; leave out what is not needed."


def test_variable_errors_of_an_empty_list_from_an_earlier_job_are_none_where_it_means_nothing():
    assert errors("delete_logs", job_ids=[]) == []
    assert errors("retry_failed_logs", job_ids=[]) != []


def test_variable_errors_with_a_misspelt_variable_name_it():
    assert errors(job_id="a") == ["The playbook has no variable retry_failed_logs_job_id."]


@pytest.mark.parametrize("playbook", variable_errors._PLAYBOOKS)
def test_variable_errors_know_all_variables_of_the_playbook(playbook):
    written = yaml.safe_load((FOLDER / f"{playbook}.yml").read_text(encoding="utf-8"))
    (spec,) = [
        task["ansible.builtin.validate_argument_spec"]["argument_spec"]
        for task in written[0]["tasks"][0]["block"]
        if "ansible.builtin.validate_argument_spec" in task
    ]
    known = variable_errors._PLAYBOOKS[playbook]
    assert {f"{playbook}_{name}" for name in known.variables} == set(spec)
    assert errors(playbook, **dict.fromkeys(known.variables, "a")) == []


def test_variable_errors_with_private_variables_of_others_are_only_these():
    (sentence,) = errors(__retry_failed_logs_found={}, __retry_failed_logs_retried="reserved", job_ids="")
    assert sentence.startswith("__retry_failed_logs_found must not be set by extra variables: ")


def test_variable_errors_of_an_unknown_playbook_fail():
    with pytest.raises(
        AnsibleFilterError, match="the playbook must be one of delete_logs, fetch_logs, retry_failed_logs"
    ):
        errors("nothing")
