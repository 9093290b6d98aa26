# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options for Ops Manager and Cloud Manager, and what a log collection job is asked for."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  base_url:
    description:
      - Scheme, host and port of Ops Manager or Cloud Manager, without a path.
      - If not set, the value of E(MCLI_OPS_MANAGER_URL) is used.
    type: str
    default: https://cloud.mongodb.com
  public_key:
    description:
      - Public part of an API key. Set either O(public_key) and O(private_key), or O(client_id) and O(client_secret).
      - Credentials in the task take precedence over the environment. In the environment, an API key takes precedence
        over a service account. A service account is not sent to a host in E(MCLI_OPS_MANAGER_URL) that it does not
        belong to.
      - If not set, the value of E(MCLI_PUBLIC_API_KEY) is used.
    type: str
  private_key:
    description:
      - Private part of the API key.
      - If not set, the value of E(MCLI_PRIVATE_API_KEY) is used.
    type: str
  client_id:
    description:
      - ID of a service account, if the product supports them. The module requests one token for the whole task, and
        revokes it when the task ends.
      - If not set, the value of E(MONGODB_ATLAS_CLIENT_ID) is used.
    type: str
  client_secret:
    description:
      - Secret of the service account.
      - If not set, the value of E(MONGODB_ATLAS_CLIENT_SECRET) is used.
    type: str
  project_id:
    description:
      - ID of the project (group), 24 hexadecimal digits.
      - If not set, the value of E(MCLI_PROJECT_ID) is used.
    type: str
    required: true
    aliases: [group_id]
  product:
    description:
      - Which product the service is. Use V(atlas) for Atlas projects that still support log collection jobs.
      - If not set, V(cloud_manager) is assumed at C(cloud.mongodb.com), and V(ops_manager) everywhere else.
    type: str
    choices: [ops_manager, cloud_manager, atlas]
  requests_per_minute:
    description:
      - Maximum number of requests per minute, if you know the limit of the project.
      - If not set, the task runs at full speed until the service states its limit, and keeps to that limit from then
        on. The task does not fail because of the limit.
    type: int
"""

    COLLECTION = r"""
options:
  resource_type:
    description:
      - Type of the resources in O(resource_names). V(CLUSTER) is a sharded cluster. Required to start a job.
    type: str
    choices: [CLUSTER, PROCESS, REPLICASET]
  log_types:
    description:
      - Types of logs to collect. Required to start a job.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    choices: [AUTOMATION_AGENT, BACKUP_AGENT, MONITORING_AGENT, MONGODB, FTDC]
  size_requested_per_file_bytes:
    description:
      - Maximum amount to collect from each log file, in bytes or with a unit, for example V(500MB) or V(2GB). Units are
        powers of 1024. Required to start a job.
    type: bytes
  redacted:
    description:
      - Whether to replace host names, addresses and similar data in the collected logs. If not set, V(false).
    type: bool
  log_from:
    description:
      - Collect only what was logged from this time on, in ISO 8601 format, for example V(2026-03-31T08:00:00Z). The
        default time zone is UTC. Requires O(log_to).
    type: str
  log_to:
    description:
      - Collect only what was logged up to this time, which must not be in the future.
    type: str
  date_format:
    description:
      - Format in which O(log_from) and O(log_to) are sent. If not set, V(milliseconds) is used for Ops Manager, and
        V(iso8601) for the other products.
    type: str
    choices: [milliseconds, iso8601]
  max_age:
    description:
      - Ignore existing jobs that were started longer ago than this, for example V(20h), and start new ones. The units
        are V(s), V(m), V(h), V(d) and V(w).
    type: str
  expires_at:
    description:
      - When to delete the logs, in ISO 8601 format, at most six months after the job was started. The default of the
        service is 30 days. Requires O(state=present).
      - With O(job_ids), the date can also be earlier than the job's current one. With O(resource_names), the module
        never shortens the time for which an existing job is kept.
    type: str
  keep_for:
    description:
      - Minimum time to keep the logs, counted from the start of the job, for example V(60d). A job that is kept for
        longer stays as it is. Use this instead of O(expires_at).
    type: str
"""
