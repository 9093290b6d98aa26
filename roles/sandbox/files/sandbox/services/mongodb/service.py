# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...clock import Clock
from ...http.messages import Request, Response, reason_phrase, text_response
from ...seed import HEX24, SeedNode
from ...variants.mongodb import MongoDBVariants
from ..contract import Failure
from . import log_collection, organizations
from .backups import cluster_api, deliveries, flex_api, restore_api, snapshot_api
from .backups.cluster_api import ClusterApi
from .backups.deliveries import Deliveries
from .backups.flex_api import FlexApi
from .backups.requests import BackupRequest
from .backups.restore_api import RestoreApi
from .backups.restore_jobs import RestoreJob
from .backups.snapshot_api import SnapshotApi
from .digest import DigestAuthenticator
from .errors import CODES, ApiError, error_response
from .log_collection import LogCollection, LogRequest
from .oauth import PREFIX as OAUTH_PREFIX
from .oauth import ServiceAccounts, bearer_token
from .organizations import Directory, DirectoryRequest
from .projects import DEFAULT, Project, read_organizations, read_projects
from .rate_limits import rate_limit_error, token_bucket_error
from .responses import COMMON_HEADERS, check_version
from .server_logs import service as server_logs
from .server_logs.jobs import read_ops_manager
from .server_logs.service import ServerLogCollection

API_PATH = re.compile(r"(?P<base>/api/(?:public/v1\.0|atlas/v1\.0|atlas/v2))(?P<rest>/.*)?")
PROJECT_PATH = re.compile(r"/groups/(?P<project>[^/]+)(/.*)?")
OLDEST_VERSION = "2023-01-01"
V2_MEDIA_TYPE = f"application/vnd.atlas.{OLDEST_VERSION}+json;charset=utf-8"
CLIENT_ADDRESS = "127.0.0.1"


@dataclass(frozen=True)
class ApiPath:
    """The path of a request to one of the APIs."""

    base: str
    rest: str

    @classmethod
    def parse(cls, path: str) -> ApiPath | None:
        match = API_PATH.fullmatch(path)
        return cls(match["base"], match["rest"] or "") if match else None

    @property
    def is_v2(self) -> bool:
        return self.base.endswith("/v2")

    @property
    def project_id(self) -> str | None:
        match = PROJECT_PATH.fullmatch(self.rest)
        return match["project"] if match else None


