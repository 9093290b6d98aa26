#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lts_log_transfer
short_description: Manage log transfers of the Log Tank Service
version_added: 0.1.0
description:
  - Creates log transfers of the Log Tank Service (LTS) of Open Telekom Cloud or Huawei Cloud, which copy logs to a
    bucket of the Object Storage Service (OBS) at regular intervals.
  - Changes, enables, disables and deletes log transfers.
  - A log stream can feed only one transfer to OBS, so the streams of a transfer identify it, just as its ID does.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.lts
  - saasops.jobs.lts.transfer
  - saasops.jobs.http_options
  - saasops.jobs.deleting
  - saasops.jobs.report
attributes:
  check_mode:
    details:
      - In check mode, the ID of an item that would be created begins with C(to-be-created-). Other tasks in check mode
        accept such an ID, and predict what they would do to the new item. Outside of check mode, it is an error.
      - Whether the bucket exists, and LTS may write to it, shows only when LTS creates or changes the transfer.
options:
  log_transfer_ids:
    description:
      - IDs of existing log transfers. Set either this or log streams.
      - Each transfer is processed on its own. If some transfers fail, the task still processes the others. It then
        fails, and RV(log_transfers) has the result of each transfer.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [log_transfer_id]
  log_group_name:
    description:
      - Name of the log group that contains the log streams. Log streams require either O(log_group_name) or
        O(log_group_id).
    type: str
  log_group_id:
    description:
      - ID of the log group that contains the log streams.
    type: str
  log_stream_names:
    description:
      - Names of the log streams that feed an existing or a new transfer.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [log_stream_name]
  log_stream_ids:
    description:
      - IDs of the log streams. Set at most one of O(log_stream_ids) and O(log_stream_names).
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [log_stream_id]
  state:
    description:
      - V(present) creates one transfer for all the given streams if none of them feeds a transfer, and changes the
        settings of existing transfers to those that the task sets. The streams of a transfer cannot be changed later.
      - V(absent) deletes the transfers with the given IDs, or those that any of the given streams feed. A transfer
        that other streams also feed is an error. A transfer that does not exist is not an error.
    type: str
    required: true
    choices: [present, absent]
seealso:
  - module: saasops.jobs.lts_log_transfer_info
  - module: saasops.jobs.lts_log_stream
  - name: Log Transfer
    description: API reference.
    link: https://docs.otc.t-systems.com/log-tank-service/api-ref/apis/log_transfer/index.html
"""

EXAMPLES = r"""
- name: Transfer the logs of two streams to a bucket every three hours
  saasops.jobs.lts_log_transfer:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_name: app
    log_stream_names:
      - nginx
      - api
    obs_bucket_name: app-archive
    obs_period: 3
    obs_period_unit: hour
    obs_dir_prefix_name: production/app
    obs_prefix_name: app-
    obs_time_zone: UTC+01:00
    obs_time_zone_id: Europe/Berlin
    log_storage_format: JSON
    state: present

- name: Transfer logs to a bucket of another account, and encrypt them there
  saasops.jobs.lts_log_transfer:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_name: app
    log_stream_name: worker
    obs_bucket_name: app-backup
    obs_period: 1
    obs_period_unit: hour
    obs_encrypted_enable: true
    obs_encrypted_id: 44444444-aaaa-4000-8000-000000000001
    log_agency_transfer:
      agency_domain_id: 55555555555555555555555555555555
      agency_domain_name: OTC00000000001000000002
      agency_name: lts-to-central
      agency_project_id: 66666666666666666666666666666666
      be_agency_domain_id: 77777777777777777777777777777777
      be_agency_project_id: 0123456789abcdef0123456789abcdef
    state: present

- name: Disable a transfer
  saasops.jobs.lts_log_transfer:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_transfer_id: 33333333-bbbb-4000-8000-000000000001
    enabled: false
    state: present

- name: Delete the transfer of two streams
  saasops.jobs.lts_log_transfer:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_id: 11111111-bbbb-4000-8000-000000000002
    log_stream_ids:
      - 22222222-bbbb-4000-8000-000000000002
      - 22222222-bbbb-4000-8000-000000000003
    state: absent
