# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.filter import checks
from role_templates import OMIT, evaluate

GOOD = {"name": "tcp", "level": "ok", "detail": "Port 443 accepts connections.", "hint": ""}
DOUBTFUL = {"name": "clock", "level": "warning", "detail": "It is late.", "hint": "Set it."}
BAD = {"name": "sign_in", "level": "error", "detail": "No.", "hint": "Check the key."}
RESULTS = [
    {"ansible_loop_var": "item", "item": "lts", "checks": [GOOD, DOUBTFUL]},
    {"ansible_loop_var": "item", "item": "cielo24", "checks": [BAD]},
]
CRASHED = [
    {"ansible_loop_var": "item", "item": "lts", "msg": "The Python library requests cannot be imported."},
]


def test_check_table_is_in_columns_with_what_to_do():
    assert checks.check_table(RESULTS) == [
        "lts      tcp      ok       Port 443 accepts connections.",
        "lts      clock    WARNING  It is late. Set it.",
        "cielo24  sign_in  ERROR    No. Check the key.",
    ]


def test_check_table_of_a_task_that_made_no_checks_shows_its_message():
    assert checks.check_table(CRASHED) == ["lts  options  ERROR  The Python library requests cannot be imported."]


def test_check_counts_tell_errors_from_warnings():
    assert checks.check_counts(RESULTS) == {"saasops_jobs_doctor_errors": 1, "saasops_jobs_doctor_warnings": 1}


@pytest.mark.parametrize(
    "fail_on, failures",
    [
        ("never", []),
        ("error", ["cielo24, sign_in: No. Check the key."]),
        ("warning", ["lts, clock: It is late. Set it.", "cielo24, sign_in: No. Check the key."]),
    ],
)
def test_check_failures_are_those_that_are_asked_for(fail_on, failures):
    assert checks.check_failures(RESULTS, fail_on) == failures


def errors(**variables):
    return evaluate("'doctor' | doctor_errors", checks, **variables)


@pytest.mark.parametrize("services", ["lts, cielo24", ["lts"], "atlas\nlog_collection\n"])
def test_doctor_errors_of_known_services_are_none(services):
    assert (
        errors(doctor_services=services, doctor_connections={"lts": {"region": "eu-de"}}, doctor_fail_on="error") == []
    )


@pytest.mark.parametrize(
    "services, connections, fail_on, words",
    [
        ([], {}, "error", "Set doctor_services"),
        ("", {}, "error", "doctor_services is an empty string"),
        ("ltx", {}, "error", "Unknown services: ltx"),
        ("lts", {"ltx": {}}, "error", "Unknown services: ltx"),
        ("lts", {"lts": "eu-de"}, "error", "doctor_connections must be a dictionary"),
        ("lts", [], "error", "doctor_connections must be a dictionary"),
        ("lts", {}, "always", "doctor_fail_on must be"),
        ("lts", {}, ["error"], "doctor_fail_on must be"),
    ],
)
def test_doctor_errors_name_the_variable_that_is_wrong(services, connections, fail_on, words):
    (error,) = errors(doctor_services=services, doctor_connections=connections, doctor_fail_on=fail_on)
    assert words in error


def test_doctor_errors_without_services_take_those_of_the_connections():
    assert errors(doctor_connections={"lts": {}}, doctor_services=OMIT) == []


def test_doctor_errors_with_misspelt_or_private_variables_name_them():
    assert errors(doctor_services="lts", doctor_service="x") == ["The playbook has no variable doctor_service."]
    (sentence,) = errors(doctor_services="lts", __doctor_results={"results": []})
    assert sentence.startswith("__doctor_results must not be set by extra variables: ")
