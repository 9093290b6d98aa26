# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from dataclasses import dataclass, field

from multidict import CIMultiDict

from ...clock import Clock
from ...http.messages import Request, Response
from ...variants.mongodb import MongoDBVariants

REALM = "MMS Public API"
PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
HASHES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}
OTHER_CHALLENGES = (
    'Basic realm="a, Digest realm=\\"b\\""',
    'Digest realm="c", nonce="d", algorithm=SHA-0, qop="auth"',
    "Negotiate",
)
COOKIE = "balancer"
# Unlike every other error of these services, this one is pretty-printed and has four keys.
UNAUTHORIZED = b"""{
  "error" : 401,
  "reason" : "Unauthorized",
  "detail" : "You are not authorized for this resource.",
  "errorCode" : "UNEXPECTED_ERROR"
}"""
MOST_NONCES = 10_000


@dataclass(frozen=True)
class DigestResult:
    public_key: str | None  # of the caller, if the request is authenticated
    stale: bool = False  # only the age of the nonce was wrong


@dataclass
class Nonce:
    issued: float
    node: str  # the value of the cookie that was set with it
    first_cnonce: str = ""  # of the first valid response
    counts: set[int] = field(default_factory=set)
    last_count: int = 0


REFUSED = DigestResult(None)
STALE = DigestResult(None, stale=True)


class DigestAuthenticator:
    """HTTP digest authentication, really verified: nonce lifetime, request target, nonce counts and response value."""

    def __init__(self, keys: dict[str, str], clock: Clock, variants: MongoDBVariants):
        self._keys = keys
        self._clock = clock
        self._variants = variants
        self._nonces: dict[str, Nonce] = {}

    def check(self, request: Request) -> DigestResult:
        sent = self._parse(request.headers.get("Authorization", ""))
        username = self._user(sent.get("username", ""))
        nonce = self._nonces.get(sent.get("nonce", ""))
        if nonce is None or username is None or not self._well_formed(request, sent):
            return REFUSED
        if self._variants.nonce_needs_cookie and f"{COOKIE}={nonce.node}" not in request.headers.get("Cookie", ""):
            return REFUSED
        if not hmac.compare_digest(self._expected(request, sent, username, nonce), sent["response"].lower()):
            return REFUSED
        # Without a qop, requests have no counts.
        count = int(sent.get("nc", "0"), 16) or len(nonce.counts) + 1
        if count in nonce.counts or (self._variants.digest_strict_order and count <= nonce.last_count):
            return REFUSED
        if self._is_used_up(nonce):
            return STALE
        nonce.counts.add(count)
        nonce.last_count = max(count, nonce.last_count)
        nonce.first_cnonce = nonce.first_cnonce or sent.get("cnonce", "")
        return DigestResult(username)

    def challenge(self, stale: bool) -> Response:
        value = base64.b64encode(os.urandom(24)).decode()
        if len(self._nonces) >= MOST_NONCES:
            del self._nonces[next(iter(self._nonces))]
        nonce = self._nonces[value] = Nonce(self._clock.now(), os.urandom(12).hex())
        flag = "true" if stale and self._variants.stale_flag else "false"
        qop = f'qop="{self._variants.digest_qop}", ' if self._variants.digest_qop else ""
        userhash = ", charset=UTF-8, userhash=true" if self._variants.digest_userhash else ""
        # The order and the quoting of the parameters are those of the live service.
        header = (
            f'Digest realm="{REALM}", domain="", nonce="{value}", '
            f"algorithm={self._variants.digest_algorithm}, {qop}stale={flag}{userhash}"
        )
        headers = CIMultiDict({"Content-Type": "application/json", "Vary": "Accept-Encoding"})
        for challenge in self._all_challenges(header):
            headers.add("WWW-Authenticate", challenge)
        if self._variants.nonce_needs_cookie:
            headers.add("Set-Cookie", f"{COOKIE}={nonce.node}; Path=/; Expires=Fri, 01 Jan 2038 00:00:00 GMT; HttpOnly")
            headers.add("Set-Cookie", "other=x; Path=/elsewhere")
        return Response(401, UNAUTHORIZED, headers)

    def _all_challenges(self, challenge: str) -> list[str]:
        """The values of all WWW-Authenticate headers."""
        company = self._variants.digest_company
        if company == "none":
            return [challenge]
        if company == "instead":
            return [OTHER_CHALLENGES[0], OTHER_CHALLENGES[-1]]
        several = [*OTHER_CHALLENGES[:-1], challenge, OTHER_CHALLENGES[-1]]
        return several if company == "own_headers" else [", ".join(several)]

    @staticmethod
    def _parse(header: str) -> dict[str, str]:
        scheme, _space, rest = header.partition(" ")
        if scheme.lower() != "digest":
            return {}
        return {
            name.lower(): re.sub(r"\\(.)", r"\1", quoted) or plain for name, quoted, plain in PARAMETER.findall(rest)
        }

    def _user(self, sent: str) -> str | None:
        """The public key that a username, hashed or not, stands for."""
        if self._variants.digest_userhash:
            return next((key for key in self._keys if self._hashed(key, REALM) == sent), None)
        return sent if sent in self._keys else None

    def _well_formed(self, request: Request, sent: dict[str, str]) -> bool:
        if not self._variants.digest_qop:
            counted = not {"qop", "nc", "cnonce"} & set(sent)
        else:
            counted = bool(
                sent.get("qop") == "auth"
                and self._variants.digest_qop != "auth-int"
                and sent.get("cnonce")
                and re.fullmatch(r"[0-9a-fA-F]{8}", sent.get("nc", ""))
            )
        return bool(
            counted
            and sent.get("realm") == REALM
            and sent.get("uri") == request.target
            and re.fullmatch(r"[0-9a-fA-F]+", sent.get("response", ""))
            and sent.get("algorithm", self._variants.digest_algorithm) == self._variants.digest_algorithm
            and (sent.get("userhash") == "true") == self._variants.digest_userhash
        )

    def _hashed(self, *parts: str) -> str:
        name = HASHES[self._variants.digest_algorithm.removesuffix("-sess")]
        return hashlib.new(name, ":".join(parts).encode(), usedforsecurity=False).hexdigest()

    def _expected(self, request: Request, sent: dict[str, str], username: str, nonce: Nonce) -> str:
        secret = self._hashed(username, REALM, self._keys[username])
        if self._variants.digest_algorithm.endswith("-sess"):
            secret = self._hashed(secret, sent["nonce"], nonce.first_cnonce or sent.get("cnonce", ""))
        action = self._hashed(request.method, sent["uri"])
        if not self._variants.digest_qop:
            return self._hashed(secret, sent["nonce"], action)
        return self._hashed(secret, sent["nonce"], sent["nc"], sent["cnonce"], sent["qop"], action)

    def _is_used_up(self, nonce: Nonce) -> bool:
        uses = self._variants.nonce_uses
        too_often = bool(uses) and len(nonce.counts) >= uses
        return too_often or self._clock.now() - nonce.issued > self._variants.nonce_seconds
