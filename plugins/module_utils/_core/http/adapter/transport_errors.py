# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a request brought no response, worked out from the exceptions of the libraries below."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from typing import Any

from ..retry import Outcome
from .attempt_failed import AttemptFailed
from .libraries import requests
from .progress import TooMuchData
from .tls_hints import describe_alert, describe_unverified
from .upload import FileChanged

_PROXY_VARIABLES = "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY"
# The beginning of an alert record (RFC 8446, 5.1): how a TLS server answers plain http.
_TLS_ALERT = "\x15\x03"
# How OpenSSL reports that what arrived is not TLS.
_NOT_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG")


def before_sending(exc: Exception, timeout: float, verify: bool | str) -> AttemptFailed:
    """The failure if nothing of the request had left.

    :param exc: an exception of the requests library.
    :param verify: True, False, or the path of CA certificates.
    """
    found = list(causes(exc))
    tls_failure = next(filter(None, (_tls_failure(cause, verify) for cause in found)), None)
    if tls_failure is not None:
        return AttemptFailed(Outcome.UNTRUSTED, tls_failure)
    is_proxy = isinstance(exc, requests.exceptions.ProxyError)
    for cause in found:
        if isinstance(cause, socket.gaierror):
            whose = f"the host name of the proxy in {_PROXY_VARIABLES}" if is_proxy else "its host name"
            return AttemptFailed(Outcome.NOT_CONNECTED, f"{whose} could not be resolved")
        if isinstance(cause, ConnectionRefusedError):
            reason = (
                f"the proxy in {_PROXY_VARIABLES} refused the connection" if is_proxy else "the connection was refused"
            )
            return AttemptFailed(Outcome.NOT_CONNECTED, reason)
        if isinstance(cause, (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError)):
            return AttemptFailed(Outcome.RESET_BEFORE_SENDING, "the connection was lost before anything was sent")
    if isinstance(exc, requests.exceptions.ConnectTimeout):
        return AttemptFailed(Outcome.NOT_CONNECTED, f"no connection was established within {timeout:g} s")
    if isinstance(exc, requests.exceptions.SSLError):
        return AttemptFailed(Outcome.UNTRUSTED, "no TLS connection was established")
    known = next(filter(None, (_describe(cause) for cause in found if isinstance(cause, OSError))), None)
    if known and known.startswith("Tunnel connection failed: 407"):
        reason = f"the proxy does not accept the credentials in {_PROXY_VARIABLES} ({known})"
        return AttemptFailed(Outcome.NOT_CONNECTED, reason)
    reason = "the proxy did not connect" if is_proxy else "no connection was established"
    return AttemptFailed(Outcome.NOT_CONNECTED, f"{reason} ({known})" if known else reason)


def _tls_failure(cause: BaseException, verify: bool | str) -> str | None:
    """A clause about a failed TLS handshake, or None if that is not the cause."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        return describe_unverified(cause, verify)
    if not isinstance(cause, ssl.SSLError) or isinstance(cause, ssl.SSLEOFError):
        return None
    reason = getattr(cause, "reason", None) or "TLS error"
    if reason in _NOT_TLS:
        reason = "the port does not speak TLS; is it one for plain http?"
    return describe_alert(cause) or f"no TLS connection was established ({reason})"


def after_sending(exc: Exception, *, is_cleartext: bool) -> AttemptFailed:
    """The failure if the request, or a part of it, had left.

    :param exc: an exception of the requests library.
    :param is_cleartext: it left over plain http.
    """
    found = list(causes(exc))
    for cause in found:
        if isinstance(cause, FileChanged):
            return AttemptFailed(Outcome.RESET_AFTER_SENDING, "the file was changed while it was sent")
        if isinstance(cause, TooMuchData):
            return AttemptFailed(Outcome.RESET_AFTER_SENDING, "the response headers did not end")
        alert = describe_alert(cause) if isinstance(cause, ssl.SSLError) else None
        if alert:
            # With TLS 1.3, a server rejects our side of the handshake only now. It has not looked at the request.
            return AttemptFailed(Outcome.UNTRUSTED, alert)
        if isinstance(cause, http.client.BadStatusLine) and str(cause).lstrip("'\"").startswith(_TLS_ALERT):
            return AttemptFailed(Outcome.UNTRUSTED, "the port speaks TLS; the address must begin with https")
    # RemoteDisconnected is a ConnectionResetError, too.
    is_reset = any(isinstance(cause, ConnectionResetError) for cause in found)
    reason = f"the connection was {'reset' if is_reset else 'closed'} before a response arrived"
    if is_cleartext and is_reset:
        reason += " (a port for https may do that to plain http)"
    return AttemptFailed(Outcome.RESET_AFTER_SENDING, reason)


def not_made(exc: Exception, *, has_proxy: bool) -> AttemptFailed:
    """The failure if the libraries did not even try to connect.

    :param exc: an exception of requests or urllib3, or a ValueError.
    :param has_proxy: the environment names a proxy for the URL.
    """
    if not has_proxy:
        return AttemptFailed(Outcome.FINAL, f"the request could not be made ({type(exc).__name__})")
    if isinstance(exc, requests.exceptions.InvalidSchema) and "SOCKS" in str(exc):
        reason = "its proxy is a SOCKS proxy, for which the Python library PySocks is needed"
    else:
        reason = f"the address of the proxy in {_PROXY_VARIABLES} cannot be read"
    return AttemptFailed(Outcome.FINAL, reason)


def causes(exc: Any) -> Iterator[BaseException]:
    """The exception and everything it wraps. requests and urllib3 also keep causes in arguments and in `reason`."""
    seen: set[int] = set()
    queue = [exc]
    while queue:
        current = queue.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        queue += [getattr(current, "reason", None), current.__cause__, current.__context__, *current.args]


def _describe(error: OSError) -> str | None:
    """The text of an OSError, if it is known to hold no address."""
    text = str(error.args[0]) if error.args else ""
    return error.strerror or (text if text.startswith("Tunnel connection failed: ") else None)
