#!/usr/bin/python
# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: restore_job
short_description: Restore snapshots of MongoDB Atlas cloud backups, and follow or cancel such jobs
version_added: 0.1.0
description:
  - Starts restore jobs of MongoDB Atlas cloud backups, to a cluster or as a download, follows them, and cancels manual
    downloads that are being prepared or ready.
  - All jobs of a task are looked up together, in as few requests as possible, before anything is changed.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.attributes.group_mongodb
  - saasops.jobs.atlas
  - saasops.jobs.http_options
  - saasops.jobs.wait
  - saasops.jobs.wait.hours
  - saasops.jobs.wait.all
  - saasops.jobs.deleting
  - saasops.jobs.report
options:
  job_ids:
    description:
      - Ids of the restore jobs, 24 hexadecimal digits each. Required with O(state=absent).
      - Every job is handled on its own. If some fail, the others are done all the same, and the task fails with the
        result of each in RV(jobs).
      - A text with commas, blanks or line breaks is taken as a list.
    type: list
    elements: str
    aliases: [job_id]
  state:
    description:
      - V(present) without O(job_ids) makes sure that there is a restore of what is asked for, and starts one if there
        is none. A download counts while it is being prepared or ready, and no more once it was fetched; a restore to a
        cluster while it is running, and also when it has finished, as another would destroy what was written since. A
        warning tells of that.
      - V(present) with O(job_ids) only follows jobs that exist.
      - V(absent) cancels manual downloads that are being prepared or ready. Jobs that have finished, failed, expired or
        been cancelled are left at that, as are jobs that do not exist. Restores to a cluster that are still running
        can't be cancelled, and are errors. So are downloads of a single shard; check mode predicts that of those that
        show their parts in RV(jobs[].components), and of the others only the service knows.
    type: str
    required: true
    choices: [present, absent]
  delivery_type:
    description:
      - V(download) prepares an archive, which M(saasops.jobs.restore_job_download) fetches.
      - V(automated) restores a snapshot to O(target_cluster_name), V(pointInTime) a moment. Both remove all data of
        that cluster first.
      - Required to start a restore.
    type: str
    choices: [automated, download, pointInTime]
  snapshot_id:
    description:
      - Id of the snapshot, 24 hexadecimal digits. It must be one of the cluster O(cluster_name).
      - That of a single shard can only be downloaded, and the download cannot be cancelled; a warning says so.
      - In check mode, a snapshot that is not completed yet is a warning, as a task before this one may wait for it.
    type: str
  snapshot:
    description:
      - V(latest) is the newest completed snapshot of the cluster, instead of O(snapshot_id).
    type: str
    choices: [latest]
  before:
    description:
      - With O(snapshot=latest), only snapshots that were taken before this moment, in ISO 8601.
    type: str
  target_cluster_name:
    description:
      - Cluster that is restored to. Required unless O(delivery_type=download).
    type: str
  target_project_id:
    description:
      - Id of its project. O(project_id) if not set.
    type: str
  point_in_time:
    description:
      - With O(delivery_type=pointInTime), the moment to restore, in ISO 8601. Give this, or
        O(point_in_time_utc_seconds), or O(oplog_ts) and O(oplog_inc).
    type: str
  point_in_time_utc_seconds:
    description:
      - The moment to restore, in seconds since 1970.
    type: int
  oplog_ts:
    description:
      - The moment to restore as the timestamp of an operation, in seconds since 1970. Goes with O(oplog_inc).
    type: int
  oplog_inc:
    description:
      - Number of the operation within the second O(oplog_ts).
    type: int
  accept_target_data_loss:
    description:
      - Must be V(true) for a restore to a cluster, as that removes all data of the cluster first.
    type: bool
    default: false
  force:
    description:
      - Start another restore even if there is one like it. The task then changes something every time.
    type: bool
    default: false
  reveal_urls:
    description:
      - Whether results show the addresses of downloads. Who has such an address has the data, without any credentials.
    type: bool
    default: false
  wait:
    description:
      - Whether to follow the restore to its end, with O(state=present). That is when a download can be fetched, and
        when a restore to a cluster has finished. In check mode, nothing is waited for.
      - A job that fails, expires or is cancelled fails the task.
