#!/usr/bin/python
# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: restore_job_download
short_description: Fetch snapshots that MongoDB Atlas delivers as downloads
version_added: 0.1.0
description:
  - Fetches the archives of restore jobs of MongoDB Atlas cloud backups with the delivery type C(download), of any size
    in little memory. A sharded cluster has an archive for each shard.
  - A transfer that breaks off goes on where it was, if the service allows that.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.attributes.group_mongodb
  - saasops.jobs.atlas
  - saasops.jobs.http_options
  - saasops.jobs.download
  - saasops.jobs.report
options:
  job_ids:
    description:
      - Ids of the restore jobs, 24 hexadecimal digits each.
      - In a folder, the archive of a job is called C(restore-SNAPSHOT.tar.gz), that of a shard
        C(restore-SNAPSHOT-SHARD.tar.gz).
      - A text with commas, blanks or line breaks is taken as a list.
      - In check mode, what is not ready to be fetched yet is a warning, as a task before this one may wait for it.
    type: list
    elements: str
    required: true
    aliases: [job_id]
  reveal_urls:
    description:
      - Whether results show the addresses of downloads. Who has such an address has the data, without any credentials.
    type: bool
    default: false
  endpoint_type:
    description:
      - Which of its addresses an archive is fetched from.
      - V(public) is the one that is open to everybody, in C(deliveryUrl).
      - V(private) is the one of a private endpoint, in C(privateDownloadDeliveryUrls). MongoDB Atlas has such addresses
        if the project has private endpoints in the region of the snapshot, on AWS and Azure. They can be reached from
        the network of the endpoint only, and such a transfer may be charged for.
      - V(auto) is the public one if there is one, else the private one.
    type: str
    choices: [public, private, auto]
    default: public
  endpoint_id:
    description:
      - Id of the private endpoint, as in C(privateDownloadDeliveryUrls). It is needed if there are several.
    type: str
notes:
  - The address of a download works once, and for an hour. If the file is there already, it is not needed.
seealso:
  - module: saasops.jobs.restore_job
  - name: Restore from a Locally-Downloaded Snapshot
    description: What to do with the archive.
    link: https://www.mongodb.com/docs/atlas/backup/cloud-backup/restore-from-local-file/
"""

EXAMPLES = r"""
- name: Fetch a snapshot whose download is ready
  saasops.jobs.restore_job_download:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    job_id: 66f1c0de00000000000000b2
    dest: /tmp/blue.tar.gz
    mode: "0640"

- name: Fetch the shards of a sharded cluster with a service account, over a private endpoint where that is the only way
  saasops.jobs.restore_job_download:
    client_id: "{{ atlas_client_id }}"
    client_secret: "{{ atlas_client_secret }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: green
    job_ids:
      - 66f1c0de00000000000000c1
    dest: /tmp/green/
    force: true
    reveal_urls: true
    endpoint_type: auto
    endpoint_id: vpce-0a1b2c3d4e5f60001
    minimum_rate: 100000
    stall_timeout: 60
"""

RETURN = r"""
jobs:
  description:
    - The jobs, in the order of O(job_ids).
    - Fields that are not listed here are the service's own, as its reference documents them.
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
      choices: [download, set_mode, none]
      returned: always
    changed:
      description: Whether a file was changed by this task, or would be.
      type: bool
      returned: always
    error:
      description: Why this job's archive could not be had, in the form of RV(error). The file is as it was.
      type: dict
      returned: if it could not be had
    status:
      description: State of the job when it was looked up, derived from the fields of the service.
      type: str
      choices: [in_progress, ready, finished, failed, expired, cancelled]
      returned: if the job exists
    snapshotId:
      description: Id of the snapshot.
      type: str
      returned: if the job exists
    deliveryUrl:
      description: One placeholder for each address, or the addresses with O(reveal_urls=true).
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
    files:
      description: The archives, as they are now; in check mode, as they would be.
      type: list
      elements: dict
      returned: if the job exists
      contains:
        dest:
          description: Path of the file.
          type: str
          returned: always
        size:
          description: Its size in bytes. V(null) for a file that would be fetched, in check mode.
          type: int
          returned: always
        mode:
          description: Its permissions.
          type: str
          returned: always
        part:
          description: Name of the shard.
          type: str
          returned: for a sharded cluster
  sample:
    - id: 66f1c0de00000000000000b2
      action: download
      changed: true
      status: ready
      snapshotId: 66f1c0de00000000000000e2
      files:
        - dest: /tmp/blue.tar.gz
          size: 51234
          mode: "0640"
summary:
  description: How many jobs were asked for, changed, left unchanged, and failed.
  returned: once the jobs have been looked up
  type: dict
  sample: {requested: 2, changed: 1, unchanged: 1, failed: 0}
diff:
  description: The files before and after, by the ids of their jobs.
  returned: in diff mode
  type: dict
error:
  description: The first error. C(status) is the HTTP status, C(code) the service's own code.
  returned: on failure
  type: dict
"""

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.destination import Destination
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.fetch import Floor
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import conventions
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import routes
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.cluster import OPTIONS, Cluster
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.delivery import DeliveryReconciler
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.restore_api import RestoreJobs

ARGUMENT_SPEC = {
    **OPTIONS,
    **argspec.HTTP,
    **argspec.REPORT,
    **argspec.DOWNLOAD,
    **routes.OPTIONS,
    "job_ids": {"type": "list", "elements": "str", "required": True, "aliases": ["job_id"]},
    "reveal_urls": {"type": "bool", "default": False},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Fetches the archives of restore jobs, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    job_ids = conventions.ids("job_ids", params, context) or []
    destination = Destination(params, len(job_ids))
    jobs = RestoreJobs(Cluster(params, settings, context), reveals=params["reveal_urls"])
    floor = Floor(params["minimum_rate"], params["stall_timeout"])
    reconciler = DeliveryReconciler(jobs, routes.route(params), destination, context, settings, floor)
    items = engine.reconcile(reconciler, job_ids, context, settings)
    return report.report(reconciler, items, context, params["report"])


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
