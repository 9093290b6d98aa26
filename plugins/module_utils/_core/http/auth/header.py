# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials in fixed headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .flow import Auth, AuthFlow, refusal_of

if TYPE_CHECKING:
    from requests import PreparedRequest


class HeaderAuth(Auth):
    """Credentials in fixed headers.

    :param headers: names and values.
    """

    def __init__(self, headers: Mapping[str, str | bytes]) -> None:
        super().__init__()
        self._headers = dict(headers)

    def auth_flow(self) -> AuthFlow:
        response = yield self._sign
        return refusal_of(response)

    def _sign(self, request: PreparedRequest) -> None:
        request.headers.update(self._headers)  # type: ignore[arg-type]  # the library takes bytes as well
