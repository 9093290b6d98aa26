# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of a host's TLS certificate."""

from __future__ import annotations

import base64
import http.client
import os
import ssl
from datetime import datetime, timezone
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from ..http.adapter.libraries import requests
from ..http.adapter.transport_errors import before_sending
from .check import Check, failed, passed, warned

# A certificate that expires within so many days is worth a warning. Those that renew themselves do so earlier.
_FEW_DAYS = 14
_SECONDS_PER_DAY = 86400


def certificate_check(
    target: str,
    url: str,
    proxy: SplitResult | None,
    verify: bool | str,
    cert: tuple[str, str | None] | None,
    timeout: float,
    now: float,
) -> Check:
    """Connects with TLS as requests do, and looks at the certificate.

    :param target: host and port in messages.
    :param proxy: the address of an HTTP proxy, or None.
    :param verify: True, False, or the path of CA certificates.
    :param cert: paths of a client certificate and its key, or None.
    :param timeout: seconds.
    :param now: seconds since the epoch.
    """
    try:
        with _connected(url, proxy, _tls_context(verify, cert), timeout) as stream:
            certificate: dict[str, Any] = stream.getpeercert() or {}
            version = stream.version()
    except (OSError, http.client.HTTPException) as error:
        reason, _semicolon, hint = before_sending(error, timeout, verify).reason.partition("; ")
        return failed("tls", target, f"No TLS connection: {reason}.", f"{hint[:1].upper()}{hint[1:]}." if hint else "")
    if not certificate:
        return not_verified(target)
    return _verified(target, str(version), certificate, now)


def not_verified(target: str) -> Check:
    """The check of a certificate that requests accept, whatever it is.

    :param target: host and port in messages.
    """
    return warned(
        "tls",
        target,
        "The certificate is not verified, so anyone could be answering.",
        "Set validate_certs to true, and ca_path to the CA certificate if it is not a public one.",
    )


def _verified(target: str, version: str, certificate: dict[str, Any], now: float) -> Check:
    end = ssl.cert_time_to_seconds(certificate["notAfter"])
    days = int((end - now) // _SECONDS_PER_DAY)
    names = ", ".join(value for _kind, value in certificate.get("subjectAltName", ())) or _common(
        certificate["subject"]
    )
    detail = (
        f"{version}, certificate for {names}, issued by {_common(certificate['issuer'])}, valid until "
        f"{datetime.fromtimestamp(end, timezone.utc):%Y-%m-%d} ({days} days)."
    )
    if days < _FEW_DAYS:
        return warned("tls", target, detail, "Have the certificate renewed before it expires.")
    return passed("tls", target, detail)


def _common(name: tuple[tuple[tuple[str, str], ...], ...]) -> str:
    """The name of a subject or an issuer: its common name, or else its organization."""
    parts = {key: value for attribute in name for key, value in attribute}
    return parts.get("commonName") or parts.get("organizationName") or "an unnamed authority"


def _tls_context(verify: bool | str, cert: tuple[str, str | None] | None) -> ssl.SSLContext:
    path = verify if isinstance(verify, str) else requests.utils.DEFAULT_CA_BUNDLE_PATH
    is_folder = os.path.isdir(path)
    context = ssl.create_default_context(cafile=None if is_folder else path, capath=path if is_folder else None)
    if verify is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if cert is not None:
        context.load_cert_chain(*cert)
    return context


def _connected(url: str, proxy: SplitResult | None, context: ssl.SSLContext, timeout: float) -> ssl.SSLSocket:
    """A TLS connection to a host, through an HTTP proxy if there is one."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or http.client.HTTPS_PORT
    if proxy is None:
        connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
    else:
        connection = http.client.HTTPSConnection(
            proxy.hostname or "", proxy.port or http.client.HTTP_PORT, timeout=timeout, context=context
        )
        connection.set_tunnel(host, port, _proxy_headers(proxy.username, proxy.password))
    connection.connect()
    stream: ssl.SSLSocket = connection.sock
    return stream


def _proxy_headers(user: str | None, password: str | None) -> dict[str, str]:
    if user is None:
        return {}
    credentials = f"{unquote(user)}:{unquote(password or '')}".encode()
    return {"Proxy-Authorization": f"Basic {base64.b64encode(credentials).decode()}"}
