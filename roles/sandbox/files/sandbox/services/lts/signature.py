# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from ...clock import Clock
from ...http.messages import Call
from ...variants.registry import Variants

# Requests that are signed with an access key, in either of two forms. `Access=` signs with the secret itself,
# `Credential=` with a key that is derived from it and from a scope.

ALGORITHM = "SDK-HMAC-SHA256"
AUTHORIZATION = re.compile(
    ALGORITHM + r" (?P<form>Access|Credential)=(?P<who>[^,\s]+), ?SignedHeaders=(?P<headers>[^,\s]+), ?"
    r"Signature=(?P<signature>[0-9a-f]{64})"
)
SCOPE = re.compile(r"(?P<access>[^/]+)/(?P<date>\d{8})/(?P<region>[^/]*)/(?P<service>[^/]*)/sdk_request")
WINDOW = 15 * 60
DATE = "%Y%m%dT%H%M%SZ"
ALWAYS_SIGNED = {"host", "x-sdk-date"}
SECURITY_TOKEN = "x-security-token"
MOST_FAILURES = 5
LOCKED_FOR = 5 * 60
FAILED = "verify aksk signature fail"
LOCKED = "AK access failed to reach the limit,forbidden"


class SignatureRefused(Exception):
    def __init__(self, text: str):
        super().__init__(f"Incorrect IAM authentication information: {text}")


@dataclass
class AccessKey:
    access: str
    secret: str
    owner: Any
    security_token: str | None = None  # of a temporary key
    expires: float | None = None
    failures: int = 0  # one after another
    locked_until: float = 0.0


@dataclass
class Claim:
    """What an Authorization header says."""

    form: str
    access: str
    headers: list[str]
    signature: str
    scope: re.Match | None


def sign_in_form(headers: Mapping[str, str]) -> str:
    """token, access, credential or none."""
    if "X-Auth-Token" in headers:
        return "token"
    authorization = headers.get("Authorization", "")
    if not authorization.startswith(ALGORITHM):
        return "none"
    return "credential" if "Credential=" in authorization else "access"


class SignatureGate:
    def __init__(self, keys: dict[str, AccessKey], clock: Clock, variants: Variants):
        self._keys = keys
        self._clock = clock
        self._variants = variants

    def check(self, call: Call) -> AccessKey:
        claim = read_claim(call.headers.get("Authorization", ""))
        if claim is None:
            raise SignatureRefused(FAILED)
        now, key = self._clock.now(), self._keys.get(claim.access)
        if key is None or (key.expires is not None and key.expires <= now):
            raise SignatureRefused(f"Get secretKey failed,ak:{claim.access},err:ak not exist")
        if now < key.locked_until:
            raise SignatureRefused(LOCKED)
        if not self._is_good(call, claim, key, now):
            key.failures += 1
            if key.failures > MOST_FAILURES:
                key.failures, key.locked_until = 0, now + LOCKED_FOR
            raise SignatureRefused(FAILED)
        key.failures = 0
        return key

    def _is_good(self, call: Call, claim: Claim, key: AccessKey, now: float) -> bool:
        if self._variants["auth_forms"] not in ("both", claim.form):
            return False
        date = _date(call.headers.get("X-Sdk-Date", ""))
        if date is None or abs(now - date) > WINDOW:
            return False
        return _security_token_is_good(call, claim, key) and verifies(call, claim, key.secret)


def read_claim(authorization: str) -> Claim | None:
    match = AUTHORIZATION.fullmatch(authorization)
    if match is None:
        return None
    form, headers = match["form"].lower(), match["headers"].split(";")
    if form == "access":
        return Claim(form, match["who"], headers, match["signature"], None)
    scope = SCOPE.fullmatch(match["who"])
    return None if scope is None else Claim(form, scope["access"], headers, match["signature"], scope)


def verifies(call: Call, claim: Claim, secret: str) -> bool:
    names = claim.headers
    if names != sorted({name.lower() for name in names}) or not ALWAYS_SIGNED.issubset(names):
        return False
    # Of names with an underscore the gateways on the way make something else.
    if any(name not in call.headers or "_" in name for name in names):
        return False
    date = call.headers["X-Sdk-Date"]
    if claim.scope and claim.scope["date"] != date[:8]:
        return False
    key, scope = _signing_key(claim, secret)
    for query, payload in _contents(call, claim.form):
        headers = "".join(f"{name}:{call.headers[name].strip()}\n" for name in names)
        request = "\n".join((call.method, _canonical_path(call), query, headers, ";".join(names), payload))
        to_sign = "\n".join((ALGORITHM, date, *scope, _hash(request.encode("utf-8", "surrogateescape"))))
        if hmac.compare_digest(_hmac(key, to_sign).hex(), claim.signature):
            return True
    return False


def _signing_key(claim: Claim, secret: str) -> tuple[bytes, tuple[str, ...]]:
    if claim.scope is None:
        return secret.encode(), ()
    key = b"SDK" + secret.encode()
    parts = (claim.scope["date"], claim.scope["region"], claim.scope["service"], "sdk_request")
    for part in parts:
        key = _hmac(key, part)
    return key, ("/".join(parts),)


def _contents(call: Call, form: str) -> list[tuple[str, str]]:
    """Canonical query and hash of the payload; where more than one way of signing is in use, all of them."""
    query, told = _canonical_query(call), call.headers.get("X-Sdk-Content-Sha256")
    contents = [(query, told or _hash(call.body))]
    if not call.body:
        contents.append((query, _hash(b"")))
        if form == "credential" and call.method == "POST":
            # These clients sign the query as if it was the body, and then no query.
            contents.append(("", _hash(call.target.partition("?")[2].encode())))
    return contents


def _canonical_path(call: Call) -> str:
    path = quote(unquote(call.target.partition("?")[0], errors="surrogateescape"), "/~", errors="surrogateescape")
    return path if path.endswith("/") else path + "/"


def _canonical_query(call: Call) -> str:
    pairs = parse_qsl(call.target.partition("?")[2], keep_blank_values=True, errors="surrogateescape")
    encoded = [[quote(part, "~", errors="surrogateescape") for part in pair] for pair in pairs]
    return "&".join(f"{name}={value}" for name, value in sorted(encoded))


def _security_token_is_good(call: Call, claim: Claim, key: AccessKey) -> bool:
    if key.security_token is None:
        return True
    if not hmac.compare_digest(call.headers.get(SECURITY_TOKEN, "").encode(), key.security_token.encode()):
        return False
    # Clients of the other form add it when all is signed already.
    return claim.form == "credential" or SECURITY_TOKEN in claim.headers


def _date(text: str) -> float | None:
    try:
        return datetime.strptime(text, DATE).replace(tzinfo=timezone.utc).timestamp()
    except ValueError:
        return None


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
