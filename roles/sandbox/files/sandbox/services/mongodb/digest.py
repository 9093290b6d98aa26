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

from multidict import CIMultiDict

from ...clock import Clock
from ...http.messages import Answer, Call
from ...variants.registry import Variants

REALM = "MMS Public API"
PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
HASHES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}
COMPANY = (
    'Basic realm="a, Digest realm=\\"b\\""',
    'Digest realm="c", nonce="d", algorithm=SHA-0, qop="auth"',
    "Negotiate",
)
COOKIE = "balancer"
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
    node: str  # the value of the cookie that was set with it
    first_cnonce: str = ""  # of the first answer that was right
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
        username = self._user(sent.get("username", ""))
        nonce = self._nonces.get(sent.get("nonce", ""))
        if nonce is None or username is None or not self._well_formed(call, sent):
            return None, False
        if self._variants["nonce_needs_cookie"] and f"{COOKIE}={nonce.node}" not in call.headers.get("Cookie", ""):
            return None, False
        if not hmac.compare_digest(self._expected(call, sent, username, nonce), sent["response"].lower()):
            return None, False
        # Without a qop, there are no counts to look at.
        count = int(sent.get("nc", "0"), 16) or len(nonce.counts) + 1
        if count in nonce.counts or (self._variants["digest_strict_order"] and count <= nonce.last_count):
            return None, False
        if self._spent(nonce):
            return None, True
        nonce.counts.add(count)
        nonce.last_count = max(count, nonce.last_count)
        nonce.first_cnonce = nonce.first_cnonce or sent.get("cnonce", "")
        return username, False

    def challenge(self, stale: bool) -> Answer:
        value = base64.b64encode(os.urandom(24)).decode()
        if len(self._nonces) >= NONCES_KEPT:
            del self._nonces[next(iter(self._nonces))]
        nonce = self._nonces[value] = Nonce(self._clock.now(), os.urandom(12).hex())
        flag = "true" if stale and self._variants["stale_flag"] else "false"
        qop = f'qop="{self._variants["digest_qop"]}", ' if self._variants["digest_qop"] else ""
        userhash = ", charset=UTF-8, userhash=true" if self._variants["digest_userhash"] else ""
        # Order and quoting of the parameters are those of the live service.
        header = (
            f'Digest realm="{REALM}", domain="", nonce="{value}", '
            f"algorithm={self._variants['digest_algorithm']}, {qop}stale={flag}{userhash}"
        )
        headers = CIMultiDict({"Content-Type": "application/json", "Vary": "Accept-Encoding"})
        for challenge in self._with_company(header):
            headers.add("WWW-Authenticate", challenge)
        if self._variants["nonce_needs_cookie"]:
            headers.add("Set-Cookie", f"{COOKIE}={nonce.node}; Path=/; Expires=Fri, 01 Jan 2038 00:00:00 GMT; HttpOnly")
            headers.add("Set-Cookie", "other=x; Path=/elsewhere")
        return Answer(401, UNAUTHORIZED, headers)

    def _with_company(self, challenge: str) -> list[str]:
        """The values of all WWW-Authenticate headers."""
        company = self._variants["digest_company"]
        if company == "none":
            return [challenge]
        if company == "instead":
            return [COMPANY[0], COMPANY[-1]]
        several = [*COMPANY[:-1], challenge, COMPANY[-1]]
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
        """The public key that a user name stands for."""
        if self._variants["digest_userhash"]:
            return next((key for key in self._keys if self._hashed(key, REALM) == sent), None)
        return sent if sent in self._keys else None

    def _well_formed(self, call: Call, sent: dict[str, str]) -> bool:
        if not self._variants["digest_qop"]:
            counted = not {"qop", "nc", "cnonce"} & set(sent)
        else:
            counted = bool(
                sent.get("qop") == "auth"
                and self._variants["digest_qop"] != "auth-int"
                and sent.get("cnonce")
                and re.fullmatch(r"[0-9a-fA-F]{8}", sent.get("nc", ""))
            )
        return bool(
            counted
            and sent.get("realm") == REALM
            and sent.get("uri") == call.target
            and re.fullmatch(r"[0-9a-fA-F]+", sent.get("response", ""))
            and sent.get("algorithm", self._variants["digest_algorithm"]) == self._variants["digest_algorithm"]
            and (sent.get("userhash") == "true") == self._variants["digest_userhash"]
        )

    def _hashed(self, *parts: str) -> str:
        name = HASHES[self._variants["digest_algorithm"].removesuffix("-sess")]
        return hashlib.new(name, ":".join(parts).encode(), usedforsecurity=False).hexdigest()

    def _expected(self, call: Call, sent: dict[str, str], username: str, nonce: Nonce) -> str:
        secret = self._hashed(username, REALM, self._keys[username])
        if self._variants["digest_algorithm"].endswith("-sess"):
            secret = self._hashed(secret, sent["nonce"], nonce.first_cnonce or sent.get("cnonce", ""))
        action = self._hashed(call.method, sent["uri"])
        if not self._variants["digest_qop"]:
            return self._hashed(secret, sent["nonce"], action)
        return self._hashed(secret, sent["nonce"], sent["nc"], sent["cnonce"], sent["qop"], action)

    def _spent(self, nonce: Nonce) -> bool:
        uses = self._variants["nonce_uses"]
        too_often = bool(uses) and len(nonce.counts) >= uses
        return too_often or self._clock.now() - nonce.issued > self._variants["nonce_seconds"]
