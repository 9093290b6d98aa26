#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: server_log_collection_job_download
short_description: Download logs of MongoDB Ops Manager itself
version_added: 0.1.0
description:
  - Fetches the archives of jobs that have collected the logs of the servers of MongoDB Ops Manager, several at a time.
  - Archives can be of any size; the module needs little memory.
  - A failed job still has an archive of what could be collected. The module fetches it and warns about it.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.ops_manager
  - saasops.jobs.http_options
  - saasops.jobs.download
  - saasops.jobs.file_attributes
  - ansible.builtin.files
  - saasops.jobs.report
options:
  job_ids:
    description:
      - IDs of the jobs, 24 hexadecimal digits each.
      - In a folder, the archive of a job is named C(server-logs-CREATED-ID.tar.gz), for example
        C(server-logs-20260331T0800Z-66f1c0de00000000000000d1.tar.gz). The time is when the job was created, in UTC. If
        the job is for one server only, its ID comes before the time.
      - Also accepts a string with commas, spaces or line breaks between the items.
      - In check mode, a job that is not ready yet only causes a warning, as an earlier task may wait for it.
    type: list
    elements: str
    required: true
    aliases: [job_id]
notes:
  - The module requests the archive from O(base_url). If the service names another host in C(downloadUrl), that host
    never receives the credentials.
seealso:
  - module: saasops.jobs.server_log_collection_job
  - name: Ops Manager Server Log Collection Jobs
    description: API reference.
    link: https://www.mongodb.com/docs/ops-manager/current/reference/api/om-log-collection/
"""

EXAMPLES = r"""
- name: Fetch the logs of one job
  saasops.jobs.server_log_collection_job_download:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    job_id: 66f1c0de00000000000000d1
    dest: /tmp/ops-manager.tar.gz
    mode: u=rw,g=r
    owner: mongod
    group: support

- name: Fetch the logs of several jobs into a folder, even if they are already there
  saasops.jobs.server_log_collection_job_download:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    job_ids:
      - 66f1c0de00000000000000d1
      - 66f1c0de00000000000000d2
    dest: /tmp/logs/
    force: true
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
      description: Status of the job.
      type: str
      returned: if the job exists
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
  sample:
    - id: 66f1c0de00000000000000d1
      action: download
      changed: true
      status: SUCCESS
      files:
        - dest: /tmp/ops-manager.tar.gz
          size: 51234
          mode: "0640"
files:
  description:
    - The paths of the files, by job ID, for each job in RV(jobs) that did not fail.
    - In check mode, these are the paths that the task would write to.
  returned: once the jobs have been looked up
  type: dict
  sample: {66f1c0de00000000000000d1: [/tmp/ops-manager.tar.gz]}
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
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.server_log_jobs import api
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.server_log_jobs.reconcile import (
    ServerLogDownloadReconciler,
)

ARGUMENT_SPEC = {
    **api.OPTIONS,
    **argspec.HTTP,
    **argspec.REPORT,
    **argspec.DOWNLOAD,
    "job_ids": {"type": "list", "elements": "str", "required": True, "aliases": ["job_id"], **ITEMS},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Fetches the archives of server log collection jobs, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    job_ids = conventions.ids("job_ids", params, context) or []
    destination = Destination(params, len(job_ids), context)
    jobs = api.ServerLogJobs(params, settings, context)
    reconciler = ServerLogDownloadReconciler(jobs, destination, context, settings, Floor.from_params(params))
    items = engine.reconcile(reconciler, job_ids, context, settings)
    return report.report(reconciler, items, context, params["report"])


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
