#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cielo24_job_info
short_description: List captioning jobs of cielo24
version_added: 0.1.0
description:
  - Lists the captioning jobs of a cielo24 account, either all of them or those with the given IDs, which can be
    IDs of cielo24 (O(job_ids)) or of your own system (O(external_ids)).
  - If several filters are set, only jobs that match all of them are listed.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes.info
  - saasops.jobs.cielo24
  - saasops.jobs.http_options
  - saasops.jobs.listing
  - saasops.jobs.created
options:
  job_ids:
    description:
      - IDs of the jobs, 32 hexadecimal digits each. If not set, all jobs of the account are listed.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [job_id]
  status:
    description:
      - Return only jobs with one of these statuses.
      - Also accepts a string with commas or line breaks between the items.
    type: list
    elements: str
    choices: [Authorizing, Pending, In Process, Complete, Media Failure, Reviewing]
  fidelity:
    description:
      - Return only jobs with one of these fidelities, which are named as in an order.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    choices: [MECHANICAL, PREMIUM, PROFESSIONAL]
  priority:
    description:
      - Return only jobs with one of these priorities.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    choices: [STANDARD, PRIORITY]
  job_difficulty:
    description:
      - Return only jobs that cielo24 has rated with one of these difficulties.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    choices: [Good, Bad, Unknown]
  sub_account:
    description:
      - Return only jobs of this sub-account. V(*) selects the account that signs in and all its sub-accounts.
    type: str
  turnaround_hours_from:
    description:
      - Return only jobs that were ordered with a turnaround of at least this many hours.
    type: int
  turnaround_hours_to:
    description:
      - Return only jobs that were ordered with a turnaround of at most this many hours.
    type: int
  started_after:
    description:
      - Return only jobs that were started after this time, in ISO 8601 format. A job that has not been started yet is
        not listed.
    type: str
  started_before:
    description:
      - Return only jobs that were started before this time, in ISO 8601 format. A job that has not been started yet is
        not listed.
    type: str
  due_after:
    description:
      - Return only jobs that are due after this time, in ISO 8601 format. A job without a due date is not listed.
    type: str
  due_before:
    description:
      - Return only jobs that are due before this time, in ISO 8601 format. A job without a due date is not listed.
    type: str
  completed_after:
    description:
      - Return only jobs that were completed after this time, in ISO 8601 format. A job that has not been completed yet
        is not listed.
    type: str
  completed_before:
    description:
      - Return only jobs that were completed before this time, in ISO 8601 format. A job that has not been completed
        yet is not listed.
    type: str
  returned_after:
    description:
      - Return only jobs that were returned after this time, in ISO 8601 format. A job that has not been returned yet
        is not listed.
    type: str
  returned_before:
    description:
      - Return only jobs that were returned before this time, in ISO 8601 format. A job that has not been returned yet
        is not listed.
    type: str
  authorized_after:
    description:
      - Return only jobs that were authorized after this time, in ISO 8601 format. A job that has not been authorized
        yet is not listed.
    type: str
  authorized_before:
    description:
      - Return only jobs that were authorized before this time, in ISO 8601 format. A job that has not been authorized
        yet is not listed.
    type: str
  name_pattern:
    description:
      - Return only jobs whose names match this pattern. V(*) matches any number of characters, and V(?) matches one.
        The pattern must match the whole name, and is case-sensitive.
    type: str
  external_ids:
    description:
      - Return only jobs with one of these IDs in your own system. If several jobs have the same ID, all of them are
        listed.
      - IDs that no job has are in RV(missing).
      - Also accepts a string with commas or line breaks between the items.
    type: list
    elements: str
    aliases: [external_id]
  fields:
    description:
      - Return only these fields of each job, and its C(id). If not set, all fields are returned.
      - The filters can still use all fields.
    type: list
    elements: str
    choices:
      - JobId
      - JobName
      - Username
      - MediaLengthSeconds
      - ExternalID
      - Priority
      - Fidelity
      - JobStatus
      - SourceLanguage
      - TargetLanguage
      - CreationDate
      - StartDate
      - DueDate
      - CompletedDate
      - ReturnDate
      - AuthorizationDate
      - JobDifficulty
      - ReturnTargets
      - Options
seealso:
  - module: saasops.jobs.cielo24_job
  - name: List Jobs
    description: API reference.
    link: https://cielo24.readthedocs.io/en/latest/job_control/job_list.html
"""

EXAMPLES = r"""
- name: Find the jobs that failed or are older than 30 days
  saasops.jobs.cielo24_job_info:
    username: newsroom
    api_key: "{{ cielo24_api_key }}"
    status:
      - Complete
      - Media Failure
    older_than: 30d
  register: old

- name: Delete them
  saasops.jobs.cielo24_job:
    username: newsroom
    api_key: "{{ cielo24_api_key }}"
    job_ids: "{{ old.jobs | map(attribute='id') }}"
    state: absent
  when: old.jobs | length > 0

