# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The promises that hold for the collection as a whole."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec

ROOT = Path(__file__).resolve().parents[2]
MODULE_FILES = sorted((ROOT / "plugins" / "modules").glob("*.py"))
MODULES = [path.stem for path in MODULE_FILES]
UTILITIES = ROOT / "plugins" / "module_utils"
# The action group of modules that manage Ops Manager itself.
OWN_GROUP = "ops_manager"
SERVICES = sorted(path.name for path in (UTILITIES / "_services").iterdir() if path.is_dir() and path.name[0] != "_")


def module(name):
    return importlib.import_module(f"ansible_collections.saasops.jobs.plugins.modules.{name}")


def documentation(name):
    return yaml.safe_load(module(name).DOCUMENTATION)


def fragments(name):
    """The documentation fragments that a module names, and their texts."""
    for reference in documentation(name)["extends_documentation_fragment"]:
        home = "ansible_collections.saasops.jobs.plugins"
        if reference.startswith("ansible.builtin."):
            home, reference = "ansible.plugins", reference.replace("ansible.builtin.", "saasops.jobs.")
        file, _dot, part = reference[len("saasops.jobs.") :].partition(".")
        made = importlib.import_module(f"{home}.doc_fragments.{file}")
        yield yaml.safe_load(getattr(made.ModuleDocFragment, (part or "documentation").upper()))


def documented_options(name):
    merged = {}
    # The first fragment that documents an option counts, as in Ansible.
    for text in [*reversed(list(fragments(name))), documentation(name)]:
        for option, entry in (text.get("options") or {}).items():
            merged[option] = {**merged.get(option, {}), **entry}
    return merged


def groups_of(name):
    """The action groups of a module: that of the one service whose code it uses, and the one for all."""
    text = Path(module(name).__file__).read_text()
    services = set(re.findall(r"\bmodule_utils\._services\.(\w+)", text))
    if services == {"mongodb"} and "project_id" not in module(name).ARGUMENT_SPEC:
        # The project among the defaults of the others would be an error.
        return ["all", OWN_GROUP]
    # The options of a module for several services have other values for each of them.
    return ["all", *services] if len(services) == 1 else ["all"]


def test_action_groups_are_complete():
    groups = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]
    names = ["all", *SERVICES, OWN_GROUP]
    assert groups == {group: [name for name in MODULES if group in groups_of(name)] for group in names}


def test_every_module_has_its_action_plugin():
    assert sorted(path.stem for path in (ROOT / "plugins" / "action").glob("*.py")) == MODULES


@pytest.mark.parametrize("name", MODULES)
def test_an_action_plugin_runs_its_own_module(name):
    plugin = importlib.import_module(f"ansible_collections.saasops.jobs.plugins.action.{name}")
    assert plugin.ActionModule.module is module(name)


@pytest.mark.parametrize("name", MODULES)
def test_documented_action_groups_are_the_real_ones(name):
    texts = [*fragments(name), documentation(name)]
    attributes = {key: value for text in texts for key, value in (text.get("attributes") or {}).items()}
    assert attributes["action_group"]["membership"] == [f"saasops.jobs.{group}" for group in groups_of(name)]
    assert {"check_mode", "diff_mode", "idempotent"} <= set(attributes)


@pytest.mark.parametrize("name", MODULES)
def test_options_are_documented_as_they_are(name):
    documented, spec = documented_options(name), module(name).ARGUMENT_SPEC
    assert set(documented) == set(spec)
    for option, entry in spec.items():
        text = documented[option]
        assert text["type"] == entry["type"], option
        assert text.get("default") == entry.get("default"), option
        assert text.get("required", False) == entry.get("required", False), option
        assert text.get("choices") == entry.get("choices"), option
        assert text.get("aliases", []) == entry.get("aliases", []), option
        names = entry["fallback"][1] if "fallback" in entry else []
        described = " ".join(text["description"])
        assert all(f"E({variable})" in described for variable in names), option
        # AWX refuses to inject variables of this name.
        assert not any(variable.startswith("ANSIBLE_") for variable in names), option


SECRETS = (
    "private_key",
    "client_secret",
    "auth_token",
    "secret_key",
    "security_token",
    "passcode",
    "api_token",
    "password",
    "api_key",
    "known_key",
)


@pytest.mark.parametrize("name", MODULES)
def test_secrets_are_no_log(name):
    for option, entry in module(name).ARGUMENT_SPEC.items():
        secret = option in SECRETS
        assert entry.get("no_log", False) is secret, option


@pytest.mark.parametrize("name", MODULES)
def test_every_module_has_the_http_options(name):
    spec = module(name).ARGUMENT_SPEC
    assert {option: spec[option] for option in argspec.HTTP} == argspec.HTTP


@pytest.mark.parametrize("name", [name for name in MODULES if "state" in module(name).ARGUMENT_SPEC])
def test_every_changing_module_has_an_info_sibling_and_an_example_per_state(name):
    # Which API keys there are cannot be seen.
    assert f"{name}_info" in MODULES or name == "cielo24_api_key"
    states = {task.get(f"saasops.jobs.{name}", {}).get("state") for task in yaml.safe_load(module(name).EXAMPLES)}
    assert states == set(module(name).ARGUMENT_SPEC["state"]["choices"])


def examples(name):
    """The options that the examples of a module use, with the modules that they are given to."""
    for task in yaml.safe_load(module(name).EXAMPLES):
        for called, arguments in task.items():
            if called.startswith("saasops.jobs."):
                yield from ((called[len("saasops.jobs.") :], option) for option in arguments)


