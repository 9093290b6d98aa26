# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service declares for the client: its operations, and what all of them have in common."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Callable
from urllib.parse import quote

from ..errors import JobsError
from ..params.validators import shown
from .json_body import LARGEST, LARGEST_LIST
from .limits.rate_limit import RateLimit, RateLimitInfo
from .response import Response
from .retry import Effect

_LARGEST_TEXT = 256 * 1024**2
_DELIMITER = r"[/\\?#%]"


@dataclass(frozen=True, eq=False)
class Endpoint:
    """A documented operation of a service.

    purpose: completes the sentence "SERVICE did not ..."; may hold {names} of path parameters.
    method: the HTTP method.
    path: the path, with {names} of path parameters.
    effect: whether the operation reads or changes something, whatever the HTTP method suggests.
    accept: the media types to ask for, if not the service's usual ones.
    streams: the caller reads the body of a success piece by piece.
    is_text: the body of a success is text rather than JSON.
    is_list: the body of a success may be large.
    takes_html: the text may be an HTML page; otherwise a page means that something other than the service answered.
    """

    purpose: str
    method: str
    path: str
    effect: Effect
    accept: str | None = None
    streams: bool = False
    is_text: bool = False
    is_list: bool = False
    takes_html: bool = False

    @cached_property
    def headers(self) -> dict[str, str]:
        """The headers of this operation."""
        return {"Accept": self.accept} if self.accept else {}

    @property
    def largest(self) -> int:
        """The size limit for the body of a success, in bytes."""
        if self.is_text:
            return _LARGEST_TEXT
        return LARGEST_LIST if self.is_list else LARGEST

    @cached_property
    def _names(self) -> list[str]:
        return [name for _text, name, _spec, _conversion in string.Formatter().parse(self.path) if name]

    def path_for(self, values: Mapping[str, Any]) -> str:
        """The path with its parameters filled in, each quoted as one segment.

        :raises JobsError: a value would turn it into another path.
        """
        return self.path.format(**{name: quote(_segment(name, values[name]), safe="") for name in self._names})


def _segment(name: str, value: Any) -> str:
    """A value of any origin as one segment of a path that no server or proxy can take for anything else.

    Quoting is not enough: servers and proxies may undo it, and may resolve dots.
    """
    text = str(value)
    is_plain = isinstance(value, (str, int)) and not isinstance(value, bool)
    if not is_plain or not text.strip(".") or not text.isprintable() or re.search(_DELIMITER, text):
        raise JobsError(f"{name}: {shown(value)} cannot be part of a path, so no request was sent.")
    return text


# Code, message and request id of an error, as they are in the response.
ErrorParts = tuple[Any, Any, Any]


def _no_rate_limit(_response: Response) -> RateLimitInfo | None:
    return None


@dataclass(frozen=True, eq=False)
class ServiceProfile:
    """What all operations of a service have in common.

    name: the name of the service in messages.
    headers: are sent with every request.
    read_error: returns the ErrorParts of a Response if it is an error in the service's own form, whatever its HTTP
        status; otherwise None.
    hint: returns the remedy for an HTTP status and an error code as a sentence, or "".
    transient_codes: the error codes that mean "not now, and nothing was done".
    rate_limit: the RateLimit that the service documents for all requests, or None.
    read_rate_limit: returns the RateLimitInfo of a Response, or None.
    tells_time: this service's clock decides how old something is.
    address_option: the option that holds the service's address; None if the address is not the user's choice.
    """

    name: str
    headers: Mapping[str, str]
    read_error: Callable[[Response], ErrorParts | None]
    hint: Callable[[int, str | None], str]
    transient_codes: Collection[str] = frozenset()
    rate_limit: RateLimit | None = None
    read_rate_limit: Callable[[Response], RateLimitInfo | None] = _no_rate_limit
    tells_time: bool = True
    address_option: str | None = None
