# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import awx_rules
import pytest
import yaml
from awx_catalogue import ROOT, catalogue, created, setup

EVERYTHING = created()
TEMPLATES = {template["name"]: template for template in EVERYTHING["job_templates"]}
KEYS = {template["key"]: template for template in catalogue().templates}
PLAYBOOKS = {f"playbooks/{file.name}" for file in (ROOT / "playbooks").glob("*.yml")}
OPS_MANAGER = {"name": "payments", "type": "ops_manager", "inputs": {}}


def questions():
    return [(template["key"], question) for template in KEYS.values() for question in template.get("survey", ())]


@pytest.mark.parametrize("described", EVERYTHING["credential_types"], ids=lambda described: described["name"])
def test_awx_accepts_each_credential_type(described):
    awx_rules.check_credential_type({"kind": "cloud", **described})


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template["name"])
def test_awx_accepts_each_job_template_and_its_survey(template):
    sent = {**template, "inventory": 1, "extra_vars": json.dumps(template["extra_vars"])}
    awx_rules.check_job_template(sent, PLAYBOOKS)
    if template["survey_enabled"]:
        awx_rules.check_survey(template["survey_spec"])


@pytest.mark.parametrize("workflow", EVERYTHING["workflows"], ids=lambda workflow: workflow["name"])
def test_awx_accepts_each_survey_of_a_workflow(workflow):
    awx_rules.check_survey(workflow["survey_spec"])


def test_every_playbook_but_the_demo_has_a_template():
    assert {template["playbook"] for template in TEMPLATES.values()} == PLAYBOOKS - {"playbooks/demo.yml"}


def test_what_changes_something_has_a_dry_run_that_is_one_for_real():
    dry_runs = {name.removesuffix(" (dry run)"): template for name, template in TEMPLATES.items() if "(dry" in name}
    assert len(dry_runs) == len([key for key in KEYS.values() if key.get("changes")]) == 9
    for name, dry_run in dry_runs.items():
        real = TEMPLATES[name]
        assert (real["job_type"], dry_run["job_type"]) == ("run", "check")
        same = ("playbook", "survey_spec", "extra_vars", "timeout")
        assert [real[key] for key in same] == [dry_run[key] for key in same]
    changing = {template["playbook"] for template in dry_runs.values()}
    only_reading = {"playbooks/doctor.yml", "playbooks/report.yml"}
    assert {template["playbook"] for template in TEMPLATES.values()} - changing == only_reading


@pytest.mark.parametrize("template", KEYS.values(), ids=lambda template: template["key"])
def test_playbooks_that_wait_give_up_well_before_awx_ends_them(template):
    waits = {"sweep_logs", "retry_failed_logs", "collect_logs", "restore_download"}
    assert ("wait" in template) is (template.get("playbook", template["key"]) in waits)
    if "wait" in template:
        made = created(timeouts={template["key"]: 1000})["job_templates"]
        variable = template["wait"]["variable"]
        waiting = [(each["timeout"], each["extra_vars"].get(variable)) for each in made if each["timeout"] == 1000]
        assert waiting and all(300 < 1000 - wait <= 500 or wait == 750 for _timeout, wait in waiting)


# ------------------------------------------------------------------------------------------------------------- surveys


@pytest.mark.parametrize("key, question", questions())
def test_a_question_cannot_be_left_blank_and_has_an_answer_by_default_that_awx_accepts(key, question):
    assert question["question_description"].endswith(".")
    if question["type"] in ("text", "textarea"):
        assert question["min"] >= 1
    (asked,) = [each for each in setup(dest="/srv").survey(KEYS[key]) if each["variable"] == question["variable"]]
    assert asked["required"] is True
    if asked["default"] != "":
        assert awx_rules.answer_errors(asked, asked["default"]) is None


