# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..http.messages import Request, Response, text_response
from .contract import Failure


class NoService:
    """Responds at paths that belong to no service."""

    secrets: list[str] = []

    def label(self, path: str) -> None:
        return None

    def is_upload(self, request: Request) -> bool:
        return False

    def rejects_upload(self, request: Request) -> bool:
        return False

    def handle(self, request: Request) -> Response:
        return text_response(404, "The sandbox has no service at this path.\n")

    def failure(self, request: Request, failure: Failure) -> Response:
        return text_response(failure.status, failure.message or f"{failure.status} from a gateway")

    def state(self) -> dict[str, Any]:
        return {}
