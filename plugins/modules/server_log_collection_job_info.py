#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: server_log_collection_job_info
short_description: List jobs that collect the logs of MongoDB Ops Manager itself
version_added: 0.1.0
description:
  - Lists the jobs that collect the logs of the servers of MongoDB Ops Manager, either all of them or those with the
    given IDs.
  - If several filters are set, only jobs that match all of them are listed.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes.info
  - saasops.jobs.ops_manager
  - saasops.jobs.http_options
  - saasops.jobs.listing
  - saasops.jobs.created
options:
  job_ids:
    description:
      - IDs of the jobs, 24 hexadecimal digits each. If not set, all jobs are listed.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [job_id]
  status:
    description:
      - Return only jobs with one of these statuses.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    choices: [IN_PROGRESS, SUCCESS, FAILURE, MARKED_FOR_EXPIRY, EXPIRED]
  server:
    description:
      - Return only jobs that collect logs from the server with this ID.
    type: str
  verbose:
    description:
      - Whether to also return the child jobs. There is one for each log type of each server.
    type: bool
    default: false
  list_servers:
    description:
      - Whether to also list the active servers, whose logs can be collected.
    type: bool
    default: false
  fields:
    description:
      - Return only these fields of each job, and its C(id). If not set, all fields are returned.
      - The filters can still use all fields.
    type: list
    elements: str
    choices:
      - creationDate
      - expirationDate
      - finishDate
      - status
      - servers
      - logTypes
      - sizeRequestedPerFileBytes
      - uncompressedSizeTotalBytes
      - sizeLimitHit
      - logCollectionFromDate
      - logCollectionToDate
      - downloadUrl
      - childJobs
seealso:
  - module: saasops.jobs.server_log_collection_job
  - name: Ops Manager Server Log Collection Jobs
    description: API reference.
    link: https://www.mongodb.com/docs/ops-manager/current/reference/api/om-log-collection/
"""

EXAMPLES = r"""
- name: List all jobs, and the servers whose logs can be collected
  saasops.jobs.server_log_collection_job_info:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    list_servers: true
  register: listed

- name: List only the IDs and sizes of the failed jobs
  saasops.jobs.server_log_collection_job_info:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    status: FAILURE
    fields: uncompressedSizeTotalBytes

- name: Show the error messages of each server for a failed job
  saasops.jobs.server_log_collection_job_info:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    job_id: 66f1c0de00000000000000d2
    verbose: true

- name: List the jobs of a server that were started in March
  saasops.jobs.server_log_collection_job_info:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    server: om1.example.net
    created_after: "2026-03-01"
    created_before: "2026-04-01"

- name: List the jobs that were started in the last 24 hours
  saasops.jobs.server_log_collection_job_info:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    newer_than: 24h

- name: Find successful jobs older than 5 days
  saasops.jobs.server_log_collection_job_info:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    older_than: 5d
    status: SUCCESS
  register: old

- name: Delete these jobs
  saasops.jobs.server_log_collection_job:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    job_ids: "{{ old.jobs | map(attribute='id') }}"
    state: absent
  when: old.jobs | length > 0

- name: Find the newest job
  saasops.jobs.server_log_collection_job_info:
    base_url: https://opsmanager.example.net:8443
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    sort_by: creationDate
    reverse: true
    limit: 1
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
      description: Status of the job.
      type: str
      returned: always
    creationDate:
      description: When the job was created, in ISO 8601 format.
      type: str
      returned: always
    expirationDate:
      description: When the logs will be deleted, in ISO 8601 format.
      type: str
      returned: always
    finishDate:
      description: When the job ended, in ISO 8601 format. V(null) while it is in progress.
      type: str
      returned: always
    servers:
      description: IDs of the servers.
      type: list
      elements: str
      returned: always
    logTypes:
      description: Types of logs that were requested.
      type: list
      elements: str
      returned: always
    sizeLimitHit:
      description: Whether there was more in a log than was collected.
      type: bool
      returned: always
    childJobs:
      description: The child jobs, each with C(serverId), C(logCollectionType), C(status), C(errorMessage) and more.
      type: list
      elements: dict
      returned: with O(verbose=true)
  sample:
    - id: 66f1c0de00000000000000d2
      status: FAILURE
      creationDate: "2026-03-01T08:00:00Z"
      expirationDate: "2026-03-08T08:00:00Z"
      finishDate: "2026-03-01T08:02:30Z"
      servers: [om1.example.net, om2.example.net]
      logTypes: [APPLICATION]
      sizeLimitHit: false
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
servers:
  description: The active servers.
  returned: with O(list_servers=true)
  type: list
  elements: dict
  contains:
    serverId:
      description: ID of the server.
      type: str
      returned: always
    serverType:
      description: V(MMS_SERVER) for an application server, V(BACKUP_DAEMON) for a backup daemon.
      type: str
      returned: always
    lastPing:
      description: When the server last sent a sign of life, in ISO 8601 format.
      type: str
      returned: always
  sample:
    - serverId: om1.example.net
      serverType: MMS_SERVER
      lastPing: "2026-03-31T08:00:15Z"
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
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.api import (
    STATUSES,
    created,
    shown_texts,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.calls import Job
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.server_log_jobs import api

ARGUMENT_SPEC = {
    **api.OPTIONS,
    **argspec.HTTP,
    **argspec.CREATED,
    **argspec.listing(api.FIELDS),
    "job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"], **ITEMS},
    "status": {"type": "list", "elements": "str", "choices": STATUSES, **SELECTOR},
    "server": {"type": "str", **SELECTOR},
    "list_servers": {"type": "bool", "default": False},
    "verbose": {"type": "bool", "default": False},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Lists server log collection jobs, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    extract = Extract.from_params(params, api.FIELDS)
    window = timestamps.TimeWindow(params, context.clock.present())
    job_ids = conventions.ids("job_ids", params, context)
    service = api.ServerLogJobs(params, settings, context)

    def matches(job: Job) -> bool:
        return (
            (params["status"] is None or job.get("status") in params["status"])
            and (params["server"] is None or params["server"] in shown_texts(job.get("servers")))
            and window.holds(job, created)
        )

    verbose = params["verbose"]
    source = ListSource[Job](
        "jobs",
        lambda ids: service.find(ids, verbose=verbose),
        lambda: service.all(verbose=verbose),
        matches,
        api.fields_with_children,
    )
    result = listing(source, job_ids, extract, context)
    return {**result, "servers": service.active_servers()} if params["list_servers"] else result


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
