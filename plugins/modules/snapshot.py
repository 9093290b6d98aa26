#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snapshot
short_description: Take and delete snapshots of MongoDB Atlas clusters
version_added: 0.1.0
description:
  - Takes on-demand snapshots of MongoDB Atlas clusters, waits for them, and deletes snapshots.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.mongodb
  - saasops.jobs.atlas
  - saasops.jobs.http_options
  - saasops.jobs.wait
  - saasops.jobs.wait.hours
  - saasops.jobs.deleting
  - saasops.jobs.report
options:
  state:
    description:
      - V(present) makes sure that there is an on-demand snapshot with this O(description), and takes one if there is
        none. Failed snapshots do not count.
      - Atlas takes only one on-demand snapshot of a cluster at a time. While another one is queued or in progress, the
        task fails before it requests a new one. With O(wait=true), it first waits until the other one ends, for at most
        O(wait_timeout) seconds.
      - V(absent) deletes the snapshots in O(snapshot_ids). A snapshot that does not exist is not an error. A snapshot
        that is in progress cannot be deleted, and is an error.
    type: str
    required: true
    choices: [present, absent]
  snapshot_ids:
    description:
      - IDs of the snapshots to delete, 24 hexadecimal digits each.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [snapshot_id]
  description:
    description:
      - Description of the snapshot, with O(state=present). The module finds an existing snapshot by its description
        alone, and does not change its retention.
    type: str
  retention_in_days:
    description:
      - Number of days to keep the snapshot, with O(state=present).
    type: int
  max_age:
    description:
      - Ignore existing snapshots that were taken longer ago than this, for example V(20h), and take a new one. The
        units are V(s), V(m), V(h), V(d) and V(w).
    type: str
  force:
    description:
      - Take another snapshot even if there already is a matching one. The task then reports a change on every run.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until the snapshot is completed. In check mode, the task does not wait.
      - The time that the task waits for another snapshot to end counts towards O(wait_timeout).
notes:
  - MongoDB Atlas takes and deletes the snapshots of flex clusters by itself, so this module refuses them.
    M(saasops.jobs.snapshot_info) lists them.
seealso:
  - module: saasops.jobs.snapshot_info
  - module: saasops.jobs.restore_job
  - name: Cloud Backup Snapshots
    description: API reference.
    link: https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/backup/backups/
  - name: Logs and backups that are not jobs
    description: What the modules do not cover, and what to use for it.
    link: https://github.com/saasops/ansible-collection-jobs/blob/main/docs/other-logs-and-backups.md
"""

EXAMPLES = r"""
- name: Take a snapshot before a deployment and wait for it, unless there is one from the last 24 hours
  saasops.jobs.snapshot:
    client_id: "{{ atlas_client_id }}"
    client_secret: "{{ atlas_client_secret }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    state: present
    description: before the spring deployment
    retention_in_days: 7
    max_age: 24h
    wait: true
    wait_interval: 10
    wait_max_interval: 120
    wait_timeout: 7200

- name: Take another snapshot with the same description
  saasops.jobs.snapshot:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    state: present
    description: before the spring deployment
    retention_in_days: 7
    force: true

- name: Delete a snapshot
  saasops.jobs.snapshot:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    state: absent
    snapshot_ids:
      - 66f1c0de00000000000000e3
