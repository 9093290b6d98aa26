# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a connection from the network to a first list, and stops where nothing further can work."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from ..context import Clock, TaskContext
from ..errors import JobsError, ServiceError
from ..http.adapter.connections import Session
from ..http.client import Client
from ..http.limits.rate_limit import NO_INFO
from ..http.response import Response
from ..http.settings import HttpSettings
from ..redaction.registry import SecretRegistry
from .answer import Address, answer_checks
from .check import Check, failed, has_errors, passed
from .network import network_checks


@dataclass(frozen=True)
class Access:
    """What a successful first request shows.

    steps: (name of the check, what it found), in the order in which the service checks them.
    response: the response, which may tell of a rate limit; None if there is none to look at.
    """

    steps: Sequence[tuple[str, str]]
    response: Response | None = None


class CheckedService(Protocol):
    """A service whose connection is checked."""

    @property
    def name(self) -> str:
        """The name of the service in messages."""

    @property
    def credentials(self) -> str:
        """Which credentials are used, and where they come from, as a sentence."""

    @property
    def addresses(self) -> Sequence[Address]:
        """Where the service is, as far as that is known without signing in."""

    @property
    def registry(self) -> SecretRegistry:
        """The secrets of the task."""

    @property
    def client(self) -> Client:
        """The client of the service, after look()."""

    def look(self) -> Access:
        """Signs in, and makes the smallest request that shows what the credentials give access to.

        :raises JobsError: that fails.
        """

    def failed_step(self, error: JobsError) -> str:
        """The name of the step that an error of look() is about."""


def run_checks(service: CheckedService, settings: HttpSettings, context: TaskContext) -> list[Check]:
    """Checks a connection. Nothing is changed."""
    checks = [passed("credentials", service.name, service.credentials)]
    with closing(Session(1, verify=settings.verify, cert=settings.cert)) as session:
        for address in service.addresses:
            with context.cancel_token.interruptible():
                checks += _address_checks(address, session, service.registry, settings, context.clock)
    return checks if has_errors(checks) else [*checks, *_access_checks(service)]


def _address_checks(
    address: Address, session: Session, registry: SecretRegistry, settings: HttpSettings, clock: Clock
) -> list[Check]:
    route = session.route_to(address.url)
    found = network_checks(address.url, route, settings.cert, settings.timeout, clock.wall())
    if has_errors(found):
        return found
    answer = answer_checks(address, session, settings.http_agent, settings.timeout, clock, registry.scrub)
    return [*found, *answer]


def _access_checks(service: CheckedService) -> list[Check]:
    try:
        access = service.look()
    except JobsError as error:
        return [_refusal(service, error)]
    found = [passed(name, service.name, detail) for name, detail in access.steps]
    return [*found, *_rate_limit_checks(service, access.response)]


def _refusal(service: CheckedService, error: JobsError) -> Check:
    """The check that an error belongs to. The remedy, which is the end of its sentence, becomes the hint."""
    hint = error.hint if isinstance(error, ServiceError) and error.sentence.endswith(error.hint) else ""
    detail = error.sentence[: len(error.sentence) - len(hint)].rstrip()
    return failed(service.failed_step(error), service.name, detail, hint)


def _rate_limit_checks(service: CheckedService, response: Response | None) -> list[Check]:
    profile = service.client.profile
    info = (profile.read_rate_limit(response) if response is not None else None) or NO_INFO
    limit = info.rate_limit or profile.rate_limit
    if limit is None:
        return []
    source = "announces" if info.rate_limit else "documents"
    burst = f", and up to {limit.capacity:g} at once" if limit.capacity else ""
    left = "" if info.remaining is None else f" {info.remaining:g} are left."
    return [
        passed(
            "rate_limit",
            service.name,
            f"The service {source} a limit of {limit.requests:g} requests in {limit.seconds:g} seconds{burst}.{left}",
        )
    ]
