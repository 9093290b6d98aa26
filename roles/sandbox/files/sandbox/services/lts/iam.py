# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hmac
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

from ...clock import iso_naive
from ...http.messages import Answer, Call, json_answer, reason
from ...variants.registry import Variants
from .identity import Agency, Domain, Identity, Project, Token, User
from .signature import SignatureRefused, sign_in_form

PATH = re.compile(r"/v3(/.*)?")
# error_code: (HTTP status, text with one %s for each parameter)
CODES = {
    "IAM.0001": (401, "The request you have made requires authentication."),
    "IAM.0002": (403, "You are not authorized to perform the requested action."),
    "IAM.0004": (404, "Could not find %s: %s."),
    "IAM.0006": (500, "An unexpected error prevented the server from fulfilling your request."),
    "IAM.0009": (400, "X-Subject-Token is invalid in the request."),
    "IAM.0011": (400, "Request body is invalid."),
    "IAM.0012": (429, "The throttling threshold has been reached. Threshold: 10 times per 60 seconds"),
    "IAM.0061": (401, "Account locked."),
    "IAM.0062": (401, "Incorrect password."),
    "IAM.0067": (401, "Invalid token."),
    "IAM.0072": (400, "'%s' is a required property."),
}
KEYSTONE_TEXTS = {"IAM.0062": "The username or password is wrong."}
FAILURES = {400: "IAM.0011", 401: "IAM.0001", 403: "IAM.0002", 429: "IAM.0012"}
AGENCY_NAMES = ("xrole_name", "agency_name")


class IamError(Exception):
    def __init__(self, code: str, *parameters: str, status: int | None = None, text: str | None = None):
        super().__init__(code)
        usual_status, template = CODES.get(code, CODES["IAM.0006"])
        self.code, self.status = code, status or usual_status
        self._own_text = template % parameters if parameters else template
        self._text = text

    def answer(self, form: str) -> Answer:
        if form == "iam":
            return json_answer(self.status, {"error_code": self.code, "error_msg": self._text or self._own_text})
        message = self._text or KEYSTONE_TEXTS.get(self.code, self._own_text)
        return json_answer(
            self.status, {"error": {"code": self.status, "message": message, "title": reason(self.status)}}
        )


