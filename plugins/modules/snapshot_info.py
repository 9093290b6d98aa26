#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snapshot_info
short_description: List snapshots of MongoDB Atlas clusters
version_added: 0.1.0
description:
  - Lists the snapshots of a MongoDB Atlas cluster, either all of them or those with the given IDs.
  - A snapshot of a sharded cluster is listed as a whole, not shard by shard. Snapshots from the time before the cluster
    was sharded are listed, too. The snapshot of a single shard is returned only if its ID is given.
  - A snapshot that is queued or in progress has no creation time yet, so O(older_than), O(newer_than),
    O(created_before) and O(created_after) exclude it.
  - If several filters are set, only snapshots that match all of them are listed.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes.info
  - saasops.jobs.mongodb
  - saasops.jobs.atlas
  - saasops.jobs.http_options
  - saasops.jobs.listing
  - saasops.jobs.created
options:
  snapshot_ids:
    description:
      - IDs of the snapshots, 24 hexadecimal digits each. If not set, all snapshots of the cluster are listed.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [snapshot_id]
  status:
    description:
      - Return only snapshots in one of these states.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    choices: [queued, inProgress, completed, failed]
  description:
    description:
      - Return only snapshots whose description matches this pattern. C(*) matches any text, and C(?) matches one
        character.
    type: str
  fields:
    description:
      - Return only these fields of each snapshot, and its C(id). If not set, all fields are returned.
      - The filters can still use all fields.
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
notes:
  - The snapshots of flex clusters require O(api_version=v2). They have the same fields and states as those of other
    clusters. Their C(createdAt) is the time at which they were completed.
seealso:
  - module: saasops.jobs.snapshot
  - name: Cloud Backup Snapshots
    description: API reference.
    link: https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/backup/backups/
  - name: Logs and backups that are not jobs
    description: What the modules do not cover, and what to use for it.
    link: https://github.com/saasops/ansible-collection-jobs/blob/main/docs/other-logs-and-backups.md
"""

EXAMPLES = r"""
- name: List the completed snapshots of the last seven days
  saasops.jobs.snapshot_info:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    status: completed
    newer_than: 7d
  register: recent

- name: List snapshots older than 30 days that were taken before deployments
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

- name: Show the state of a snapshot
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
    - The snapshots, in the order of O(snapshot_ids) if set, or else in the order of the service.
    - Fields that are not listed here come from the service; see its API reference.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the snapshot.
      type: str
      returned: always
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
    - id: 66f1c0de00000000000000e1
      status: completed
      createdAt: "2026-03-01T07:00:00Z"
      expiresAt: "2026-03-08T07:00:00Z"
      snapshotType: scheduled
      storageSizeBytes: 51234
total:
  description: Number of snapshots before filtering.
  returned: success
  type: int
  sample: 5
matched:
  description: Number of snapshots that match the filters, before O(limit).
  returned: success
  type: int
  sample: 2
missing:
  description: Those of O(snapshot_ids) that do not exist.
  returned: success
  type: list
  elements: str
  sample: []
error:
  description: The error. C(status) is the HTTP status, and C(code) is the error code of the service.
  returned: on failure
  type: dict
"""

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, timestamps, wildcards
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import ITEMS, SELECTOR
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.listing import Extract, ListSource, listing
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import conventions
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import snapshot_api
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.cluster import OPTIONS, Cluster

ARGUMENT_SPEC = {
    **OPTIONS,
    **argspec.HTTP,
    **argspec.CREATED,
    **argspec.listing(snapshot_api.FIELDS),
    "snapshot_ids": {"type": "list", "elements": "str", "aliases": ["snapshot_id"], **ITEMS},
    "status": {"type": "list", "elements": "str", "choices": snapshot_api.STATUSES, **SELECTOR},
    "description": {"type": "str", **SELECTOR},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Lists snapshots, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    extract = Extract.from_params(params, snapshot_api.FIELDS)
    window = timestamps.TimeWindow(params, context.clock.present())
    keys = conventions.ids("snapshot_ids", params, context)
    is_described = wildcards.wildcard(params["description"])
    service = snapshot_api.Snapshots(Cluster(params, settings, context), reads_flex=True)

    def matches(snapshot: snapshot_api.Snapshot) -> bool:
        return (
            (params["status"] is None or snapshot.get("status") in params["status"])
            and is_described(str(snapshot.get("description") or ""))
            and window.holds(snapshot, snapshot_api.created)
        )

    source = ListSource("snapshots", service.find, service.all, matches, snapshot_api.fields)
    return listing(source, keys, extract, context)


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
