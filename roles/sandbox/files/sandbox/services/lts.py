# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from ..clock import Clock
from ..exchange import Answer, Call, json_answer, text_answer
from ..seed import HEX32, UUID, Node
from ..variants import Variants

JSON = "application/json;charset=UTF-8"
PREFIX = re.compile(r"/v2/(?P<project>[^/]+)(?P<rest>/.*)?")
# What the service itself adds to every tag map.
SYSTEM_TAG = {"_sys_enterprise_project_id": "0"}
TRANSFER_TYPES = ("OBS", "DIS", "DMS")
TOKEN_ERRORS = {
    "LTS.0002": "Current user is not authenticated correctly, check your token",
    "LTS.0003": "Invalid token",
    "LTS.0414": "Invalid token",
    "APIGW.0301": "Incorrect IAM authentication information: decrypt token fail",
    "APIGW.0307": "The token must be updated.",
}
FAILURES = {
    429: ("APIGW.0308", "The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:5 second"),
    502: ("APIGW.0201", "Backend unavailable"),
    504: ("APIGW.0201", "Backend timeout"),
}
INTERNAL = ("LTS.0010", "The system encountered an internal error")
STREAM_NAMESPACE = uuid.UUID("5b0c9d1e-0000-4000-8000-000000000000")


class LtsError(Exception):
    def __init__(self, status: int, code: str, text: str):
        super().__init__(code)
        self.status, self.code, self.text = status, code, text

    def answer(self) -> Answer:
        body = {"error_code": self.code, "error_msg": self.text}
        if self.code.startswith("APIGW."):  # the gateway in front of the service
            body["request_id"] = uuid.uuid4().hex
        return json_answer(self.status, body, JSON)


@dataclass
class Stream:
    id: str
    name: str
    created: float
    ttl_in_days: int
    tag: dict[str, str]


@dataclass
class Group:
    id: str
    name: str
    created: float
    ttl_in_days: int
    tag: dict[str, str]
    streams: dict[str, Stream]


@dataclass
class Transfer:
    id: str
    group: Group
    streams: list[Stream]
    type: str
    status: str
    created: float
    detail: dict


@dataclass
class Project:
    groups: dict[str, Group]
    transfers: dict[str, Transfer]


