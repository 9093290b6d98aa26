# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests signed with an access key and a secret key (SDK-HMAC-SHA256), in the two forms that clients use.

https://docs.otc.t-systems.com/api-gateway/api-ref/calling_apis/making_an_api_request.html

Private to this collection.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timezone
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ...._core.http.auth.flows import Auth
from ...._core.http.response import Response
from ...._core.http.retry import http_date

ACCESS = "access"
CREDENTIAL = "credential"

_ALGORITHM = "SDK-HMAC-SHA256"
# Scope of the form with "Credential=": region and service stay empty.
_SCOPE = ("", "", "sdk_request")
_DATE = "X-Sdk-Date"
# Seconds that a clock must be wrong to be the reason of a refusal: a signature is good for 15 minutes.
_NOTICEABLE = 60.0


class SignatureAuth(Auth):
    """An access key and a secret key. A refusal is final: a key that is refused five times in a row gets locked.

    Signatures are good for a few minutes. If a refusal shows that our clock is wrong, the request is signed once more
    with the right time.

    :param form: ACCESS or CREDENTIAL.
    :param security_token: what belongs to a temporary key, or None.
    :param clock: a Clock.
    """

    def __init__(self, form, access_key, secret_key, security_token, clock):
        super().__init__()
        self._form = form
        self._keys = (access_key, secret_key)
        self._security_token = security_token
        self._clock = clock
        # Seconds that our clock is behind that of the service, as far as that is known and matters.
        self._behind = 0.0
        # Known only once the project has been looked up.
        self.project_id = None

    def sign(self, request, credential):
        headers = request.headers
        moment = datetime.fromtimestamp(self._clock.wall() + self._behind, timezone.utc)
        headers[_DATE] = moment.strftime("%Y%m%dT%H%M%SZ")
        # What is signed must be what is sent, so this is not left to the connection.
        headers["Host"] = urlsplit(request.url).netloc
        more = {"X-Project-Id": self.project_id, "X-Security-Token": self._security_token}
        more = {name: value for name, value in more.items() if value}
        headers.update(more)
        names = ["Content-Type", "Host", _DATE]
        # The form that Go clients use leaves these two unsigned.
        names += list(more) if self._form == ACCESS else ["Accept"]
        signed = {name: headers[name] for name in names if name in headers}
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        headers["Authorization"] = authorization(self._form, *self._keys, request.method, request.url, signed, body)
        return credential

    def renew(self, response: Response, credential: str | None) -> str | None:
        there = http_date(response.headers.get("Date") or "")
        if credential is not None or there is None or abs(there - self._clock.wall() - self._behind) < _NOTICEABLE:
            return None
        self._behind = there - self._clock.wall()
        return "signed by the clock of the service"


def authorization(form, access_key, secret_key, method, url, headers, body):
    """The value of the header Authorization.

    :param form: ACCESS or CREDENTIAL.
    :param url: with the query.
    :param headers: names and values of those to be signed, among them X-Sdk-Date and Host.
    :param body: bytes.
    """
    request = hashlib.sha256(canonical_request(method, url, headers, body).encode()).hexdigest()
    date = headers[_DATE]
    key, who, scope = secret_key.encode(), f"Access={access_key}", []
    if form == CREDENTIAL:
        parts = (date[:8], *_SCOPE)
        key = f"SDK{secret_key}".encode()
        for part in parts:
            key = _hmac(key, part)
        scope = ["/".join(parts)]
        who = f"Credential={access_key}/{scope[0]}"
    signature = _hmac(key, "\n".join([_ALGORITHM, date, *scope, request])).hex()
    return f"{_ALGORITHM} {who}, SignedHeaders={_names(headers)}, Signature={signature}"


def canonical_request(method, url, headers, body):
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


def _names(headers):
    return ";".join(sorted(name.lower() for name in headers))


def _quoted(text):
    return quote(text, safe="-_.~")


def _hmac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
