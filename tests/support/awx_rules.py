# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX 24.6 refuses, as its API says it."""

from __future__ import annotations

import re

ENCRYPTED = "$encrypted$"
_FIELD_KEYS = {"id", "type", "label", "help_text", "secret", "multiline", "format", "default", "choices"}
_FORBIDDEN_VARIABLES = ("PATH", "PYTHONPATH", "AWX_HOST")
_SURVEY_TYPES = ("text", "textarea", "password", "multiplechoice", "multiselect", "integer", "float")


class Refused(Exception):
    """A request that AWX answers with 400.

    body: of the answer.
    """

    def __init__(self, message, field="__all__"):
        super().__init__(message)
        self.body = {field: message if field in ("detail", "error") else [message]}


# ----------------------------------------------------------------------------------------------------- credential types


def check_credential_type(body):
    if body.get("kind") not in ("cloud", "net"):
        raise Refused(f"Must be 'cloud' or 'net', not {body.get('kind')}", "kind")
    fields = body["inputs"].get("fields", [])
    for number, field in enumerate(fields):
        _check_field(field)
        if field["id"] in {"tower", *(other["id"] for other in fields[:number])}:
            raise Refused(f"{field['id']} cannot be the id of this field", "inputs")
    for kind, values in body.get("injectors", {}).items():
        if kind not in ("env", "extra_vars", "file"):
            raise Refused(f"Additional properties are not allowed ('{kind}' was unexpected)", "injectors")
        for name, template in values.items():
            _check_injector(kind, name, template, [field["id"] for field in fields])


def _check_field(field):
    kind = field.get("type", "string")
    if set(field) - _FIELD_KEYS:
        raise Refused(f"Additional properties are not allowed {sorted(set(field) - _FIELD_KEYS)}", "inputs")
    if "label" not in field:
        raise Refused("'label' is a required property", "inputs")
    if kind not in ("string", "boolean"):
        raise Refused(f"'{kind}' is not one of ['string', 'boolean']", "inputs")
    if kind == "boolean" and ("secret" in field or "multiline" in field):
        raise Refused(f"secret not allowed for boolean type ({field['id']})", "inputs")
    if not re.fullmatch("[a-zA-Z_][a-zA-Z0-9_]*", field["id"]):
        raise Refused(f"{field['id']} is an invalid variable name", "inputs")
    if field.get("format", "url") not in ("url", "ssh_private_key"):
        raise Refused(f"'{field['format']}' is not one of ['url', 'ssh_private_key']", "inputs")
    if "default" in field and not isinstance(field["default"], bool if kind == "boolean" else str):
        raise Refused(f"{field['default']} is not a {kind}", "inputs")


def _check_injector(kind, name, template, fields):
    if kind == "env" and name.startswith("ANSIBLE_"):
        raise Refused(f"Environment variable {name} may affect Ansible configuration", "injectors")
    if kind == "env" and name in _FORBIDDEN_VARIABLES:
        raise Refused(f"Environment variable {name} is not allowed to be used in credentials.", "injectors")
    if not isinstance(template, str) or not template.isascii():
        raise Refused(f"{template} is not a string", "injectors")
    for used in re.findall(r"\{\{\s*(\w+)", template):
        if used not in (*fields, "tower"):
            raise Refused(f"{name} uses an undefined field ('{used}' is undefined)", "injectors")


def check_credential(body, kind, is_new):
    """Raises Refused unless the credential fits its type."""
    if is_new and not any(body.get(owner) for owner in ("organization", "user", "team")):
        raise Refused("Missing 'user', 'team', or 'organization'.", "detail")
    fields = {field["id"]: field for field in kind["inputs"]["fields"]}
    for name, value in body.get("inputs", {}).items():
        if name not in fields:
            raise Refused(f"Additional properties are not allowed ('{name}' was unexpected)", "inputs")
        if value is None:
            continue
        if not isinstance(value, bool if fields[name].get("type") == "boolean" else str):
            raise Refused(f"{value} is not of the type of {name}", "inputs")
        if value == ENCRYPTED and is_new:
            raise Refused(f"{ENCRYPTED} is a reserved keyword", "inputs")
        if fields[name].get("format") == "url" and not re.match("[a-z]+://", value):
            raise Refused("Invalid URL: Missing url scheme (http, https, etc.)", "inputs")
        if value not in fields[name].get("choices", [value]):
            raise Refused(f"{value} is not one of the choices of {name}", "inputs")


# --------------------------------------------------------------------------------------------------- templates, surveys


