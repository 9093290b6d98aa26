# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs in to the MongoDB management APIs: with an API key (HTTP Digest), or with a service account (OAuth 2.0).

https://www.mongodb.com/docs/atlas/api/api-authentication/
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from ..._core.context import TaskContext
from ..._core.errors import InvalidInput
from ..._core.http.auth.flow import Auth
from ..._core.http.client import Client
from ..._core.http.endpoint import ServiceProfile
from ..._core.http.limits.rate_limit import RateLimit
from ..._core.http.settings import HttpSettings
from ..._core.params import environment, validators
from ..._core.params.raw_arguments import SELECTOR
from ..._core.redaction.registry import SecretRegistry
from . import conventions

# Ways to sign in.
KEY = ("public_key", "private_key")
ACCOUNT = ("client_id", "client_secret")
WAYS = (KEY, ACCOUNT)
_CLOUD = "https://cloud.mongodb.com"
# {prefix of the variables that hold credentials: (the variable with the address that they are for, its default)}
_HOMES = {"MCLI": ("MCLI_OPS_MANAGER_URL", ""), "MONGODB": ("MONGODB_ATLAS_BASE_URL", _CLOUD)}


def key_options(base_url: list[str], public_key: list[str], private_key: list[str], **address: Any) -> dict[str, Any]:
    """The argument specification of the options that say how to reach a MongoDB API with an API key.

    Each parameter lists the environment variables that the option falls back to.

    :param address: what else the specification of base_url holds.
    """
    return {
        "base_url": environment.address(base_url, **address),
        "public_key": environment.pair(public_key, private_key),
        "private_key": environment.pair(private_key, public_key, no_log=True),
    }


def connection_options(
    base_url: list[str],
    public_key: list[str],
    private_key: list[str],
    client_id: list[str],
    client_secret: list[str],
    project_id: list[str],
) -> dict[str, Any]:
    """The argument specification of the options that say how to reach a MongoDB API.

    Each parameter lists the environment variables that the option falls back to.
    """
    text = environment.text
    return {
        **key_options(base_url, public_key, private_key, default=_CLOUD),
        "client_id": environment.pair(client_id, client_secret),
        "client_secret": environment.pair(client_secret, client_id, no_log=True),
        "project_id": text(project_id, required=True, aliases=["group_id"], **SELECTOR),
    }


def connect(
    name: str,
    params: Mapping[str, Any],
    settings: HttpSettings,
    context: TaskContext,
    media_type: str = "application/json",
    rate_limit: RateLimit | None = None,
    ways: Sequence[tuple[str, ...]] = WAYS,
    hint: Callable[[int, str | None], str] = conventions.hint,
) -> Client:
    """A Client for a MongoDB API.

    :param name: the name of the service in messages.
    :param params: base_url, and public_key and private_key, or client_id and client_secret.
    :param rate_limit: the limit that the service documents for all requests, or None.
    :param ways: KEY and ACCOUNT in the order in which the environment is searched.
    :param hint: returns the remedy for an error, see ServiceProfile.
    :raises InvalidInput: one of the parameters is invalid.
    """
    url = validators.base_url("base_url", params["base_url"])
    if validators.is_cleartext(url):
        context.warn(f"base_url uses plain http, so others could read and change what is sent to {name}. Use https.")
    profile = ServiceProfile(
        name,
        headers={"Accept": media_type},
        read_error=conventions.read_error,
        hint=hint,
        # Comes with status 405 while the service is being upgraded. Nothing was done.
        transient_codes=("WRITES_NOT_ALLOWED_DURING_APP_UPGRADES",),
        rate_limit=rate_limit,
        read_rate_limit=conventions.read_rate_limit,
        address_option="base_url",
    )
    registry = SecretRegistry(context)
    auth = _credentials(params, ways, url, settings, context, registry)
    registry.keep(params["private_key"], params["client_secret"])
    return Client(profile, url, auth, settings, context, registry)


def way_to_sign_in(params: Mapping[str, Any], ways: Sequence[tuple[str, ...]]) -> set[str]:
    """The options of the way to sign in that counts.

    :param params: see connect().
    :param ways: KEY and ACCOUNT in the order in which the environment is searched.
    :raises InvalidInput: not exactly one way to sign in is given.
    """
    foreign = _foreign_options(params, validators.base_url("base_url", params["base_url"]))
    words = "; ".join(" and ".join(way) for way in WAYS if way in ways)
    try:
        return environment.way_to_sign_in({**params, **dict.fromkeys(foreign)}, ways, words)
    except InvalidInput as error:
        if not foreign:
            raise
        variables = " and ".join(params[option].variable for option in foreign)
        raise InvalidInput(f"{error} The values of {variables} belong to another address, and are not used.") from None


def _credentials(
    params: Mapping[str, Any],
    ways: Sequence[tuple[str, ...]],
    url: str,
    settings: HttpSettings,
    context: TaskContext,
    registry: SecretRegistry,
) -> Auth:
    """The credentials that the parameters hold.

    :raises InvalidInput: not exactly one way to sign in is given, or it is invalid.
    """
    way = way_to_sign_in(params, ways)
    if way == set(ACCOUNT):
        client_id = validators.token("client_id", params["client_id"])
        if ":" in client_id:
            raise InvalidInput("client_id contains a colon, which no client id does.")
        client_secret = validators.token("client_secret", params["client_secret"])
        # Of the two ways, a task loads the one that it needs.
        from .service_account import ServiceAccountTokens

        return ServiceAccountTokens(url, client_id, client_secret, settings, context, registry).auth()
    public_key = validators.token("public_key", params["public_key"])
    if '"' in public_key or "\\" in public_key:
        raise InvalidInput("public_key contains a quotation mark or a backslash, which no API key does.")
    from ..._core.http.auth.digest import DigestAuth

    private_key = validators.secret("private_key", params["private_key"])
    return DigestAuth(public_key, private_key, conventions.lacks_rights)


def _foreign_options(params: Mapping[str, Any], url: str) -> list[str]:
    """The options whose values come from the environment, where they belong to another address."""
    if params["base_url"] != _CLOUD and environment.is_own(params, "base_url"):
        return []
    homes = {prefix: os.environ.get(variable) or default for prefix, (variable, default) in _HOMES.items()}
    elsewhere = [prefix for prefix, home in homes.items() if home and _host(home) != _host(url)]
    found = [option for option in (*KEY, *ACCOUNT) if isinstance(params[option], environment.FromEnvironment)]
    return [option for option in found if params[option].prefix in elsewhere]


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
