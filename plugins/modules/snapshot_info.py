#!/usr/bin/python
# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snapshot_info
short_description: List snapshots of MongoDB Atlas clusters
version_added: 0.1.0
description:
  - Lists the snapshots of a MongoDB Atlas cluster, all of them or those with given ids. Those of a sharded cluster are
    listed as a whole, and not shard by shard, and with them those from the time before the cluster was sharded. The
    part of one shard is shown if its id is given.
  - A snapshot that is queued or in progress does not show yet when it was taken, so O(older_than), O(newer_than),
    O(created_before) and O(created_after) leave it out.
  - The filters are combined, and a snapshot is listed if it fits all of them.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes.info
  - saasops.jobs.attributes.group_mongodb
  - saasops.jobs.atlas
  - saasops.jobs.http_options
  - saasops.jobs.created
options:
  snapshot_ids:
    description:
      - Ids of the snapshots, 24 hexadecimal digits each. Without it, all snapshots of the cluster are listed.
      - A text with commas, blanks or line breaks is taken as a list.
    type: list
    elements: str
    aliases: [snapshot_id]
  status:
    description:
      - Only snapshots in one of these states.
      - A text with commas, blanks or line breaks is taken as a list.
    type: list
    elements: str
    choices: [queued, inProgress, completed, failed]
  description:
    description:
      - Only snapshots with this description, in which C(*) stands for any text and C(?) for any character.
    type: str
  fields:
    description:
      - Return only these fields of each snapshot, beside its C(id). Without it, all are returned.
      - The filters see all fields all the same.
    type: list
    elements: str
    choices:
      - status
      - createdAt
      - expiresAt
      - description
      - snapshotType
      - frequencyType
      - type
      - replicaSetName
      - members
      - snapshotIds
      - configServerType
      - cloudProvider
      - mongodVersion
      - storageSizeBytes
      - masterKeyUUID
      - copyRegions
      - policyItems
seealso:
  - module: saasops.jobs.snapshot
  - name: Cloud Backup Snapshots
    description: Reference of the API.
    link: https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/backup/backups/
"""

EXAMPLES = r"""
- name: List the snapshots of a week that can be restored
  saasops.jobs.snapshot_info:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    status: completed
    newer_than: 7d
  register: recent

- name: List old snapshots that were taken before deployments
  saasops.jobs.snapshot_info:
    client_id: "{{ atlas_client_id }}"
    client_secret: "{{ atlas_client_secret }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: green
    description: before the * deployment
    older_than: 30d
    fields: [createdAt, description]

- name: List the snapshots of March
  saasops.jobs.snapshot_info:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    created_after: "2026-03-01"
    created_before: "2026-04-01"

- name: See how far a snapshot is
  saasops.jobs.snapshot_info:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    snapshot_id: 66f1c0de00000000000000e1
"""

RETURN = r"""
snapshots:
  description:
    - The snapshots, in the order of O(snapshot_ids), else of the service.
    - Fields that are not listed here are the service's own, as its reference documents them.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the snapshot.
      type: str
      returned: always
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
    - id: 66f1c0de00000000000000e1
      status: completed
      createdAt: "2026-03-01T07:00:00Z"
      expiresAt: "2026-03-08T07:00:00Z"
      snapshotType: scheduled
      storageSizeBytes: 51234
total:
  description: How many snapshots were found before the filters.
  returned: success
  type: int
  sample: 5
missing:
  description: Which of O(snapshot_ids) do not exist.
  returned: success
  type: list
  elements: str
  sample: []
error:
  description: The error. C(status) is the HTTP status, C(code) the service's own code.
  returned: on failure
  type: dict
"""

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, timestamps, wildcards
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.listing import ListSource, listing
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import conventions
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import snapshot_api
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.cluster import OPTIONS, Cluster

ARGUMENT_SPEC = {
    **OPTIONS,
    **argspec.HTTP,
    **argspec.CREATED,
    **argspec.fields(snapshot_api.FIELDS),
    "snapshot_ids": {"type": "list", "elements": "str", "aliases": ["snapshot_id"]},
    "status": {"type": "list", "elements": "str", "choices": snapshot_api.STATUSES},
    "description": {"type": "str"},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Lists snapshots, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    window = timestamps.TimeWindow(params, context.clock.present())
    keys = conventions.ids("snapshot_ids", params, context)
    is_described = wildcards.wildcard(params["description"])
    service = snapshot_api.Snapshots(Cluster(params, settings, context))

    def matches(snapshot: snapshot_api.Snapshot) -> bool:
        return (
            (params["status"] is None or snapshot.get("status") in params["status"])
            and is_described(str(snapshot.get("description") or ""))
            and window.holds(snapshot, snapshot_api.created)
        )

    source = ListSource("snapshots", service.find, service.all, matches, snapshot_api.fields)
    return listing(source, keys, params["fields"], context)


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
