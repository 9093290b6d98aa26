# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checking and reading what users and services write: identifiers, addresses, times and spans.

Private to this collection.
"""

from __future__ import annotations

import calendar
import ipaddress
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

from ..errors import InvalidInput
from .placeholders import is_placeholder

HEX_24 = (re.compile(r"[0-9a-fA-F]{24}"), "24 hexadecimal digits")
HEX_32 = (re.compile(r"[0-9a-fA-F]{32}"), "32 hexadecimal digits")
UUID = (re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"), "a UUID of 36 characters")

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_SPAN = re.compile(r"([0-9]{1,9})\s*([smhdw])")
_HOST = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")
# No age that makes sense is longer, and no clock is so wrong that it would go back before the year 1.
_LONGEST_PAST = timedelta(days=365_000)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def identifier(option: str, value: object, form: tuple, check_mode: bool = False) -> str:
    """An identifier, as it is.

    :param form: (compiled pattern, the same in words).
    :param check_mode: accept the placeholder of something that a task before would have created, too.
    :raises InvalidInput: the value has another form.
    """
    pattern, words = form
    if is_placeholder(value):
        if check_mode:
            return str(value)
        raise InvalidInput(
            f"{option}: {value} stands for something that a task in check mode would have created. Outside of check "
            "mode it has no id; run the task that creates it without check mode, too."
        )
    if value is None or not pattern.fullmatch(str(value)):
        raise InvalidInput(f"{option}: {_shown(value)} is not a valid id; it must be {words}.")
    return str(value)


def is_id(value: Any) -> bool:
    """Whether what a service calls an id can be one, of whatever form: it goes into paths and names things."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None and value.strip(".") != ""


def identifiers(
    option: str, values: list, form: tuple, check_mode: bool = False, may_be_empty: bool = False
) -> list[str]:
    """A list of identifiers as they are, without duplicates in whatever case; see identifier().

    :param may_be_empty: whether there may be none.
    :raises InvalidInput: with the positions (from 1) of what is wrong.
    """
    values = values if may_be_empty else _not_empty(option, values)
    checked = [identifier(option, value, form, check_mode) for value in values]
    _distinct(option, [value.lower() for value in checked])
    return checked


def names(option: str, values: list, longest: int, may_be_empty: bool = False) -> list[str]:
    """A list of names without duplicates.

    :param longest: in characters.
    :param may_be_empty: whether there may be none.
    :raises InvalidInput: with the positions (from 1) of what is wrong.
    """
    values = values if may_be_empty else _not_empty(option, values)
    return _distinct(option, [name(option, value, longest) for value in values])


def name(option, value, longest):
    """A name of letters, digits, `_`, `-` and `.`.

    :raises InvalidInput: the value is empty, too long or holds anything else.
    """
    if not (value.isascii() and re.fullmatch(r"[A-Za-z0-9_.-]+", value) and len(value) <= longest):
        raise InvalidInput(
            f"{option}: {_shown(value)} is not a valid name; it must be 1 to {longest} letters, digits, '_', '-', '.'."
        )
    return value


def _not_empty(option, values):
    if not values:
        raise InvalidInput(f"{option} is empty; give at least one, or skip the task with a condition.")
    return values


def _distinct(option, values):
    first = {}
    for position, value in enumerate(values, 1):
        if value in first:
            raise InvalidInput(f"{option}: '{value}' is given twice, at positions {first[value]} and {position}.")
        first[value] = position
    return values


def _shown(value):
    text = str(value)
    return repr(text if len(text) <= 80 else text[:77] + "...")


def secret(option, value):
    """A password, key or token as it goes into a header.

    :raises InvalidInput: it is empty or holds blanks at its ends, line breaks or other control characters.
    """
    if not value or value != value.strip() or any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
        raise InvalidInput(f"{option} is empty, or holds a line break, a control character or blanks at its ends.")
    return value


def token(option, value):
    """A secret that goes into a header as it is, so it must be ASCII without blanks."""
    if not secret(option, value).isascii() or " " in value:
        raise InvalidInput(f"{option} holds a blank or a character outside ASCII, which no token has.")
    return value


def base_url(option, value):
    """Scheme, host and port of a service.

    :raises InvalidInput: it is not an http(s) address or holds more than these.
    """
    # The value is never shown here: it may hold a password.
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise InvalidInput(f"{option} is not a valid address; write it as https://HOST or https://HOST:PORT.") from None
    if parts.username is not None or parts.password is not None:
        raise InvalidInput(f"{option} holds credentials; give them in their own options.")
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        raise InvalidInput(f"{option} is not a valid address; write it as https://HOST or https://HOST:PORT.")
    bracketed = f"[{host}]" if ":" in host else host
    address = f"{parts.scheme}://{bracketed}" + (f":{port}" if port is not None else "")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise InvalidInput(
            f"{option} must end after host and port ({address}), as the paths of the API are added to it; "
            "it has a path, a query or a fragment."
        )
    return address


