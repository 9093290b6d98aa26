# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role awx_setup with the real modules of awx.awx, which noxfile.py places, against a stand-in for AWX's API."""

from __future__ import annotations

import json
import re

import awx
import awx_api
import pytest
import yaml
from ansible_process import Ansible
from awx_catalogue import ROOT

COLLECTION = ROOT / ".build" / "awx"
PLAYBOOKS = {f"playbooks/{file.name}" for file in (ROOT / "playbooks").glob("*.yml")}
SECRET = "9d1c7b52-cedar-4e06-lagoon-8f3a"
NOTHING = dict.fromkeys(awx_api.RESOURCES, 0) | {"organizations": 2}
# A little of each kind of object, as each one takes a process of Python.
CHOICE = {
    "services": ["log_collection"],
    "templates": [],
    "workflows": ["collect_and_delete_logs"],
    "schedules": [
        {
            "template": "collect_and_delete_logs",
            "rrule": "DTSTART;TZID=UTC:20260101T020000 RRULE:FREQ=DAILY;INTERVAL=1",
            "answers": {"collect_logs_resource_names": "rsBlue"},
        }
    ],
    "dest": "/srv/mounted",
    "credentials": [
        {
            "name": "payments",
            "type": "ops_manager",
            "inputs": {"base_url": "https://opsmanager.example.net", "public_key": "k", "private_key": SECRET},
        }
    ],
}

needs_awx = pytest.mark.skipif(not COLLECTION.exists(), reason="nox -s integration places the collection awx.awx")


