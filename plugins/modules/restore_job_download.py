#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: restore_job_download
short_description: Download snapshots of MongoDB Atlas cloud backups
version_added: 0.1.0
description:
  - Fetches the archives of MongoDB Atlas restore jobs with the delivery type C(download). A sharded cluster has one
    archive for each shard.
  - Archives can be of any size; the module needs little memory.
  - An interrupted transfer resumes where it stopped, if the service supports that.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.mongodb
  - saasops.jobs.atlas
  - saasops.jobs.http_options
  - saasops.jobs.download
  - saasops.jobs.file_attributes
  - ansible.builtin.files
  - saasops.jobs.report
options:
  job_ids:
    description:
      - IDs of the restore jobs, 24 hexadecimal digits each.
      - In a folder, the archive of a job is named C(restore-CLUSTER-TAKEN-SNAPSHOT.tar.gz), for example
        C(restore-blue-20260331T0800Z-66f1c0de00000000000000e2.tar.gz). The time is when the snapshot was taken, in UTC.
        The archive of a shard is named C(restore-CLUSTER-TAKEN-SNAPSHOT-SHARD.tar.gz).
      - Also accepts a string with commas, spaces or line breaks between the items.
      - In check mode, a job that is not ready yet only causes a warning, as an earlier task may wait for it.
    type: list
    elements: str
    required: true
    aliases: [job_id]
  reveal_urls:
    description:
      - Whether to show download URLs in results. Anyone who has such a URL can download the data without credentials.
    type: bool
    default: false
  endpoint_type:
    description:
      - Which URL to fetch an archive from.
      - V(public) uses the public URL in C(deliveryUrl).
      - V(private) uses the URL of a private endpoint in C(privateDownloadDeliveryUrls). MongoDB Atlas provides such
        URLs on AWS and Azure, if the project has private endpoints in the region of the snapshot. They can be reached
        only from the network of the endpoint, and the transfer may incur charges.
      - V(auto) uses the public URL if there is one, and the private URL otherwise.
    type: str
    choices: [public, private, auto]
    default: public
  endpoint_id:
    description:
      - ID of the private endpoint, as in C(privateDownloadDeliveryUrls). Required if there are several.
    type: str
notes:
  - The downloads of flex clusters require O(api_version=v2), and expire four hours after they were started.
  - The download URL of a dedicated cluster works only once, and expires after an hour. The module does not need it if
    the file is already there.
seealso:
  - module: saasops.jobs.restore_job
  - name: Restore from a Locally-Downloaded Snapshot
    description: What to do with the archive.
    link: https://www.mongodb.com/docs/atlas/backup/cloud-backup/restore-from-local-file/
  - name: Logs and backups that are not jobs
    description: What the modules do not cover, and what to use for it.
    link: https://github.com/saasops/ansible-collection-jobs/blob/main/docs/other-logs-and-backups.md
"""

EXAMPLES = r"""
- name: Fetch a download that is ready
  saasops.jobs.restore_job_download:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    job_id: 66f1c0de00000000000000b2
    dest: /tmp/blue.tar.gz
    owner: mongod
    group: mongod
    mode: "0640"

- name: Fetch the shards of a sharded cluster, over a private endpoint if there is no public URL
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
    - Fields that are not listed here come from the service; see its API reference.
  returned: once the jobs have been looked up
  type: list
  elements: dict
  contains:
    id:
      description: ID of the job.
      type: str
      returned: always
    action:
      description:
        - What the task did, or would do in check mode.
        - V(set_mode) changed only the permissions of a file. V(set_attributes) changed its owner, group, SELinux
          context or flags, with or without its permissions.
      type: str
      choices: [download, set_mode, set_attributes, none]
      returned: always
    changed:
      description: Whether the task changed a file, or would change one in check mode.
      type: bool
      returned: always
    error:
      description: Why the archive could not be fetched. Has the same fields as RV(error). The file is unchanged.
      type: dict
      returned: if the archive could not be fetched
    status:
      description: State of the job when it was looked up, derived from other fields of the service.
      type: str
      choices: [in_progress, ready, finished, failed, expired, cancelled]
      returned: if the job exists
    snapshotId:
      description: ID of the snapshot.
      type: str
      returned: if the job exists
    deliveryUrl:
      description: The URLs of the download. Placeholders unless O(reveal_urls=true).
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
    files:
      description: The archives as they are after the task, or would be in check mode.
      type: list
      elements: dict
      returned: if the job exists
      contains:
        dest:
          description: Path of the file.
          type: str
          returned: always
        size:
          description: Size of the file in bytes. In check mode, V(null) for a file that would be fetched.
          type: int
          returned: always
        mode:
          description: Permissions of the file.
          type: str
          returned: always
        owner:
          description: Name of the user who owns the file, or the ID if there is no name.
          type: str
          returned: if O(owner) is set
        group:
          description: Name of the group of the file, or the ID if there is no name.
          type: str
          returned: if O(group) is set
        secontext:
          description: SELinux context of the file. V(null) where SELinux is off, and in check mode for a new file.
          type: str
          returned: if O(seuser), O(serole), O(setype) or O(selevel) is set
        attributes:
          description: Flags of the file as letters of C(lsattr). In check mode, V(null) for a new file.
          type: str
          returned: if O(attributes) is set
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
files:
  description:
    - The paths of the files, by job ID, for each job in RV(jobs) that did not fail.
    - In check mode, these are the paths that the task would write to.
  returned: once the jobs have been looked up
  type: dict
  sample: {66f1c0de00000000000000b2: [/tmp/blue.tar.gz]}
summary:
  description: Number of jobs that were requested, changed, left unchanged, and failed.
  returned: once the jobs have been looked up
  type: dict
  sample: {requested: 2, changed: 1, unchanged: 1, failed: 0}
diff:
  description: The files before and after the task, by job ID.
  returned: in diff mode
  type: dict
error:
  description: The first error. C(status) is the HTTP status, and C(code) is the error code of the service.
  returned: on failure
  type: dict
"""

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.destination import Destination
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.floor import Floor
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import ITEMS
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
    "job_ids": {"type": "list", "elements": "str", "required": True, "aliases": ["job_id"], **ITEMS},
    "reveal_urls": {"type": "bool", "default": False},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Fetches the archives of restore jobs, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    job_ids = conventions.ids("job_ids", params, context) or []
    destination = Destination(params, len(job_ids), context)
    jobs = RestoreJobs(Cluster(params, settings, context), reveals=params["reveal_urls"])
    floor = Floor.from_params(params)
    reconciler = DeliveryReconciler(jobs, routes.route(params), destination, context, settings, floor)
    items = engine.reconcile(reconciler, job_ids, context, settings)
    return report.report(reconciler, items, context, params["report"])


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
