# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses that users hand to a service: they may hold a password, a token or a signature.

Private to this collection.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, unquote_plus, urlsplit, urlunsplit

from .secrets import HIDDEN

_SECRET_NAMES = re.compile(
    r"token|secret|passw|pwd|credential|signature|^sig$|auth|jwt|api.?key|access.?key|^key$|^x-(amz|goog)-", re.I
)
# What goes along with a signature, and is another one with each.
_OF_SIGNATURES = re.compile(
    r"^(expires|policy|key-pair-id|googleaccessid|s[eprtvk]|spr|sip|sk(oid|tid|t|e|s|v))$", re.I
)
_SIGNATURES = re.compile(r"^(expires|policy|key-pair-id|googleaccessid|s[eprtvk]|spr|sip|sk(oid|tid|t|e|s|v))$", re.I)
_SIGNATURES = re.compile(r"signature|^sig$", re.I)
# Shorter texts are no secrets, and hiding them would hide much else.
_SHORTEST = 6


def secrets(address):
    """The texts in an address that nobody may see; with the address itself, if there are any."""
    parts = _split(address)
    if parts is None:
        return []
    found = [unquote(parts.password)] if parts.password else []
    for name, value in _query(parts):
        if _SECRET_NAMES.search(name) and len(value) >= _SHORTEST and "{" not in value:
            found.append(unquote_plus(value))
    return [*found, address] if found else []


def shown(address):
    """An address as users may see it: without user and password, and with the values of secret parameters hidden."""
    parts = _split(address)
    if parts is None:
        return HIDDEN
    query = "&".join(
        f"{name}={HIDDEN}" if _SECRET_NAMES.search(name) and "{" not in value else piece
        for piece, (name, value) in zip(parts.query.split("&"), _query(parts))
    )
    return urlunsplit(parts._replace(netloc=_host(parts), query=query))


def are_same(one, other, tags=()):
    """Whether two addresses lead to the same, whoever is let in and however long.

    :param tags: what the service may have replaced in the first one, like "{job_id}".
    """
    pattern = re.escape(_bare(other))
    for tag in tags:
        pattern = pattern.replace(re.escape(tag), f"(?:{re.escape(tag)}|[^/?&#]*)")
    return re.fullmatch(pattern, _bare(one)) is not None


def _bare(address):
    parts = _split(address)
    if parts is None:
        return address
    pairs = list(_query(parts))
    is_signed = any(_SIGNATURES.search(name) for name, _value in pairs)
    kept = [
        f"{name}={unquote_plus(value)}"
        for name, value in pairs
        if name and not _SECRET_NAMES.search(name) and not (is_signed and _OF_SIGNATURES.search(name))
    ]
    return urlunsplit((parts.scheme.lower(), _host(parts).lower(), unquote(parts.path), "&".join(kept), ""))


def _split(address):
    try:
        parts = urlsplit(address)
        # Looked at only here, as it is what may be wrong.
        return parts if parts.hostname is not None or parts.netloc == "" else None
    except ValueError:
        return None


def _host(parts):
    return parts.netloc.rpartition("@")[2]


def _query(parts):
    """(name, value) of the parameters, as they stand."""
    for piece in parts.query.split("&"):
        name, _equals, value = piece.partition("=")
        yield name, value
