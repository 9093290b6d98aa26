# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: projects
short_description: Projects, log groups and accounts as hosts
version_added: 0.1.0
description:
  - Turns each MongoDB project, each log group of the Log Tank Service (LTS), or each account of cielo24 into a host, so
    that a play with C(hosts) works on all of them, as many at a time as Ansible has forks, and AWX can slice a job
    template.
  - The hosts are not machines. Tasks for them run where Ansible runs.
  - One file describes one service. For several services, use several files, for example in one folder.
  - The name of the file must end in C(saasops_jobs.yml) or C(saasops_jobs.yaml).
  - "For MongoDB, there is one request for the list of projects, one for the names of organizations, and one for each
    project (with up to 500 items; larger projects need more). For LTS, there is one for the log groups and one for each
    of them. For cielo24, there is one in all. Requests run concurrently, see O(max_concurrency), and within the rate
    limit of the service."
  - Each host has the variables that the modules of its service need. These are C(project_id) for MongoDB;
    C(project_id), C(log_group_id) and C(log_group_name) for LTS; and C(sub_account) for accounts of cielo24 below the
    one that signs in.
  - "Each host also has C(saasops_jobs_service), C(saasops_jobs_id), C(saasops_jobs_name),
    C(saasops_jobs_organization_id), C(saasops_jobs_organization_name) (for LTS, the project; for cielo24, the account
    that signs in), C(saasops_jobs_read_at), and, unless O(counts) is V(false), C(saasops_jobs_readable),
    C(saasops_jobs_problem), C(saasops_jobs_count), C(saasops_jobs_states) (how many items are in each state),
    C(saasops_jobs_oldest) (C(id), C(name), C(created) and C(age_days), or null), and C(saasops_jobs_names)."
  - The items that are counted are log collection jobs, clusters of Atlas, log streams of LTS (which have no states),
    and captioning jobs.
  - Projects of Atlas are left out with O(service=log_collection), and those of Cloud Manager with O(service=atlas),
    unless O(counts) is V(false) or O(project_ids) names them.
  - A host that cannot be read has C(saasops_jobs_readable) V(false), and no counts.
  - "Hosts are grouped, with O(group_prefix) before each name, by service (for example C(saasops_lts)), by organization
    (C(saasops_organization_NAME), for LTS C(saasops_project_NAME), for cielo24 C(saasops_account_NAME)), by states of
    their items (for example C(saasops_has_failure)), and in C(saasops_empty) and C(saasops_unreadable)."
  - Values from a service are never evaluated as templates.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - constructed
  - inventory_cache
  - saasops.jobs.connections
  - saasops.jobs.http_options
requirements:
  - openstacksdk >= 1.0.0 (only with O(cloud))
notes:
  - Options that say how to reach the service can be templates, with lookups and extra variables, and can be vaulted.
  - The cache holds what was found, but no credentials. It is read again if O(service), O(counts), O(name_pattern),
    O(organizations), O(project_ids) or O(sub_accounts) change. If other options change, use C(--flush-cache).
  - Like any inventory, one that fails is left out with a warning, unless E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED) is
    V(true).
