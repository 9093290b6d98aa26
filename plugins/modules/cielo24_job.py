#!/usr/bin/python
# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cielo24_job
short_description: Delete captioning jobs of cielo24
version_added: 0.1.0
description:
  - Deletes captioning jobs of cielo24.
  - All jobs of a task are looked up together before anything is changed.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.attributes.group_cielo24
  - saasops.jobs.cielo24
  - saasops.jobs.http_options
options:
  job_ids:
    description:
      - Ids of the jobs, 32 hexadecimal digits each.
      - Every job is handled on its own. If some fail, the others are done all the same, and the task fails with the
        result of each in RV(jobs).
    type: list
    elements: str
    required: true
    aliases: [job_id]
  state:
    description:
      - V(absent) deletes the jobs. A job that does not exist is left at that.
      - Which jobs can still be deleted is the decision of the service. If it refuses, ask its support.
    type: str
    required: true
    choices: [absent]
seealso:
  - module: saasops.jobs.cielo24_job_info
  - name: Delete Job
    description: Reference of the API.
    link: https://cielo24.readthedocs.io/en/latest/job_control/delete_job.html
"""

EXAMPLES = r"""
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
      choices: [delete, none]
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
    JobName:
      description: Name of the job.
      type: str
      returned: if the job exists
    JobStatus:
      description: Status of the job before its deletion.
      type: str
      returned: if the job exists
    ExternalID:
      description: Id of the job in the customer's own system.
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
  description: The jobs that were changed, before and after, by their ids. Deleted ones are missing in C(after).
  returned: once the jobs have been looked up
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

from ansible_collections.saasops.jobs.plugins.module_utils._core import engine, options, values
from ansible_collections.saasops.jobs.plugins.module_utils._module_front import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services import cielo24, cielo24_job_work, cielo24_jobs

ARGUMENT_SPEC = {
    **cielo24.OPTIONS,
    **options.HTTP,
    "job_ids": {"type": "list", "elements": "str", "required": True, "aliases": ["job_id"]},
    "state": {"type": "str", "required": True, "choices": ["absent"]},
}


def task(params, host):
    """Brings captioning jobs to the desired state, see DOCUMENTATION."""
    settings = options.http_settings(params)
    job_ids = values.identifiers("job_ids", params["job_ids"], values.HEX_32)
    jobs = cielo24_jobs.CaptioningJobs(cielo24.Account(params, settings, host))
    work = cielo24_job_work.CaptioningWork(jobs)
    return engine.report(work, engine.reconcile(work, job_ids, host, settings))


def main():
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
