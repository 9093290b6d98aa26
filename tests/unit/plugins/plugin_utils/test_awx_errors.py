# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.plugin_utils import _awx_errors
from awx_catalogue import setup

RULE = "DTSTART;TZID=UTC:20260101T020000 RRULE:FREQ=DAILY;INTERVAL=1"
CREDENTIAL = {
    "name": "payments",
    "type": "ops_manager",
    "inputs": {"base_url": "https://o", "public_key": "k", "private_key": "hidden"},
}


@pytest.fixture(autouse=True)
def awx_collection(monkeypatch):
    monkeypatch.setattr(_awx_errors, "_has_awx_collection", lambda: True)


def errors(**variables):
    return list(_awx_errors.setup_errors(setup(**variables)))


def credential(**inputs):
    given = {**CREDENTIAL["inputs"], **inputs}
    return [{**CREDENTIAL, "inputs": {name: value for name, value in given.items() if value is not None}}]


def schedule(template="sweep_logs", **more):
    return [{"template": template, "rrule": RULE, **more}]


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"services": "log_collection, atlas", "templates": ["doctor"], "workflows": []},
        {"credentials": [CREDENTIAL], "timeouts": {"doctor": "600"}},
        {"schedules": schedule("lts_retention", answers={"lts_log_group_name": "app", "lts_keep": "*"})},
        {"schedules": schedule("clean_up_logs")},
        # What is left out needs no answers.
        {"schedules": schedule("lts_retention"), "services": ["cielo24"]},
        # Nobody needs secrets to remove credentials.
        {"credentials": [{"name": "payments", "type": "ops_manager"}], "state": "absent"},
    ],
)
def test_setup_errors_of_what_awx_accepts_are_none(variables):
    assert errors(**variables) == []


@pytest.mark.parametrize(
    "variables, message",
    [
        ({"prefix": " "}, "awx_setup_prefix must not be empty."),
        ({"organization": ""}, "awx_setup_organization must not be empty."),
        ({"services": []}, "awx_setup_services must not be empty."),
        ({"services": "lst"}, "awx_setup_services: unknown: lst. There are log_collection, atlas, lts, cielo24."),
        ({"templates": "delete_approved_logs"}, "awx_setup_templates: unknown: delete_approved_logs. There are "),
        ({"workflows": ["x"]}, "unknown: x. There are clean_up_logs, collect_and_delete_logs."),
        ({"credentials": [CREDENTIAL, CREDENTIAL]}, "awx_setup_credentials: payments is there twice."),
        ({"credentials": [{**CREDENTIAL, "type": "x"}]}, "payments: type: unknown: x. There are ops_manager, "),
        ({"credentials": credential(key="k")}, "payments: inputs: unknown: key. There are base_url, public_key, "),
        ({"credentials": credential(private_key=None)}, "payments: private_key must not be empty."),
        ({"credentials": credential(private_key="")}, "payments: private_key must not be empty."),
        ({"credentials": credential(project_id=5)}, "payments: project_id must be a text."),
        ({"credentials": credential(base_url="o:1")}, "payments: base_url must begin with https://"),
        ({"credentials": [CREDENTIAL], "services": "lts"}, "is for a service that awx_setup_services leaves out."),
        ({"timeouts": {"x": 600}}, "awx_setup_timeouts: unknown: x. There are sweep_logs, "),
        ({"timeouts": {"doctor": "1h"}}, "awx_setup_timeouts: doctor: must be a number of seconds, 60 or more."),
        ({"schedules": schedule("x")}, "awx_setup_schedules: template: unknown: x."),
        (
            {"schedules": schedule("doctor", dry_run=True), "services": "lts"},
            "schedules: doctor has no dry run.",
        ),
        ({"schedules": schedule(rrule="daily")}, "sweep_logs: rrule must look like DTSTART;"),
        ({"schedules": schedule(answers={"older_than": "1d"})}, "answers: unknown: older_than. There are log_coll"),
        ({"schedules": schedule("lts_retention")}, "answers must have lts_log_group_name, lts_keep."),
        ({"schedules": schedule("collect_and_delete_logs")}, "must have collect_logs_resource_names, log_collection_d"),
    ],
)
def test_setup_errors_of_what_awx_refuses_or_misunderstands_name_it_and_no_secret(variables, message):
    (sentence,) = errors(**variables)
    assert message in sentence
    assert "hidden" not in sentence


def test_setup_errors_without_the_collection_of_awx_say_how_to_install_it(monkeypatch):
    monkeypatch.setattr(_awx_errors, "_has_awx_collection", lambda: False)
    assert errors() == [
        "The role needs the collection awx.awx; install it with `ansible-galaxy collection install awx.awx`."
    ]


def test_awx_collection_is_looked_for_where_ansible_does():
    assert _awx_errors._is_installed("ansible_collections.saasops.jobs") is True
    assert _awx_errors._is_installed("ansible_collections.saasops.nothing") is False
    assert _awx_errors._is_installed("ansible_collections.no_such_namespace.nothing") is False
