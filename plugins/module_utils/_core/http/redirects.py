# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which redirects lead to the same service.

Private to this collection.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

_PORTS = {"http": 80, "https": 443}


def target(url: str, location: str) -> SplitResult:
    """Where a redirect leads to, in parts; empty ones if that is no address.

    :param url: where the answer came from.
    :param location: what it says.
    """
    try:
        parts = urlsplit(urljoin(url, location))
        # What stands for a port is looked at only now.
        return parts if parts.port is None or parts.port else urlsplit("")
    except ValueError:
        return urlsplit("")


def is_same_service(here: SplitResult, there: SplitResult) -> bool:
    """Whether credentials for one address may go to another: host and port are the same, or the usual ones of http and
    https, and it is not less safe."""
    if here.hostname != there.hostname or there.scheme not in _PORTS:
        return False
    ports = [parts.port or _PORTS[parts.scheme] for parts in (here, there)]
    if here.scheme == there.scheme:
        return ports[0] == ports[1]
    return there.scheme == "https" and (ports[0] == ports[1] or ports == [_PORTS["http"], _PORTS["https"]])


def without_query(parts: SplitResult) -> str:
    """The address without a query, and without a user that nobody asked for."""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
