# Copyright: (c) 2026, saasops.jobs contributors
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
from dataclasses import dataclass
from urllib.parse import parse_qs

from ...clock import Clock
from ...http.messages import Answer, Call, json_answer, reason
from ...seed import Node
from ...variants.registry import Variants
from .api import ApiError, with_retry_after

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

    def answer(self) -> Answer:
        return json_answer(self.status, {"error_description": self.description, "error": self.error})


@dataclass
class ServiceAccount:
    id: str
    secret: str
    projects: list[str]
    minute: int = -1
    requests: int = 0  # for tokens, in that minute

    def count(self, now: float) -> int:
        minute = int(now // MINUTE)
        if minute != self.minute:
            self.minute, self.requests = minute, 0
        self.requests += 1
        return self.requests


class ServiceAccounts:
    """Issues access tokens, and knows whose they are."""

    def __init__(self, seed: Node | None, clock: Clock, variants: Variants):
        self._clock = clock
        self._variants = variants
        self._accounts = _read_accounts(seed) if seed is not None else {}
        self._tokens: dict[str, tuple[ServiceAccount, float]] = {}  # token: (its owner, end of its life)
        self._issued: list[str] = []
        self._operations = {"token": self._token, "revoke": self._revoke}

    @property
    def secrets(self) -> list[str]:
        return [account.secret for account in self._accounts.values()] + self._issued

    def state(self) -> dict[str, int]:
        """Nothing as long as no token was issued."""
        if not self._issued:
            return {}
        now = self._clock.now()
        return {"live_tokens": sum(now < end for _owner, end in self._tokens.values()), "issued": len(self._issued)}

    def owner(self, token: str) -> ServiceAccount | None:
        owner, end = self._tokens.get(token, (None, 0.0))
        return owner if self._clock.now() < end else None

    def answer(self, call: Call) -> Answer:
        operation = self._operations.get(call.path[len(PREFIX) :])
        if operation is None or call.method != "POST":
            return ApiError("RESOURCE_NOT_FOUND", call.path).answer()
        try:
            return operation(call, self._authenticated(call))
        except OAuthError as error:
            return error.answer()

    def failure(self, status: int, error: str | None, description: str | None) -> Answer:
        """The error of this service when a fault asks for `status`."""
        return OAuthError(status, error or ERRORS.get(status, "server_error"), description or reason(status)).answer()

    def _token(self, call: Call, account: ServiceAccount) -> Answer:
        now = self._clock.now()
        limit = self._variants["token_limit"]
        if limit and account.count(now) > limit:
            return self._too_many(call, limit, now)
        kinds = _form(call).get("grant_type")
        if not kinds:
            raise OAuthError(400, "invalid_request", "The parameter grant_type is missing.")
        if kinds != ["client_credentials"]:
            raise OAuthError(400, "unsupported_grant_type", "The grant type is not supported.")
        if self._variants["token_access_list"]:
            raise OAuthError(403, "access_denied", DENIED)
        life = self._variants["token_seconds"]
        token = _new_token()
        self._tokens[token] = (account, now + life)
        self._issued.append(token)
        return json_answer(200, {"access_token": token, "expires_in": int(life), "token_type": "Bearer"})

    def _revoke(self, call: Call, account: ServiceAccount) -> Answer:
        tokens = _form(call).get("token")
        if not tokens:
            raise OAuthError(400, "invalid_request", "The parameter token is missing.")
        if self._tokens.get(tokens[0], (None, 0.0))[0] is account:
            del self._tokens[tokens[0]]
        return Answer(200)

    def _too_many(self, call: Call, limit: float, now: float) -> Answer:
        if self._variants["token_limit_form"] == "api":
            answer = ApiError("RATE_LIMITED", call.path, limit, 1).answer()
        else:
            answer = OAuthError(429, "rate_limited", "Too many requests.").answer()
        return with_retry_after(answer, math.ceil(MINUTE - now % MINUTE), self._variants)

    def _authenticated(self, call: Call) -> ServiceAccount:
        scheme, _space, encoded = call.headers.get("Authorization", "").partition(" ")
        try:
            text = base64.b64decode(encoded, validate=True).decode() if scheme.lower() == "basic" else ""
        except (binascii.Error, UnicodeDecodeError):
            text = ""
        client_id, _colon, secret = text.partition(":")
        account = self._accounts.get(client_id)
        if account is None or not hmac.compare_digest(account.secret.encode(), secret.encode()):
            raise OAuthError(401, "invalid_client", "Invalid credentials provided.")
        return account


def bearer_token(call: Call) -> str | None:
    scheme, _space, token = call.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _form(call: Call) -> dict[str, list[str]]:
    if call.headers.get("Content-Type", "").partition(";")[0].strip().lower() != FORM:
        raise OAuthError(400, "invalid_request", f"The body must be {FORM}.")
    return parse_qs(call.body.decode("utf-8", "replace"))


def _new_token() -> str:
    """Looks like a JSON web token, but nothing can be read in it."""
    head = base64.urlsafe_b64encode(json.dumps({"alg": "ES512", "typ": "JWT"}).encode()).decode().rstrip("=")
    return f"{head}.{secrets.token_urlsafe(48)}.{secrets.token_urlsafe(66)}"


def _read_accounts(seed: Node) -> dict[str, ServiceAccount]:
    accounts: dict[str, ServiceAccount] = {}
    for node in seed.nodes("service_accounts"):
        client_id = node.text("client_id", pattern=CLIENT_ID)
        if client_id in accounts:
            node.fail("client_id", f"{client_id} is there twice")
        secret = node.text("client_secret", pattern=CLIENT_SECRET)
        accounts[client_id] = ServiceAccount(client_id, secret, node.texts("projects"))
        node.done()
    return accounts
