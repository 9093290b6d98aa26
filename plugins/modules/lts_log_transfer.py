#!/usr/bin/python
# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lts_log_transfer
short_description: Create, change, switch and delete log transfers of the Log Tank Service
version_added: 0.1.0
description:
  - Has logs of the Log Tank Service (LTS) of Open Telekom Cloud or Huawei Cloud transferred to a bucket of the Object
    Storage Service (OBS) again and again, changes such transfers, switches them on and off, and deletes them.
  - A log stream can feed one transfer to OBS. So a transfer is known by its streams, or by its id.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.attributes.group_lts
  - saasops.jobs.lts
  - saasops.jobs.http_options
  - saasops.jobs.deleting
  - saasops.jobs.report
options:
  log_transfer_ids:
    description:
      - Ids of log transfers that exist. Give either these or log streams.
      - Every transfer is handled on its own. If some fail, the others are done all the same, and the task fails with
        the result of each in RV(log_transfers).
      - A text with commas, blanks or line breaks is taken as a list.
    type: list
    elements: str
    aliases: [log_transfer_id]
  log_group_name:
    description:
      - Name of the log group of the log streams. One of O(log_group_name) and O(log_group_id) is needed with these.
    type: str
  log_group_id:
    description:
      - Id of the log group of the log streams.
    type: str
  log_stream_names:
    description:
      - Names of the log streams of one transfer, which exists or is to be created.
      - A text with commas, blanks or line breaks is taken as a list.
    type: list
    elements: str
    aliases: [log_stream_name]
  log_stream_ids:
    description:
      - Ids of the log streams. Give at most one of O(log_stream_ids) and O(log_stream_names).
      - A text with commas, blanks or line breaks is taken as a list.
    type: list
    elements: str
    aliases: [log_stream_id]
  state:
    description:
      - V(present) creates the transfer of the given streams if they feed none, and gives existing ones the settings
        that are given. All of the streams together have one transfer, and its streams cannot be changed afterwards.
      - V(absent) deletes the transfers with the given ids, or those that any of the given streams feed. One that is
        also fed by other streams is an error. What does not exist is left at that.
    type: str
    required: true
    choices: [present, absent]
  enabled:
    description:
      - Whether the transfer is switched on. A new one is, if this is not given.
      - One with the status V(EXCEPTION) is switched on, and has a problem.
    type: bool
  obs_bucket_name:
    description:
      - Bucket that the logs go to. Needed for a new transfer.
    type: str
  obs_period:
    description:
      - Together with O(obs_period_unit), how often logs are transferred. LTS knows C(2 min), C(5 min), C(30 min),
        C(1 hour), C(3 hour), C(6 hour) and C(12 hour). Needed for a new transfer.
    type: int
  obs_period_unit:
    description:
      - Unit of O(obs_period).
    type: str
    choices: [min, hour]
  obs_prefix_name:
    description:
      - What the names of the files in the bucket begin with.
    type: str
  obs_dir_prefix_name:
    description:
      - Folder in the bucket. The API calls it C(obs_dir_pre_fix_name).
    type: str
  obs_time_zone:
    description:
      - Time zone of the folders, for example V(UTC+01:00). It needs O(obs_time_zone_id).
    type: str
  obs_time_zone_id:
    description:
      - Id of that time zone, for example V(Europe/Berlin).
    type: str
  obs_encrypted_enable:
    description:
      - Whether the files are encrypted. It needs O(obs_encrypted_id).
    type: bool
  obs_encrypted_id:
    description:
      - Id of the key in the Key Management Service.
    type: str
  log_storage_format:
    description:
      - Form of the files. For a new transfer it is V(RAW) if not given.
    type: str
    choices: [RAW, JSON]
  log_agency_transfer:
    description:
      - For a bucket in another account, that account and the agency with which it lets LTS write. It cannot be changed.
    type: dict
    suboptions:
      agency_domain_id:
        description: Id of the account that has the bucket.
        type: str
        required: true
      agency_domain_name:
        description: Name of the account that has the bucket.
        type: str
        required: true
      agency_name:
        description: Name of the agency that this account has created.
        type: str
        required: true
      agency_project_id:
        description: Id of the project of this account.
        type: str
        required: true
      be_agency_domain_id:
        description: Id of the account that has the logs.
        type: str
        required: true
      be_agency_project_id:
        description: Id of the project that has the logs.
        type: str
        required: true