class Lts:
    def __init__(self, seed: Node | None, clock: Clock, variants: Variants):
        self._clock = clock
        self._variants = variants
        self._tokens: dict[str, tuple[float, list[str]]] = {}  # token: (end of its life, projects)
        self._projects: dict[str, Project] = {}
        if seed is not None:
            self._read(seed)
        self.secrets = list(self._tokens)
        # (pattern of what stands behind the project, {method: operation}): further operations go here
        self._routes = (
            (re.compile(r"/groups"), {"GET": self._list_groups}),
            (re.compile(r"/groups/([^/]+)/streams"), {"GET": self._list_streams}),
            (re.compile(r"/groups/([^/]+)/streams/([^/]+)"), {"DELETE": self._delete_stream}),
            (re.compile(r"/log-streams"), {"GET": self._list_all_streams}),
            (re.compile(r"/transfers"), {"GET": self._list_transfers, "DELETE": self._delete_transfer}),
        )

    def label(self, path: str) -> str | None:
        return "lts" if PREFIX.fullmatch(path) else None

    def answer(self, call: Call) -> Answer:
        try:
            return self._answer(call)
        except LtsError as error:
            return error.answer()

    def _answer(self, call: Call) -> Answer:
        match = PREFIX.fullmatch(call.path)
        project_id, rest = match["project"], match["rest"] or ""
        operation, names = self._route(call.method, rest)
        allowed = self._check_token(call.headers.get("X-Auth-Token", ""))
        if not call.headers.get("Content-Type", "").lower().startswith("application/json"):
            # Seen live: 415 in general, but 500 on the transfers.
            if rest == "/transfers":
                raise LtsError(500, *INTERNAL)
            return text_answer(415, "Unsupported Media Type")
        if project_id not in allowed or project_id not in self._projects:
            raise LtsError(403, "LTS.0001", "Invalid projectId")
        return operation(call, self._projects[project_id], *names)

    def _route(self, method: str, rest: str) -> tuple:
        for pattern, operations in self._routes:
            match = pattern.fullmatch(rest)
            if match and method in operations:
                return operations[method], match.groups()
            if match:
                raise LtsError(404, "APIGW.0101", f"The API does not exist: method {method} not found")
        raise LtsError(404, "APIGW.0101", "The API does not exist or has not been published")

    def _check_token(self, token: str) -> list[str]:
        expires, projects = self._tokens.get(token, (0.0, []))
        if self._clock.now() >= expires:
            code = self._variants["token_error"]
            raise LtsError(401, code, TOKEN_ERRORS[code])
        return projects

    def _list_groups(self, call: Call, project: Project) -> Answer:
        groups = [
            {
                "creation_time": int(group.created * 1000),
                "log_group_name": group.name,
                "log_group_id": group.id,
                "ttl_in_days": group.ttl_in_days,
                "tag": group.tag,
            }
            for group in project.groups.values()
        ]
        return json_answer(200, {"log_groups": groups}, JSON)

    def _list_streams(self, call: Call, project: Project, group_id: str) -> Answer:
        group = self._group(project, group_id)
        return json_answer(200, {"log_streams": [_stream_document(s) for s in group.streams.values()]}, JSON)

    def _list_all_streams(self, call: Call, project: Project) -> Answer:
        group_name, stream_name = call.query.get("log_group_name"), call.query.get("log_stream_name")
        streams = []
        for group in project.groups.values():
            if group_name not in (None, group.name):
                continue
            for stream in group.streams.values():
                if stream_name in (None, stream.name):
                    shown = _stream_document(stream)
                    if self._variants["log_streams_group_id"]:
                        shown["log_group_id"] = group.id
                    streams.append(shown)
        return json_answer(200, {"log_streams": streams}, JSON)

    def _delete_stream(self, call: Call, project: Project, group_id: str, stream_id: str) -> Answer:
        if group_id not in project.groups and self._variants["missing_stream_in_missing_group"] == "LTS.0208":
            raise self._missing_stream(stream_id)
        group = self._group(project, group_id)
        if stream_id not in group.streams:
            raise self._missing_stream(stream_id)
        for transfer in project.transfers.values():
            if transfer.status == "DISABLE" and not self._variants["disabled_transfer_blocks"]:
                continue
            if any(stream.id == stream_id for stream in transfer.streams):
                code = self._variants["blocked_stream_code"]
                noun = "topic" if code == "LTS.0207" else "stream"
                raise LtsError(400, code, f"Log {noun} is associated by transfer")
        del group.streams[stream_id]
        return Answer(204, acted=True)

    def _list_transfers(self, call: Call, project: Project) -> Answer:
        kind, group_name = call.query.get("log_transfer_type"), call.query.get("log_group_name")
        stream_name = call.query.get("log_stream_name")
        if kind not in (None, *TRANSFER_TYPES):
            raise LtsError(400, "LTS.0001", "Invalid log transfer type")
        if group_name is not None and group_name not in [group.name for group in project.groups.values()]:
            raise LtsError(400, "LTS.0201", "The log group is not existed")
        offset = _whole(call.query.get("offset", "0"), 1024)
        limit = _whole(call.query.get("limit", "100"), 100)
        if not self._variants["transfer_offset_works"]:
            offset = 0
        found = [
            _transfer_document(transfer)
            for transfer in project.transfers.values()
            if kind in (None, transfer.type)
            and group_name in (None, transfer.group.name)
            and (stream_name is None or stream_name in [stream.name for stream in transfer.streams])
        ]
        return json_answer(200, {"log_transfers": found[offset : offset + limit]}, JSON)

    def _delete_transfer(self, call: Call, project: Project) -> Answer:
        transfer_id = call.query.get("log_transfer_id")
        if not transfer_id:
            raise LtsError(400, "LTS.0009", "The Field transfer id is invalid or missing.")
        transfer = project.transfers.pop(transfer_id, None)
        if transfer is None:
            raise LtsError(400, "LTS.0405", "The log transfer does not existed")
        return json_answer(200, _transfer_document(transfer), JSON, acted=True)

    def _group(self, project: Project, group_id: str) -> Group:
        group = project.groups.get(group_id)
        if group is not None:
            return group
        status = self._variants["missing_group_status"]
        text = "The log group does not exist" if status == 404 else "The log group is not existed"
        raise LtsError(status, "LTS.0201", text)

    def _missing_stream(self, stream_id: str) -> LtsError:
        return LtsError(400, "LTS.0208", self._variants["missing_stream_message"].replace("<id>", stream_id))

    def failure(self, call: Call, status: int, code: str | None, message: str | None, wait: int) -> Answer:
        """The error of this service when a fault asks for `status`."""
        if status == 503 and code is None:  # documented as a plain string
            return text_answer(503, message or "The requested service is unavailable.")
        usual_code, usual_text = FAILURES.get(status, INTERNAL)
        return LtsError(status, code or usual_code, message or usual_text).answer()

    def state(self) -> dict:
        return {
            "lts": {
                project_id: {
                    "groups": {
                        g.id: {"name": g.name, "streams": {s.id: s.name for s in g.streams.values()}}
                        for g in project.groups.values()
                    },
                    "transfers": {
                        t.id: {"streams": [s.id for s in t.streams], "status": t.status}
                        for t in project.transfers.values()
                    },
                }
                for project_id, project in self._projects.items()
            }
        }

    def _read(self, seed: Node) -> None:
        now = self._clock.now()
        for node in seed.nodes("tokens"):
            expires = now + (
                -node.duration("expired_for") if "expired_for" in node else node.duration("expires_in", 86400.0)
            )
            self._tokens[node.text("token")] = (expires, node.texts("projects"))
            node.done()
        for node in seed.nodes("projects"):
            project = self._projects[node.text("id", pattern=HEX32)] = Project({}, {})
            for group_node in node.nodes("groups"):
                _read_group(group_node, project, now)
            node.done()
        seed.done()


