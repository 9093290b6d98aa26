#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cielo24_job
short_description: Manage captioning jobs of cielo24
version_added: 0.1.0
description:
  - Orders captioning jobs of cielo24 with their media and their transcription, waits for them, and deletes them.
  - Before the task changes anything, it looks up all its jobs together.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.cielo24
  - saasops.jobs.cielo24.order
  - saasops.jobs.http_options
  - saasops.jobs.wait
  - saasops.jobs.wait.hours
  - saasops.jobs.wait.all
  - saasops.jobs.deleting
  - saasops.jobs.deleting.keep
  - saasops.jobs.report
options:
  job_ids:
    description:
      - IDs of existing jobs, 32 hexadecimal digits each. Set exactly one of O(job_ids), O(external_ids), O(job_name)
        with O(match_by=job_name), and O(name_pattern).
      - Each job is processed on its own. If some jobs fail, the task still processes the others. It then fails, and
        RV(jobs) has the result of each job.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [job_id]
  external_ids:
    description:
      - IDs of the jobs in your own system. If O(media_url) or O(media_path) is set, a job that does not exist is
        ordered with this ID, so that the next run of the task finds it.
      - If several jobs have the same ID, O(state=present) uses the newest of them. O(state=absent) fails without
        deleting any; set O(job_ids) to the IDs of the jobs to delete.
      - Also accepts a string with commas or line breaks between the items.
    type: list
    elements: str
    aliases: [external_id]
  name_pattern:
    description:
      - With O(state=absent), selects all jobs whose names match this pattern. V(*) matches any number of characters,
        and V(?) matches one. The pattern must match the whole name, and is case-sensitive.
    type: str
  state:
    description:
      - V(present) orders jobs that do not exist, and completes the orders of those that do, see RV(jobs[].steps). A
        second run changes nothing. A job that differs from the order and cannot be changed any more is an error.
      - With V(present), a job that does not exist is an error if there are no media to order it with. In check mode,
        it only causes a warning, as an earlier task may order the job.
      - V(absent) deletes the jobs. A job that does not exist is not an error.
      - The service decides which jobs can still be deleted. If it refuses to delete a job, contact its support.
    type: str
    required: true
    choices: [present, absent]
  match_by:
    description:
      - How to find a job that may have been ordered earlier.
      - V(job_name) uses the newest job with the name O(job_name). Do not set O(external_ids) in this case. To delete
        jobs by name, set O(name_pattern).
    type: str
    default: external_id
    choices: [external_id, job_name]
seealso:
  - module: saasops.jobs.cielo24_job_info
  - module: saasops.jobs.cielo24_caption
  - module: saasops.jobs.cielo24_transcript
  - name: Job Control
    description: API reference.
    link: https://cielo24.readthedocs.io/en/latest/job_control/index.html
"""

EXAMPLES = r"""
- name: Order captions for a video, and wait until they are complete
  saasops.jobs.cielo24_job:
    username: newsroom
    password: "{{ cielo24_password }}"
    external_id: show-2001
    external_id_is_duplicate: true
    job_name: Evening news
    language: en
    requestor: News desk
    reference: "4711"
    expected_speakers: 2
    media_url: https://media.example.net/show-2001.mp4
    media_is_duplicate: true
    transcription:
      fidelity: PREMIUM
      priority: STANDARD
      turnaround_hours: 48
      target_languages: [de, fr]
      callback_url: https://hooks.example.net/cielo24?job={job_id}
      options:
        speaker_id: true
        notes: Names are on the slides.
    authorize: true
    wait: true
    wait_timeout: 86400
    wait_interval: 10
    wait_max_interval: 600
    state: present

- name: Upload a file for a sub-account
  saasops.jobs.cielo24_job:
    username: newsroom
    password: "{{ cielo24_password }}"
    match_by: job_name
    job_name: Interview with the mayor
    sub_account: newsroom-archive
    media_path: /tmp/interview.mp4
    transcription:
      fidelity: MECHANICAL
    state: present

- name: Authorize a job, and wait for it and another one
  saasops.jobs.cielo24_job:
    username: newsroom
    password: "{{ cielo24_password }}"
    job_ids:
      - c24000000000000000000000000000a1
      - c24000000000000000000000000000a4
    authorize: true
    wait: true
    wait_for_all: true
    wait_interval: 10
    state: present

- name: Delete at most 50 weather jobs, except those that are marked in their names
  saasops.jobs.cielo24_job:
    username: newsroom
    password: "{{ cielo24_password }}"
    name_pattern: "Weather*"
    keep:
      - "*do not delete*"
    max_deletions: 50
    report: changed
    state: absent

- name: Delete two captioning jobs, signing in with a token
  saasops.jobs.cielo24_job:
    api_token: "{{ cielo24_token }}"
    job_ids:
      - c24000000000000000000000000000a1
      - c24000000000000000000000000000a2
    state: absent

- name: Delete a captioning job, signing in with an API key
  saasops.jobs.cielo24_job:
    username: newsroom
    api_key: "{{ cielo24_api_key }}"
    job_id: c24000000000000000000000000000a4
    state: absent
