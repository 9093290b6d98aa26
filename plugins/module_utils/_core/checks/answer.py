# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of what answers at an address, and of its clock: one request without credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from ..context import NOTICEABLE_DIFFERENCE, Clock
from ..http.adapter.attempt_failed import AttemptFailed
from ..http.adapter.connections import Session
from ..http.adapter.exchange import ExchangeOptions, exchange, prepare
from ..http.response import Response
from ..http.retry import http_date
from .check import Check, failed, has_errors, passed, warned


def no_version(_response: Response) -> str | None:
    """The version of a service that does not tell it."""
    return None


@dataclass(frozen=True)
class Address:
    """Where a service is, and how it can be recognized.

    name: the name of the service in messages.
    url: scheme, host and port.
    path: the path of a request that the service refuses without credentials.
    headers: are sent with the request.
    recognizes: whether a response is the service's own.
    option: the option that holds the address.
    version: returns the version that a response tells, or None.
    """

    name: str
    url: str
    path: str
    headers: Mapping[str, str]
    recognizes: Callable[[Response], bool]
    option: str
    version: Callable[[Response], str | None] = no_version


def answer_checks(
    address: Address, session: Session, http_agent: str, timeout: float, clock: Clock, scrub: Callable[[str], str]
) -> list[Check]:
    """Sends one request without credentials, and looks at the response and, if it is the service's own, at its date.

    :param timeout: seconds.
    :param scrub: removes secrets from a text.
    """
    target = urlsplit(address.url).netloc
    headers = {"Accept": "application/json", "User-Agent": http_agent, **address.headers}
    try:
        request = prepare("GET", address.url + address.path, headers)
        received, body = exchange(session, request, ExchangeOptions(timeout))
    except AttemptFailed as error:
        return [failed("http", target, f"No HTTP response: {scrub(error.reason)}.", "Check the address and the proxy.")]
    # Only a body that is to be streamed would be a BodyStream.
    response = Response(received.status_code, received.headers, cast(Any, body))
    found = [_service_check(address, target, response, scrub)]
    return found if has_errors(found) else [*found, *_clock_checks(target, response, clock)]


def _service_check(address: Address, target: str, response: Response, scrub: Callable[[str], str]) -> Check:
    if not address.recognizes(response):
        said = f"HTTP {response.status}: {response.describe(scrub).rstrip('.')}"
        if response.status >= 500 or response.status == 429:
            return failed(
                "http",
                target,
                f"The response does not tell whether it is from {address.name} ({said}).",
                "The service, or a proxy in front of it, may be overloaded or under maintenance. Try again later.",
            )
        return failed(
            "http",
            target,
            f"The response does not look like one from {address.name} ({said}).",
            f"Check {address.option}, and whether a proxy or a portal answers in its place.",
        )
    version = address.version(response)
    return passed("http", target, f"{address.name} answers" + (f", version {version}." if version else "."))


def _clock_checks(target: str, response: Response, clock: Clock) -> list[Check]:
    moment = http_date(response.headers.get("Date") or "")
    if moment is None:
        return []
    difference = round(clock.wall() - moment)
    if abs(difference) <= NOTICEABLE_DIFFERENCE:
        return [passed("clock", target, "This machine and the service agree on the time.")]
    direction = "ahead of" if difference > 0 else "behind"
    return [
        warned(
            "clock",
            target,
            f"This machine's clock is {abs(difference)} seconds {direction} that of the service.",
            "Synchronize the clock of this machine, for example with NTP.",
        )
    ]