class Iam:
    def __init__(self, identity: Identity, variants: Variants):
        self._identity = identity
        self._variants = variants
        self._operations: dict[tuple[str, str], Callable[[Call], Answer]] = {
            ("GET", "/v3"): self._version,
            ("GET", "/v3/"): self._version,
            ("GET", "/v3/projects"): self._projects,
            ("POST", "/v3/auth/tokens"): self._sign_in,
            ("GET", "/v3/auth/tokens"): self._validate,
            ("DELETE", "/v3/auth/tokens"): self._revoke,
        }

    @property
    def secrets(self) -> list[str]:
        return self._identity.secrets

    def label(self, path: str) -> str | None:
        return "iam" if PATH.fullmatch(path) else None

    def state(self) -> dict:
        """Nothing: signing in is no change."""
        return {}

    def answer(self, call: Call) -> Answer:
        try:
            operation = self._operations.get((call.method, call.path))
            if operation is None:
                raise IamError("IAM.0004", "resource", call.path)
            return operation(call)
        except IamError as error:
            return error.answer(self._variants["iam_error_form"])
        except SignatureRefused as error:
            # Signatures are the business of the gateway, which has errors of its own.
            body = {"error_code": "APIGW.0301", "error_msg": str(error), "request_id": uuid.uuid4().hex}
            return json_answer(401, body)

    def failure(self, call: Call, status: int, code: str | None, message: str | None, wait: int) -> Answer:
        """The error of this service when a fault asks for `status`."""
        form = "iam" if code else self._variants["iam_error_form"]
        error = IamError(code or FAILURES.get(status, "IAM.0006"), status=status, text=message)
        return error.answer(form)

    def _version(self, call: Call) -> Answer:
        links = [{"rel": "self", "href": f"{call.origin}/v3/"}]
        return json_answer(200, {"version": {"id": "v3.6", "status": "stable", "links": links, "media-types": []}})

    def _projects(self, call: Call) -> Answer:
        if sign_in_form(call.headers) in ("access", "credential"):
            visible = self._identity.signer(call).projects
        else:
            visible = self._visible(self._caller(call))
        name = call.query.get("name")
        found = [_project_document(project) for project in visible if name in (None, project.name)]
        links = {"self": f"{call.origin}{call.target}", "previous": None, "next": None}
        return json_answer(200, {"links": links, "projects": found})

    def _visible(self, token: Token) -> list[Project]:
        if token.agency:
            return token.agency.projects
        return token.user.projects if token.user else []

    def _caller(self, call: Call) -> Token:
        text = call.headers.get("X-Auth-Token")
        if text is None:
            raise IamError("IAM.0001")
        token = self._identity.token(text)
        if token is None:
            raise IamError("IAM.0067")
        return token

    def _subject(self, call: Call) -> Token:
        self._caller(call)
        text = call.headers.get("X-Subject-Token")
        if text is None:
            raise IamError("IAM.0009")
        token = self._identity.token(text)
        if token is None:
            raise IamError("IAM.0004", "token", "it has ended or never was")
        return token

    def _validate(self, call: Call) -> Answer:
        return self._token_answer(call, 200, self._subject(call))

    def _revoke(self, call: Call) -> Answer:
        self._identity.revoke(self._subject(call))
        return Answer(204)

    def _sign_in(self, call: Call) -> Answer:
        auth = _object(_body(call), "auth")
        identity = _object(auth, "identity")
        methods = identity.get("methods")
        if not isinstance(methods, list) or not all(isinstance(method, str) for method in methods):
            raise IamError("IAM.0072", "methods")
        if sorted(methods) == ["assume_role"]:
            user, agency = self._assume(call, _object(identity, "assume_role"))
            domain, projects = agency.domain, agency.projects
        elif sorted(methods) in (["password"], ["password", "totp"]):
            user, agency = self._user(identity, "totp" in methods), None
            domain, projects = user.domain, user.projects
        else:
            raise IamError("IAM.0011")
        project, scoped_domain = self._scope(auth, domain, projects)
        token = self._identity.issue(
            project_ids=[project.id] if project else [],
            methods=tuple(methods),
            user=user,
            agency=agency,
            project=project,
            domain=scoped_domain,
        )
        return self._token_answer(call, 201, token)

    def _user(self, identity: dict, with_passcode: bool) -> User:
        given = _object(_object(identity, "password"), "user")
        password = _text(given, "password")
        user = self._named_user(given)
        if user is None:
            raise IamError("IAM.0062")
        if user.locked:
            raise IamError("IAM.0061")
        if not _equal(user.password, password):
            raise IamError("IAM.0062")
        if with_passcode:
            self._check_passcode(user, _object(_object(identity, "totp"), "user"))
        elif user.passcode and self._variants["passcode_demanded"]:
            raise IamError("IAM.0001")
        return user

    def _named_user(self, given: dict) -> User | None:
        if "id" in given:
            return next((user for user in self._identity.users() if user.id == given["id"]), None)
        name, domain = _text(given, "name"), self._domain(_object(given, "domain"))
        return next((user for user in domain.users if user.name == name), None) if domain else None

    def _check_passcode(self, user: User, given: dict) -> None:
        user_id, passcode = _text(given, "id"), _text(given, "passcode")
        spent = user.passcode_used and self._variants["passcode_once"]
        if spent or user_id != user.id or not _equal(user.passcode or "", passcode) or not passcode:
            raise IamError("IAM.0062")
        user.passcode_used = True

    def _assume(self, call: Call, given: dict) -> tuple[User | None, Agency]:
        caller = self._caller(call)
        known = AGENCY_NAMES if self._variants["agency_field"] == "both" else (self._variants["agency_field"],)
        name = next((given[field] for field in known if field in given), None)
        if name is None:
            raise IamError("IAM.0072", known[0])
        if "domain_name" not in given and "domain_id" not in given:
            raise IamError("IAM.0072", "domain_name")
        domain = self._domain({"name": given.get("domain_name"), "id": given.get("domain_id")})
        agency = next((agency for agency in domain.agencies if agency.name == name), None) if domain else None
        if agency is None:
            raise IamError("IAM.0004", "agency", str(name))
        if caller.user is None or caller.user.domain.name != agency.trusts:
            raise IamError("IAM.0002")
        return caller.user, agency

    def _domain(self, given: dict) -> Domain | None:
        domain_id, name = given.get("id"), given.get("name")
        if not domain_id and not name:
            raise IamError("IAM.0072", "name")
        return next(
            (
                domain
                for domain in self._identity.domains
                if domain_id in (None, domain.id) and name in (None, domain.name)
            ),
            None,
        )

    def _scope(self, auth: dict, domain: Domain, projects: list[Project]) -> tuple[Project | None, Domain | None]:
        """Where the token is to be good; a project comes before a domain."""
        scope = _object(auth, "scope") if "scope" in auth else {}
        if "project" not in scope:
            if "domain" not in scope:
                return None, None
            if self._domain(_object(scope, "domain")) is not domain:
                raise self._missing_scope("domain", _object(scope, "domain"))
            return None, domain
        given = _object(scope, "project")
        if "id" not in given and "name" not in given:
            raise IamError("IAM.0072", "name")
        if "domain" in given and self._domain(_object(given, "domain")) is not domain:
            raise self._missing_scope("domain", _object(given, "domain"))
        wanted = given.get("id"), given.get("name")
        for project in projects:
            if wanted[0] in (None, project.id) and wanted[1] in (None, project.name):
                return project, None
        raise self._missing_scope("project", given)

    def _missing_scope(self, kind: str, given: dict) -> IamError:
        if self._variants["missing_scope_status"] == 401:
            return IamError("IAM.0001")
        return IamError("IAM.0004", kind, str(given.get("id") or given.get("name")))

    def _token_answer(self, call: Call, status: int, token: Token) -> Answer:
        document: dict[str, Any] = {
            "methods": list(token.methods),
            "expires_at": iso_naive(token.expires) + "Z",
            "issued_at": iso_naive(token.issued) + "Z",
        }
        if token.agency:
            agency, domain = token.agency, token.agency.domain
            name = f"{domain.name}/{agency.name}"
            document["user"] = {"id": agency.id, "name": name, "domain": _domain_document(domain)}
            document["assumed_by"] = {"user": _user_document(token.user)}
        elif token.user:
            document["user"] = _user_document(token.user)
        if token.project:
            project = token.project
            document["project"] = {
                "id": project.id,
                "name": project.name,
                "domain": _domain_document(project.domain),
            }
        elif token.domain:
            document["domain"] = _domain_document(token.domain)
        document["roles"] = []
        if call.query.get("nocatalog") is None:
            document["catalog"] = _catalog(call.origin, token.project)
        answer = json_answer(status, {"token": document})
        answer.headers["X-Subject-Token"] = token.text
        return answer


