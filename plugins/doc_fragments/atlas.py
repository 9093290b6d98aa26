# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options for MongoDB Atlas."""

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
      - Public part of an API key. Set either O(public_key) and O(private_key), or O(client_id) and O(client_secret).
      - Credentials in the task take precedence over the environment. In the environment, a service account takes
        precedence over an API key. E(MONGODB_ATLAS_PUBLIC_API_KEY) and E(MONGODB_ATLAS_PUBLIC_KEY) take precedence over
        E(MCLI_PUBLIC_API_KEY), which is ignored if E(MCLI_OPS_MANAGER_URL) names another host. Both halves of a pair
        must come from variables with the same prefix.
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
      - ID of a service account. The module requests one token for the whole task, and revokes it when the task ends.
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
      - Name of the cluster that the backups belong to. A restore can have a different cluster as its target.
    type: str
    required: true
"""