def is_cleartext(url):
    """Whether credentials would cross a network unprotected: plain http to another machine."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname == "localhost":
        return False
    try:
        return not ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return True


def parse_time(text):
    """A moment in ISO 8601 as an aware datetime; a missing zone means UTC. None if it is not one."""
    text = text.strip()
    if text[-1:] in ("Z", "z"):
        text = text[:-1] + "+00:00"
    # Python 3.9 and 3.10 read neither "+0000" nor fractions of other than 3 or 6 digits.
    text = re.sub(r"([+-][0-9]{2})([0-9]{2})$", r"\1:\2", text) if "T" in text or " " in text else text
    text = re.sub(r"\.([0-9]+)", lambda match: "." + match.group(1)[:6].ljust(6, "0"), text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def moment(option, value):
    """A moment that a user gave.

    :raises InvalidInput: it is not ISO 8601.
    """
    parsed = parse_time(str(value))
    try:
        # Also so that nothing is out of range later on.
        parsed = parsed and parsed.astimezone(timezone.utc)
    except OverflowError:
        parsed = None
    if parsed is None:
        raise InvalidInput(f"{option}: {_shown(value)} is not a time; write it as 2026-03-31 or 2026-03-31T08:00:00Z.")
    return parsed


def text(option, value, longest):
    """Text of one line.

    :param longest: in characters.
    :raises InvalidInput: it is empty, too long, or holds control characters.
    """
    if not value or value != value.strip() or len(value) > longest or not value.isprintable():
        raise InvalidInput(f"{option} must be 1 to {longest} characters on one line, without blanks at the ends.")
    return value


def texts(option: str, values: list, longest: int, may_be_empty: bool = False) -> list[str]:
    """A list of texts of one line without duplicates.

    :param may_be_empty: whether there may be none.
    """
    values = values if may_be_empty else _not_empty(option, values)
    return _distinct(option, [text(option, value, longest) for value in values])


def positive(option, value):
    """A number above zero.

    :raises InvalidInput: it is not.
    """
    if value <= 0:
        raise InvalidInput(f"{option} must be a positive number.")
    return value


def iso(moment):
    """A moment in ISO 8601, in UTC and without fractions of seconds."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def milliseconds(moment):
    """Whole milliseconds since the epoch."""
    return (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)


def from_milliseconds(count):
    """The moment so many milliseconds after the epoch, or None if there is no such moment."""
    try:
        return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=count)
    except (OverflowError, ValueError):
        return None


def months_after(moment, months):
    """The same day so many months later, or the last day of that month if it is shorter."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last_day = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last_day))


def span(option, value):
    """A span that a user gave, such as 30d, as a timedelta.

    :raises InvalidInput: it is not a number with one of the units s, m, h, d, w.
    """
    match = _SPAN.fullmatch(str(value).strip())
    if not (match and str(value).isascii()):
        raise InvalidInput(f"{option}: {_shown(value)} is not a span of time; write it as 90s, 15m, 12h, 30d or 4w.")
    try:
        return timedelta(seconds=int(match.group(1)) * _SECONDS[match.group(2)])
    except OverflowError:
        raise InvalidInput(f"{option}: {_shown(value)} is too long a span of time.") from None


def ago(option: str, value: Any, now: Callable[[], datetime]) -> Callable[[], datetime | None]:
    """A function that returns the moment that lies a given span before the present one, or None without a span.

    :param now: a function that returns the present moment; it is not called yet, see Clock.present().
    :raises InvalidInput: it is no span, or one that reaches back too far.
    """
    if value is None:
        return lambda: None
    past = span(option, value)
    if past > _LONGEST_PAST:
        raise InvalidInput(f"{option}: {_shown(value)} reaches back more than 1000 years.")
    return lambda: now() - past


def wildcard(pattern):
    """A function that tells whether a whole text fits a pattern with `*` and `?`; without a pattern, all do."""
    if pattern is None:
        return lambda text: True
    first, *others = [
        "".join("." if letter == "?" else re.escape(letter) for letter in part) for part in pattern.split("*")
    ]
    # Of each part between two stars, the first place that fits is as good as any: no other is tried.
    between = "".join(f"(?=(?P<p{number}>.*?{part}))(?P=p{number})" for number, part in enumerate(others[:-1]))
    compiled = re.compile(first + between + "".join(f".*{last}" for last in others[-1:]), re.DOTALL)
    return lambda text: compiled.fullmatch(text) is not None


class TimeWindow:
    """Which moments a user wants, from the options created_before, created_after, older_than and newer_than.

    :param params: the module's parameters.
    :param now: a function that returns the present moment, see Clock.present(); it is not called before holds() is.
    :raises InvalidInput: an option cannot be read.
    """

    def __init__(self, params: dict[str, Any], now: Callable[[], datetime]):
        self._before = _limits(params, "created_before", "older_than", now)
        self._after = _limits(params, "created_after", "newer_than", now)

    def holds(self, item, created):
        """Whether an item was created within; if that is not known, it fits only if nothing was asked for.

        :param created: a function of the item that returns the moment of its creation, or None.
        """
        if not (self._before or self._after):
            return True
        created = created(item)
        if created is None:
            return False
        return all(created < limit() for limit in self._before) and all(created > limit() for limit in self._after)


def _limits(
    params: dict[str, Any], fixed: str, relative: str, now: Callable[[], datetime]
) -> list[Callable[[], datetime]]:
    """Functions that return the moments that an option for a moment and one for an age name."""
    limits = []
    if params.get(fixed) is not None:
        limit = moment(fixed, params[fixed])
        limits.append(lambda: limit)
    if params.get(relative) is not None:
        limits.append(ago(relative, params[relative], now))
    return limits
