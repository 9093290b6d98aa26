# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach the Log Tank Service."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  endpoint:
    description:
      - Scheme, host and port of LTS, without a path, for example V(https://lts.eu-de.otc.t-systems.com).
      - If not set, the value of E(OTC_LTS_ENDPOINT) is used. Either this or O(region) is needed.
    type: str
  region:
    description:
      - Region of Open Telekom Cloud that gives the endpoint, V(eu-de) or V(eu-nl). Not looked at if O(endpoint) is
        given.
      - If not set, the value of E(OS_REGION_NAME) or E(OS_REGION) is used.
    type: str
  project_id:
    description:
      - Id of the project, 32 hexadecimal digits.
      - If not set, the value of E(OS_PROJECT_ID), E(OS_TENANT_ID) or E(HUAWEICLOUD_SDK_PROJECT_ID) is used.
    type: str
    required: true
  auth_token:
    description:
      - A token of the Identity and Access Management that was issued for the project.
      - If not set, the value of E(OS_TOKEN) or E(OS_AUTH_TOKEN) is used.
    type: str
    required: true
  log_group_id:
    description:
      - Id of the log group. Exactly one of O(log_group_id) and O(log_group_name) is needed.
    type: str
  log_group_name:
    description:
      - Name of the log group. Exactly one of O(log_group_id) and O(log_group_name) is needed.
    type: str
"""
