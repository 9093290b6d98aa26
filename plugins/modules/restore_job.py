#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: restore_job
short_description: Manage restore jobs of MongoDB Atlas cloud backups
version_added: 0.1.0
description:
  - Starts restore jobs of MongoDB Atlas cloud backups, to a cluster or as a download, and waits for them.
  - Cancels manual downloads that are being prepared or are ready.
  - Before the task changes anything, it looks up all its jobs together, in as few requests as possible.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.mongodb
  - saasops.jobs.atlas
  - saasops.jobs.atlas.restore
  - saasops.jobs.http_options
  - saasops.jobs.wait
  - saasops.jobs.wait.hours
  - saasops.jobs.wait.all
  - saasops.jobs.deleting
  - saasops.jobs.report
options:
  job_ids:
    description:
      - IDs of the restore jobs, 24 hexadecimal digits each. Required with O(state=absent).
      - Each job is processed on its own. If some jobs fail, the task still processes the others. It then fails, and
        RV(jobs) has the result of each job.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [job_id]
  state:
    description:
      - V(present) without O(job_ids) makes sure that there is a matching restore job, and starts one if there is none.
      - A download counts as matching while it is being prepared or is ready, but not after it has been fetched. A
        restore to a cluster counts while it is running. It also counts after it has finished, with a warning, because
        another restore would destroy the data written since then.
      - V(present) with O(job_ids) only waits for existing jobs.
      - V(absent) cancels manual downloads that are being prepared or are ready. Jobs that have finished, failed,
        expired or been cancelled stay as they are. A job that does not exist is not an error.
      - A running restore to a cluster cannot be cancelled, and is an error. So is a download of a single shard. Check
        mode predicts the latter for jobs that show their parts in RV(jobs[].components). For other jobs, only the
        service knows.
    type: str
    required: true
    choices: [present, absent]
  force:
    description:
      - Start another restore even if there already is a matching one. The task then reports a change on every run.
    type: bool
    default: false
  reveal_urls:
    description:
      - Whether to show download URLs in results. Anyone who has such a URL can download the data without credentials.
    type: bool
    default: false
  wait:
    description:
      - With O(state=present), whether to wait until a download can be fetched, or until a restore to a cluster has
        finished. In check mode, the task does not wait.
      - The task fails if a job fails, expires or is cancelled.
notes:
  - The backups of flex clusters require O(api_version=v2). MongoDB Atlas restores them from snapshots only, not to a
    point in time, and cannot cancel their jobs. Their downloads expire four hours after they were started.
  - Single databases and collections are restored with another call of the service, which this module does not use.
  - Check mode also rejects a snapshot that does not exist or has failed. It cannot predict whether the target cluster
    exists, is of the right kind, is paused or is busy, because only the service knows this.
  - The download of a dedicated cluster can be fetched only once. To prepare and fetch a download only if the file is
    missing, first check the file with M(ansible.builtin.stat).
seealso:
  - module: saasops.jobs.restore_job_info
  - module: saasops.jobs.restore_job_download
  - name: Cloud Backup Restore Jobs
    description: API reference.
    link: https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/restore/restores/
  - name: Logs and backups that are not jobs
    description: What the modules do not cover, and what to use for it.
    link: https://github.com/saasops/ansible-collection-jobs/blob/main/docs/other-logs-and-backups.md
"""

EXAMPLES = r"""
- name: Prepare the newest snapshot from before a deployment as a download, and wait until it is ready
  saasops.jobs.restore_job:
    client_id: "{{ atlas_client_id }}"
    client_secret: "{{ atlas_client_secret }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    state: present
    delivery_type: download
    snapshot: latest
    before: "{{ '%Y-%m-%dT%H:%M:%SZ' | strftime(now().timestamp() - 86400, utc=true) }}"
    wait: true
    wait_timeout: 7200
    wait_interval: 10
    wait_max_interval: 120
    reveal_urls: true

- name: Follow two restores that someone else started until both end, even if one fails
  saasops.jobs.restore_job:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    job_ids:
      - 66f1c0de00000000000000b7
      - 66f1c0de00000000000000ba
    state: present
    wait: true
    wait_for_all: true

- name: Restore a snapshot to another cluster
  saasops.jobs.restore_job:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    state: present
    delivery_type: automated
    snapshot_id: 66f1c0de00000000000000e1
    target_cluster_name: violet
    target_project_id: 66f1c0de0000000000000002
    accept_target_data_loss: true

- name: Restore a cluster to a point in time, even if that was done before
  saasops.jobs.restore_job:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    state: present
    delivery_type: pointInTime
    point_in_time: "2026-03-01T08:00:00Z"
    target_cluster_name: blue
    accept_target_data_loss: true
    force: true

- name: Restore to a point in time given in seconds
  saasops.jobs.restore_job:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    state: present
    delivery_type: pointInTime
    point_in_time_utc_seconds: 1772352000
    target_cluster_name: violet
    accept_target_data_loss: true
    force: true

- name: Restore to a specific operation
  saasops.jobs.restore_job:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    state: present
    delivery_type: pointInTime
    oplog_ts: 1772352000
    oplog_inc: 3
    target_cluster_name: green
    accept_target_data_loss: true

