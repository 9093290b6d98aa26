# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of a service: pooled connections, credentials, retries, and errors in one form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO, Callable

from ..context import TaskContext
from ..errors import OutcomeUnknown, RequestFailed, ServiceError
from ..redaction import urls
from ..redaction.registry import SecretRegistry
from .adapter.connections import Session
from .adapter.exchange import Content
from .attempt import Attempt, AttemptEnded, ServiceConnection
from .auth.flow import Auth, AuthFlow, CredentialsRefused, Sign, has_checked_credentials
from .endpoint import Endpoint, ServiceProfile
from .response import Response
from .retry import POLICY, Outcome, Verdict
from .retry_budget import RetryBudget
from .settings import HttpSettings
from .throttle import Throttle

# Requests that one attempt may take: challenges, renewed tokens and redirects.
_MOST_REQUESTS = 6


class Client:
    """Calls the endpoints of one service. Threads may share it.

    :param base_url: scheme, host and port.
    :param registry: the SecretRegistry of another client of the task, to share it.
    :raises MissingLibrary: the requests library cannot be imported.
    """

    def __init__(
        self,
        profile: ServiceProfile,
        base_url: str,
        auth: Auth,
        settings: HttpSettings,
        context: TaskContext,
        registry: SecretRegistry | None = None,
    ) -> None:
        self.profile = profile
        self.base_url = base_url
        self.settings = settings
        self.cancel_token = context.cancel_token
        self.registry = registry or SecretRegistry(context)
        self.throttle = Throttle(profile.name, profile.rate_limit, settings.max_concurrency, settings.backoff, context)
        self._auth = auth
        self._clock = context.clock
        session = Session(settings.max_concurrency, verify=settings.verify, cert=settings.cert)
        self._keep_proxies_secret(session.route_to(base_url).proxies)
        settings.warn_if_unverified(base_url, context)
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": settings.http_agent,
            **profile.headers,
        }
        self._connection = ServiceConnection(
            profile, base_url, headers, settings.timeout, session, self.throttle, self.registry, context.clock
        )

    def _keep_proxies_secret(self, proxies: Mapping[str, str]) -> None:
        """Registers the credentials for proxies, which a proxy may repeat in its responses."""
        for name, address in proxies.items():
            if name != "no" and "@" in address:
                self.registry.keep(*urls.secrets(address if "://" in address else f"http://{address}"))

    def call(
        self,
        endpoint: Endpoint,
        path_params: Mapping[str, Any] | None = None,
        *,
        query: Any = None,
        json: Any = None,
        form: dict[str, Any] | None = None,
        upload: Callable[[], BinaryIO] | None = None,
        headers: Mapping[str, Any] | None = None,
        auth: Auth | None = None,
    ) -> Response:
        """Calls an endpoint and returns the response, which is a success.

        :param path_params: the values of the {names} in the endpoint's path.
        :param query: query parameters as a dictionary or a list of pairs, or text that is already encoded.
        :param json: a body to send as JSON.
        :param form: a body to send as a form.
        :param upload: opens a file to send as it is. It is called anew for each request.
        :param headers: further headers.
        :param auth: credentials for this call instead of the usual ones.
        :raises ServiceError: the service answered, and not with a success.
        :raises NoResponse: no response arrived, and nothing was changed.
        :raises OutcomeUnknown: nobody can say whether the change was made, as the response is missing or unclear.
        :raises JobsError: the path cannot be made of path_params, or no credentials can be obtained.
        :raises Cancelled: the task has to end.
        """
        content = Content(query, json, form, upload)
        budget = RetryBudget(self.settings.backoff, self.throttle, self._clock)
        while True:
            attempt = Attempt(self._connection, endpoint, path_params or {}, content, headers)
            try:
                return _send_authenticated(attempt, auth or self._auth)
            except AttemptEnded as ended:
                outcome, error = ended.outcome, ended.error
            verdict = POLICY[endpoint.effect, outcome]
            if verdict is Verdict.FAIL:
                raise error
            if verdict is Verdict.OBSERVE:
                budget.slow_down(error.retry_after)
                raise OutcomeUnknown(error)
            if outcome is Outcome.HTTP_429:
                may_repeat = budget.allows_throttled_retry()
            else:
                may_repeat = budget.wait_for_next_attempt(error.retry_after)
            if not may_repeat:
                raise error

    def unexpected_response(self, endpoint: Endpoint, response: Response) -> ServiceError:
        """The error for a success whose body does not have the documented form."""
        message = "The response does not have the form that the service documents"
        return ServiceError(
            f"{self.profile.name}: {message} ({endpoint.method} {response.path}, HTTP {response.status}).",
            status=response.status,
            code=None,
            message=message,
            request_id=None,
            method=endpoint.method,
            path=response.path,
        )


def _send_authenticated(attempt: Attempt, auth: Auth) -> Response:
    """Sends the requests of an attempt, with credentials, and returns the response to the last one.

    :raises AttemptEnded: it is not a success.
    :raises JobsError: the credentials are not valid, or none can be obtained.
    """
    with auth.gate.admission():
        flow, sign = auth.auth_flow(), None
        for _request in range(_MOST_REQUESTS):
            request = attempt.prepare()
            if sign is None:
                sign = _first_step(flow)
            sign(request)
            response = attempt.send(request)
            if attempt.follow_redirect(response):
                continue
            step = _next_step(flow, response)
            if step is None:
                if has_checked_credentials(response):
                    auth.gate.accept()
                return attempt.check_response(response)
            if isinstance(step, CredentialsRefused):
                error = attempt.service_error(response, obstacle=step.obstacle, aborts_task=True)
                break
            sign = step
        else:
            if response.is_redirect:
                error = attempt.redirect_error(response, is_loop=True, aborts_task=True)
            else:
                error = attempt.service_error(response, aborts_task=True)
        auth.gate.refuse(error)
        raise error


def _first_step(flow: AuthFlow) -> Sign:
    try:
        return next(flow)
    except RequestFailed as error:
        # The flow had to sign in first. That failed, and would fail for every other request, too.
        raise error.replace(aborts_task=True) from error


def _next_step(flow: AuthFlow, response: Response) -> Sign | CredentialsRefused | None:
    try:
        return flow.send(response)
    except StopIteration as ended:
        result: CredentialsRefused | None = ended.value
        return result
    except RequestFailed as error:
        raise error.replace(aborts_task=True) from error
