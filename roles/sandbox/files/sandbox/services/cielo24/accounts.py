# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ...http.messages import Request, Response, json_response
from .directory import Directory
from .parameters import CieloError, Parameters

MAX_NOTES_LENGTH = 6000


class Accounts:
    """Login and logout, passwords and settings."""

    def __init__(self, directory: Directory):
        self._directory = directory
        self._variants = directory.variants

    def login(self, request: Request, parameters: Parameters) -> Response:
        username = parameters.get("username") or request.headers.get("x-auth-user")
        password = parameters.get("password") or request.headers.get("x-auth-password")
        key = parameters.get("securekey") or request.headers.get("x-auth-securekey")
        if not username or not (password or key):
            raise CieloError("MISSING_PARAMETER", "A username and a password or securekey are needed")
        account = self._directory.accounts.get(username)
        if account and not password and key in account.removed_keys:
            raise CieloError("ACCOUNT_UNPRIVILEGED", "This key has been removed")
        if account is None or (password != account.password if password else key not in account.api_keys):
            raise CieloError("LOGIN_INVALID", "Wrong username or password")
        return json_response(200, {self._variants.login_key: self._directory.sign_in(account)})

    def logout(self, request: Request, parameters: Parameters) -> Response:
        self._directory.sign_out(parameters)
        return Response(204)

    def verify_key(self, request: Request, parameters: Parameters) -> Response:
        return json_response(200, {"name": self._directory.caller(parameters).username})

    def update_password(self, request: Request, parameters: Parameters) -> Response:
        account = self._directory.member(self._directory.caller(parameters), parameters.get("username"))
        password = parameters.text("new_password")
        changed = password != account.password
        account.password = password
        self._directory.secrets.append(password)
        return Response(204, acted=changed)

    def get_settings(self, request: Request, parameters: Parameters) -> Response:
        return json_response(200, vars(self._directory.caller(parameters).settings))

    def update_setting(self, request: Request, parameters: Parameters) -> Response:
        account = self._directory.member(self._directory.caller(parameters), parameters.get("account_id"))
        name, settings = parameters.text("setting"), account.settings
        if name not in vars(settings):
            raise CieloError("INVALID_OPTION", f"There is no setting {name}")
        value: bool | str
        if isinstance(getattr(settings, name), bool):
            parameters.text("value")
            value = parameters.flag("value", False)
        else:
            # An empty value removes the notes.
            value = parameters.get("value") or ""
            if len(value) > MAX_NOTES_LENGTH:
                raise CieloError("INVALID_QUERY", f"{name} is longer than {MAX_NOTES_LENGTH} characters")
        changed = getattr(settings, name) != value
        setattr(settings, name, value)
        return Response(204, acted=changed)
