#!/usr/bin/python
# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cielo24_job
short_description: Order, follow and delete captioning jobs of cielo24
version_added: 0.1.0
description:
  - Orders captioning jobs of cielo24 with their media and their transcription, follows them, and deletes them.
  - All jobs of a task are looked up together before anything is changed.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.attributes.group_cielo24
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
      - Ids of jobs that exist, 32 hexadecimal digits each. Give just one of O(job_ids), O(external_ids), O(job_name)
        with O(match_by=job_name), and O(name_pattern).
      - Every job is handled on its own. If some fail, the others are done all the same, and the task fails with the
        result of each in RV(jobs).
      - A text with commas, blanks or line breaks is taken as a list.
    type: list
    elements: str
    aliases: [job_id]
  external_ids:
    description:
      - Ids of the jobs in your own system. A job that does not exist is ordered with this id if media are given, so
        that running the task again finds it.
      - If several jobs have the same id, O(state=present) takes the newest of them, and O(state=absent) fails without
        deleting any; give the O(job_ids) of those to be deleted.
      - A text with commas or line breaks is taken as a list.
    type: list
    elements: str
    aliases: [external_id]
  name_pattern:
    description:
      - For O(state=absent), all jobs whose whole name fits this pattern, in which V(*) stands for any characters and
        V(?) for one. It is case-sensitive.
    type: str
  state:
    description:
      - V(present) orders what does not exist, and does what is missing of jobs that do, see RV(jobs[].steps). Running
        it again does nothing. What differs from the order and cannot be changed any more is an error.
      - A job that does not exist is an error if there are no media to order it with. In check mode that is a warning,
        as a task before this one may order it.
      - V(absent) deletes the jobs. A job that does not exist is left at that.
      - Which jobs can still be deleted is the decision of the service. If it refuses, ask its support.
    type: str
    required: true
    choices: [present, absent]
  match_by:
    description:
      - How a job is found that may have been ordered before.
      - With V(job_name), it is the newest one with the name O(job_name), and no O(external_ids) are given. To delete by
        name, give O(name_pattern).
    type: str
    default: external_id
    choices: [external_id, job_name]
seealso:
  - module: saasops.jobs.cielo24_job_info
  - module: saasops.jobs.cielo24_caption
  - module: saasops.jobs.cielo24_transcript
  - name: Job Control
    description: Reference of the API.
    link: https://cielo24.readthedocs.io/en/latest/job_control/index.html
"""

EXAMPLES = r"""
- name: Have a video captioned, and wait until that is done
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
    state: present

- name: Send a file, for an account below this one
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

- name: Authorize a job, and follow it with others
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

- name: Delete the jobs of the weather, but not too many, and not those that shall stay
  saasops.jobs.cielo24_job:
    username: newsroom
    password: "{{ cielo24_password }}"
    name_pattern: "Weather*"
    keep:
      - "*do not delete*"
    max_deletions: 50
    report: changed
    state: absent

- name: Delete two captioning jobs with a token
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
    - The jobs, in the order of O(job_ids) or O(external_ids), or those that fit O(name_pattern).
    - Fields that are not listed here are the service's own, as its reference documents them.
    - A job that does not exist has none of them, and C(action) is V(none).
    - Of a job that is to be deleted, only the fields are shown that tell it from others.
  returned: once the jobs have been looked up
  type: list
  elements: dict
  contains:
    id:
      description:
        - Id of the job, V(null) if there is none.
        - In check mode, that of one that would be created begins with C(to-be-created-).
      type: str
      returned: always
    action:
      description: What was done, or would be done in check mode.
      type: str
      choices: [create, update, delete, none]
      returned: always
    steps:
      description: The calls of the service that were made, or would be.
      type: list
      elements: str
      choices: [new, add_media, perform_transcription, modify, authorize]
      returned: if the job was ordered or changed
    changed:
      description:
        - Whether the job was changed by this task, or would be.
        - Also V(true), with an error that says so, where the service could not be asked whether it was.
      type: bool
      returned: always
    error:
      description: Why this job failed, in the form of RV(error).
      type: dict
      returned: if the job failed
    JobName:
      description: Name of the job.
      type: str
      returned: if the job exists
    JobStatus:
      description: Status of the job; of one that was deleted, before that.
      type: str
      returned: if the job exists
    ExternalID:
      description: Id of the job in your own system.
      type: str
      returned: if the job exists
    CreationDate:
      description: When the job was created, in ISO 8601 and UTC.
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
  description: How many jobs were asked for, changed, left unchanged, and failed.
  returned: once the jobs have been looked up
  type: dict
  sample: {requested: 2, changed: 1, unchanged: 1, failed: 0}
diff:
  description:
    - The jobs that were changed, before and after, by what they were asked for. New ones are missing in C(before),
      deleted ones in C(after).
  returned: in diff mode
  type: dict
error:
  description: The first error. C(status) is the HTTP status, C(code) the service's own code.
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

from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, validators
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import BLANKS_IN_ITEMS
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.name_filter import NameSelection
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.wait import WaitOptions, wait_for
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import (
    delete_reconcile,
    jobs_api,
    order_reconcile,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.account import OPTIONS as ACCOUNT_OPTIONS
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.account import Account
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.order import OPTIONS as ORDER_OPTIONS
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.order import Order

ARGUMENT_SPEC = {
    **ACCOUNT_OPTIONS,
    **ORDER_OPTIONS,
    **argspec.HTTP,
    **argspec.MAX_DELETIONS,
    "keep": {**argspec.KEEP["keep"], **BLANKS_IN_ITEMS},
    **argspec.REPORT,
    **argspec.WAIT_HOURS,
    **argspec.WAIT_FOR_ALL,
    "job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"]},
    "external_ids": {"type": "list", "elements": "str", "aliases": ["external_id"], **BLANKS_IN_ITEMS},
    "name_pattern": {"type": "str"},
    "match_by": {"type": "str", "default": "external_id", "choices": ["external_id", "job_name"]},
    "state": {"type": "str", "required": True, "choices": ["present", "absent"]},
}


def task(params, context):
    """Brings captioning jobs to the desired state, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    wait_options = WaitOptions(params)
    names = NameSelection(params)
    field, keys = _selection(params, context)
    sub_account = params["sub_account"]
    if sub_account is not None:
        validators.text("sub_account", sub_account, 1000)
    if params["state"] == "absent":
        jobs = jobs_api.CaptioningJobs(Account(params, settings, context))
        reconciler = delete_reconcile.DeleteReconciler(jobs, context, names, field, sub_account)
        return report.report(
            reconciler,
            engine.reconcile(reconciler, keys, context, settings, params["max_deletions"]),
            context,
            params["report"],
        )
    order = Order(params)
    if order.has_media and len(keys) > 1:
        raise InvalidInput("Several jobs cannot have the same media; order them in a loop.")
    account = Account(params, settings, context)
    account.registry.keep(*order.secrets)
    reconciler = order_reconcile.OrderReconciler(jobs_api.CaptioningJobs(account), order, field, context)
    items = engine.reconcile(reconciler, keys, context, settings, params["max_deletions"])
    wait_for(reconciler, items, wait_options, context)
    return report.report(reconciler, items, context, params["report"])


def _selection(params, context):
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
        may_be_empty = argspec.may_select_nothing(params)
        return "ExternalID", validators.texts("external_ids", params["external_ids"], 1000, may_be_empty=may_be_empty)
    return "JobId", None


def main():
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
