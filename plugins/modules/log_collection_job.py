#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: log_collection_job
short_description: Manage log collection jobs of MongoDB Ops Manager
version_added: 0.1.0
description:
  - Starts log collection jobs of MongoDB Ops Manager or Cloud Manager, and waits for them.
  - Changes how long logs are kept, retries failed jobs, and deletes jobs.
  - Before the task changes anything, it looks up all its jobs together, in as few requests as possible.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.mongodb
  - saasops.jobs.log_collection
  - saasops.jobs.log_collection.collection
  - saasops.jobs.http_options
  - saasops.jobs.wait
  - saasops.jobs.wait.minutes
  - saasops.jobs.wait.all
  - saasops.jobs.deleting
  - saasops.jobs.report
options:
  job_ids:
    description:
      - IDs of the jobs, 24 hexadecimal digits each. With O(state=present), set either this or O(resource_names).
      - Each job is processed on its own. If some jobs fail, the task still processes the others. It then fails, and
        RV(jobs) has the result of each job.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [job_id]
  state:
    description:
      - V(present) with O(resource_names) makes sure that each resource has a job that collects, or has collected,
        exactly what is requested, and starts the jobs that are missing. A job counts while its status is C(IN_PROGRESS)
        or C(SUCCESS).
      - V(present) with O(job_ids) changes how long existing jobs are kept, or only waits for them.
      - V(absent) deletes jobs and the logs that they collected. A job that does not exist is not an error.
      - V(retried) restarts jobs with the status C(FAILURE). Jobs with the status C(IN_PROGRESS) or C(SUCCESS) stay as
        they are. Jobs with the status C(EXPIRED) or C(MARKED_FOR_EXPIRY), and jobs that do not exist, are errors.
    type: str
    required: true
    choices: [present, absent, retried]
  resource_names:
    description:
      - Names of the resources to collect logs from. These are sharded clusters, replica sets or processes, depending on
        O(resource_type). Each resource gets a job of its own.
      - Also accepts a string with commas or line breaks between the items.
    type: list
    elements: str
    aliases: [resource_name]
  force:
    description:
      - Start another job even if there already is a matching one. The task then reports a change on every run.
    type: bool
    default: false
  wait:
    description:
      - With O(state=present) and O(state=retried), whether to wait until the jobs end. In check mode, the task does not
        wait.
      - If a job fails, the task fails, and shows the messages of the child jobs for each host.
seealso:
  - module: saasops.jobs.log_collection_job_info
  - module: saasops.jobs.log_collection_job_download
  - module: saasops.jobs.server_log_collection_job
  - name: Log Collection Jobs
    description: API reference.
    link: https://www.mongodb.com/docs/ops-manager/current/reference/api/log-collection/
  - name: Logs and backups that are not jobs
    description: What the modules do not cover, and what to use for it.
    link: https://github.com/saasops/ansible-collection-jobs/blob/main/docs/other-logs-and-backups.md
"""

EXAMPLES = r"""
- name: Collect the logs of two replica sets, and wait for them
  saasops.jobs.log_collection_job:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    state: present
    resource_type: REPLICASET
    resource_names: [rsBlue, rsRed]
    log_types: [MONGODB, FTDC]
    size_requested_per_file_bytes: 500MB
    redacted: true
    keep_for: 60d
    max_age: 20h
    wait: true
    wait_for_all: true
    wait_interval: 10
    wait_max_interval: 120
    wait_timeout: 3600
  register: collected

- name: Collect the logs of a process for one morning, even if that was done before
  saasops.jobs.log_collection_job:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    product: ops_manager
    state: present
    resource_type: PROCESS
    resource_name: db1_27017
    log_types: MONGODB
    size_requested_per_file_bytes: 2GB
    log_from: "2026-03-31T06:00:00Z"
    log_to: "2026-03-31T12:00:00Z"
    date_format: milliseconds
    force: true

- name: Keep logs for another 90 days
  saasops.jobs.log_collection_job:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    job_id: 66f1c0de00000000000000a4
    state: present
    expires_at: "{{ '%Y-%m-%d' | strftime(now().timestamp() + 90 * 86400) }}"

- name: Delete two jobs and their logs, in a project with a limit of 100 requests per minute
  saasops.jobs.log_collection_job:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    job_ids:
      - 66f1c0de00000000000000a1
      - 66f1c0de00000000000000a6
    state: absent
    max_deletions: 10
    report: changed
    requests_per_minute: 100

- name: Retry a failed job and wait until it ends
  saasops.jobs.log_collection_job:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    job_id: 66f1c0de00000000000000a2
    state: retried
    wait: true
    wait_timeout: 1800
