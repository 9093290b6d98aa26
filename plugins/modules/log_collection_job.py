#!/usr/bin/python
# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: log_collection_job
short_description: Delete or retry log collection jobs of MongoDB Ops Manager
version_added: 0.1.0
description:
  - Deletes log collection jobs of MongoDB Ops Manager or Cloud Manager, or starts failed ones again.
  - All jobs of a task are looked up together, in as few requests as possible, before anything is changed.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.attributes.group_mongodb
  - saasops.jobs.log_collection
  - saasops.jobs.http_options
  - saasops.jobs.wait
options:
  job_ids:
    description:
      - Ids of the jobs, 24 hexadecimal digits each.
      - Every job is handled on its own. If some fail, the others are done all the same, and the task fails with the
        result of each in RV(jobs).
    type: list
    elements: str
    required: true
    aliases: [job_id]
  state:
    description:
      - V(absent) deletes the jobs and the logs that they collected. A job that does not exist is left at that.
      - V(retried) starts jobs again that have the status C(FAILURE). Jobs with C(IN_PROGRESS) and C(SUCCESS) stay
        as they are. Jobs with C(EXPIRED) and C(MARKED_FOR_EXPIRY), and jobs that do not exist, are errors.
    type: str
    required: true
    choices: [absent, retried]
  wait:
    description:
      - Whether to follow jobs to their end with O(state=retried). In check mode, nothing is waited for.
      - A job that fails fails the task at once, with the messages of its child jobs.
seealso:
  - module: saasops.jobs.log_collection_job_info
  - name: Log Collection Jobs
    description: Reference of the API.
    link: https://www.mongodb.com/docs/ops-manager/current/reference/api/log-collection/
"""

EXAMPLES = r"""
- name: Delete two jobs and the logs that they collected
  saasops.jobs.log_collection_job:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    job_ids:
      - 66f1c0de00000000000000a1
      - 66f1c0de00000000000000a6
    state: absent

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
    - The jobs, in the order of O(job_ids).
    - Fields that are not listed here are the service's own, as its reference documents them.
    - A job that does not exist has none of them, and C(action) is V(none).
  returned: once the jobs have been looked up
  type: list
  elements: dict
  contains:
    id:
      description: Id of the job.
      type: str
      returned: always
    action:
      description: What was done, or would be done in check mode.
      type: str
      choices: [delete, retry, none]
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
        - Status of the job. Before its deletion with O(state=absent), after the task with O(state=retried).
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
  description: The jobs that were changed, before and after, by their ids. Deleted ones are missing in C(after).
  returned: once the jobs have been looked up
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

from ansible_collections.saasops.jobs.plugins.module_utils._core import engine, options, waiting
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import JobsError
from ansible_collections.saasops.jobs.plugins.module_utils._module_front import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services import log_collection, mongodb

ARGUMENT_SPEC = {
    **log_collection.OPTIONS,
    **options.HTTP,
    **options.WAIT,
    "job_ids": {"type": "list", "elements": "str", "required": True, "aliases": ["job_id"]},
    "state": {"type": "str", "required": True, "choices": ["absent", "retried"]},
}


def task(params, host):
    """Brings log collection jobs to the desired state, see DOCUMENTATION."""
    settings = options.http_settings(params)
    following = waiting.Following(params)
    job_ids = mongodb.job_ids(params)
    jobs = log_collection.LogCollectionJobs(params, settings, host)
    work = log_collection.LogCollectionWork(jobs, params["state"])
    items = engine.reconcile(work, job_ids, host, settings)
    if params["state"] == "retried" and params["wait"] and not host.check_mode:
        _follow(work, items, following, host)
    return engine.report(work, items)


def _follow(work, items, following, host):
    running = [item for item in items if log_collection.needs_following(item)]
    for item in waiting.follow(running, work.observe, work.judge, following, host):
        item.error = JobsError(
            f"Log collection job {item.key} was still {item.latest['status']} after {following.timeout:g} s; it goes "
            "on. Run the task again to follow it further."
        )


def main():
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
