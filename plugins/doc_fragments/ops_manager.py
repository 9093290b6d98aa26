# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options for Ops Manager as a whole, and what a server log collection job is asked for."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  base_url:
    description:
      - Scheme, host and port of Ops Manager, without a path.
      - If not set, the value of E(MCLI_OPS_MANAGER_URL) is used.
    type: str
    required: true
  public_key:
    description:
      - Public part of an API key with a global role. V(Global Read Only) allows listing and downloading, and
        V(Global Owner) everything else.
      - Requires O(private_key).
      - If not set, the value of E(MCLI_PUBLIC_API_KEY) is used.
    type: str
  private_key:
    description:
      - Private part of the API key.
      - If not set, the value of E(MCLI_PRIVATE_API_KEY) is used.
    type: str
attributes:
  action_group:
    description: Use C(group/saasops.jobs.ops_manager) or C(group/saasops.jobs.all) in C(module_defaults) to set
      defaults.
    support: full
    membership:
      - saasops.jobs.all
      - saasops.jobs.ops_manager
notes:
  - Requires a version of Ops Manager that collects the logs of its own servers. Cloud Manager and Atlas do not offer
    this.
"""

    COLLECTION = r"""
options:
  log_types:
    description:
      - Types of logs to collect. V(DAEMON) is the log of a backup daemon, which newer versions of Ops Manager can
        collect. The other types are logs of application servers.
      - If not set, all types are collected that the servers have.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    choices: [APPLICATION, HTTP_ACCESS, MIGRATION, DAEMON]
  size_requested_per_file_bytes:
    description:
      - Maximum amount to collect of each log type from each server, in bytes or with a unit, for example V(500MB) or
        V(2GB). Units are powers of 1024.
      - If not set, the service divides the storage that is left, and an existing job counts whatever its size.
    type: bytes
  log_from:
    description:
      - Collect only what was logged from this time on, in ISO 8601 format, for example V(2026-03-31T08:00:00Z). The
        default time zone is UTC. It must not be in the future. Requires O(log_to).
    type: str
  log_to:
    description:
      - Collect only what was logged up to this time, at most seven days after O(log_from).
    type: str
  max_age:
    description:
      - Ignore existing jobs that were started longer ago than this, for example V(20h), and start a new one. The units
        are V(s), V(m), V(h), V(d) and V(w).
    type: str
  expires_at:
    description:
      - When to delete the logs, in ISO 8601 format, at most 28 days after the job was started. The default of the
        service is seven days. Requires O(state=present).
      - With O(job_ids), the date can also be earlier than the job's current one. Otherwise, the module never shortens
        the time for which an existing job is kept.
    type: str
  keep_for:
    description:
      - Minimum time to keep the logs, counted from the start of the job, for example V(14d). A job that is kept for
        longer stays as it is. Use this instead of O(expires_at).
    type: str
"""
