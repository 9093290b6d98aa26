# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP Digest: reads the challenges of a service, and answers them.

https://www.rfc-editor.org/rfc/rfc7616, and RFC 2069 for services that do not know qop.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

# The algorithms, without "-sess", and their names in hashlib. SHA-512 is not standardised, but in use.
_HASHES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256", "SHA-512": "sha512"}

_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_AT_END = r"(?=[ \t]*(?:,|$))"
# Unquoted values may hold more than the grammar allows, as some services leave the quotes out.
_PARAMETER = re.compile(rf'[ \t,]*({_TOKEN})[ \t]*=[ \t]*(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s",]+)){_AT_END}')
# A scheme, with the base64 text that some schemes have instead of parameters.
_SCHEME = re.compile(rf"[ \t,]*({_TOKEN})(?:[ \t]+[A-Za-z0-9\-._~+/]+=*{_AT_END}|(?=[ \t,]|$))")
_ANYTHING = re.compile(r"[ \t,]*[^,]*")
# Characters of a header that are read, and of a name in it that a message shows.
_LONGEST_HEADER = 16 * 1024
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Challenge:
    """What a service asks for: a scheme, and its parameters by their names in lower case."""

    scheme: str
    parameters: dict[str, str]


def challenges(header: str) -> list[Challenge]:
    """The challenges in the header WWW-Authenticate, by the grammar of RFC 9110.

    Anything that does not fit the grammar is skipped, up to the next comma.

    :param header: the value of the header; several headers are joined by commas.
    """
    found: list[Challenge] = []
    header, position = header[:_LONGEST_HEADER], 0
    while position < len(header):
        parameter = _PARAMETER.match(header, position) if found else None
        scheme = None if parameter else _SCHEME.match(header, position)
        if parameter:
            name, quoted, plain = parameter.groups()
            value = plain if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            found[-1].parameters.setdefault(name.lower(), value)
        elif scheme:
            found.append(Challenge(scheme[1], {}))
        match = parameter or scheme or _ANYTHING.match(header, position)
        position = match.end() if match else len(header)
    return found


def best(offered: list[Challenge]) -> Challenge | None:
    """The challenge to answer: the first Digest challenge that we support, but MD5 only if there is no other."""
    fitting = [challenge for challenge in offered if _is_digest(challenge) and _obstacle(challenge.parameters) is None]
    return min(fitting, key=lambda challenge: _algorithm(challenge.parameters)[0] == "MD5", default=None)


def obstacle(offered: list[Challenge]) -> str:
    """Why none of the challenges can be answered, as a sentence."""
    obstacles = [_obstacle(challenge.parameters) or "" for challenge in offered if _is_digest(challenge)]
    if obstacles:
        return (
            f"The service requests Digest authentication {_listed(obstacles)}, which this collection does not support."
        )
    if offered:
        schemes = _listed([challenge.scheme for challenge in offered])
        return (
            f"The service, or a proxy in front of it, requests {schemes} authentication instead of Digest, which API "
            "keys require."
        )
    return "The service did not request Digest authentication, so no key was sent: check the address."


def _is_digest(challenge: Challenge) -> bool:
    return challenge.scheme.lower() == "digest"


def _obstacle(parameters: dict[str, str]) -> str | None:
    """What prevents an answer to a Digest challenge, for the middle of a sentence, or None."""
    for name in ("realm", "nonce"):
        if name not in parameters:
            return f"without a {name}"
    base, is_session = _algorithm(parameters)
    algorithm, qop = parameters.get("algorithm", "MD5"), parameters.get("qop", "")
    if not _is_supported(base):
        return f"with algorithm {algorithm}"
    if qop and "auth" not in [each.strip().lower() for each in qop.split(",")]:
        return f"with qop {qop}"
    # Without qop, the service gets no cnonce, which it needs for a session.
    return f"with algorithm {algorithm} and no qop" if is_session and not qop else None


