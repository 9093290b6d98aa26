# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

from ...clock import Clock
from ...http.messages import Answer, Call, html_answer, text_answer
from ...seed import Node
from ...variants.registry import Variants
from .body import LtsError
from .groups import Groups
from .identity import Identity
from .model import Project, read_projects
from .signature import SignatureRefused, sign_in_form
from .streams import Streams
from .tags import Tags
from .transfers import Transfers

# The front of LTS: who may call, and which part answers.

PREFIX = re.compile(r"/(?P<version>v[12])/(?P<project>[^/]+)(?P<rest>/.*)?")
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
INTERNAL = ("LTS.0010", "The system encountered an internal error")


class Lts:
    def __init__(self, seed: Node | None, clock: Clock, variants: Variants, identity: Identity):
        self._variants = variants
        self._identity = identity
        self._projects: dict[str, Project] = {}
        self.secrets: list[str] = []
        if seed is not None:
            self.secrets = identity.read_tokens(seed)
            self._projects = read_projects(seed, clock.now())
            seed.done()
        groups = Groups(clock, variants)
        streams = Streams(groups, clock, variants)
        transfers = Transfers(groups, clock, variants)
        # version: (pattern of what stands behind the project, {method: operation})
        self._routes = {
            "v2": (
                (re.compile(r"/groups"), {"GET": groups.list, "POST": groups.create}),
                (re.compile(r"/groups/([^/]+)"), {"POST": groups.update, "DELETE": groups.delete}),
                (re.compile(r"/groups/([^/]+)/streams"), {"GET": streams.list, "POST": streams.create}),
                (re.compile(r"/groups/([^/]+)/streams/([^/]+)"), {"DELETE": streams.delete}),
                (re.compile(r"/groups/([^/]+)/streams-ttl/([^/]+)"), {"PUT": streams.update}),
                (re.compile(r"/log-streams"), {"GET": streams.list_all}),
                (
                    re.compile(r"/transfers"),
                    {
                        "GET": transfers.list,
                        "POST": transfers.create,
                        "PUT": transfers.update,
                        "DELETE": transfers.delete,
                    },
                ),
            ),
            "v1": ((re.compile(r"/(groups|topics)/([^/]+)/tags/action"), {"POST": Tags(variants).act}),),
        }

    def label(self, path: str) -> str | None:
        return "lts" if PREFIX.fullmatch(path) else None

    def answer(self, call: Call) -> Answer:
        try:
            return self._answer(call)
        except LtsError as error:
            return error.answer()

    def _answer(self, call: Call) -> Answer:
        match = PREFIX.fullmatch(call.path)
        project_id, rest = match["project"], match["rest"] or ""
        operation, names = self._route(call.method, match["version"], rest)
        allowed = self._allowed(call)
        if not call.headers.get("Content-Type", "").lower().startswith("application/json"):
            # Seen live: 415 in general, but 500 on the transfers.
            if rest == "/transfers":
                raise LtsError(500, *INTERNAL)
            return text_answer(415, "Unsupported Media Type")
        if project_id not in allowed or project_id not in self._projects:
            raise LtsError(403, "LTS.0001", "Invalid projectId")
        return operation(call, self._projects[project_id], *names)

    def _route(self, method: str, version: str, rest: str) -> tuple:
        for pattern, operations in self._routes[version]:
            match = pattern.fullmatch(rest)
            if match and method in operations:
                return operations[method], match.groups()
            if match:
                raise LtsError(404, "APIGW.0101", f"The API does not exist: method {method} not found")
        raise LtsError(404, "APIGW.0101", "The API does not exist or has not been published")

    def _allowed(self, call: Call) -> list[str]:
        """The projects that the caller may work in."""
        if sign_in_form(call.headers) in ("access", "credential"):
            try:
                allowed = self._identity.signer(call).project_ids
            except SignatureRefused as error:
                raise LtsError(401, "APIGW.0301", str(error)) from error
            # It says in which of the owner's projects the key is to be used.
            chosen = call.headers.get("X-Project-Id")
            return allowed if chosen is None else [project_id for project_id in allowed if project_id == chosen]
        token = self._identity.token(call.headers.get("X-Auth-Token", ""))
        if token is None:
            code = self._variants["token_error"]
            raise LtsError(401, code, TOKEN_ERRORS[code])
        return token.project_ids

    def failure(self, call: Call, status: int, code: str | None, message: str | None, wait: int) -> Answer:
        """The error of this service when a fault asks for `status`."""
        if status == 418 and code is None:  # the firewall in front of it, which speaks no JSON
            return html_answer(418, message or "The request was blocked")
        if status == 503 and code is None:  # documented as a plain string
            return text_answer(503, message or "The requested service is unavailable.")
        usual_code, usual_text = FAILURES.get(status, INTERNAL)
        return LtsError(status, code or usual_code, message or usual_text).answer()

    def state(self) -> dict:
        return {"lts": {project_id: project.state() for project_id, project in self._projects.items()}}
