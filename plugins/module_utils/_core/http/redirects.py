# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells which redirects lead to the same service."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

_PORTS = {"http": 80, "https": 443}


def target(url: str, location: str) -> SplitResult:
    """The parts of the URL that a redirect leads to; empty ones if it is not a valid URL.

    :param url: the URL of the request.
    :param location: the Location header of the response.
    """
    try:
        parts = urlsplit(urljoin(url, location))
        # Reading the port validates it.
        return parts if parts.port is None or parts.port else urlsplit("")
    except ValueError:
        return urlsplit("")


def is_same_service(here: SplitResult, there: SplitResult) -> bool:
    """Whether credentials for one URL may go to another.

    Host and port must be the same, or the ports must be the default ones of http and https. A redirect from https to
    http is never followed.
    """
    if here.hostname != there.hostname or there.scheme not in _PORTS:
        return False
    ports = [parts.port or _PORTS[parts.scheme] for parts in (here, there)]
    if here.scheme == there.scheme:
        return ports[0] == ports[1]
    return there.scheme == "https" and (ports[0] == ports[1] or ports == [_PORTS["http"], _PORTS["https"]])


def without_query(parts: SplitResult) -> str:
    """The URL without its query, and without a user name that the redirect may have added."""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
