#!/usr/bin/python
# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: restore_job_info
short_description: List restore jobs of MongoDB Atlas cloud backups
version_added: 0.1.0
description:
  - Lists restore jobs of a MongoDB Atlas cluster, all or those with given ids.
  - The filters are combined, and a job is listed if it fits all of them.
  - A cluster that does not exist has no jobs; a warning says so.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes.info
  - saasops.jobs.attributes.group_mongodb
  - saasops.jobs.atlas
  - saasops.jobs.http_options
  - saasops.jobs.created
options:
  job_ids:
    description:
      - Ids of the restore jobs, 24 hexadecimal digits each. Without it, all jobs of the cluster are listed.
      - A text with commas, blanks or line breaks is taken as a list.
    type: list
    elements: str
    aliases: [job_id]
  status:
    description:
      - Only jobs in one of these states, see RV(jobs[].status).
      - A text with commas, blanks or line breaks is taken as a list.
    type: list
    elements: str
    choices: [in_progress, ready, finished, failed, expired, cancelled]
  delivery_type:
    description:
      - Only jobs that deliver in one of these ways.
      - A text with commas, blanks or line breaks is taken as a list.
    type: list
    elements: str
    choices: [automated, download, pointInTime]
  snapshot_id:
    description:
      - Only jobs that restore this snapshot, 24 hexadecimal digits.
    type: str
  target_cluster_name:
    description:
      - Only jobs that restore to this cluster.
    type: str
  reveal_urls:
    description:
      - Whether results show the addresses of downloads. Who has such an address has the data, without any credentials.
    type: bool
    default: false
  fields:
    description:
      - Return only these fields of each job, beside its C(id). Without it, all are returned.
      - The filters see all fields all the same.
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
  - Atlas does not say when a restore job was created. O(created_before), O(created_after), O(older_than) and
    O(newer_than) go by the time of creation that is part of the job's id, or by the time of the snapshot if the id
    holds none.
seealso:
  - module: saasops.jobs.restore_job
  - name: Cloud Backup Restore Jobs
    description: Reference of the API.
    link: https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/restore/restores/
"""

EXAMPLES = r"""
- name: List the manual downloads that are waiting to be fetched
  saasops.jobs.restore_job_info:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    delivery_type: download
    status: ready
  register: waiting

- name: See where one of them can be fetched
  saasops.jobs.restore_job_info:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    job_id: 66f1c0de00000000000000b2
    reveal_urls: true
    fields: [deliveryUrl, expiresAt]

- name: List what was restored to a cluster from a certain snapshot, with a service account
  saasops.jobs.restore_job_info:
    client_id: "{{ atlas_client_id }}"
    client_secret: "{{ atlas_client_secret }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    snapshot_id: 66f1c0de00000000000000e3
    target_cluster_name: indigo

- name: List the jobs of two weeks
  saasops.jobs.restore_job_info:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    api_version: v1.0
    cluster_name: blue
    created_after: "2026-03-01"
    created_before: "2026-03-15"

- name: List what was started between a day and a week ago
  saasops.jobs.restore_job_info:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    older_than: 1d
    newer_than: 1w

- name: Cancel those that are waiting
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
    - The jobs, in the order of O(job_ids), else of the service.
    - Fields that are not listed here are the service's own, as its reference documents them.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the job.
      type: str
      returned: always
    status:
      description:
        - State of the job, derived from the fields of the service, which has none for this.
        - V(ready) is a manual download that can be fetched. One that was fetched is V(in_progress) again until it
          expires, as the service shows it like one that is being prepared.
      type: str
      choices: [in_progress, ready, finished, failed, expired, cancelled]
      returned: always
    deliveryType:
      description: How the snapshot is delivered.
      type: str
      returned: always
    deliveryUrl:
      description: One placeholder for each address of a download, or the addresses with O(reveal_urls=true).
      type: list
      elements: str
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
    components:
      description:
        - The parts of a download of a sharded cluster, each with C(replicaSetName) and C(downloadUrl), a placeholder or
          the address with O(reveal_urls=true).
      type: list
      elements: dict
      returned: if the service sends it
    snapshotId:
      description: Id of the snapshot.
      type: str
      returned: if the service sends it
    timestamp:
      description: When the snapshot was taken, in ISO 8601.
      type: str
      returned: if the service sends it
    targetClusterName:
      description: Cluster that is restored to.
      type: str
      returned: if the service sends it
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
  description: How many jobs were found before the filters.
  returned: success
  type: int
  sample: 12
missing:
  description: Which of O(job_ids) do not exist.
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
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, timestamps, validators
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.listing import ListSource, listing
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import conventions
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import restore_api
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.cluster import OPTIONS, Cluster

ARGUMENT_SPEC = {
    **OPTIONS,
    **argspec.HTTP,
    **argspec.CREATED,
    **argspec.fields(restore_api.SHOWN),
    "job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"]},
    "status": {"type": "list", "elements": "str", "choices": restore_api.STATUSES},
    "delivery_type": {"type": "list", "elements": "str", "choices": restore_api.DELIVERY_TYPES},
    "snapshot_id": {"type": "str"},
    "target_cluster_name": {"type": "str"},
    "reveal_urls": {"type": "bool", "default": False},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Lists restore jobs, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    now = context.clock.present()
    window = timestamps.TimeWindow(params, now)
    job_ids = conventions.ids("job_ids", params, context)
    snapshot = params["snapshot_id"]
    if snapshot is not None:
        snapshot = validators.identifier(
            "snapshot_id", snapshot, validators.HEX_24, check_mode=context.check_mode
        ).lower()
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
    return listing(source, job_ids, params["fields"], context)


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
