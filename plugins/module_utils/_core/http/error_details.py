# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a response that is not a success says, and what to do if something other than the service sent it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable
from urllib.parse import urlsplit

from ..printable import one_line
from .endpoint import ServiceProfile
from .response import LONGEST_MESSAGE, Response

_LONGEST_CODE = 100
# How web servers answer plain http on a port for https: nginx, Go, Apache.
_WANTS_HTTPS = ("sent to HTTPS port", "to an HTTPS server", "to an SSL-enabled server port")
# They say so at the beginning of the page, within this many characters.
_LONGEST_PREAMBLE = 10_000


@dataclass(frozen=True)
class ErrorDetails:
    """The parts of an error, ready to be shown: without secrets, each on one line.

    code: the service's own error code, or None.
    request_id: the service's id of the request, or None.
    hint: the remedy as a sentence, or "".
    """

    code: str | None
    message: str
    request_id: str | None
    hint: str


def read_details(response: Response, profile: ServiceProfile, url: str, scrub: Callable[[str], str]) -> ErrorDetails:
    """Reads a response that is not a success.

    :param url: the URL that it came from.
    :param scrub: removes secrets from a text.
    """
    parts = profile.read_error(response)
    own_code, own_message, own_request_id = parts or (None, None, None)
    code = _short(own_code, scrub)
    message = one_line(scrub(own_message), LONGEST_MESSAGE) if isinstance(own_message, str) else ""
    remedy = ""
    if not message:
        message, remedy = _describe_stranger(response, profile, url, scrub, is_own_error=parts is not None)
    return ErrorDetails(code, message, _short(own_request_id, scrub), profile.hint(response.status, code) or remedy)


def _short(value: Any, scrub: Callable[[str], str]) -> str | None:
    if not isinstance(value, (str, int)) or value is True or not value:
        return None
    return one_line(scrub(str(value)), _LONGEST_CODE) or None


def _describe_stranger(
    response: Response, profile: ServiceProfile, url: str, scrub: Callable[[str], str], *, is_own_error: bool
) -> tuple[str, str]:
    """The message and the hint for a response that does not explain itself in the service's own form."""
    if response.status == 407:
        return "the proxy does not accept the credentials", "Check user and password in HTTP_PROXY or ALL_PROXY."
    description = response.describe(scrub)
    if is_own_error:
        return description, ""
    where = urlsplit(url)
    option = profile.address_option
    preamble = response.text[:_LONGEST_PREAMBLE]
    if where.scheme == "http" and any(phrase in preamble for phrase in _WANTS_HTTPS):
        return "the port expects HTTPS", f"{option or 'The address'} must begin with https."
    is_stranger = response.is_html and response.status < 500 and response.status != 429 or response.status == 404
    if is_stranger and option:
        return description, f"Check {option}: what answers at {where.netloc} may not be {profile.name}."
    return description, ""
