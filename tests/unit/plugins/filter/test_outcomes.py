# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.saasops.jobs.plugins.filter import outcomes
from role_templates import evaluate

DELETED = {"id": "1", "action": "delete", "changed": True}
ABSENT = {"id": "22", "action": "none", "changed": False}
RESULTS = [["LTS", "stream", "id", [DELETED]], ["cielo24", "job", "id", [ABSENT, {**DELETED, "action": "sign"}]]]


def table(expression="outcomes | outcome_table"):
    return evaluate(f"results | {expression}", outcomes, results=RESULTS)


def test_outcomes_of_several_results_are_one_list():
    assert table("outcomes")[:2] == [
        {"service": "LTS", "what": "stream 1", "action": "delete", "changed": True, "reason": ""},
        {
            "service": "cielo24",
            "what": "job 22",
            "action": "none",
            "changed": False,
            "reason": "it does not exist",
        },
    ]


@pytest.mark.parametrize("results", [["LTS"], [["LTS", "stream", "id"]]])
def test_outcomes_of_incomplete_results_fail(results):
    with pytest.raises(AnsibleFilterError, match="give lists of a service, a kind, a field and items"):
        outcomes.outcomes(results)


def test_outcome_table_of_what_was_done_is_in_columns():
    assert table() == [
        "LTS      stream 1  deleted",
        "cielo24  job 22    nothing to do: it does not exist",
        "cielo24  job 1     sign",
    ]


def test_outcome_table_in_check_mode_says_what_would_be_done():
    lines = table("outcomes | outcome_table(check_mode=true)")
    assert [line[19:] for line in lines] == ["would be deleted", "nothing to do: it does not exist", "would be sign"]


def test_outcome_table_of_nothing_is_empty():
    assert outcomes.outcome_table([]) == []


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        ({}, "it does not exist"),
        ({"ExternalID": None, "files": []}, "it does not exist"),
        ({"status": "SUCCESS"}, "it is SUCCESS"),
        ({"JobStatus": "Complete"}, "it is Complete"),
        ({"cancelled": False, "expired": True}, "it is expired"),
        ({"log_stream_id": "2"}, "it exists already"),
    ],
)
def test_outcomes_where_nothing_was_done_say_why(shown, reason):
    (row,) = outcomes.outcomes([["LTS", "stream", "id", [{**ABSENT, **shown}]]])
    assert row["reason"] == reason