def _whole(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > most:
        raise LtsError(400, "LTS.0009", "Failed to validate the request body")
    return int(text)


def _stream_document(stream: Stream) -> dict:
    return {
        "creation_time": int(stream.created * 1000),
        "log_stream_name": stream.name,
        "log_stream_id": stream.id,
        "filter_count": 0,
        "tag": stream.tag,
        "ttl_in_days": stream.ttl_in_days,
    }


def _transfer_document(transfer: Transfer) -> dict:
    return {
        "log_group_id": transfer.group.id,
        "log_group_name": transfer.group.name,
        "log_streams": [{"log_stream_id": s.id, "log_stream_name": s.name} for s in transfer.streams],
        "log_transfer_id": transfer.id,
        "log_transfer_info": {
            "log_create_time": int(transfer.created * 1000),
            "log_transfer_type": transfer.type,
            "log_transfer_mode": "cycle",
            "log_storage_format": "RAW",
            "log_transfer_status": transfer.status,
            "log_transfer_detail": transfer.detail,
        },
    }


def _read_group(node: Node, project: Project, now: float) -> None:
    created, ttl = now - node.duration("age", 0), int(node.number("ttl_in_days", 30, 1))
    group = Group(node.text("id", pattern=UUID), node.text("name"), created, ttl, _tags(node), {})
    if group.id in project.groups:
        node.fail("id", f"{group.id} is there twice")
    project.groups[group.id] = group
    for stream_node in node.nodes("streams"):
        for stream in _read_streams(stream_node, group, now):
            if stream.id in group.streams:
                stream_node.fail("id", f"{stream.id} is there twice")
            group.streams[stream.id] = stream
    for transfer_node, transfer_id, index in node.entries("transfers", UUID, 36):
        if transfer_id in project.transfers:
            transfer_node.fail("id", f"{transfer_id} is there twice")
        project.transfers[transfer_id] = _read_transfer(transfer_node, transfer_id, group, now - index)
    node.done()


def _read_streams(node: Node, group: Group, now: float) -> list[Stream]:
    created, tag = now - node.duration("age", 0), _tags(node)
    ttl = int(node.number("ttl_in_days", group.ttl_in_days, 1))
    if "count" in node:
        prefix = node.text("name_prefix")
        names = [f"{prefix}{index}" for index in range(1, int(node.number("count")) + 1)]
        streams = [
            Stream(str(uuid.uuid5(STREAM_NAMESPACE, group.id + name)), name, created, ttl, tag) for name in names
        ]
    else:
        streams = [Stream(node.text("id", pattern=UUID), node.text("name"), created, ttl, tag)]
    node.done()
    return streams


def _read_transfer(node: Node, transfer_id: str, group: Group, now: float) -> Transfer:
    by_name = {stream.name: stream for stream in group.streams.values()}
    names = node.texts("streams", choices=tuple(by_name))
    detail = {
        "obs_period": int(node.number("period", 3, 1)),
        "obs_period_unit": node.choice("period_unit", ("min", "hour"), "hour"),
        "obs_bucket_name": node.text("bucket"),
        "obs_prefix_name": node.text("prefix", ""),
        "obs_dir_pre_fix_name": node.text("directory", ""),
        "obs_encrypted_enable": False,
    }
    transfer = Transfer(
        id=transfer_id,
        group=group,
        streams=[by_name[name] for name in names],
        type=node.choice("type", TRANSFER_TYPES, "OBS"),
        status=node.choice("status", ("ENABLE", "DISABLE", "EXCEPTION"), "ENABLE"),
        created=now - node.duration("age", 0),
        detail=detail,
    )
    node.done()
    return transfer


def _tags(node: Node) -> dict[str, str]:
    tags = node.node("tags")
    if tags is None:
        return dict(SYSTEM_TAG)
    read = {key: tags.text(key) for key in tags}
    return {**SYSTEM_TAG, **read}
