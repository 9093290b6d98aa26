# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import binascii
import hmac
import json
import math
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

from ...clock import Clock
from ...http.messages import Request, Response, json_response, reason_phrase
from ...seed import SeedNode
from ...variants.mongodb import MongoDBVariants
from .errors import ApiError
from .rate_limits import with_retry_after

PREFIX = "/api/oauth/"
CLIENT_ID = re.compile(r"mdb_sa_id_\w+")
CLIENT_SECRET = re.compile(r"mdb_sa_sk_\S+")
MINUTE = 60
FORM = "application/x-www-form-urlencoded"
ERRORS = {400: "invalid_request", 401: "invalid_client", 403: "access_denied", 429: "rate_limited"}
DENIED = "IP access list validation failed for the service account."


class OAuthError(Exception):
    def __init__(self, status: int, error: str, description: str):
        super().__init__(error)
        self.status, self.error, self.description = status, error, description

    def response(self) -> Response:
        return json_response(self.status, {"error_description": self.description, "error": self.error})


@dataclass
class ServiceAccount:
    id: str
    secret: str
    projects: list[str]
    minute: int = -1
    requests: int = 0  # token requests in that minute

    def count_request(self, now: float) -> int:
        """Returns how many token requests there were in this minute."""
        minute = int(now // MINUTE)
        if minute != self.minute:
            self.minute, self.requests = minute, 0
        self.requests += 1
        return self.requests


@dataclass(frozen=True)
class AccessToken:
    account: ServiceAccount
    expires: float


class ServiceAccounts:
    """Service accounts, and the access tokens that they were issued."""

    def __init__(self, seed: SeedNode | None, clock: Clock, variants: MongoDBVariants):
        self._clock = clock
        self._variants = variants
        self._accounts = _read_accounts(seed) if seed is not None else {}
        self._tokens: dict[str, AccessToken] = {}
        self._issued: list[str] = []
        self._operations: dict[str, Callable[[Request, ServiceAccount], Response]] = {
            "token": self._token,
            "revoke": self._revoke,
        }

    @property
    def secrets(self) -> list[str]:
        return [account.secret for account in self._accounts.values()] + self._issued

    def state(self) -> dict[str, int]:
        """Counts the tokens, if any were issued."""
        if not self._issued:
            return {}
        now = self._clock.now()
        return {"live_tokens": sum(now < token.expires for token in self._tokens.values()), "issued": len(self._issued)}

    def owner(self, token: str) -> ServiceAccount | None:
        found = self._tokens.get(token)
        return found.account if found and self._clock.now() < found.expires else None

    def handle(self, request: Request) -> Response:
        operation = self._operations.get(request.path[len(PREFIX) :])
        if operation is None or request.method != "POST":
            return ApiError("RESOURCE_NOT_FOUND", request.path).response()
        try:
            return operation(request, self._authenticated(request))
        except OAuthError as error:
            return error.response()

    def failure(self, status: int, error: str | None, description: str | None) -> Response:
        """The error response that a fault asks for."""
        return OAuthError(
            status, error or ERRORS.get(status, "server_error"), description or reason_phrase(status)
        ).response()

    def _token(self, request: Request, account: ServiceAccount) -> Response:
        now = self._clock.now()
        limit = self._variants.token_limit
        if limit and account.count_request(now) > limit:
            return self._too_many(request, limit, now)
        kinds = _form(request).get("grant_type")
        if not kinds:
            raise OAuthError(400, "invalid_request", "The parameter grant_type is missing.")
        if kinds != ["client_credentials"]:
            raise OAuthError(400, "unsupported_grant_type", "The grant type is not supported.")
        if self._variants.token_access_list:
            raise OAuthError(403, "access_denied", DENIED)
        life = self._variants.token_seconds
        token = _new_token()
        self._tokens[token] = AccessToken(account, now + life)
        self._issued.append(token)
        return json_response(200, {"access_token": token, "expires_in": int(life), "token_type": "Bearer"})

    def _revoke(self, request: Request, account: ServiceAccount) -> Response:
        tokens = _form(request).get("token")
        if not tokens:
            raise OAuthError(400, "invalid_request", "The parameter token is missing.")
        token = self._tokens.get(tokens[0])
        if token and token.account is account:
            del self._tokens[tokens[0]]
        return Response(200)

    def _too_many(self, request: Request, limit: float, now: float) -> Response:
        if self._variants.token_limit_form == "api":
            response = ApiError("RATE_LIMITED", request.path, limit, 1).response()
        else:
            response = OAuthError(429, "rate_limited", "Too many requests.").response()
        return with_retry_after(response, math.ceil(MINUTE - now % MINUTE), self._variants)

    def _authenticated(self, request: Request) -> ServiceAccount:
        scheme, _space, encoded = request.headers.get("Authorization", "").partition(" ")
        try:
            text = base64.b64decode(encoded, validate=True).decode() if scheme.lower() == "basic" else ""
        except (binascii.Error, UnicodeDecodeError):
            text = ""
        client_id, _colon, secret = text.partition(":")
        account = self._accounts.get(client_id)
        if account is None or not hmac.compare_digest(account.secret.encode(), secret.encode()):
            raise OAuthError(401, "invalid_client", "Invalid credentials provided.")
        return account


def bearer_token(request: Request) -> str | None:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _form(request: Request) -> dict[str, list[str]]:
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != FORM:
        raise OAuthError(400, "invalid_request", f"The body must be {FORM}.")
    return parse_qs(request.body.decode("utf-8", "replace"))


def _new_token() -> str:
    """Looks like a JSON web token, but its payload is random."""
    head = base64.urlsafe_b64encode(json.dumps({"alg": "ES512", "typ": "JWT"}).encode()).decode().rstrip("=")
    return f"{head}.{secrets.token_urlsafe(48)}.{secrets.token_urlsafe(66)}"


def _read_accounts(seed: SeedNode) -> dict[str, ServiceAccount]:
    accounts: dict[str, ServiceAccount] = {}
    for node in seed.nodes("service_accounts"):
        client_id = node.text("client_id", pattern=CLIENT_ID)
        if client_id in accounts:
            node.fail("client_id", f"{client_id} is there twice")
        secret = node.text("client_secret", pattern=CLIENT_SECRET)
        accounts[client_id] = ServiceAccount(client_id, secret, node.texts("projects"))
        node.reject_unread_fields()
    return accounts