"""

RETURN = r"""
jobs:
  description:
    - The jobs, in the order of O(job_ids) or O(resource_names).
    - Fields that are not listed here come from the service; see its API reference.
    - A job that does not exist has no such fields, and its C(action) is V(none).
    - With O(state=absent) and O(state=retried), only the fields that identify a job are returned.
  returned: once the jobs have been looked up
  type: list
  elements: dict
  contains:
    id:
      description: ID of the job. In check mode, the ID of a job that would be started begins with C(to-be-created-).
      type: str
      returned: always
    action:
      description: What the task did, or would do in check mode.
      type: str
      choices: [create, extend, shorten, delete, retry, none]
      returned: always
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
    status:
      description:
        - Status of the job after the task. With O(state=absent), the status before the job was deleted.
      type: str
      returned: if the job exists
    creationDate:
      description: When the job was created, in ISO 8601 format.
      type: str
      returned: if the job exists
    expirationDate:
      description: When the logs will be deleted, in ISO 8601 format.
      type: str
      returned: if the job exists
    resourceType:
      description: Type of the resource, in one of the spellings that the service uses.
      type: str
      returned: if the job exists
    resourceName:
      description: Name of the resource.
      type: str
      returned: if the job exists
    logTypes:
      description: Types of logs that were requested.
      type: list
      elements: str
      returned: if the job exists
  sample:
    - id: 66f1c0de00000000000000a3
      action: retry
      changed: true
      status: IN_PROGRESS
      creationDate: "2026-03-01T08:00:00Z"
      expirationDate: "2026-03-31T08:00:00Z"
      resourceType: replicaset
      resourceName: rsBlue
      logTypes: [MONGODB, FTDC]
summary:
  description: Number of jobs that were requested, changed, left unchanged, and failed.
  returned: once the jobs have been looked up
  type: dict
  sample: {requested: 2, changed: 1, unchanged: 1, failed: 0}
diff:
  description:
    - The changed jobs before and after the task, by ID or resource name. Deleted jobs are missing from C(after), and
      new jobs are missing from C(before).
    - Beside what changes, both sides show the status, the resource, the types and the size of the logs, and when the
      job was created and expires, in UTC.
  returned: in diff mode
  type: dict
  sample:
    before:
      66f1c0de00000000000000a1:
        status: SUCCESS
        resourceType: replicaset
        resourceName: rsBlue
        logTypes: [FTDC, MONGODB]
        uncompressedSizeTotalBytes: 51234
        creationDate: "2026-03-01T08:00:00Z"
        expirationDate: "2026-03-31T08:00:00Z"
    after: {}
error:
  description: The first error. C(status) is the HTTP status, and C(code) is the error code of the service.
  returned: on failure
  type: dict
  sample:
    status: 404
    code: GROUP_NOT_FOUND
    message: No group with ID 66f1c0de0000000000000009 exists.
    request_id: null
    method: GET
    path: /api/public/v1.0/groups/66f1c0de0000000000000009/logCollectionJobs
"""

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, validators
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.constraints import Constraints
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import ITEMS, NAMES
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.reconciler import WaitableReconciler
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.wait import WaitOptions, wait_for
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import conventions
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs import api, reconcile, spec
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.retention import (
    OPTIONS as RETENTION_OPTIONS,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.retention import Retention

ARGUMENT_SPEC = {
    **api.OPTIONS,
    **spec.OPTIONS,
    **RETENTION_OPTIONS,
    **argspec.HTTP,
    **argspec.MAX_DELETIONS,
    **argspec.REPORT,
    **argspec.WAIT,
    **argspec.WAIT_FOR_ALL,
    "job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"], **ITEMS},
    "state": {"type": "str", "required": True, "choices": ["present", "absent", "retried"]},
    "resource_names": {"type": "list", "elements": "str", "aliases": ["resource_name"], **NAMES},
    "force": {"type": "bool", "default": False},
}

CONSTRAINTS = Constraints(
    mutually_exclusive=[("job_ids", "resource_names"), ("expires_at", "keep_for")],
    required_one_of=[("job_ids", "resource_names")],
    required_together=[("log_from", "log_to")],
)


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Brings log collection jobs to the desired state, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    wait_options = WaitOptions.from_params(params)
    retention = Retention(params)
    state = params["state"]
    job_ids = conventions.ids("job_ids", params, context)
    if state != "present":
        retention.refuse()
    if job_ids is None:
        if state != "present":
            raise InvalidInput(f"resource_names: with state: {state}, jobs are named by job_ids.")
        keys = validators.texts("resource_names", params["resource_names"], spec.LONGEST_NAME)
    else:
        spec.refuse_for_existing(params)
        keys = job_ids
    jobs = api.LogCollectionJobs(params, settings, context)
    if state == "absent":
        absent = reconcile.AbsentLogJobReconciler(jobs)
        deleted = engine.reconcile(absent, keys, context, settings, params["max_deletions"])
        return report.report(absent, deleted, context, params["report"])
    reconciler = _waitable(params, jobs, retention, context)
    items = engine.reconcile(reconciler, keys, context, settings)
    wait_for(reconciler, items, wait_options, context)
    return report.report(reconciler, items, context, params["report"])


def _waitable(
    params: dict[str, Any], jobs: api.LogCollectionJobs, retention: Retention, context: TaskContext
) -> WaitableReconciler[Any, Any]:
    """The reconciler for jobs that will exist when the task is done."""
    now = context.clock.present()
    if params["job_ids"] is None:
        from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs import creation

        wanted = spec.LogCollectionSpec(params, jobs.product, now)
        return creation.NewLogJobReconciler(jobs, wanted, retention, context, force=params["force"], now=now)
    if params["state"] == "retried":
        return reconcile.RetriedLogJobReconciler(jobs)
    return reconcile.ExistingLogJobReconciler(jobs, retention, now)


def main() -> None:
    run_module(ARGUMENT_SPEC, task, CONSTRAINTS)


if __name__ == "__main__":
    main()