"""

RETURN = r"""
jobs:
  description:
    - The jobs, in the order of O(job_ids) or O(external_ids), or those that match O(name_pattern).
    - Fields that are not listed here come from the service; see its API reference.
    - A job that does not exist has no such fields, and its C(action) is V(none).
    - With O(state=absent), only the fields that identify a job are returned.
  returned: once the jobs have been looked up
  type: list
  elements: dict
  contains:
    id:
      description:
        - ID of the job, or V(null) if there is none.
        - In check mode, the ID of a job that would be created begins with C(to-be-created-).
      type: str
      returned: always
    action:
      description: What the task did, or would do in check mode.
      type: str
      choices: [create, update, delete, none]
      returned: always
    steps:
      description: Calls of the API that the task made, or would make in check mode.
      type: list
      elements: str
      choices: [new, add_media, perform_transcription, modify, authorize]
      returned: if the job was ordered or changed
    changed:
      description:
        - Whether the task changed the job, or would change it in check mode.
        - Also V(true), together with an error, if the module could not find out whether the change was made.
      type: bool
      returned: always
    error:
      description: Why the job failed. Has the same fields as RV(error).
      type: dict
      returned: if the job failed
    JobName:
      description: Name of the job.
      type: str
      returned: if the job exists
    JobStatus:
      description: Status of the job. For a deleted job, the status before it was deleted.
      type: str
      returned: if the job exists
    ExternalID:
      description: ID of the job in your own system.
      type: str
      returned: if the job exists
    CreationDate:
      description: When the job was created, in ISO 8601 format and UTC.
      type: str
      returned: if the job exists
  sample:
    - id: c24000000000000000000000000000a1
      action: delete
      changed: true
      JobId: c24000000000000000000000000000a1
      JobName: Morning interview
      JobStatus: Pending
      CreationDate: "2026-03-01T14:00:06.472706"
summary:
  description: Number of jobs that were requested, changed, left unchanged, and failed.
  returned: once the jobs have been looked up
  type: dict
  sample: {requested: 2, changed: 1, unchanged: 1, failed: 0}
diff:
  description:
    - The changed jobs before and after the task, by the ID or name in the task, or by job ID with O(name_pattern).
      Deleted jobs are missing from C(after), and new jobs are missing from C(before).
    - Beside what changes, both sides show the name, the external ID, the status and the length of the media, and when
      the job was created and is due, in UTC.
  returned: in diff mode
  type: dict
error:
  description: The first error. C(status) is the HTTP status, and C(code) is the error code of the service.
  returned: on failure
  type: dict
  sample:
    status: 400
    code: BAD_API_TOKEN
    message: Bad API token
    request_id: null
    method: GET
    path: /api/job/list
"""

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, validators
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import (
    ITEMS,
    NAMES,
    NAMES_THAT_SELECT,
    SELECTOR,
)
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.name_filter import NameFilter
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.wait import WaitOptions, wait_for
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.account import LONGEST_TEXT, Account
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.account import OPTIONS as ACCOUNT_OPTIONS
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.external_ids import external_ids
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.jobs_api import CaptioningJobs
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.orders.order import (
    OPTIONS as ORDER_OPTIONS,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.orders.order import Order

ARGUMENT_SPEC = {
    **ACCOUNT_OPTIONS,
    **ORDER_OPTIONS,
    **argspec.HTTP,
    **argspec.MAX_DELETIONS,
    "keep": {**argspec.KEEP["keep"], **NAMES_THAT_SELECT},
    **argspec.REPORT,
    **argspec.WAIT_HOURS,
    **argspec.WAIT_FOR_ALL,
    "job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"], **ITEMS},
    "external_ids": {"type": "list", "elements": "str", "aliases": ["external_id"], **NAMES},
    "name_pattern": {"type": "str", **SELECTOR},
    "match_by": {"type": "str", "default": "external_id", "choices": ["external_id", "job_name"]},
    "state": {"type": "str", "required": True, "choices": ["present", "absent"]},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Brings captioning jobs to the desired state, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    wait_options = WaitOptions.from_params(params)
    names = NameFilter(params)
    field, keys = _selection(params, context)
    if params["sub_account"] is not None:
        validators.text("sub_account", params["sub_account"], LONGEST_TEXT)
    if params["state"] == "absent":
        from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import deletion

        jobs = CaptioningJobs(Account(params, settings, context))
        if keys is None:
            by_name = deletion.AbsentByNameReconciler(jobs, names, params["sub_account"], context)
            selected = engine.reconcile_selected(by_name, context, settings, params["max_deletions"])
            return report.report(by_name, selected, context, params["report"])
        absent = deletion.AbsentJobReconciler(jobs, names)
        if field == "ExternalID":
            absent = deletion.AbsentByExternalIdReconciler(jobs, names, params["sub_account"], context)
        deleted = engine.reconcile(absent, keys, context, settings, params["max_deletions"])
        return report.report(absent, deleted, context, params["report"])
    from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.orders import reconcile

    order, keys = Order.from_params(params), keys or []
    if order.has_media and len(keys) > 1:
        raise InvalidInput("Several jobs cannot have the same media; order them in a loop.")
    account = Account(params, settings, context)
    account.registry.keep(*order.secrets)
    present = reconcile.order_reconciler(CaptioningJobs(account), order, field, context)
    items = engine.reconcile(present, keys, context, settings)
    wait_for(present, items, wait_options, context)
    return report.report(present, items, context, params["report"])


def _selection(params: dict[str, Any], context: TaskContext) -> tuple[str, list[str] | None]:
    """Which field of a job the keys are, and the keys; None for those that fit name_pattern."""
    by_name = params["match_by"] == "job_name"
    given = [name for name in ("job_ids", "external_ids", "name_pattern") if params[name] is not None]
    if by_name and not given and params["job_name"] and params["state"] == "present":
        return "JobName", [params["job_name"]]
    if by_name or len(given) != 1:
        raise InvalidInput(
            "Give just one of job_ids, external_ids, name_pattern (to delete), or job_name with match_by: job_name (to "
            "order)."
        )
    if given == ["job_ids"]:
        return "JobId", argspec.ids("job_ids", params, validators.HEX_32, check_mode=context.check_mode)
    if given == ["external_ids"]:
        return "ExternalID", external_ids(params)
    return "JobId", None


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
