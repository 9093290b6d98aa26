#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lts_log_group_info
short_description: List log groups of the Log Tank Service
version_added: 0.1.0
description:
  - Lists the log groups in a project of the Log Tank Service (LTS) of Open Telekom Cloud or Huawei Cloud, either all
    of them or those with the given names or IDs.
  - If several filters are set, only groups that match all of them are listed.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes.info
  - saasops.jobs.lts
  - saasops.jobs.http_options
  - saasops.jobs.listing
  - saasops.jobs.created
options:
  log_group_names:
    description:
      - Names of the log groups. If neither this nor O(log_group_ids) is set, all groups of the project are listed.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [log_group_name]
  log_group_ids:
    description:
      - IDs of the log groups. Set at most one of O(log_group_names) and O(log_group_ids).
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [log_group_id]
  name_pattern:
    description:
      - Return only groups whose names match this pattern. V(*) matches any number of characters, and V(?) matches one.
        The pattern must match the whole name, and is case-sensitive.
    type: str
  fields:
    description:
      - Return only these fields of each log group, and its C(id). If not set, all fields are returned.
      - The filters can still use all fields.
    type: list
    elements: str
    choices:
      - log_group_id
      - log_group_name
      - log_group_name_alias
      - creation_time
      - ttl_in_days
      - tag
seealso:
  - module: saasops.jobs.lts_log_group
  - name: Querying All Log Groups of an Account
    description: API reference.
    link: https://docs.otc.t-systems.com/log-tank-service/api-ref/apis/log_group_management/index.html
"""

EXAMPLES = r"""
- name: List the names of the log groups that are older than 30 days
  saasops.jobs.lts_log_group_info:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    older_than: 30d
    fields: [log_group_name]
  register: old

- name: Show the groups whose names begin with "a"
  saasops.jobs.lts_log_group_info:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    name_pattern: "a*"
    created_after: "2021-01-01"
    newer_than: 500w

- name: List the groups that were created before 2026
  saasops.jobs.lts_log_group_info:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    created_before: "2026-01-01T00:00:00Z"

- name: Find a group by its ID
  saasops.jobs.lts_log_group_info:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_id: 11111111-aaaa-4000-8000-000000000001

- name: Find two groups by their names
  saasops.jobs.lts_log_group_info:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_names:
      - app
      - no-such-group

- name: Sign in with a temporary access key
  saasops.jobs.lts_log_group_info:
    region: eu-de
    project_id: 0123456789abcdef0123456789abcdef
    access_key: HSTSANDBOX000000001
    secret_key: "{{ otc_temporary_secret_key }}"
    security_token: "{{ otc_security_token }}"
    auth_form: credential

- name: Sign in with a password and the passcode of a virtual MFA device
  saasops.jobs.lts_log_group_info:
    endpoint: https://lts.eu-de.otc.t-systems.com
    auth_url: https://iam.eu-de.otc.t-systems.com/v3
    project_name: eu-de
    user_id: a0b1c2d3e4f5061728394a5b6c7d8e02
    password: "{{ otc_mfa_password }}"
    passcode: "{{ otc_passcode }}"
    user_domain_id: d1a2b3c4d5e6f708192a3b4c5d6e7f80

- name: Sign in as defined in clouds.yaml
  saasops.jobs.lts_log_group_info:
    cloud: otc

- name: Use an agency to list the groups in a project of another account
  saasops.jobs.lts_log_group_info:
    region: eu-de
    username: log-operator
    password: "{{ otc_password }}"
    user_domain_name: OTC00000000001000000001
    agency_name: log-caretaker
    agency_domain_name: OTC00000000001000000002
    delegated_project: eu-de
"""

RETURN = r"""
log_groups:
  description:
    - The log groups, in the order of O(log_group_names) or O(log_group_ids) if set, or else in the order of the
      service.
    - Fields that are not listed here come from the service; see its API reference.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the log group.
      type: str
      returned: always
    log_group_id:
      description: ID of the log group.
      type: str
      returned: always
    log_group_name:
      description: Name of the log group.
      type: str
      returned: always
    creation_time:
      description: When the group was created, in milliseconds since 1970.
      type: int
      returned: always
    ttl_in_days:
      description: Number of days for which logs are kept.
      type: int
      returned: always
    tag:
      description: Tags of the group.
      type: dict
      returned: if the service returns it
  sample:
    - id: 11111111-aaaa-4000-8000-000000000001
      log_group_id: 11111111-aaaa-4000-8000-000000000001
      log_group_name: app
      creation_time: 1630547141853
      ttl_in_days: 7
      tag: {_sys_enterprise_project_id: "0"}
total:
  description: Number of log groups before filtering.
  returned: success
  type: int
  sample: 12
matched:
  description: Number of log groups that match the filters, before O(limit).
  returned: success
  type: int
  sample: 6
missing:
  description: Those of O(log_group_names) or O(log_group_ids) that do not exist.
  returned: success
  type: list
  elements: str
  sample: []
error:
  description: The error. C(status) is the HTTP status, and C(code) is the error code of the service.
  returned: on failure
  type: dict
"""

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, timestamps, wildcards
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.constraints import Constraints
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import SELECTOR
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.listing import Extract, ListSource, listing
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts import api, groups, selection
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.auth.options import OPTIONS

ARGUMENT_SPEC = {
    **OPTIONS,
    **argspec.HTTP,
    **argspec.CREATED,
    **argspec.listing(groups.FIELDS),
    **groups.SELECTION_OPTIONS,
    "name_pattern": {"type": "str", **SELECTOR},
}

CONSTRAINTS = Constraints(mutually_exclusive=[("log_group_ids", "log_group_names")])


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Lists log groups, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    extract = Extract.from_params(params, groups.FIELDS)
    window = timestamps.TimeWindow(params, context.clock.present())
    selected = selection.read_selection("log_group", params, context)
    fits_name = wildcards.wildcard(params["name_pattern"])
    lts = api.Lts(params, settings, context)
    field = selected.field if selected else "log_group_name"
    source = ListSource(
        "log_groups",
        find=lambda keys: selection.pick(lts.groups(), field, keys),
        list_all=lts.groups,
        matches=lambda group: fits_name(group["log_group_name"]) and window.holds(group, selection.created),
        fields=groups.fields,
    )
    return listing(source, selected.keys if selected else None, extract, context)


def main() -> None:
    run_module(ARGUMENT_SPEC, task, CONSTRAINTS)


if __name__ == "__main__":
    main()