notes:
  - A snapshot that does not exist or is not complete is refused in check mode as well. Whether a target cluster exists,
    is of the right kind, paused or busy is known to the service only.
  - A download can be fetched once. To prepare and fetch one only if the file is not there, ask for the file with
    M(ansible.builtin.stat) first.
seealso:
  - module: saasops.jobs.restore_job_info
  - module: saasops.jobs.restore_job_download
  - name: Cloud Backup Restore Jobs
    description: Reference of the API.
    link: https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/restore/restores/
"""

EXAMPLES = r"""
- name: Prepare the newest snapshot from before a deployment as a download, and wait until it can be fetched
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
    reveal_urls: true

- name: Follow two restores that somebody else started, to the end of both
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

- name: Put a cluster back to where it was at a moment, once more
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

- name: Restore a moment that another tool gave in seconds
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

- name: Restore up to a certain operation
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

- name: Cancel downloads that nobody needs any more
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
    - The jobs, in the order of O(job_ids), or the one that was asked for.
    - Fields that are not listed here are the service's own, as its reference documents them.
    - A job that does not exist has none of them, and C(action) is V(none). One that could not be started has what was
      asked for.
    - Of a job that is to be cancelled, only the fields are shown that tell it from others.
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
      choices: [create, cancel, none]
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
      description: One placeholder for each address of a download, or the addresses with O(reveal_urls=true).
      type: list
      elements: str
      returned: if the service sends it
    components:
      description:
        - The parts of a download of a sharded cluster, each with C(replicaSetName) and C(downloadUrl), a placeholder or
          the address with O(reveal_urls=true).
      type: list
      elements: dict
      returned: if the service sends it
    privateDownloadDeliveryUrls:
      description: The addresses of private endpoints, as placeholders unless O(reveal_urls=true).
      type: list
      elements: dict
      returned: if the service sends it
      contains:
        endpointId:
          description: Id of the private endpoint.
          type: str
          returned: always
        deliveryUrl:
          description: A placeholder, or the address.
          type: str
          returned: always
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
  description: The jobs that were changed, before and after, by their ids; a new one by what was asked for.
  returned: in diff mode
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

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec
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
    DELIVERY_TYPES,
    RestoreJobs,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.snapshot_api import Snapshots

ARGUMENT_SPEC = {
    **OPTIONS,
    **argspec.HTTP,
    **argspec.MAX_DELETIONS,
    **argspec.REPORT,
    **argspec.WAIT_HOURS,
    **argspec.WAIT_FOR_ALL,
    "job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"]},
    "state": {"type": "str", "required": True, "choices": ["present", "absent"]},
    "delivery_type": {"type": "str", "choices": DELIVERY_TYPES},
    "snapshot_id": {"type": "str"},
    "snapshot": {"type": "str", "choices": ["latest"]},
    "before": {"type": "str"},
    "target_cluster_name": {"type": "str"},
    "target_project_id": {"type": "str"},
    "point_in_time": {"type": "str"},
    "point_in_time_utc_seconds": {"type": "int"},
    "oplog_ts": {"type": "int"},
    "oplog_inc": {"type": "int"},
    "accept_target_data_loss": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
    "reveal_urls": {"type": "bool", "default": False},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Brings restore jobs to the desired state, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    wait_options = WaitOptions.from_params(params)
    keys = conventions.ids("job_ids", params, context)
    if keys is not None:
        restore_spec.refuse_for_existing(params)
    elif params["state"] == "absent":
        raise InvalidInput("Give job_ids, the jobs to cancel.")
    cluster = Cluster(params, settings, context)
    jobs = RestoreJobs(cluster, reveals=params["reveal_urls"])
    snapshots = Snapshots(cluster)
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
    new = restore_reconcile.NewRestoreReconciler(jobs, spec, force=params["force"])
    items = engine.reconcile(new, [spec.key], context, settings)
    restore_reconcile.warn_of_finished(items, context)
    wait_for(new, items, wait_options, context)
    return report.report(new, items, context, params["report"])


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
