# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/awx.md lists what the role awx_setup creates, and that is what AWX accepts and the collection reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._connections import CONNECTIONS
from awx_catalogue import catalogue

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "awx.md").read_text(encoding="utf-8")
TYPES = {described["name"]: described for described in catalogue().credential_types}
# What requests reads, and no option.
BUNDLE = "REQUESTS_CA_BUNDLE"
# What AWX takes as a field of a credential type.
KEYS = {"id", "type", "label", "help_text", "secret", "multiline", "format", "default", "choices"}


def variables():
    """The environment variables that the options of the connections can come from: whether each holds a secret."""
    options = [option for connection in CONNECTIONS.values() for option in connection.options.values()]
    fed = [option for option in options if "fallback" in option]
    known = {name: bool(option.get("no_log")) for option in fed for name in option["fallback"][1]}
    return {**known, BUNDLE: False}


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
    injectors = TYPES[name]["injectors"]
    assert set(injectors) <= {"env", "file"}
    for variable, template in injectors["env"].items():
        if "file" in injectors:
            # Several lines do not fit into a variable.
            assert template == "{{ tower.filename }}"
            template = injectors["file"]["template"]
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


def test_page_lists_the_credential_types_with_their_fields():
    rows = []
    for entry in catalogue().credential_types:
        names = [f"`{field['id']}`" for field in entry["inputs"]["fields"]]
        required = {f"`{name}`" for name in entry["inputs"]["required"]}
        fields = ", ".join(f"**{name}**" if name in required else name for name in names)
        rows.append(f"| `{entry['key']}` | {entry['name']} | {fields} |")
    assert "| key | name | fields |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n\n" in PAGE


def test_page_lists_the_templates_with_their_questions():
    rows = []
    for entry in catalogue().templates:
        questions = [f"`{question['variable']}`: {question['type']}" for question in entry.get("survey", ())]
        cells = [entry["name"], f"`{entry.get('playbook', entry['key'])}`", "yes" if entry.get("changes") else "no"]
        rows.append(f"| {' | '.join(cells)} | {'; '.join(questions) or 'none'} |")
    assert "| --- | --- | --- | --- |\n" + "\n".join(rows) + "\n\n" in PAGE


def test_page_draws_the_workflows_with_their_nodes():
    names = {entry["key"]: entry["name"] for entry in catalogue().templates}
    for workflow in catalogue().workflows:
        (drawn,) = re.findall(rf'subgraph \w+\["{workflow["name"]}"\]\n(.*?)\n  end', PAGE, re.DOTALL)
        nodes = [
            names[node["template"]] + (" (dry run)" if node.get("dry_run") else "") if "template" in node else "approve"
            for node in workflow["nodes"]
        ]
        assert re.findall(r'"(.*?)"', drawn) == nodes
        assert f"**{workflow['name']}**" in PAGE
