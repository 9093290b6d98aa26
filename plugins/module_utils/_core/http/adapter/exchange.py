# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request and its answer over the requests library, set up the way that this collection needs it.

Private to this collection.
"""

from __future__ import annotations

from contextlib import closing, nullcontext
from typing import Any, Callable

from ...send_observer import SendObserver
from ..json_body import LARGEST
from ..retry import Outcome
from .body import BodyStream, Exchange, Flaw, current, read_body
from .connections import NothingSent, environment_settings, ignore_missing_verification, new_session, proxy_for
from .libraries import REQUESTS_IMPORT_ERROR, HTTPError, requests
from .transport_errors import AttemptFailed, after_sending, before_sending, not_made
from .upload import Upload

__all__ = [
    "REQUESTS_IMPORT_ERROR",
    "BodyStream",
    "Flaw",
    "NothingSent",
    "AttemptFailed",
    "environment_settings",
    "exchange",
    "ignore_missing_verification",
    "new_session",
    "prepare",
    "proxy_for",
]


def prepare(
    method: str,
    url: str,
    headers: dict[str, Any],
    query: Any,
    json: Any = None,
    form: Any = None,
    upload: Callable[[], Any] | None = None,
) -> Any:
    """A requests.PreparedRequest without any credentials.

    :param json: a body to be sent as JSON.
    :param form: a body to be sent as a form, a dictionary.
    :param upload: a function that opens a file to be sent as it is; exchange() closes it.
    :raises AttemptFailed: there can be no such request.
    """
    try:
        body = Upload(upload()) if upload else form
    except OSError as exc:
        raise AttemptFailed(Outcome.FINAL, f"the file cannot be read ({exc.strerror})") from None
    try:
        return requests.Request(method, url, headers=headers, params=query, json=json, data=body).prepare()
    except (requests.exceptions.RequestException, ValueError) as exc:
        raise AttemptFailed(Outcome.FINAL, f"the request could not be made ({type(exc).__name__})") from None


def exchange(
    session: Any,
    request: Any,
    timeout: float,
    verify: bool | str,
    observer: SendObserver | None = None,
    streams: bool = False,
    largest: int = LARGEST,
    cert: tuple[str, str | None] | None = None,
) -> tuple[Any, bytes | Flaw | BodyStream]:
    """Sends a prepared request once and reads the answer.

    Redirects are not followed. All of it takes reading.LONGEST_EXCHANGE or the timeout, whichever is longer, and not
    counting an upload; so does the head of an answer that is streamed.

    :param timeout: seconds to connect, and seconds between two bytes of the answer.
    :param verify: True, False, or the path of a CA bundle.
    :param observer: is told when the request begins to leave, or None.
    :param streams: leave the body of a success to be read piece by piece.
    :param largest: bytes of the body of a success that are taken.
    :param cert: paths of a client certificate and its key, which may be None if the first holds both.
    :returns: (requests.Response, its body).
    :raises AttemptFailed: no answer arrived.
    """
    current.exchange = under_way = Exchange(timeout, observer, is_upload=isinstance(request.body, Upload))
    settings = {**environment_settings(session, request.url, verify), "cert": cert}
    with closing(request.body) if hasattr(request.body, "close") else nullcontext():
        response = _send(session, request, under_way, settings)
    is_success = 200 <= response.status_code < 300
    if streams and is_success:
        return response, BodyStream(response, under_way)
    return response, read_body(response, under_way, largest if is_success else min(largest, LARGEST))


def _send(session: Any, request: Any, under_way: Exchange, settings: dict[str, Any]) -> Any:
    timeout = under_way.timeout
    is_plain = request.url.startswith("http:")
    # A proxy that is spoken to in TLS must not see it either.
    settings["cert"] = None if is_plain else settings["cert"]
    try:
        return session.get_adapter(request.url).send(request, timeout=(timeout, timeout), **settings)
    except NothingSent as exc:
        raise before_sending(exc.cause, timeout, settings["verify"]) from None
    except requests.exceptions.ConnectionError as exc:
        raise after_sending(exc, is_plain) from None
    except requests.exceptions.Timeout:
        seconds = under_way.longest if under_way.is_over() else timeout
        raise AttemptFailed(Outcome.READ_TIMEOUT, f"there was no answer within {seconds:g} s") from None
    except (requests.exceptions.RequestException, HTTPError, ValueError) as exc:
        if under_way.begun:
            why = f"the answer could not be read ({type(exc).__name__})"
            raise AttemptFailed(Outcome.RESET_AFTER_SENDING, why) from None
        raise not_made(exc, bool(proxy_for(settings, request.url))) from None
    except OSError as exc:
        if under_way.begun:
            why = f"the file that is sent could not be read on ({exc.strerror})"
            raise AttemptFailed(Outcome.RESET_AFTER_SENDING, why) from None
        # All else that can be missing is in ca_path, which has been looked at.
        why = "the CA certificates that REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names cannot be read"
        raise AttemptFailed(Outcome.UNTRUSTED, why) from None
