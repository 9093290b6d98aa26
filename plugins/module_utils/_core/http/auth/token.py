# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens: fetched when they are needed, and again when they have expired."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Callable

from ...errors import JobsError
from ..response import Response
from .flow import Auth, AuthFlow, CredentialsRefused

if TYPE_CHECKING:
    from requests import PreparedRequest


ONLY_TOKEN = "Only the given token is available."


def _never() -> bool:
    return False


class TokenAuth(Auth):
    """A token that all threads share. Each request renews it once at most.

    :param token: a token, or None to fetch one when it is needed.
    :param fetch: returns a new token; None if the given token is the only one.
    :param is_refusal: whether a Response says that the token is not valid.
    :param is_expired: whether the token is known to have expired.
    """

    def __init__(
        self,
        token: str | None,
        fetch: Callable[[], str] | None,
        is_refusal: Callable[[Response], bool],
        is_expired: Callable[[], bool] = _never,
    ) -> None:
        super().__init__()
        self._token = token
        self._fetch = fetch
        self._is_refusal = is_refusal
        self._is_expired = is_expired
        self._lock = Lock()

    @abstractmethod
    def attach(self, request: PreparedRequest, token: str) -> None:
        """Puts the token into a request."""

    def auth_flow(self) -> AuthFlow:
        token = self._current()
        response = yield partial(self.attach, token=token)
        if self._is_refusal(response) and self._fetch is not None:
            token = self._renewed(token)
            response = yield partial(self.attach, token=token)
        return CredentialsRefused() if self._is_refusal(response) else None

    def _current(self) -> str:
        with self._lock:
            if self._token is None or self._is_expired():
                self._token = self._fetched()
            return self._token

    def _renewed(self, refused: str) -> str:
        with self._lock:
            # Another thread may have renewed it in the meantime.
            if self._token is None or self._token == refused:
                self._token = self._fetched()
            return self._token

    def _fetched(self) -> str:
        """A new token. What was refused once is not tried again by each thread.

        :raises JobsError: none can be obtained.
        """
        self.gate.check()
        if self._fetch is None:
            raise JobsError(ONLY_TOKEN)
        try:
            return self._fetch()
        except JobsError as error:
            if not error.is_transient:
                self.gate.close(error)
            raise


class QueryTokenAuth(TokenAuth):
    """A token in the query string.

    :param name: the query parameter; for the others see TokenAuth.
    """

    def __init__(
        self, name: str, token: str | None, fetch: Callable[[], str] | None, is_refusal: Callable[[Response], bool]
    ) -> None:
        super().__init__(token, fetch, is_refusal)
        self._name = name

    def attach(self, request: PreparedRequest, token: str) -> None:
        request.prepare_url(request.url, {self._name: token})


class BearerAuth(TokenAuth):
    """A token in the header Authorization (RFC 6750)."""

    def attach(self, request: PreparedRequest, token: str) -> None:
        request.headers["Authorization"] = f"Bearer {token}"