class MongoDB:
    """Ops Manager, Cloud Manager and Atlas.

    Handles what their APIs share: authentication, access lists, projects, API versions and rate limits.
    """

    def __init__(self, seed: SeedNode | None, clock: Clock, variants: MongoDBVariants):
        self._clock = clock
        self._variants = variants
        self._projects: dict[str, Project] = {}
        self._visible: dict[str, list[str]] = {}  # {public key: ids of the projects that it may see; none means all}
        self._accounts = ServiceAccounts(seed, clock, variants)
        keys: dict[str, str] = {}
        known = {DEFAULT.id: DEFAULT}
        self._ops_manager = read_ops_manager(seed or SeedNode({}, ""), clock.now())
        if seed is not None:
            keys = self._read_keys(seed)
            known = read_organizations(seed)
            self._projects = read_projects(seed, known, clock.now(), variants)
            seed.reject_unread_fields()
        self._keys = keys
        self._digest = DigestAuthenticator(keys, clock, variants)
        self._directory = Directory(known, clock.now(), variants)
        self._logs = LogCollection(clock, variants)
        self._server_logs = ServerLogCollection(self._ops_manager, clock, variants)
        clusters = {project.id: project.clusters for project in self._projects.values() if project.is_atlas}
        self._restores = RestoreApi(clusters, clock, variants)
        self._snapshots = SnapshotApi(clock, variants)
        self._flex = FlexApi(clusters, clock, variants)
        self._clusters = ClusterApi(clock.now(), variants)
        self._deliveries = Deliveries(self._restore_jobs, clock, variants)

    @property
    def secrets(self) -> list[str]:
        tokens = [token for job in self._restore_jobs() for token in job.tokens]
        return [*self._keys.values(), *self._accounts.secrets, *tokens]

    def _restore_jobs(self) -> Iterator[RestoreJob]:
        for project in self._projects.values():
            for cluster in project.clusters.values():
                yield from cluster.jobs.values()

    def label(self, path: str) -> str | None:
        if path.startswith(OAUTH_PREFIX):
            return "oauth"
        api_path = ApiPath.parse(path)
        if api_path is None:
            return "delivery" if deliveries.PATH.fullmatch(path) else None
        is_logs = api_path.base.startswith("/api/public") or log_collection.PATH.fullmatch(api_path.rest)
        return "log_collection" if is_logs else "atlas_restore"

    def is_upload(self, request: Request) -> bool:
        return False

    def rejects_upload(self, request: Request) -> bool:
        return False

    def handle(self, request: Request) -> Response:
        api_path = ApiPath.parse(request.path)
        if request.path.startswith(OAUTH_PREFIX):
            response = self._accounts.handle(request)
        elif api_path:
            response = self._handle_api(request, api_path)
        else:
            return self._deliveries.handle(request)
        response.headers.setdefault("Server", "mdbws")
        for name, value in COMMON_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def _handle_api(self, request: Request, path: ApiPath) -> Response:
        token = bearer_token(request)
        if token is not None and self._accepts_tokens(path):
            account = self._accounts.owner(token)
            if account is None:
                return error_response(401, "UNEXPECTED_ERROR", "You are not authorized for this resource.", None)
            visible = account.projects
        else:
            result = self._digest.check(request)
            if result.public_key is None:
                return self._digest.challenge(result.stale)
            visible = self._visible[result.public_key]
        try:
            return self._handle_authenticated(request, path, visible)
        except ApiError as error:
            return error.response()

    def _accepts_tokens(self, path: ApiPath) -> bool:
        """Ops Manager does not have service accounts."""
        if server_logs.PATH.fullmatch(path.rest):
            return False
        project = self._projects.get(path.project_id or "")
        return project is None or project.family != "ops_manager"

    def _handle_authenticated(self, request: Request, path: ApiPath, visible: list[str]) -> Response:
        """`visible` lists the projects that the caller may see; none means all."""
        denied = self._variants.access_denied
        if denied:
            raise ApiError(denied, *([CLIENT_ADDRESS] if "%s" in CODES[denied][1] else []))
        if path.is_v2:
            self._check_version(request)
        match = organizations.PATH.fullmatch(path.rest)
        if match:
            return self._directory.handle(self._directory_request(request, path, visible), match)
        match = server_logs.PATH.fullmatch(path.rest)
        if match and path.base.startswith("/api/public"):
            # A key for some projects has no global role.
            if visible:
                raise ApiError("USER_UNAUTHORIZED")
            return self._server_logs.handle(request, match)
        project = self._find_project(request, path, visible)
        return self._limit_rate(request, path, project)

    def _directory_request(self, request: Request, path: ApiPath, visible: list[str]) -> DirectoryRequest:
        is_atlas, has_token = not path.base.startswith("/api/public"), bearer_token(request) is not None
        projects = [
            project
            for project in self._projects.values()
            if (project.is_atlas == is_atlas or self._variants.project_list == "of_all_products")
            and (not visible or project.id in visible)
            and not (has_token and project.family == "ops_manager")
        ]
        media_type = V2_MEDIA_TYPE if path.is_v2 else "application/json"
        return DirectoryRequest(request, projects, is_atlas, media_type)

    def _check_version(self, request: Request) -> None:
        check_version(request, OLDEST_VERSION, self._variants)

    def _find_project(self, request: Request, path: ApiPath, visible: list[str]) -> Project:
        project_id = path.project_id
        if project_id is None:
            raise ApiError("RESOURCE_NOT_FOUND", request.path)
        if not HEX24.fullmatch(project_id):
            raise ApiError("INVALID_GROUP_ID", project_id)
        if visible and project_id not in visible:
            raise ApiError("NOT_IN_GROUP")
        project = self._projects.get(project_id)
        if project is None:
            raise ApiError("GROUP_NOT_FOUND", project_id)
        if project.is_atlas and path.base.startswith("/api/public"):
            raise ApiError("ATLAS_GROUP", project_id)
        if not project.is_atlas and path.base.startswith("/api/atlas"):
            raise ApiError("NOT_ATLAS_GROUP", project_id)
        return project

    def _limit_rate(self, request: Request, path: ApiPath, project: Project) -> Response:
        """Handles the request if the rate limit allows it. Requests count even while limits are not enforced."""
        now = self._clock.now()
        if not project.is_atlas:
            within_limit = project.minute.take(now)
            if self._variants.rate_limits and not within_limit:
                return project.minute.refusal(request.path, now)
            return self._dispatch(request, path, project)
        within_limit = project.bucket.take(now)
        if self._variants.rate_limits and not within_limit:
            response = project.bucket.refusal(request.path)
        else:
            response = self._dispatch(request, path, project)
        if self._variants.rate_limit_headers and response.status != 401:
            response.headers["RateLimit-Limit"] = str(project.bucket.capacity)
            response.headers["RateLimit-Remaining"] = str(project.bucket.remaining)
        return response

    def _dispatch(self, request: Request, path: ApiPath, project: Project) -> Response:
        try:
            match = log_collection.PATH.fullmatch(path.rest)
            if match and not path.is_v2:
                return self._logs.handle(LogRequest(request, path.base, project.logs), match)
            if project.is_atlas:
                media_type = V2_MEDIA_TYPE if path.is_v2 else "application/json"
                backup_request = BackupRequest(request, path.base, project.id, project.clusters, media_type)
                if cluster_api.PATH.fullmatch(path.rest):
                    return self._clusters.handle(backup_request)
                match = restore_api.PATH.fullmatch(path.rest)
                if match:
                    return self._restores.handle(backup_request, match)
                match = snapshot_api.PATH.fullmatch(path.rest)
                if match:
                    return self._snapshots.handle(backup_request, match)
                match = flex_api.PATH.fullmatch(path.rest)
                if match and path.is_v2:
                    return self._flex.handle(request, project.id, match)
            raise ApiError("RESOURCE_NOT_FOUND", request.path)
        except ApiError as error:
            return error.response()

    def failure(self, request: Request, failure: Failure) -> Response:
        label, status, code = self.label(request.path), failure.status, failure.code
        if label == "delivery":
            return text_response(status, f"{failure.message or reason_phrase(status)}\n")
        if label == "oauth" and not (status == 429 and self._variants.token_limit_form == "api"):
            return self._accounts.failure(status, code, failure.message)
        if status == 429 and code is None:
            if label == "atlas_restore":
                return token_bucket_error(request.path, failure.wait, self._variants).response()
            return rate_limit_error(request.path, self._variants).response()
        code = code or "UNEXPECTED_ERROR"
        message = failure.message or CODES.get(code, CODES["UNEXPECTED_ERROR"])[1]
        return error_response(status, code, message, [])

    def state(self) -> dict[str, Any]:
        now = self._clock.now()
        logs: dict[str, Any] = {}
        restores: dict[str, Any] = {}
        for project in self._projects.values():
            if project.logs.jobs or not project.is_atlas:
                logs[project.id] = project.log_state(now)
            if project.is_atlas:
                restores[project.id] = project.backup_state(now)
        state: dict[str, Any] = {"log_collection": logs, "atlas_restore": restores}
        if self._ops_manager.servers:
            state["server_log_collection"] = self._ops_manager.log_state(now)
        accounts = self._accounts.state()
        return {**state, **({"oauth": accounts} if accounts else {})}

    def _read_keys(self, seed: SeedNode) -> dict[str, str]:
        keys: dict[str, str] = {}
        for node in seed.nodes("keys"):
            public = node.text("public_key")
            keys[public] = node.text("private_key")
            self._visible[public] = node.texts("projects")
            node.reject_unread_fields()
        return keys
