# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the connection to an account of cielo24."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ..._core.checks.answer import Address
from ..._core.checks.run import Access
from ..._core.context import TaskContext
from ..._core.errors import JobsError
from ..._core.http.client import Client
from ..._core.http.response import Response
from ..._core.http.settings import HttpSettings
from ..._core.params import environment, timestamps
from . import account, jobs_api
from .account import Account


class AccountCheck:
    """The check of the connection to an account.

    :param params: the OPTIONS of account.py.
    :raises InvalidInput: one of the parameters is invalid.
    """

    name = account.NAME

    def __init__(self, params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> None:
        self._account = Account(params, settings, context)
        self._context = context
        self.client: Client = self._account.client
        self.registry = self._account.registry
        self.credentials = environment.origin(params, account.way_to_sign_in(params))

    @property
    def addresses(self) -> list[Address]:
        """The address of the API."""
        path = f"{jobs_api.LIST.path}?v=1"
        return [Address(self.name, self.client.base_url, path, {}, _is_own, "base_url")]

    def look(self) -> Access:
        """Signs in, and lists the jobs that were created after tomorrow: cielo24 has no shorter list."""
        tomorrow = self._context.clock.present()() + timedelta(days=1)
        response = self._account.call(jobs_api.LIST, {"CreationDateFrom": timestamps.iso(tomorrow).rstrip("Z")})
        if not isinstance(response.json_object().get("ActiveJobs"), list):
            raise self.client.unexpected_response(jobs_api.LIST, response)
        return Access(
            [("sign_in", "The service accepts the credentials."), ("list", "The list of captioning jobs can be read.")],
            response,
        )

    def failed_step(self, error: JobsError) -> str:
        """See CheckedService."""
        is_refused = error.status == 401 or error.code in ("LOGIN_INVALID", "BAD_API_TOKEN")
        return "sign_in" if is_refused or error.path == account.LOGIN.path else "list"


def _is_own(response: Response) -> bool:
    return account.read_error(response) is not None
