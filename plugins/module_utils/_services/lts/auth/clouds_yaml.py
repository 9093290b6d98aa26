# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a clouds.yaml says to sign in. It is read through openstacksdk, which sends nothing.

https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html

Private to this collection.
"""

from __future__ import annotations

from ...._core.errors import JobsError, MissingLibrary

# Names of LTS in the catalog of IAM and in the keys that override it, the better one first.
SERVICE_TYPES = ("ltsv2", "lts")

_AUTH_TYPES = (None, "password", "v3password", "token", "v3token", "v3totp")
# {option: what clouds.yaml calls it}
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


def read(name, region, registry):
    """What a cloud of clouds.yaml says, under the names of our options.

    :param name: the name of the cloud.
    :param region: a region, or None for that of clouds.yaml.
    :param registry: a SecretRegistry, for its secrets.
    :returns: {option: text or None}, with `region`, `endpoint`, `interface` and `verify` (True, False or a CA bundle).
    :raises JobsError: there is no such cloud, or it cannot be used here.
    """
    try:
        from openstack.config import OpenStackConfig
        from openstack.exceptions import ConfigException
    except Exception as exc:
        raise MissingLibrary("openstacksdk", exc) from None
    try:
        loader = OpenStackConfig()
        # Where just one region is named, the loader refuses any other.
        several = (loader.cloud_config["clouds"].get(name) or {}).get("regions")
        wanted = {"region_name": region} if region and several else {}
        config = loader.get_one(cloud=name, validate=False, **wanted)
        auth, auth_type = dict(config.get_auth_args()), config.config.get("auth_type")
        overrides = [config.get_endpoint(service_type) for service_type in SERVICE_TYPES]
        found = {
            "region": region or config.get_region_name() or None,
            "endpoint": next(filter(None, overrides), None),
            "interface": config.get_interface() or "public",
            "verify": config.get_requests_verify_args()[0],
        }
    except ConfigException as exc:
        reason = " ".join(str(exc).split()).rstrip(".")
        raise _unusable(name, reason) from None
    except Exception as exc:
        # Not its text: that of a parser would show what is in the file.
        raise _unusable(name, f"it cannot be read ({type(exc).__name__})") from None
    if auth_type not in _AUTH_TYPES:
        raise _unusable(name, f"its auth_type {auth_type} is not one of {', '.join(filter(None, _AUTH_TYPES))}")
    for option, names in _OPTIONS.items():
        value = next((auth[each] for each in names if auth.get(each)), None)
        found[option] = None if value is None else str(value)
    registry.keep(*(found[option] for option in ("auth_token", "secret_key", "security_token", "password", "passcode")))
    return found


def _unusable(name, reason):
    return JobsError(f"The cloud {name} of clouds.yaml cannot be used: {reason}.")