options:
  plugin:
    description:
      - The name of this plugin.
    type: str
    required: true
    choices: [saasops.jobs.projects]
  service:
    description:
      - Which objects become hosts.
      - V(log_collection) stands for the projects of Ops Manager and Cloud Manager, see
        M(saasops.jobs.log_collection_job).
      - V(atlas) stands for the projects of MongoDB Atlas. Restore jobs and snapshots belong to clusters, whose names
        are in C(saasops_jobs_names), without those of flex clusters. See M(saasops.jobs.restore_job).
      - V(lts) stands for the log groups of a project, see M(saasops.jobs.lts_log_stream).
      - V(cielo24) stands for an account and those below it, see M(saasops.jobs.cielo24_job).
      - The options for the connection mean what they mean in these modules, with the same environment variables and
        defaults. An option that does not belong to the service is an error.
    type: str
    required: true
    choices: [log_collection, atlas, lts, cielo24]
  organizations:
    description:
      - IDs or names of organizations, to use only their projects.
      - If not set, all projects that the credentials give access to are used.
      - Only for O(service=log_collection) and O(service=atlas).
    type: list
    elements: str
  project_ids:
    description:
      - IDs of projects. The service is then asked for no lists of projects and organizations, so their names are not
        known. Use this for credentials that may not read these lists.
      - Only for O(service=log_collection) and O(service=atlas).
    type: list
    elements: str
  project_id:
    description:
      - ID of the project with the log groups.
      - Only for O(service=lts).
    type: str
  sub_accounts:
    description:
      - Names of the accounts to use.
      - If not set, these are the account that signs in, and all accounts below it that have captioning jobs, as cielo24
        does not list accounts.
      - Only for O(service=cielo24).
    type: list
    elements: str
  name_pattern:
    description:
      - Use only objects whose names match this pattern. V(*) stands for any text, and V(?) for any one character.
    type: str
  counts:
    description:
      - Whether to look into each project, log group or account. If V(false), no request is sent for them, and the
        variables and groups about their items are missing.
    type: bool
    default: true
  on_unreadable:
    description:
      - What to do if the items of a host cannot be read, for example because the credentials lack a role there. With
        V(warn), there is a warning, and the host is in the group C(unreadable). With V(fail), the inventory fails.
      - If the service refuses the credentials altogether or cannot be reached, the inventory always fails.
    type: str
    choices: [warn, fail]
    default: warn
  hostname:
    description:
      - Whether hosts are named after the names or the IDs of these objects.
      - In names, characters other than letters, digits, V(.), V(-) and V(_) become V(_). Where several hosts would have
        the same name, a V(-) and the ID follow. If an inventory file that was read earlier has a different host of that
        name, the ID is appended here, too.
    type: str
    choices: [name, id]
    default: name
  host_prefix:
    description:
      - Prefix of the names of hosts.
    type: str
    default: ""
  group_prefix:
    description:
      - Prefix of the names of groups, except those of O(groups) and O(keyed_groups).
    type: str
    default: saasops_
  run_locally:
    description:
      - Whether hosts have C(ansible_connection) set to V(local), and C(ansible_python_interpreter) to the Python that
        runs Ansible. Tasks of this collection then run in Ansible's own process.
    type: bool
    default: true
"""

EXAMPLES = r"""
# A file such as ops_manager.saasops_jobs.yml: all projects that the API key gives access to.
# The credentials are in MCLI_PUBLIC_API_KEY and MCLI_PRIVATE_API_KEY.
---
plugin: saasops.jobs.projects
service: log_collection
base_url: https://opsmanager.example.com

# The projects of two organizations, with groups and variables of their own, and a cache.
---
plugin: saasops.jobs.projects
service: log_collection
base_url: https://opsmanager.example.com
public_key: "{{ lookup('ansible.builtin.env', 'OPS_MANAGER_PUBLIC_KEY') }}"
private_key: "{{ lookup('ansible.builtin.env', 'OPS_MANAGER_PRIVATE_KEY') }}"
organizations: [Retail, 66f1c0de00000000000f0003]
max_concurrency: 16
keyed_groups:
  - key: saasops_jobs_organization_name
    prefix: org
    default_value: unknown
groups:
  old_logs: (saasops_jobs_oldest.age_days | default(0)) > 30
compose:
  failed_jobs: saasops_jobs_states.FAILURE | default(0)
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: /tmp/inventory_cache
cache_timeout: 900

# The projects of Atlas, each with the names of its clusters, read with a service account.
---
plugin: saasops.jobs.projects
service: atlas
client_id: mdb_sa_id_66f1c0de00000000000000d1
client_secret: "{{ lookup('ansible.builtin.env', 'ATLAS_SECRET') }}"
hostname: id
host_prefix: atlas-

# The log groups of a project.
---
plugin: saasops.jobs.projects
service: lts
region: eu-de
project_name: eu-de
username: log-operator
password: "{{ lookup('ansible.builtin.env', 'LTS_PASSWORD') }}"
user_domain_name: OTC00000000001000000001
name_pattern: app*

