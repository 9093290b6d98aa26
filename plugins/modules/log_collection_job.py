#!/usr/bin/python
# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: log_collection_job
short_description: Collect logs with MongoDB Ops Manager, and extend, retry or delete such jobs
version_added: 0.1.0
description:
  - Starts log collection jobs of MongoDB Ops Manager or Cloud Manager, extends the life of their logs, starts failed
    ones again, deletes them, and follows them to their end.
  - All jobs of a task are looked up together, in as few requests as possible, before anything is changed.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.attributes.group_mongodb
  - saasops.jobs.log_collection
  - saasops.jobs.http_options
  - saasops.jobs.wait
  - saasops.jobs.wait.minutes
  - saasops.jobs.wait.all
  - saasops.jobs.deleting
  - saasops.jobs.report
options:
  job_ids:
    description:
      - Ids of the jobs, 24 hexadecimal digits each. With O(state=present), give either this or O(resource_names).
      - Every job is handled on its own. If some fail, the others are done all the same, and the task fails with the
        result of each in RV(jobs).
      - A text with commas, blanks or line breaks is taken as a list.
    type: list
    elements: str
    aliases: [job_id]
  state:
    description:
      - V(present) with O(resource_names) makes sure that there is a job for each resource that collects, or has
        collected, just what is asked for, and starts those that are missing. A job counts while it has the status
        C(IN_PROGRESS) or C(SUCCESS).
      - V(present) with O(job_ids) extends jobs that exist, or only follows them.
      - V(absent) deletes the jobs and the logs that they collected. A job that does not exist is left at that.
      - V(retried) starts jobs again that have the status C(FAILURE). Jobs with C(IN_PROGRESS) and C(SUCCESS) stay
        as they are. Jobs with C(EXPIRED) and C(MARKED_FOR_EXPIRY), and jobs that do not exist, are errors.
    type: str
    required: true
    choices: [present, absent, retried]
  resource_names:
    description:
      - What to collect from; one job is started for each. Names of deployments, replica sets or processes, by
        O(resource_type).
      - A text with commas or line breaks is taken as a list.
    type: list
    elements: str
    aliases: [resource_name]
  resource_type:
    description:
      - What O(resource_names) are. V(CLUSTER) is a sharded cluster. Required to start a job.
    type: str
    choices: [CLUSTER, PROCESS, REPLICASET]
  log_types:
    description:
      - What to collect. Required to start a job.
      - A text with commas, blanks or line breaks is taken as a list.
    type: list
    elements: str
    choices: [AUTOMATION_AGENT, BACKUP_AGENT, MONITORING_AGENT, MONGODB, FTDC]
  size_requested_per_file_bytes:
    description:
      - How much to collect of each log file at most, in bytes, or for example V(500MB) or V(2GB), which count in
        powers of 1024. Required to start a job.
    type: bytes
  redacted:
    description:
      - Whether host names, addresses and the like are replaced in what is collected. V(false) if not set.
    type: bool
  log_from:
    description:
      - Collect only what was logged from this moment on, in ISO 8601, for example V(2026-03-31T08:00:00Z). A missing
        time zone means UTC. Goes with O(log_to).
    type: str
  log_to:
    description:
      - Collect only what was logged up to this moment, which must not be in the future.
    type: str
  date_format:
    description:
      - How O(log_from) and O(log_to) are sent, as the products differ. If not set, V(milliseconds) to Ops Manager and
        V(iso8601) to the others.
    type: str
    choices: [milliseconds, iso8601]
  max_age:
    description:
      - A job that was started longer ago does not count as the one that is asked for, for example V(20h). The units
        are V(s), V(m), V(h), V(d) and V(w).
    type: str
  force:
    description:
      - Start another job even if there is one like it. The task then changes something every time.
    type: bool
    default: false
  expires_at:
    description:
      - When the logs are to be deleted, in ISO 8601; at most six months after the job was started. The service's own
        default is 30 days. Only with O(state=present).
      - With O(job_ids), the date may also be earlier than the present one. A job that O(resource_names) finds is never
        kept for less than it is.
    type: str
  keep_for:
    description:
      - For how long the logs are to be kept at least, from when the job was started on, for example V(60d). A job that
        is kept for longer stays as it is. Instead of O(expires_at).
    type: str
  wait:
    description:
      - Whether to follow jobs to their end with O(state=present) and O(state=retried). In check mode, nothing is waited
        for.
      - A job that fails fails the task, with the messages of its child jobs, host by host.