# Those that ansible-core documents.
OF_MACHINES = ("seuser", "serole", "setype", "selevel", "attributes", "unsafe_writes")
SHARED = (
    "product",
    "requests_per_minute",
    "api_version",
    "auth_form",
    "max_deletions",
    "report",
    "sort_by",
    "reverse",
    "limit",
)


@pytest.mark.parametrize("name", MODULES)
def test_every_option_has_an_example(name):
    """Of its own module, or of any of the group if it says how to reach the service; those of HTTP are alike."""
    shown = {example for called in MODULES for example in examples(called)}
    for option, entry in module(name).ARGUMENT_SPEC.items():
        is_shared = "fallback" in entry or option in SHARED or groups_of(name) == ["all"]
        modules = [other for other in MODULES if is_shared and set(groups_of(other)) >= set(groups_of(name))] or [name]
        spellings = [option, *entry.get("aliases", [])]
        assert option in (*argspec.HTTP, *OF_MACHINES) or any(
            (other, word) in shown for other in modules for word in spellings
        ), option


# The rooms of _core, from the ground up: a file imports from its own room and from those below.
FLOORS = (
    {"redaction", "zip_imports"},
    {"printable"},
    {"errors"},
    {"params"},
    {"json_fields", "json_safe"},
    {"cancellation", "context", "progress", "runner", "send_observer", "threads"},
    {"http"},
    {"checks", "containers", "reconcile"},
    {"files"},
)
UTILITY_FILES = sorted(path for path in UTILITIES.rglob("*.py") if path.name != "__init__.py")


def name_of(path):
    return str(path.relative_to(UTILITIES))


def imported(path):
    """What a file of module_utils imports from there, each with its folders: ("_core", "http", "retry")."""
    here = path.relative_to(UTILITIES).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            assert node.level <= len(here) + 1, "it imports from above module_utils"
            base = here[: len(here) - node.level + 1]
            for alias in node.names:
                yield (*base, *(node.module or "").split("."), alias.name) if node.module else (*base, alias.name)


def floor_of(parts):
    return next(number for number, rooms in enumerate(FLOORS) if parts[1] in rooms)


@pytest.mark.parametrize("path", UTILITY_FILES, ids=name_of)
def test_imports_only_point_down(path):
    own = path.relative_to(UTILITIES).with_suffix("").parts
    for other in imported(path):
        if own[0] == "_core":
            assert other[0] == "_core", other
            assert floor_of(other) <= floor_of(own), other
        elif own[0] == "_services":
            assert other[0] == "_core" or other[:2] == own[:2], other


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_first_what_makes_its_imports_faster(name):
    tree = ast.parse((ROOT / "plugins" / "modules" / f"{name}.py").read_text())
    names = [node.module for node in tree.body if isinstance(node, ast.ImportFrom)]
    first = next(name for name in names if "module_utils" in name)
    # This one imports the context first, too.
    assert first.endswith(("module_utils._core.context", "module_utils._connections"))


@pytest.mark.parametrize("path", UTILITY_FILES, ids=name_of)
def test_ansible_modules_are_reached_from_the_runner_and_for_files_only(path):
    text = path.read_text()
    assert "ansible.module_utils.basic" not in text or path.name in ("_run_module.py", "ansible_files.py")
    assert "import ansible_collections" not in text and "from ansible_collections" not in text


@pytest.mark.parametrize("path", UTILITY_FILES, ids=name_of)
def test_files_and_functions_are_short(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 350
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 50, node.name


@pytest.mark.parametrize(
    "folder", sorted({path.parent for path in UTILITY_FILES}), ids=lambda folder: str(folder.relative_to(UTILITIES))
)
def test_folders_are_small(folder):
    assert len(list(folder.glob("*.py"))) <= 15


def test_packages_have_no_code():
    assert [path for path in UTILITIES.rglob("__init__.py") if path.read_text()] == []


@pytest.mark.parametrize("path", MODULE_FILES, ids=lambda path: path.stem)
def test_modules_are_thin(path):
    tree = ast.parse(path.read_text())
    code = sum(
        node.end_lineno - node.lineno + 1
        for node in tree.body
        if not (isinstance(node, ast.Assign) and node.targets[0].id in ("DOCUMENTATION", "EXAMPLES", "RETURN"))
    )
    assert code <= 150


def test_all_utilities_are_private():
    assert all(path.name.startswith("_") for path in UTILITIES.iterdir())


def loaded_with(file):
    """The files of the collection that are loaded with one of them, and itself."""
    loaded, queue = set(), [file]
    while queue:
        file = queue.pop()
        if file in loaded:
            continue
        loaded.add(file)
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.ImportFrom):
                if node.level:
                    folder = file.parents[node.level - 1]
                elif (node.module or "").startswith("ansible_collections.saasops.jobs."):
                    folder = ROOT
                else:
                    continue
                parts = (node.module or "").replace("ansible_collections.saasops.jobs.", "").split(".")
                home = folder.joinpath(*filter(None, parts))
                queue += filter(Path.is_file, (home.parent / f"{name}.py" for name in [home.name]))
                queue += filter(Path.is_file, (home / f"{alias.name}.py" for alias in node.names))
    return loaded


@pytest.mark.parametrize("file", sorted((ROOT / "plugins").glob("[ft]*/*.py")), ids=lambda file: file.stem)
def test_loading_a_filter_or_test_loads_no_code_of_a_service(file):
    # Ansible loads all of them, in a new process, for each task that uses one.
    heavy = {name for name in loaded_with(file) if {"_services", "http"} & set(name.parts)}
    assert not heavy


def test_what_is_loaded_with_a_module_is_seen():
    loaded = loaded_with(ROOT / "plugins" / "modules" / "restore_job.py")
    assert {"restore_api.py", "engine.py", "attempt.py", "exchange.py"} <= {name.name for name in loaded}
