# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from dataclasses import dataclass

from ..clock import Clock
from ..digest import DigestGate
from ..exchange import Answer, Call
from ..seed import HEX24, Node
from ..variants import Variants
from . import atlas_restore, log_collection
from .atlas_restore import AtlasRestore, Cluster
from .log_collection import LogCollection, LogJob
from .mongodb import (
    CODES,
    COMMON_HEADERS,
    ApiError,
    MinuteCounter,
    TokenBucket,
    error_answer,
    rate_limit_error,
    token_bucket_error,
)

# What stands before both MongoDB services: authentication, access list, projects, API versions, rate limits.

BASE = re.compile(r"(?P<base>/api/(?:public/v1\.0|atlas/v1\.0|atlas/v2))(?P<rest>/.*)?")
PROJECT = re.compile(r"/groups/(?P<project>[^/]+)(/.*)?")
VERSION = re.compile(r"application/vnd\.atlas\.(\d{4}-\d{2}-\d{2})\+json")
OLDEST_VERSION = "2023-01-01"
V2_MEDIA_TYPE = f"application/vnd.atlas.{OLDEST_VERSION}+json;charset=utf-8"
CLIENT_ADDRESS = "127.0.0.1"


@dataclass
class Project:
    id: str
    name: str
    atlas: bool
    log_jobs: dict[str, LogJob]
    clusters: dict[str, Cluster]
    bucket: TokenBucket
    minute: MinuteCounter


