# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way to talk to a service: pooled connections, credentials, retries, and errors in one form.

Private to this collection.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from ..errors import NoAnswer, OutcomeUnknown, RequestFailed, ServiceError
from ..redaction import registry, urls
from ..redaction.registry import SecretRegistry
from ..send_observer import current_observer
from . import redirects
from .adapter import exchange
from .auth.cookies import Cookies, secret_values
from .error_details import refused
from .rate_limit import RateLimitInfo
from .response import Response
from .retry import POLICY, Effect, Outcome, RetryBudget, Verdict, http_date, outcome_of_status, parse_retry_after
from .throttle import Throttle

_MOST_SENDINGS = 6


class Client:
    """Calls endpoints of one service. Threads may share it.

    :param profile: a Profile.
    :param base_url: scheme, host and port.
    :param auth: an Auth.
    :param settings: HttpSettings.
    :param context: a TaskContext.
    :param registry: a SecretRegistry that another client of the task uses, too.
    """

    def __init__(self, profile, base_url, auth, settings, context, registry=None):
        self.profile = profile
        self.settings = settings
        self.cancel_token = context.cancel_token
        self.registry = registry or SecretRegistry(context)
        self.session = exchange.new_session(settings.max_concurrency)
        self._keep_proxies_secret(base_url)
        settings.warn_if_unverified(base_url, context)
        self._base_url = base_url
        self._auth = auth
        self._clock = context.clock
        self.throttle = Throttle(profile.name, profile.rate_limit, settings.max_concurrency, settings.backoff, context)
        self._headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": settings.agent,
            **profile.headers,
        }

    def _keep_proxies_secret(self, url):
        """Whatever a proxy says may repeat what it was sent."""
        proxies = exchange.environment_settings(self.session, url, self.settings.verify)["proxies"]
        for name, address in (proxies or {}).items():
            if name != "no" and "@" in address:
                self.registry.keep(*urls.secrets(address if "://" in address else f"http://{address}"))

    def call(self, endpoint, query=None, json=None, form=None, upload=None, headers=None, auth=None, **values):
        """Calls an endpoint and returns its Response, a success.

        :param query: query parameters: a dictionary, a list of pairs, or text that is right as it is.
        :param json: a body to be sent as JSON.
        :param form: a body to be sent as a form, a dictionary.
        :param upload: a function that opens a file to be sent as it is, anew for each try.
        :param headers: further headers.
        :param auth: credentials for this call instead of the usual ones.
        :param values: path parameters.
        :raises ServiceError: the service answered, and not with success.
        :raises NoAnswer: no answer arrived, and nothing was done.
        :raises OutcomeUnknown: no answer arrived that settles whether a change was done.
        """
        patience = RetryBudget(self.settings.backoff, self.throttle, self._clock)
        content = {"query": query, "json": json, "form": form, "upload": upload}
        while True:
            try:
                return self._signed(_Attempt(self, endpoint, values, content, headers), auth or self._auth)
            except _AttemptEnded as ended:
                outcome, error = ended.outcome, ended.error
            verdict = POLICY[endpoint.effect, outcome]
            if verdict is Verdict.FAIL:
                raise error
            if outcome is Outcome.HTTP_429:
                if not patience.allows_throttled_retry():
                    raise error
            elif not patience.wait_for_next_attempt(error.retry_after, look_first=verdict is Verdict.OBSERVE):
                raise OutcomeUnknown(error) if verdict is Verdict.OBSERVE else error

    def unexpected_response(self, endpoint, response):
        """The ServiceError for a success whose body has not the documented form."""
        message = "The answer has not the form that the service documents"
        return ServiceError(
            f"{self.profile.name}: {message} ({endpoint.method} {response.path}, HTTP {response.status}).",
            status=response.status,
            code=None,
            message=message,
            request_id=None,
            method=endpoint.method,
            path=response.path,
        )

    def _signed(self, attempt, auth):
        """One try with valid credentials; the first request of a task goes alone, see Auth."""
        alone = not auth.accepted
        if alone:
            auth.first.acquire()
            if auth.accepted:
                auth.first.release()
                alone = False
        try:
            if auth.refusal is not None:
                raise auth.refusal
            return self._with_fresh_credentials(attempt, auth)
        finally:
            if alone:
                auth.first.release()

    def _with_fresh_credentials(self, attempt, auth):
        credential = obstacle = None
        for _sending in range(_MOST_SENDINGS):
            request = attempt.prepare()
            credential = self._credentials(auth, auth.sign, request, credential)
            response = attempt.send(request)
            if auth.is_refusal(response):
                refused, credential = credential, self._credentials(auth, auth.renew, response, credential)
                if credential is None:
                    obstacle = auth.obstacle(response, refused)
                    break
            elif not attempt.follow_redirect(response):
                # What a proxy or an overloaded service says comes before anybody has looked at the credentials.
                if response.status < 500 and response.status != 429:
                    auth.accept(credential)
                return attempt.check_response(response)
        if auth.is_refusal(response):
            error = attempt.service_error(response, obstacle)
        else:
            error = attempt.redirected(response, is_loop=True)
        error.aborts_task = True
        if not auth.accepted:
            auth.refusal = error
        raise error

    @staticmethod
    def _credentials(auth, step, *arguments):
        """A step of an Auth, which may have to sign in first: if that fails, it fails for every later request too."""
        try:
            return step(*arguments)
        except RequestFailed as error:
            error.aborts_task = True
            if not error.is_transient:
                auth.refusal = error
            raise


