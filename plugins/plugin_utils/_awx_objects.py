# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role awx_setup creates in AWX: its catalogue (roles/awx_setup/vars) with the variables of a user applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.params.text_lists import text_list
from ansible_collections.saasops.jobs.plugins.plugin_utils._role_variables import SERVICES

Entry = Mapping[str, Any]
Arguments = dict[str, Any]

# Of a credential type that any template may have beside those of its services.
ALL_SERVICES = "all"
_QUESTION_KEYS = ("question_name", "question_description", "variable", "type", "choices", "min", "max")


@dataclass(frozen=True)
class Catalogue:
    """All that the role can create."""

    credential_types: Sequence[Entry]
    templates: Sequence[Entry]
    workflows: Sequence[Entry]

    def template(self, key: str) -> Entry:
        return next(template for template in self.templates if template["key"] == key)


@dataclass(frozen=True)
class Setup:
    """What the role can create, and its variables that are set, without its prefix."""

    variables: Entry
    catalogue: Catalogue

    @property
    def is_removal(self) -> bool:
        return bool(self.variables["state"] == "absent")

    @property
    def services(self) -> list[str]:
        return self.listed("services", SERVICES)

    def listed(self, name: str, everything: Iterable[str]) -> list[str]:
        """The items of a variable that is a list, or a text that stands for one.

        :raises InvalidInput: it is neither.
        """
        return text_list(f"awx_setup_{name}", self.variables[name]) if name in self.variables else list(everything)

    def named(self, entry: Entry) -> str:
        return f"{self.variables['prefix']}{entry['name']}"

    def credential_types(self) -> list[Entry]:
        return [entry for entry in self.catalogue.credential_types if entry["service"] in self._asked_for]

    def workflows(self) -> list[Entry]:
        chosen = self._chosen("workflows", self.catalogue.workflows)
        return [workflow for workflow in chosen if set(workflow["services"]) <= set(self.services)]

    def templates(self) -> list[Entry]:
        """The templates that are chosen, and those that workflows need."""
        own = [template for template in self.catalogue.templates if "workflow" not in template]
        chosen = [template["key"] for template in self._chosen("templates", own)]
        needed = [node["template"] for workflow in self.workflows() for node in workflow["nodes"] if "template" in node]
        keys, services = {*chosen, *needed}, set(self.services)
        known = [template for template in self.catalogue.templates if template["key"] in keys]
        return [template for template in known if services & set(template["services"])]

    def _chosen(self, name: str, entries: Sequence[Entry]) -> list[Entry]:
        chosen = self.listed(name, [entry["key"] for entry in entries])
        return [entry for entry in entries if entry["key"] in chosen]

    def schedules(self) -> list[Entry]:
        """Those of what is set up."""
        known = {entry["key"] for entry in (*self.templates(), *self.workflows())}
        return [schedule for schedule in self.variables["schedules"] if schedule["template"] in known]

    def survey(self, entry: Entry) -> list[Arguments]:
        """The questions of a template, or of all templates of a workflow, that apply to the services, each once."""
        nodes = [node["template"] for node in entry.get("nodes", ()) if "template" in node]
        templates = [self.catalogue.template(key) for key in nodes] or [entry]
        asked = {each["variable"]: each for template in templates for each in template.get("survey", ())}
        return [self._question(each) for each in asked.values() if each.get("only", ALL_SERVICES) in self._asked_for]

    @property
    def _asked_for(self) -> tuple[str, ...]:
        return (*self.services, ALL_SERVICES)

    def _question(self, question: Entry) -> Arguments:
        default = question.get("default", "")
        source, folder = question.get("default_from"), self.variables.get("dest")
        if source == "services":
            default = "\n".join(self.services)
        elif source and folder:
            default = f"{str(folder).rstrip('/')}/{source}"
        known = {key: question[key] for key in _QUESTION_KEYS if key in question}
        return {**known, "required": True, "default": default}


def objects(setup: Setup) -> dict[str, list[Arguments]]:
    """The arguments for the modules of awx.awx, by kinds of objects."""
    templates = setup.templates()
    return {
        "credential_types": [_credential_type(setup, entry) for entry in setup.credential_types()],
        "credentials": [_credential(setup, credential) for credential in setup.variables["credentials"]],
        "hosts": _hosts(setup.variables["hosts"]),
        "job_templates": [
            _job_template(setup, template, dry_run)
            for template in templates
            for dry_run in ((False, True) if template.get("changes") else (False,))
        ],
        "workflows": [_workflow(setup, workflow) for workflow in setup.workflows()],
        "workflow_nodes": [call for workflow in setup.workflows() for call in _nodes(setup, workflow)],
        "schedules": [_schedule(setup, schedule) for schedule in setup.schedules()],
    }


