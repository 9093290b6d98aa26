# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options for the Log Tank Service, options that its modules share, and those of a log transfer."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - openstacksdk >= 1.0.0 (only with O(cloud))
options:
  endpoint:
    description:
      - Scheme, host and port of LTS, without a path, for example V(https://lts.eu-de.otc.t-systems.com). Set either
        this or O(region), unless O(cloud) provides the address.
      - If not set, the value of E(OTC_LTS_ENDPOINT) is used.
    type: str
  region:
    description:
      - Region that determines the addresses of LTS and of Identity and Access Management (IAM). V(eu-de), V(eu-nl) and
        V(eu-ch2) belong to Open Telekom Cloud, and all others, such as V(ap-southeast-3), to Huawei Cloud.
      - O(endpoint) and O(auth_url) take precedence.
      - If not set, the value of E(OS_REGION_NAME) or E(OS_REGION) is used.
    type: str
    aliases: [region_name]
  project_id:
    description:
      - ID of the project, 32 hexadecimal digits. Set either this or O(project_name), unless O(cloud) provides the
        project.
      - If not set, the value of E(OS_PROJECT_ID), E(OS_TENANT_ID) or E(HUAWEICLOUD_SDK_PROJECT_ID) is used.
    type: str
  project_name:
    description:
      - Name of the project, for example V(eu-de). Its ID is looked up once. Ignored if O(project_id) is set.
      - If not set, the value of E(OS_PROJECT_NAME) or E(OS_TENANT_NAME) is used.
    type: str
  auth_token:
    description:
      - Token that IAM has issued for the project.
      - Set exactly one of O(auth_token), O(access_key) with O(secret_key), O(username) or O(user_id) with O(password),
        and O(cloud). If the task sets none of them and the environment has several, the first one in this order is
        used.
      - If the task sets its own credentials, the module ignores any agency, passcode or security token in the
        environment, because these belong to other credentials.
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
      - V(access) is the form that Huawei Cloud documents. It begins with C(Access=).
      - V(credential) is the form that the Terraform provider of Open Telekom Cloud sends. It begins with
        C(Credential=).
      - If not set, V(credential) is used for hosts of Open Telekom Cloud, and V(access) for all others.
    type: str
    choices: [access, credential]
  auth_url:
    description:
      - URL of IAM, for example V(https://iam.eu-de.otc.t-systems.com/v3).
      - Required to sign in with a password or an agency, and to look up O(project_name), unless O(region) determines
        the address.
      - If not set, the value of E(OS_AUTH_URL) is used.
    type: str
  username:
    description:
      - Name of a user in O(user_domain_name) or O(user_domain_id). One token is used for the whole task.
      - If not set, the value of E(OS_USERNAME) is used.
    type: str
  user_id:
    description:
      - ID of a user. Use this instead of O(username).
      - If not set, the value of E(OS_USER_ID) is used.
    type: str
  password:
    description:
      - Password of the user.
      - If not set, the value of E(OS_PASSWORD) is used.
    type: str
  passcode:
    description:
      - Passcode of the user's virtual MFA device (TOTP). Requires O(user_id), and works for only one task.
      - If not set, the value of E(OS_PASSCODE) is used.
    type: str
  user_domain_name:
    description:
      - Name of the domain (account) of the user.
      - If not set, the value of E(OS_USER_DOMAIN_NAME) or E(OS_DOMAIN_NAME) is used.
    type: str
  user_domain_id:
    description:
      - ID of the domain of the user. Ignored if O(user_domain_name) is set.
      - If not set, the value of E(OS_USER_DOMAIN_ID), E(OS_DOMAIN_ID) or E(HUAWEICLOUD_SDK_DOMAIN_ID) is used.
    type: str
  cloud:
    description:
      - Name of a cloud in C(clouds.yaml). That file defines how to sign in, with a password, a token or an access key.
        The Python library C(openstacksdk) reads it.
      - Other options that the task sets take precedence over C(clouds.yaml), which takes precedence over the
        environment.
      - If the task does not set O(endpoint), the address comes from C(ltsv2_endpoint_override) or
        C(lts_endpoint_override) in C(clouds.yaml), from the catalog of IAM, or from the region, in this order.
      - The values of C(verify) and C(cacert) in C(clouds.yaml) apply to LTS and to IAM, unless the task sets its own
        options for certificates.
      - If not set, the value of E(OS_CLOUD) is used.
    type: str
  agency_name:
    description:
      - Name of an agency (C(assume_role)) that lets the task work in another account. It cannot be combined with
        O(access_key).
      - O(project_id), O(project_name) or O(delegated_project) identifies the project that the agency gives access to.
      - If not set, the value of E(OS_AGENCY_NAME) is used.
    type: str
  agency_domain_name:
    description:
      - Name of the domain that created the agency.
      - If not set, the value of E(OS_AGENCY_DOMAIN_NAME) is used.
    type: str
  delegated_project:
    description:
      - Name of the project that O(agency_name) gives access to. O(project_id) and O(project_name) then identify the
        project of the user.
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
      - ID of the log group. Set exactly one of O(log_group_id) and O(log_group_name).
    type: str
  log_group_name:
    description:
      - Name of the log group. Set exactly one of O(log_group_id) and O(log_group_name).
    type: str
"""

    SETTINGS = r"""
options:
  ttl_in_days:
    description:
      - Number of days to keep logs, from 1 to 365. Some regions allow fewer days.
      - If not set, existing items keep their value.
    type: int
  tags:
    description:
      - Tags, as a dictionary. If not set, existing items keep their tags.
      - System tags, whose keys begin with C(_sys), are not changed.
    type: dict
  purge_tags:
    description:
      - Whether to remove tags that are not in O(tags). If O(tags) is not set, no tags are removed.
    type: bool
    default: true
"""

    TRANSFER = r"""
options:
  enabled:
    description:
      - Whether the transfer is enabled. If not set, a new transfer is enabled, and an existing one stays as it is.
      - A transfer with the status V(EXCEPTION) is enabled, but has a problem.
    type: bool
  obs_bucket_name:
    description:
      - Name of the bucket to transfer logs to. Required to create a transfer.
    type: str
  obs_period:
    description:
      - Together with O(obs_period_unit), how often to transfer logs. LTS accepts C(2 min), C(5 min), C(30 min),
        C(1 hour), C(3 hour), C(6 hour) and C(12 hour). Required to create a transfer.
    type: int
  obs_period_unit:
    description:
      - Unit of O(obs_period).
    type: str
    choices: [min, hour]
  obs_prefix_name:
    description:
      - Prefix of the file names in the bucket.
    type: str
  obs_dir_prefix_name:
    description:
      - Folder in the bucket. The API calls it C(obs_dir_pre_fix_name).
    type: str
  obs_time_zone:
    description:
      - Time zone of the folders, for example V(UTC+01:00). Requires O(obs_time_zone_id).
    type: str
  obs_time_zone_id:
    description:
      - ID of the time zone, for example V(Europe/Berlin).
    type: str
  obs_encrypted_enable:
    description:
      - Whether to encrypt the files. Requires O(obs_encrypted_id).
    type: bool
  obs_encrypted_id:
    description:
      - ID of the key in the Key Management Service.
    type: str
  log_storage_format:
    description:
      - Format of the files. If not set, V(RAW) is used for a new transfer.
    type: str
    choices: [RAW, JSON]
  log_agency_transfer:
    description:
      - For a bucket in another account, that account and the agency with which it lets LTS write to the bucket. Cannot
        be changed later.
    type: dict
    suboptions:
      agency_domain_id:
        description: ID of the account that owns the bucket.
        type: str
        required: true
      agency_domain_name:
        description: Name of the account that owns the bucket.
        type: str
        required: true
      agency_name:
        description: Name of the agency that this account has created.
        type: str
        required: true
      agency_project_id:
        description: ID of the project of this account.
        type: str
        required: true
      be_agency_domain_id:
        description: ID of the account that owns the logs.
        type: str
        required: true
      be_agency_project_id:
        description: ID of the project that contains the logs.
        type: str
        required: true
"""
