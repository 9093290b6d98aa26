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
from ..redaction.registry import Vault
from ..threads import doing
from . import redirects
from .adapter import exchange
from .auth.cookies import Cookies, secret_values
from .error_details import refused
from .rate_limit import Announcement
from .response import Answer
from .retry import POLICY, Effect, Outcome, Patience, Verdict, http_date, outcome_of_status, parse_retry_after
from .throttle import Pace

_MOST_SENDINGS = 6


class Transport:
    """Calls endpoints of one service. Threads may share it.

    :param profile: a Profile.
    :param base_url: scheme, host and port.
    :param auth: an Auth.
    :param settings: HttpSettings.
    :param host: a Host.
    :param vault: a Vault that another transport of the task uses, too.
    """

    def __init__(self, profile, base_url, auth, settings, host, vault=None):
        self.profile = profile
        self.settings = settings
        self.stop = host.stop
        self.vault = vault or Vault(host)
        self.session = exchange.new_session(settings.width)
        self._keep_proxies_secret(base_url)
        settings.warn_if_unverified(base_url, host)
        self._base_url = base_url
        self._auth = auth
        self._clock = host.clock
        self.pace = Pace(profile.name, profile.quota, settings.width, settings.backoff, host)
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
                self.vault.keep(*urls.secrets(address if "://" in address else f"http://{address}"))

    def call(self, endpoint, query=None, json=None, form=None, upload=None, headers=None, auth=None, **values):
        """Calls an endpoint and returns its Answer, a success.

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
        patience = Patience(self.settings.backoff, self.pace, self._clock)
        content = {"query": query, "json": json, "form": form, "upload": upload}
        while True:
            try:
                return self._signed(_Try(self, endpoint, values, content, headers), auth or self._auth)
            except _TryEnded as ended:
                outcome, error = ended.outcome, ended.error
            verdict = POLICY[endpoint.effect, outcome]
            if verdict is Verdict.FAIL:
                raise error
            if outcome is Outcome.HTTP_429:
                if not patience.has_some_for_a_refusal():
                    raise error
            elif not patience.holds_until_the_next_try(error.retry_after, look_first=verdict is Verdict.OBSERVE):
                raise OutcomeUnknown(error) if verdict is Verdict.OBSERVE else error

    def undocumented(self, endpoint, answer):
        """The ServiceError for a success whose body has not the documented form."""
        message = "The answer has not the form that the service documents"
        return ServiceError(
            f"{self.profile.name}: {message} ({endpoint.method} {answer.path}, HTTP {answer.status}).",
            status=answer.status,
            code=None,
            message=message,
            request_id=None,
            method=endpoint.method,
            path=answer.path,
        )

    def _signed(self, trial, auth):
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
            return self._with_fresh_credentials(trial, auth)
        finally:
            if alone:
                auth.first.release()

    def _with_fresh_credentials(self, trial, auth):
        ticket = obstacle = None
        for _sending in range(_MOST_SENDINGS):
            request = trial.prepare()
            ticket = self._credentials(auth, auth.sign, request, ticket)
            answer = trial.send(request)
            if auth.is_refusal(answer):
                refused, ticket = ticket, self._credentials(auth, auth.renew, answer, ticket)
                if ticket is None:
                    obstacle = auth.obstacle(answer, refused)
                    break
            elif not trial.follow(answer):
                # What a proxy or an overloaded service says comes before anybody has looked at the credentials.
                if answer.status < 500 and answer.status != 429:
                    auth.accept(ticket)
                return trial.judge(answer)
        if auth.is_refusal(answer):
            error = trial.service_error(answer, obstacle)
        else:
            error = trial.redirected(answer, is_loop=True)
        error.stops_all = True
        if not auth.accepted:
            auth.refusal = error
        raise error

    @staticmethod
    def _credentials(auth, step, *arguments):
        """A step of an Auth, which may have to sign in first: if that fails, it fails for every later request too."""
        try:
            return step(*arguments)
        except RequestFailed as error:
            error.stops_all = True
            if not error.may_pass:
                auth.refusal = error
            raise


class _TryEnded(Exception):
    """A try that the retry policy has a word on."""

    def __init__(self, outcome, error):
        super().__init__()
        self.outcome = outcome
        self.error = error


class _Try:
    """One try to call an endpoint: the request, and what its answer means."""

    def __init__(self, transport, endpoint, values, content, headers):
        self._transport = transport
        self._endpoint = endpoint
        self._content = content
        self._headers = {**transport._headers, **endpoint.headers, **(headers or {})}
        path = endpoint.path_for(values)
        # Some addresses are secrets themselves.
        self._path = transport.vault.scrub(path)
        self._purpose = endpoint.purpose.format(**values)
        self._url = transport._base_url + path
        self._cookies = ""

    def prepare(self):
        try:
            return exchange.prepare(self._endpoint.method, self._url, dict(self._headers), **self._content)
        except exchange.TryFailed as failed:
            raise _TryEnded(failed.outcome, self._no_answer(failed)) from None

    def send(self, request):
        transport = self._transport
        entered, answer, announcement = transport.pace.enter(), None, None
        try:
            item = getattr(doing, "item", None) if self._endpoint.effect is Effect.CHANGE else None
            settings = transport.settings
            response, body = exchange.exchange(
                transport.session,
                request,
                settings.timeout,
                settings.verify,
                item,
                self._endpoint.streams,
                self._endpoint.largest,
                settings.cert,
            )
            if isinstance(body, exchange.BodyStream):
                answer = Answer(response.status_code, response.headers, b"", stream=body)
            else:
                answer = Answer(response.status_code, response.headers, body, is_list=self._endpoint.is_list)
            answer.path = self._path
            self._cookies = request.headers.get("Cookie", "")
            if answer.status == 401:
                answer.cookies = Cookies(request.url, response.cookies)
                self._cookies += "; " + (answer.cookies.header(request.url) or "")
            self._note_time(answer, entered)
            announcement = self._announcement(answer)
        except exchange.TryFailed as failed:
            raise _TryEnded(failed.outcome, self._no_answer(failed)) from None
        finally:
            # A challenge comes before anybody counts.
            transport.pace.leave(entered, answer, announcement, counted=answer is None or answer.status != 401)
        return answer

    def _note_time(self, answer: Answer, asked: float) -> None:
        """Sets the service's clock by an answer that is the service's own and fresh."""
        profile, headers = self._transport.profile, answer.headers
        is_own = answer.status < 500 and answer.status != 407 and not answer.is_html and "Age" not in headers
        date = http_date(headers.get("Date") or "") if profile.tells_time and is_own else None
        if date is not None:
            self._transport._clock.note_service_time(profile.name, date, asked)

    def _announcement(self, answer):
        """What the answer says of a quota, in the service's own way or in HTTP's."""
        wait = parse_retry_after(answer.headers, self._transport._clock.wall())
        announcement = self._transport.profile.read_quota(answer) or Announcement()
        return announcement if wait is None else announcement._replace(wait=wait)

    def follow(self, answer):
        """Whether a redirect was taken: only for reads, on the same host, and never from https to http."""
        if not answer.is_redirect or self._endpoint.effect is Effect.CHANGE:
            return False
        there = redirects.target(self._url, answer.headers["Location"])
        if not redirects.is_same_service(urlsplit(self._url), there):
            return False
        # Our own query goes along: what a Location repeats of it may hold a token. Archives have signed addresses.
        self._url = redirects.without_query(there)
        if self._endpoint.streams and there.query:
            self._content = {**self._content, "query": there.query}
        return True

    def judge(self, answer):
        """Returns an answer that is a success; raises on all others."""
        own_error = self._transport.profile.read_error(answer)
        if answer.is_success and own_error is None:
            return self._success(answer)
        if answer.is_redirect:
            raise _TryEnded(Outcome.FINAL, self.redirected(answer))
        error = self.service_error(answer)
        if error.code in self._transport.profile.transient_codes:
            raise _TryEnded(Outcome.SERVICE_TRANSIENT, error)
        outcome = outcome_of_status(answer.status)
        if outcome is Outcome.FINAL and answer.cut_off:
            # Without its body, a refusal does not say what it refuses.
            outcome = Outcome.TRUNCATED
        raise _TryEnded(outcome, error)

    def _success(self, answer):
        if answer.stream is not None:
            if not answer.is_html:
                return answer
            answer.stream.close()
        elif self._endpoint.is_text:
            # A part that nobody has asked for is cut off, too.
            answer.cut_off = answer.cut_off or answer.status == 206
            is_taken = answer.flaw is None and not answer.cut_off
            if is_taken and (self._endpoint.takes_html or not answer.is_page):
                return answer
        elif self._endpoint.effect is Effect.CHANGE:
            # The status alone says that it is done, whatever is in the body.
            if not answer.is_html:
                return answer
        elif answer.data is not None:
            return answer
        outcome = Outcome.TRUNCATED if answer.cut_off else Outcome.NOT_THE_SERVICE
        raise _TryEnded(outcome, self.service_error(answer))

    def service_error(self, answer, obstacle=None):
        """The ServiceError that an Answer amounts to.

        :param obstacle: what is wrong, as a sentence, instead of the service's usual advice.
        """
        transport = self._transport
        cookies = secret_values(self._cookies)

        def scrub(text):
            # Not all cookies of a task are kept in the vault: some balancers set a new one with each answer.
            return registry.scrub(transport.vault.scrub(text), cookies)

        code, message, request_id, advice = refused(answer, transport.profile, self._url, scrub)
        spoken = None if code == str(answer.status) else code
        facts = ", ".join(
            fact for fact in (f"HTTP {answer.status}", spoken, request_id and f"request {request_id}") if fact
        )
        sentence = f"{transport.profile.name} did not {self._purpose}: {message.rstrip('.')} ({facts})."
        # What the service's own code tells counts for more.
        if obstacle and advice == transport.profile.advice(answer.status, None):
            advice = scrub(obstacle)
        return ServiceError(
            f"{sentence} {advice}".rstrip(),
            status=answer.status,
            code=code,
            message=message,
            request_id=request_id,
            method=self._endpoint.method,
            path=self._path,
            retry_after=parse_retry_after(answer.headers, transport._clock.wall()),
        )

    def _no_answer(self, failed):
        name = self._transport.profile.name
        where = urlsplit(self._url).netloc
        never_sent = failed.outcome in (Outcome.NOT_CONNECTED, Outcome.RESET_BEFORE_SENDING, Outcome.UNTRUSTED)
        unreachable = failed.outcome is Outcome.NOT_CONNECTED
        advice = " Check the address, the network and the proxy settings." if unreachable else ""
        # A proxy says what it likes.
        reason = self._transport.vault.scrub(failed.reason)
        sentence = f"{name} at {where} did not {self._purpose}: {reason}.{advice}"
        error = NoAnswer(sentence, self._endpoint.method, self._path, stops_all=never_sent)
        error.may_pass = failed.outcome not in (Outcome.UNTRUSTED, Outcome.FINAL)
        return error

    def redirected(self, answer, is_loop=False):
        """The ServiceError for a redirect that is not followed (any more)."""
        target = redirects.target(self._url, answer.headers["Location"])
        where = f"{target.scheme}://{target.hostname}" if target.scheme in ("http", "https") else "another address"
        error = self.service_error(answer)
        # Not the body, which may repeat an address that is a secret.
        error.message = f"it redirects to {where}, which is not followed"
        if is_loop:
            error.message = "it redirects from one address to the next without an end"
        advice = "" if self._endpoint.streams else " Give the service's final address."
        error.sentence = (
            f"{self._transport.profile.name} did not {self._purpose}: {error.message} (HTTP {answer.status}).{advice}"
        )
        return error
