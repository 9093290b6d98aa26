# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions of the requests library, on connections that know how far a request has come.

Private to this collection.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from ...errors import MissingLibrary
from .body import FinalHTTPResponse, current
from .libraries import REQUESTS_IMPORT_ERROR, HTTPAdapter, requests, urllib3


def _tracked(connection_class: type) -> type:
    """The connection class, noting what leaves and reading answers with a Response."""

    class Tracked(connection_class):
        response_class = FinalHTTPResponse

        def connect(self) -> None:
            self.timeout = current.exchange.patience()
            try:
                super().connect()
            finally:
                # What a tunnel through a proxy took to build is not the request.
                current.exchange.forget()

        def send(self, data: Any) -> None:
            if getattr(self, "sock", None) is None:
                self.connect()
            exchange = current.exchange
            exchange.sending()
            self.sock.settimeout(exchange.patience())
            super().send(data)
            exchange.sent()

    return Tracked


class NothingSent(Exception):
    """Wraps a failure that happened before a byte of the request left."""

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


class _Adapter(HTTPAdapter):
    """Tells failures before sending from failures after it, which decides whether a change may be sent again."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _track(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        is_new = proxy not in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **kwargs)
        if is_new:
            _track(manager)
        return manager

    def send(self, request: Any, **kwargs: Any) -> Any:
        try:
            return super().send(request, **kwargs)
        except requests.exceptions.ConnectionError as exc:
            if current.exchange.begun:
                raise
            raise NothingSent(exc) from None


def _track(manager: Any) -> None:
    """Makes a pool manager, whichever it is, use tracked connections."""
    manager.pool_classes_by_scheme = {
        scheme: type(f"Tracked{pool.__name__}", (pool,), {"ConnectionCls": _tracked(pool.ConnectionCls)})
        for scheme, pool in manager.pool_classes_by_scheme.items()
    }


def new_session(max_concurrency: int) -> Any:
    """A requests.Session with a keep-alive pool of so many connections.

    It is used for its adapters and for the proxies and CA bundles of the environment. Requests go straight to an
    adapter: Session.send keeps cookies and looks into `.netrc`, even for a redirect that is not followed.

    :raises MissingLibrary: the requests library is missing.
    """
    if REQUESTS_IMPORT_ERROR is not None:
        raise MissingLibrary("requests", REQUESTS_IMPORT_ERROR)
    session = requests.Session()
    session.headers.clear()
    session.environment_settings = {}
    adapter = _Adapter(pool_connections=2, pool_maxsize=max_concurrency, pool_block=True, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def environment_settings(session: Any, url: str, verify: bool | str) -> dict[str, Any]:
    """Proxies and CA bundle for a URL: looked up once for each host, as that goes through the whole environment."""
    host = urlsplit(url)[:2]
    if host not in session.environment_settings:
        session.environment_settings[host] = session.merge_environment_settings(url, {}, True, verify, None)
    return session.environment_settings[host]


def proxy_for(settings: dict[str, Any], url: str) -> str | None:
    """The address of the proxy that a URL is reached through, or None.

    :param settings: what environment_settings() returned.
    """
    return requests.utils.select_proxy(url, settings["proxies"])


def ignore_missing_verification() -> None:
    """Keeps a warning of urllib3 off stderr; for tasks that warn of it themselves."""
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
