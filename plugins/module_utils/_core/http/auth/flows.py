# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to prove who we are. Each instance belongs to one task and is shared by its threads.

Private to this collection.
"""

from __future__ import annotations

from threading import Lock, local
from typing import Any

from ...errors import JobsError
from . import digest_protocol
from .cookies import Cookies

# So many refused nonces, and they are not shared among threads any more.
_MOST_REFUSED = 16


class Auth:
    """Sends nothing; the base of the others.

    Until the service has accepted the credentials once, the client lets only one request through at a time, and if
    they are refused, no further one: a wrong key must not be tried a thousand times.
    """

    def __init__(self):
        self.first = Lock()
        self.accepted = False
        self.refusal = None

    def sign(self, request, credential):
        """Puts credentials into a requests.PreparedRequest.

        :param credential: what renew() returned for this very request, or None.
        :returns: a ticket that says which credentials were used.
        """
        return credential

    def accept(self, credential):
        """Notes that the credentials of a ticket were accepted."""
        self.accepted = True

    def is_refusal(self, response):
        """Whether a Response says that the credentials are not valid (any more)."""
        return response.status == 401

    def renew(self, response, credential):
        """After a refusal: a new ticket if the same request may be sent once more with fresh credentials, else None."""
        return None

    def obstacle(self, response: Any, credential: Any) -> str | None:
        """Why a refusal is not about the credentials, as a sentence, or None.

        :param response: the Response that renew() had no new credential for.
        :param credential: the one that it had been asked with.
        """
        return None


class HeaderAuth(Auth):
    """Credentials that travel in headers.

    :param headers: names and values.
    """

    def __init__(self, headers):
        super().__init__()
        self._headers = dict(headers)

    def sign(self, request, credential):
        request.headers.update(self._headers)
        return credential


class TokenAuth(Auth):
    """A token, fetched when needed and again when the service says that it expired; a base class.

    :param token: a token, or None if one must be fetched first.
    :param fetch: a function that returns a new token, or None if the only token is the given one.
    :param is_refusal: a function of a Response: does it say that the token is not valid?
    :param is_outlived: a function that tells whether the token is known to have expired.
    """

    def __init__(self, token, fetch, is_refusal, is_expired=lambda: False):
        super().__init__()
        self._token = token
        self._fetch = fetch
        # Why there is no new token to be had: what was refused once is not tried by each thread.
        self._failure = None
        self._is_refusal = is_refusal
        self._is_expired = is_expired
        self._lock = Lock()

    def attach(self, request, token):
        """Puts the token into a requests.PreparedRequest."""
        raise NotImplementedError

    def sign(self, request, credential):
        if credential is None:
            with self._lock:
                if self._token is None or self._is_expired():
                    self._token = self._fetched()
                credential = _Token(self._token, renewed=False)
        self.attach(request, credential.value)
        return credential

    def is_refusal(self, response):
        return self._is_refusal(response)

    def renew(self, response, credential):
        if self._fetch is None or credential.renewed:
            return None
        with self._lock:
            if self._token == credential.value:
                self._token = self._fetched()
            return _Token(self._token, renewed=True)

    def _fetched(self):
        if self._failure is not None:
            raise self._failure
        try:
            return self._fetch()
        except JobsError as error:
            if not error.is_transient:
                self._failure = error
            raise


class QueryTokenAuth(TokenAuth):
    """A token in the query string.

    :param name: the query parameter; for the others see TokenAuth.
    """

    def __init__(self, name, token, fetch, is_refusal):
        super().__init__(token, fetch, is_refusal)
        self._name = name

    def attach(self, request, token):
        request.prepare_url(request.url, {self._name: token})


class BearerAuth(TokenAuth):
    """A token in the header Authorization (RFC 6750)."""

    def attach(self, request, token):
        request.headers["Authorization"] = f"Bearer {token}"


class _Token:
    """A token, and whether it was fetched because the same request was refused with another."""

    def __init__(self, value, renewed):
        self.value = value
        self.renewed = renewed


class DigestAuth(Auth):
    """HTTP Digest (RFC 7616) with one nonce for all threads, so that N calls cost N + 1 requests."""

    def __init__(self, username: str, password: str) -> None:
        super().__init__()
        self._credentials = (username, password)
        self._lock = Lock()
        self._shared = None
        self._own = local()
        self._refused = 0

    @property
    def _is_shared(self):
        # Some services take a nonce once, or want its uses to arrive in order: then each thread needs its own.
        return self._refused < _MOST_REFUSED

    def sign(self, request, credential):
        with self._lock:
            nonce = credential or (self._shared if self._is_shared else getattr(self._own, "nonce", None))
            if nonce is None:
                return None
            request.headers["Authorization"] = nonce.authorization(request.method, request.path_url)
        cookie = nonce.cookies.header(request.url) if nonce.cookies else None
        if cookie:
            request.headers["Cookie"] = cookie
        return nonce

    def accept(self, credential):
        super().accept(credential)
        if credential is not None and credential.is_fresh:
            # Only now may others use it: the service counts from its first use.
            credential.is_fresh = False
            self._own.nonce = self._shared = credential

    def renew(self, response, credential):
        challenge = digest_protocol.best(_challenges(response))
        if challenge is None:
            return None
        is_stale = challenge.parameters.get("stale", "").lower() == "true"
        # Refused with a fresh nonce: the key is wrong. Refused with one that was good before: it has worn out.
        if credential is None or is_stale or not credential.is_fresh:
            with self._lock:
                self._refused += credential is not None
            nonce = _Nonce(*self._credentials, challenge.parameters)
            nonce.cookies = response.cookies and response.cookies.with_older(credential and credential.cookies)
            return nonce
        return None

    def obstacle(self, response: Any, credential: Any) -> str | None:
        offered = _challenges(response)
        if digest_protocol.best(offered) or credential is not None and not offered:
            return None
        return digest_protocol.obstacle(offered)


def _challenges(response: Any) -> list[digest_protocol.Challenge]:
    return digest_protocol.challenges(response.headers.get("WWW-Authenticate") or "")


class _Nonce(digest_protocol.Session):
    """One nonce of the service, fresh until the service has accepted it.

    Behind a balancer, the cookies that came with it lead to the server that knows it.
    """

    is_fresh = True
    cookies: Cookies | None = None