def _catalog(origin: str, project: Project | None) -> list[dict]:
    catalog = [_service("identity", "iam", "*", f"{origin}/v3")]
    if project:
        catalog.append(_service("ltsv2", "ltsv2", project.region, f"{origin}/v2"))
    return catalog


def _service(kind: str, name: str, region: str, url: str) -> dict:
    endpoint = {
        "id": uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}/{region}").hex,
        "interface": "public",
        "region": region,
        "region_id": region,
        "url": url,
    }
    return {"type": kind, "id": uuid.uuid5(uuid.NAMESPACE_URL, kind).hex, "name": name, "endpoints": [endpoint]}


def _domain_document(domain: Domain) -> dict:
    return {"id": domain.id, "name": domain.name}


def _user_document(user: User) -> dict:
    return {"id": user.id, "name": user.name, "domain": _domain_document(user.domain)}


def _project_document(project: Project) -> dict:
    return {
        "id": project.id,
        "name": project.name,
        "domain_id": project.domain.id,
        "parent_id": project.domain.id,
        "is_domain": False,
        "enabled": True,
        "description": "",
    }


def _body(call: Call) -> dict:
    try:
        data = json.loads(call.body)
    except ValueError as error:
        raise IamError("IAM.0011") from error
    if not isinstance(data, dict):
        raise IamError("IAM.0011")
    return data


def _object(data: dict, name: str) -> dict:
    value = data.get(name)
    if not isinstance(value, dict):
        raise IamError("IAM.0072", name)
    return value


def _text(data: dict, name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise IamError("IAM.0072", name)
    return value


def _equal(kept: str, given: str) -> bool:
    return hmac.compare_digest(kept.encode(), given.encode("utf-8", "surrogatepass"))
