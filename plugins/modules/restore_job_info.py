#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: restore_job_info
short_description: List restore jobs of MongoDB Atlas cloud backups
version_added: 0.1.0
description:
  - Lists the restore jobs of a MongoDB Atlas cluster, either all of them or those with the given IDs.
  - If several filters are set, only jobs that match all of them are listed.
  - If the cluster does not exist, the list is empty, and the module warns about it.
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
  job_ids:
    description:
      - IDs of the restore jobs, 24 hexadecimal digits each. If not set, all jobs of the cluster are listed.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [job_id]
  status:
    description:
      - Return only jobs in one of these states, see RV(jobs[].status).
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    choices: [in_progress, ready, finished, failed, expired, cancelled]
  delivery_type:
    description:
      - Return only jobs with one of these delivery types.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    choices: [automated, download, pointInTime]
  snapshot_id:
    description:
      - Return only jobs that restore the snapshot with this ID, 24 hexadecimal digits.
    type: str
  target_cluster_name:
    description:
      - Return only jobs that restore to this cluster.
    type: str
  reveal_urls:
    description:
      - Whether to show download URLs in results. Anyone who has such a URL can download the data without credentials.
    type: bool
    default: false
  fields:
    description:
      - Return only these fields of each job, and its C(id). If not set, all fields are returned.
      - The filters can still use all fields.
    type: list
    elements: str
    choices:
      - snapshotId
      - deliveryType
      - cancelled
      - expired
      - failed
      - finishedAt
      - expiresAt
      - createdAt
      - timestamp
      - desiredTimestamp
      - targetClusterName
      - targetGroupId
      - targetDeploymentItemName
      - oplogTs
      - oplogInc
      - pointInTimeUTCSeconds
      - deliveryUrl
      - privateDownloadDeliveryUrls
      - components
      - status
notes:
  - The jobs of flex clusters require O(api_version=v2). They have the same fields and states as those of other
    clusters. V(automated) is a restore to a cluster.
  - Atlas does not return the time at which a restore job was created. O(created_before), O(created_after),
    O(older_than) and O(newer_than) use the creation time that is part of the job ID, or the time of the snapshot if the
    ID contains none.
seealso:
  - module: saasops.jobs.restore_job
  - name: Cloud Backup Restore Jobs
    description: API reference.
    link: https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/restore/restores/
  - name: Logs and backups that are not jobs
    description: What the modules do not cover, and what to use for it.
    link: https://github.com/saasops/ansible-collection-jobs/blob/main/docs/other-logs-and-backups.md
"""

EXAMPLES = r"""
- name: List the manual downloads that are ready to be fetched
  saasops.jobs.restore_job_info:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    delivery_type: download
    status: ready
  register: waiting

- name: Show the download URL of a job
  saasops.jobs.restore_job_info:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    job_id: 66f1c0de00000000000000b2
    reveal_urls: true
    fields: [deliveryUrl, expiresAt]

- name: List the jobs that restore a given snapshot to a given cluster
  saasops.jobs.restore_job_info:
    client_id: "{{ atlas_client_id }}"
    client_secret: "{{ atlas_client_secret }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    snapshot_id: 66f1c0de00000000000000e3
    target_cluster_name: indigo

- name: List the jobs of the first two weeks of March
  saasops.jobs.restore_job_info:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    api_version: v1.0
    cluster_name: blue
    created_after: "2026-03-01"
    created_before: "2026-03-15"

- name: List the jobs that were started between a day and a week ago
  saasops.jobs.restore_job_info:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    older_than: 1d
    newer_than: 1w

- name: Cancel the downloads that are ready
  saasops.jobs.restore_job:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    job_ids: "{{ waiting.jobs | map(attribute='id') }}"
    state: absent
  when: waiting.jobs | length > 0
"""

RETURN = r"""
jobs:
  description:
    - The jobs, in the order of O(job_ids) if set, or else in the order of the service.
    - Fields that are not listed here come from the service; see its API reference.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the job.
      type: str
      returned: always
    status:
      description:
        - State of the job. The service has no such field; the module derives it from other fields.
        - V(ready) means that a manual download can be fetched. Once it has been fetched, it is V(in_progress) again
          until it expires, because the service shows it like a download that is still being prepared.
      type: str
      choices: [in_progress, ready, finished, failed, expired, cancelled]
      returned: always
    deliveryType:
      description: How the snapshot is delivered.
      type: str
      returned: always
    deliveryUrl:
      description: The URLs of a download. Placeholders unless O(reveal_urls=true).
      type: list
      elements: str
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
    components:
      description:
        - The parts of a download of a sharded cluster, each with C(replicaSetName) and C(downloadUrl). The latter is a
          placeholder unless O(reveal_urls=true).
      type: list
      elements: dict
      returned: if the service returns it
    snapshotId:
      description: ID of the snapshot.
      type: str
      returned: if the service returns it
    timestamp:
      description: When the snapshot was taken, in ISO 8601 format.
      type: str
      returned: if the service returns it
    targetClusterName:
      description: Name of the cluster to restore to.
      type: str
      returned: if the service returns it
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
      status: ready
      cancelled: false
      expired: false
      failed: false
      deliveryType: download
      deliveryUrl: [(hidden)]
      snapshotId: 66f1c0de00000000000000e1
      timestamp: "2026-03-01T07:00:00Z"
      expiresAt: "2026-03-01T09:04:00Z"
total:
  description: Number of jobs before filtering.
  returned: success
  type: int
  sample: 12
matched:
  description: Number of jobs that match the filters, before O(limit).
  returned: success
  type: int
  sample: 6
missing:
  description: Those of O(job_ids) that do not exist.
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
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, timestamps
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import ITEMS, SELECTOR
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.listing import Extract, ListSource, listing
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import conventions
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import restore_api
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.cluster import OPTIONS, Cluster

ARGUMENT_SPEC = {
    **OPTIONS,
    **argspec.HTTP,
    **argspec.CREATED,
    **argspec.listing(restore_api.SHOWN),
    "job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"], **ITEMS},
    "status": {"type": "list", "elements": "str", "choices": restore_api.STATUSES, **SELECTOR},
    "delivery_type": {"type": "list", "elements": "str", "choices": restore_api.DELIVERY_TYPES, **SELECTOR},
    "snapshot_id": {"type": "str", **SELECTOR},
    "target_cluster_name": {"type": "str", **SELECTOR},
    "reveal_urls": {"type": "bool", "default": False},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Lists restore jobs, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    extract = Extract.from_params(params, restore_api.SHOWN)
    now = context.clock.present()
    window = timestamps.TimeWindow(params, now)
    job_ids = conventions.ids("job_ids", params, context)
    snapshot = conventions.one_id("snapshot_id", params, context)
    service = restore_api.RestoreJobs(Cluster(params, settings, context), reveals=params["reveal_urls"])

    def matches(job: restore_api.Job) -> bool:
        return (
            (params["status"] is None or restore_api.status(job) in params["status"])
            and (params["delivery_type"] is None or job.get("deliveryType") in params["delivery_type"])
            and snapshot in (None, str(job.get("snapshotId")).lower())
            and params["target_cluster_name"] in (None, job.get("targetClusterName"))
            and window.holds(job, lambda job: restore_api.created(job, now))
        )

    source = ListSource("jobs", service.find, service.all, matches, service.fields)
    return listing(source, job_ids, extract, context)


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
