# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import re
import secrets

from ...clock import Clock
from ...http.messages import Request
from ...seed import HEX32, SeedNode
from ...variants.lts import LtsVariants
from .iam_model import AccessKey, Agency, Domain, Project, Token, TokenContent, User
from .signature import SignatureVerifier

DAY = 86400.0
ACCESS_KEY_ID = re.compile(r"[A-Z0-9]{10,40}")


class Identity:
    """The users, agencies, tokens and access keys that IAM manages and LTS accepts."""

    def __init__(self, seed: SeedNode | None, clock: Clock, variants: LtsVariants):
        self._clock = clock
        self._variants = variants
        self.domains: list[Domain] = []
        self._tokens: dict[str, Token] = {}
        self._issued: list[str] = []
        keys: dict[str, AccessKey] = {}
        if seed is not None:
            self.domains = _read_domains(seed)
            keys = self._read_keys(seed)
            seed.reject_unread_fields()
        self._keys = keys
        self._signatures = SignatureVerifier(keys, clock, variants)

    @property
    def secrets(self) -> list[str]:
        found = [key.secret for key in self._keys.values()]
        found += [key.security_token for key in self._keys.values() if key.security_token]
        for user in self.users():
            found += [user.password, *([user.passcode] if user.passcode else [])]
        return found + self._issued

    def users(self) -> list[User]:
        return [user for domain in self.domains for user in domain.users]

    def projects(self) -> list[Project]:
        return [project for domain in self.domains for project in domain.projects]

    def signer(self, request: Request) -> User:
        """The user whose access key signed the request; raises SignatureRefused."""
        return self._signatures.check(request).owner

    def token(self, text: str) -> Token | None:
        """The token, unless it has expired."""
        token = self._tokens.get(text)
        return token if token is not None and self._clock.now() < token.expires else None

    def issue(self, content: TokenContent) -> Token:
        now = self._clock.now()
        token = Token(_new_token(), now, now + self._variants.iam_token_seconds, content)
        self._tokens[token.text] = token
        self._issued.append(token.text)
        return token

    def revoke(self, token: Token) -> None:
        del self._tokens[token.text]

    def read_tokens(self, seed: SeedNode) -> list[str]:
        """Reads the tokens that were issued before the sandbox started, and returns their texts."""
        now = self._clock.now()
        texts = []
        for node in seed.nodes("tokens"):
            life = -node.duration("expired_for") if "expired_for" in node else node.duration("expires_in", DAY)
            ids = node.texts("projects")
            known = [project for project in self.projects() if project.id in ids]
            users = known[0].domain.users if known else []
            content = TokenContent(ids, user=users[0] if users else None, project=known[0] if known else None)
            token = Token(node.text("token"), min(now, now + life - DAY), now + life, content)
            self._tokens[token.text] = token
            texts.append(token.text)
            node.reject_unread_fields()
        return texts

    def _read_keys(self, seed: SeedNode) -> dict[str, AccessKey]:
        now = self._clock.now()
        users = {user.name: user for user in self.users()}
        keys = {}
        for node in seed.nodes("access_keys"):
            access = node.text("access", pattern=ACCESS_KEY_ID)
            if access in keys:
                node.fail("access", f"{access} is there twice")
            owner = users[node.choice("user", tuple(users))]
            key = keys[access] = AccessKey(access, node.text("secret"), owner, node.optional_text("security_token"))
            if "expired_for" in node:
                key.expires = now - node.duration("expired_for")
            elif "expires_in" in node:
                key.expires = now + node.duration("expires_in")
            node.reject_unread_fields()
        return keys


def _new_token() -> str:
    """Looks like a token, which is a signed message, but is random."""
    return "MII" + base64.b64encode(secrets.token_bytes(765), b"-_").decode()


def _read_domains(seed: SeedNode) -> list[Domain]:
    domains: list[Domain] = []
    for node in seed.nodes("domains"):
        domain = Domain(node.text("id", pattern=HEX32), node.text("name"), [], [], [])
        if domain.name in [other.name for other in domains]:
            node.fail("name", f"{domain.name} is there twice")
        domains.append(domain)
        for project_node in node.nodes("projects"):
            domain.projects.append(Project(project_node.text("id", pattern=HEX32), project_node.text("name"), domain))
            project_node.reject_unread_fields()
        for user_node in node.nodes("users"):
            domain.users.append(_read_user(user_node, domain))
        for agency_node in node.nodes("agencies"):
            domain.agencies.append(_read_agency(agency_node, domain))
        node.reject_unread_fields()
    return domains


def _read_user(node: SeedNode, domain: Domain) -> User:
    user = User(
        id=node.text("id", pattern=HEX32),
        name=node.text("name"),
        password=node.text("password"),
        domain=domain,
        projects=_read_projects_of(node, domain),
        passcode=node.optional_text("passcode"),
        locked=node.flag("locked"),
    )
    node.reject_unread_fields()
    return user


def _read_agency(node: SeedNode, domain: Domain) -> Agency:
    agency = Agency(
        node.text("name"), node.text("id", pattern=HEX32), domain, node.text("trusts"), _read_projects_of(node, domain)
    )
    node.reject_unread_fields()
    return agency


def _read_projects_of(node: SeedNode, domain: Domain) -> list[Project]:
    """The projects that are named, or all of the domain."""
    by_name = {project.name: project for project in domain.projects}
    if "projects" not in node:
        return list(domain.projects)
    return [by_name[name] for name in node.texts("projects", choices=tuple(by_name))]
