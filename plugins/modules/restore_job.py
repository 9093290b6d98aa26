#!/usr/bin/python
# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: restore_job
short_description: Cancel restore jobs of MongoDB Atlas cloud backups
version_added: 0.1.0
description:
  - Cancels manual downloads of MongoDB Atlas cloud backups that are being prepared or ready.
  - All jobs of a task are looked up together, in as few requests as possible, before anything is changed.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.attributes.group_mongodb
  - saasops.jobs.atlas
  - saasops.jobs.http_options
options:
  job_ids:
    description:
      - Ids of the restore jobs, 24 hexadecimal digits each.
      - Every job is handled on its own. If some fail, the others are done all the same, and the task fails with the
        result of each in RV(jobs).
    type: list
    elements: str
    required: true
    aliases: [job_id]
  state:
    description:
      - V(absent) cancels the jobs. Jobs that have finished, failed, expired or been cancelled, and jobs that do not
        exist, are left at that. So are all jobs of a cluster that does not exist, with a warning.
      - Atlas can cancel manual downloads only. Automated and point-in-time restores that are still running are
        errors, and nothing is sent for them.
      - A download of a single shard cannot be cancelled either. Only the service knows which jobs these are, so check
        mode does not foresee that error.
    type: str
    required: true
    choices: [absent]
seealso:
  - module: saasops.jobs.restore_job_info
  - name: Cloud Backup Restore Jobs
    description: Reference of the API.
    link: https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/restore/restores/
"""

EXAMPLES = r"""
- name: Cancel a manual download
  saasops.jobs.restore_job:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    job_id: 66f1c0de00000000000000b1
    state: absent

- name: Cancel downloads through the older API
  saasops.jobs.restore_job:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    api_version: v1.0
    cluster_name: blue
    job_ids:
      - 66f1c0de00000000000000b1
      - 66f1c0de00000000000000b2
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
      choices: [cancel, none]
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
        - State of the job, derived from the fields of the service, which has none for this.
        - V(ready) is a manual download that can be fetched. One that was fetched is V(in_progress) again until it
          expires, as the service shows it like one that is being prepared.
      type: str
      choices: [in_progress, ready, finished, failed, expired, cancelled]
      returned: if the job exists
    deliveryType:
      description: How the snapshot is delivered.
      type: str
      returned: if the job exists
    deliveryUrl:
      description: One placeholder for each address of a download. Who has the address has the data, so it is not
        shown.
      type: list
      elements: str
      returned: if the service sends it
    snapshotId:
      description: Id of the snapshot.
      type: str
      returned: if the job exists
    timestamp:
      description: When the snapshot was taken, in ISO 8601.
      type: str
      returned: if the job exists
    expiresAt:
      description: When a download ends, in ISO 8601.
      type: str
      returned: if the service sends it
    finishedAt:
      description: When the restore ended, in ISO 8601.
      type: str
      returned: if the service sends it
  sample:
    - id: 66f1c0de00000000000000b1
      action: cancel
      changed: true
      status: cancelled
      cancelled: true
      expired: false
      failed: false
      deliveryType: download
      deliveryUrl: []
      snapshotId: 66f1c0de00000000000000e1
      timestamp: "2026-03-01T07:00:00Z"
summary:
  description: How many jobs were asked for, changed, left unchanged, and failed.
  returned: once the jobs have been looked up
  type: dict
  sample: {requested: 2, changed: 1, unchanged: 1, failed: 0}
diff:
  description: The jobs that were changed, before and after, by their ids.
  returned: once the jobs have been looked up
  type: dict
error:
  description: The first error. C(status) is the HTTP status, C(code) the service's own code.
  returned: on failure
  type: dict
  sample:
    status: 400
    code: CANNOT_CANCEL_AUTOMATED_RESTORE
    message: Automated restore cannot be cancelled.
    request_id: null
    method: DELETE
    path: /api/atlas/v2/groups/66f1c0de0000000000000002/clusters/blue/backup/restoreJobs/66f1c0de00000000000000b1
"""

from ansible_collections.saasops.jobs.plugins.module_utils._core import engine, options
from ansible_collections.saasops.jobs.plugins.module_utils._module_front import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services import atlas_restore, mongodb

ARGUMENT_SPEC = {
    **atlas_restore.OPTIONS,
    **options.HTTP,
    "job_ids": {"type": "list", "elements": "str", "required": True, "aliases": ["job_id"]},
    "state": {"type": "str", "required": True, "choices": ["absent"]},
}


def task(params, host):
    """Brings restore jobs to the desired state, see DOCUMENTATION."""
    settings = options.http_settings(params)
    job_ids = mongodb.job_ids(params)
    work = atlas_restore.RestoreWork(atlas_restore.RestoreJobs(params, settings, host))
    return engine.report(work, engine.reconcile(work, job_ids, host, settings))


def main():
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
