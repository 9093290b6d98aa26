# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from dataclasses import dataclass, field

from .clock import Clock
from .exchange import Answer, Call
from .variants import Variants

REALM = "MMS Public API"
PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
# Pretty-printed with four keys: unlike every other error of these services.
UNAUTHORIZED = b"""{
  "error" : 401,
  "reason" : "Unauthorized",
  "detail" : "You are not authorized for this resource.",
  "errorCode" : "UNEXPECTED_ERROR"
}"""
NONCES_KEPT = 10_000


@dataclass
class Nonce:
    issued: float
    counts: set[int] = field(default_factory=set)
    last_count: int = 0


class DigestGate:
    """HTTP digest, really verified: nonce life, request target, nonce counts and the response value."""

    def __init__(self, keys: dict[str, str], clock: Clock, variants: Variants):
        self._keys = keys
        self._clock = clock
        self._variants = variants
        self._nonces: dict[str, Nonce] = {}

    def check(self, call: Call) -> tuple[str | None, bool]:
        """The public key of the caller, or None; and whether only the age of the nonce was wrong."""
        sent = self._parse(call.headers.get("Authorization", ""))
        username = sent.get("username", "")
        nonce = self._nonces.get(sent.get("nonce", ""))
        if nonce is None or username not in self._keys or not self._well_formed(call, sent):
            return None, False
        if not hmac.compare_digest(self._expected(call, sent), sent["response"].lower()):
            return None, False
        count = int(sent["nc"], 16)
        if count in nonce.counts or (self._variants["digest_strict_order"] and count <= nonce.last_count):
            return None, False
        if self._spent(nonce):
            return None, True
        nonce.counts.add(count)
        nonce.last_count = max(count, nonce.last_count)
        return username, False

    def challenge(self, stale: bool) -> Answer:
        value = base64.b64encode(os.urandom(24)).decode()
        if len(self._nonces) >= NONCES_KEPT:
            del self._nonces[next(iter(self._nonces))]
        self._nonces[value] = Nonce(self._clock.now())
        flag = "true" if stale and self._variants["stale_flag"] else "false"
        # Order and quoting of the parameters are those of the live service.
        header = (
            f'Digest realm="{REALM}", domain="", nonce="{value}", '
            f'algorithm={self._variants["digest_algorithm"]}, qop="auth", stale={flag}'
        )
        headers = {"Content-Type": "application/json", "WWW-Authenticate": header, "Vary": "Accept-Encoding"}
        return Answer(401, UNAUTHORIZED, headers)

    @staticmethod
    def _parse(header: str) -> dict[str, str]:
        scheme, _space, rest = header.partition(" ")
        if scheme.lower() != "digest":
            return {}
        return {
            name.lower(): re.sub(r"\\(.)", r"\1", quoted) or plain for name, quoted, plain in PARAMETER.findall(rest)
        }

    def _well_formed(self, call: Call, sent: dict[str, str]) -> bool:
        return bool(
            sent.get("realm") == REALM
            and sent.get("uri") == call.target
            and sent.get("qop") == "auth"
            and sent.get("cnonce")
            and re.fullmatch(r"[0-9a-fA-F]{8}", sent.get("nc", ""))
            and re.fullmatch(r"[0-9a-fA-F]+", sent.get("response", ""))
            and sent.get("algorithm", self._variants["digest_algorithm"]) == self._variants["digest_algorithm"]
        )

    def _expected(self, call: Call, sent: dict[str, str]) -> str:
        digest = HASHES[self._variants["digest_algorithm"]]

        def hashed(*parts: str) -> str:
            return digest(":".join(parts).encode()).hexdigest()

        secret = hashed(sent["username"], REALM, self._keys[sent["username"]])
        action = hashed(call.method, sent["uri"])
        return hashed(secret, sent["nonce"], sent["nc"], sent["cnonce"], sent["qop"], action)

    def _spent(self, nonce: Nonce) -> bool:
        uses = self._variants["nonce_uses"]
        too_often = bool(uses) and len(nonce.counts) >= uses
        return too_often or self._clock.now() - nonce.issued > self._variants["nonce_seconds"]
