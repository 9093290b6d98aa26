# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass, field

from ...clock import Clock
from ...http.messages import Call
from ...seed import HEX32, Node
from ...variants.registry import Variants
from .signature import AccessKey, SignatureGate

# Who there is, and what they may see: IAM answers questions about them, LTS lets them in.

DAY = 86400.0
ACCESS = re.compile(r"[A-Z0-9]{10,40}")


@dataclass
class Project:
    id: str
    name: str
    domain: Domain = field(repr=False)

    @property
    def region(self) -> str:
        """Projects that the region did not make itself are named after it: region_name."""
        return self.name.partition("_")[0]


@dataclass
class User:
    id: str
    name: str
    password: str
    domain: Domain = field(repr=False)
    projects: list[Project]
    passcode: str | None
    locked: bool
    passcode_used: bool = False

    @property
    def project_ids(self) -> list[str]:
        return [project.id for project in self.projects]


@dataclass
class Agency:
    """What one domain lets another one do in its projects."""

    name: str
    id: str
    domain: Domain = field(repr=False)  # whose projects these are
    trusts: str  # name of the domain that may use it
    projects: list[Project]


@dataclass
class Domain:
    id: str
    name: str
    projects: list[Project]
    users: list[User]
    agencies: list[Agency]


@dataclass
class Token:
    text: str
    issued: float
    expires: float
    project_ids: list[str]  # in which LTS lets it work
    methods: tuple[str, ...] = ("password",)
    user: User | None = None
    agency: Agency | None = None
    project: Project | None = None
    domain: Domain | None = None  # scoped to it


class Identity:
    def __init__(self, seed: Node | None, clock: Clock, variants: Variants):
        self._clock = clock
        self._variants = variants
        self.domains: list[Domain] = []
        self._tokens: dict[str, Token] = {}
        self._issued: list[str] = []
        keys: dict[str, AccessKey] = {}
        if seed is not None:
            self.domains = _read_domains(seed)
            keys = self._read_keys(seed)
            seed.done()
        self._keys = keys
        self._gate = SignatureGate(keys, clock, variants)

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

    def signer(self, call: Call) -> User:
        """The user whose access key has signed the call; raises SignatureRefused."""
        return self._gate.check(call).owner

    def token(self, text: str) -> Token | None:
        """A token that is alive."""
        token = self._tokens.get(text)
        return token if token is not None and self._clock.now() < token.expires else None

    def issue(self, **content) -> Token:
        now = self._clock.now()
        token = Token(_new_token(), now, now + self._variants["iam_token_seconds"], **content)
        self._tokens[token.text] = token
        self._issued.append(token.text)
        return token

    def revoke(self, token: Token) -> None:
        del self._tokens[token.text]

    def read_tokens(self, seed: Node) -> list[str]:
        """Tokens that somebody was given before the sandbox started."""
        now = self._clock.now()
        texts = []
        for node in seed.nodes("tokens"):
            life = -node.duration("expired_for") if "expired_for" in node else node.duration("expires_in", DAY)
            ids = node.texts("projects")
            known = [project for project in self.projects() if project.id in ids]
            users = known[0].domain.users if known else []
            token = Token(node.text("token"), min(now, now + life - DAY), now + life, ids)
            token.user, token.project = (users[0] if users else None), (known[0] if known else None)
            self._tokens[token.text] = token
            texts.append(token.text)
            node.done()
        return texts

    def _read_keys(self, seed: Node) -> dict[str, AccessKey]:
        now = self._clock.now()
        users = {user.name: user for user in self.users()}
        keys = {}
        for node in seed.nodes("access_keys"):
            access = node.text("access", pattern=ACCESS)
            if access in keys:
                node.fail("access", f"{access} is there twice")
            owner = users[node.choice("user", tuple(users))]
            key = keys[access] = AccessKey(access, node.text("secret"), owner, node.text("security_token", None))
            if "expired_for" in node:
                key.expires = now - node.duration("expired_for")
            elif "expires_in" in node:
                key.expires = now + node.duration("expires_in")
            node.done()
        return keys


def _new_token() -> str:
    """Looks like the signed messages that tokens are, but nothing can be read in it."""
    return "MII" + base64.b64encode(secrets.token_bytes(765), b"-_").decode()


def _read_domains(seed: Node) -> list[Domain]:
    domains: list[Domain] = []
    for node in seed.nodes("domains"):
        domain = Domain(node.text("id", pattern=HEX32), node.text("name"), [], [], [])
        if domain.name in [other.name for other in domains]:
            node.fail("name", f"{domain.name} is there twice")
        domains.append(domain)
        for project_node in node.nodes("projects"):
            domain.projects.append(Project(project_node.text("id", pattern=HEX32), project_node.text("name"), domain))
            project_node.done()
        for user_node in node.nodes("users"):
            domain.users.append(_read_user(user_node, domain))
        for agency_node in node.nodes("agencies"):
            domain.agencies.append(_read_agency(agency_node, domain))
        node.done()
    return domains


def _read_user(node: Node, domain: Domain) -> User:
    user = User(
        id=node.text("id", pattern=HEX32),
        name=node.text("name"),
        password=node.text("password"),
        domain=domain,
        projects=_read_some(node, domain),
        passcode=node.text("passcode", None),
        locked=node.flag("locked"),
    )
    node.done()
    return user


def _read_agency(node: Node, domain: Domain) -> Agency:
    agency = Agency(
        node.text("name"), node.text("id", pattern=HEX32), domain, node.text("trusts"), _read_some(node, domain)
    )
    node.done()
    return agency


def _read_some(node: Node, domain: Domain) -> list[Project]:
    """The projects of the domain, or those that are named."""
    by_name = {project.name: project for project in domain.projects}
    if "projects" not in node:
        return list(domain.projects)
    return [by_name[name] for name in node.texts("projects", choices=tuple(by_name))]
