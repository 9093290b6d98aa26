#!/usr/bin/python
# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: log_collection_job_download
short_description: Fetch the logs that MongoDB Ops Manager has collected
version_added: 0.1.0
description:
  - Fetches the archives of log collection jobs of MongoDB Ops Manager or Cloud Manager, several at a time, and of any
    size in little memory.
  - A job that failed still has an archive, of what could be collected; a warning tells so.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.attributes.group_mongodb
  - saasops.jobs.log_collection
  - saasops.jobs.http_options
  - saasops.jobs.download
  - saasops.jobs.report
options:
  job_ids:
    description:
      - Ids of the jobs, 24 hexadecimal digits each.
      - In a folder, the archive of each is called C(log-collection-ID.tar.gz).
      - A text with commas, blanks or line breaks is taken as a list.
      - In check mode, what is not ready to be fetched yet is a warning, as a task before this one may wait for it.
    type: list
    elements: str
    required: true
    aliases: [job_id]
notes:
  - The archive is asked for at O(base_url). The host that the service names in C(downloadUrl) may be another one, and
    never gets to see the credentials.
seealso:
  - module: saasops.jobs.log_collection_job
  - name: Download Log Collection Job
    description: Reference of the API.
    link: https://www.mongodb.com/docs/ops-manager/current/reference/api/log-collections/log-collections-download-job/
"""

EXAMPLES = r"""
- name: Fetch the logs of one job
  saasops.jobs.log_collection_job_download:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    job_id: 66f1c0de00000000000000a1
    dest: /tmp/rsBlue.tar.gz
    mode: "0640"

- name: Fetch the logs of several jobs into a folder, even if they are there already
  saasops.jobs.log_collection_job_download:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
    job_ids:
      - 66f1c0de00000000000000a1
      - 66f1c0de00000000000000a3
    dest: /tmp/logs/
    force: true
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
      description: Status of the job.
      type: str
      returned: if the job exists
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
  sample:
    - id: 66f1c0de00000000000000a1
      action: download
      changed: true
      status: SUCCESS
      files:
        - dest: /tmp/rsBlue.tar.gz
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
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs import api
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.download import (
    LogDownloadReconciler,
)

ARGUMENT_SPEC = {
    **api.OPTIONS,
    **argspec.HTTP,
    **argspec.REPORT,
    **argspec.DOWNLOAD,
    "job_ids": {"type": "list", "elements": "str", "required": True, "aliases": ["job_id"]},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Fetches the archives of log collection jobs, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    job_ids = conventions.ids("job_ids", params, context) or []
    destination = Destination(params, len(job_ids))
    jobs = api.LogCollectionJobs(params, settings, context)
    reconciler = LogDownloadReconciler(
        jobs, destination, context, settings, Floor(params["minimum_rate"], params["stall_timeout"])
    )
    items = engine.reconcile(reconciler, job_ids, context, settings)
    return report.report(reconciler, items, context, params["report"])


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
