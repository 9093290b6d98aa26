# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Handles URLs that users give to a service: they may hold a password, a token or a signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, unquote, unquote_plus, urlsplit, urlunsplit

from .registry import HIDDEN

# Names of parameters whose values are secret. This and the other patterns are compiled at their first use.
_SECRET = (
    r"(?i)token|secret|pass|pwd|credential|sign|auth|jwt|session|hmac|hdne|hdnt|rlkey|api.?key|access.?key|otp|ticket"
    r"|^(key|sig|sid|pw|md5|hash|code)$|^(x-amz|x-goog|q)-"
)
# Shorter ones are not hidden in other text, as that would hide much else.
_SHORTEST_PASSWORD, _SHORTEST_VALUE, _SHORTEST_TOKEN = 6, 8, 20
# What is not a word for certain: a UUID, or a run of hexadecimal digits.
_NO_WORD = r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![a-z0-9])[0-9a-f]{20,}(?![a-z0-9])"
# How many URLs within URLs are looked at. Deeper ones are hidden as a whole.
_DEEPEST = 5
_TAG = r"\{\w+\}"


def is_sound(address: str) -> bool:
    """Whether a URL can be parsed. One with a password that is not quoted cannot, for example."""
    return split(address) is not None


def secrets(address: str, _depth: int = 0) -> list[str]:
    """Return the secrets in a URL, and the URL itself if it holds any.

    A token in the path includes the slash before it: without the slash, the same text may be the id of something.
    """
    parts = split(address)
    if parts is None or _depth > _DEEPEST:
        return [address]
    login = parts.netloc.rpartition("@")[0]
    # A user name may be a token. Without a password, it certainly is.
    user = parts.username if parts.username and (not parts.password or _is_token(parts.username)) else ""
    found = [secret for secret in (login, parts.password or "", user) if len(secret) >= _SHORTEST_PASSWORD]
    segments = re.findall("[^/;]+", parts.path)
    for name, _equals, value in [*pieces(parts), *(segment.partition("=") for segment in segments)]:
        if is_secret_name(name) and len(value) >= _SHORTEST_VALUE and not re.fullmatch(_TAG, value):
            found.append(value)
        elif _is_address(value):
            found += secrets(unquote(value), _depth + 1)
    found += [f"/{segment}" for segment in segments if "=" not in segment and _is_token(segment)]
    spelled = {spelling for secret in found for spelling in (secret, unquote(secret), unquote_plus(secret))}
    return [*sorted(spelled), address] if found or shown(address) != urlunsplit(parts) else []


def shown(address: str, known: tuple[str, ...] = (), _depth: int = 0) -> str:
    """Return a URL as users may see it: without user and password, and with secret parameters and tokens hidden.

    :param known: text that looks like a token but is not one, such as the id of the item that the URL belongs to.
    """
    parts = split(address)
    if parts is None or _depth > _DEEPEST:
        return HIDDEN

    def hide(match: re.Match[str]) -> str:
        piece = match.group()
        name, equals, value = piece.partition("=")
        if equals and is_secret_name(name) and not re.fullmatch(_TAG, value):
            return f"{name}={HIDDEN}"
        if _is_address(value):
            return f"{name}={shown(unquote(value), known, _depth + 1)}"
        return HIDDEN if not equals and _is_token(piece) and piece not in known else piece

    path = re.sub("[^/;]+", hide, parts.path)
    query, fragment = (re.sub("[^&;]+", hide, text) for text in (parts.query, parts.fragment))
    return urlunsplit(parts._replace(netloc=host(parts), path=path, query=query, fragment=fragment))


def is_secret_name(name: str) -> bool:
    """Whether the value of a parameter of this name is secret."""
    return re.search(_SECRET, name) is not None


def split(address: str) -> SplitResult | None:
    """The parts of a URL, or None if it cannot be parsed for certain."""
    try:
        parts = urlsplit(address)
        # The port is parsed only now. It may be the beginning of a password that holds a slash.
        is_sound = parts.port is None or parts.port > 0
    except ValueError:
        return None
    # Even without a host, the text before an "@" may be a password.
    return parts if is_sound and (parts.netloc or "@" not in address) else None


def host(parts: SplitResult) -> str:
    """The host and port, without user and password."""
    return parts.netloc.rpartition("@")[2]


def pieces(parts: SplitResult) -> Iterator[tuple[str, str, str]]:
    """Yield (name, "=", value) for each parameter in query and fragment, still quoted."""
    for piece in re.split("[&;]", f"{parts.query}&{parts.fragment}"):
        if piece:
            yield piece.partition("=")


def _is_address(value: str) -> bool:
    return "%3A%2F%2F" in value.upper() or "://" in value


def _is_token(text: str) -> bool:
    """Whether a part of a URL looks like a token, or like the user and password of another URL.

    For example "3e1f09c47ab2d85f6c10", "Qm7vT2xR9-wLk4ZpB8nYd" or "user:password@host".
    """
    text = unquote(text)
    if re.search(":[^@]+@", text):
        return True
    if len(text) < _SHORTEST_TOKEN:
        return False
    if re.search(_NO_WORD, text):
        return True
    words = re.findall("[A-Za-z0-9]+", text)
    return 2 * sum(len(word) for word in words if _is_mixed(word)) >= len(text)


def _is_mixed(word: str) -> bool:
    """Whether a word mixes letters and digits, or small letters and capitals, as no real word does."""
    has_both = re.search("[0-9]", word) and re.search("[A-Za-z]", word)
    return bool(has_both) or len(re.findall("[a-z][A-Z]", word)) > 2
