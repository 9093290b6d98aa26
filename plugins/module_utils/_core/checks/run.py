# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a connection from the network to a first list, and stops where nothing further can work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..context import TaskContext
from ..errors import JobsError, ServiceError
from ..http.adapter.connections import Session
from ..http.client import Client
from ..http.rate_limit import RateLimitInfo
from ..http.response import Response
from ..http.settings import HttpSettings
from .answer import Address, answer_checks
from .check import Check, failed, has_errors, passed
from .network import network_checks

_LIST = "list"


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
    def client(self) -> Client:
        """The client of the service.

        :raises JobsError: its address cannot be found out.
        """

    def look(self) -> Access:
        """Signs in, and makes the smallest request that shows what the credentials give access to.

        :raises JobsError: that fails.
        """

    def failed_step(self, error: JobsError) -> str:
        """The name of the step that an error of look() is about."""


def run_checks(service: CheckedService, settings: HttpSettings, context: TaskContext) -> list[Check]:
    """Checks a connection. Nothing is changed."""
    checks = [passed("credentials", service.name, service.credentials)]
    session = Session(1, verify=settings.verify, cert=settings.cert)
    for address in service.addresses:
        found = network_checks(address.url, session.route_to(address.url), settings.cert, settings.timeout)
        if not has_errors(found):
            scrub = service.client.registry.scrub
            found += answer_checks(address, session, settings.http_agent, settings.timeout, context.clock, scrub)
        checks += found
    session.close()
    return checks if has_errors(checks) else [*checks, *_access_checks(service)]


def _access_checks(service: CheckedService) -> list[Check]:
    try:
        access = service.look()
    except JobsError as error:
        return [_refusal(service, error)]
    found = [passed(name, service.name, detail) for name, detail in access.steps]
    return [*found, *_rate_limit_checks(service, access.response)]


def _refusal(service: CheckedService, error: JobsError) -> Check:
    """The check that an error belongs to. The remedy, which is the end of its sentence, becomes the hint."""
    hint = ""
    if isinstance(error, ServiceError):
        hint = service.client.profile.hint(error.status or 0, error.code)
    detail = error.sentence[: -len(hint)].rstrip() if hint and error.sentence.endswith(hint) else error.sentence
    return failed(service.failed_step(error), service.name, detail, hint)


def _rate_limit_checks(service: CheckedService, response: Response | None) -> list[Check]:
    profile = service.client.profile
    info = (profile.read_rate_limit(response) if response is not None else None) or RateLimitInfo()
    limit = info.rate_limit or profile.rate_limit
    if limit is None:
        return []
    source = "announces" if info.rate_limit else "documents"
    left = "" if info.remaining is None else f" {info.remaining:g} are left."
    return [
        passed(
            "rate_limit",
            service.name,
            f"The service {source} a limit of {limit.requests:g} requests in {limit.seconds:g} seconds.{left}",
        )
    ]