def _credential_type(setup: Setup, entry: Entry) -> Arguments:
    return {"name": setup.named(entry), **{key: entry[key] for key in ("description", "inputs", "injectors")}}


def _credential(setup: Setup, credential: Entry) -> Arguments:
    kind = next(entry for entry in setup.catalogue.credential_types if entry["key"] == credential["type"])
    inputs = credential.get("inputs", {})
    return {"name": setup.named(credential), "credential_type": setup.named(kind), "inputs": inputs}


def _hosts(more: Iterable[Entry]) -> list[Arguments]:
    # localhost has its variables from the inventory.
    return [{"name": "localhost", "variables": {}}, *({"variables": {}, **host} for host in more)]


# ----------------------------------------------------------------------------------------------------------- templates


def _job_template(setup: Setup, template: Entry, dry_run: bool) -> Arguments:
    timeout = int(setup.variables["timeouts"].get(template["key"], template["timeout"]))
    extra_vars = dict(template.get("extra_vars", {}))
    if "wait" in template:
        extra_vars[template["wait"]["variable"]] = int(timeout * template["wait"]["share"])
    prefix = "Dry run, which changes nothing. " if dry_run else ""
    folder = str(setup.variables.get("playbooks_path") or "").strip("/")
    playbook = f"{template.get('playbook', template['key'])}.yml"
    return {
        "name": _template_name(setup, template, dry_run),
        "description": prefix + template["description"],
        "job_type": "check" if dry_run else "run",
        "playbook": f"{folder}/{playbook}" if folder else playbook,
        "timeout": timeout,
        "extra_vars": extra_vars,
        **_survey(setup, template),
        **_credentials_of(setup, template),
    }


def _template_name(setup: Setup, template: Entry, dry_run: bool) -> str:
    return setup.named(template) + (" (dry run)" if dry_run else "")


def _credentials_of(setup: Setup, template: Entry) -> Arguments:
    """The first credential of each service, as others of the same service would be in its way.

    Without any, those that somebody has attached in AWX stay.
    """
    service_of = {entry["key"]: entry["service"] for entry in setup.catalogue.credential_types}
    first: dict[str, str] = {}
    for credential in setup.variables["credentials"]:
        first.setdefault(service_of[credential["type"]], setup.named(credential))
    fitting = [name for service, name in first.items() if service in (*template["services"], ALL_SERVICES)]
    return {"credentials": fitting} if fitting else {}


def _survey(setup: Setup, entry: Entry) -> Arguments:
    spec = setup.survey(entry)
    if not spec:
        return {"survey_enabled": False}
    return {"survey_enabled": True, "survey_spec": {"name": setup.named(entry), "description": "", "spec": spec}}


# ----------------------------------------------------------------------------------------------- workflows, schedules


def _workflow(setup: Setup, workflow: Entry) -> Arguments:
    return {
        "name": setup.named(workflow),
        "description": workflow["description"],
        **_survey(setup, workflow),
    }


def _nodes(setup: Setup, workflow: Entry) -> Iterator[Arguments]:
    """Calls of a module that makes one node each, the last node of the workflow first: a node names those after it.

    The module looks for the nodes after an approval at a wrong place, so an approval gets them in a call of its own.
    """
    for node in reversed(workflow["nodes"]):
        own = {"workflow": setup.named(workflow), "identifier": node["identifier"]}
        following = {f"{when}_nodes": list(node.get(when, ())) for when in ("success", "always")}
        if "template" in node:
            runs = setup.catalogue.template(node["template"])
            name = _template_name(setup, runs, node.get("dry_run", False))
            yield {**own, **following, "unified_job_template": name}
        else:
            approval = {
                "name": f"{own['workflow']}: {own['identifier']}",
                "description": node["approval"],
                "timeout": int(setup.variables["approval_timeout"]),
            }
            yield {**own, "approval_node": approval}
            yield {**own, **following}


def _schedule(setup: Setup, schedule: Entry) -> Arguments:
    """With all answers, as nobody is asked."""
    entries = (*setup.templates(), *setup.workflows())
    runs = next(entry for entry in entries if entry["key"] == schedule["template"])
    name = _template_name(setup, runs, bool(schedule.get("dry_run", False)))
    defaults = {question["variable"]: question["default"] for question in setup.survey(runs)}
    return {
        "name": setup.named(schedule) if "name" in schedule else name,
        "unified_job_template": name,
        "rrule": schedule["rrule"],
        "enabled": bool(schedule.get("enabled", False)),
        "extra_data": {**defaults, **schedule.get("answers", {})},
    }
