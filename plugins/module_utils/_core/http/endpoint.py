# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service declares of itself for the client: its operations, and what holds for all of them.

Private to this collection.
"""

from __future__ import annotations

import re
import string
from typing import Any
from urllib.parse import quote

from ..errors import JobsError
from .json_body import LARGEST, LARGEST_LIST

_LARGEST_TEXT = 256 * 1024**2
_DELIMITER = re.compile(r"[/\\?#%]")


class Endpoint:
    """A documented operation of a service.

    :param purpose: what it does, as the middle of "SERVICE did not ...", with {names} of path parameters.
    :param method: HTTP method.
    :param path: path with {names} of path parameters.
    :param effect: Effect.READ or Effect.CHANGE, whatever the HTTP method.
    :param accept: media types, if others than the service's usual ones.
    :param streams: the body of a success is left to be read piece by piece.
    :param is_text: the body of a success is text, not JSON.
    :param is_list: the body of a success holds many things.
    """

    def __init__(self, purpose, method, path, effect, accept=None, streams=False, is_text=False, is_list=False):
        self.purpose = purpose
        self.method = method
        self.path = path
        self.effect = effect
        self.headers = {"Accept": accept} if accept else {}
        self.takes_html = "html" in (accept or "")
        self.streams = streams
        self.is_text = is_text
        self.is_list = is_list
        # Bytes of an answer that are taken.
        self.largest = _LARGEST_TEXT if is_text else LARGEST_LIST if is_list else LARGEST
        self._names = [name for _text, name, _spec, _conversion in string.Formatter().parse(path) if name]

    def path_for(self, values):
        """The path with values filled in, each quoted as one path segment.

        :raises JobsError: one of them could make another path of it.
        """
        return self.path.format(**{name: quote(_segment(name, values[name]), safe="") for name in self._names})


def _segment(name: str, value: Any) -> str:
    """A value, wherever it is from, as a segment of a path that cannot be taken for anything else.

    Quoting alone does not do: servers and proxies on the way may undo it, and read dots as they like.
    """
    text = str(value)
    is_plain = isinstance(value, (str, int)) and not isinstance(value, bool)
    if not is_plain or not text.strip(".") or not text.isprintable() or _DELIMITER.search(text):
        shown = repr(value)
        shown = shown if len(shown) <= 80 else shown[:77] + "..."
        raise JobsError(f"{name}: {shown} cannot be part of a path, so nothing was asked of the service.")
    return text


class Profile:
    """What the client must know of a service.

    :param name: its name in messages.
    :param headers: sent with every request.
    :param read_error: a function of a Response that returns (code, message, request id) if the answer is one of the
        service's own errors (whatever the HTTP status), else None.
    :param hint: a function of (status, code) that returns a sentence with the remedy, or "".
    :param transient_codes: the service's own codes for "not now, nothing was done".
    :param rate_limit: the RateLimit that the service documents for every request, or None.
    :param read_rate_limit: a function of a Response that returns the RateLimitInfo in it, or None.
    :param tells_time: ages and dates are judged by this service's clock.
    :param address_option: the option that says where the service is, or None if it is not the user who does.
    """

    def __init__(
        self,
        name,
        headers,
        read_error,
        hint,
        transient_codes=(),
        rate_limit=None,
        read_rate_limit=None,
        tells_time=True,
        address_option=None,
    ):
        self.name = name
        self.headers = headers
        self.read_error = read_error
        self.hint = hint
        self.transient_codes = frozenset(transient_codes)
        self.rate_limit = rate_limit
        self.read_rate_limit = read_rate_limit or (lambda response: None)
        self.tells_time = tells_time
        self.address_option = address_option