class MongoDB:
    def __init__(self, seed: Node | None, clock: Clock, variants: Variants):
        self._clock = clock
        self._variants = variants
        self._projects: dict[str, Project] = {}
        self._visible: dict[str, list[str]] = {}  # public key: projects that it may see; none means all
        keys: dict[str, str] = {}
        if seed is not None:
            keys = self._read_keys(seed)
            self._read_projects(seed)
            seed.done()
        self.secrets = list(keys.values()) + [
            job.token
            for project in self._projects.values()
            for c in project.clusters.values()
            for job in c.jobs.values()
        ]
        self._gate = DigestGate(keys, clock, variants)
        self._logs = LogCollection(clock, variants)
        self._restores = AtlasRestore(clock, variants)

    def label(self, path: str) -> str | None:
        match = BASE.fullmatch(path)
        if match is None:
            return None
        logs = match["base"].startswith("/api/public") or log_collection.PATH.fullmatch(match["rest"] or "")
        return "log_collection" if logs else "atlas_restore"

    def answer(self, call: Call) -> Answer:
        username, stale = self._gate.check(call)
        if username is None:
            answer = self._gate.challenge(stale)
        else:
            try:
                answer = self._authenticated(call, username)
            except ApiError as error:
                answer = error.answer()
        answer.headers.setdefault("Server", "mdbws")
        for name, value in COMMON_HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    def _authenticated(self, call: Call, username: str) -> Answer:
        denied = self._variants["access_denied"]
        if denied:
            raise ApiError(denied, *([CLIENT_ADDRESS] if "%s" in CODES[denied][1] else []))
        match = BASE.fullmatch(call.path)
        base, rest = match["base"], match["rest"] or ""
        if base.endswith("/v2"):
            self._check_version(call)
        project = self._project(call, base, rest, username)
        if not project.atlas:
            return self._counted(call, project, base, rest)
        within = project.bucket.take(self._clock.now())
        if self._variants["rate_limits"] and not within:
            answer = project.bucket.refusal(call.path)
        else:
            answer = self._dispatch(call, project, base, rest)
        if self._variants["rate_limit_headers"] and answer.status != 401:
            answer.headers["RateLimit-Limit"] = str(project.bucket.capacity)
            answer.headers["RateLimit-Remaining"] = str(project.bucket.remaining)
        return answer

    def _counted(self, call: Call, project: Project, base: str, rest: str) -> Answer:
        now = self._clock.now()
        within = project.minute.take(now)
        if self._variants["rate_limits"] and not within:
            return project.minute.refusal(call.path, now)
        return self._dispatch(call, project, base, rest)

    def _dispatch(self, call: Call, project: Project, base: str, rest: str) -> Answer:
        try:
            match = log_collection.PATH.fullmatch(rest)
            if match and not base.endswith("/v2"):
                return self._logs.answer(call, base, match, project.log_jobs)
            match = atlas_restore.PATH.fullmatch(rest)
            if match and project.atlas:
                media_type = V2_MEDIA_TYPE if base.endswith("/v2") else "application/json"
                return self._restores.answer(call, base, match, project.clusters, media_type)
            raise ApiError("RESOURCE_NOT_FOUND", call.path)
        except ApiError as error:
            return error.answer()

    def _check_version(self, call: Call) -> None:
        asked = VERSION.search(call.headers.get("Accept", ""))
        # A later date is fine: it resolves to the newest version that is not younger.
        if asked is None or asked[1] < OLDEST_VERSION:
            raise ApiError("INVALID_VERSION_DATE", status=self._variants["version_header_error"])

    def _project(self, call: Call, base: str, rest: str, username: str) -> Project:
        match = PROJECT.fullmatch(rest)
        if match is None:
            raise ApiError("RESOURCE_NOT_FOUND", call.path)
        project_id = match["project"]
        if not HEX24.fullmatch(project_id):
            raise ApiError("INVALID_GROUP_ID", project_id)
        if self._visible[username] and project_id not in self._visible[username]:
            raise ApiError("NOT_IN_GROUP")
        project = self._projects.get(project_id)
        if project is None:
            raise ApiError("GROUP_NOT_FOUND", project_id)
        if project.atlas and base.startswith("/api/public"):
            raise ApiError("ATLAS_GROUP", project_id)
        if not project.atlas and base.startswith("/api/atlas"):
            raise ApiError("NOT_ATLAS_GROUP", project_id)
        return project

    def failure(self, call: Call, status: int, code: str | None, message: str | None, wait: int) -> Answer:
        """The error of this service when a fault asks for `status`."""
        if status == 429 and code is None:
            if self.label(call.path) == "atlas_restore":
                return token_bucket_error(call.path, wait, self._variants).answer()
            return rate_limit_error(call.path, self._variants).answer()
        code = code or "UNEXPECTED_ERROR"
        return error_answer(status, code, message or CODES.get(code, CODES["UNEXPECTED_ERROR"])[1], [])

    def state(self) -> dict:
        now = self._clock.now()
        logs: dict[str, dict] = {}
        restores: dict[str, dict] = {}
        for project in self._projects.values():
            for job in project.log_jobs.values():
                job.settle(now)
            jobs = {job.id: {"status": job.status} for job in project.log_jobs.values()}
            if jobs or not project.atlas:
                logs[project.id] = {"jobs": jobs}
            if project.atlas:
                restores[project.id] = {
                    "clusters": {c.name: self._cluster_state(c, now) for c in project.clusters.values()}
                }
        return {"log_collection": logs, "atlas_restore": restores}

    @staticmethod
    def _cluster_state(cluster: Cluster, now: float) -> dict:
        return {
            "jobs": {
                job.id: {"cancelled": job.cancelled, "status": job.status(now), "deliveryType": job.delivery_type}
                for job in cluster.jobs.values()
            }
        }

    def _read_keys(self, seed: Node) -> dict[str, str]:
        keys: dict[str, str] = {}
        for node in seed.nodes("keys"):
            public = node.text("public_key")
            keys[public] = node.text("private_key")
            self._visible[public] = node.texts("projects")
            node.done()
        return keys

    def _read_projects(self, seed: Node) -> None:
        now = self._clock.now()
        for node in seed.nodes("projects"):
            project_id = node.text("id", pattern=HEX24)
            if project_id in self._projects:
                node.fail("id", f"{project_id} is there twice")
            atlas = node.choice("family", ("ops_manager", "atlas")) == "atlas"
            if not atlas and "clusters" in node:
                node.fail("clusters", "only a project of the family atlas has clusters here")
            self._projects[project_id] = Project(
                id=project_id,
                name=node.text("name"),
                atlas=atlas,
                log_jobs=log_collection.read_jobs(node, project_id, now),
                clusters=atlas_restore.read_clusters(node, project_id, now),
                bucket=TokenBucket(now, self._variants),
                minute=MinuteCounter(self._variants),
            )
            node.done()
