# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs in to the MongoDB management APIs: with an API key (HTTP Digest), or with a service account (OAuth 2.0).

https://www.mongodb.com/docs/atlas/api/api-authentication/
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from ..._core.cancellation import Cancelled
from ..._core.context import TaskContext
from ..._core.errors import InvalidInput, JobsError
from ..._core.http.auth.digest import DigestAuth
from ..._core.http.auth.flow import Auth
from ..._core.http.auth.header import HeaderAuth
from ..._core.http.auth.token import BearerAuth
from ..._core.http.client import Client
from ..._core.http.endpoint import Endpoint, ErrorParts, ServiceProfile
from ..._core.http.rate_limit import RateLimit
from ..._core.http.response import Response
from ..._core.http.retry import Effect
from ..._core.http.settings import HttpSettings
from ..._core.params import environment, validators
from ..._core.params.raw_arguments import SELECTOR
from ..._core.redaction.registry import SecretRegistry
from . import conventions

# https://www.mongodb.com/docs/atlas/api/service-accounts/generate-oauth2-token/
TOKEN = Endpoint("sign the service account in", "POST", "/api/oauth/token", Effect.READ)
REVOKE = Endpoint("revoke the token of the service account", "POST", "/api/oauth/revoke", Effect.CHANGE)

# Ways to sign in.
KEY = ("public_key", "private_key")
ACCOUNT = ("client_id", "client_secret")
WAYS = (KEY, ACCOUNT)
_CLOUD = "https://cloud.mongodb.com"
# {prefix of the variables that hold credentials: (the variable with the address that they are for, its default)}
_HOMES = {"MCLI": ("MCLI_OPS_MANAGER_URL", ""), "MONGODB": ("MONGODB_ATLAS_BASE_URL", _CLOUD)}
_TOKEN = re.compile(r"[!-~]+")
# Seconds before its end from which a token is not used any more.
_MARGIN = 60
# Seconds that a token lives if the service does not say.
_USUAL_LIFE = 3600
# Seconds that a task may take to revoke its token at its end.
_LONGEST_REVOCATION = 5.0
_HINTS = {
    "invalid_client": "Check client_id and client_secret.",
    "access_denied": "The service account may not be used from this machine's address: add the address to its API "
    "access list.",
}


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
    :raises InvalidInput: one of the parameters cannot be right.
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

    :raises InvalidInput: not exactly one way to sign in is given, or it cannot be right.
    """
    way = way_to_sign_in(params, ways)
    if way == set(ACCOUNT):
        client_id = validators.token("client_id", params["client_id"])
        if ":" in client_id:
            raise InvalidInput("client_id contains a colon, which no client id does.")
        client_secret = validators.token("client_secret", params["client_secret"])
        tokens = ServiceAccountTokens(url, client_id, client_secret, settings, context, registry)
        return BearerAuth(None, tokens.fetch, _is_bad_token, tokens.is_expired)
    public_key = validators.token("public_key", params["public_key"])
    if '"' in public_key or "\\" in public_key:
        raise InvalidInput("public_key contains a quotation mark or a backslash, which no API key does.")
    return DigestAuth(public_key, validators.secret("private_key", params["private_key"]), _lacks_rights)


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


class ServiceAccountTokens:
    """The tokens of a service account: one for the whole task, renewed when it expires, revoked when the task ends.

    The service limits how many tokens an account and an address may have, so a task fetches no more than it needs.

    :param url: scheme, host and port of the service.
    """

    def __init__(
        self,
        url: str,
        client_id: str,
        client_secret: str,
        settings: HttpSettings,
        context: TaskContext,
        registry: SecretRegistry,
    ) -> None:
        basic = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        self._basic = HeaderAuth({"Authorization": f"Basic {basic}"})
        self._url = url
        self._settings = settings
        self._context = context
        self._registry = registry
        # Not the client of the API, as the rate limit of signing in has nothing to do with the rest.
        self._client = self._connect(settings, context)
        registry.keep(client_secret, basic)
        self._token: str | None = None
        self._expires_at = 0.0

    def _connect(self, settings: HttpSettings, context: TaskContext) -> Client:
        profile = ServiceProfile(
            "MongoDB", {}, _read_error, _hint, read_rate_limit=conventions.read_rate_limit, address_option="base_url"
        )
        return Client(profile, self._url, self._basic, settings, context, self._registry)

    def fetch(self) -> str:
        """A new token.

        :raises JobsError: the service does not issue one.
        """
        response = self._client.call(TOKEN, form={"grant_type": "client_credentials"})
        body = response.json_object()
        token, life = body.get("access_token"), body.get("expires_in")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise self._client.unexpected_response(TOKEN, response)
        self._registry.keep(token)
        life = life if isinstance(life, (int, float)) and life > 0 else _USUAL_LIFE
        self._expires_at = self._context.clock.now() + life - min(_MARGIN, life / 2)
        if self._token is None:
            self._context.cleanups.append(self._revoke)
        self._token = token
        return token

    def is_expired(self) -> bool:
        """Whether the last token is not to be used any more."""
        return self._context.clock.now() >= self._expires_at

    def _revoke(self) -> None:
        """Gives the last token back. If that fails, the token expires by itself within the hour."""
        settings = replace(self._settings, timeout=min(self._settings.timeout, _LONGEST_REVOCATION), retries=0)
        form = {"token": self._token, "token_type_hint": "access_token"}
        with suppress(JobsError, Cancelled):
            # With a context of its own, as a cancelled task should not leave its token behind either.
            self._connect(settings, TaskContext()).call(REVOKE, form=form)


def _is_bad_token(response: Response) -> bool:
    return response.status == 401 and not _lacks_rights(response)


def _lacks_rights(response: Response) -> bool:
    error = conventions.read_error(response)
    return error is not None and error[0] in conventions.LACKS_RIGHTS


def _read_error(response: Response) -> ErrorParts | None:
    """The ErrorParts of an error of the sign-in, which has a form of its own, or None."""
    body = response.json_object()
    if isinstance(body.get("error"), str):
        return body["error"], body.get("error_description"), None
    return conventions.read_error(response)


def _hint(status: int, code: str | None) -> str:
    return _HINTS.get(code or "") or conventions.hint(status, code)
