# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ...clock import Clock
from ...http.messages import Request, Response, html_response, text_response
from ...seed import SeedNode
from ...variants.lts import LtsVariants
from ..contract import Failure
from .body import LtsError
from .groups import Groups
from .identity import Identity
from .model import Project, read_projects
from .signature import SignatureRefused, is_signed
from .streams import Streams
from .tags import Tags
from .transfers import Transfers

PATH = re.compile(r"/(?P<version>v[12])/(?P<project>[^/]+)(?P<rest>/.*)?")
TOKEN_ERRORS = {
    "LTS.0002": "Current user is not authenticated correctly, check your token",
    "LTS.0003": "Invalid token",
    "LTS.0414": "Invalid token",
    "APIGW.0301": "Incorrect IAM authentication information: decrypt token fail",
    "APIGW.0307": "The token must be updated.",
}
FAILURES = {
    429: ("APIGW.0308", "The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:5 second"),
    502: ("APIGW.0201", "Backend unavailable"),
    504: ("APIGW.0201", "Backend timeout"),
}
UNKNOWN_API = ("APIGW.0101", "The API does not exist or has not been published")
INTERNAL = ("LTS.0010", "The system encountered an internal error")


# Handles a request about a project.
Operation = Callable[..., Response]


class Lts:
    """Authenticates requests to LTS and passes them on to its parts."""

    def __init__(self, seed: SeedNode | None, clock: Clock, variants: LtsVariants, identity: Identity):
        self._variants = variants
        self._identity = identity
        self._projects: dict[str, Project] = {}
        self.secrets: list[str] = []
        if seed is not None:
            self.secrets = identity.read_tokens(seed)
            self._projects = read_projects(seed, clock.now())
            seed.reject_unread_fields()
        groups = Groups(clock, variants)
        streams = Streams(groups, clock, variants)
        transfers = Transfers(groups, clock, variants)
        # {version: (pattern of the rest of the path, {method: operation})}. Operations get the project and the groups
        # of the pattern as arguments.
        self._routes: dict[str, tuple[tuple[re.Pattern[str], dict[str, Operation]], ...]] = {
            "v2": (
                (re.compile(r"/groups"), {"GET": groups.list_all, "POST": groups.create}),
                (re.compile(r"/groups/([^/]+)"), {"POST": groups.update, "DELETE": groups.delete}),
                (re.compile(r"/groups/([^/]+)/streams"), {"GET": streams.list_of_group, "POST": streams.create}),
                (re.compile(r"/groups/([^/]+)/streams/([^/]+)"), {"DELETE": streams.delete}),
                (re.compile(r"/groups/([^/]+)/streams-ttl/([^/]+)"), {"PUT": streams.update}),
                (re.compile(r"/log-streams"), {"GET": streams.list_all}),
                (
                    re.compile(r"/transfers"),
                    {
                        "GET": transfers.list_all,
                        "POST": transfers.create,
                        "PUT": transfers.update,
                        "DELETE": transfers.delete,
                    },
                ),
            ),
            "v1": ((re.compile(r"/(groups|topics)/([^/]+)/tags/action"), {"POST": Tags(variants).act}),),
        }

    def label(self, path: str) -> str | None:
        return "lts" if PATH.fullmatch(path) else None

    def is_upload(self, request: Request) -> bool:
        return False

    def rejects_upload(self, request: Request) -> bool:
        return False

    def handle(self, request: Request) -> Response:
        try:
            return self._handle(request)
        except LtsError as error:
            return error.response()

    def _handle(self, request: Request) -> Response:
        match = PATH.fullmatch(request.path)
        if match is None:
            raise LtsError(404, *UNKNOWN_API)
        project_id, rest = match["project"], match["rest"] or ""
        operation, names = self._route(request.method, match["version"], rest)
        allowed = self._allowed(request)
        if not request.headers.get("Content-Type", "").lower().startswith("application/json"):
            # Seen live: 415 in general, but 500 on the transfers.
            if rest == "/transfers":
                raise LtsError(500, *INTERNAL)
            return text_response(415, "Unsupported Media Type")
        if project_id not in allowed or project_id not in self._projects:
            raise LtsError(403, "LTS.0001", "Invalid projectId")
        return operation(request, self._projects[project_id], *names)

    def _route(self, method: str, version: str, rest: str) -> tuple[Operation, tuple[str, ...]]:
        """The operation and its arguments."""
        for pattern, operations in self._routes[version]:
            match = pattern.fullmatch(rest)
            if match and method in operations:
                return operations[method], match.groups()
            if match:
                raise LtsError(404, "APIGW.0101", f"The API does not exist: method {method} not found")
        raise LtsError(404, *UNKNOWN_API)

    def _allowed(self, request: Request) -> list[str]:
        """The ids of the projects that the caller may use."""
        if is_signed(request.headers):
            try:
                allowed = self._identity.signer(request).project_ids
            except SignatureRefused as error:
                raise LtsError(401, "APIGW.0301", str(error)) from error
            # The header restricts the key to one of the owner's projects.
            chosen = request.headers.get("X-Project-Id")
            return allowed if chosen is None else [project_id for project_id in allowed if project_id == chosen]
        token = self._identity.token(request.headers.get("X-Auth-Token", ""))
        if token is None:
            code = self._variants.token_error
            raise LtsError(401, code, TOKEN_ERRORS[code])
        return token.content.project_ids

    def failure(self, request: Request, failure: Failure) -> Response:
        status, code, message = failure.status, failure.code, failure.message
        if status == 418 and code is None:  # from the firewall in front of the service, which does not send JSON
            return html_response(418, message or "The request was blocked")
        if status == 503 and code is None:  # documented as a plain string
            return text_response(503, message or "The requested service is unavailable.")
        usual_code, usual_text = FAILURES.get(status, INTERNAL)
        return LtsError(status, code or usual_code, message or usual_text).response()

    def state(self) -> dict[str, Any]:
        return {"lts": {project_id: project.state() for project_id, project in self._projects.items()}}