class Setup:
    """Runs the role.

    api: the stand-in for AWX.
    """

    def __init__(self, home, api):
        self.api = api
        self._ansible = Ansible(home)
        places = [self._ansible.environment["ANSIBLE_COLLECTIONS_PATH"], str(COLLECTION)]
        self._ansible.environment["ANSIBLE_COLLECTIONS_PATH"] = ":".join(places)
        # Each object takes a process, and each process some files less.
        self._ansible.environment["ANSIBLE_PIPELINING"] = "true"

    def run(self, *arguments, **variables):
        """Returns the finished process, with what changed in `changed`."""
        given = {f"awx_setup_{name}": value for name, value in {**CHOICE, **variables}.items()}
        include = {"ansible.builtin.include_role": {"name": "saasops.jobs.awx_setup"}, "vars": given}
        environment = {"CONTROLLER_HOST": self.api.url}
        if "controller_password" not in variables:
            environment["CONTROLLER_OAUTH_TOKEN"] = awx_api.TOKEN
        done = self.play([{"hosts": "localhost", "gather_facts": False, "tasks": [include]}], *arguments, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        done.changed = int(re.search(r" changed=(\d+) ", done.stdout)[1])
        return done

    def play(self, plays, *arguments, **environment):
        """Runs a playbook; no secret may show."""
        done = self._ansible.run_playbook(plays, *arguments, **environment)
        for secret in (SECRET, awx_api.PASSWORD, awx_api.TOKEN):
            assert secret not in done.stdout + done.stderr
        return done

    def counted(self):
        return {resource: len(items) for resource, items in self.api.objects.items()}


@pytest.fixture
def setup(tmp_path):
    # Such a small page that lists have several.
    with awx_api.AwxApi(PLAYBOOKS, page_size=1) as api:
        yield Setup(tmp_path, api)


# First, as only this test can run without awx.awx: `make test ARGS=--quick` takes the first one of each file.
def test_role_without_the_collection_of_awx_or_with_wrong_variables_says_so(tmp_path):
    variables = {"awx_setup_services": "lst", "awx_setup_service": "lts"}
    include = {"ansible.builtin.include_role": {"name": "saasops.jobs.awx_setup"}, "vars": variables}
    done = Ansible(tmp_path).run_playbook([{"hosts": "localhost", "gather_facts": False, "tasks": [include]}])
    assert done.returncode != 0
    for sentence in (
        "The role has no variable awx_setup_service.",
        "The role needs the collection awx.awx; install it with `ansible-galaxy collection install awx.awx`.",
        "awx_setup_services: unknown: lst.",
        "Nothing was changed.",
    ):
        assert sentence in done.stdout


@needs_awx
def test_role_sets_awx_up_once_and_removes_that_and_nothing_else(setup):
    stranger = setup.api.add("credential_types", name="saas", kind="cloud", inputs={}, injectors={})
    predicted = setup.run("--check")
    assert setup.api.changes == []
    assert "saasops delete collected logs" in predicted.stdout
    setup.run("-vvv", controller_username=awx_api.USER, controller_password=awx_api.PASSWORD)
    assert setup.counted() == {
        **NOTHING,
        "credential_types": 3,
        "credentials": 1,
        "projects": 1,
        "inventories": 1,
        "hosts": 1,
        "job_templates": 2,
        "workflow_job_templates": 1,
        "workflow_job_template_nodes": 3,
        "workflow_approval_templates": 1,
        "schedules": 1,
    }
    check_templates(setup.api)
    check_workflow(setup.api)
    sent = len(setup.api.changes)
    # The secrets, which AWX does not tell, are the only thing that could differ.
    assert setup.run(update_secrets=False).changed == 0
    assert setup.run("--check", update_secrets=False).changed == 0
    assert len(setup.api.changes) == sent
    assert setup.run(state="absent").changed == 6
    assert setup.counted() == {**NOTHING, "credential_types": 1}
    assert stranger["id"] in setup.api.objects["credential_types"]
    assert setup.run(state="absent").changed == 0


def check_templates(api):
    templates = api.named("job_templates")
    credential = api.named("credentials")["saasops payments"]
    assert credential["inputs"]["private_key"] == SECRET
    for template in templates.values():
        assert template["ask_job_type_on_launch"] is template["ask_variables_on_launch"] is False
        assert api.linked(template, "credentials") == [credential["id"]]
    collect, delete = (
        templates[f"saasops {name}"] for name in ("collect logs, keep the jobs", "delete collected logs")
    )
    assert json.loads(collect["extra_vars"]) == {"log_collection_delete": False, "log_collection_wait_timeout": 7200}
    assert (collect["timeout"], collect["survey_enabled"], collect["job_type"]) == (14400, True, "run")
    assert collect["playbook"] == "playbooks/collect_logs.yml"
    assert api.survey(collect)[-1]["default"] == "/srv/mounted/logs"
    # What another job hands on is put in by Ansible, when the job runs.
    handed_on = {"delete_logs_job_ids": "{{ saasops_jobs_collect_logs_started }}"}
    assert (json.loads(delete["extra_vars"]), delete["survey_enabled"]) == (handed_on, False)
    injectors = api.named("credential_types")["saasops MongoDB Ops Manager"]["injectors"]
    assert injectors["env"]["MCLI_PRIVATE_API_KEY"] == "{{ private_key }}"
    variables = json.loads(api.named("inventories")["saasops local"]["variables"])
    assert variables["ansible_python_interpreter"] == "{{ ansible_playbook_python }}"


def check_workflow(api):
    templates = api.named("job_templates")
    nodes = {node["identifier"]: node for node in api.objects["workflow_job_template_nodes"].values()}
    approval = api.named("workflow_approval_templates")["saasops collect and delete logs: approve"]
    runs = {identifier: node["unified_job_template"] for identifier, node in nodes.items()}
    assert runs == {
        "collect": templates["saasops collect logs, keep the jobs"]["id"],
        "approve": approval["id"],
        "delete": templates["saasops delete collected logs"]["id"],
    }
    assert approval["timeout"] == 86400
    follows = {identifier: api.linked(node, "success_nodes") for identifier, node in nodes.items()}
    assert follows == {"collect": [nodes["approve"]["id"]], "approve": [nodes["delete"]["id"]], "delete": []}
    (workflow,) = api.objects["workflow_job_templates"].values()
    asked = [question["variable"] for question in api.survey(workflow)]
    assert asked == ["collect_logs_resource_type", "collect_logs_resource_names", "log_collection_dest"]
    (schedule,) = api.objects["schedules"].values()
    assert (schedule["unified_job_template"], schedule["enabled"]) == (workflow["id"], False)
    assert schedule["extra_data"] == dict(zip(asked, ["REPLICASET", "rsBlue", "/srv/mounted/logs"]))


@needs_awx
def test_playbook_of_the_documentation_sets_awx_up_with_name_and_password(setup):
    """With fewer objects than there."""
    (play,) = yaml.safe_load(awx.setup_playbook())
    (role,) = play["roles"]
    assert role["role"] == "saasops.jobs.awx_setup"
    # Each object would take a second.
    role.update(awx_setup_templates=["delete_logs"], awx_setup_workflows=[], awx_setup_schedules=[])
    variables = {"opsmanager_public_key": "key", "opsmanager_private_key": SECRET}
    connection = {"CONTROLLER_HOST": setup.api.url, "CONTROLLER_USERNAME": awx_api.USER}
    done = setup.play([play], "-e", json.dumps(variables), **connection, CONTROLLER_PASSWORD=awx_api.PASSWORD)
    assert done.returncode == 0, done.stdout + done.stderr
    templates = setup.api.named("job_templates")
    kinds = {name: template["job_type"] for name, template in templates.items()}
    assert kinds == {"saasops delete logs": "run", "saasops delete logs (dry run)": "check"}
    (credential,) = setup.api.objects["credentials"].values()
    assert credential["inputs"]["private_key"] == SECRET
    (environment,) = setup.api.objects["execution_environments"].values()
    for template in templates.values():
        assert setup.api.linked(template, "credentials") == [credential["id"]]
        assert template["execution_environment"] == environment["id"]