seealso:
  - module: saasops.jobs.lts_log_transfer_info
  - module: saasops.jobs.lts_log_stream
  - name: Log Transfer
    description: Reference of the API.
    link: https://docs.otc.t-systems.com/log-tank-service/api-ref/apis/log_transfer/index.html
"""

EXAMPLES = r"""
- name: Have the logs of two streams put into a bucket every three hours
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

- name: Have them encrypted in a bucket of another account
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

- name: Switch a transfer off
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
    - Fields that are not listed here are the service's own, as its reference documents them.
  returned: once the log transfers have been looked up
  type: list
  elements: dict
  contains:
    id:
      description:
        - Id of the transfer, V(null) if there is none.
        - In check mode, that of one that would be created begins with C(to-be-created-).
      type: str
      returned: always
    action:
      description:
        - What was done, or would be done in check mode.
      type: str
      choices: [create, update, delete, none]
      returned: always
    changed:
      description:
        - Whether something was changed for this transfer by this task, or would be.
        - Also V(true), with an error that says so, where the service could not be asked whether it was.
      type: bool
      returned: always
    error:
      description: Why this transfer failed, in the form of RV(error).
      type: dict
      returned: if the transfer failed
    log_transfer_id:
      description: Id of the log transfer.
      type: str
      returned: if the transfer exists or was given by id
    log_group_id:
      description: Id of the log group.
      type: str
      returned: if the transfer exists
    log_group_name:
      description: Name of the log group.
      type: str
      returned: if the transfer existed before
    log_streams:
      description: The log streams that feed the transfer, with their C(log_stream_id) and C(log_stream_name).
      type: list
      elements: dict
      returned: if the transfer exists or was asked for by its log streams
    log_transfer_info:
      description:
        - What is transferred where. C(log_transfer_status) is V(ENABLE), V(DISABLE), or V(EXCEPTION) if something is
          wrong with the bucket.
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
  description: How many log transfers were asked for, changed, left unchanged, and failed.
  returned: once the log transfers have been looked up
  type: dict
  sample: {requested: 2, changed: 1, unchanged: 1, failed: 0}
diff:
  description:
    - What was changed, before and after, by what it was asked for. New ones are missing in C(before), deleted ones in
      C(after).
  returned: in diff mode
  type: dict
error:
  description: The first error. C(status) is the HTTP status, C(code) the service's own code.
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

from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, validators
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts import (
    api,
    groups,
    selection,
    streams,
    transfer_reconcile,
    transfers,
)

ARGUMENT_SPEC = {
    **api.OPTIONS,
    **api.GROUP,
    **transfers.OPTIONS,
    **argspec.HTTP,
    **argspec.MAX_DELETIONS,
    **argspec.REPORT,
    **streams.SELECTION,
    "log_transfer_ids": {"type": "list", "elements": "str", "aliases": ["log_transfer_id"]},
    "state": {"type": "str", "required": True, "choices": ["present", "absent"]},
}


def task(params, context):
    """Brings log transfers to the desired state, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    reconciler, keys = _reconciler(params, settings, context)
    return report.report(
        reconciler,
        engine.reconcile(reconciler, keys, context, settings, params["max_deletions"]),
        context,
        params["report"],
    )


def _reconciler(params, settings, context):
    ids = argspec.ids("log_transfer_ids", params, validators.UUID, check_mode=context.check_mode)
    field, names = selection.wanted("log_stream", params, context)
    if (ids is None) == (field is None):
        raise InvalidInput("Give either log_transfer_ids, or log_stream_names or log_stream_ids.")
    wanted = transfers.TransferSpec(params)
    is_present = params["state"] == "present"
    client = api.Lts(params, settings, context)
    if ids is None:
        group = groups.Group(client, params, context, must_exist=is_present)
        if not is_present:
            return transfer_reconcile.AbsentTransferReconciler(client, group, field, names), None if names else []
        reconciler = transfer_reconcile.NewTransferReconciler(client, group, field, names, wanted, context)
        return reconciler, [reconciler.key]
    if not is_present:
        return transfer_reconcile.AbsentTransferReconciler(client), ids
    if wanted.is_nothing:
        raise InvalidInput("Give what the transfers are to be like, for example enabled.")
    return transfer_reconcile.ExistingTransferReconciler(client, wanted), ids


def main():
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
