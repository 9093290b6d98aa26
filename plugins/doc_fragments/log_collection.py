# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach Ops Manager or Cloud Manager."""

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
      - Public part of an API key. Give either O(public_key) and O(private_key), or O(client_id) and O(client_secret).
      - What a task gives comes before what the environment has. Of the environment, an API key comes before a service
        account, which is not sent to a host in E(MCLI_OPS_MANAGER_URL) that it does not belong to.
      - If not set, the value of E(MCLI_PUBLIC_API_KEY) is used.
    type: str
  private_key:
    description:
      - Private part of the API key.
      - If not set, the value of E(MCLI_PRIVATE_API_KEY) is used.
    type: str
  client_id:
    description:
      - Id of a service account, where the product has them. Its token is fetched once for the whole task, and revoked
        when the task ends.
      - If not set, the value of E(MONGODB_ATLAS_CLIENT_ID) is used.
    type: str
  client_secret:
    description:
      - Secret of the service account.
      - If not set, the value of E(MONGODB_ATLAS_CLIENT_SECRET) is used.
    type: str
  project_id:
    description:
      - Id of the project (group), 24 hexadecimal digits.
      - If not set, the value of E(MCLI_PROJECT_ID) is used.
    type: str
    required: true
    aliases: [group_id]
  product:
    description:
      - Which product it is. V(atlas) is for Atlas projects that still serve log collection jobs.
      - If not set, V(cloud_manager) at C(cloud.mongodb.com), and V(ops_manager) everywhere else.
    type: str
    choices: [ops_manager, cloud_manager, atlas]
  requests_per_minute:
    description:
      - Send no more than so many requests in a minute from the start, for a project whose limit is known.
      - Without it, a task goes on at full speed until the service says what its limit is, and keeps to that from then
        on. Nothing fails by it.
    type: int
"""
