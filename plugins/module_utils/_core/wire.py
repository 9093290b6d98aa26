# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests library, set up the way that this collection needs it, and its failures told apart.

Private to this collection.
"""

from __future__ import annotations

import errno
import os
import socket
import ssl
import threading
import time
from contextlib import closing, nullcontext
from urllib.parse import urlsplit

from .concurrency import note_acting
from .errors import MissingLibrary
from .retry import Outcome

try:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.exceptions import HTTPError, ReadTimeoutError
except Exception as exc:
    # Libraries that do not fit each other fail in all kinds of ways. Only what needs them is to fail.
    REQUESTS_IMPORT_ERROR = exc
    HTTPAdapter = object
else:
    REQUESTS_IMPORT_ERROR = None

_CHUNK = 64 * 1024
# Of a body that is streamed: large enough to be fast, small enough for many at once.
_PIECE = 256 * 1024
_LARGEST_BODY = 256 * 1024 * 1024
_LONGEST_BODY = 300.0
_sending = threading.local()


class TryFailed(Exception):
    """A try that brought no answer.

    :param outcome: an Outcome.
    :param reason: half a sentence for the user, free of URLs.
    """

    def __init__(self, outcome, reason):
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


def _noting(connection_class):
    """The connection class, noting when the first byte of a request leaves."""

    class Noting(connection_class):
        def connect(self):
            try:
                super().connect()
            finally:
                # What a tunnel through a proxy took to build is not the request.
                _forget()

        def send(self, data):
            if getattr(self, "sock", None) is None:
                self.connect()
            _sending.begun = True
            if _sending.item is not None:
                note_acting(_sending.item)
            super().send(data)

    return Noting


def _forget():
    """Nothing of the request has left."""
    _sending.begun = False
    if _sending.item is not None:
        _sending.item.sent = False


class NothingSent(Exception):
    """Wraps a failure that happened before a byte of the request left."""

    def __init__(self, cause):
        super().__init__()
        self.cause = cause


class _Adapter(HTTPAdapter):
    """Tells failures before sending from failures after it, which decides whether a change may be sent again."""

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, **kwargs)
        _use_noting_pools(self.poolmanager)

    def proxy_manager_for(self, *args, **kwargs):
        manager = super().proxy_manager_for(*args, **kwargs)
        _use_noting_pools(manager)
        return manager

    def send(self, request, **kwargs):
        try:
            return super().send(request, **kwargs)
        except requests.exceptions.ConnectionError as exc:
            if _sending.begun:
                raise
            raise NothingSent(exc) from None


def _use_noting_pools(manager):
    manager.pool_classes_by_scheme = {
        "http": type(
            "NotingHTTPPool", (HTTPConnectionPool,), {"ConnectionCls": _noting(HTTPConnectionPool.ConnectionCls)}
        ),
        "https": type(
            "NotingHTTPSPool", (HTTPSConnectionPool,), {"ConnectionCls": _noting(HTTPSConnectionPool.ConnectionCls)}
        ),
    }


def new_session(width):
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
    adapter = _Adapter(pool_connections=2, pool_maxsize=width, pool_block=True, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def prepare(method, url, headers, query, json=None, form=None, upload=None):
    """A requests.PreparedRequest without any credentials.

    :param json: a body to be sent as JSON.
    :param form: a body to be sent as a form, a dictionary.
    :param upload: a function that opens a file to be sent as it is; exchange() closes it.
    :raises TryFailed: there can be no such request.
    """
    try:
        body = _Upload(upload()) if upload else form
    except OSError as exc:
        raise TryFailed(Outcome.FINAL, f"the file cannot be read ({exc.strerror})") from None
    try:
        return requests.Request(method, url, headers=headers, params=query, json=json, data=body).prepare()
    except (requests.exceptions.RequestException, ValueError) as exc:
        raise TryFailed(Outcome.FINAL, f"the request could not be made ({type(exc).__name__})") from None


class _FileChanged(OSError):
    """A file was changed while it was sent."""


class _Upload:
    """A file that is sent as it is now, or not to its end: nobody wants media that are cut or mixed.

    :param file: an open binary file; it is closed if this raises.
    :raises OSError: it is empty.
    """

    def __init__(self, file):
        self._file = file
        # requests takes the length of the body from here.
        self.len = self._left = os.fstat(file.fileno()).st_size
        self._state = self._look()
        if not self.len:
            file.close()
            raise OSError(errno.EINVAL, "it is empty")

    def __iter__(self):
        # What has this is streamed by requests.
        return iter(lambda: self.read(_PIECE), b"")

    def read(self, size=-1):
        piece = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(piece)
        # Before the last piece leaves, so that the service has only a part of it.
        if not piece and self._left or not self._left and self._look() != self._state:
            raise _FileChanged()
        return piece

    def _look(self):
        status = os.fstat(self._file.fileno())
        return status.st_size, status.st_mtime_ns

    def close(self):
        self._file.close()


def exchange(session, request, timeout, verify, item=None, streams=False):
    """Sends a prepared request once and reads the answer.

    Redirects are not followed.

    :param timeout: seconds to connect, and seconds between two bytes of the answer.
    :param verify: True, False, or the path of a CA bundle.
    :param item: whose `sent` is set once the request is being sent, unless it is `abandoned`.
    :param streams: leave the body of a success to be read piece by piece.
    :returns: (requests.Response, body: bytes, None if it was cut off, or a BodyStream).
    :raises TryFailed: no answer arrived.
    """
    _sending.item = item
    _forget()
    settings = _environment_settings(session, request.url, verify)
    with closing(request.body) if hasattr(request.body, "close") else nullcontext():
        response = _send(session, request, timeout, settings)
    if streams and 200 <= response.status_code < 300:
        return response, BodyStream(response, timeout)
    return response, _read(response, time.monotonic() + _LONGEST_BODY)


def _send(session, request, timeout, settings):
    try:
        return session.get_adapter(request.url).send(request, timeout=(timeout, timeout), **settings)
    except NothingSent as exc:
        raise _before_sending(exc.cause, timeout) from None
    except requests.exceptions.ConnectionError as exc:
        raise _after_sending(exc) from None
    except requests.exceptions.Timeout:
        raise TryFailed(Outcome.READ_TIMEOUT, f"there was no answer within {timeout:g} s") from None
    except (requests.exceptions.RequestException, ValueError) as exc:
        if _sending.begun:
            why = f"the answer could not be read ({type(exc).__name__})"
            raise TryFailed(Outcome.RESET_AFTER_SENDING, why) from None
        raise TryFailed(Outcome.FINAL, f"the request could not be made ({type(exc).__name__})") from None
    except OSError as exc:
        if _sending.begun:
            why = f"the file that is sent could not be read on ({exc.strerror})"
            raise TryFailed(Outcome.RESET_AFTER_SENDING, why) from None
        # All else that can be missing is in ca_path, which has been looked at.
        why = "the CA certificates that REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names cannot be read"
        raise TryFailed(Outcome.UNTRUSTED, why) from None


def _environment_settings(session, url, verify):
    """Proxies and CA bundle for a URL: looked up once for each host, as that goes through the whole environment."""
    host = urlsplit(url)[:2]
    if host not in session.environment_settings:
        session.environment_settings[host] = session.merge_environment_settings(url, {}, True, verify, None)
    return session.environment_settings[host]


def _read(response, deadline):
    pieces, size = [], 0
    try:
        for piece in _pieces(response):
            pieces.append(piece)
            size += len(piece)
            if size > _LARGEST_BODY or time.monotonic() > deadline:
                return None
    except (requests.exceptions.RequestException, HTTPError, OSError):
        return None
    finally:
        response.close()
    return None if _is_short(response) else b"".join(pieces)


def _is_short(response):
    """Whether less arrived than was announced: urllib3 before 2.0 hands a short body over without a word."""
    announced = response.headers.get("Content-Length", "")
    return announced.isdigit() and hasattr(response.raw, "tell") and response.raw.tell() < int(announced)


class BodyStream:
    """The body of an answer as it is on the wire, read piece by piece. It must be closed.

    :param timeout: seconds between two bytes, for the message.
    """

    def __init__(self, response, timeout):
        self._response = response
        self._timeout = timeout

    def pieces(self):
        """Yields bytes.

        :raises TryFailed: the body broke off.
        """
        raw = self._response.raw
        read = getattr(raw, "read1", None) or raw.read
        try:
            while True:
                piece = read(_PIECE, decode_content=False)
                if not piece:
                    break
                yield piece
        except (requests.exceptions.RequestException, HTTPError, OSError) as exc:
            if any(isinstance(cause, (ReadTimeoutError, TimeoutError, socket.timeout)) for cause in _causes(exc)):
                why = f"nothing more arrived within {self._timeout:g} s"
                raise TryFailed(Outcome.READ_TIMEOUT, why) from None
            raise TryFailed(Outcome.TRUNCATED, "the transfer broke off") from None
        if _is_short(self._response):
            raise TryFailed(Outcome.TRUNCATED, "the transfer broke off")

    def close(self):
        """Gives the connection up, unless all has been read."""
        self._response.close()


def _pieces(response):
    """The body as it arrives: a server that lets it drip must not hold us in one read for ever."""
    read1 = getattr(response.raw, "read1", None)
    if read1 is None:
        # urllib3 before 2.0
        yield from response.iter_content(_CHUNK)
        return
    while True:
        piece = read1(_CHUNK, decode_content=True)
        if not piece:
            return
        yield piece


def _before_sending(exc, timeout):
    causes = list(_causes(exc))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = getattr(cause, "verify_message", "") or "certificate verify failed"
            return TryFailed(
                Outcome.UNTRUSTED, f"its TLS certificate could not be verified ({why}); its CA goes into ca_path"
            )
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError):
            why = getattr(cause, "reason", None) or "TLS error"
            if why in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"):
                why = "the port does not speak TLS; is it one for plain http?"
            return TryFailed(Outcome.UNTRUSTED, f"no TLS connection came about ({why})")
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return TryFailed(Outcome.NOT_CONNECTED, "its host name could not be resolved")
        if isinstance(cause, ConnectionRefusedError):
            return TryFailed(Outcome.NOT_CONNECTED, "the connection was refused")
        if isinstance(cause, (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError)):
            return TryFailed(Outcome.RESET_BEFORE_SENDING, "the connection was lost before anything was sent")
    if isinstance(exc, requests.exceptions.ConnectTimeout):
        return TryFailed(Outcome.NOT_CONNECTED, f"no connection came about within {timeout:g} s")
    if isinstance(exc, requests.exceptions.SSLError):
        return TryFailed(Outcome.UNTRUSTED, "no TLS connection came about")
    known = next((_in_words(cause) for cause in causes if isinstance(cause, OSError) and _in_words(cause)), None)
    through = (
        "the proxy did not connect" if isinstance(exc, requests.exceptions.ProxyError) else "no connection came about"
    )
    return TryFailed(Outcome.NOT_CONNECTED, f"{through} ({known})" if known else through)


def _in_words(error):
    """What an OSError says, if that is known to hold no address."""
    text = str(error.args[0]) if error.args else ""
    return error.strerror or (text if text.startswith("Tunnel connection failed: ") else None)


def _after_sending(exc):
    causes = list(_causes(exc))
    if any(isinstance(cause, _FileChanged) for cause in causes):
        return TryFailed(Outcome.RESET_AFTER_SENDING, "the file was changed while it was sent")
    if any(isinstance(cause, ConnectionResetError) for cause in causes):
        return TryFailed(Outcome.RESET_AFTER_SENDING, "the connection was reset before an answer arrived")
    return TryFailed(Outcome.RESET_AFTER_SENDING, "the connection was closed before an answer arrived")


def _causes(exc):
    """The exception and all that it wraps; requests and urllib3 keep causes in arguments and in `reason` as well."""
    seen, queue = set(), [exc]
    while queue:
        current = queue.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        queue += [getattr(current, "reason", None), current.__cause__, current.__context__, *current.args]
