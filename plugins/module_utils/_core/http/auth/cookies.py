# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cookies of a load balancer, which lead back to the one server that knows a nonce."""

from __future__ import annotations

from collections.abc import Iterable
from http.cookiejar import Cookie, CookieJar
from urllib.parse import urlsplit
from urllib.request import Request

# Shorter values name a server rather than hold a secret, and hiding them would garble other words.
_SHORTEST_SECRET = 8


class Cookies:
    """The cookies of one origin (scheme, host and port). Threads may share them, as nothing is added later.

    :param url: the URL of the request.
    :param cookies: the cookies that the response sets.
    """

    def __init__(self, url: str, cookies: Iterable[Cookie]) -> None:
        self._url = url
        self._jar = CookieJar()
        for cookie in cookies:
            self._jar.set_cookie(cookie)

    def with_older(self, older: Cookies | None) -> Cookies:
        """These cookies, together with older ones of the same origin."""
        if older is None or _origin(older._url) != _origin(self._url):
            return self
        return Cookies(self._url, [*older._jar, *self._jar])

    def header(self, url: str) -> str | None:
        """The value of the header Cookie for a request, or None. Other origins get no cookies."""
        if _origin(url) != _origin(self._url):
            return None
        request = Request(url)
        self._jar.add_cookie_header(request)
        return request.get_header("Cookie")


def secret_values(header: str) -> set[str]:
    """The values in a Cookie header that are long enough to be secrets."""
    values = (pair.partition("=")[2] for pair in header.split("; "))
    return {value for value in values if len(value) >= _SHORTEST_SECRET}


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
