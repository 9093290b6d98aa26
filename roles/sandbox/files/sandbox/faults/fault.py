# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from email.utils import formatdate
from enum import Enum
from typing import Any, TypedDict

from ..http.messages import Request, Response, html_response, text_response
from ..services.contract import Failure, Service

DEFAULT_REFUSE_SECONDS = 0.3
DEFAULT_STALL_SECONDS = 30.0
DEFAULT_REDIRECT_STATUS = 302
DEFAULT_ERROR_STATUS = 500


class FaultKind(str, Enum):
    """What goes wrong. Most kinds happen either before the service has handled the request or after that."""

    REFUSE = "refuse"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    STALL_BEFORE = "stall_before"
    STALL_AFTER = "stall_after"
    TRUNCATE = "truncate"
    CUT = "cut"
    CUT_UPLOAD = "cut_upload"
    STATUS = "status"
    STATUS_AFTER = "status_after"
    HTML_200 = "html_200"
    REDIRECT = "redirect"


class RetryAfterDate(TypedDict):
    date_in: float  # seconds from now


class MatchPattern(TypedDict, total=False):
    """Regular expressions for the requests that a fault happens to."""

    method: str  # for the whole method
    path: str  # for any part of the path


@dataclass(frozen=True)
class FaultOptions:
    """The options of all kinds of faults; those that were not given, or that the kind does not have, are None."""

    seconds: float | None = None
    after: int | None = None  # bytes
    status: int | None = None
    retry_after: int | float | str | RetryAfterDate | None = None
    body: str | None = None
    code: str | None = None
    message: str | None = None
    location: str | None = None


@dataclass
class Fault:
    """Something that goes wrong at certain positions of the request log, or for requests that match a pattern."""

    kind: FaultKind
    options: FaultOptions
    positions: list[int] | None = None
    always: bool = False
    match: MatchPattern | None = None
    times: int | None = 1  # how often the pattern may still match; None means no limit

    @property
    def seconds(self) -> float:
        """How long the listener refuses connections, or the response stalls."""
        if self.options.seconds is not None:
            return self.options.seconds
        return DEFAULT_REFUSE_SECONDS if self.kind is FaultKind.REFUSE else DEFAULT_STALL_SECONDS

    @property
    def is_used_up(self) -> bool:
        if self.positions is not None:
            return not self.positions
        return self.times == 0

    def take_position(self, n: int) -> bool:
        """Whether the fault happens at position n, which it then does not do again."""
        if self.always:
            return True
        if self.positions is None or n not in self.positions:
            return False
        self.positions.remove(n)
        return True

    def take_match(self, request: Request) -> bool:
        """Whether the fault happens to this request, which is then counted."""
        if self.match is None:
            return False
        method, path = self.match.get("method", ".*"), self.match.get("path", "")
        if not re.fullmatch(method, request.method) or not re.search(path, request.path):
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def as_dict(self) -> dict[str, Any]:
        if self.always:
            trigger: dict[str, Any] = {"at": "all"}
        elif self.positions is not None:
            trigger = {"at": self.positions}
        else:
            trigger = {"match": self.match, "times": self.times}
        given = {name: value for name, value in vars(self.options).items() if value is not None}
        return {**trigger, "kind": self.kind.value, **given}

    def response(self, request: Request, service: Service) -> Response:
        """The response of a fault that replaces the service's own."""
        options = self.options
        if self.kind is FaultKind.HTML_200:
            return html_response(200, "Sign in to the network")
        if self.kind is FaultKind.REDIRECT:
            return Response(options.status or DEFAULT_REDIRECT_STATUS, headers={"Location": options.location or ""})
        response = self._error(request, service, options.status or DEFAULT_ERROR_STATUS)
        retry_after = self._retry_after_header()
        if retry_after is not None:
            response.headers["Retry-After"] = retry_after
        return response

    def _error(self, request: Request, service: Service, status: int) -> Response:
        options = self.options
        gateway_message = options.message or f"{status} from a gateway"
        if options.body == "empty":
            return Response(status)
        if options.body == "html":
            return html_response(status, gateway_message)
        if options.body == "text":
            return text_response(status, gateway_message)
        # The body of an error can only repeat a number.
        wait = options.retry_after if isinstance(options.retry_after, int) else 1
        return service.failure(request, Failure(status, options.code, options.message, wait))

    def _retry_after_header(self) -> str | None:
        value = self.options.retry_after
        if isinstance(value, dict):
            return formatdate(time.time() + value["date_in"], usegmt=True)
        return None if value is None else str(value)


class ArmedFaults:
    """The faults that are yet to happen. If several apply to a request, the first one happens."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    def arm(self, faults: list[Fault]) -> None:
        self._armed += faults

    def clear(self) -> None:
        self._armed = []

    def as_list(self) -> list[dict[str, Any]]:
        return [fault.as_dict() for fault in self._armed]

    def take(self, n: int, request: Request) -> Fault | None:
        """The fault of the request at position n."""
        if not self._armed:
            return None
        taken = next((fault for fault in self._armed if fault.take_position(n) or fault.take_match(request)), None)
        self._drop_used_up()
        return taken

    def take_refusal(self, n: int) -> Fault | None:
        """The fault that closes the listener before the request at position n."""
        refusals = [fault for fault in self._armed if fault.kind is FaultKind.REFUSE]
        taken = next((fault for fault in refusals if fault.take_position(n)), None)
        self._drop_used_up()
        return taken

    def _drop_used_up(self) -> None:
        self._armed = [fault for fault in self._armed if not fault.is_used_up]
