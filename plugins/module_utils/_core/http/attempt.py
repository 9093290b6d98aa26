# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One attempt to call an endpoint: the request, and what its response means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..context import Clock
from ..errors import NoResponse, RequestFailed, ServiceError
from ..redaction import registry
from ..redaction.registry import SecretRegistry
from ..send_observer import current_observer
from .adapter.attempt_failed import AttemptFailed
from .adapter.body import BodyStream, Flaw
from .adapter.connections import Session
from .adapter.exchange import Content, ExchangeOptions, exchange, prepare
from .auth.cookies import Cookies, secret_values
from .endpoint import Endpoint, ServiceProfile
from .limits.rate_limit import NO_INFO, RateLimitInfo
from .response import Response
from .retry import Effect, Outcome, http_date, outcome_of_status, parse_retry_after
from .throttle import Throttle

if TYPE_CHECKING:
    import requests

    from .error_details import ErrorDetails


class AttemptEnded(Exception):
    """An attempt ended without the response that was asked for, and the retry policy decides what follows."""

    def __init__(self, outcome: Outcome | None, error: RequestFailed) -> None:
        super().__init__()
        self.outcome = outcome or Outcome.FINAL
        self.error = error


@dataclass(frozen=True)
class ServiceConnection:
    """What all attempts of a client share.

    headers: are sent with every request.
    timeout: seconds to connect, and seconds between two bytes of a response.
    """

    profile: ServiceProfile
    base_url: str
    headers: Mapping[str, str]
    timeout: float
    session: Session
    throttle: Throttle
    registry: SecretRegistry
    clock: Clock