- name: Show the states of two jobs, with a token
  saasops.jobs.cielo24_job_info:
    base_url: https://api.cielo24.com
    api_token: "{{ cielo24_token }}"
    job_ids:
      - c24000000000000000000000000000a1
      - c24000000000000000000000000000a4
    fields: [JobStatus]

- name: Find jobs by all other filters
  saasops.jobs.cielo24_job_info:
    username: newsroom
    password: "{{ cielo24_password }}"
    sub_account: "*"
    fidelity: [PREMIUM, PROFESSIONAL]
    priority: [PRIORITY]
    job_difficulty: [Good, Unknown]
    turnaround_hours_from: 1
    turnaround_hours_to: 72
    name_pattern: "*news*"
    external_ids: [show-1004, show-1005]
    created_after: "2020-01-01"
    created_before: "2030-01-01"
    newer_than: 500w

- name: Find jobs by their dates
  saasops.jobs.cielo24_job_info:
    username: newsroom
    password: "{{ cielo24_password }}"
    authorized_after: "2020-01-01T00:00:00Z"
    authorized_before: "2030-01-01"
    started_after: "2020-01-01"
    started_before: "2030-01-01"
    due_after: "2020-01-01"
    due_before: "2030-01-01"
    completed_after: "2020-01-01"
    completed_before: "2030-01-01"
    returned_after: "2020-01-01"
    returned_before: "2030-01-01"

- name: List the ten newest jobs
  saasops.jobs.cielo24_job_info:
    username: newsroom
    api_key: "{{ cielo24_api_key }}"
    sort_by: CreationDate
    reverse: true
    limit: 10
"""

RETURN = r"""
jobs:
  description:
    - The jobs, in the order of O(job_ids) if set, or else in the order of the service.
    - Fields that are not listed here come from the service; see its API reference.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the job.
      type: str
      returned: always
    JobName:
      description: Name of the job.
      type: str
      returned: always
    JobStatus:
      description: Status of the job.
      type: str
      returned: always
    ExternalID:
      description: ID of the job in your own system.
      type: str
      returned: if the service returns it
    Priority:
      description: Priority of the job.
      type: str
      returned: if the service returns it
    Fidelity:
      description: Fidelity of the job. The service shows V(STANDARD) for jobs that were ordered with C(PREMIUM), and
        V(HIGH) for C(PROFESSIONAL).
      type: str
      returned: if the service returns it
    CreationDate:
      description: When the job was created, in ISO 8601 format and UTC.
      type: str
      returned: always
  sample:
    - id: c24000000000000000000000000000a1
      JobId: c24000000000000000000000000000a1
      JobName: Morning interview
      JobStatus: Complete
      Priority: STANDARD
      Fidelity: STANDARD
      CreationDate: "2026-03-01T14:00:06.472706"
total:
  description: Number of jobs before filtering.
  returned: success
  type: int
  sample: 12
matched:
  description: Number of jobs that match the filters, before O(limit).
  returned: success
  type: int
  sample: 6
missing:
  description:
    - Those of O(job_ids) that do not exist, and those of O(external_ids) that no job has.
    - With both options, only jobs with an ID in O(job_ids) count for O(external_ids).
  returned: success
  type: list
  elements: str
  sample: []
error:
  description: The error. C(status) is the HTTP status, and C(code) is the error code of the service.
  returned: on failure
  type: dict
"""

from collections.abc import Sequence
from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, validators
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import ITEMS
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.listing import Extract, ListSource, listing
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import account, jobs_api
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.filters import (
    OPTIONS,
    ExternalIdFilter,
    filtering,
    service_filters,
)

ARGUMENT_SPEC = {
    **account.OPTIONS,
    **argspec.HTTP,
    **argspec.CREATED,
    **argspec.listing(jobs_api.FIELDS),
    **OPTIONS,
    "job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"], **ITEMS},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Lists captioning jobs, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    extract = Extract.from_params(params, jobs_api.FIELDS)
    job_ids = argspec.ids("job_ids", params, validators.HEX_32, check_mode=context.check_mode)
    fits, with_external_id = filtering(params, context.clock.present()), ExternalIdFilter(params)
    filters = service_filters(params)
    service = jobs_api.CaptioningJobs(account.Account(params, settings, context))

    def list_all() -> list[jobs_api.Job]:
        return service.all(filters=filters)

    def find(ids: Sequence[str]) -> dict[str, jobs_api.Job]:
        # The service filters lists only.
        return service.find(ids) if not filters else jobs_api.by_id(list_all(), ids)

    def matches(job: jobs_api.Job) -> bool:
        # The first of them counts jobs, so it has to see them all.
        return with_external_id.holds(job) and fits(job)

    source = ListSource("jobs", find, list_all, matches, jobs_api.fields)
    result = listing(source, job_ids, extract, context)
    return {**result, "missing": result["missing"] + with_external_id.missing}


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
