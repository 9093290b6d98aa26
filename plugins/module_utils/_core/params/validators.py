# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks identifiers, names, secrets and addresses that users give."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ..errors import InvalidInput
from .placeholders import is_placeholder

_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True)
class IdFormat:
    """How the ids of a service look.

    :ivar pattern: a regular expression for a whole id. It is compiled at its first use, as few tasks need them all.
    :ivar words: the same in words, for messages.
    """

    pattern: str
    words: str

    def fits(self, text: str) -> bool:
        """Whether a text looks like such an id."""
        return re.fullmatch(self.pattern, text) is not None


HEX_24 = IdFormat(r"[0-9a-fA-F]{24}", "24 hexadecimal digits")
HEX_32 = IdFormat(r"[0-9a-fA-F]{32}", "32 hexadecimal digits")
UUID = IdFormat(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "a UUID of 36 characters")

_ID = r"[A-Za-z0-9_.:-]{1,128}"
_NAME = r"[A-Za-z0-9_.-]+"
_HOST = r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*"
# Characters of a malformed value that a message repeats.
_LONGEST_SHOWN = 80


def identifier(option: str, value: object, form: IdFormat, *, check_mode: bool = False) -> str:
    """Return an identifier, unchanged.

    :param check_mode: accept a placeholder for an item that an earlier task would have created, too.
    :raises InvalidInput: the value is malformed.
    """
    if is_placeholder(value):
        if check_mode:
            return str(value)
        raise InvalidInput(
            f"{option}: {value} is a placeholder id from check mode, for an object that was not really created. Run "
            "the task that creates it without check mode, too."
        )
    if value is None or not form.fits(str(value)):
        raise InvalidInput(f"{option}: {shown(value)} is not a valid id; it must be {form.words}.")
    return str(value)


def is_id(value: Any) -> bool:
    """Whether a value from a service can be an id of any format: ids go into paths and file names."""
    return isinstance(value, str) and re.fullmatch(_ID, value) is not None and value.strip(".") != ""


def identifiers(
    option: str, values: Sequence[Any], form: IdFormat, *, check_mode: bool = False, may_be_empty: bool = False
) -> list[str]:
    """Return identifiers, unchanged. Two that differ only in case are duplicates.

    :param check_mode: see identifier().
    :raises InvalidInput: one is malformed, there are duplicates (the error tells their positions, from 1), or there are
        none.
    """
    _check_not_empty(option, values, may_be_empty=may_be_empty)
    checked = [identifier(option, value, form, check_mode=check_mode) for value in values]
    _check_distinct(option, [value.lower() for value in checked])
    return checked


def names(option: str, values: Sequence[str], longest: int, *, may_be_empty: bool = False) -> list[str]:
    """Return names, unchanged.

    :param longest: the most characters that a name may have.
    :raises InvalidInput: one is malformed, there are duplicates (the error tells their positions, from 1), or there are
        none.
    """
    _check_not_empty(option, values, may_be_empty=may_be_empty)
    return _check_distinct(option, [name(option, value, longest) for value in values])


def name(option: str, value: str, longest: int) -> str:
    """Return a name of letters, digits, `_`, `-` and `.`, unchanged.

    :raises InvalidInput: the value is empty, too long, or holds another character.
    """
    if not (re.fullmatch(_NAME, value) and len(value) <= longest):
        raise InvalidInput(
            f"{option}: {shown(value)} is not a valid name; it must be 1 to {longest} letters, digits, '_', '-', '.'."
        )
    return value


def text(option: str, value: str, longest: int) -> str:
    """Return text of one line, unchanged.

    :param longest: the most characters that the text may have.
    :raises InvalidInput: the value is empty, too long, or holds control characters.
    """
    if not value or value != value.strip() or len(value) > longest or not value.isprintable():
        raise InvalidInput(f"{option} must be 1 to {longest} characters on one line, without spaces at the ends.")
    return value


def texts(option: str, values: Sequence[str], longest: int, *, may_be_empty: bool = False) -> list[str]:
    """Return texts of one line, unchanged.

    :raises InvalidInput: one is malformed, there are duplicates, or there are none.
    """
    _check_not_empty(option, values, may_be_empty=may_be_empty)
    return _check_distinct(option, [text(option, value, longest) for value in values])


def positive(option: str, value: _Number) -> _Number:
    """Return a number above zero, unchanged.

    :raises InvalidInput: it is not above zero.
    """
    if value <= 0:
        raise InvalidInput(f"{option} must be a positive number.")
    return value


def secret(option: str, value: str | None) -> str:
    """Return a password, key or token, unchanged.

    :raises InvalidInput: it is empty, or contains line breaks, other control characters, or spaces at its ends.
    """
    if not value:
        raise InvalidInput(f"{option} is empty.")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
        raise InvalidInput(f"{option} contains a line break or another control character.")
    if value != value.strip():
        raise InvalidInput(f"{option} begins or ends with a space.")
    return value


def token(option: str, value: str | None) -> str:
    """Return a secret that goes into a header as it is, unchanged.

    :raises InvalidInput: secret() refuses it, or it contains a space or a non-ASCII character.
    """
    checked = secret(option, value)
    if not checked.isascii() or " " in checked:
        raise InvalidInput(f"{option} contains a space or a non-ASCII character, which no token has.")
    return checked


def base_url(option: str, value: str) -> str:
    """Return the scheme, host and port of a service as a URL.

    :raises InvalidInput: the value is not an HTTP(S) URL, or holds more than these.
    """
    # No message shows the value, as it may hold a password.
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise _bad_url(option) from None
    if parts.username is not None or parts.password is not None:
        raise InvalidInput(f"{option} holds credentials; give them in their own options.")
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not re.fullmatch(_HOST, host):
        raise _bad_url(option)
    bracketed = f"[{host}]" if ":" in host else host
    url = f"{parts.scheme}://{bracketed}" + (f":{port}" if port is not None else "")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise InvalidInput(
            f"{option} must end after host and port ({url}), as the paths of the API are added to it; "
            "it has a path, a query or a fragment."
        )
    return url


def _bad_url(option: str) -> InvalidInput:
    return InvalidInput(f"{option} is not a valid address; write it as https://HOST or https://HOST:PORT.")


def is_cleartext(url: str) -> bool:
    """Whether credentials would cross a network unencrypted: plain HTTP to another machine."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname == "localhost":
        return False
    try:
        return not ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return True


def shown(value: object) -> str:
    """Return a malformed value as a message quotes it."""
    text = str(value)
    return repr(text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "...")


def _check_not_empty(option: str, values: Sequence[Any], *, may_be_empty: bool) -> None:
    if not values and not may_be_empty:
        raise InvalidInput(f"{option} is empty; give at least one, or skip the task with a condition.")


def _check_distinct(option: str, values: list[str]) -> list[str]:
    first: dict[str, int] = {}
    for position, value in enumerate(values, 1):
        if value in first:
            raise InvalidInput(f"{option}: '{value}' is given twice, at positions {first[value]} and {position}.")
        first[value] = position
    return values
