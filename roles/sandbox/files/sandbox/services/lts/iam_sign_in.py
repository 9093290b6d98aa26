# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

from ...http.messages import Request
from ...variants.lts import LtsVariants
from .iam_body import IamError, read_body, read_object, read_text
from .iam_model import Agency, Domain, Project, Token, TokenContent, User
from .identity import Identity

AGENCY_FIELDS = ("xrole_name", "agency_name")


@dataclass(frozen=True)
class SignedIn:
    """Who has signed in, and the domain and the projects that a token can be scoped to."""

    user: User | None
    agency: Agency | None
    domain: Domain
    projects: list[Project]


class SignIn:
    """Checks the requests for tokens, and says what the tokens are for."""

    def __init__(self, identity: Identity, variants: LtsVariants):
        self._identity = identity
        self._variants = variants

    def read_content(self, request: Request) -> TokenContent:
        auth = read_object(read_body(request), "auth")
        identity = read_object(auth, "identity")
        methods = identity.get("methods")
        if not isinstance(methods, list) or not all(isinstance(method, str) for method in methods):
            raise IamError("IAM.0072", "methods")
        if sorted(methods) == ["assume_role"]:
            signed_in = self._assume_agency(request, read_object(identity, "assume_role"))
        elif sorted(methods) in (["password"], ["password", "totp"]):
            user = self._check_user(identity, with_passcode="totp" in methods)
            signed_in = SignedIn(user, None, user.domain, user.projects)
        else:
            raise IamError("IAM.0011")
        project, scoped_domain = self._read_scope(auth, signed_in)
        return TokenContent(
            project_ids=[project.id] if project else [],
            methods=tuple(methods),
            user=signed_in.user,
            agency=signed_in.agency,
            project=project,
            domain=scoped_domain,
        )

    def caller(self, request: Request) -> Token:
        """The token that the request authenticates with."""
        text = request.headers.get("X-Auth-Token")
        if text is None:
            raise IamError("IAM.0001")
        token = self._identity.token(text)
        if token is None:
            raise IamError("IAM.0067")
        return token

    def _check_user(self, identity: dict[str, Any], with_passcode: bool) -> User:
        given = read_object(read_object(identity, "password"), "user")
        password = read_text(given, "password")
        user = self._find_user(given)
        if user is None:
            raise IamError("IAM.0062")
        if user.locked:
            raise IamError("IAM.0061")
        if not _is_equal(user.password, password):
            raise IamError("IAM.0062")
        if with_passcode:
            self._check_passcode(user, read_object(read_object(identity, "totp"), "user"))
        elif user.passcode and self._variants.passcode_demanded:
            raise IamError("IAM.0001")
        return user

    def _find_user(self, given: dict[str, Any]) -> User | None:
        if "id" in given:
            return next((user for user in self._identity.users() if user.id == given["id"]), None)
        name, domain = read_text(given, "name"), self._find_domain(read_object(given, "domain"))
        return next((user for user in domain.users if user.name == name), None) if domain else None

    def _check_passcode(self, user: User, given: dict[str, Any]) -> None:
        user_id, passcode = read_text(given, "id"), read_text(given, "passcode")
        is_used_up = user.passcode_used and self._variants.passcode_once
        if is_used_up or user_id != user.id or not _is_equal(user.passcode or "", passcode) or not passcode:
            raise IamError("IAM.0062")
        user.passcode_used = True

    def _assume_agency(self, request: Request, given: dict[str, Any]) -> SignedIn:
        caller = self.caller(request).content.user
        fields = AGENCY_FIELDS if self._variants.agency_field == "both" else (self._variants.agency_field,)
        name = next((given[field] for field in fields if field in given), None)
        if name is None:
            raise IamError("IAM.0072", fields[0])
        if "domain_name" not in given and "domain_id" not in given:
            raise IamError("IAM.0072", "domain_name")
        domain = self._find_domain({"name": given.get("domain_name"), "id": given.get("domain_id")})
        agency = next((agency for agency in domain.agencies if agency.name == name), None) if domain else None
        if agency is None:
            raise IamError("IAM.0004", "agency", str(name))
        if caller is None or caller.domain.name != agency.trusts:
            raise IamError("IAM.0002")
        return SignedIn(caller, agency, agency.domain, agency.projects)

    def _find_domain(self, given: dict[str, Any]) -> Domain | None:
        domain_id, name = given.get("id"), given.get("name")
        if not domain_id and not name:
            raise IamError("IAM.0072", "name")
        for domain in self._identity.domains:
            if domain_id in (None, domain.id) and name in (None, domain.name):
                return domain
        return None

    def _read_scope(self, auth: dict[str, Any], signed_in: SignedIn) -> tuple[Project | None, Domain | None]:
        """The project or the domain that the token is to be valid for. If both are given, the project counts."""
        scope = read_object(auth, "scope") if "scope" in auth else {}
        if "project" not in scope:
            if "domain" not in scope:
                return None, None
            if self._find_domain(read_object(scope, "domain")) is not signed_in.domain:
                raise self._missing_scope("domain", read_object(scope, "domain"))
            return None, signed_in.domain
        given = read_object(scope, "project")
        if "id" not in given and "name" not in given:
            raise IamError("IAM.0072", "name")
        if "domain" in given and self._find_domain(read_object(given, "domain")) is not signed_in.domain:
            raise self._missing_scope("domain", read_object(given, "domain"))
        project_id, name = given.get("id"), given.get("name")
        for project in signed_in.projects:
            if project_id in (None, project.id) and name in (None, project.name):
                return project, None
        raise self._missing_scope("project", given)

    def _missing_scope(self, kind: str, given: dict[str, Any]) -> IamError:
        if self._variants.missing_scope_status == 401:
            return IamError("IAM.0001")
        return IamError("IAM.0004", kind, str(given.get("id") or given.get("name")))


def _is_equal(secret: str, given: str) -> bool:
    return hmac.compare_digest(secret.encode(), given.encode("utf-8", "surrogatepass"))