"""

RETURN = r"""
snapshots:
  description:
    - The snapshots, in the order of O(snapshot_ids), or the one snapshot that was requested.
    - Fields that are not listed here come from the service; see its API reference.
  returned: once the snapshots have been looked up
  type: list
  elements: dict
  contains:
    id:
      description: ID of the snapshot. In check mode, the ID of a new snapshot begins with C(to-be-created-).
      type: str
      returned: always
    action:
      description: What the task did, or would do in check mode.
      type: str
      choices: [create, delete, none]
      returned: always
    changed:
      description:
        - Whether the task changed the snapshot, or would change it in check mode.
        - Also V(true), together with an error, if the module could not find out whether the change was made.
      type: bool
      returned: always
    error:
      description: Why the snapshot failed. Has the same fields as RV(error).
      type: dict
      returned: if it failed
    status:
      description: State of the snapshot.
      type: str
      choices: [queued, inProgress, completed, failed]
      returned: if the snapshot exists
    description:
      description: Description of an on-demand snapshot.
      type: str
      returned: if the service returns it
    createdAt:
      description: When the snapshot was taken, in ISO 8601 format.
      type: str
      returned: if the snapshot is completed
    expiresAt:
      description: When the snapshot will be deleted, in ISO 8601 format.
      type: str
      returned: if the service returns it
    snapshotType:
      description: Why the snapshot was taken.
      type: str
      choices: [onDemand, scheduled, fallback]
      returned: if the service returns it
    type:
      description: Whether the snapshot is of a replica set, which can be a shard, or of a whole sharded cluster.
      type: str
      choices: [replicaSet, shardedCluster]
      returned: if the service returns it
    configServerType:
      description: Where the sharded cluster keeps its configuration.
      type: str
      returned: for a sharded cluster, if the service returns it
    storageSizeBytes:
      description: Size of the snapshot in bytes.
      type: int
      returned: if the service returns it
    members:
      description: The snapshots of the shards, each with C(id) and C(replicaSetName).
      type: list
      elements: dict
      returned: for a sharded cluster
  sample:
    - id: 66f1c0de00000000000000e9
      action: create
      changed: true
      status: completed
      description: before the spring deployment
      createdAt: "2026-03-01T07:00:00Z"
summary:
  description: Number of snapshots that were requested, changed, left unchanged, and failed.
  returned: once the snapshots have been looked up
  type: dict
  sample: {requested: 1, changed: 1, unchanged: 0, failed: 0}
diff:
  description:
    - The snapshots before and after the task, by ID. A new snapshot is listed by its description.
    - It shows the cluster, the description, the type, the status and the size of a snapshot, and when it was taken and
      expires, in UTC.
  returned: in diff mode
  type: dict
error:
  description: The first error. C(status) is the HTTP status, and C(code) is the error code of the service.
  returned: on failure
  type: dict
"""

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.constraints import Constraints
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import ITEMS, SELECTOR
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.wait import WaitOptions, wait_for
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import conventions
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import snapshot_reconcile
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.cluster import OPTIONS, Cluster
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.snapshot_api import Snapshots

ARGUMENT_SPEC = {
    **OPTIONS,
    **argspec.HTTP,
    **argspec.MAX_DELETIONS,
    **argspec.REPORT,
    **argspec.WAIT_HOURS,
    "state": {"type": "str", "required": True, "choices": ["present", "absent"]},
    "snapshot_ids": {"type": "list", "elements": "str", "aliases": ["snapshot_id"], **ITEMS},
    "description": {"type": "str", **SELECTOR},
    "retention_in_days": {"type": "int"},
    "max_age": {"type": "str", **SELECTOR},
    "force": {"type": "bool", "default": False},
}

CONSTRAINTS = Constraints(required_if=[("state", "absent", ("snapshot_ids",))])


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Brings snapshots to the desired state, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    wait_options = WaitOptions.from_params(params)
    keys = conventions.ids("snapshot_ids", params, context)
    if keys is not None:
        if params["state"] != "absent":
            raise InvalidInput("snapshot_ids requires state: absent.")
        snapshot_reconcile.refuse_for_existing(params)
    snapshots = Snapshots(Cluster(params, settings, context))
    if keys is not None:
        absent = snapshot_reconcile.AbsentSnapshotReconciler(snapshots)
        deleted = engine.reconcile(absent, keys, context, settings, params["max_deletions"])
        return report.report(absent, deleted, context, params["report"])
    new = snapshot_reconcile.NewSnapshotReconciler(snapshots, params, wait_options, context)
    items = engine.reconcile(new, [new.description], context, settings)
    wait_for(new, items, wait_options, context, new.waited)
    return report.report(new, items, context, params["report"])


def main() -> None:
    run_module(ARGUMENT_SPEC, task, CONSTRAINTS)


if __name__ == "__main__":
    main()
