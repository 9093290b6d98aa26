#!/usr/bin/python
# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snapshot
short_description: Take and delete snapshots of MongoDB Atlas clusters
version_added: 0.1.0
description:
  - Takes snapshots of MongoDB Atlas clusters on demand, follows them, and deletes snapshots.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.attributes.group_mongodb
  - saasops.jobs.atlas
  - saasops.jobs.http_options
  - saasops.jobs.wait
  - saasops.jobs.wait.hours
  - saasops.jobs.deleting
  - saasops.jobs.report
options:
  state:
    description:
      - V(present) makes sure that there is a snapshot with this O(description) that was taken on demand, and takes one
        if there is none. One that failed does not count.
      - Atlas takes one snapshot of a cluster on demand at a time. While another one is queued or in progress, the task
        fails before it asks for one; with O(wait=true), it waits for the end of the other first, for O(wait_timeout)
        at most.
      - V(absent) deletes the snapshots in O(snapshot_ids). One that does not exist is left at that. One that is in
        progress cannot be deleted, and is an error.
    type: str
    required: true
    choices: [present, absent]
  snapshot_ids:
    description:
      - Ids of the snapshots to delete, 24 hexadecimal digits each.
      - A text with commas, blanks or line breaks is taken as a list.
    type: list
    elements: str
    aliases: [snapshot_id]
  description:
    description:
      - What the snapshot is called, with O(state=present). It alone tells whether a snapshot is the one that is asked
        for; one that is there keeps its own retention.
    type: str
  retention_in_days:
    description:
      - For how many days it is kept, with O(state=present).
    type: int
  max_age:
    description:
      - A snapshot that was taken longer ago does not count as the one that is asked for, for example V(20h). The units
        are V(s), V(m), V(h), V(d) and V(w).
    type: str
  force:
    description:
      - Take another snapshot even if there is one like it. The task then changes something every time.
    type: bool
    default: false
  wait:
    description:
      - Whether to follow the snapshot until it is completed. In check mode, nothing is waited for.
seealso:
  - module: saasops.jobs.snapshot_info
  - module: saasops.jobs.restore_job
  - name: Cloud Backup Snapshots
    description: Reference of the API.
    link: https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/backup/backups/
"""

EXAMPLES = r"""
- name: Take a snapshot before a deployment, unless one was taken within a day, and wait for it
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
    wait_timeout: 7200

- name: Take another one
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
    - The snapshots, in the order of O(snapshot_ids), or the one that was asked for.
    - Fields that are not listed here are the service's own, as its reference documents them.
  returned: once the snapshots have been looked up
  type: list
  elements: dict
  contains:
    id:
      description: Id of the snapshot. In check mode, that of one that would be taken begins with C(to-be-created-).
      type: str
      returned: always
    action:
      description: What was done, or would be done in check mode.
      type: str
      choices: [create, delete, none]
      returned: always
    changed:
      description:
        - Whether the snapshot was changed by this task, or would be.
        - Also V(true), with an error that says so, where the service could not be asked whether it was.
      type: bool
      returned: always
    error:
      description: Why it failed, in the form of RV(error).
      type: dict
      returned: if it failed
    status:
      description: State of the snapshot.
      type: str
      choices: [queued, inProgress, completed, failed]
      returned: if the snapshot exists
    description:
      description: What it was described as when it was taken on demand.
      type: str
      returned: if the service sends it
    createdAt:
      description: When it was taken, in ISO 8601.
      type: str
      returned: once it is completed
    expiresAt:
      description: When it will be deleted, in ISO 8601.
      type: str
      returned: if the service sends it
    snapshotType:
      description: Why it was taken.
      type: str
      choices: [onDemand, scheduled, fallback]
      returned: if the service sends it
    type:
      description: Whether it is of a replica set, which may be one shard, or of a whole sharded cluster.
      type: str
      choices: [replicaSet, shardedCluster]
      returned: if the service sends it
    configServerType:
      description: Where the sharded cluster has its configuration.
      type: str
      returned: for a sharded cluster, if the service sends it
    storageSizeBytes:
      description: Its size in bytes.
      type: int
      returned: if the service sends it
    members:
      description: The shards' own snapshots, each with C(id) and C(replicaSetName).
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
  description: How many snapshots were asked for, changed, left unchanged, and failed.
  returned: once the snapshots have been looked up
  type: dict
  sample: {requested: 1, changed: 1, unchanged: 0, failed: 0}
diff:
  description: The snapshots before and after, by their ids; a new one by its description.
  returned: in diff mode
  type: dict
error:
  description: The first error. C(status) is the HTTP status, C(code) the service's own code.
  returned: on failure
  type: dict
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
    "snapshot_ids": {"type": "list", "elements": "str", "aliases": ["snapshot_id"]},
    "description": {"type": "str"},
    "retention_in_days": {"type": "int"},
    "max_age": {"type": "str"},
    "force": {"type": "bool", "default": False},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Brings snapshots to the desired state, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    wait_options = WaitOptions.from_params(params)
    keys = conventions.ids("snapshot_ids", params, context)
    if (params["state"] == "absent") == (keys is None):
        words = "To delete snapshots, give snapshot_ids." if keys is None else "snapshot_ids goes with state=absent."
        raise InvalidInput(words)
    if keys is not None:
        snapshot_reconcile.refuse_for_existing(params)
    snapshots = Snapshots(Cluster(params, settings, context))
    if keys is not None:
        absent = snapshot_reconcile.AbsentSnapshotReconciler(snapshots)
        deleted = engine.reconcile(absent, keys, context, settings, params["max_deletions"])
        return report.report(absent, deleted, context, params["report"])
    new = snapshot_reconcile.NewSnapshotReconciler(snapshots, params, wait_options, context.clock)
    items = engine.reconcile(new, [new.description], context, settings)
    wait_for(new, items, wait_options, context)
    return report.report(new, items, context, params["report"])


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
