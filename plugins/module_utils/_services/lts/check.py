# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the connection to the LTS of a project, and to the IAM that issues its tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.checks.answer import Address
from ..._core.checks.run import Access
from ..._core.context import TaskContext
from ..._core.errors import JobsError
from ..._core.http.client import Client
from ..._core.http.response import Response
from ..._core.http.settings import HttpSettings
from ..._core.params import environment
from . import api, errors
from .auth import iam
from .auth.options import way_to_sign_in
from .connection import HEADERS, NAME

# Without credentials, LTS and IAM refuse a request before they look at the project.
_ANY_PROJECT = "0" * 32
_WRONG_PROJECT = ("LTS.0001", "LTS.0011", "LTS.0403")


class ProjectCheck:
    """The check of the connection to the LTS of a project.

    :param params: the OPTIONS of auth/options.py.
    :raises JobsError: one of the parameters, or the clouds.yaml, is invalid.
    """

    name = NAME

    def __init__(self, params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> None:
        self._lts = api.Lts(params, settings, context)
        self.registry = self._lts.connection.registry
        self.credentials = environment.origin(params, way_to_sign_in(params))

    @property
    def client(self) -> Client:
        """See CheckedService."""
        return self._lts.connection.client

    @property
    def addresses(self) -> list[Address]:
        """The addresses of IAM and LTS, as far as the task names them."""
        connection = self._lts.connection
        found = []
        if connection.iam_url:
            found.append(Address(iam.NAME, connection.iam_url, iam.PROJECTS.path, {}, _is_own, "auth_url"))
        if connection.endpoint:
            path = api.LIST_GROUPS.path_for({"project_id": _ANY_PROJECT})
            found.append(Address(self.name, connection.endpoint, path, HEADERS, _is_own, "endpoint"))
        return found

    def look(self) -> Access:
        """Signs in, and lists the log groups."""
        groups = self._lts.groups()
        return Access(
            [
                ("sign_in", "The service accepts the credentials."),
                ("project", f"The credentials give access to project {self._lts.project_id}."),
                ("list", f"The list can be read: {len(groups)} log groups."),
            ]
        )

    def failed_step(self, error: JobsError) -> str:
        """See CheckedService."""
        if error.path == iam.TOKEN.path:
            return "sign_in"
        if error.path == iam.PROJECTS.path or error.code in _WRONG_PROJECT:
            return "project"
        return "sign_in" if error.status == 401 else "list"


def _is_own(response: Response) -> bool:
    return errors.read_error(response) is not None
