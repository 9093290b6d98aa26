# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the authentication of one request without a client."""

from __future__ import annotations

from ansible_collections.saasops.jobs.plugins.module_utils._core.http.auth.flow import Auth, CredentialsRefused
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.response import Response
from requests import PreparedRequest, Request


class Authentication:
    """The authentication of one request, step by step.

    request: the request with the credentials of the last step.
    is_over: whether no further request is to be sent.
    result: the result of the flow, once it is over.
    """

    def __init__(self, auth: Auth, url: str = "http://127.0.0.1/", request: PreparedRequest | None = None) -> None:
        self._flow = auth.auth_flow()
        self._given = request or Request("GET", url).prepare()
        self.is_over = False
        self.result: CredentialsRefused | None = None
        self._sign = next(self._flow)
        self.request = self.signed()

    def signed(self, url: str | None = None) -> PreparedRequest:
        """A copy of the request with the credentials of the last step, perhaps redirected to another URL."""
        request = self._given.copy()
        if url is not None:
            request.prepare_url(url, None)
        self._sign(request)
        return request

    def receive(self, response: Response) -> Authentication:
        """Continues with the response to the last request."""
        try:
            self._sign = self._flow.send(response)
        except StopIteration as ended:
            self.is_over, self.result = True, ended.value
        else:
            self.request = self.signed()
        return self

    @property
    def is_refused(self) -> bool:
        return isinstance(self.result, CredentialsRefused)