class Attempt:
    """One attempt to call an endpoint.

    :param values: the path parameters.
    :param content: what the request carries.
    :param headers: further headers, or None.
    """

    def __init__(
        self,
        connection: ServiceConnection,
        endpoint: Endpoint,
        values: Mapping[str, Any],
        content: Content,
        headers: Mapping[str, Any] | None,
    ) -> None:
        self._connection = connection
        self._endpoint = endpoint
        self._content = content
        self._headers = {**connection.headers, **endpoint.headers, **(headers or {})}
        path = endpoint.path_for(values)
        # Some URLs are secrets themselves.
        self._path = connection.registry.scrub(path)
        self._purpose = endpoint.purpose.format(**values)
        self._url = connection.base_url + path
        # All cookies that were sent or received, as a message may repeat them.
        self._cookies = ""

    def prepare(self) -> requests.PreparedRequest:
        """The request without credentials.

        :raises AttemptEnded: such a request is not possible.
        """
        try:
            return prepare(self._endpoint.method, self._url, dict(self._headers), self._content)
        except AttemptFailed as failed:
            raise AttemptEnded(failed.outcome, self._no_response(failed)) from None

    def send(self, request: requests.PreparedRequest) -> Response:
        """Sends a request as soon as the throttle allows it, and returns the response, whatever it says.

        :raises AttemptEnded: there was no response.
        :raises Cancelled: the task has to end.
        """
        throttle, endpoint = self._connection.throttle, self._endpoint
        observer = current_observer() if endpoint.effect is Effect.CHANGE else None
        options = ExchangeOptions(self._connection.timeout, observer, endpoint.streams, endpoint.largest)
        response, info = None, NO_INFO
        acquired = throttle.acquire()
        try:
            received, body = exchange(self._connection.session, request, options)
            response = self._response(request, received, body)
            self._note_time(response, acquired)
            info = self._rate_limit_info(response)
        except AttemptFailed as failed:
            raise AttemptEnded(failed.outcome, self._no_response(failed)) from None
        finally:
            status = None if response is None else response.status
            # Services check credentials before they count a request.
            is_counted = status != 401
            # How long an upload takes depends on its size.
            kind = endpoint.purpose if is_counted and self._content.upload is None else None
            throttle.release(acquired, status, info, is_counted=is_counted, kind=kind)
        return response

    def _response(
        self, request: requests.PreparedRequest, received: requests.Response, body: bytes | Flaw | BodyStream
    ) -> Response:
        status, cookies = received.status_code, None
        received_cookies: Any = received.cookies
        self._cookies = request.headers.get("Cookie", "")
        if status == 401:
            cookies = Cookies(str(request.url), received_cookies)
            self._cookies += "; " + (cookies.header(str(request.url)) or "")
        if isinstance(body, BodyStream):
            return Response(status, received.headers, b"", stream=body, path=self._path, cookies=cookies)
        is_list = self._endpoint.is_list
        return Response(status, received.headers, body, is_list=is_list, path=self._path, cookies=cookies)

    def _note_time(self, response: Response, asked: float) -> None:
        """Sets the service's clock by a response that is fresh and the service's own."""
        profile, headers = self._connection.profile, response.headers
        if not profile.tells_time:
            return
        is_own = response.status < 500 and response.status != 407 and not response.is_html and "Age" not in headers
        date = http_date(headers.get("Date") or "") if is_own else None
        if date is not None:
            self._connection.clock.note_service_time(profile.name, date, asked)

    def _rate_limit_info(self, response: Response) -> RateLimitInfo:
        """What the response says about the rate limit, in the service's own way or in HTTP's."""
        wait = parse_retry_after(response.headers, self._connection.clock.wall())
        info = self._connection.profile.read_rate_limit(response) or NO_INFO
        return info if wait is None else replace(info, wait=wait)

    def follow_redirect(self, response: Response) -> bool:
        """Directs the next request to where a redirect leads; returns whether it may be followed.

        Only reads are redirected, only to the same service, and never from https to http.
        """
        if not response.is_redirect or self._endpoint.effect is Effect.CHANGE:
            return False
        from . import redirects

        target = redirects.target(self._url, response.headers["Location"])
        if not redirects.is_same_service(urlsplit(self._url), target):
            return False
        # We send our own query again: the one in the Location header may repeat a token. Archives, though, have signed
        # URLs.
        self._url = redirects.without_query(target)
        if self._endpoint.streams and target.query:
            self._content = replace(self._content, query=target.query)
        return True

    def check_response(self, response: Response) -> Response:
        """Returns a response that is a success.

        :raises AttemptEnded: it is not.
        """
        own_error = self._connection.profile.read_error(response)
        if response.is_success and own_error is None:
            return self._check_success(response)
        if response.is_redirect:
            raise AttemptEnded(Outcome.FINAL, self.redirect_error(response))
        error = self.service_error(response)
        if error.code in self._connection.profile.transient_codes:
            raise AttemptEnded(Outcome.SERVICE_TRANSIENT, error)
        outcome = outcome_of_status(response.status)
        if outcome is Outcome.FINAL and response.cut_off:
            # Without its body, a refusal does not say what it refuses.
            outcome = Outcome.TRUNCATED
        raise AttemptEnded(outcome, error)

    def _check_success(self, response: Response) -> Response:
        endpoint = self._endpoint
        cut_off = response.cut_off
        if response.stream is not None:
            if not response.is_html:
                return response
            response.stream.close()
        elif endpoint.is_text:
            # We never ask for a part of a text.
            cut_off = cut_off or response.status == 206
            is_complete = response.flaw is None and not cut_off
            if is_complete and (endpoint.takes_html or not response.is_page):
                return response
        elif endpoint.effect is Effect.CHANGE:
            # The status alone says that the change was made, whatever the body holds.
            if not response.is_html:
                return response
        elif response.data is not None:
            return response
        outcome = Outcome.TRUNCATED if cut_off else Outcome.NOT_THE_SERVICE
        raise AttemptEnded(outcome, self.service_error(response))

    def service_error(
        self, response: Response, *, obstacle: str | None = None, aborts_task: bool = False
    ) -> ServiceError:
        """The error that a response amounts to.

        :param obstacle: a sentence that replaces the service's usual hint, or None.
        """
        profile = self._connection.profile
        details = self._details(response)
        code = None if details.code == str(response.status) else details.code
        request_id = details.request_id and f"request {details.request_id}"
        facts = ", ".join(filter(None, (f"HTTP {response.status}", code, request_id)))
        hint = details.hint
        # A hint for the service's own error code is more precise than the obstacle.
        if obstacle and hint == profile.hint(response.status, None):
            hint = self._scrub(obstacle)
        sentence = f"{profile.name} did not {self._purpose}: {details.message.rstrip('.')} ({facts}). {hint}".rstrip()
        return self._error(response, details, details.message, sentence, hint=hint, aborts_task=aborts_task)

    def redirect_error(self, response: Response, *, is_loop: bool = False, aborts_task: bool = False) -> ServiceError:
        """The error for a redirect that is not followed, or not any further."""
        if is_loop:
            message = "it redirects endlessly"
        else:
            from . import redirects

            target = redirects.target(self._url, response.headers["Location"])
            where = f"{target.scheme}://{target.hostname}" if target.scheme in ("http", "https") else "another address"
            message = f"it redirects to {where}, which is not followed"
        hint = "" if self._endpoint.streams else " Give the service's final address."
        name = self._connection.profile.name
        # The message replaces the body, which may repeat a URL that is a secret.
        sentence = f"{name} did not {self._purpose}: {message} (HTTP {response.status}).{hint}"
        return self._error(response, self._details(response), message, sentence, aborts_task=aborts_task)

    def _details(self, response: Response) -> ErrorDetails:
        from .error_details import read_details

        return read_details(response, self._connection.profile, self._url, self._scrub)

    def _scrub(self, text: str) -> str:
        # The registry does not hold all cookies of a task: some load balancers set a new one with each response.
        return registry.scrub(self._connection.registry.scrub(text), secret_values(self._cookies))

    def _error(
        self,
        response: Response,
        details: ErrorDetails,
        message: str,
        sentence: str,
        *,
        hint: str = "",
        aborts_task: bool,
    ) -> ServiceError:
        return ServiceError(
            sentence,
            status=response.status,
            code=details.code,
            message=message,
            request_id=details.request_id,
            method=self._endpoint.method,
            path=self._path,
            retry_after=parse_retry_after(response.headers, self._connection.clock.wall()),
            hint=hint,
            aborts_task=aborts_task,
        )

    def _no_response(self, failed: AttemptFailed) -> NoResponse:
        where = urlsplit(self._url).netloc
        is_unreachable = failed.outcome is Outcome.NOT_CONNECTED
        hint = " Check the address, the network and the proxy settings." if is_unreachable else ""
        # A proxy may say anything.
        reason = self._connection.registry.scrub(failed.reason)
        return NoResponse(
            f"{self._connection.profile.name} at {where} did not {self._purpose}: {reason}.{hint}",
            self._endpoint.method,
            self._path,
            # Nothing else would reach the service either.
            aborts_task=failed.outcome in (Outcome.NOT_CONNECTED, Outcome.RESET_BEFORE_SENDING, Outcome.UNTRUSTED),
            is_transient=failed.outcome not in (Outcome.UNTRUSTED, Outcome.FINAL),
        )
