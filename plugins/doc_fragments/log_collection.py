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
      - Public part of an API key.
      - If not set, the value of E(MCLI_PUBLIC_API_KEY) is used.
    type: str
    required: true
  private_key:
    description:
      - Private part of the API key.
      - If not set, the value of E(MCLI_PRIVATE_API_KEY) is used.
    type: str
    required: true
  project_id:
    description:
      - Id of the project (group), 24 hexadecimal digits.
      - If not set, the value of E(MCLI_PROJECT_ID) is used.
    type: str
    required: true
    aliases: [group_id]
"""
