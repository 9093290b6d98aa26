# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request and its response, over the requests library."""

from __future__ import annotations

from contextlib import closing, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Callable

from ...send_observer import SendObserver
from ..json_body import LARGEST
from ..retry import Outcome
from .attempt_failed import AttemptFailed
from .body import BodyStream, Flaw, read_body
from .connections import Session
from .libraries import HTTPError, requests
from .progress import Progress, current

if TYPE_CHECKING:
    from requests import PreparedRequest


@dataclass(frozen=True)
class Content:
    """What a request carries besides its headers; at most one of `json`, `form` and `upload`.

    query: query parameters as a dictionary or a list of pairs, or text that is already encoded.
    json: a body to send as JSON.
    form: a body to send as a form, as a dictionary.
    upload: opens a file to send as it is. It is called anew for each request; exchange() closes the file.
    """

    query: Any = None
    json: Any = None
    form: dict[str, Any] | None = None
    upload: Callable[[], BinaryIO] | None = None


@dataclass(frozen=True)
class ExchangeOptions:
    """How to send a request and read its response.

    timeout: seconds to connect, and seconds between two bytes of the response.
    observer: is told when the request begins to leave, or None.
    streams: leave the body of a success to the caller, who reads it piece by piece.
    largest: the size limit for the body of a success, in bytes.
    """

    timeout: float
    observer: SendObserver | None = None
    streams: bool = False
    largest: int = LARGEST


NO_CONTENT = Content()


def prepare(method: str, url: str, headers: dict[str, Any], content: Content = NO_CONTENT) -> PreparedRequest:
    """A request without credentials.

    :raises AttemptFailed: such a request is not possible.
    """
    body: Any
    try:
        if content.upload:
            from .upload import Upload

            body = Upload(content.upload())
        else:
            body = content.form
    except OSError as exc:
        raise AttemptFailed(Outcome.FINAL, f"the file cannot be read ({exc.strerror})") from None
    try:
        return requests.Request(
            method, url, headers=headers, params=content.query, json=content.json, data=body
        ).prepare()
    except (requests.exceptions.RequestException, ValueError) as exc:
        raise AttemptFailed(Outcome.FINAL, f"the request could not be made ({type(exc).__name__})") from None


def exchange(
    session: Session, request: PreparedRequest, options: ExchangeOptions
) -> tuple[requests.Response, bytes | Flaw | BodyStream]:
    """Sends a request once and reads the response. Redirects are not followed.

    The exchange may take LONGEST_EXCHANGE or the timeout, whichever is longer. An upload does not count, nor does a
    body that is streamed.

    :returns: the response of the requests library, and its body.
    :raises AttemptFailed: no response arrived.
    :raises Cancelled: the task has to end, and the change was not sent.
    """
    body: Any = request.body
    # All other bodies are bytes.
    is_upload = hasattr(body, "close")
    current.progress = progress = Progress(options.timeout, options.observer, is_upload=is_upload)
    with closing(body) if is_upload else nullcontext():
        response = _send(session, request, progress)
    is_success = 200 <= response.status_code < 300
    if options.streams and is_success:
        return response, BodyStream(response, progress)
    return response, read_body(response, progress, options.largest if is_success else min(options.largest, LARGEST))


def _send(session: Session, request: PreparedRequest, progress: Progress) -> requests.Response:
    url, timeout = str(request.url), progress.timeout
    try:
        return session.send(request, timeout)
    except requests.exceptions.ConnectionError as exc:
        # Loaded only when needed, as Ansible compiles the module anew for each task.
        from .transport_errors import after_sending, before_sending

        # This decides whether a change may be sent again.
        if progress.begun:
            raise after_sending(exc, is_cleartext=url.startswith("http:")) from None
        raise before_sending(exc, timeout, session.route_to(url).verify) from None
    except requests.exceptions.Timeout:
        seconds = progress.longest if progress.is_over() else timeout
        raise AttemptFailed(Outcome.READ_TIMEOUT, f"there was no response within {seconds:g} s") from None
    except (requests.exceptions.RequestException, HTTPError, ValueError) as exc:
        if progress.begun:
            reason = f"the response could not be read ({type(exc).__name__})"
            raise AttemptFailed(Outcome.RESET_AFTER_SENDING, reason) from None
        from .transport_errors import not_made

        raise not_made(exc, has_proxy=bool(session.route_to(url).proxy_for(url))) from None
    except OSError as exc:
        if progress.begun:
            reason = f"the rest of the file could not be read ({exc.strerror})"
            raise AttemptFailed(Outcome.RESET_AFTER_SENDING, reason) from None
        # Every other file that could be missing was checked with ca_path.
        reason = "the CA certificates that REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names cannot be read"
        raise AttemptFailed(Outcome.UNTRUSTED, reason) from None
