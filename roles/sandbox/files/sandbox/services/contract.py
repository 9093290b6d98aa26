# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from ..http.messages import Request, Response


@dataclass(frozen=True)
class Failure:
    """The error that a fault wants a service to return."""

    status: int
    code: str | None  # the service's own error code; by default the one that fits the status
    message: str | None
    wait: int  # seconds, for rate limits that name them in the body


class Service(Protocol):
    """A simulated service."""

    @property
    def secrets(self) -> list[str]:
        """All secrets that open the service."""

    def label(self, path: str) -> str | None:
        """The name for the request log if the service handles this path, otherwise None."""

    def is_upload(self, request: Request) -> bool:
        """Whether the body, which has not been read yet, is a file that must not be held in memory."""

    def rejects_upload(self, request: Request) -> bool:
        """Whether the request is an upload that gets an error response before its body arrives."""

    def handle(self, request: Request) -> Response:
        """The response to a request that no fault concerns."""

    def failure(self, request: Request, failure: Failure) -> Response:
        """The error response that the service itself would send."""

    def state(self) -> dict[str, Any]:
        """What exists, by the name of the API, in JSON types."""
