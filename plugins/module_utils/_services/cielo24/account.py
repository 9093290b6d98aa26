# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cielo24: its sign-in, its errors, and how to call it.

https://cielo24.readthedocs.io/en/latest/access_control/

Private to this collection.
"""

from __future__ import annotations

from ..._core.errors import ServiceError
from ..._core.http.auth.flows import HeaderAuth, QueryTokenAuth
from ..._core.http.client import Client
from ..._core.http.endpoint import Endpoint, Profile
from ..._core.http.retry import Effect
from ..._core.params import environment, validators

NAME = "cielo24"

# In the order in which the environment is searched.
_WAYS = (("api_token",), ("username", "password"), ("username", "api_key"))

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
    """An account of cielo24, signed in.

    :param params: with base_url, api_token, username, password and api_key.
    :param settings: HttpSettings.
    :param context: a TaskContext.
    :raises InvalidInput: one of the parameters cannot be right.
    """

    def __init__(self, params, settings, context):
        url = validators.base_url("base_url", params["base_url"])
        token, self._login_headers = _credentials(params)
        if validators.is_cleartext(url):
            context.warn(
                "base_url is plain http, so that the credentials can be read on their way to cielo24. Use https."
            )
        auth = QueryTokenAuth("api_token", token, self._log_in if self._login_headers else None, _is_bad_token)
        self._client = Client(
            Profile(NAME, {}, read_error, _hint, address_option="base_url"), url, auth, settings, context
        )
        self.registry = self._client.registry
        self.registry.keep(params["api_token"], params["password"], params["api_key"])

    def call(self, endpoint, query=None, **more):
        """Calls an endpoint; see Client.call(). All parameters travel in the query."""
        return self._client.call(endpoint, query={**_VERSION, **(query or {})}, **more)

    def unexpected_response(self, endpoint, response):
        """See Client.unexpected_response()."""
        return self._client.unexpected_response(endpoint, response)

    def signs_in(self, username, api_key):
        """Whether an API key signs an account in.

        :raises ServiceError: the service does not tell.
        """
        self.registry.keep(api_key)
        try:
            self.call(LOGIN, auth=HeaderAuth(_headers(username, {"x-auth-securekey": api_key})))
        except ServiceError as error:
            if error.code in ("LOGIN_INVALID", "ACCOUNT_UNPRIVILEGED"):
                return False
            raise
        return True

    def _log_in(self):
        response = self.call(LOGIN, auth=HeaderAuth(self._login_headers))
        body = response.data if isinstance(response.data, dict) else {}
        # One edition of the API's description writes the name in another way.
        token = body.get("ApiToken") or body.get("api_token")
        if not isinstance(token, str) or not token:
            raise self.unexpected_response(LOGIN, response)
        self.registry.keep(token)
        return token


def _credentials(params):
    """(token, headers of a login): one of them, the other None.

    :raises InvalidInput: not exactly one way to sign in is given.
    """
    way = environment.way_to_sign_in(params, _WAYS, "api_token; username and password; username and api_key")
    if way == {"api_token"}:
        return validators.token("api_token", params["api_token"]), None
    if way == {"username", "password"}:
        secret = {"x-auth-password": validators.secret("password", params["password"])}
    else:
        secret = {"x-auth-securekey": validators.token("api_key", params["api_key"])}
    return None, _headers(validators.secret("username", params["username"]), secret)


def _headers(username, secret):
    headers = {"x-auth-user": username, **secret}
    # requests would send text as latin-1; the service reads UTF-8.
    return {name: value.encode("utf-8") for name, value in headers.items()}


def read_error(response):
    """(code, message, request id) of an error of cielo24, else None."""
    body = response.data if isinstance(response.data, dict) else {}
    if not body.get("ErrorType"):
        return None
    return body["ErrorType"], body.get("ErrorComment"), None


def _hint(status, code):
    return _HINTS.get(code, "")


def _is_bad_token(response):
    error = read_error(response)
    return response.status == 401 or error is not None and error[0] == "BAD_API_TOKEN"
