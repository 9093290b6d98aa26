# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ...http.messages import Request, Response, json_response
from .directory import Directory
from .parameters import CieloError, Parameters


class ApiKeys:
    """Keys that sign in like a password, and do not expire."""

    def __init__(self, directory: Directory):
        self._directory = directory

    def generate(self, request: Request, parameters: Parameters) -> Response:
        account = self._directory.member(self._directory.caller(parameters), parameters.get("account_id"))
        # The public clients send True and False.
        is_new = parameters.flag("force_new", False, any_case=True) or not account.api_keys
        if is_new:
            key = self._directory.new_id("key", account.username)
            account.api_keys.append(key)
            self._directory.secrets.append(key)
        else:
            key = account.api_keys[0]
        return json_response(200, {"ApiKey": key}, acted=is_new)

    def remove(self, request: Request, parameters: Parameters) -> Response:
        caller, key = self._directory.caller(parameters), parameters.text("api_securekey")
        for account in self._directory.family(caller):
            if key in account.api_keys:
                account.api_keys.remove(key)
                account.removed_keys.add(key)
                return Response(204, acted=True)
        kind = self._directory.variants.unknown_key_error
        if kind == "success":
            return Response(204)
        raise CieloError(kind, "There is no such key")
