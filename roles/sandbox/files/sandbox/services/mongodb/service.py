# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...clock import Clock
from ...http.messages import Answer, Call, reason, text_answer
from ...seed import HEX24, Node
from ...variants.registry import Variants
from . import log_collection, log_jobs
from .api import (
    CODES,
    COMMON_HEADERS,
    ApiError,
    MinuteCounter,
    TokenBucket,
    error_answer,
    rate_limit_error,
    token_bucket_error,
)
from .backups import deliveries, restore_api, snapshot_api
from .backups.clusters import Cluster, read_clusters
from .backups.deliveries import Deliveries
from .backups.restore_api import AtlasRestore
from .backups.restore_jobs import RestoreJob
from .backups.snapshot_api import AtlasSnapshots
from .digest import DigestGate
from .log_collection import LogCollection
from .log_jobs import LogJob, LogProject
from .oauth import PREFIX as OAUTH
from .oauth import ServiceAccounts, bearer_token

# What stands before both MongoDB services: authentication, access list, projects, API versions, rate limits.

BASE = re.compile(r"(?P<base>/api/(?:public/v1\.0|atlas/v1\.0|atlas/v2))(?P<rest>/.*)?")
PROJECT = re.compile(r"/groups/(?P<project>[^/]+)(/.*)?")
VERSION = re.compile(r"application/vnd\.atlas\.(\d{4}-\d{2}-\d{2})\+json")
OLDEST_VERSION = "2023-01-01"
V2_MEDIA_TYPE = f"application/vnd.atlas.{OLDEST_VERSION}+json;charset=utf-8"
FAMILIES = ("ops_manager", "cloud_manager", "atlas")
CLIENT_ADDRESS = "127.0.0.1"


@dataclass
class Project:
    id: str
    name: str
    family: str
    logs: LogProject
    clusters: dict[str, Cluster]
    bucket: TokenBucket
    minute: MinuteCounter

    @property
    def atlas(self) -> bool:
        return self.family == "atlas"