class _AttemptEnded(Exception):
    """A try that the retry policy has a word on."""

    def __init__(self, outcome, error):
        super().__init__()
        self.outcome = outcome
        self.error = error


class _Attempt:
    """One try to call an endpoint: the request, and what its answer means."""

    def __init__(self, client, endpoint, values, content, headers):
        self._client = client
        self._endpoint = endpoint
        self._content = content
        self._headers = {**client._headers, **endpoint.headers, **(headers or {})}
        path = endpoint.path_for(values)
        # Some addresses are secrets themselves.
        self._path = client.registry.scrub(path)
        self._purpose = endpoint.purpose.format(**values)
        self._url = client._base_url + path
        self._cookies = ""

    def prepare(self):
        try:
            return exchange.prepare(self._endpoint.method, self._url, dict(self._headers), **self._content)
        except exchange.AttemptFailed as failed:
            raise _AttemptEnded(failed.outcome, self._no_answer(failed)) from None

    def send(self, request):
        client = self._client
        entered, response, rate_limit_info = client.throttle.acquire(), None, None
        try:
            observer = current_observer() if self._endpoint.effect is Effect.CHANGE else None
            settings = client.settings
            received, body = exchange.exchange(
                client.session,
                request,
                settings.timeout,
                settings.verify,
                observer,
                self._endpoint.streams,
                self._endpoint.largest,
                settings.cert,
            )
            if isinstance(body, exchange.BodyStream):
                response = Response(received.status_code, received.headers, b"", stream=body)
            else:
                response = Response(received.status_code, received.headers, body, is_list=self._endpoint.is_list)
            response.path = self._path
            self._cookies = request.headers.get("Cookie", "")
            if response.status == 401:
                response.cookies = Cookies(request.url, received.cookies)
                self._cookies += "; " + (response.cookies.header(request.url) or "")
            self._note_time(response, entered)
            rate_limit_info = self._rate_limit_info(response)
        except exchange.AttemptFailed as failed:
            raise _AttemptEnded(failed.outcome, self._no_answer(failed)) from None
        finally:
            # A challenge comes before anybody counts.
            client.throttle.release(
                entered, response, rate_limit_info, counted=response is None or response.status != 401
            )
        return response

    def _note_time(self, response: Response, asked: float) -> None:
        """Sets the service's clock by an answer that is the service's own and fresh."""
        profile, headers = self._client.profile, response.headers
        is_own = response.status < 500 and response.status != 407 and not response.is_html and "Age" not in headers
        date = http_date(headers.get("Date") or "") if profile.tells_time and is_own else None
        if date is not None:
            self._client._clock.note_service_time(profile.name, date, asked)

    def _rate_limit_info(self, response):
        """What the answer says of a quota, in the service's own way or in HTTP's."""
        wait = parse_retry_after(response.headers, self._client._clock.wall())
        rate_limit_info = self._client.profile.read_rate_limit(response) or RateLimitInfo()
        return rate_limit_info if wait is None else rate_limit_info._replace(wait=wait)

    def follow_redirect(self, response):
        """Whether a redirect was taken: only for reads, on the same host, and never from https to http."""
        if not response.is_redirect or self._endpoint.effect is Effect.CHANGE:
            return False
        there = redirects.target(self._url, response.headers["Location"])
        if not redirects.is_same_service(urlsplit(self._url), there):
            return False
        # Our own query goes along: what a Location repeats of it may hold a token. Archives have signed addresses.
        self._url = redirects.without_query(there)
        if self._endpoint.streams and there.query:
            self._content = {**self._content, "query": there.query}
        return True

    def check_response(self, response):
        """Returns an answer that is a success; raises on all others."""
        own_error = self._client.profile.read_error(response)
        if response.is_success and own_error is None:
            return self._success(response)
        if response.is_redirect:
            raise _AttemptEnded(Outcome.FINAL, self.redirected(response))
        error = self.service_error(response)
        if error.code in self._client.profile.transient_codes:
            raise _AttemptEnded(Outcome.SERVICE_TRANSIENT, error)
        outcome = outcome_of_status(response.status)
        if outcome is Outcome.FINAL and response.cut_off:
            # Without its body, a refusal does not say what it refuses.
            outcome = Outcome.TRUNCATED
        raise _AttemptEnded(outcome, error)

    def _success(self, response):
        if response.stream is not None:
            if not response.is_html:
                return response
            response.stream.close()
        elif self._endpoint.is_text:
            # A part that nobody has asked for is cut off, too.
            response.cut_off = response.cut_off or response.status == 206
            is_taken = response.flaw is None and not response.cut_off
            if is_taken and (self._endpoint.takes_html or not response.is_page):
                return response
        elif self._endpoint.effect is Effect.CHANGE:
            # The status alone says that it is done, whatever is in the body.
            if not response.is_html:
                return response
        elif response.data is not None:
            return response
        outcome = Outcome.TRUNCATED if response.cut_off else Outcome.NOT_THE_SERVICE
        raise _AttemptEnded(outcome, self.service_error(response))

    def service_error(self, response, obstacle=None):
        """The ServiceError that a Response amounts to.

        :param obstacle: what is wrong, as a sentence, instead of the service's usual advice.
        """
        client = self._client
        cookies = secret_values(self._cookies)

        def scrub(text):
            # Not all cookies of a task are kept in the vault: some balancers set a new one with each answer.
            return registry.scrub(client.registry.scrub(text), cookies)

        code, message, request_id, hint = refused(response, client.profile, self._url, scrub)
        spoken = None if code == str(response.status) else code
        facts = ", ".join(
            fact for fact in (f"HTTP {response.status}", spoken, request_id and f"request {request_id}") if fact
        )
        sentence = f"{client.profile.name} did not {self._purpose}: {message.rstrip('.')} ({facts})."
        # What the service's own code tells counts for more.
        if obstacle and hint == client.profile.hint(response.status, None):
            hint = scrub(obstacle)
        return ServiceError(
            f"{sentence} {hint}".rstrip(),
            status=response.status,
            code=code,
            message=message,
            request_id=request_id,
            method=self._endpoint.method,
            path=self._path,
            retry_after=parse_retry_after(response.headers, client._clock.wall()),
        )

    def _no_answer(self, failed):
        name = self._client.profile.name
        where = urlsplit(self._url).netloc
        never_sent = failed.outcome in (Outcome.NOT_CONNECTED, Outcome.RESET_BEFORE_SENDING, Outcome.UNTRUSTED)
        unreachable = failed.outcome is Outcome.NOT_CONNECTED
        hint = " Check the address, the network and the proxy settings." if unreachable else ""
        # A proxy says what it likes.
        reason = self._client.registry.scrub(failed.reason)
        sentence = f"{name} at {where} did not {self._purpose}: {reason}.{hint}"
        error = NoAnswer(sentence, self._endpoint.method, self._path, aborts_task=never_sent)
        error.is_transient = failed.outcome not in (Outcome.UNTRUSTED, Outcome.FINAL)
        return error

    def redirected(self, response, is_loop=False):
        """The ServiceError for a redirect that is not followed (any more)."""
        target = redirects.target(self._url, response.headers["Location"])
        where = f"{target.scheme}://{target.hostname}" if target.scheme in ("http", "https") else "another address"
        error = self.service_error(response)
        # Not the body, which may repeat an address that is a secret.
        error.message = f"it redirects to {where}, which is not followed"
        if is_loop:
            error.message = "it redirects from one address to the next without an end"
        hint = "" if self._endpoint.streams else " Give the service's final address."
        error.sentence = (
            f"{self._client.profile.name} did not {self._purpose}: {error.message} (HTTP {response.status}).{hint}"
        )
        return error