"""

RETURN = r"""
log_transfers:
  description:
    - The log transfers, in the order of O(log_transfer_ids), or those of the log streams.
    - Fields that are not listed here come from the service; see its API reference.
  returned: once the log transfers have been looked up
  type: list
  elements: dict
  contains:
    id:
      description:
        - ID of the transfer, or V(null) if there is none.
        - In check mode, the ID of a transfer that would be created begins with C(to-be-created-).
      type: str
      returned: always
    action:
      description: What the task did, or would do in check mode.
      type: str
      choices: [create, update, delete, none]
      returned: always
    changed:
      description:
        - Whether the task changed the transfer, or would change it in check mode.
        - Also V(true), together with an error, if the module could not find out whether the change was made.
      type: bool
      returned: always
    error:
      description: Why the transfer failed. Has the same fields as RV(error).
      type: dict
      returned: if the transfer failed
    log_transfer_id:
      description: ID of the log transfer.
      type: str
      returned: if the transfer exists or was given by ID
    log_group_id:
      description: ID of the log group.
      type: str
      returned: if the transfer exists
    log_group_name:
      description: Name of the log group.
      type: str
      returned: if the transfer already existed
    log_streams:
      description: The log streams that feed the transfer, each with C(log_stream_id) and C(log_stream_name).
      type: list
      elements: dict
      returned: if the transfer exists or was given by its log streams
    log_transfer_info:
      description:
        - What is transferred, and where it goes.
        - C(log_transfer_status) is V(ENABLE), V(DISABLE), or V(EXCEPTION) if something is wrong with the bucket.
      type: dict
      returned: if the transfer exists
  sample:
    - id: 33333333-bbbb-4000-8000-000000000001
      action: update
      changed: true
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
summary:
  description: Number of log transfers that were requested, changed, left unchanged, and failed.
  returned: once the log transfers have been looked up
  type: dict
  sample: {requested: 2, changed: 1, unchanged: 1, failed: 0}
diff:
  description:
    - The changed log transfers before and after the task, by name or ID, as in the task. Deleted transfers are missing
      from C(after), and new transfers are missing from C(before).
    - Beside what changes, both sides show the log group, the names of the log streams, where the logs go, and when the
      transfer was created (C(log_create_time)), in UTC.
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
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, validators
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.constraints import Constraints
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.reconciler import Reconciler
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts import api, groups, selection, streams
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.auth.options import OPTIONS
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.transfers import reconcile, spec, view

ARGUMENT_SPEC = {
    **OPTIONS,
    **groups.PARENT_OPTIONS,
    **spec.OPTIONS,
    **argspec.HTTP,
    **argspec.MAX_DELETIONS,
    **argspec.REPORT,
    **streams.SELECTION_OPTIONS,
    **view.SELECTION_OPTIONS,
    "state": {"type": "str", "required": True, "choices": ["present", "absent"]},
}

_SELECTION = ("log_stream_ids", "log_stream_names", "log_transfer_ids")
CONSTRAINTS = Constraints(mutually_exclusive=[_SELECTION], required_one_of=[_SELECTION])


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Brings log transfers to the desired state, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    ids = argspec.ids("log_transfer_ids", params, validators.UUID, check_mode=context.check_mode)
    selected = selection.read_selection("log_stream", params, context)
    wanted = spec.TransferSpec.from_params(params)
    lts = api.Lts(params, settings, context)
    if selected is not None:
        return _reconcile_for_streams(params, lts, selected, wanted, settings, context)
    reconciler: Reconciler[api.Transfer, None]
    if params["state"] == "absent":
        reconciler = reconcile.AbsentTransferReconciler(lts)
    elif wanted.is_empty:
        raise InvalidInput("Give what the transfers are to be like, for example enabled.")
    else:
        reconciler = reconcile.ExistingTransferReconciler(lts, wanted)
    items = engine.reconcile(reconciler, ids or [], context, settings, params["max_deletions"])
    return report.report(reconciler, items, context, params["report"])


def _reconcile_for_streams(
    params: dict[str, Any],
    lts: api.Lts,
    selected: selection.Selection,
    wanted: spec.TransferSpec,
    settings: HttpSettings,
    context: TaskContext,
) -> dict[str, Any]:
    """Brings the log transfers that some log streams feed to the desired state."""
    is_present = params["state"] == "present"
    group = groups.ParentGroup(lts, params, context, must_exist=is_present)
    if is_present:
        present = reconcile.NewTransferReconciler(lts, group, selected, wanted, context)
        items = engine.reconcile(present, [present.key], context, settings, params["max_deletions"])
        return report.report(present, items, context, params["report"])
    absent = reconcile.AbsentTransferOfStreamsReconciler(lts, group, selected)
    # Without a stream there is nothing to look for.
    condemned = engine.reconcile_selected(absent, context, settings, params["max_deletions"]) if selected.keys else []
    return report.report(absent, condemned, context, params["report"])


def main() -> None:
    run_module(ARGUMENT_SPEC, task, CONSTRAINTS)


if __name__ == "__main__":
    main()
