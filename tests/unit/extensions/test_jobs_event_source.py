# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source is documented as it is, and finds its collection."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_options import OWN
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_sources import SOURCES

ROOT = Path(__file__).resolve().parents[3]
FILE = Path("extensions", "eda", "plugins", "event_source", "jobs.py")
TREE = ast.parse((ROOT / FILE).read_text("utf-8"))
TEXTS = {
    node.targets[0].id: node.value.value
    for node in TREE.body
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
}
DOCUMENTED = yaml.safe_load(TEXTS["DOCUMENTATION"])["options"]
SPECS = {service: {**OWN, **source.spec(service)} for service, source in SOURCES.items()}


def test_all_options_are_documented():
    assert set(DOCUMENTED) == {option for spec in SPECS.values() for option in spec}


@pytest.mark.parametrize("service", SPECS)
def test_options_are_documented_as_they_are(service):
    for option, details in SPECS[service].items():
        text = DOCUMENTED[option]
        described = " ".join(text["description"])
        assert text["type"] == details["type"], option
        assert text.get("elements") == details.get("elements"), option
        assert text.get("choices") == details.get("choices"), option
        assert text.get("aliases", []) == details.get("aliases", []), option
        assert all(f"E({variable})" in described for variable in details.get("fallback", ((), ()))[1]), option
        # The others depend on the service.
        if option != "base_url":
            assert text.get("default") == details.get("default"), option
        if details.get("required") and all(option in spec for spec in SPECS.values()):
            assert text.get("required") is True, option


@pytest.mark.parametrize("option", sorted({option for spec in SPECS.values() for option in spec}))
def test_options_of_one_service_say_so(option):
    having = [service for service, spec in SPECS.items() if option in spec]
    said = re.findall(r"Only for\s+O\(service=(\w+)\)", " ".join(DOCUMENTED[option]["description"]))
    # It is plain whose the credentials are.
    if len(having) == 1 and "fallback" not in SPECS[having[0]][option]:
        assert said == having
    assert not said or said == having


def test_examples_have_options_that_there_are():
    for example in yaml.safe_load(TEXTS["EXAMPLES"]):
        (options,) = example.values()
        spec = SPECS[options["service"]]
        assert set(options) <= set(spec)


RUN = """
import asyncio, runpy, sys
main = runpy.run_path(sys.argv[1])["main"]
try:
    asyncio.run(main(asyncio.Queue(), {"service": "none"}))
except Exception as error:
    print(type(error).__name__, error)
"""


def run_outside(folder, program=RUN, *options):
    """What the event source says in a process that knows no collection, run from a folder with collections."""
    place = folder / "ansible_collections" / "saasops"
    place.mkdir(parents=True)
    (place / "jobs").symlink_to(ROOT)
    command = [sys.executable, *options, "-c", program, str(place / "jobs" / FILE)]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder, env={}).stdout


def test_its_collection_is_found_from_where_it_is_installed(tmp_path):
    assert run_outside(tmp_path).startswith("InvalidInput service must be one of")


def test_its_own_collection_counts_where_there_is_another_one(tmp_path):
    other = tmp_path / "other" / "ansible_collections" / "saasops" / "jobs" / "plugins"
    other.mkdir(parents=True)
    program = f"import sys; sys.path.insert(0, {str(tmp_path / 'other')!r})\n{RUN}"
    assert run_outside(tmp_path, program).startswith("InvalidInput service must be one of")


def test_without_ansible_core_it_says_what_is_missing(tmp_path):
    program = f"import sys; sys.modules['ansible'] = None\n{RUN}"
    assert "ImportError saasops.jobs.jobs needs ansible-core beside ansible-rulebook" in run_outside(tmp_path, program)


def test_main_is_what_ansible_rulebook_calls():
    (main,) = [node for node in TREE.body if isinstance(node, ast.AsyncFunctionDef)]
    assert (main.name, [argument.arg for argument in main.args.args]) == ("main", ["queue", "args"])