def variables_of(playbook):
    """The variables of a playbook: those of its role, or its own."""
    text = (ROOT / "playbooks" / f"{playbook}.yml").read_text(encoding="utf-8")
    plays = yaml.safe_load(text)
    tasks = [*plays[0]["tasks"], *(task for each in plays[0]["tasks"] for task in each.get("block", ()))]
    known = set()
    for task in tasks:
        known |= set(task.get("ansible.builtin.validate_argument_spec", {}).get("argument_spec", ()))
        role = task.get("ansible.builtin.include_role", {}).get("name", "").removeprefix("saasops.jobs.")
        if role:
            spec = (ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
            known |= set(yaml.safe_load(spec)["argument_specs"]["main"]["options"])
    # What a playbook takes apart from that, it says in the comment at its top.
    comment = text[: text.index("- name:")]
    words = comment.replace(",", " ").replace("=", " ").split()
    return known | {word for word in words if word.startswith((f"{playbook}_", "lts_"))}


@pytest.mark.parametrize("template", KEYS.values(), ids=lambda template: template["key"])
def test_each_question_and_extra_variable_is_one_that_the_playbook_knows(template):
    asked = {question["variable"] for question in template.get("survey", ())}
    given = {*template.get("extra_vars", ()), *([template["wait"]["variable"]] if "wait" in template else [])}
    assert asked | given <= variables_of(template.get("playbook", template["key"]))
    assert not asked & given


# --------------------------------------------------------------------------------------------------------- what is made


def test_services_that_are_left_out_have_nothing():
    made = created(services="lts")
    assert [each["name"] for each in made["job_templates"]] == [
        "saasops delete log streams",
        "saasops delete log streams (dry run)",
        "saasops check connections",
        "saasops report",
    ]
    assert (made["workflows"], made["schedules"]) == ([], [])
    names = [each["name"] for each in made["credential_types"]]
    assert names == ["saasops LTS user", "saasops LTS access key", "saasops LTS token", "saasops CA certificates"]
    doctor = next(each for each in made["job_templates"] if "check" in each["name"])
    assert [each["variable"] for each in doctor["survey_spec"]["spec"]] == ["doctor_services"]


def test_a_workflow_brings_the_templates_that_it_needs():
    made = created(services=["log_collection"], templates=[], workflows=["collect_and_delete_logs"])
    names = ["saasops collect logs, keep the jobs", "saasops delete collected logs"]
    assert [each["name"] for each in made["job_templates"]] == names
    assert [each["name"] for each in made["workflows"]] == ["saasops collect and delete logs"]


def test_nodes_that_follow_are_made_first_and_an_approval_gets_them_on_its_own():
    made = created(workflows="clean_up_logs", approval_timeout=600)["workflow_nodes"]
    known = set()
    for call in made:
        assert {*call.get("success_nodes", ()), *call.get("always_nodes", ())} <= known
        known.add(call["identifier"])
    calls = [(call["identifier"], call.get("unified_job_template"), call.get("approval_node")) for call in made]
    approval = {
        "name": "saasops clean up logs: approve",
        "description": "Delete what the dry run lists as deleted, at most 100.",
        "timeout": 600,
    }
    assert calls == [
        ("delete", "saasops delete approved logs", None),
        ("approve", None, approval),
        ("approve", None, None),
        ("predict", "saasops sweep logs (dry run)", None),
        ("retry", "saasops retry failed logs", None),
    ]


def test_workflows_hand_on_what_playbooks_set_and_no_role_reads():
    for template in KEYS.values():
        for value in template.get("extra_vars", {}).values():
            if isinstance(value, str):
                assert value.startswith("{{ saasops_jobs_")


def test_a_template_has_the_first_credential_of_each_of_its_services():
    account = {"name": "a", "type": "atlas_service_account", "inputs": {}}
    second = {"name": "b", "type": "atlas_api_key", "inputs": {}}
    authority = {"name": "c", "type": "ca_certificates", "inputs": {}}
    made = created(credentials=[OPS_MANAGER, account, second, authority])
    attached = {each["name"].removeprefix("saasops "): each.get("credentials") for each in made["job_templates"]}
    assert attached["sweep logs"] == ["saasops payments", "saasops c"]
    assert attached["cancel downloads"] == ["saasops a", "saasops c"]
    assert attached["report"] == ["saasops payments", "saasops a", "saasops c"]
    assert all("credentials" not in each for each in EVERYTHING["job_templates"])


def test_schedules_are_off_unless_asked_for_and_have_answers():
    answers = {"lts_log_group_name": "app", "lts_keep": "*"}
    schedules = [
        {"template": "lts_retention", "rrule": "r", "answers": answers, "enabled": True, "name": "x"},
        {"template": "sweep_logs", "rrule": "r", "dry_run": True},
    ]
    assert {each["enabled"] for each in EVERYTHING["schedules"]} == {False}
    first, second = created(schedules=schedules)["schedules"]
    assert first == {
        "name": "saasops x",
        "unified_job_template": "saasops delete log streams",
        "rrule": "r",
        "enabled": True,
        "extra_data": {**answers, "lts_older_than": "30d", "lts_retention_max_deletions": 10},
    }
    assert second["name"] == second["unified_job_template"] == "saasops sweep logs (dry run)"


@pytest.mark.parametrize("path, playbook", [("", "report.yml"), ("/ops/", "ops/report.yml"), (None, "report.yml")])
def test_playbooks_are_where_the_project_has_them(path, playbook):
    (made,) = created(playbooks_path=path, templates="report", workflows=[])["job_templates"]
    assert made["playbook"] == playbook


def test_names_begin_with_the_prefix():
    made = created(prefix="ops: ", credentials=[OPS_MANAGER])
    for kind in ("credential_types", "credentials", "job_templates", "workflows", "schedules"):
        assert made[kind] and all(each["name"].startswith("ops: ") for each in made[kind])
