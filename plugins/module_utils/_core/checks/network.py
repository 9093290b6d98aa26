# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the way to a host, step by step: the proxy, name resolution, TCP, TLS.

Requests would fail at the same steps. Here, each step says what it found, also if it succeeds.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from ..http.adapter.connections import Route
from ..http.adapter.transport_errors import before_sending
from ..params import validators
from . import tls
from .check import Check, failed, has_errors, passed, warned

_DEFAULT_PORTS = {"http": 80, "https": 443, "socks4": 1080, "socks4a": 1080, "socks5": 1080, "socks5h": 1080}
_PROXY_VARIABLES = "HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY"
_NETWORK_HINT = "Check the address, the network, the firewall and the proxy settings."


def network_checks(
    url: str, route: Route, cert: tuple[str, str | None] | None, timeout: float, now: float
) -> list[Check]:
    """Checks the way to a host. Where one step fails, the next ones are not tried.

    :param url: scheme, host and port.
    :param route: how requests reach the host.
    :param cert: paths of a client certificate and its key, or None.
    :param timeout: seconds that each step may take.
    :param now: seconds since the epoch.
    """
    checks: list[Check] = []
    for check in _steps(url, route, cert, timeout, now):
        checks.append(check)
        if has_errors(checks):
            break
    return checks


def _steps(url: str, route: Route, cert: tuple[str, str | None] | None, timeout: float, now: float) -> Iterator[Check]:
    target = urlsplit(url).netloc
    proxy = route.proxy_for(url)
    try:
        # A proxy without a scheme speaks HTTP.
        first_hop = urlsplit(url if proxy is None else proxy if "://" in proxy else f"http://{proxy}")
        usual_port = _DEFAULT_PORTS[first_hop.scheme]
        host, port = first_hop.hostname or "", first_hop.port or usual_port
    except (KeyError, ValueError):
        yield failed("proxy", target, f"The address of the proxy in {_PROXY_VARIABLES} cannot be read.", "Correct it.")
        return
    if proxy:
        yield passed("proxy", target, f"The proxy {host}:{port} is used, as {_PROXY_VARIABLES} say.")
    else:
        yield passed("proxy", target, f"No proxy is used: {_PROXY_VARIABLES} name none for this address.")
    yield _resolution_check(host, port)
    yield _tcp_check(host, port, timeout)
    if not url.startswith("https:"):
        yield _cleartext_check(target, url)
    elif proxy is None or first_hop.scheme == "http":
        yield tls.certificate_check(target, url, first_hop if proxy else None, route.verify, cert, timeout, now)
    elif route.verify is False:
        yield tls.not_verified(target)
    else:
        yield passed(
            "tls",
            target,
            "The certificate is verified when a request is sent. It cannot be shown through a SOCKS proxy.",
        )


def _resolution_check(host: str, port: int) -> Check:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        return failed(
            "name_resolution",
            host,
            f"The host name could not be resolved ({reason}).",
            "Check the name and the DNS server.",
        )
    addresses = ", ".join(sorted({str(address[0]) for *_family, address in found}))
    return passed("name_resolution", host, f"{host} has the address {addresses}.")


def _tcp_check(host: str, port: int, timeout: float) -> Check:
    target = f"{host}:{port}"
    try:
        with socket.create_connection((host, port), timeout):
            return passed("tcp", target, f"Port {port} accepts connections.")
    except OSError as error:
        reason = before_sending(error, timeout, verify=True).reason
        return failed("tcp", target, f"No TCP connection: {reason}.", _NETWORK_HINT)


def _cleartext_check(target: str, url: str) -> Check:
    if validators.is_cleartext(url):
        return warned("tls", target, "The connection is not encrypted, so others can read and change it.", "Use https.")
    return passed("tls", target, "The connection is not encrypted, but stays on this machine.")
