#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lts_log_group
short_description: Manage log groups of the Log Tank Service
version_added: 0.1.0
description:
  - Creates log groups of the Log Tank Service (LTS) of Open Telekom Cloud or Huawei Cloud, changes their time to live
    and their tags, and deletes them.
  - Before the task changes anything, it looks up all its groups together.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.lts
  - saasops.jobs.lts.settings
  - saasops.jobs.http_options
  - saasops.jobs.deleting
  - saasops.jobs.deleting.keep
  - saasops.jobs.report
options:
  log_group_names:
    description:
      - Names of the log groups. Set exactly one of O(log_group_names), O(log_group_ids) and O(name_pattern).
      - Each group is processed on its own. If some groups fail, the task still processes the others. It then fails,
        and RV(log_groups) has the result of each group.
      - The name of a new group must consist of 1 to 64 letters, digits, C(_), C(-) and C(.). It must not begin with
        C(_) or C(.), or end with C(.).
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [log_group_name]
  log_group_ids:
    description:
      - IDs of existing log groups. Set exactly one of O(log_group_names), O(log_group_ids) and O(name_pattern).
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [log_group_id]
  name_pattern:
    description:
      - With O(state=absent), selects all groups of the project whose names match this pattern. V(*) matches any number
        of characters, and V(?) matches one. The pattern must match the whole name, and is case-sensitive.
    type: str
  state:
    description:
      - V(present) creates groups that do not exist, and changes the settings of existing groups to those that the task
        sets. If O(ttl_in_days) is not set, a new group keeps logs for 30 days.
      - V(absent) deletes the groups. A group that does not exist is not an error.
    type: str
    required: true
    choices: [present, absent]
  recursive:
    description:
      - Whether to delete groups that still contain log streams or log transfers.
      - If V(false), such a group fails with an error that names them, and is not changed.
      - If V(true), they are deleted too, with all logs. RV(log_groups[].deleted_streams) and
        RV(log_groups[].deleted_transfers) list them, also in check mode.
    type: bool
    default: false
seealso:
  - module: saasops.jobs.lts_log_group_info
  - module: saasops.jobs.lts_log_stream
  - name: Log Group Management
    description: API reference.
    link: https://docs.otc.t-systems.com/log-tank-service/api-ref/apis/log_group_management/index.html
"""

EXAMPLES = r"""
- name: Create two log groups that keep logs for a week
  saasops.jobs.lts_log_group:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_names:
      - app
      - jobs
    ttl_in_days: 7
    tags:
      team: payments
    state: present

- name: Set the tags of a log group, and remove all others
  saasops.jobs.lts_log_group:
    region: eu-de
    project_name: eu-de
    username: log-operator
    password: "{{ otc_password }}"
    user_domain_name: OTC00000000001000000001
    log_group_name: app
    tags:
      team: payments
      stage: production
    purge_tags: true
    state: present

- name: Keep the logs of a group for three months
  saasops.jobs.lts_log_group:
    region: eu-de
    project_id: 0123456789abcdef0123456789abcdef
    access_key: AKSANDBOX0000000001
    secret_key: "{{ otc_secret_key }}"
    log_group_id: 11111111-cccc-4000-8000-000000000003
    ttl_in_days: 90
    state: present

- name: Delete the empty log groups whose names begin with "at", but not those for audits
  saasops.jobs.lts_log_group:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    name_pattern: "at*"
    keep:
      - "audit*"
    max_deletions: 5
    report: changed
    state: absent

- name: Delete a log group and everything in it
  saasops.jobs.lts_log_group:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_name: audit
    recursive: true
    state: absent
