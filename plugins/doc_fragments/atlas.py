# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach MongoDB Atlas."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  base_url:
    description:
      - Scheme, host and port of Atlas, without a path.
      - If not set, the value of E(MONGODB_ATLAS_BASE_URL) is used.
    type: str
    default: https://cloud.mongodb.com
  public_key:
    description:
      - Public part of an API key. Give either O(public_key) and O(private_key), or O(client_id) and O(client_secret).
      - What a task gives comes before what the environment has. Of the environment, a service account comes before an
        API key, and what is in E(MONGODB_ATLAS_PUBLIC_API_KEY) and the like before E(MCLI_PUBLIC_API_KEY), which is
        not used if E(MCLI_OPS_MANAGER_URL) names another host. Both halves of a pair have the same prefix.
      - If not set, the value of E(MONGODB_ATLAS_PUBLIC_API_KEY), E(MONGODB_ATLAS_PUBLIC_KEY) or
        E(MCLI_PUBLIC_API_KEY) is used.
    type: str
  private_key:
    description:
      - Private part of the API key.
      - If not set, the value of E(MONGODB_ATLAS_PRIVATE_API_KEY), E(MONGODB_ATLAS_PRIVATE_KEY) or
        E(MCLI_PRIVATE_API_KEY) is used.
    type: str
  client_id:
    description:
      - Id of a service account. Its token is fetched once for the whole task, and revoked when the task ends.
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
      - If not set, the value of E(MONGODB_ATLAS_PROJECT_ID) or E(MCLI_PROJECT_ID) is used.
    type: str
    required: true
    aliases: [group_id]
  api_version:
    description:
      - Version of the Atlas Administration API.
    type: str
    choices: [v1.0, v2]
    default: v2
  cluster_name:
    description:
      - Name of the cluster whose backups these are, which may be another one than the target of a restore.
    type: str
    required: true
"""
