# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

from ...http.messages import Request, Response, json_response
from ...variants.lts import LtsVariants
from ..contract import Failure
from .iam_body import IamError
from .iam_documents import catalog, project_document, token_document
from .iam_model import Project, Token
from .iam_sign_in import SignIn
from .identity import Identity
from .signature import SignatureRefused, is_signed

PATH = re.compile(r"/v3(/.*)?")
FAILURES = {400: "IAM.0011", 401: "IAM.0001", 403: "IAM.0002", 429: "IAM.0012"}


class Iam:
    """The identity service that issues tokens for LTS."""

    def __init__(self, identity: Identity, variants: LtsVariants):
        self._identity = identity
        self._variants = variants
        self._sign_in = SignIn(identity, variants)
        self._operations: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "/v3"): self._show_version,
            ("GET", "/v3/"): self._show_version,
            ("GET", "/v3/projects"): self._list_projects,
            ("POST", "/v3/auth/tokens"): self._issue_token,
            ("GET", "/v3/auth/tokens"): self._validate_token,
            ("DELETE", "/v3/auth/tokens"): self._revoke_token,
        }

    @property
    def secrets(self) -> list[str]:
        return self._identity.secrets

    def label(self, path: str) -> str | None:
        return "iam" if PATH.fullmatch(path) else None

    def is_upload(self, request: Request) -> bool:
        return False

    def rejects_upload(self, request: Request) -> bool:
        return False

    def state(self) -> dict[str, Any]:
        """Nothing, because signing in does not count as a change."""
        return {}

    def handle(self, request: Request) -> Response:
        try:
            operation = self._operations.get((request.method, request.path))
            if operation is None:
                raise IamError("IAM.0004", "resource", request.path)
            return operation(request)
        except IamError as error:
            return error.response(self._variants.iam_error_form)
        except SignatureRefused as error:
            # The gateway checks signatures, and its errors have their own format.
            body = {"error_code": "APIGW.0301", "error_msg": str(error), "request_id": uuid.uuid4().hex}
            return json_response(401, body)

    def failure(self, request: Request, failure: Failure) -> Response:
        error_format = "iam" if failure.code else self._variants.iam_error_form
        code = failure.code or FAILURES.get(failure.status, "IAM.0006")
        return IamError(code, status=failure.status, message=failure.message).response(error_format)

    def _show_version(self, request: Request) -> Response:
        links = [{"rel": "self", "href": f"{request.origin}/v3/"}]
        return json_response(200, {"version": {"id": "v3.6", "status": "stable", "links": links, "media-types": []}})

    def _list_projects(self, request: Request) -> Response:
        name = request.query.get("name")
        projects = [
            project_document(project) for project in self._visible_projects(request) if name in (None, project.name)
        ]
        links = {"self": f"{request.origin}{request.target}", "previous": None, "next": None}
        return json_response(200, {"links": links, "projects": projects})

    def _visible_projects(self, request: Request) -> list[Project]:
        if is_signed(request.headers):
            return self._identity.signer(request).projects
        content = self._sign_in.caller(request).content
        if content.agency:
            return content.agency.projects
        return content.user.projects if content.user else []

    def _subject(self, request: Request) -> Token:
        """The token that the request is about."""
        self._sign_in.caller(request)
        text = request.headers.get("X-Subject-Token")
        if text is None:
            raise IamError("IAM.0009")
        token = self._identity.token(text)
        if token is None:
            raise IamError("IAM.0004", "token", "it has ended or never was")
        return token

    def _issue_token(self, request: Request) -> Response:
        return _token_response(request, 201, self._identity.issue(self._sign_in.read_content(request)))

    def _validate_token(self, request: Request) -> Response:
        return _token_response(request, 200, self._subject(request))

    def _revoke_token(self, request: Request) -> Response:
        self._identity.revoke(self._subject(request))
        return Response(204)


def _token_response(request: Request, status: int, token: Token) -> Response:
    document = token_document(token)
    if request.query.get("nocatalog") is None:
        document["catalog"] = catalog(request.origin, token.content.project)
    response = json_response(status, {"token": document})
    response.headers["X-Subject-Token"] = token.text
    return response
