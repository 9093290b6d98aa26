# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all roles that chain the modules have in common, in real Ansible processes."""

from __future__ import annotations

import accounts
import pytest
import role_accounts
import role_files
import yaml
from ansible_collections.saasops.jobs.plugins.filter.role_connection import CONNECTION_OPTIONS
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import account
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.auth import options as lts_options
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import cluster
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs import api
from running import module
from sandbox_process import ROOT

MONGODB_SECRETS = {"private_key", "client_secret"}
SECRETS = {
    "log_collection": MONGODB_SECRETS,
    "log_collection_sweep": MONGODB_SECRETS,
    "restore_download": MONGODB_SECRETS,
    "restore_download_sweep": MONGODB_SECRETS,
    "lts_retention": {"auth_token", "secret_key", "security_token", "password"},
    "cielo24_purge": {"api_token", "password", "api_key"},
}
# What the modules that a role uses know of connections.
OPTIONS = {
    "log_collection": api.OPTIONS,
    "log_collection_sweep": api.OPTIONS,
    "restore_download": set(cluster.OPTIONS) - {"cluster_name"},
    "restore_download_sweep": cluster.OPTIONS,
    "lts_retention": lts_options.OPTIONS,
    "cielo24_purge": account.OPTIONS,
}
# Roles with several connections: what stands in front of the options of each.
SERVICES = {
    "job_report": {
        "log_collection": "log_collection_sweep",
        "atlas": "restore_download_sweep",
        "lts": "lts_retention",
        "cielo24": "cielo24_purge",
    }
}
NOTHING = "{{ there_is_no_such_variable | default(omit) }}"


@pytest.mark.parametrize(
    "role, missing",
    [
        ("log_collection", "log_collection_dest, log_collection_resources"),
        ("restore_download", "restore_download_cluster_name, restore_download_dest"),
        ("restore_download_sweep", "restore_download_sweep_cluster_names"),
        ("lts_retention", "lts_retention_groups"),
    ],
)
def test_role_without_a_required_variable_names_it(sandbox, roles, role, missing):
    run = roles.run(role)
    assert f"missing required arguments: {missing}" in run.output
    assert sandbox.requests() == []


def options_of(role):
    specification = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    return specification["argument_specs"]["main"]["options"]


@pytest.mark.parametrize("role", [*SECRETS, *SERVICES, "awx_setup"])
def test_documentation_of_a_role_agrees_with_its_variables(role):
    defaults = yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text(encoding="utf-8"))
    options = options_of(role)
    assert {name: option["default"] for name, option in options.items() if "default" in option} == defaults
    readme = (ROOT / "roles" / role / "README.md").read_text(encoding="utf-8")
    assert [name for name in options if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("role", SECRETS)
def test_connection_of_a_role_is_that_of_its_modules(role):
    options = options_of(role)
    defaults_of = next(task["module_defaults"] for task in role_files.tasks(role) if "module_defaults" in task)
    connection = {option for option in CONNECTION_OPTIONS if f"{role}_{option}" in options}
    assert connection == {option for option in OPTIONS[role] if f"{role}_{option}" in options}
    assert len(connection) >= 5
    for name, template in defaults_of.items():
        assert template == f"{{{{ '{role}' | saasops.jobs.role_connection }}}}"
        assert connection <= set(module(name.rpartition(".")[2]).ARGUMENT_SPEC)
    secrets = {name for name, option in options.items() if option.get("no_log")}
    assert secrets == {f"{role}_{name}" for name in SECRETS[role]}


@pytest.mark.parametrize("role", SERVICES)
def test_connections_of_a_role_with_several_are_those_of_the_roles_for_one(role):
    options = options_of(role)
    defaults_of = {
        template: name for task in role_files.tasks(role) for name, template in task.get("module_defaults", {}).items()
    }
    for service, other in SERVICES[role].items():
        connection = {option for option in CONNECTION_OPTIONS if f"{other}_{option}" in options_of(other)}
        assert connection == {option for option in CONNECTION_OPTIONS if f"{role}_{service}_{option}" in options}
        name = defaults_of.pop(f"{{{{ '{role}' | saasops.jobs.role_connection('{service}') }}}}")
        assert connection <= set(module(name.rpartition(".")[2]).ARGUMENT_SPEC)
    assert defaults_of == {}
    secrets = {name for name, option in options.items() if option.get("no_log")}
    assert secrets == {
        f"{role}_{service}_{name}" for service, other in SERVICES[role].items() for name in SECRETS[other]
    }


@pytest.mark.parametrize("role", [*SECRETS, *SERVICES, "awx_setup"])
def test_tasks_of_a_role_leave_decisions_to_filters(role):
    for file in (ROOT / "roles" / role / "tasks").glob("*.yml"):
        assert "{%" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("role", ["log_collection_sweep", "restore_download_sweep", "lts_retention", "cielo24_purge"])
def test_role_with_omitted_variables_takes_them_for_not_given(sandbox, roles, role):
    """It counts as not given, and moves no other value out of its place."""
    sandbox.clock(tick=30)
    variables = {
        "log_collection_sweep": {
            **accounts.log_collection(sandbox.url, **role_accounts.SOON, client_id=NOTHING, product=NOTHING),
            "older_than": "4000d",
        },
        "restore_download_sweep": role_accounts.atlas(sandbox.url, client_secret=NOTHING, cluster_names=["indigo"]),
        "lts_retention": accounts.lts_user(
            sandbox.url, region=NOTHING, user_id=NOTHING, groups=[{"log_group_name": "attic", "keep": ["a"]}]
        ),
        "cielo24_purge": accounts.cielo24(sandbox.url, api_token=NOTHING, older_than="4000d"),
    }
    assert roles.run(role, **variables[role]).failure is None
