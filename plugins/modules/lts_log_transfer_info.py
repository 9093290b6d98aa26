#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lts_log_transfer_info
short_description: List log transfers of the Log Tank Service
version_added: 0.1.0
description:
  - Lists the log transfers in a project of the Log Tank Service (LTS) of Open Telekom Cloud or Huawei Cloud, either
    all of them or those with the given IDs. The list is complete even in regions where paging does not work.
  - If several filters are set, only transfers that match all of them are listed.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes.info
  - saasops.jobs.lts
  - saasops.jobs.http_options
  - saasops.jobs.listing
  - saasops.jobs.created
options:
  log_transfer_ids:
    description:
      - IDs of the log transfers. If not set, all transfers of the project are listed.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [log_transfer_id]
  log_group_name:
    description:
      - Return only transfers of the log group with this name.
    type: str
  log_group_id:
    description:
      - Return only transfers of the log group with this ID.
    type: str
  log_stream_names:
    description:
      - Return only transfers that are fed by any of the log streams with these names.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [log_stream_name]
  log_stream_ids:
    description:
      - Return only transfers that are fed by any of the log streams with these IDs. Set at most one of
        O(log_stream_ids) and O(log_stream_names).
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [log_stream_id]
  statuses:
    description:
      - Return only transfers with one of these values of C(log_transfer_status).
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    choices: [ENABLE, DISABLE, EXCEPTION]
    aliases: [status]
  fields:
    description:
      - Return only these fields of each log transfer, and its C(id). If not set, all fields are returned.
      - The filters can still use all fields.
    type: list
    elements: str
    choices:
      - log_transfer_id
      - log_group_id
      - log_group_name
      - log_streams
      - log_transfer_info
seealso:
  - module: saasops.jobs.lts_log_transfer
  - name: Querying a Log Transfer Task
    description: API reference.
    link: https://docs.otc.t-systems.com/log-tank-service/api-ref/apis/log_transfer/index.html
"""

EXAMPLES = r"""
- name: Find the log transfers that are disabled or have a problem
  saasops.jobs.lts_log_transfer_info:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    statuses:
      - DISABLE
      - EXCEPTION
  register: idle

- name: Show where the logs of a stream go
  saasops.jobs.lts_log_transfer_info:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_name: audit
    log_stream_name: logins
    fields: [log_transfer_info]

- name: Find the transfers of a stream by its ID, if they were created in a certain period
  saasops.jobs.lts_log_transfer_info:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_id: 11111111-bbbb-4000-8000-000000000002
    log_stream_id: 22222222-bbbb-4000-8000-000000000001
    created_after: "2021-01-01"
    created_before: "2026-01-01T00:00:00Z"
    older_than: 1d
    newer_than: 500w

- name: Find a transfer by its ID
  saasops.jobs.lts_log_transfer_info:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_transfer_id: 33333333-bbbb-4000-8000-000000000001
"""

RETURN = r"""
log_transfers:
  description:
    - The log transfers, in the order of O(log_transfer_ids) if set, or else in the order of the service.
    - Fields that are not listed here come from the service; see its API reference.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the log transfer.
      type: str
      returned: always
    log_transfer_id:
      description: ID of the log transfer.
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
    log_streams:
      description: The log streams that feed the transfer, each with C(log_stream_id) and C(log_stream_name).
      type: list
      elements: dict
      returned: always
    log_transfer_info:
      description:
        - What is transferred, and where it goes.
        - C(log_transfer_status) is V(ENABLE), V(DISABLE), or V(EXCEPTION) if something is wrong with the bucket.
      type: dict
      returned: always
  sample:
    - id: 33333333-bbbb-4000-8000-000000000001
      log_transfer_id: 33333333-bbbb-4000-8000-000000000001
      log_group_id: 11111111-bbbb-4000-8000-000000000002
      log_group_name: audit
      log_streams:
        - {log_stream_id: 22222222-bbbb-4000-8000-000000000001, log_stream_name: logins}
      log_transfer_info:
        log_transfer_type: OBS
        log_transfer_mode: cycle
        log_storage_format: RAW
        log_transfer_status: DISABLE
        log_transfer_detail: {obs_period: 3, obs_period_unit: hour, obs_bucket_name: audit-logins}
total:
  description: Number of log transfers before filtering.
  returned: success
  type: int
  sample: 12
matched:
  description: Number of log transfers that match the filters, before O(limit).
  returned: success
  type: int
  sample: 6
missing:
  description: Those of O(log_transfer_ids) that do not exist.
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
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, timestamps, validators
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.constraints import Constraints
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import SELECTOR
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.listing import Extract, ListSource, listing
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts import api, groups, selection, streams
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.auth.options import OPTIONS
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.transfers import view

ARGUMENT_SPEC = {
    **OPTIONS,
    **groups.PARENT_OPTIONS,
    **argspec.HTTP,
    **argspec.CREATED,
    **argspec.listing(view.FIELDS),
    **streams.SELECTION_OPTIONS,
    **view.SELECTION_OPTIONS,
    "statuses": {
        "type": "list",
        "elements": "str",
        "choices": list(view.STATUSES),
        "aliases": ["status"],
        **SELECTOR,
    },
}

CONSTRAINTS = Constraints(mutually_exclusive=[("log_stream_ids", "log_stream_names")])


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Lists log transfers, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    extract = Extract.from_params(params, view.FIELDS)
    window = timestamps.TimeWindow(params, context.clock.present())
    ids = argspec.ids("log_transfer_ids", params, validators.UUID, check_mode=context.check_mode)
    selected = selection.read_selection("log_stream", params, context)
    transfer_filter = view.TransferFilter(params, selected, context)
    lts = api.Lts(params, settings, context)
    source = ListSource(
        "log_transfers",
        find=lambda keys: selection.pick(lts.transfers(), "log_transfer_id", keys),
        list_all=lts.transfers,
        matches=lambda transfer: transfer_filter.matches(transfer) and window.holds(transfer, view.created),
        fields=view.fields,
    )
    return listing(source, ids, extract, context)


def main() -> None:
    run_module(ARGUMENT_SPEC, task, CONSTRAINTS)


if __name__ == "__main__":
    main()
