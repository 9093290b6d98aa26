# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/awx.md describes what AWX accepts, and what the collection reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.saasops.jobs.plugins.module_utils._connections import CONNECTIONS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "awx.md").read_text(encoding="utf-8")
TYPES = {block["name"]: block for block in map(yaml.safe_load, re.findall(r"```yaml\n(name: .*?)```", PAGE, re.DOTALL))}
# What AWX takes as a field of a credential type.
KEYS = {"id", "type", "label", "help_text", "secret", "multiline", "format", "default", "choices"}


def variables():
    """The environment variables that the options of the connections can come from: whether each holds a secret."""
    options = [option for connection in CONNECTIONS.values() for option in connection.options.values()]
    fed = [option for option in options if "fallback" in option]
    return {name: bool(option.get("no_log")) for option in fed for name in option["fallback"][1]}


@pytest.mark.parametrize("name", TYPES)
def test_fields_of_a_credential_type_are_what_awx_accepts(name):
    inputs = TYPES[name]["inputs"]
    fields = {field["id"]: field for field in inputs["fields"]}
    assert len(fields) == len(inputs["fields"])
    assert set(inputs["required"]) <= set(fields)
    for field in fields.values():
        assert set(field) <= KEYS
        assert re.fullmatch("[a-z][a-z0-9_]*", field["id"])
        assert field["id"] != "tower"
        assert field["type"] == "string"
        assert field["label"].isascii()
        assert field.get("format", "url") == "url"
        assert isinstance(field.get("default", ""), str)


@pytest.mark.parametrize("name", TYPES)
def test_injectors_of_a_credential_type_set_what_the_modules_read_from_fields_that_exist(name):
    fields = {field["id"]: field for field in TYPES[name]["inputs"]["fields"]}
    known, used = variables(), []
    assert set(TYPES[name]["injectors"]) == {"env"}
    for variable, template in TYPES[name]["injectors"]["env"].items():
        (field,) = re.fullmatch(r"\{\{ (\w+) \}\}", template).groups()
        used.append(field)
        assert fields[field].get("secret", False) is known[variable], variable
    assert sorted(used) == sorted(fields)


def test_there_is_a_type_for_each_service_and_its_ways_to_sign_in():
    injected = [set(described["injectors"]["env"]) for described in TYPES.values()]
    for needed in (
        {"MCLI_PUBLIC_API_KEY", "MCLI_PRIVATE_API_KEY"},
        {"MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PRIVATE_API_KEY"},
        {"MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_CLIENT_SECRET"},
        {"OS_USERNAME", "OS_PASSWORD"},
        {"OS_ACCESS_KEY", "OS_SECRET_KEY"},
        {"CIELO24_USERNAME", "CIELO24_PASSWORD"},
    ):
        assert sum(needed <= names for names in injected) == 1


def test_questions_of_surveys_are_variables_that_the_playbooks_know():
    questions = set(re.findall(r"`(\w+)`: (?:text|textarea|integer|multiple choice)", PAGE))
    own = {
        "collect_logs_resource_type",
        "collect_logs_resource_names",
        "lts_log_group_name",
        "lts_keep",
        "lts_older_than",
    }
    known = {"doctor_services", *own}
    for spec in (ROOT / "roles").glob("*/meta/argument_specs.yml"):
        known |= set(yaml.safe_load(spec.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"])
    retry = yaml.safe_load((ROOT / "playbooks" / "retry_failed_logs.yml").read_text(encoding="utf-8"))
    for task in retry[0]["tasks"][0]["block"]:
        known |= set(task.get("ansible.builtin.validate_argument_spec", {}).get("argument_spec", ()))
    assert len(questions) > 15
    assert questions <= known
