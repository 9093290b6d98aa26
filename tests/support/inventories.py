# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventory files of the sandbox, as Ansible reads them, and what they hold."""

from __future__ import annotations

import json

import accounts
from ansible.errors import AnsibleError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible.utils.display import Display
from ansible_process import Ansible
from sandbox_process import default_seed

FAILS = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}
PLUGIN = "saasops.jobs.projects"


def without(params, *names):
    return {name: value for name, value in params.items() if name not in names}


def log_collection(url, **more):
    connection = without(accounts.log_collection(url), "project_id")
    return {"plugin": PLUGIN, "service": "log_collection", **connection, **more}


def many_projects(count):
    seed = default_seed()
    seed["mongodb"]["projects"] = [
        {
            "id": f"66f1c0de{number:016x}",
            "name": f"project-{number:03}",
            "family": "ops_manager",
            "organization": f"66f1c0de00000000000f000{1 + number % 3}",
            "log_collection_jobs": [{"id": f"66f1c0df{number:016x}", "status": "FAILURE", "age": f"{1 + number}h"}],
        }
        for number in range(1, count + 1)
    ]
    return seed


class InventoryFile:
    """An inventory file.

    :param folder: an empty folder.
    """

    def __init__(self, folder):
        self.path = folder / "test.saasops_jobs.yml"

    def write(self, **options):
        # JSON is YAML.
        self.path.write_text(json.dumps(options))
        return self


class ParsedInventory(InventoryFile):
    """What the plugin makes of a file in the test's own process.

    :param monkeypatch: that of pytest.
    """

    def __init__(self, folder, monkeypatch):
        super().__init__(folder)
        self._monkeypatch = monkeypatch

    def list(self, **environment):
        """(variables of hosts, {group: hosts}, warnings)

        :raises AnsibleError: there is no inventory.
        """
        warnings = []
        for name, value in environment.items():
            self._monkeypatch.setenv(name, value)
        self._monkeypatch.setattr(Display, "warning", lambda _self, text, *_more, **_options: warnings.append(text))
        data = InventoryData()
        plugin = inventory_loader.get(PLUGIN)
        plugin.parse(data, DataLoader(), str(self.path))
        if plugin.get_option("cache"):
            plugin.update_cache_if_changed()
        data.reconcile_inventory()
        groups = {name: [host.name for host in group.hosts] for name, group in data.groups.items()}
        hosts = {name: {**host.vars} for name, host in data.hosts.items()}
        for variables in hosts.values():
            for name in ("inventory_file", "inventory_dir"):
                variables.pop(name, None)
        return hosts, {name: found for name, found in groups.items() if name not in ("all", "ungrouped")}, warnings

    def error(self, **environment):
        """Why there is no inventory, as text in one line."""
        try:
            self.list(**environment)
        except AnsibleError as error:
            return " ".join(str(error).split())
        raise AssertionError("there is an inventory")


class ListedInventory(InventoryFile):
    """What ansible-inventory makes of a file."""

    def __init__(self, folder):
        super().__init__(folder)
        self.folder = folder
        self.ansible = Ansible(folder)

    def run(self, *arguments, **environment):
        return self.ansible.inventory(self.path, *arguments, **environment)

    def list(self, **environment):
        """(variables of hosts, {group: hosts}, what it says besides)"""
        done = self.run("--list", **{**FAILS, **environment})
        assert done.returncode == 0, done.stderr
        data = json.loads(done.stdout)
        variables = data.pop("_meta")["hostvars"]
        return variables, {name: group.get("hosts", []) for name, group in data.items() if name != "all"}, done.stderr

    def error(self, *arguments, **environment):
        """Why there is no inventory."""
        done = self.run("--list", *arguments, **{**FAILS, **environment})
        assert done.returncode != 0
        return done.stdout + done.stderr
