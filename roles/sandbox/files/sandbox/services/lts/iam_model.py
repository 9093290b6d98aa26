# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Project:
    id: str
    name: str
    domain: Domain = field(repr=False)

    @property
    def region(self) -> str:
        """The region that a project is in; its name is that of the region, or begins with it: region_name."""
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
    """What another domain may do in projects of this one."""

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


@dataclass(frozen=True)
class TokenContent:
    """What a token was issued for."""

    project_ids: list[str]  # the projects of LTS that it opens
    methods: tuple[str, ...] = ("password",)
    user: User | None = None
    agency: Agency | None = None
    project: Project | None = None
    domain: Domain | None = None  # that it is scoped to


@dataclass(frozen=True)
class Token:
    text: str
    issued: float
    expires: float
    content: TokenContent


@dataclass
class AccessKey:
    """A key that requests are signed with."""

    access: str
    secret: str
    owner: User
    security_token: str | None = None  # of a temporary key
    expires: float | None = None
    failures: int = 0  # consecutive ones
    locked_until: float = 0.0
