# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.saasops.jobs.plugins.filter import retry_errors
from role_templates import OMIT, evaluate

PLAYBOOK = Path(__file__).resolve().parents[4] / "playbooks" / "retry_failed_logs.yml"


def errors(**variables):
    return evaluate("'retry_failed_logs' | retry_errors", retry_errors, **variables)


def test_retry_errors_with_variables_that_are_given_or_omitted_are_none():
    assert errors(retry_failed_logs_job_ids="a", retry_failed_logs_newer_than=OMIT, other="") == []


@pytest.mark.parametrize("name", ["job_ids", "newer_than", "project_id", "resource_name"])
@pytest.mark.parametrize("value", ["", None, []])
def test_retry_errors_with_a_blank_answer_name_it(name, value):
    (sentence,) = errors(**{f"retry_failed_logs_{name}": value})
    assert sentence == f"retry_failed_logs_{name} must not be empty; leave out what is not needed."


def test_retry_errors_with_a_misspelt_variable_name_it():
    assert errors(retry_failed_logs_job_id="a") == ["The playbook has no variable retry_failed_logs_job_id."]


def test_retry_errors_know_all_variables_of_the_playbook():
    playbook = yaml.safe_load(PLAYBOOK.read_text(encoding="utf-8"))
    (spec,) = [
        task["ansible.builtin.validate_argument_spec"]["argument_spec"]
        for task in playbook[0]["tasks"][0]["block"]
        if "ansible.builtin.validate_argument_spec" in task
    ]
    assert errors(**dict.fromkeys(spec, "a")) == []
    assert {f"retry_failed_logs_{name}" for name in retry_errors._VARIABLES} == set(spec)


def test_retry_errors_with_private_variables_of_others_are_only_these():
    (sentence,) = errors(
        __retry_failed_logs_found={}, __retry_failed_logs_retried="reserved", retry_failed_logs_job_ids=""
    )
    assert sentence.startswith("__retry_failed_logs_found must not be set by extra variables: ")
