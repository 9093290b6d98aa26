# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cielo24: how to sign in, what its errors mean, and how to call it.

https://cielo24.readthedocs.io/en/latest/access_control/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.context import TaskContext
from ..._core.errors import ServiceError
from ..._core.http.auth.header import HeaderAuth
from ..._core.http.auth.token import QueryTokenAuth
from ..._core.http.client import Client
from ..._core.http.endpoint import Endpoint, ErrorParts, ServiceProfile
from ..._core.http.response import Response
from ..._core.http.retry import Effect
from ..._core.http.settings import HttpSettings
from ..._core.params import environment, validators

NAME = "cielo24"

# In lists, the name that stands for the account that signs in and all its sub-accounts.
EVERY_ACCOUNT = "*"
# The longest text that an option takes.
LONGEST_TEXT = 1000

# In the order in which the environment is searched.
WAYS = (("api_token",), ("username", "password"), ("username", "api_key"))

OPTIONS = {
    "base_url": environment.address(["CIELO24_BASE_URL"], default="https://api.cielo24.com"),
    "api_token": environment.text(["CIELO24_API_TOKEN"], no_log=True),
    "username": environment.text(["CIELO24_USERNAME"]),
    "password": environment.text(["CIELO24_PASSWORD"], no_log=True),
    "api_key": environment.text(["CIELO24_API_KEY"], no_log=True),
}

LOGIN = Endpoint("sign in", "GET", "/api/account/login", Effect.READ)

_VERSION = {"v": "1"}
_HINTS = {
    "LOGIN_INVALID": "Check username and password or api_key.",
    "BAD_API_TOKEN": "The token is wrong or has expired, as it does after an hour without use: give a new "
    "api_token, or username with password or api_key.",
    "ACCOUNT_UNPRIVILEGED": "This account or key may not do this.",
}


class Account:
    """An account of cielo24, which signs in when it is first used.

    :param params: the OPTIONS.
    :raises InvalidInput: one of the parameters is invalid.
    """

    def __init__(self, params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> None:
        url = validators.base_url("base_url", params["base_url"])
        token, self._login_headers = _credentials(params)
        if validators.is_cleartext(url):
            context.warn(
                "base_url uses plain http, so others could read the credentials on their way to cielo24. Use https."
            )
        auth = QueryTokenAuth("api_token", token, self._log_in if self._login_headers else None, _is_bad_token)
        profile = ServiceProfile(NAME, {}, read_error, _hint, address_option="base_url")
        self.client = Client(profile, url, auth, settings, context)
        self.registry = self.client.registry
        self.registry.keep(params["api_token"], params["password"], params["api_key"])

    def call(self, endpoint: Endpoint, query: Mapping[str, Any] | None = None, **more: Any) -> Response:
        """Calls an endpoint, see Client.call(). All parameters travel in the query."""
        return self.client.call(endpoint, query={**_VERSION, **(query or {})}, **more)

    def signs_in(self, username: str, api_key: str) -> bool:
        """Whether an account can sign in with an API key.

        :raises ServiceError: the service does not say.
        """
        self.registry.keep(api_key)
        try:
            self.call(LOGIN, auth=HeaderAuth(_headers(username, {"x-auth-securekey": api_key})))
        except ServiceError as error:
            if error.code in ("LOGIN_INVALID", "ACCOUNT_UNPRIVILEGED"):
                return False
            raise
        return True

    def _log_in(self) -> str:
        """A new token.

        :raises JobsError: the service does not issue one.
        """
        response = self.call(LOGIN, auth=HeaderAuth(self._login_headers))
        body = response.json_object()
        # One edition of the API's description spells the name differently.
        token = body.get("ApiToken") or body.get("api_token")
        if not isinstance(token, str) or not token:
            raise self.client.unexpected_response(LOGIN, response)
        self.registry.keep(token)
        return token


def way_to_sign_in(params: Mapping[str, Any]) -> set[str]:
    """The options of the way to sign in that counts.

    :raises InvalidInput: not exactly one way to sign in is given.
    """
    return environment.way_to_sign_in(params, WAYS, "api_token; username and password; username and api_key")


def _credentials(params: Mapping[str, Any]) -> tuple[str | None, dict[str, bytes]]:
    """A token or the headers of a login; the other one is empty.

    :raises InvalidInput: not exactly one way to sign in is given.
    """
    way = way_to_sign_in(params)
    if way == {"api_token"}:
        return validators.token("api_token", params["api_token"]), {}
    if way == {"username", "password"}:
        secret = {"x-auth-password": validators.secret("password", params["password"])}
    else:
        secret = {"x-auth-securekey": validators.token("api_key", params["api_key"])}
    return None, _headers(validators.secret("username", params["username"]), secret)


def _headers(username: str, secret: dict[str, str]) -> dict[str, bytes]:
    headers = {"x-auth-user": username, **secret}
    # The requests library would encode text as latin-1; the service reads UTF-8.
    return {name: value.encode("utf-8") for name, value in headers.items()}


def read_error(response: Response) -> ErrorParts | None:
    """The ErrorParts of an error of cielo24, or None."""
    body = response.json_object()
    if not body.get("ErrorType"):
        return None
    return body["ErrorType"], body.get("ErrorComment"), None


def _hint(_status: int, code: str | None) -> str:
    return _HINTS.get(code or "", "")


def _is_bad_token(response: Response) -> bool:
    error = read_error(response)
    return response.status == 401 or error is not None and bool(error[0] == "BAD_API_TOKEN")
