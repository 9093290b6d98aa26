# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a clouds.yaml says to sign in. It is read through openstacksdk, which sends nothing.

https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...._core.errors import JobsError, MissingLibrary
from ...._core.redaction.registry import SecretRegistry
from .options import SERVICE_TYPES

_AUTH_TYPES = (None, "password", "v3password", "token", "v3token", "v3totp")
# {option: its names in clouds.yaml}
_OPTIONS = {
    "auth_url": ("auth_url",),
    "auth_token": ("token",),
    "access_key": ("access_key", "ak"),
    "secret_key": ("secret_key", "sk"),
    "security_token": ("security_token",),
    "username": ("username",),
    "user_id": ("user_id",),
    "password": ("password",),
    "passcode": ("passcode",),
    "user_domain_name": ("user_domain_name", "domain_name"),
    "user_domain_id": ("user_domain_id", "domain_id"),
    "project_id": ("project_id", "tenant_id"),
    "project_name": ("project_name", "tenant_name"),
}
_SECRETS = ("auth_token", "secret_key", "security_token", "password", "passcode")


@dataclass(frozen=True)
class Cloud:
    """A cloud of clouds.yaml.

    options: what it says, under the names of our options, with `region` and `endpoint`.
    interface: the interface of services in the catalog, such as "public".
    verify: True, False, or the path of CA certificates.
    """

    options: dict[str, str | None]
    interface: str
    verify: bool | str


def read(name: str, region: str | None, registry: SecretRegistry) -> Cloud:
    """Reads a cloud of clouds.yaml.

    :param region: a region, or None for the one in clouds.yaml.
    :param registry: receives the secrets of the cloud.
    :raises JobsError: there is no such cloud, or it cannot be used here.
    """
    try:
        from openstack.config import OpenStackConfig
        from openstack.exceptions import ConfigException
    except Exception as exc:
        raise MissingLibrary("openstacksdk", exc) from None
    try:
        loader: Any = OpenStackConfig()
        # If clouds.yaml names a single region, the loader refuses any other.
        has_regions = (loader.cloud_config["clouds"].get(name) or {}).get("regions")
        wanted = {"region_name": region} if region and has_regions else {}
        config = loader.get_one(cloud=name, validate=False, **wanted)
        auth, auth_type = dict(config.get_auth_args()), config.config.get("auth_type")
        overrides = [config.get_endpoint(service_type) for service_type in SERVICE_TYPES]
        interface = config.get_interface() or "public"
        verify, _cert = config.get_requests_verify_args()
        found = {
            "region": region or config.get_region_name() or None,
            "endpoint": next(filter(None, overrides), None),
        }
    except ConfigException as exc:
        reason = " ".join(str(exc).split()).rstrip(".")
        raise _unusable(name, reason) from None
    except Exception as exc:
        # Not its text: a parser would show what is in the file.
        raise _unusable(name, f"it cannot be read ({type(exc).__name__})") from None
    if auth_type not in _AUTH_TYPES:
        raise _unusable(name, f"its auth_type {auth_type} is not one of {', '.join(filter(None, _AUTH_TYPES))}")
    for option, names in _OPTIONS.items():
        value: Any = next((auth[each] for each in names if auth.get(each)), None)
        found[option] = None if value is None else str(value)
    registry.keep(*(found[option] for option in _SECRETS))
    return Cloud(found, interface, True if verify is None else verify)


def _unusable(name: str, reason: str) -> JobsError:
    return JobsError(f"The cloud {name} of clouds.yaml cannot be used: {reason}.")
