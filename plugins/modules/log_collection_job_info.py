#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: log_collection_job_info
short_description: List log collection jobs of MongoDB Ops Manager
version_added: 0.1.0
description:
  - Lists the log collection jobs of a project in MongoDB Ops Manager or Cloud Manager, either all of them or those with
    the given IDs.
  - If several filters are set, only jobs that match all of them are listed.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes.info
  - saasops.jobs.mongodb
  - saasops.jobs.log_collection
  - saasops.jobs.http_options
  - saasops.jobs.listing
  - saasops.jobs.created
options:
  job_ids:
    description:
      - IDs of the jobs, 24 hexadecimal digits each. If not set, all jobs of the project are listed.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [job_id]
  status:
    description:
      - Return only jobs with one of these statuses.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    choices: [IN_PROGRESS, SUCCESS, FAILURE, MARKED_FOR_EXPIRY, EXPIRED]
  resource_name:
    description:
      - Return only jobs that collect logs from this resource, which can be a deployment or a part of it.
    type: str
  verbose:
    description:
      - Whether to also return the child jobs. There is one for each log type of each process.
    type: bool
    default: false
  fields:
    description:
      - Return only these fields of each job, and its C(id). If not set, all fields are returned.
      - The filters can still use all fields.
    type: list
    elements: str
    choices:
      - groupId
      - userId
      - creationDate
      - expirationDate
      - status
      - resourceType
      - resourceName
      - rootResourceName
      - rootResourceType
      - downloadUrl
      - redacted
      - logTypes
      - sizeRequestedPerFileBytes
      - uncompressedSizeTotalBytes
      - logCollectionFromDate
      - logCollectionToDate
      - childJobs
seealso:
  - module: saasops.jobs.log_collection_job
  - name: Log Collection Jobs
    description: API reference.
    link: https://www.mongodb.com/docs/ops-manager/current/reference/api/log-collection/
  - name: Logs and backups that are not jobs
    description: What the modules do not cover, and what to use for it.
    link: https://github.com/saasops/ansible-collection-jobs/blob/main/docs/other-logs-and-backups.md
"""

EXAMPLES = r"""
- name: List the failed jobs of a project
  saasops.jobs.log_collection_job_info:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    status: FAILURE
  register: failed

- name: List only the IDs and sizes of all jobs
  saasops.jobs.log_collection_job_info:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    fields: uncompressedSizeTotalBytes

- name: Show the error messages of each host for a failed job
  saasops.jobs.log_collection_job_info:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    job_id: 66f1c0de00000000000000a2
    verbose: true

- name: List the jobs of a replica set that were started in March
  saasops.jobs.log_collection_job_info:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    resource_name: rsBlue
    created_after: "2026-03-01"
    created_before: "2026-04-01"

- name: List the jobs that were started in the last 24 hours
  saasops.jobs.log_collection_job_info:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    newer_than: 24h

- name: Find jobs older than 30 days
  saasops.jobs.log_collection_job_info:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    older_than: 30d
  register: old

- name: Delete these jobs
  saasops.jobs.log_collection_job:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    job_ids: "{{ old.jobs | map(attribute='id') }}"
    state: absent
  when: old.jobs | length > 0

- name: Find the three jobs with the largest archives
  saasops.jobs.log_collection_job_info:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    fields: [resourceName, uncompressedSizeTotalBytes]
    sort_by: uncompressedSizeTotalBytes
    reverse: true
    limit: 3
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
    status:
      description: Status of the job.
      type: str
      returned: always
    creationDate:
      description: When the job was created, in ISO 8601 format.
      type: str
      returned: always
    expirationDate:
      description: When the logs will be deleted, in ISO 8601 format.
      type: str
      returned: always
    resourceType:
      description: Type of the resource, in one of the spellings that the service uses.
      type: str
      returned: always
    resourceName:
      description: Name of the resource.
      type: str
      returned: always
    rootResourceName:
      description: Name of the whole deployment.
      type: str
      returned: always
    logTypes:
      description: Types of logs that were requested.
      type: list
      elements: str
      returned: always
    childJobs:
      description: The child jobs, each with C(hostName), C(logCollectionType), C(status), C(errorMessage) and more.
      type: list
      elements: dict
      returned: with O(verbose=true)
  sample:
    - id: 66f1c0de00000000000000a3
      status: FAILURE
      creationDate: "2026-03-01T08:00:00Z"
      expirationDate: "2026-03-31T08:00:00Z"
      resourceType: replicaset
      resourceName: rsBlue
      rootResourceName: rsBlue
      logTypes: [MONGODB, FTDC]
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
  description: Those of O(job_ids) that do not exist.
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
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, timestamps
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import ITEMS, SELECTOR
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.listing import Extract, ListSource, listing
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import conventions
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs import api
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.calls import Job

ARGUMENT_SPEC = {
    **api.OPTIONS,
    **argspec.HTTP,
    **argspec.CREATED,
    **argspec.listing(api.FIELDS),
    "job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"], **ITEMS},
    "status": {"type": "list", "elements": "str", "choices": api.STATUSES, **SELECTOR},
    "resource_name": {"type": "str", **SELECTOR},
    "verbose": {"type": "bool", "default": False},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Lists log collection jobs, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    extract = Extract.from_params(params, api.FIELDS)
    window = timestamps.TimeWindow(params, context.clock.present())
    job_ids = conventions.ids("job_ids", params, context)
    service = api.LogCollectionJobs(params, settings, context)

    def matches(job: Job) -> bool:
        return (
            (params["status"] is None or job.get("status") in params["status"])
            and params["resource_name"] in (None, job.get("resourceName"), job.get("rootResourceName"))
            and window.holds(job, api.created)
        )

    verbose = params["verbose"]
    source = ListSource[Job](
        "jobs",
        lambda ids: service.find(ids, verbose=verbose),
        lambda: service.all(verbose=verbose),
        matches,
        api.fields_with_children,
    )
    return listing(source, job_ids, extract, context)


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
