# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that say where LTS is and how to sign in, and which of them count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...._core.params import environment
from ...._core.params.environment import FromEnvironment, is_own
from ...._core.params.raw_arguments import SELECTOR


def _text(*names: str, **more: Any) -> dict[str, Any]:
    return environment.text(names, **more)


# The names of LTS in the catalog of IAM, and in the keys of clouds.yaml that override it; the better one first.
SERVICE_TYPES = ("ltsv2", "lts")
# The forms of a signature, see signature.py.
ACCESS = "access"
CREDENTIAL = "credential"

# The variables are those that the clouds' own command lines, SDKs and Terraform providers read.
_ACCESS_KEY = ["OS_ACCESS_KEY", "OS_ACCESS_KEY_ID", "OS_AK", "HUAWEICLOUD_SDK_AK"]
_SECRET_KEY = ["OS_SECRET_KEY", "OS_SK", "HUAWEICLOUD_SDK_SK"]

OPTIONS = {
    "endpoint": environment.address(["OTC_LTS_ENDPOINT"]),
    "region": _text("OS_REGION_NAME", "OS_REGION", aliases=["region_name"]),
    "project_id": _text("OS_PROJECT_ID", "OS_TENANT_ID", "HUAWEICLOUD_SDK_PROJECT_ID", **SELECTOR),
    "project_name": _text("OS_PROJECT_NAME", "OS_TENANT_NAME", **SELECTOR),
    "auth_token": _text("OS_TOKEN", "OS_AUTH_TOKEN", no_log=True),
    "access_key": environment.pair(_ACCESS_KEY, _SECRET_KEY, no_log=False),
    "secret_key": environment.pair(_SECRET_KEY, _ACCESS_KEY, no_log=True),
    "security_token": environment.pair(
        ["OS_SECURITY_TOKEN", "HUAWEICLOUD_SDK_SECURITY_TOKEN"], _ACCESS_KEY, no_log=True
    ),
    "auth_form": {"type": "str", "choices": [ACCESS, CREDENTIAL]},
    "auth_url": environment.address(["OS_AUTH_URL"]),
    "username": _text("OS_USERNAME"),
    "user_id": _text("OS_USER_ID"),
    "password": _text("OS_PASSWORD", no_log=True),
    "passcode": _text("OS_PASSCODE", no_log=True),
    "user_domain_name": _text("OS_USER_DOMAIN_NAME", "OS_DOMAIN_NAME"),
    "user_domain_id": _text("OS_USER_DOMAIN_ID", "OS_DOMAIN_ID", "HUAWEICLOUD_SDK_DOMAIN_ID"),
    "cloud": _text("OS_CLOUD"),
    "agency_name": _text("OS_AGENCY_NAME", **SELECTOR),
    "agency_domain_name": _text("OS_AGENCY_DOMAIN_NAME", **SELECTOR),
    "delegated_project": _text("OS_DELEGATED_PROJECT", **SELECTOR),
}

# The ways to sign in, in the order in which the environment is searched.
WAYS = (
    ("auth_token",),
    ("access_key", "secret_key"),
    ("username", "password"),
    ("user_id", "password"),
    ("cloud",),
)
AGENCY = ("agency_name", "agency_domain_name", "delegated_project")

# {the option that stands for a way to sign in: what to do if the credentials are refused}
REFUSED = {
    "auth_token": "Give a new auth_token: this one may have expired or belong to another project, or "
    "the service's clock may be wrong.",
    "access_key": "Check access_key, secret_key and security_token, the clock of this machine, and whether the service "
    "supports this auth_form. After five refusals in a row, a key is locked for five minutes.",
    "password": "Check the user name, the domain, the password and the project; a user with a virtual MFA device needs "
    "a passcode as well. IAM locks users that are refused too often.",
    "cloud": "Check the credentials and the project of this cloud in clouds.yaml. IAM locks users that are refused too "
    "often.",
}


def way_to_sign_in(params: Mapping[str, Any]) -> set[str]:
    """The options of the way to sign in that counts.

    :raises InvalidInput: not exactly one way is given.
    """
    return environment.way_to_sign_in(
        params, WAYS, "auth_token; access_key and secret_key; username (or user_id) and password; cloud"
    )


def without_foreign_values(params: Mapping[str, Any], way: set[str]) -> Mapping[str, Any]:
    """The parameters without values from the environment that belong to other credentials than those that count.

    :param way: the options of the way to sign in.
    """
    key = [params[option] for option in ("access_key", "security_token")]
    if len({value.prefix for value in key if isinstance(value, FromEnvironment)}) > 1:
        # The token belongs to another key.
        params = {**params, "security_token": None}
    if not params["agency_name"]:
        params = {**params, "delegated_project": None}
    if not any(is_own(params, option) for option in way) and way != {"cloud"}:
        return params
    companions = [*AGENCY, "security_token", "passcode"]
    if way == {"cloud"}:
        companions += ["endpoint", "region", "project_id", "project_name", "auth_url", "user_domain_name"]
        companions += ["user_domain_id", "username", "user_id", "password", "auth_token", "access_key", "secret_key"]
    if is_own(params, "agency_name"):
        companions.remove("agency_domain_name")
    return {**params, **{option: None for option in companions if not is_own(params, option)}}
