# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import parse_qsl, quote, unquote

from ...clock import Clock
from ...http.messages import Request
from ...variants.lts import LtsVariants
from .iam_model import AccessKey

# An access key signs requests in one of two forms: `Access=` uses the secret itself, `Credential=` a key that is
# derived from the secret and a scope.
ALGORITHM = "SDK-HMAC-SHA256"
AUTHORIZATION = re.compile(
    ALGORITHM + r" (?P<form>Access|Credential)=(?P<who>[^,\s]+), ?SignedHeaders=(?P<headers>[^,\s]+), ?"
    r"Signature=(?P<signature>[0-9a-f]{64})"
)
SCOPE = re.compile(r"(?P<access>[^/]+)/(?P<date>\d{8})/(?P<region>[^/]*)/(?P<service>[^/]*)/sdk_request")
MAX_CLOCK_SKEW = 15 * 60
DATE_FORMAT = "%Y%m%dT%H%M%SZ"
ALWAYS_SIGNED = {"host", "x-sdk-date"}
SECURITY_TOKEN = "x-security-token"
MAX_FAILURES = 5
LOCK_SECONDS = 5 * 60
FAILED = "verify aksk signature fail"
LOCKED = "AK access failed to reach the limit,forbidden"


class SignatureRefused(Exception):
    """The gateway's reason for refusing a signed request."""

    def __init__(self, text: str):
        super().__init__(f"Incorrect IAM authentication information: {text}")


@dataclass(frozen=True)
class AuthorizationHeader:
    """The parsed Authorization header of a signed request."""

    form: str
    access: str
    headers: list[str]  # names of the signed headers
    signature: str
    scope: re.Match[str] | None  # only of the form Credential=


def is_signed(headers: Mapping[str, str]) -> bool:
    return credential_kind(headers) in ("access", "credential")


def credential_kind(headers: Mapping[str, str]) -> str:
    """How a request authenticates: token, access, credential or none."""
    if "X-Auth-Token" in headers:
        return "token"
    authorization = headers.get("Authorization", "")
    if not authorization.startswith(ALGORITHM):
        return "none"
    return "credential" if "Credential=" in authorization else "access"


class SignatureVerifier:
    """Verifies signed requests, and locks a key after too many failures."""

    def __init__(self, keys: dict[str, AccessKey], clock: Clock, variants: LtsVariants):
        self._keys = keys
        self._clock = clock
        self._variants = variants

    def check(self, request: Request) -> AccessKey:
        header = parse_authorization(request.headers.get("Authorization", ""))
        if header is None:
            raise SignatureRefused(FAILED)
        now, key = self._clock.now(), self._keys.get(header.access)
        if key is None or (key.expires is not None and key.expires <= now):
            raise SignatureRefused(f"Get secretKey failed,ak:{header.access},err:ak not exist")
        if now < key.locked_until:
            raise SignatureRefused(LOCKED)
        if not self._is_valid(request, header, key, now):
            key.failures += 1
            if key.failures > MAX_FAILURES:
                key.failures, key.locked_until = 0, now + LOCK_SECONDS
            raise SignatureRefused(FAILED)
        key.failures = 0
        return key

    def _is_valid(self, request: Request, header: AuthorizationHeader, key: AccessKey, now: float) -> bool:
        if self._variants.auth_forms not in ("both", header.form):
            return False
        date = _parse_date(request.headers.get("X-Sdk-Date", ""))
        if date is None or abs(now - date) > MAX_CLOCK_SKEW:
            return False
        return _has_valid_security_token(request, header, key) and signature_matches(request, header, key.secret)


def parse_authorization(authorization: str) -> AuthorizationHeader | None:
    match = AUTHORIZATION.fullmatch(authorization)
    if match is None:
        return None
    form, headers = match["form"].lower(), match["headers"].split(";")
    if form == "access":
        return AuthorizationHeader(form, match["who"], headers, match["signature"], None)
    scope = SCOPE.fullmatch(match["who"])
    return None if scope is None else AuthorizationHeader(form, scope["access"], headers, match["signature"], scope)


def signature_matches(request: Request, header: AuthorizationHeader, secret: str) -> bool:
    names = header.headers
    if names != sorted({name.lower() for name in names}) or not ALWAYS_SIGNED.issubset(names):
        return False
    # Gateways change header names with an underscore.
    if any(name not in request.headers or "_" in name for name in names):
        return False
    date = request.headers["X-Sdk-Date"]
    if header.scope and header.scope["date"] != date[:8]:
        return False
    key, scope = _signing_key(header, secret)
    for query, payload in _candidate_contents(request, header.form):
        headers = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names)
        canonical_request = "\n".join(
            (request.method, _canonical_path(request), query, headers, ";".join(names), payload)
        )
        to_sign = "\n".join((ALGORITHM, date, *scope, _hash(canonical_request.encode("utf-8", "surrogateescape"))))
        if hmac.compare_digest(_hmac(key, to_sign).hex(), header.signature):
            return True
    return False


def _signing_key(header: AuthorizationHeader, secret: str) -> tuple[bytes, tuple[str, ...]]:
    if header.scope is None:
        return secret.encode(), ()
    key = b"SDK" + secret.encode()
    parts = (header.scope["date"], header.scope["region"], header.scope["service"], "sdk_request")
    for part in parts:
        key = _hmac(key, part)
    return key, ("/".join(parts),)


def _candidate_contents(request: Request, form: str) -> list[tuple[str, str]]:
    """Canonical query and payload hash, in all the ways in which clients compute them."""
    query, given_hash = _canonical_query(request), request.headers.get("X-Sdk-Content-Sha256")
    contents = [(query, given_hash or _hash(request.body))]
    if not request.body:
        contents.append((query, _hash(b"")))
        if form == "credential" and request.method == "POST":
            # Some clients of this form sign the query as if it were the body, and no query.
            contents.append(("", _hash(request.target.partition("?")[2].encode())))
    return contents


def _canonical_path(request: Request) -> str:
    path = quote(unquote(request.target.partition("?")[0], errors="surrogateescape"), "/~", errors="surrogateescape")
    return path if path.endswith("/") else path + "/"


def _canonical_query(request: Request) -> str:
    pairs = parse_qsl(request.target.partition("?")[2], keep_blank_values=True, errors="surrogateescape")
    encoded = [[quote(part, "~", errors="surrogateescape") for part in pair] for pair in pairs]
    return "&".join(f"{name}={value}" for name, value in sorted(encoded))


def _has_valid_security_token(request: Request, header: AuthorizationHeader, key: AccessKey) -> bool:
    if key.security_token is None:
        return True
    if not hmac.compare_digest(request.headers.get(SECURITY_TOKEN, "").encode(), key.security_token.encode()):
        return False
    # Clients of the form Credential= add the token after signing.
    return header.form == "credential" or SECURITY_TOKEN in header.headers


def _parse_date(text: str) -> float | None:
    try:
        return datetime.strptime(text, DATE_FORMAT).replace(tzinfo=timezone.utc).timestamp()
    except ValueError:
        return None


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
