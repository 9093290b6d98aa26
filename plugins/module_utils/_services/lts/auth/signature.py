# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that are signed with an access key and a secret key (SDK-HMAC-SHA256), in the two forms that clients use.

https://docs.otc.t-systems.com/api-gateway/api-ref/calling_apis/making_an_api_request.html
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Callable
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ...._core.context import Clock
from ...._core.http.auth.flow import Auth, AuthFlow, refusal_of
from ...._core.http.response import Response
from ...._core.http.retry import http_date
from ...._core.redaction.registry import SecretRegistry
from .options import ACCESS, CREDENTIAL

if TYPE_CHECKING:
    from requests import PreparedRequest

_ALGORITHM = "SDK-HMAC-SHA256"
# The scope of the form with "Credential=": region and service stay empty.
_SCOPE = ("", "", "sdk_request")
_DATE = "X-Sdk-Date"
# Seconds by which a clock must be wrong to be the reason for a refusal. A signature is valid for 15 minutes.
_NOTICEABLE = 60.0


@dataclass(frozen=True)
class Key:
    """An access key.

    security_token: comes with a temporary key; otherwise None.
    """

    access_key: str
    secret_key: str
    security_token: str | None = None


class SignatureAuth(Auth):
    """Signs requests with an access key. A refusal is final: services lock a key after five refusals in a row.

    Signatures are valid for a few minutes. If a refusal shows that our clock is wrong, the request is signed once more
    by the service's clock.

    :param form: ACCESS or CREDENTIAL.
    :param project_id: returns the id of the project, or None as long as it is unknown.
    :param registry: takes the signatures of requests that are refused, as the refusal may repeat them.
    """

    def __init__(
        self,
        form: str,
        key: Key,
        clock: Clock,
        project_id: Callable[[], str | None],
        registry: SecretRegistry,
    ) -> None:
        super().__init__()
        self._registry = registry
        self._form = form
        self._key = key
        self._clock = clock
        self._project_id = project_id
        # Seconds that our clock is behind the service's, as far as that is known and matters.
        self._behind = 0.0

    def auth_flow(self) -> AuthFlow:
        signatures: list[str] = []

        def sign(request: PreparedRequest) -> None:
            signatures.append(self._sign(request))

        response = yield sign
        if response.status == 401 and self._adjust_clock(response):
            response = yield sign
        if not response.is_success:
            self._registry.keep(*signatures)
        return refusal_of(response)

    def _sign(self, request: PreparedRequest) -> str:
        """Signs a request, and returns the signature."""
        headers, url = request.headers, str(request.url)
        moment = datetime.fromtimestamp(self._clock.wall() + self._behind, timezone.utc)
        headers[_DATE] = moment.strftime("%Y%m%dT%H%M%SZ")
        # The connection would add this header itself, but the signature must cover what is sent.
        headers["Host"] = urlsplit(url).netloc
        optional = {"X-Project-Id": self._project_id(), "X-Security-Token": self._key.security_token}
        more = {name: value for name, value in optional.items() if value}
        headers.update(more)
        names = ["Content-Type", "Host", _DATE]
        # The form that Go clients use leaves these two unsigned.
        names += list(more) if self._form == ACCESS else ["Accept"]
        signed = {name: headers[name] for name in names if name in headers}
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        header = authorization(self._form, self._key, str(request.method), url, signed, body)
        headers["Authorization"] = header
        return header.rpartition("=")[2]

    def _adjust_clock(self, response: Response) -> bool:
        """Adjusts to the service's clock if a refusal shows that ours is wrong; returns whether it did."""
        there = http_date(response.headers.get("Date") or "")
        if there is None or abs(there - self._clock.wall() - self._behind) < _NOTICEABLE:
            return False
        self._behind = there - self._clock.wall()
        return True


def authorization(form: str, key: Key, method: str, url: str, headers: Mapping[str, str], body: bytes) -> str:
    """The value of the header Authorization.

    :param form: ACCESS or CREDENTIAL.
    :param url: the URL with its query.
    :param headers: the headers to sign, among them X-Sdk-Date and Host.
    """
    request = hashlib.sha256(canonical_request(method, url, headers, body).encode()).hexdigest()
    date = headers[_DATE]
    secret = key.secret_key.encode()
    who = f"Access={key.access_key}"
    scope: list[str] = []
    if form == CREDENTIAL:
        parts = (date[:8], *_SCOPE)
        secret = f"SDK{key.secret_key}".encode()
        for part in parts:
            secret = _hmac(secret, part)
        scope = ["/".join(parts)]
        who = f"Credential={key.access_key}/{scope[0]}"
    signature = _hmac(secret, "\n".join([_ALGORITHM, date, *scope, request])).hex()
    return f"{_ALGORITHM} {who}, SignedHeaders={_names(headers)}, Signature={signature}"


def canonical_request(method: str, url: str, headers: Mapping[str, str], body: bytes) -> str:
    """The request in the form that both sides hash; for the parameters see authorization()."""
    parts = urlsplit(url)
    path = "/".join(_quoted(segment) for segment in unquote(parts.path).split("/"))
    query = sorted(parse_qsl(parts.query, keep_blank_values=True))
    lines = [f"{name}:{value.strip()}\n" for name, value in sorted((name.lower(), headers[name]) for name in headers)]
    return "\n".join(
        [
            method,
            path if path.endswith("/") else path + "/",
            "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in query),
            "".join(lines),
            _names(headers),
            hashlib.sha256(body).hexdigest(),
        ]
    )


def _names(headers: Iterable[str]) -> str:
    return ";".join(sorted(name.lower() for name in headers))


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
