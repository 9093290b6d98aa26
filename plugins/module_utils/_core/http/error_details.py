# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer that is no success says, and what can be done about it when it is not the service that speaks.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Callable, NamedTuple
from urllib.parse import urlsplit

from ..printable import one_line
from .endpoint import Profile
from .response import LONGEST_MESSAGE, Response

_LONGEST_CODE = 100
# What web servers say to plain http on a port for https: nginx, Go, Apache.
_WANTS_HTTPS = ("sent to HTTPS port", "to an HTTPS server", "to an SSL-enabled server port")


class Refused(NamedTuple):
    """The parts of an error, for people: without secrets, in one line each.

    code: of the service, or None.
    request_id: of the service, or None.
    advice: a sentence, or "".
    """

    code: str | None
    message: str
    request_id: str | None
    hint: str


def refused(response: Response, profile: Profile, url: str, scrub: Callable[[str], str]) -> Refused:
    """Reads an answer that is no success.

    :param url: where it came from.
    :param scrub: takes secrets out of a text.
    """
    own = profile.read_error(response)
    code, message, request_id = own or (None, None, None)
    code = _short(code, scrub)
    message = one_line(scrub(message), LONGEST_MESSAGE) if isinstance(message, str) else ""
    message, remedy = (message, "") if message else _of_others(response, profile, url, scrub, own is not None)
    return Refused(code, message, _short(request_id, scrub), profile.hint(response.status, code) or remedy)


def _short(value: Any, scrub: Callable[[str], str]) -> str | None:
    if not isinstance(value, (str, int)) or value is True or not value:
        return None
    return one_line(scrub(str(value)), _LONGEST_CODE) or None


def _of_others(
    response: Response, profile: Profile, url: str, scrub: Callable[[str], str], is_own: bool
) -> tuple[str, str]:
    """(message, advice) for an answer that does not say in the service's own way what is wrong."""
    if response.status == 407:
        return "the proxy wants other credentials", "Check user and password in HTTP_PROXY or ALL_PROXY."
    words = response.in_words(scrub)
    if is_own:
        return words, ""
    where = urlsplit(url)
    option = profile.address_option
    if where.scheme == "http" and any(wanted in response.text[:10_000] for wanted in _WANTS_HTTPS):
        return "the port wants https", f"{option or 'The address'} must begin with https."
    is_stranger = response.is_html and response.status < 500 and response.status != 429 or response.status == 404
    if is_stranger and option:
        return words, f"Check {option}: what answers at {where.netloc} may not be {profile.name}."
    return words, ""