def check_job_template(body, playbooks):
    """Raises Refused for what AWX does not take as a job template.

    :param playbooks: those of the project, or None if there is no such project.
    """
    if not body.get("inventory") and not body.get("ask_inventory_on_launch"):
        raise Refused("You must either set a default value or ask to prompt on launch.", "inventory")
    if playbooks is None:
        raise Refused("This field may not be blank.", "project")
    if body.get("playbook") not in playbooks:
        raise Refused("Playbook not found for project.", "playbook")
    if body.get("job_type", "run") not in ("run", "check"):
        raise Refused(f'"{body["job_type"]}" is not a valid choice.', "job_type")
    if body.get("verbosity", 0) not in range(6):
        raise Refused(f'"{body["verbosity"]}" is not a valid choice.', "verbosity")
    if not isinstance(body.get("timeout", 0), int):
        raise Refused("A valid integer is required.", "timeout")


def check_variables(body):
    """Raises Refused unless the extra variables are a text."""
    if not isinstance(body.get("extra_vars", ""), str):
        raise Refused("Not a valid string.", "extra_vars")


def check_survey(body):
    """Raises Refused for what AWX does not take as a survey."""
    for needed in ("name", "description", "spec"):
        if needed not in body:
            raise Refused(f"'{needed}' missing from survey spec.", "error")
    if not isinstance(body["spec"], list) or not body["spec"]:
        raise Refused("'spec' must be a list of items, and not empty.", "error")
    variables = set()
    for number, question in enumerate(body["spec"]):
        for needed in ("question_name", "variable", "type", "required"):
            if needed not in question:
                raise Refused(f"'{needed}' missing from survey question {number}", "error")
        if question["type"] not in _SURVEY_TYPES:
            raise Refused(f"'{question['type']}' in survey question {number} is not one of the types", "error")
        if question["variable"] in variables:
            raise Refused(f"'variable' '{question['variable']}' duplicated in survey question {number}.", "error")
        variables.add(question["variable"])
        if question["type"].startswith("multi"):
            _check_choices(number, question)
        elif question["type"] in ("integer", "float"):
            _check_numbers(number, question)


def _check_choices(number, question):
    if "choices" not in question:
        raise Refused(f"'choices' missing from survey question {number}", "error")
    default, choices = question.get("default", ""), question["choices"]
    if not isinstance(default, str):
        raise Refused(f"default of survey question {number} expected to be string", "error")
    known = choices.splitlines() if isinstance(choices, str) else [str(choice) for choice in choices]
    if any(answer not in known for answer in default.splitlines()):
        raise Refused(f"default of survey question {number} is not one of its choices", "error")


def _check_numbers(number, question):
    kinds = {"default": (int, float), "min": (int, float, type(None)), "max": (int, float, type(None))}
    for key, kind in kinds.items():
        value = question.get(key, 0)
        if (isinstance(value, bool) or not isinstance(value, kind)) and (key, value) != ("default", ""):
            raise Refused(f"{key} of survey question {number} expected to be a number", "error")


def answer_errors(question, answer):
    """What AWX says of an answer at launch: a text, or None."""
    numeric = question["type"] in ("integer", "float")
    if question["type"] == "multiselect":
        fits = isinstance(answer, list) and set(answer) <= set(question["choices"])
    elif question["type"] == "multiplechoice":
        fits = answer in question["choices"]
    else:
        size = answer if numeric else len(answer or "")
        fits = isinstance(answer, int if numeric else str) and not isinstance(answer, bool)
        fits = fits and (question.get("min") or 0) <= size <= (question.get("max") or size)
    return None if fits else f"'{question['variable']}' value {answer} is refused"


def check_launch_variables(template, spec, extra_data, must_answer=False):
    """Raises Refused unless a node or a schedule may give these variables to its template.

    :param must_answer: whether each required question must be answered, even if it has an answer by default.
    """
    questions = {question["variable"]: question for question in spec.get("spec", ())}
    asked = questions if template.get("survey_enabled") else {}
    foreign = sorted(set(extra_data) - set(asked))
    if foreign and not template.get("ask_variables_on_launch"):
        raise Refused(f"Variables {', '.join(foreign)} are not allowed on launch.", "extra_data")
    missing = [name for name, question in asked.items() if question["required"] and name not in extra_data]
    if missing and must_answer:
        raise Refused(f"'{missing[0]}' value missing", "variables_needed_to_start")
    for name, answer in extra_data.items():
        if name in asked and (error := answer_errors(asked[name], answer)):
            raise Refused(error, "variables_needed_to_start")
