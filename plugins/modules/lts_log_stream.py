#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lts_log_stream
short_description: Manage log streams of the Log Tank Service
version_added: 0.1.0
description:
  - Creates log streams of the Log Tank Service (LTS) of Open Telekom Cloud or Huawei Cloud, changes their time to live
    and their tags, and deletes them together with their logs.
  - Before the task changes anything, it looks up all its streams together, and the log transfers that they feed.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.lts
  - saasops.jobs.lts.group
  - saasops.jobs.lts.settings
  - saasops.jobs.http_options
  - saasops.jobs.deleting
  - saasops.jobs.deleting.keep
  - saasops.jobs.report
options:
  log_stream_ids:
    description:
      - IDs of existing log streams. Set exactly one of O(log_stream_ids), O(log_stream_names) and O(name_pattern).
      - Each stream is processed on its own. If some streams fail, the task still processes the others. It then fails,
        and RV(log_streams) has the result of each stream.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [log_stream_id]
  log_stream_names:
    description:
      - Names of the log streams in the log group.
      - The name of a new stream must consist of 1 to 64 letters, digits, C(_), C(-) and C(.). It must not begin with
        C(_) or C(.), or end with C(.).
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [log_stream_name]
  name_pattern:
    description:
      - With O(state=absent), selects all streams of the group whose names match this pattern. V(*) matches any number
        of characters, and V(?) matches one. The pattern must match the whole name, and is case-sensitive.
    type: str
  state:
    description:
      - V(present) creates streams that do not exist, and changes the settings of existing streams to those that the
        task sets. If O(ttl_in_days) is not set, a new stream keeps logs as long as its log group does. The log group
        must exist.
      - V(absent) deletes the streams. A stream that does not exist is not an error. A log group that does not exist
        only causes a warning.
      - In check mode, a missing O(log_group_name) only causes a warning with V(present), as an earlier task may create
        it.
    type: str
    required: true
    choices: [present, absent]
  delete_transfers:
    description:
      - Whether to delete streams that feed log transfers, together with these transfers. LTS itself refuses to delete
        such streams.
      - If V(false), such a stream fails with an error that names the transfers, and is not changed.
      - If V(true), the transfers are deleted first, unless streams that are not deleted also feed them.
    type: bool
    default: false
seealso:
  - module: saasops.jobs.lts_log_stream_info
  - module: saasops.jobs.lts_log_group
  - module: saasops.jobs.lts_log_transfer
  - name: Log Stream Management
    description: API reference.
    link: https://docs.otc.t-systems.com/log-tank-service/api-ref/apis/log_stream_management/index.html
"""

EXAMPLES = r"""
- name: Create three log streams that keep logs as long as their group does
  saasops.jobs.lts_log_stream:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_name: app
    log_stream_names:
      - nginx
      - api
      - scheduler
    tags:
      team: payments
    purge_tags: false
    state: present

- name: Keep the logs of a stream for a week
  saasops.jobs.lts_log_stream:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_name: app
    log_stream_name: nginx
    ttl_in_days: 7
    state: present

- name: Delete two log streams by name
  saasops.jobs.lts_log_stream:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_name: app
    log_stream_names:
      - nginx
      - api
    state: absent

- name: Delete a log stream and the log transfer that it feeds
  saasops.jobs.lts_log_stream:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_id: 11111111-bbbb-4000-8000-000000000002
    log_stream_id: 22222222-bbbb-4000-8000-000000000001
    delete_transfers: true
    state: absent

- name: Delete at most 20 log streams of the workers, except for the one in Europe
  saasops.jobs.lts_log_stream:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_name: app
    name_pattern: "work*"
    keep:
      - worker-eu
    max_deletions: 20
    report: changed
    state: absent
