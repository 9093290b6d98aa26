# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of a connection to a MongoDB management API, by the list of what the modules manage."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..._core.checks.answer import Address
from ..._core.checks.run import Access
from ..._core.errors import JobsError
from ..._core.http.client import Client
from ..._core.http.endpoint import Endpoint
from ..._core.http.response import Response
from . import conventions
from .service_account import TOKEN

_VERSION = re.compile(r"versionString=([\w.+-]{1,40})")
_ONE_ITEM = {"pageNum": 1, "itemsPerPage": 1}
# What each success shows, see ListCheck.
SIGNED_IN = ("sign_in", "The service accepts the credentials.")
_NO_ACCESS_TO_PROJECT = (*conventions.LACKS_RIGHTS, *conventions.PROJECT_CODES)


class ListCheck:
    """The check of a connection by the list of what the modules manage.

    :param client: the client of the service.
    :param endpoint: lists the items.
    :param path_params: the path parameters of the endpoint.
    :param credentials: which credentials are used, as a sentence.
    :param steps: what a success shows besides the list: (name of the check, what it found).
    :param plural: the items.
    """

    def __init__(
        self,
        client: Client,
        endpoint: Endpoint,
        path_params: Mapping[str, str],
        credentials: str,
        steps: Sequence[tuple[str, str]],
        plural: str,
    ) -> None:
        self.client = client
        self.registry = client.registry
        self.name = client.profile.name
        self.credentials = credentials
        self._endpoint = endpoint
        self._path_params = path_params
        self._steps = steps
        self._plural = plural

    @property
    def addresses(self) -> list[Address]:
        """The address of the API."""
        path, headers = self._endpoint.path_for(self._path_params), self.client.profile.headers
        return [Address(self.name, self.client.base_url, path, headers, _is_own, "base_url", _version)]

    def look(self) -> Access:
        """Reads the shortest page of the list."""
        return self.look_at(self._endpoint)

    def look_at(self, endpoint: Endpoint) -> Access:
        """Reads the shortest page of a list.

        :param endpoint: lists the items.
        """
        response = self.client.call(endpoint, self._path_params, query=_ONE_ITEM)
        body = response.json_object()
        if not isinstance(body.get("results"), list):
            raise self.client.unexpected_response(endpoint, response)
        count = body.get("totalCount")
        number = count if isinstance(count, int) else "some" if body["results"] else "no"
        return Access([*self._steps, ("list", f"The list can be read: {number} {self._plural}.")], response)

    def failed_step(self, error: JobsError) -> str:
        """See CheckedService."""
        if error.path == TOKEN.path or conventions.is_about_address(error.code):
            return "sign_in"
        # Before the status, which can be 401 here as well.
        if error.code in _NO_ACCESS_TO_PROJECT:
            return "project" if "project" in dict(self._steps) else "list"
        if error.status == 401:
            return "sign_in"
        return "cluster" if conventions.is_about_container(error.code) else "list"


def project_steps(project_id: str) -> list[tuple[str, str]]:
    """What a successful first request to a project shows, see ListCheck."""
    return [SIGNED_IN, ("project", f"The credentials give access to project {project_id}.")]


def _is_own(response: Response) -> bool:
    """Whether a response to a request without credentials is that of a MongoDB management API."""
    challenge = (response.headers.get("WWW-Authenticate") or "").lower()
    return conventions.read_error(response) is not None or "digest" in challenge


def _version(response: Response) -> str | None:
    found = _VERSION.search(response.headers.get("X-MongoDB-Service-Version") or "")
    return found[1] if found else None
