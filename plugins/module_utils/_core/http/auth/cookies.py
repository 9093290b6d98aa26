# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cookies of a balancer, which lead back to the one server that knows a nonce.

Private to this collection.
"""

from __future__ import annotations

from collections.abc import Iterable
from http.cookiejar import Cookie, CookieJar
from urllib.parse import urlsplit
from urllib.request import Request

# Shorter values are names of servers rather than secrets, and would hide parts of other words.
_SHORTEST_SECRET = 8


class Cookies:
    """What an origin (scheme, host and port) has set. Threads may share it, as nothing is added later.

    :param url: an address of it, the one that was asked.
    :param cookies: those that the answer sets.
    """

    def __init__(self, url: str, cookies: Iterable[Cookie]) -> None:
        self._url = url
        self._jar = CookieJar()
        for cookie in cookies:
            self._jar.set_cookie(cookie)

    def with_older(self, older: Cookies | None) -> Cookies:
        """These, and with them what the same origin has set before."""
        if older is None or _origin(older._url) != _origin(self._url):
            return self
        return Cookies(self._url, [*older._jar, *self._jar])

    def header(self, url: str) -> str | None:
        """The header Cookie of a request, or None: no other origin gets any."""
        if _origin(url) != _origin(self._url):
            return None
        request = Request(url)
        self._jar.add_cookie_header(request)
        return request.get_header("Cookie")


def secret_values(header: str) -> set[str]:
    """The values in a header Cookie that are long enough to be secrets."""
    values = (pair.partition("=")[2] for pair in header.split("; "))
    return {value for value in values if len(value) >= _SHORTEST_SECRET}


def _origin(url: str) -> tuple[str, str]:
    return urlsplit(url)[:2]
