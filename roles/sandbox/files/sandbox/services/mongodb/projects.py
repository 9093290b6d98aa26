# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ...seed import HEX24, SeedNode
from ...variants.mongodb import MongoDBVariants
from . import log_jobs
from .backups.clusters import Cluster, read_clusters
from .log_jobs import LogProject
from .rate_limits import MinuteCounter, TokenBucket

FAMILIES = ("ops_manager", "cloud_manager", "atlas")


@dataclass(frozen=True)
class Organization:
    """An organization, which holds projects."""

    id: str
    name: str


# That of projects that name none in the seed.
DEFAULT = Organization("66f1c0de00000000000f0001", "Sandbox")


@dataclass
class Project:
    """A project, which the APIs call a group."""

    id: str
    name: str
    family: str
    organization: str  # its id
    logs: LogProject
    clusters: dict[str, Cluster]
    bucket: TokenBucket
    minute: MinuteCounter

    @property
    def is_atlas(self) -> bool:
        return self.family == "atlas"

    def log_state(self, now: float) -> dict[str, Any]:
        return {"jobs": {job.id: job.state(now) for job in self.logs.jobs.values()}}

    def backup_state(self, now: float) -> dict[str, Any]:
        return {"clusters": {cluster.name: cluster.state(now) for cluster in self.clusters.values()}}


def read_organizations(seed: SeedNode) -> dict[str, Organization]:
    organizations = {DEFAULT.id: DEFAULT}
    for node in seed.nodes("organizations"):
        organization = Organization(node.text("id", pattern=HEX24), node.text("name"))
        if organization.id in organizations:
            node.fail("id", f"{organization.id} is there twice")
        organizations[organization.id] = organization
        node.reject_unread_fields()
    return organizations


def read_projects(
    seed: SeedNode, organizations: Collection[str], now: float, variants: MongoDBVariants
) -> dict[str, Project]:
    """`organizations` are the ids of those that exist."""
    projects: dict[str, Project] = {}
    for node in seed.nodes("projects"):
        project_id = node.text("id", pattern=HEX24)
        if project_id in projects:
            node.fail("id", f"{project_id} is there twice")
        family = node.choice("family", FAMILIES)
        if family != "atlas" and "clusters" in node:
            node.fail("clusters", "only a project of the family atlas has clusters here")
        projects[project_id] = Project(
            id=project_id,
            name=node.text("name"),
            family=family,
            organization=node.choice("organization", tuple(organizations), DEFAULT.id),
            logs=log_jobs.read_project(node, project_id, family, now),
            clusters=read_clusters(node, project_id, now),
            bucket=TokenBucket(now, variants),
            minute=MinuteCounter(variants),
        )
        node.reject_unread_fields()
    return projects
