# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a request brought no answer, told from the exceptions of the libraries below.

Private to this collection.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from typing import Any

from ..retry import Outcome
from .libraries import requests
from .tls_hints import alert_in_words, unverified
from .upload import FileChanged

_PROXY_VARIABLES = "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY"
# What a server that speaks TLS says to plain http: an alert record (RFC 8446, 5.1).
_TLS_ALERT = "\x15\x03"


class AttemptFailed(Exception):
    """A try that brought no answer.

    :param outcome: an Outcome.
    :param reason: half a sentence for the user, free of URLs.
    """

    def __init__(self, outcome: Outcome | None, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


class TooMuch(http.client.HTTPException):
    """Far more arrived than an answer of HTTP can have around its body."""


def before_sending(exc: Exception, timeout: float, verify: bool | str) -> AttemptFailed:
    """The failure when nothing of the request had left.

    :param exc: an exception of requests.
    :param verify: True, False, or the path of a CA bundle.
    """
    found = list(causes(exc))
    for cause in found:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return AttemptFailed(Outcome.UNTRUSTED, unverified(cause, verify))
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError):
            why = getattr(cause, "reason", None) or "TLS error"
            if why in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"):
                why = "the port does not speak TLS; is it one for plain http?"
            return AttemptFailed(Outcome.UNTRUSTED, alert_in_words(cause) or f"no TLS connection came about ({why})")
    for cause in found:
        if isinstance(cause, socket.gaierror):
            return AttemptFailed(Outcome.NOT_CONNECTED, "its host name could not be resolved")
        if isinstance(cause, ConnectionRefusedError):
            return AttemptFailed(Outcome.NOT_CONNECTED, "the connection was refused")
        if isinstance(cause, (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError)):
            return AttemptFailed(Outcome.RESET_BEFORE_SENDING, "the connection was lost before anything was sent")
    if isinstance(exc, requests.exceptions.ConnectTimeout):
        return AttemptFailed(Outcome.NOT_CONNECTED, f"no connection came about within {timeout:g} s")
    if isinstance(exc, requests.exceptions.SSLError):
        return AttemptFailed(Outcome.UNTRUSTED, "no TLS connection came about")
    known = next((_in_words(cause) for cause in found if isinstance(cause, OSError) and _in_words(cause)), None)
    if known and known.startswith("Tunnel connection failed: 407"):
        why = f"the proxy wants other credentials than those in {_PROXY_VARIABLES} ({known})"
        return AttemptFailed(Outcome.NOT_CONNECTED, why)
    through = (
        "the proxy did not connect" if isinstance(exc, requests.exceptions.ProxyError) else "no connection came about"
    )
    return AttemptFailed(Outcome.NOT_CONNECTED, f"{through} ({known})" if known else through)


def after_sending(exc: Exception, is_plain: bool) -> AttemptFailed:
    """The failure when the request, or a part of it, had left.

    :param exc: an exception of requests.
    :param is_plain: it left in plain http.
    """
    found = list(causes(exc))
    for cause in found:
        if isinstance(cause, FileChanged):
            return AttemptFailed(Outcome.RESET_AFTER_SENDING, "the file was changed while it was sent")
        if isinstance(cause, TooMuch):
            return AttemptFailed(Outcome.RESET_AFTER_SENDING, "the head of the answer had no end")
        if isinstance(cause, ssl.SSLError) and alert_in_words(cause):
            # TLS 1.3 tells only now what it thinks of our side of the handshake; the request was not looked at.
            return AttemptFailed(Outcome.UNTRUSTED, alert_in_words(cause))
        if isinstance(cause, http.client.BadStatusLine) and str(cause.line).lstrip("'\"").startswith(_TLS_ALERT):
            return AttemptFailed(Outcome.UNTRUSTED, "the port speaks TLS; the address must begin with https")
    how = "reset" if any(isinstance(cause, ConnectionResetError) for cause in found) else "closed"
    why = f"the connection was {how} before an answer arrived"
    # RemoteDisconnected is a ConnectionResetError too.
    if is_plain and any(isinstance(cause, ConnectionResetError) for cause in found):
        why += " (a port for https may do that to plain http)"
    return AttemptFailed(Outcome.RESET_AFTER_SENDING, why)


def not_made(exc: Exception, has_proxy: bool) -> AttemptFailed:
    """The failure when there was not even a connection to be tried.

    :param exc: an exception of requests or urllib3, or a ValueError.
    :param has_proxy: the environment names a proxy for the address.
    """
    if has_proxy:
        if isinstance(exc, requests.exceptions.InvalidSchema) and "SOCKS" in str(exc):
            why = "its proxy is a SOCKS proxy, for which the Python library PySocks is needed"
        else:
            why = f"the address of the proxy in {_PROXY_VARIABLES} cannot be read"
        return AttemptFailed(Outcome.FINAL, why)
    return AttemptFailed(Outcome.FINAL, f"the request could not be made ({type(exc).__name__})")


def causes(exc: Any) -> Iterator[BaseException]:
    """The exception and all that it wraps; requests and urllib3 keep causes in arguments and in `reason` as well."""
    seen, queue = set(), [exc]
    while queue:
        current = queue.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        queue += [getattr(current, "reason", None), current.__cause__, current.__context__, *current.args]


def _in_words(error: OSError) -> str | None:
    """What an OSError says, if that is known to hold no address."""
    text = str(error.args[0]) if error.args else ""
    return error.strerror or (text if text.startswith("Tunnel connection failed: ") else None)
