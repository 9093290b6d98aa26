# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP Digest (RFC 7616) for many requests at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Lock, local
from typing import TYPE_CHECKING

from ..response import Response
from . import digest_protocol
from .cookies import Cookies
from .flow import Auth, AuthFlow, CredentialsRefused, has_checked_credentials

if TYPE_CHECKING:
    from requests import PreparedRequest

# After so many refused nonces, the threads stop sharing one.
_MOST_REFUSED = 16


class DigestAuth(Auth):
    """HTTP Digest with one nonce for all threads, so that N calls cost N + 1 requests.

    :param lacks_rights: whether a response with the status 401 says that the credentials are valid, but not for this.
    """

    def __init__(self, username: str, password: str, lacks_rights: Callable[[Response], bool] | None = None) -> None:
        super().__init__()
        self._credentials = (username, password)
        self._lacks_rights = lacks_rights or (lambda response: False)
        self._lock = Lock()
        self._shared: _Nonce | None = None
        self._own = local()
        self._refused = 0

    def auth_flow(self) -> AuthFlow:
        nonce = self._accepted_nonce()
        while True:
            response = yield partial(self._sign, nonce=nonce)
            if response.status != 401 or nonce is not None and self._lacks_rights(response):
                if nonce is not None and has_checked_credentials(response):
                    self._share(nonce)
                return None
            renewed = self._renewed(nonce, response)
            if renewed is None:
                return CredentialsRefused(_obstacle(nonce, response))
            nonce = renewed

    def _accepted_nonce(self) -> _Nonce | None:
        # Some services accept a nonce only once, or want its uses in order. Then each thread needs a nonce of its own.
        with self._lock:
            return self._shared if self._refused < _MOST_REFUSED else getattr(self._own, "nonce", None)

    def _sign(self, request: PreparedRequest, nonce: _Nonce | None) -> None:
        if nonce is None:
            return
        with self._lock:
            authorization = nonce.session.authorization(str(request.method), request.path_url)
        request.headers["Authorization"] = authorization
        cookie = nonce.cookies.header(str(request.url)) if nonce.cookies else None
        if cookie:
            request.headers["Cookie"] = cookie

    def _share(self, nonce: _Nonce) -> None:
        """Lets other requests use a nonce, now that the service has counted its first use."""
        if nonce.is_fresh:
            nonce.is_fresh = False
            self._own.nonce = self._shared = nonce

    def _renewed(self, refused: _Nonce | None, response: Response) -> _Nonce | None:
        """A nonce of a refusal, or None if another one would be refused as well."""
        challenge = digest_protocol.best(_challenges(response))
        if challenge is None:
            return None
        is_stale = challenge.parameters.get("stale", "").lower() == "true"
        if refused is not None and refused.is_fresh and not is_stale:
            # The key is wrong. A nonce that was accepted before has worn out instead.
            return None
        if refused is not None:
            with self._lock:
                self._refused += 1
        cookies = response.cookies and response.cookies.with_older(refused.cookies if refused else None)
        return _Nonce(digest_protocol.Session(*self._credentials, challenge.parameters), cookies)


class _Nonce:
    """A nonce of the service, fresh until the service has accepted it.

    :param cookies: came with the nonce. Behind a load balancer, they lead to the server that knows it.
    """

    def __init__(self, session: digest_protocol.Session, cookies: Cookies | None) -> None:
        self.session = session
        self.cookies = cookies
        self.is_fresh = True


def _obstacle(nonce: _Nonce | None, response: Response) -> str | None:
    """Why a refusal has nothing to do with the key, as a sentence, or None."""
    offered = _challenges(response)
    if digest_protocol.best(offered) or nonce is not None and not offered:
        return None
    return digest_protocol.obstacle(offered)


def _challenges(response: Response) -> list[digest_protocol.Challenge]:
    return digest_protocol.challenges(response.headers.get("WWW-Authenticate") or "")
