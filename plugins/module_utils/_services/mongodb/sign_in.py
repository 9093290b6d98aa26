# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reaching the MongoDB management APIs: with an API key (HTTP Digest), or with a service account (OAuth 2.0).

https://www.mongodb.com/docs/atlas/api/api-authentication/

Private to this collection.
"""

from __future__ import annotations

import base64
import os
import re
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from ..._core.cancellation import Cancelled
from ..._core.context import TaskContext
from ..._core.errors import InvalidInput, JobsError
from ..._core.http.auth.flows import BearerAuth, DigestAuth, HeaderAuth
from ..._core.http.client import Client
from ..._core.http.endpoint import Endpoint, Profile
from ..._core.http.retry import Effect
from ..._core.http.settings import HttpSettings
from ..._core.params import environment, validators
from ..._core.redaction.registry import SecretRegistry
from . import conventions

# https://www.mongodb.com/docs/atlas/api/service-accounts/generate-oauth2-token/
TOKEN = Endpoint("sign the service account in", "POST", "/api/oauth/token", Effect.READ)
REVOKE = Endpoint("revoke the token of the service account", "POST", "/api/oauth/revoke", Effect.CHANGE)

# Ways to sign in.
KEY = ("public_key", "private_key")
ACCOUNT = ("client_id", "client_secret")
_WAYS_IN_WORDS = "public_key and private_key; client_id and client_secret"
_CLOUD = "https://cloud.mongodb.com"
# Where the credentials of the environment belong: by the prefix of their variables, the variable with the address.
_HOMES = {"MCLI": ("MCLI_OPS_MANAGER_URL", ""), "MONGODB": ("MONGODB_ATLAS_BASE_URL", _CLOUD)}
# A 401 with one of these is not about the token.
_LACKS_RIGHTS = ("USER_UNAUTHORIZED", "NOT_IN_GROUP", "USER_CANNOT_ACCESS_GROUP")
_TOKEN = re.compile(r"[!-~]+")
# Seconds before its end that a token is not used any more.
_MARGIN = 60
_LONGEST_FAREWELL = 5.0
_HINTS = {
    "invalid_client": "Check client_id and client_secret.",
    "access_denied": "The service account may not be used from this machine's address: add the address to its API "
    "access list.",
}


def connection_options(base_url, public_key, private_key, client_id, client_secret, project_id):
    """Argument specification of the options that say how to reach a MongoDB API.

    The parameters are lists of names of environment variables that each option falls back to.
    """

    text = environment.text
    return {
        "base_url": environment.address(base_url, default=_CLOUD),
        "public_key": environment.pair(public_key, private_key),
        "private_key": environment.pair(private_key, public_key, no_log=True),
        "client_id": environment.pair(client_id, client_secret),
        "client_secret": environment.pair(client_secret, client_id, no_log=True),
        "project_id": text(project_id, required=True, aliases=["group_id"]),
    }


def connect(name, params, settings, context, media_type="application/json", rate_limit=None, ways=(KEY, ACCOUNT)):
    """A Client for a MongoDB API.

    :param name: the service's name in messages.
    :param params: with base_url, and public_key and private_key, or client_id and client_secret.
    :param rate_limit: the RateLimit that is documented for every request, or None.
    :param ways: KEY and ACCOUNT in the order in which the environment is searched.
    :raises InvalidInput: one of them cannot be right.
    """
    url = validators.base_url("base_url", params["base_url"])
    if validators.is_cleartext(url):
        context.warn(
            f"base_url is plain http, so that what is sent to {name} can be read and changed on its way. Use https."
        )
    profile = Profile(
        name,
        headers={"Accept": media_type},
        read_error=conventions.read_error,
        hint=conventions.hint,
        # Answered with status 405 while the service is upgraded; nothing was done.
        transient_codes=("WRITES_NOT_ALLOWED_DURING_APP_UPGRADES",),
        rate_limit=rate_limit,
        read_rate_limit=conventions.read_rate_limit,
        address_option="base_url",
    )
    registry = SecretRegistry(context)
    auth = _credentials(params, ways, url, settings, context, registry)
    registry.keep(params["private_key"], params["client_secret"])
    return Client(profile, url, auth, settings, context, registry)


def _credentials(params, ways, url, settings, context, registry):
    """An Auth.

    :raises InvalidInput: not exactly one way to sign in is given, or it cannot be right.
    """
    strangers = _strangers(params, url)
    try:
        way = environment.way_to_sign_in({**params, **dict.fromkeys(strangers)}, ways, _WAYS_IN_WORDS)
    except InvalidInput as error:
        if not strangers:
            raise
        variables = " and ".join(params[option].variable for option in strangers)
        raise InvalidInput(f"{error} What {variables} hold belongs to another address, and is not used.") from None
    if way == set(ACCOUNT):
        client_id = validators.token("client_id", params["client_id"])
        if ":" in client_id:
            raise InvalidInput("client_id holds a colon, which none has.")
        client_secret = validators.token("client_secret", params["client_secret"])
        return ServiceAccount(url, client_id, client_secret, settings, context, registry)
    public_key = validators.token("public_key", params["public_key"])
    if '"' in public_key or "\\" in public_key:
        raise InvalidInput("public_key holds a quotation mark or a backslash, which no key has.")
    return DigestAuth(public_key, validators.secret("private_key", params["private_key"]))


def _strangers(params: dict[str, Any], url: str) -> list[str]:
    """The options whose values come from the environment, and belong to another address there."""
    if params["base_url"] != _CLOUD and environment.is_own(params, "base_url"):
        return []
    homes = {prefix: os.environ.get(variable) or default for prefix, (variable, default) in _HOMES.items()}
    elsewhere = [prefix for prefix, home in homes.items() if home and _context(home) != _context(url)]
    found = [option for option in (*KEY, *ACCOUNT) if isinstance(params[option], environment.FromEnvironment)]
    return [option for option in found if params[option].prefix in elsewhere]


def _context(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


class ServiceAccount(BearerAuth):
    """A service account: one token for the whole task, renewed when it ends, revoked when the task does.

    The service counts the tokens that it gives out, by address and account, so no task gets more than it needs.

    :param url: scheme, host and port of the service.
    :param settings: HttpSettings.
    :param context: a TaskContext.
    :param registry: a SecretRegistry.
    """

    def __init__(self, url, client_id, client_secret, settings, context, registry):
        super().__init__(None, self._fetch, _is_bad_token, self._is_expired)
        basic = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        self._basic = HeaderAuth({"Authorization": f"Basic {basic}"})
        self._url = url
        self._settings = settings
        self._context = context
        self._registry = registry
        # Not the client of the API: what the sign-in says of its own quota holds for nothing else.
        self._client = self._connect(settings, context)
        registry.keep(client_secret, basic)
        self._ends = 0.0

    def _connect(self, settings, context):
        profile = Profile(
            "MongoDB", {}, _read_error, _hint, read_rate_limit=conventions.read_rate_limit, address_option="base_url"
        )
        return Client(profile, self._url, self._basic, settings, context, self._registry)

    def _fetch(self):
        """A new token.

        :raises JobsError: the service gives none.
        """
        response = self._client.call(TOKEN, form={"grant_type": "client_credentials"})
        body = response.data if isinstance(response.data, dict) else {}
        token, life = body.get("access_token"), body.get("expires_in")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise self._client.unexpected_response(TOKEN, response)
        self._registry.keep(token)
        life = life if isinstance(life, (int, float)) and life > 0 else 3600
        self._ends = self._context.clock.now() + life - min(_MARGIN, life / 2)
        if self._token is None:
            self._context.cleanups.append(self._revoke)
        return token

    def _is_expired(self):
        return self._context.clock.now() >= self._ends

    def _revoke(self):
        """Gives the token back. If that fails, it ends by itself within the hour."""
        settings = self._settings
        brief = HttpSettings(min(settings.timeout, _LONGEST_FAREWELL), retries=0, http_agent=settings.agent)
        brief.verify, brief.cert = settings.verify, settings.cert
        form = {"token": self._token, "token_type_hint": "access_token"}
        with suppress(JobsError, Cancelled):
            # A host of its own: that the task was stopped is no reason to leave the token behind.
            self._connect(brief, TaskContext()).call(REVOKE, form=form)


def _is_bad_token(response):
    error = conventions.read_error(response)
    return response.status == 401 and not (error and error[0] in _LACKS_RIGHTS)


def _read_error(response):
    """(code, message, request id) of an error of the sign-in, which has a form of its own, else None."""
    body = response.data if isinstance(response.data, dict) else {}
    if isinstance(body.get("error"), str):
        return body["error"], body.get("error_description"), None
    return conventions.read_error(response)


def _hint(status, code):
    return _HINTS.get(code) or conventions.hint(status, code)
