# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ...clock import iso
from ...http.messages import Request, Response
from ...variants.mongodb import MongoDBVariants
from .errors import ApiError
from .projects import Organization, Project
from .responses import Listing, list_response

PATH = re.compile(r"/(?P<kind>orgs|groups)|/orgs/(?P<org>[^/]+)/groups")


@dataclass(frozen=True)
class DirectoryRequest:
    """A request for a list of organizations or projects.

    :ivar projects: those that the caller may see in this API.
    """

    request: Request
    projects: Collection[Project]
    is_atlas: bool
    media_type: str


class Directory:
    """The lists of organizations, of projects, and of the projects of an organization."""

    def __init__(self, organizations: Mapping[str, Organization], now: float, variants: MongoDBVariants):
        self._organizations = organizations
        self._created = now
        self._variants = variants

    def handle(self, directory_request: DirectoryRequest, match: re.Match[str]) -> Response:
        """`match` is that of PATH."""
        if directory_request.request.method != "GET":
            raise ApiError("RESOURCE_NOT_FOUND", directory_request.request.path)
        if match["kind"] == "orgs":
            return self._list_organizations(directory_request)
        if match["kind"] == "groups":
            if self._variants.project_list == "by_organization":
                raise ApiError("USER_UNAUTHORIZED")
            return self._list_projects(directory_request, directory_request.projects)
        organization = self._visible(directory_request).get(match["org"])
        if organization is None:
            raise ApiError("RESOURCE_NOT_FOUND", directory_request.request.path)
        projects = [project for project in directory_request.projects if project.organization == organization.id]
        return self._list_projects(directory_request, projects)

    def _visible(self, directory_request: DirectoryRequest) -> dict[str, Organization]:
        used = {project.organization for project in directory_request.projects}
        return {key: found for key, found in self._organizations.items() if key in used}

    def _list_organizations(self, directory_request: DirectoryRequest) -> Response:
        if self._variants.organization_list == "refused":
            raise ApiError("USER_UNAUTHORIZED")
        found = list(self._visible(directory_request).values())
        return self._page(directory_request, [_organization_document(each) for each in found])

    def _list_projects(self, directory_request: DirectoryRequest, projects: Collection[Project]) -> Response:
        show = self._atlas_document if directory_request.is_atlas else _document
        return self._page(directory_request, [show(project) for project in projects])

    def _page(self, directory_request: DirectoryRequest, documents: list[dict[str, Any]]) -> Response:
        listing = Listing(documents, len(documents))
        return list_response(
            directory_request.request, self._variants, listing, lambda each: each, directory_request.media_type
        )

    def _atlas_document(self, project: Project) -> dict[str, Any]:
        return {
            "clusterCount": len(project.clusters),
            "created": iso(self._created),
            "id": project.id,
            "links": [],
            "name": project.name,
            "orgId": project.organization,
            "withDefaultAlertsSettings": True,
        }


def _organization_document(organization: Organization) -> dict[str, Any]:
    return {"id": organization.id, "isDeleted": False, "links": [], "name": organization.name}


def _document(project: Project) -> dict[str, Any]:
    return {
        "activeAgentCount": 0,
        "id": project.id,
        "links": [],
        "name": project.name,
        "orgId": project.organization,
        "publicApiEnabled": True,
        "replicaSetCount": 0,
        "shardCount": 0,
        "tags": [],
    }
