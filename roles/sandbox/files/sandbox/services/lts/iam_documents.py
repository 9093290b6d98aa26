# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import uuid
from typing import Any

from ...clock import iso_naive
from .iam_model import Domain, Project, Token, User

# How IAM shows tokens and projects.


def token_document(token: Token) -> dict[str, Any]:
    content = token.content
    document: dict[str, Any] = {
        "methods": list(content.methods),
        "expires_at": iso_naive(token.expires) + "Z",
        "issued_at": iso_naive(token.issued) + "Z",
    }
    if content.agency:
        agency, domain = content.agency, content.agency.domain
        name = f"{domain.name}/{agency.name}"
        document["user"] = {"id": agency.id, "name": name, "domain": _domain_document(domain)}
        if content.user:
            document["assumed_by"] = {"user": _user_document(content.user)}
    elif content.user:
        document["user"] = _user_document(content.user)
    if content.project:
        project = content.project
        document["project"] = {"id": project.id, "name": project.name, "domain": _domain_document(project.domain)}
    elif content.domain:
        document["domain"] = _domain_document(content.domain)
    document["roles"] = []
    return document


def catalog(origin: str, project: Project | None) -> list[dict[str, Any]]:
    services = [_service("identity", "iam", "*", f"{origin}/v3")]
    if project:
        services.append(_service("ltsv2", "ltsv2", project.region, f"{origin}/v2"))
    return services


def _service(kind: str, name: str, region: str, url: str) -> dict[str, Any]:
    endpoint = {
        "id": uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}/{region}").hex,
        "interface": "public",
        "region": region,
        "region_id": region,
        "url": url,
    }
    return {"type": kind, "id": uuid.uuid5(uuid.NAMESPACE_URL, kind).hex, "name": name, "endpoints": [endpoint]}


def _domain_document(domain: Domain) -> dict[str, str]:
    return {"id": domain.id, "name": domain.name}


def _user_document(user: User) -> dict[str, Any]:
    return {"id": user.id, "name": user.name, "domain": _domain_document(user.domain)}


def project_document(project: Project) -> dict[str, Any]:
    return {
        "id": project.id,
        "name": project.name,
        "domain_id": project.domain.id,
        "parent_id": project.domain.id,
        "is_domain": False,
        "enabled": True,
        "description": "",
    }
