# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options for Ops Manager and Cloud Manager."""

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
