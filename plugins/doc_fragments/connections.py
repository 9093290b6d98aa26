# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach any of the services, for what works with several of them."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  base_url:
    description:
      - Scheme, host and port of the service, without a path.
      - Not for O(service=lts).
    type: str
  public_key:
    description:
      - Public part of an API key.
      - Only for O(service=log_collection), O(service=server_log_collection) and O(service=atlas).
    type: str
  private_key:
    description:
      - Private part of the API key.
      - Only for O(service=log_collection), O(service=server_log_collection) and O(service=atlas).
    type: str
  client_id:
    description:
      - ID of a service account.
      - Only for O(service=log_collection) and O(service=atlas).
    type: str
  client_secret:
    description:
      - Secret of the service account.
      - Only for O(service=log_collection) and O(service=atlas).
    type: str
  product:
    description:
      - Which product the service is.
      - Only for O(service=log_collection).
    type: str
    choices: [ops_manager, cloud_manager, atlas]
  requests_per_minute:
    description:
      - Maximum number of requests per minute.
      - Only for O(service=log_collection).
    type: int
  api_version:
    description:
      - Version of the Atlas Administration API.
      - Only for O(service=atlas).
    type: str
    choices: [v1.0, v2]
  endpoint:
    description:
      - Scheme, host and port of LTS, without a path.
      - Only for O(service=lts).
    type: str
  region:
    description:
      - Region that determines the addresses of LTS and IAM.
      - Only for O(service=lts).
    type: str
    aliases: [region_name]
  project_name:
    description:
      - Name of the project.
      - Only for O(service=lts).
    type: str
  auth_token:
    description:
      - Token that IAM has issued for the project.
      - Only for O(service=lts).
    type: str
  access_key:
    description:
      - Access key (AK).
      - Only for O(service=lts).
    type: str
  secret_key:
    description:
      - Secret key (SK) of O(access_key).
      - Only for O(service=lts).
    type: str
  security_token:
    description:
      - Security token of a temporary O(access_key).
      - Only for O(service=lts).
    type: str
  auth_form:
    description:
      - Form of the signature.
      - Only for O(service=lts).
    type: str
    choices: [access, credential]
  auth_url:
    description:
      - URL of IAM.
      - Only for O(service=lts).
    type: str
  username:
    description:
      - Name of a user of LTS or of an account of cielo24.
      - Only for O(service=lts) and O(service=cielo24).
    type: str
  user_id:
    description:
      - ID of a user.
      - Only for O(service=lts).
    type: str
  password:
    description:
      - Password of the user or of the account.
      - Only for O(service=lts) and O(service=cielo24).
    type: str
  passcode:
    description:
      - Passcode of the user's virtual MFA device. It works only once.
      - Only for O(service=lts).
    type: str
  user_domain_name:
    description:
      - Name of the domain of the user.
      - Only for O(service=lts).
    type: str
  user_domain_id:
    description:
      - ID of the domain of the user.
      - Only for O(service=lts).
    type: str
  cloud:
    description:
      - Name of a cloud in C(clouds.yaml).
      - Only for O(service=lts).
    type: str
  agency_name:
    description:
      - Name of an agency.
      - Only for O(service=lts).
    type: str
  agency_domain_name:
    description:
      - Name of the domain that created the agency.
      - Only for O(service=lts).
    type: str
  delegated_project:
    description:
      - Name of the project that O(agency_name) gives access to.
      - Only for O(service=lts).
    type: str
  api_token:
    description:
      - Token from an earlier login.
      - Only for O(service=cielo24).
    type: str
  api_key:
    description:
      - Long-lived API key of the account.
      - Only for O(service=cielo24).
    type: str
"""