seealso:
  - module: saasops.jobs.log_collection_job_info
  - module: saasops.jobs.log_collection_job_download
  - name: Log Collection Jobs
    description: Reference of the API.
    link: https://www.mongodb.com/docs/ops-manager/current/reference/api/log-collection/
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
    wait_timeout: 3600
  register: collected

- name: Collect what one process logged on a certain morning, whether or not that was done before
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

- name: Delete two jobs and the logs that they collected, in a project that takes 100 requests a minute
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

- name: Retry a failed job and follow it to its end
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
    - Fields that are not listed here are the service's own, as its reference documents them.
    - A job that does not exist has none of them, and C(action) is V(none).
    - With O(state=absent) and O(state=retried), only the fields are shown that tell a job from others.
  returned: once the jobs have been looked up
  type: list
  elements: dict
  contains:
    id:
      description: Id of the job. In check mode, that of a job that would be started begins with C(to-be-created-).
      type: str
      returned: always
    action:
      description: What was done, or would be done in check mode.
      type: str
      choices: [create, extend, shorten, delete, retry, none]
      returned: always
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
    status:
      description:
        - Status of the job. Before its deletion with O(state=absent), else after the task.
      type: str
      returned: if the job exists
    creationDate:
      description: When the job was created, in ISO 8601.
      type: str
      returned: if the job exists
    expirationDate:
      description: When its logs will be deleted, in ISO 8601.
      type: str
      returned: if the job exists
    resourceType:
      description: What logs were collected from, in one of the spellings of the service.
      type: str
      returned: if the job exists
    resourceName:
      description: Name of what logs were collected from.
      type: str
      returned: if the job exists
    logTypes:
      description: Types of logs that were asked for.
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
  description: How many jobs were asked for, changed, left unchanged, and failed.
  returned: once the jobs have been looked up
  type: dict
  sample: {requested: 2, changed: 1, unchanged: 1, failed: 0}
diff:
  description: The jobs that were changed, before and after, by their ids, or the names of their resources. Deleted
    ones are missing in C(after), new ones in C(before).
  returned: in diff mode
  type: dict
  sample:
    before: {66f1c0de00000000000000a3: {status: FAILURE}}
    after: {66f1c0de00000000000000a3: {status: IN_PROGRESS}}
error:
  description: The first error. C(status) is the HTTP status, C(code) the service's own code.
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
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import BLANKS_IN_ITEMS
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.reconciler import WaitableReconciler
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.wait import WaitOptions, wait_for
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import conventions
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs import api, reconcile, spec
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.creation import (
    NewLogJobReconciler,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.retention import Retention

ARGUMENT_SPEC = {
    **api.OPTIONS,
    **argspec.HTTP,
    **argspec.MAX_DELETIONS,
    **argspec.REPORT,
    **argspec.WAIT,
    **argspec.WAIT_FOR_ALL,
    "job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"]},
    "state": {"type": "str", "required": True, "choices": ["present", "absent", "retried"]},
    "resource_names": {"type": "list", "elements": "str", "aliases": ["resource_name"], **BLANKS_IN_ITEMS},
    "resource_type": {"type": "str", "choices": api.RESOURCE_TYPES},
    "log_types": {"type": "list", "elements": "str", "choices": api.LOG_TYPES},
    "size_requested_per_file_bytes": {"type": "bytes"},
    "redacted": {"type": "bool"},
    "log_from": {"type": "str"},
    "log_to": {"type": "str"},
    "date_format": {"type": "str", "choices": ["milliseconds", "iso8601"]},
    "max_age": {"type": "str"},
    "force": {"type": "bool", "default": False},
    "expires_at": {"type": "str"},
    "keep_for": {"type": "str"},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Brings log collection jobs to the desired state, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    wait_options = WaitOptions.from_params(params)
    retention = Retention(params)
    state = params["state"]
    job_ids = conventions.ids("job_ids", params, context)
    if (params["resource_names"] is None) == (job_ids is None):
        raise InvalidInput("Give either job_ids or resource_names.")
    if state != "present":
        retention.refuse()
    if job_ids is None:
        if state != "present":
            raise InvalidInput(f"resource_names: with state={state}, jobs are named by job_ids.")
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
        wanted = spec.LogCollectionSpec(params, jobs.product, now)
        return NewLogJobReconciler(jobs, wanted, retention, context, force=params["force"], now=now)
    if params["state"] == "retried":
        return reconcile.RetriedLogJobReconciler(jobs)
    return reconcile.ExistingLogJobReconciler(jobs, retention, now)


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
