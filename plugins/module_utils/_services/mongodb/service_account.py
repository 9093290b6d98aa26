# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs in to the MongoDB management APIs with a service account (OAuth 2.0).

https://www.mongodb.com/docs/atlas/api/service-accounts/generate-oauth2-token/
"""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from dataclasses import replace

from ..._core.cancellation import Cancelled
from ..._core.context import TaskContext
from ..._core.errors import JobsError
from ..._core.http.auth.flow import Auth
from ..._core.http.auth.header import HeaderAuth
from ..._core.http.auth.token import BearerAuth
from ..._core.http.client import Client
from ..._core.http.endpoint import Endpoint, ErrorParts, ServiceProfile
from ..._core.http.response import Response
from ..._core.http.retry import Effect
from ..._core.http.settings import HttpSettings
from ..._core.redaction.registry import SecretRegistry
from . import conventions

TOKEN = Endpoint("sign the service account in", "POST", "/api/oauth/token", Effect.READ)
REVOKE = Endpoint("revoke the token of the service account", "POST", "/api/oauth/revoke", Effect.CHANGE)

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

    def auth(self) -> Auth:
        """Signs requests with these tokens."""
        return BearerAuth(None, self.fetch, _is_bad_token, self.is_expired)

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
    return response.status == 401 and not conventions.lacks_rights(response)


def _read_error(response: Response) -> ErrorParts | None:
    """The ErrorParts of an error of the sign-in, which has a form of its own, or None."""
    body = response.json_object()
    if isinstance(body.get("error"), str):
        return body["error"], body.get("error_description"), None
    return conventions.read_error(response)


def _hint(status: int, code: str | None) -> str:
    return _HINTS.get(code or "") or conventions.hint(status, code)