def _listed(words: list[str]) -> str:
    """The words as a list in a sentence, with only printable characters."""
    shown = ("".join(letter if letter.isprintable() else "?" for letter in word) for word in words)
    return " or ".join(dict.fromkeys(word[:_LONGEST_NAME] for word in shown))


def _algorithm(parameters: dict[str, str]) -> tuple[str, bool]:
    """The algorithm in capitals without "-SESS", and whether it had that suffix, so that a session has one secret."""
    name = parameters.get("algorithm", "MD5").upper()
    return (name[: -len("-SESS")], True) if name.endswith("-SESS") else (name, False)


def _hashed(algorithm: str, *parts: bytes) -> bytes:
    """The hash of some bytes, joined by colons, in hexadecimal digits.

    :raises KeyError: the algorithm is unknown.
    :raises ValueError: the OpenSSL of this machine does not have it.
    """
    # A machine in FIPS mode would refuse MD5 for security.
    return hashlib.new(_HASHES[algorithm], b":".join(parts), usedforsecurity=False).hexdigest().encode()


def _is_supported(algorithm: str) -> bool:
    try:
        _hashed(algorithm)
    except (KeyError, ValueError):
        return False
    return True


def _new_cnonce() -> str:
    return os.urandom(16).hex()


class Session:
    """Answers one challenge, for one request after another. Threads must take turns.

    :param parameters: the parameters of a challenge that best() returned.
    :param new_cnonce: makes a random text of the client for each request.
    """

    def __init__(
        self, username: str, password: str, parameters: dict[str, str], new_cnonce: Callable[[], str] = _new_cnonce
    ) -> None:
        self._algorithm, is_session = _algorithm(parameters)
        self._parameters = parameters
        self._count = 0
        is_utf8 = parameters.get("charset", "").upper() == "UTF-8"
        if is_utf8:
            username, password = (unicodedata.normalize("NFC", text) for text in (username, password))
        user, realm = username.encode("utf-8"), _bytes(parameters["realm"])
        self._secret = self._hash(user, realm, password.encode("utf-8"))
        self._new_cnonce = new_cnonce
        if is_session:
            # The same cnonce for all requests: services differ on whether the first or the present one counts here.
            cnonce = new_cnonce()
            self._new_cnonce = lambda: cnonce
            self._secret = self._hash(self._secret, _bytes(parameters["nonce"]), cnonce.encode("ascii"))
        if parameters.get("userhash", "").lower() == "true":
            self._user = f'username="{self._hash(user, realm).decode()}", userhash=true'
        elif is_utf8 and not username.isascii():
            self._user = f"username*=UTF-8''{quote(username, safe='')}"
        else:
            self._user = f"username={_quoted(user.decode('latin-1'))}"

    def _hash(self, *parts: bytes) -> bytes:
        return _hashed(self._algorithm, *parts)

    def authorization(self, method: str, target: str) -> str:
        """The value of the header Authorization, in characters that stand for one byte each.

        :param target: path and query, as they are sent.
        """
        given = self._parameters
        nonce = _bytes(given["nonce"])
        request = self._hash(method.encode("ascii"), _bytes(target))
        fields = [self._user, *(f"{name}={_quoted(given[name])}" for name in ("realm", "nonce"))]
        if given.get("qop"):
            self._count += 1
            count, cnonce = f"{self._count:08x}", self._new_cnonce()
            proof = self._hash(self._secret, nonce, count.encode(), cnonce.encode("ascii"), b"auth", request)
            fields += ["qop=auth", f"nc={count}", f'cnonce="{cnonce}"']
        else:
            proof = self._hash(self._secret, nonce, request)
        fields += [f"uri={_quoted(target)}", f'response="{proof.decode()}"']
        if "algorithm" in given:
            fields.append(f"algorithm={given['algorithm']}")
        if "opaque" in given:
            fields.append(f"opaque={_quoted(given['opaque'])}")
        return "Digest " + ", ".join(fields)


def _bytes(text: str) -> bytes:
    """The bytes of a header as they were on the wire."""
    return text.encode("latin-1")


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
