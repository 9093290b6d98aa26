#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: server_log_collection_job
short_description: Manage jobs that collect the logs of MongoDB Ops Manager itself
version_added: 0.1.0
description:
  - Starts jobs that collect the logs of the servers of MongoDB Ops Manager, and waits for them.
  - Changes how long logs are kept, retries failed jobs, and deletes jobs.
  - The logs of the deployments that Ops Manager manages are collected with M(saasops.jobs.log_collection_job).
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.ops_manager
  - saasops.jobs.ops_manager.collection
  - saasops.jobs.http_options
  - saasops.jobs.wait
  - saasops.jobs.wait.minutes
  - saasops.jobs.wait.all
  - saasops.jobs.deleting
  - saasops.jobs.report
options:
  job_ids:
    description:
      - IDs of the jobs, 24 hexadecimal digits each. With O(state=present), set exactly one of this, O(servers) and
        O(all_servers). The other states require it.
      - Each job is processed on its own. If some jobs fail, the task still processes the others. It then fails, and
        RV(jobs) has the result of each job.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [job_id]
  state:
    description:
      - V(present) with O(servers) or O(all_servers) makes sure that there is a job that collects, or has collected,
        exactly what is requested, and starts it if there is none. A job counts while its status is C(IN_PROGRESS) or
        C(SUCCESS).
      - V(present) with O(job_ids) changes how long existing jobs are kept, or only waits for them.
      - V(absent) deletes jobs and the logs that they collected. A job that does not exist is not an error. A job with
        the status C(IN_PROGRESS) is an error, as the service deletes a job only after its end.
      - V(retried) restarts jobs with the status C(FAILURE). The service then repeats only what failed. Jobs with the
        status C(IN_PROGRESS) or C(SUCCESS) stay as they are. Jobs with the status C(EXPIRED) or C(MARKED_FOR_EXPIRY),
        and jobs that do not exist, are errors.
    type: str
    required: true
    choices: [present, absent, retried]
  servers:
    description:
      - IDs of the servers to collect logs from, all in one job. M(saasops.jobs.server_log_collection_job_info) lists
        them with O(saasops.jobs.server_log_collection_job_info#module:list_servers=true).
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [server]
  all_servers:
    description:
      - Collect the logs of all active servers in one job. An existing job counts if it is for each server that is
        active now.
    type: bool
  force:
    description:
      - Start another job even if there already is a matching one. The task then reports a change on every run.
    type: bool
    default: false
  wait:
    description:
      - With O(state=present) and O(state=retried), whether to wait until the jobs end. In check mode, the task does not
        wait.
      - If a job fails, the task fails, and shows the messages of the child jobs for each server.
seealso:
  - module: saasops.jobs.server_log_collection_job_info
  - module: saasops.jobs.server_log_collection_job_download
  - module: saasops.jobs.log_collection_job
  - name: Ops Manager Server Log Collection Jobs
    description: API reference.
    link: https://www.mongodb.com/docs/ops-manager/current/reference/api/om-log-collection/
"""

EXAMPLES = r"""
- name: Collect all logs of all servers, unless that was done today, and wait for them
  saasops.jobs.server_log_collection_job:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    state: present
    all_servers: true
    keep_for: 14d
    max_age: 20h
    wait: true
    wait_for_all: true
    wait_interval: 10
    wait_max_interval: 120
    wait_timeout: 3600
  register: collected

- name: Collect the application logs of two servers for one morning, even if that was done before
  saasops.jobs.server_log_collection_job:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    state: present
    servers: [om1.example.net, om2.example.net]
    log_types: APPLICATION
    size_requested_per_file_bytes: 500MB
    log_from: "2026-03-31T06:00:00Z"
    log_to: "2026-03-31T12:00:00Z"
    force: true

- name: Keep logs for another 14 days
  saasops.jobs.server_log_collection_job:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    job_id: 66f1c0de00000000000000d4
    state: present
    expires_at: "{{ '%Y-%m-%d' | strftime(now().timestamp() + 14 * 86400) }}"

- name: Delete two jobs and their logs
  saasops.jobs.server_log_collection_job:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    job_ids:
      - 66f1c0de00000000000000d1
      - 66f1c0de00000000000000d6
    state: absent
    max_deletions: 10
    report: changed

- name: Retry a failed job and wait until it ends
  saasops.jobs.server_log_collection_job:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    job_id: 66f1c0de00000000000000d2
    state: retried
    wait: true
    wait_timeout: 1800
"""

RETURN = r"""
jobs:
  description:
    - The jobs, in the order of O(job_ids).
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
    servers:
      description: IDs of the servers.
      type: list
      elements: str
      returned: if the job exists
    logTypes:
      description: Types of logs that were requested.
      type: list
      elements: str
      returned: if the job exists
    finishDate:
      description: When the job ended, in ISO 8601 format. V(null) while it is in progress.
      type: str
      returned: if the job exists, unless O(state=absent) or O(state=retried)
    sizeLimitHit:
      description: Whether there was more in a log than was collected.
      type: bool
      returned: if the job exists, unless O(state=absent) or O(state=retried)
  sample:
    - id: 66f1c0de00000000000000d2
      action: retry
      changed: true
      status: IN_PROGRESS
      creationDate: "2026-03-01T08:00:00Z"
      expirationDate: "2026-03-08T08:00:00Z"
      servers: [om1.example.net, om2.example.net]
      logTypes: [APPLICATION]
summary:
  description: Number of jobs that were requested, changed, left unchanged, and failed.
  returned: once the jobs have been looked up
  type: dict
  sample: {requested: 2, changed: 1, unchanged: 1, failed: 0}
diff:
  description:
    - The changed jobs before and after the task, by ID. A new job is called by the IDs of its servers, or
      C(all servers). Deleted jobs are missing from C(after), and new jobs are missing from C(before).
    - Beside what changes, both sides show the status, the servers, the types and the size of the logs, and when the
      job was created and expires, in UTC.
  returned: in diff mode
  type: dict
  sample:
    before:
      66f1c0de00000000000000d1:
        status: SUCCESS
        servers: [om1.example.net]
        logTypes: [APPLICATION]
        uncompressedSizeTotalBytes: 51234
        creationDate: "2026-03-01T08:00:00Z"
        expirationDate: "2026-03-08T08:00:00Z"
    after: {}
error:
  description: The first error. C(status) is the HTTP status, and C(code) is the error code of the service.
  returned: on failure
  type: dict
  sample:
    status: 401
    code: USER_UNAUTHORIZED
    message: Current user is not authorized to perform this action.
    request_id: null
    method: POST
    path: /api/public/v1.0/admin/omLogCollectionJobs
"""

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.constraints import Constraints
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import ITEMS, SELECTOR
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.reconciler import WaitableReconciler
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.wait import WaitOptions, wait_for
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import conventions
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs import base_spec
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.retention import (
    OPTIONS as RETENTION_OPTIONS,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.retention import Retention
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.server_log_jobs import (
    api,
    reconcile,
    spec,
)

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
    "servers": {"type": "list", "elements": "str", "aliases": ["server"], **SELECTOR},
    "all_servers": {"type": "bool"},
    "force": {"type": "bool", "default": False},
}

CONSTRAINTS = Constraints(
    mutually_exclusive=[("job_ids", "servers", "all_servers"), ("expires_at", "keep_for")],
    required_one_of=[("job_ids", "servers", "all_servers")],
    required_together=[("log_from", "log_to")],
)


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Brings server log collection jobs to the desired state, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    wait_options = WaitOptions.from_params(params)
    retention = Retention(params, api.FAMILY)
    state = params["state"]
    job_ids = conventions.ids("job_ids", params, context)
    if state != "present":
        retention.refuse()
    if job_ids is not None:
        base_spec.refuse_for_existing(params, tuple(spec.OPTIONS))
    elif state != "present":
        raise InvalidInput(f"With state: {state}, jobs are named by job_ids.")
    jobs = api.ServerLogJobs(params, settings, context)
    if state == "absent":
        absent = reconcile.AbsentServerLogJobReconciler(jobs)
        deleted = engine.reconcile(absent, job_ids or [], context, settings, params["max_deletions"])
        return report.report(absent, deleted, context, params["report"])
    reconciler, keys = _waitable(params, jobs, retention, context, job_ids)
    items = engine.reconcile(reconciler, keys, context, settings)
    wait_for(reconciler, items, wait_options, context)
    return report.report(reconciler, items, context, params["report"])


def _waitable(
    params: dict[str, Any],
    jobs: api.ServerLogJobs,
    retention: Retention,
    context: TaskContext,
    job_ids: list[str] | None,
) -> tuple[WaitableReconciler[Any, Any], list[str]]:
    """The reconciler for jobs that will exist when the task is done, and what it calls them."""
    now = context.clock.present()
    if job_ids is None:
        wanted = spec.ServerLogSpec(params, jobs.active_server_ids, now)
        new = reconcile.NewServerLogJobReconciler(jobs, wanted, retention, context, force=params["force"], now=now)
        return new, [wanted.name]
    if params["state"] == "retried":
        return reconcile.RetriedServerLogJobReconciler(jobs), job_ids
    return reconcile.ExistingServerLogJobReconciler(jobs, retention, now), job_ids


def main() -> None:
    run_module(ARGUMENT_SPEC, task, CONSTRAINTS)


if __name__ == "__main__":
    main()
