# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a URL that cielo24 shows is the one that was ordered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, quote

from ...._core.redaction import urls

# Names of parameters that change whenever a URL is signed again.
_VOLATILE = re.compile(
    r"token|sign|hmac|hdne|hdnt|md5|hash|expire|^(sig|exp|e|policy|key-pair-id|googleaccessid|auth_key|rlkey)$"
    r"|^(x-amz|x-goog|q)-",
    re.I,
)
# The same for Azure. These names are too short to mean anything unless a "sig" is among them.
_VOLATILE_WITH_SIG = re.compile(r"^(s[eprtvk]|spr|sip|sk(oid|tid|t|e|s|v))$")
_PORTS = {"http": ":80", "https": ":443", "ftp": ":21"}


def are_same(one: str, other: str, tags: Sequence[str] = (), *, is_source: bool = False) -> bool:
    """Whether two URLs lead to the same place. A user, and secrets that only one of them has, make no difference.

    :param one: the URL as a service shows it.
    :param other: the URL as a user gives it.
    :param tags: placeholders that the service may have replaced, such as "{job_id}".
    :param is_source: something is fetched from this URL, so that it may be signed anew each time.
    """
    ours, theirs = urls.split(other), urls.split(one)
    if ours is None or theirs is None:
        return one == other
    pieces, whole = [_comparable(ours, theirs, is_source=is_source)], _comparable(theirs, ours, is_source=is_source)
    for spelling in (spelling for tag in tags for spelling in (tag, quote(tag))):
        pieces = [each for piece in pieces for each in piece.split(spelling)]
    return _is_made_of(pieces, whole)


def _is_made_of(pieces: list[str], text: str) -> bool:
    """Whether a text consists of these pieces, with anything between two pieces that stays within a part of a URL."""
    ends = {0}
    for number, piece in enumerate(pieces):
        if number:
            ends = _reach(ends, text)
        ends = {begin + len(piece) for begin in ends if text.startswith(piece, begin)}
    return len(text) in ends


def _reach(begins: set[int], text: str) -> set[int]:
    """Return where text that begins at one of these places may end, if it stays within a part of the URL."""
    ends: set[int] = set()
    for begin in sorted(begins):
        while begin not in ends:
            ends.add(begin)
            if begin == len(text) or text[begin] in "/?&#":
                break
            begin += 1
    return ends


def _comparable(parts: SplitResult, others: SplitResult, *, is_source: bool) -> str:
    """Return a URL in a form that is equal for equal places.

    :param others: the URL that it is compared with.
    """
    scheme = parts.scheme.lower()
    host = urls.host(parts).lower()
    host = host[: -len(_PORTS[scheme])] if host.endswith(_PORTS.get(scheme, "\n")) else host
    theirs = {name for name, _equals, _value in urls.pieces(others)}
    names = {name.lower() for name, _equals, _value in urls.pieces(parts)}
    kept = []
    for name, _equals, value in urls.pieces(parts):
        volatile = _VOLATILE.search(name) or ("sig" in names and _VOLATILE_WITH_SIG.search(name))
        if not (is_source and volatile or urls.is_secret_name(name) and name not in theirs):
            kept.append(f"{_quoted(name)}={_quoted(value)}")
    return f"{scheme}://{host}{_quoted(parts.path) or '/'}?{'&'.join(sorted(kept))}"


def _quoted(text: str) -> str:
    """Return the text with only those characters quoted that have to be, so that equal texts have one spelling."""

    def unquoted(match: re.Match[str]) -> str:
        plain = bytes.fromhex(match.group(1)).decode("latin-1")
        return plain if re.fullmatch(r"[A-Za-z0-9._~-]", plain) else match.group().upper()

    return quote(re.sub("%([0-9A-Fa-f]{2})", unquoted, text), safe="%/:?#[]@!$&'()*+,;=~{}")
