# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.saasops.jobs.plugins.filter import survey_errors
from role_templates import OMIT, evaluate


def errors(playbook, **variables):
    return evaluate(f"'{playbook}' | survey_errors", survey_errors, **variables)


@pytest.mark.parametrize(
    "playbook, variables",
    [
        ("lts_retention", {}),
        ("lts_retention", {"lts_retention_groups": [{}], "lts_keep": "", "lts_older_than": None}),
        ("lts_retention", {"lts_log_group_name": "app", "lts_keep": "api"}),
        ("lts_retention", {"lts_log_group_name": "app", "lts_retention_groups": OMIT}),
        ("collect_logs", {"log_collection_resources": []}),
        ("collect_logs", {"collect_logs_resource_names": "a", "collect_logs_resource_type": "CLUSTER"}),
    ],
)
def test_answers_that_go_together_are_no_errors(playbook, variables):
    assert errors(playbook, **variables) == []


@pytest.mark.parametrize(
    "playbook, variables, sentence",
    [
        (
            "lts_retention",
            {"lts_log_group_name": "", "lts_retention_groups": [{}]},
            "Give either lts_retention_groups or lts_log_group_name.",
        ),
        (
            "lts_retention",
            {"lts_retention_groups": [{}], "lts_keep": "api", "lts_older_than": "30d"},
            "lts_keep and lts_older_than can be given only with lts_log_group_name.",
        ),
        (
            "collect_logs",
            {"log_collection_resources": [{}], "collect_logs_resource_names": "a"},
            "Give either log_collection_resources or collect_logs_resource_names.",
        ),
        (
            "collect_logs",
            {"collect_logs_resource_type": "CLUSTER"},
            "collect_logs_resource_type can be given only with collect_logs_resource_names.",
        ),
    ],
)
def test_answers_that_contradict_each_other_are_named(playbook, variables, sentence):
    assert errors(playbook, **variables) == [sentence]


def test_a_playbook_without_such_variables_is_an_error():
    with pytest.raises(AnsibleFilterError, match="must be one of collect_logs, lts_retention"):
        errors("sweep_logs")