"""

RETURN = r"""
log_groups:
  description:
    - The log groups, in the order of O(log_group_names) or O(log_group_ids), or those that match O(name_pattern).
    - Fields that are not listed here come from the service; see its API reference.
  returned: once the log groups have been looked up
  type: list
  elements: dict
  contains:
    id:
      description:
        - ID of the group, or V(null) if there is none.
        - In check mode, the ID of a group that would be created begins with C(to-be-created-).
      type: str
      returned: always
    action:
      description:
        - What the task did, or would do in check mode.
        - V(delete_transfers) means that log transfers were deleted, but the group could not be deleted.
      type: str
      choices: [create, update, delete, delete_transfers, none]
      returned: always
    changed:
      description:
        - Whether the task changed the group, or would change it in check mode. The deletion of log transfers counts as
          a change.
        - Also V(true), together with an error, if the module could not find out whether the change was made.
      type: bool
      returned: always
    error:
      description: Why the group failed. Has the same fields as RV(error).
      type: dict
      returned: if the group failed
    deleted_streams:
      description: Names of the log streams that the task deleted with the group, or would delete in check mode.
      type: list
      elements: str
      returned: if there are any
    deleted_transfers:
      description: IDs of the log transfers that the task deleted before the group, or would delete in check mode.
      type: list
      elements: str
      returned: if there are any
    log_group_id:
      description: ID of the log group.
      type: str
      returned: if the group exists or was given by ID
    log_group_name:
      description: Name of the log group.
      type: str
      returned: if the group exists or was given by name
    creation_time:
      description: When the group was created, in milliseconds since 1970.
      type: int
      returned: if the group already existed
    ttl_in_days:
      description: Number of days for which logs are kept.
      type: int
      returned: if the group exists
    tag:
      description: Tags of the group.
      type: dict
      returned: if the service returns it
  sample:
    - id: 11111111-aaaa-4000-8000-000000000001
      action: update
      changed: true
      log_group_id: 11111111-aaaa-4000-8000-000000000001
      log_group_name: app
      creation_time: 1630547141853
      ttl_in_days: 7
      tag: {_sys_enterprise_project_id: "0", team: payments}
summary:
  description: Number of log groups that were requested, changed, left unchanged, and failed.
  returned: once the log groups have been looked up
  type: dict
  sample: {requested: 2, changed: 1, unchanged: 1, failed: 0}
diff:
  description:
    - The changed log groups before and after the task, by name or ID, as in the task. Deleted groups are missing from
      C(after), and new groups are missing from C(before).
    - Beside what changes, both sides show the name, C(ttl_in_days), and when the group was created, in UTC.
  returned: in diff mode
  type: dict
error:
  description: The first error. C(status) is the HTTP status, and C(code) is the error code of the service.
  returned: on failure
  type: dict
  sample:
    status: 401
    code: LTS.0003
    message: Invalid token
    request_id: null
    method: GET
    path: /v2/0123456789abcdef0123456789abcdef/groups
"""

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.constraints import Constraints
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import SELECTOR
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.name_filter import NameFilter
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts import (
    api,
    groups,
    selection,
    ttl_and_tags,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.auth.options import OPTIONS
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.group_reconcile import (
    AbsentGroupReconciler,
    PresentGroupReconciler,
)

ARGUMENT_SPEC = {
    **OPTIONS,
    **ttl_and_tags.OPTIONS,
    **argspec.HTTP,
    **argspec.MAX_DELETIONS,
    **argspec.KEEP,
    **argspec.REPORT,
    **groups.SELECTION_OPTIONS,
    "state": {"type": "str", "required": True, "choices": ["present", "absent"]},
    "name_pattern": {"type": "str", **SELECTOR},
    "recursive": {"type": "bool", "default": False},
}

_SELECTION = ("log_group_ids", "log_group_names", "name_pattern")
CONSTRAINTS = Constraints(mutually_exclusive=[_SELECTION], required_one_of=[_SELECTION])


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Brings log groups to the desired state, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    name_filter = NameFilter(params, selection.LETTERS)
    is_present = params["state"] == "present"
    selected = selection.read_selection("log_group", params, context, may_create=is_present)
    wanted = ttl_and_tags.TtlAndTags.from_params(params)
    lts = api.Lts(params, settings, context)
    if selected is not None and is_present:
        present = PresentGroupReconciler(lts, selected.field, wanted)
        items = engine.reconcile(present, selected.keys, context, settings, params["max_deletions"])
        return report.report(present, items, context, params["report"])
    field = selected.field if selected else "log_group_name"
    absent = AbsentGroupReconciler(lts, field, name_filter, settings, context, recursive=params["recursive"])
    if selected is None:
        condemned = engine.reconcile_selected(absent, context, settings, params["max_deletions"])
    else:
        condemned = engine.reconcile(absent, selected.keys, context, settings, params["max_deletions"])
    return report.report(absent, condemned, context, params["report"])


def main() -> None:
    run_module(ARGUMENT_SPEC, task, CONSTRAINTS)


if __name__ == "__main__":
    main()