- name: Cancel downloads that are no longer needed
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
    - The jobs, in the order of O(job_ids), or the one job that was requested.
    - Fields that are not listed here come from the service; see its API reference.
    - A job that does not exist has no such fields, and its C(action) is V(none). A job that could not be started shows
      what was requested.
    - With O(state=absent), only the fields that identify a job are returned.
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
      choices: [create, cancel, none]
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
        - State of the job. The service has no such field; the module derives it from other fields.
        - V(ready) means that a manual download can be fetched. Once it has been fetched, it is V(in_progress) again
          until it expires, because the service shows it like a download that is still being prepared.
      type: str
      choices: [in_progress, ready, finished, failed, expired, cancelled]
      returned: if the job exists
    deliveryType:
      description: How the snapshot is delivered.
      type: str
      returned: if the job exists
    deliveryUrl:
      description: The URLs of a download. Placeholders unless O(reveal_urls=true).
      type: list
      elements: str
      returned: if the service returns it
    components:
      description:
        - The parts of a download of a sharded cluster, each with C(replicaSetName) and C(downloadUrl). The latter is a
          placeholder unless O(reveal_urls=true).
      type: list
      elements: dict
      returned: if the service returns it
    privateDownloadDeliveryUrls:
      description: The URLs at private endpoints. Placeholders unless O(reveal_urls=true).
      type: list
      elements: dict
      returned: if the service returns it
      contains:
        endpointId:
          description: ID of the private endpoint.
          type: str
          returned: always
        deliveryUrl:
          description: A placeholder, or the URL.
          type: str
          returned: always
    snapshotId:
      description: ID of the snapshot.
      type: str
      returned: if the job exists
    timestamp:
      description: When the snapshot was taken, in ISO 8601 format.
      type: str
      returned: if the job exists
    expiresAt:
      description: When a download expires, in ISO 8601 format.
      type: str
      returned: if the service returns it
    finishedAt:
      description: When the restore finished, in ISO 8601 format.
      type: str
      returned: if the service returns it
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
  description: Number of jobs that were requested, changed, left unchanged, and failed.
  returned: once the jobs have been looked up
  type: dict
  sample: {requested: 2, changed: 1, unchanged: 1, failed: 0}
diff:
  description:
    - The changed jobs before and after the task, by ID. A new job is listed by what was requested.
    - Beside what changes, both sides show the cluster, the delivery type, the snapshot, the target, and the dates of
      the job, in UTC. C(timestamp) is the date of the snapshot. Download URLs are never shown.
  returned: in diff mode
  type: dict
error:
  description: The first error. C(status) is the HTTP status, and C(code) is the error code of the service.
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

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.constraints import Constraints
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import ITEMS
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.wait import WaitOptions, wait_for
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import conventions
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import (
    restore_reconcile,
    restore_spec,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.cluster import OPTIONS, Cluster
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.restore_api import (
    RestoreJobs,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.snapshot_api import Snapshots

ARGUMENT_SPEC = {
    **OPTIONS,
    **restore_spec.OPTIONS,
    **argspec.HTTP,
    **argspec.MAX_DELETIONS,
    **argspec.REPORT,
    **argspec.WAIT_HOURS,
    **argspec.WAIT_FOR_ALL,
    "job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"], **ITEMS},
    "state": {"type": "str", "required": True, "choices": ["present", "absent"]},
    "force": {"type": "bool", "default": False},
    "reveal_urls": {"type": "bool", "default": False},
}

CONSTRAINTS = Constraints(required_if=[("state", "absent", ("job_ids",))], not_offered=restore_spec.NOT_OFFERED)


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Brings restore jobs to the desired state, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    wait_options = WaitOptions.from_params(params)
    keys = conventions.ids("job_ids", params, context)
    if keys is not None:
        restore_spec.refuse_for_existing(params)
    cluster = Cluster(params, settings, context)
    jobs = RestoreJobs(cluster, reveals=params["reveal_urls"])
    snapshots = Snapshots(cluster, reads_flex=True)
    if params["state"] == "absent":
        absent = restore_reconcile.AbsentRestoreReconciler(jobs, snapshots)
        cancelled = engine.reconcile(absent, keys or (), context, settings, params["max_deletions"])
        return report.report(absent, cancelled, context, params["report"])
    if keys is not None:
        existing = restore_reconcile.ExistingRestoreReconciler(jobs)
        found = engine.reconcile(existing, keys, context, settings)
        wait_for(existing, found, wait_options, context)
        return report.report(existing, found, context, params["report"])
    spec = restore_spec.RestoreSpec(params, cluster.project_id, snapshots, context)
    from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import restore_creation

    new = restore_creation.NewRestoreReconciler(jobs, spec, force=params["force"])
    items = engine.reconcile(new, [spec.key], context, settings)
    restore_creation.warn_of_finished(items, context)
    wait_for(new, items, wait_options, context)
    return report.report(new, items, context, params["report"])


def main() -> None:
    run_module(ARGUMENT_SPEC, task, CONSTRAINTS)


if __name__ == "__main__":
    main()