"""

RETURN = r"""
log_streams:
  description:
    - The log streams, in the order of O(log_stream_ids) or O(log_stream_names), or those that match O(name_pattern).
    - Fields that are not listed here come from the service; see its API reference.
    - A log stream that does not exist has no such fields, and its C(action) is V(none).
    - With O(state=absent), only the fields that identify a log stream are returned.
  returned: once the log streams have been looked up
  type: list
  elements: dict
  contains:
    id:
      description:
        - ID of the log stream, or V(null) if there is none.
        - In check mode, the ID of a stream that would be created begins with C(to-be-created-).
      type: str
      returned: always
    action:
      description:
        - What the task did, or would do in check mode.
        - V(delete_transfers) means that log transfers were deleted, but the stream could not be deleted.
      type: str
      choices: [create, update, delete, delete_transfers, none]
      returned: always
    changed:
      description:
        - Whether the task changed the stream, or would change it in check mode. The deletion of log transfers counts
          as a change.
        - Also V(true), together with an error, if the module could not find out whether the change was made.
      type: bool
      returned: always
    error:
      description: Why the stream failed. Has the same fields as RV(error).
      type: dict
      returned: if the stream failed
    deleted_transfers:
      description: IDs of the log transfers that the task deleted before the stream, or would delete in check mode.
      type: list
      elements: str
      returned: if there are any
    log_stream_id:
      description: ID of the log stream.
      type: str
      returned: if the stream exists or was given by ID
    log_stream_name:
      description: Name of the log stream.
      type: str
      returned: if the stream exists or was given by name
    log_group_id:
      description: ID of the log group.
      type: str
      returned: if the stream exists
    creation_time:
      description: When the stream was created, in milliseconds since 1970.
      type: int
      returned: if the stream already existed
    ttl_in_days:
      description: Number of days for which logs are kept. Not known for a new stream that inherits it.
      type: int
      returned: if the service returns it
    tag:
      description: Tags of the stream.
      type: dict
      returned: if the service returns it
  sample:
    - id: 22222222-aaaa-4000-8000-000000000001
      action: delete
      changed: true
      log_stream_id: 22222222-aaaa-4000-8000-000000000001
      log_stream_name: nginx
      log_group_id: 11111111-aaaa-4000-8000-000000000001
      creation_time: 1630549842955
      ttl_in_days: 7
summary:
  description: Number of log streams that were requested, changed, left unchanged, and failed.
  returned: once the log streams have been looked up
  type: dict
  sample: {requested: 2, changed: 1, unchanged: 1, failed: 0}
diff:
  description:
    - The changed log streams before and after the task, by name or ID, as in the task. Deleted streams are missing
      from C(after), and new streams are missing from C(before).
    - Beside what changes, both sides show the name, the log group, C(ttl_in_days), and when the stream was created, in
      UTC.
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
    streams,
    ttl_and_tags,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.auth.options import OPTIONS
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.stream_reconcile import (
    AbsentStreamReconciler,
    PresentStreamReconciler,
)

ARGUMENT_SPEC = {
    **OPTIONS,
    **groups.PARENT_OPTIONS,
    **ttl_and_tags.OPTIONS,
    **argspec.HTTP,
    **argspec.MAX_DELETIONS,
    **argspec.KEEP,
    **argspec.REPORT,
    **streams.SELECTION_OPTIONS,
    "name_pattern": {"type": "str", **SELECTOR},
    "state": {"type": "str", "required": True, "choices": ["present", "absent"]},
    "delete_transfers": {"type": "bool", "default": False},
}

_SELECTION = ("log_stream_ids", "log_stream_names", "name_pattern")
CONSTRAINTS = Constraints(mutually_exclusive=[_SELECTION], required_one_of=[_SELECTION])


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Brings log streams to the desired state, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    name_filter = NameFilter(params, selection.LETTERS)
    is_present = params["state"] == "present"
    selected = selection.read_selection("log_stream", params, context, may_create=is_present)
    wanted = ttl_and_tags.TtlAndTags.from_params(params)
    lts = api.Lts(params, settings, context)
    group = groups.ParentGroup(lts, params, context, must_exist=is_present)
    if selected is not None and is_present:
        present = PresentStreamReconciler(lts, group, selected.field, wanted)
        items = engine.reconcile(present, selected.keys, context, settings, params["max_deletions"])
        return report.report(present, items, context, params["report"])
    field = selected.field if selected else "log_stream_name"
    absent = AbsentStreamReconciler(
        lts, group, field, name_filter, context, delete_transfers=params["delete_transfers"]
    )
    if selected is None:
        condemned = engine.reconcile_selected(absent, context, settings, params["max_deletions"])
    else:
        condemned = engine.reconcile(absent, selected.keys, context, settings, params["max_deletions"])
    return report.report(absent, condemned, context, params["report"])


def main() -> None:
    run_module(ARGUMENT_SPEC, task, CONSTRAINTS)


if __name__ == "__main__":
    main()