# Some accounts of cielo24, without looking into them.
---
plugin: saasops.jobs.projects
service: cielo24
username: newsroom
api_key: "{{ lookup('ansible.builtin.env', 'CIELO24_KEY') }}"
sub_accounts: [newsroom-archive, newsroom-sport]
counts: false
"""

from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible_collections.saasops.jobs.plugins.module_utils._core.printable import printable
from ansible_collections.saasops.jobs.plugins.module_utils._core.runner import MaskingContext, perform
from ansible_collections.saasops.jobs.plugins.plugin_utils._inventory_hosts import (
    InventoryHost,
    Naming,
    is_same,
    make_hosts,
)
from ansible_collections.saasops.jobs.plugins.plugin_utils._inventory_options import read_options
from ansible_collections.saasops.jobs.plugins.plugin_utils._inventory_snapshot import Request, Snapshot, take_snapshot
from ansible_collections.saasops.jobs.plugins.plugin_utils._no_template import as_template, harmless

_SUFFIXES = ("saasops_jobs.yml", "saasops_jobs.yaml")
# How many warnings about hosts that cannot be read are shown one by one.
_MOST_WARNINGS = 5
_LOCAL = {
    "ansible_connection": as_template("local"),
    "ansible_python_interpreter": as_template("{{ ansible_playbook_python }}"),
}


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):  # type: ignore[misc]  # without type information
    """The inventory plugin, see DOCUMENTATION."""

    NAME = "saasops.jobs.projects"

    def verify_file(self, path: str) -> bool:
        """Whether a file may be one for this plugin."""
        return bool(super().verify_file(path)) and path.endswith(_SUFFIXES)

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Adds hosts to the inventory.

        :param path: that of the file.
        :param cache: whether the cache may be read.
        """
        super().parse(inventory, loader, path, cache)
        request, options = read_options(self, self._read_config_data(path))
        snapshot = self._cached(request, path) if cache else None
        if snapshot is None:
            snapshot = self._read(request, options)
            self._report_unreadable(snapshot)
            if self.get_option("cache"):
                self._cache[self.get_cache_key(path)] = snapshot.as_json()
        else:
            self._report_unreadable(snapshot)
        naming = Naming(
            by_id=self.get_option("hostname") == "id",
            host_prefix=self.get_option("host_prefix"),
            group_prefix=self.get_option("group_prefix"),
        )
        for host in make_hosts(snapshot, naming):
            self._add(host)

    def _cached(self, request: Request, path: str) -> Snapshot | None:
        if not self.get_option("cache"):
            return None
        try:
            return Snapshot.from_json(self._cache[self.get_cache_key(path)], request)
        except KeyError:
            return None

    def _read(self, request: Request, options: dict[str, Any]) -> Snapshot:
        """Asks the service.

        :raises AnsibleParserError: its answers do not make an inventory.
        """
        context = MaskingContext(set())
        result = perform(lambda given, inside: take_snapshot(request, given, inside).as_json(), options, context)
        for text in context.tracebacks():
            self.display.vvv(text)
        for warning in context.warnings:
            self.display.warning(context.scrub(warning))
        if result.get("failed"):
            raise AnsibleParserError(context.scrub(result["msg"]))
        snapshot = Snapshot.from_json(result, request)
        if snapshot is None:
            raise AnsibleParserError("This is a bug in the collection: an inventory is not plain data.")
        return snapshot

    def _report_unreadable(self, snapshot: Snapshot) -> None:
        """Warns of what cannot be read.

        :raises AnsibleParserError: it is to fail the inventory.
        """
        unreadable = [each for each in snapshot.surveys if each.problem is not None]
        named = [(each.container.name or each.container.id, each.problem) for each in unreadable]
        shown = [printable(f"{name} cannot be read: {problem}") for name, problem in named]
        if shown and self.get_option("on_unreadable") == "fail":
            raise AnsibleParserError(f"{shown[0]} As on_unreadable is fail, the inventory is not used.")
        for text in shown[:_MOST_WARNINGS]:
            self.display.warning(text)
        if len(shown) > _MOST_WARNINGS:
            self.display.warning(f"{len(shown) - _MOST_WARNINGS} more cannot be read; see saasops_jobs_problem.")

    def _add(self, host: InventoryHost) -> None:
        # Another file may have a host with this name.
        known = self.inventory.get_host(host.name)
        name = host.name if known is None or is_same(host.variables, known.vars) else host.other_name
        self.inventory.add_host(name)
        for group in host.groups:
            self.inventory.add_host(name, self.inventory.add_group(self._sanitize_group_name(group)))
        variables = harmless(dict(host.variables))
        for variable, value in {**variables, **(_LOCAL if self.get_option("run_locally") else {})}.items():
            self.inventory.set_variable(name, variable, value)
        strict = self.get_option("strict")
        try:
            self._set_composite_vars(self.get_option("compose"), variables, name, strict=strict)
            self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict=strict)
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict=strict)
        except AnsibleError as error:
            # Ansible would show lines of the file beside the cause, which may hold secrets.
            raise AnsibleParserError(f"{name}: {error}") from None
