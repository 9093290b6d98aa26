# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions of the requests library whose connections track how far a request has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ...errors import MissingLibrary
from .body import FinalHTTPResponse
from .libraries import REQUESTS_IMPORT_ERROR, HTTPAdapter, requests, urllib3
from .progress import current

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection as _Connection
else:
    _Connection = object

# Pools of different hosts that a session keeps: the service and one that it redirects to.
_HOSTS = 2


class _TrackedConnection(_Connection):
    """A mixin that reports what leaves on a connection, and limits what arrives on it."""

    response_class = FinalHTTPResponse

    def connect(self) -> None:
        self.timeout = current.progress.next_timeout()
        try:
            super().connect()
        finally:
            # What opened a tunnel through a proxy was not the request.
            current.progress.note_not_sent()

    def send(self, data: Any) -> None:
        if getattr(self, "sock", None) is None:
            self.connect()
        progress = current.progress
        progress.note_sending()
        self.sock.settimeout(progress.next_timeout())
        super().send(data)
        progress.note_sent()


def _track(manager: Any) -> None:
    """Makes a pool manager, whichever it is, use tracked connections."""
    manager.pool_classes_by_scheme = {
        scheme: type(f"Tracked{pool.__name__}", (pool,), {"ConnectionCls": _tracked(pool.ConnectionCls)})
        for scheme, pool in manager.pool_classes_by_scheme.items()
    }


def _tracked(connection_class: type) -> type:
    return type(f"Tracked{connection_class.__name__}", (_TrackedConnection, connection_class), {})


class TrackingAdapter(HTTPAdapter):
    """Sends requests over tracked connections. Unit tests put their fake service in the place of this class."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _track(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        is_new = proxy not in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **kwargs)
        if is_new:
            _track(manager)
        return manager


@dataclass(frozen=True)
class Route:
    """How to reach a host.

    proxies: {scheme: address}, as the requests library takes them.
    verify: True, False, or the path of CA certificates.
    """

    proxies: dict[str, str]
    verify: bool | str

    def proxy_for(self, url: str) -> str | None:
        """The address of the proxy for a URL, or None."""
        return requests.utils.select_proxy(url, self.proxies)


class Session:
    """A pool of keep-alive connections, with the proxies and CA certificates that the environment names.

    Requests go straight to the adapter: requests.Session.send() keeps cookies and reads `.netrc`, even for a redirect
    that is not followed.

    :param pool_size: how many connections to a host may be open at once.
    :param verify: True, False, or the path of CA certificates.
    :param cert: paths of a client certificate and its key; the key is None if the first file holds both.
    :param trust_env: whether to use the proxies and CA certificates of the environment.
    :raises MissingLibrary: the requests library is missing.
    """

    def __init__(
        self,
        pool_size: int,
        *,
        verify: bool | str = True,
        cert: tuple[str, str | None] | None = None,
        trust_env: bool = True,
    ) -> None:
        if REQUESTS_IMPORT_ERROR is not None:
            raise MissingLibrary("requests", REQUESTS_IMPORT_ERROR)
        self._verify = verify
        self._cert = cert
        self._session = requests.Session()
        self._session.trust_env = trust_env
        self._routes: dict[tuple[str, str], Route] = {}
        adapter = TrackingAdapter(pool_connections=_HOSTS, pool_maxsize=pool_size, pool_block=True, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def send(self, request: requests.PreparedRequest, timeout: float) -> requests.Response:
        """Sends a request and returns the response, whose body is still to be read. Redirects are not followed."""
        url = str(request.url)
        route = self.route_to(url)
        # A proxy that we reach over TLS must not see the certificate either.
        cert: Any = None if url.startswith("http:") else self._cert
        return self._session.get_adapter(url).send(
            request, stream=True, timeout=(timeout, timeout), verify=route.verify, cert=cert, proxies=route.proxies
        )

    def route_to(self, url: str) -> Route:
        """How to reach the host of a URL. It is cached, as finding out takes a walk through the whole environment."""
        host = urlsplit(url)[:2]
        if host not in self._routes:
            found = self._session.merge_environment_settings(url, {}, True, self._verify, None)
            self._routes[host] = Route(dict(found["proxies"]), True if found["verify"] is None else found["verify"])
        return self._routes[host]

    def close(self) -> None:
        """Closes all connections."""
        self._session.close()


def silence_unverified_tls_warnings() -> None:
    """Keeps urllib3's own warning off stderr. The task warns the user instead."""
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