class MongoDB:
    def __init__(self, seed: Node | None, clock: Clock, variants: Variants):
        self._clock = clock
        self._variants = variants
        self._projects: dict[str, Project] = {}
        self._visible: dict[str, list[str]] = {}  # public key: projects that it may see; none means all
        self._accounts = ServiceAccounts(seed, clock, variants)
        keys: dict[str, str] = {}
        if seed is not None:
            keys = self._read_keys(seed)
            self._read_projects(seed)
            seed.done()
        self._keys = keys
        self._gate = DigestGate(keys, clock, variants)
        self._logs = LogCollection(clock, variants)
        clusters = {project.id: project.clusters for project in self._projects.values() if project.atlas}
        self._restores = AtlasRestore(clusters, clock, variants)
        self._snapshots = AtlasSnapshots(clock, variants)
        self._deliveries = Deliveries(self._restore_jobs, clock, variants)

    @property
    def secrets(self) -> list[str]:
        return [*self._keys.values(), *self._accounts.secrets, *self._delivery_tokens()]

    def _delivery_tokens(self) -> Iterator[str]:
        for job in self._restore_jobs():
            yield from job.tokens

    def _restore_jobs(self) -> Iterator[RestoreJob]:
        for project in self._projects.values():
            for cluster in project.clusters.values():
                yield from cluster.jobs.values()

    def label(self, path: str) -> str | None:
        if path.startswith(OAUTH):
            return "oauth"
        match = BASE.fullmatch(path)
        if match is None:
            return "delivery" if deliveries.PATH.fullmatch(path) else None
        logs = match["base"].startswith("/api/public") or log_collection.PATH.fullmatch(match["rest"] or "")
        return "log_collection" if logs else "atlas_restore"

    def answer(self, call: Call) -> Answer:
        label = self.label(call.path)
        if label == "delivery":
            return self._deliveries.answer(call)
        answer = self._accounts.answer(call) if label == "oauth" else self._answer(call)
        answer.headers.setdefault("Server", "mdbws")
        for name, value in COMMON_HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    def _answer(self, call: Call) -> Answer:
        token = bearer_token(call)
        if token is not None and self._takes_tokens(call.path):
            account = self._accounts.owner(token)
            if account is None:
                return error_answer(401, "UNEXPECTED_ERROR", "You are not authorized for this resource.", None)
            visible = account.projects
        else:
            username, stale = self._gate.check(call)
            if username is None:
                return self._gate.challenge(stale)
            visible = self._visible[username]
        try:
            return self._authenticated(call, visible)
        except ApiError as error:
            return error.answer()

    def _takes_tokens(self, path: str) -> bool:
        """Ops Manager does not know service accounts."""
        match = PROJECT.fullmatch(BASE.fullmatch(path)["rest"] or "")
        project = self._projects.get(match["project"]) if match else None
        return project is None or project.family != "ops_manager"

    def _authenticated(self, call: Call, visible: list[str]) -> Answer:
        """`visible` are the projects that the caller may see; none means all."""
        denied = self._variants["access_denied"]
        if denied:
            raise ApiError(denied, *([CLIENT_ADDRESS] if "%s" in CODES[denied][1] else []))
        match = BASE.fullmatch(call.path)
        base, rest = match["base"], match["rest"] or ""
        if base.endswith("/v2"):
            self._check_version(call)
        project = self._project(call, base, rest, visible)
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
                return self._logs.answer(call, base, match, project.logs)
            media_type = V2_MEDIA_TYPE if base.endswith("/v2") else "application/json"
            match = restore_api.PATH.fullmatch(rest)
            if match and project.atlas:
                return self._restores.answer(call, base, match, project.clusters, media_type)
            match = snapshot_api.PATH.fullmatch(rest)
            if match and project.atlas:
                return self._snapshots.answer(call, base, match, project.clusters, media_type)
            raise ApiError("RESOURCE_NOT_FOUND", call.path)
        except ApiError as error:
            return error.answer()

    def _check_version(self, call: Call) -> None:
        asked = VERSION.search(call.headers.get("Accept", ""))
        # A later date is fine: it resolves to the newest version that is not younger.
        if asked is None or asked[1] < OLDEST_VERSION:
            raise ApiError("INVALID_VERSION_DATE", status=self._variants["version_header_error"])

    def _project(self, call: Call, base: str, rest: str, visible: list[str]) -> Project:
        match = PROJECT.fullmatch(rest)
        if match is None:
            raise ApiError("RESOURCE_NOT_FOUND", call.path)
        project_id = match["project"]
        if not HEX24.fullmatch(project_id):
            raise ApiError("INVALID_GROUP_ID", project_id)
        if visible and project_id not in visible:
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
        label = self.label(call.path)
        if label == "delivery":
            return text_answer(status, f"{message or reason(status)}\n")
        if label == "oauth" and not (status == 429 and self._variants["token_limit_form"] == "api"):
            return self._accounts.failure(status, code, message)
        if status == 429 and code is None:
            if label == "atlas_restore":
                return token_bucket_error(call.path, wait, self._variants).answer()
            return rate_limit_error(call.path, self._variants).answer()
        code = code or "UNEXPECTED_ERROR"
        return error_answer(status, code, message or CODES.get(code, CODES["UNEXPECTED_ERROR"])[1], [])

    def state(self) -> dict:
        now = self._clock.now()
        logs: dict[str, dict] = {}
        restores: dict[str, dict] = {}
        for project in self._projects.values():
            jobs = {job.id: _log_job_state(job, now) for job in project.logs.jobs.values()}
            if jobs or not project.atlas:
                logs[project.id] = {"jobs": jobs}
            if project.atlas:
                restores[project.id] = {
                    "clusters": {cluster.name: cluster.state(now) for cluster in project.clusters.values()}
                }
        accounts = self._accounts.state()
        return {"log_collection": logs, "atlas_restore": restores, **({"oauth": accounts} if accounts else {})}

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
            family = node.choice("family", FAMILIES)
            if family != "atlas" and "clusters" in node:
                node.fail("clusters", "only a project of the family atlas has clusters here")
            self._projects[project_id] = Project(
                id=project_id,
                name=node.text("name"),
                family=family,
                logs=log_jobs.read_project(node, project_id, family, now),
                clusters=read_clusters(node, project_id, now),
                bucket=TokenBucket(now, self._variants),
                minute=MinuteCounter(self._variants),
            )
            node.done()


def _log_job_state(job: LogJob, now: float) -> dict[str, str | int]:
    job.settle(now)
    # How long it is kept in all, in seconds: dates depend on when the sandbox was started or reset.
    return {"status": job.status, "kept_for": int(job.expires) - int(job.created)}
