# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach the Log Tank Service."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - openstacksdk >= 1.0.0 (only with O(cloud))
options:
  endpoint:
    description:
      - Scheme, host and port of LTS, without a path, for example V(https://lts.eu-de.otc.t-systems.com).
      - If not set, the value of E(OTC_LTS_ENDPOINT) is used. Give either this or O(region), unless O(cloud) tells it.
    type: str
  region:
    description:
      - Region that gives the addresses of LTS and of the Identity and Access Management (IAM). V(eu-de), V(eu-nl) and
        V(eu-ch2) belong to Open Telekom Cloud, all others, such as V(ap-southeast-3), to Huawei Cloud.
      - O(endpoint) and O(auth_url) take precedence.
      - If not set, the value of E(OS_REGION_NAME) or E(OS_REGION) is used.
    type: str
    aliases: [region_name]
  project_id:
    description:
      - Id of the project, 32 hexadecimal digits. Give either this or O(project_name), unless O(cloud) tells it.
      - If not set, the value of E(OS_PROJECT_ID), E(OS_TENANT_ID) or E(HUAWEICLOUD_SDK_PROJECT_ID) is used.
    type: str
  project_name:
    description:
      - Name of the project, for example V(eu-de). Its id is looked up once. Ignored if O(project_id) is given.
      - If not set, the value of E(OS_PROJECT_NAME) or E(OS_TENANT_NAME) is used.
    type: str
  auth_token:
    description:
      - A token that IAM has issued for the project.
      - Give exactly one of O(auth_token), O(access_key) with O(secret_key), O(username) or O(user_id) with
        O(password), and O(cloud). If a task gives none of them, and the environment several, the first of them in this
        order is used.
      - If a task gives its own credentials, agencies, passcodes and security tokens in the environment are ignored, as
        they belong to others.
      - If not set, the value of E(OS_TOKEN) or E(OS_AUTH_TOKEN) is used.
    type: str
  access_key:
    description:
      - Access key (AK). Requests are signed with O(secret_key), which is never sent.
      - If not set, the value of E(OS_ACCESS_KEY), E(OS_ACCESS_KEY_ID), E(OS_AK) or E(HUAWEICLOUD_SDK_AK) is used.
    type: str
  secret_key:
    description:
      - Secret key (SK) of O(access_key).
      - If not set, the value of E(OS_SECRET_KEY), E(OS_SK) or E(HUAWEICLOUD_SDK_SK) is used.
    type: str
  security_token:
    description:
      - Security token of a temporary O(access_key).
      - If not set, the value of E(OS_SECURITY_TOKEN) or E(HUAWEICLOUD_SDK_SECURITY_TOKEN) is used.
    type: str
  auth_form:
    description:
      - Form of the signature.
      - V(access) is what Huawei Cloud documents. It begins with C(Access=).
      - V(credential) is what the Terraform provider of Open Telekom Cloud sends. It begins with C(Credential=).
      - By default, hosts of Open Telekom Cloud get V(credential), and all others V(access).
    type: str
    choices: [access, credential]
  auth_url:
    description:
      - Address of IAM, for example V(https://iam.eu-de.otc.t-systems.com/v3).
      - It is needed to sign in with a password or an agency, and to look up O(project_name), unless O(region) gives it.
      - If not set, the value of E(OS_AUTH_URL) is used.
    type: str
  username:
    description:
      - Name of a user of O(user_domain_name) or O(user_domain_id). One token serves the whole task.
      - If not set, the value of E(OS_USERNAME) is used.
    type: str
  user_id:
    description:
      - Id of a user, instead of O(username).
      - If not set, the value of E(OS_USER_ID) is used.
    type: str
  password:
    description:
      - Password of the user.
      - If not set, the value of E(OS_PASSWORD) is used.
    type: str
  passcode:
    description:
      - Passcode of the user's virtual MFA device (TOTP). It needs O(user_id), and works for one task only.
      - If not set, the value of E(OS_PASSCODE) is used.
    type: str
  user_domain_name:
    description:
      - Name of the domain (the account) of the user.
      - If not set, the value of E(OS_USER_DOMAIN_NAME) or E(OS_DOMAIN_NAME) is used.
    type: str
  user_domain_id:
    description:
      - Id of the domain of the user. Ignored if O(user_domain_name) is given.
      - If not set, the value of E(OS_USER_DOMAIN_ID), E(OS_DOMAIN_ID) or E(HUAWEICLOUD_SDK_DOMAIN_ID) is used.
    type: str
  cloud:
    description:
      - Name of a cloud in C(clouds.yaml), which says how to sign in, with a password, a token or an access key. The
        Python library openstacksdk reads it.
      - Other options that the task gives take precedence over C(clouds.yaml), and this over the environment.
      - If the task does not give O(endpoint), it comes from C(ltsv2_endpoint_override) or C(lts_endpoint_override) in
        C(clouds.yaml), from the catalog of IAM, or from the region, in this order.
      - Its C(verify) and C(cacert) apply to LTS and to IAM, unless the task has options of its own about certificates.
      - If not set, the value of E(OS_CLOUD) is used.
    type: str
  agency_name:
    description:
      - Name of an agency (C(assume_role)) that lets the task work in another account. It does not work with
        O(access_key).
      - O(project_id), O(project_name) or O(delegated_project) names the project that the agency gives access to.
      - If not set, the value of E(OS_AGENCY_NAME) is used.
    type: str
  agency_domain_name:
    description:
      - Name of the domain that created the agency.
      - If not set, the value of E(OS_AGENCY_DOMAIN_NAME) is used.
    type: str
  delegated_project:
    description:
      - Name of the project that O(agency_name) gives access to. O(project_id) and O(project_name) are then those of the
        user.
      - If not set, the value of E(OS_DELEGATED_PROJECT) is used.
    type: str
attributes:
  action_group:
    description: Use C(group/saasops.jobs.lts) or C(group/saasops.jobs.all) in C(module_defaults) to set defaults.
    support: full
    membership:
      - saasops.jobs.all
      - saasops.jobs.lts
"""

    GROUP = r"""
options:
  log_group_id:
    description:
      - Id of the log group. Give exactly one of O(log_group_id) and O(log_group_name).
    type: str
  log_group_name:
    description:
      - Name of the log group. Give exactly one of O(log_group_id) and O(log_group_name).
    type: str
"""

    SETTINGS = r"""
options:
  ttl_in_days:
    description:
      - The number of days for which logs are kept, from 1 to 365. Some regions allow less.
      - If this is not given, what exists already keeps its own.
    type: int
  tags:
    description:
      - Tags, as a dictionary. If this is not given, what exists already keeps its own.
      - System tags, whose keys begin with C(_sys), are not touched.
    type: dict
  purge_tags:
    description:
      - Whether to remove tags that are not in O(tags). Without O(tags), none are removed.
    type: bool
    default: true
"""
