# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scheme of authentication is: a generator that signs one request, and signs it anew as long as that helps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable, Optional

from ..response import Response
from .gate import CredentialGate

if TYPE_CHECKING:
    from requests import PreparedRequest

# Puts credentials into a request.
Sign = Callable[["PreparedRequest"], None]


@dataclass(frozen=True)
class CredentialsRefused:
    """The service does not accept the credentials.

    obstacle: why that has nothing to do with the credentials themselves, as a sentence, or None.
    """

    obstacle: str | None = None


AuthFlow = Generator[Sign, Response, Optional[CredentialsRefused]]


class Auth(ABC):
    """Proves who sends the requests of a task. The threads of the task share an instance.

    gate: protects the credentials until the service has accepted them.
    """

    def __init__(self) -> None:
        self.gate = CredentialGate()

    @abstractmethod
    def auth_flow(self) -> AuthFlow:
        """The authentication of one request.

        The generator yields a function that signs the request, and receives the response. The client applies the
        function again to each redirect that it follows, as signatures may cover the URL; the generator receives the
        response that ends the chain. It may yield another function to have the request sent again. It returns None if
        the response is final, or CredentialsRefused.

        :raises JobsError: no credentials can be obtained.
        """


class NoAuth(Auth):
    """Sends no credentials."""

    def auth_flow(self) -> AuthFlow:
        response = yield _leave_as_it_is
        return refusal_of(response)


def _leave_as_it_is(_request: PreparedRequest) -> None:
    pass


def refusal_of(response: Response) -> CredentialsRefused | None:
    """The result of a flow that cannot do anything about a refusal."""
    return CredentialsRefused() if response.status == 401 else None


def has_checked_credentials(response: Response) -> bool:
    """Whether whoever sent a response has looked at the credentials: proxies and overloaded services have not."""
    return response.status < 500 and response.status != 429
