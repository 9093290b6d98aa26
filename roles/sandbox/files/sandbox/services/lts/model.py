# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from ...seed import HEX32, UUID, SeedNode

TRANSFER_TYPES = ("OBS", "DIS", "DMS")
STATUSES = ("ENABLE", "DISABLE", "EXCEPTION")
FORMATS = ("RAW", "JSON")
AGENCY_FIELDS = (
    "agency_domain_id",
    "agency_domain_name",
    "agency_name",
    "agency_project_id",
    "be_agency_domain_id",
    "be_agency_project_id",
)
# The service adds this to all tags.
SYSTEM_TAG = {"_sys_enterprise_project_id": "0"}
NAMESPACE = uuid.UUID("5b0c9d1e-0000-4000-8000-000000000000")


@dataclass
class Stream:
    id: str
    name: str
    created: float
    own_ttl: int | None  # None: that of the group
    tag: dict[str, str]
    group: Group = field(repr=False)
    alias: str | None = None
    listed_from: float = 0.0

    @property
    def ttl_in_days(self) -> int:
        return self.group.ttl_in_days if self.own_ttl is None else self.own_ttl

    def document(self) -> dict[str, Any]:
        document = {
            "creation_time": int(self.created * 1000),
            "log_stream_name": self.name,
            "log_stream_id": self.id,
            "filter_count": 0,
            "tag": self.tag,
            "ttl_in_days": self.ttl_in_days,
        }
        return {**document, "log_stream_name_alias": self.alias} if self.alias else document


@dataclass
class Group:
    id: str
    name: str
    created: float
    ttl_in_days: int
    tag: dict[str, str]
    streams: dict[str, Stream]
    alias: str | None = None
    listed_from: float = 0.0

    def document(self) -> dict[str, Any]:
        document = {
            "creation_time": int(self.created * 1000),
            "log_group_name": self.name,
            "log_group_id": self.id,
            "ttl_in_days": self.ttl_in_days,
            "tag": self.tag,
        }
        return {**document, "log_group_name_alias": self.alias} if self.alias else document

    def state(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "streams": {stream.id: stream.name for stream in self.streams.values()},
            "ttl_in_days": self.ttl_in_days,
            "tags": dict(self.tag),
            "stream_settings": {
                stream.id: {"ttl_in_days": stream.ttl_in_days, "tags": dict(stream.tag)}
                for stream in self.streams.values()
            },
        }


@dataclass
class Transfer:
    id: str
    group: Group
    streams: list[Stream]
    type: str
    status: str
    created: float
    detail: dict[str, Any]
    format: str = "RAW"
    agency: dict[str, str] | None = None
    listed_from: float = 0.0

    def uses(self, stream_id: str) -> bool:
        return any(stream.id == stream_id for stream in self.streams)

    def document(self) -> dict[str, Any]:
        info = {
            "log_create_time": int(self.created * 1000),
            "log_transfer_type": self.type,
            "log_transfer_mode": "cycle",
            "log_storage_format": self.format,
            "log_transfer_status": self.status,
            "log_transfer_detail": self.detail,
        }
        if self.agency:
            info["log_agency_transfer"] = self.agency
        return {
            "log_group_id": self.group.id,
            "log_group_name": self.group.name,
            "log_streams": [{"log_stream_id": s.id, "log_stream_name": s.name} for s in self.streams],
            "log_transfer_id": self.id,
            "log_transfer_info": info,
        }

    def state(self) -> dict[str, Any]:
        return {
            "streams": [stream.id for stream in self.streams],
            "status": self.status,
            "group": self.group.id,
            "format": self.format,
            "detail": dict(self.detail),
            "agency": self.agency,
        }


@dataclass
class Project:
    groups: dict[str, Group]
    transfers: dict[str, Transfer]
    buckets: list[str] | None = None  # None: any bucket exists
    _counts: dict[str, int] = field(default_factory=dict)

    def new_id(self, *parts: str) -> str:
        """An id for a new object. The same sequence of creations gets the same ids after every reset."""
        key = "/".join(parts)
        self._counts[key] = self._counts.get(key, 0) + 1
        return str(uuid.uuid5(NAMESPACE, f"{key}/{self._counts[key]}"))

    def blocking_transfers(self, disabled_too: bool) -> list[Transfer]:
        """The transfers that prevent their streams and groups from being deleted."""
        return [transfer for transfer in self.transfers.values() if disabled_too or transfer.status != "DISABLE"]

    def state(self) -> dict[str, Any]:
        return {
            "groups": {group.id: group.state() for group in self.groups.values()},
            "transfers": {transfer.id: transfer.state() for transfer in self.transfers.values()},
        }


def read_projects(seed: SeedNode, now: float) -> dict[str, Project]:
    projects = {}
    for node in seed.nodes("projects"):
        buckets = node.texts("buckets") if "buckets" in node else None
        project = projects[node.text("id", pattern=HEX32)] = Project({}, {}, buckets)
        for group_node in node.nodes("groups"):
            _read_group(group_node, project, now)
        node.reject_unread_fields()
    return projects


def _read_group(node: SeedNode, project: Project, now: float) -> None:
    created, ttl = now - node.duration("age", 0), node.integer("ttl_in_days", 30, 1)
    group = Group(node.text("id", pattern=UUID), node.text("name"), created, ttl, _read_tags(node), {})
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
    node.reject_unread_fields()


def _read_streams(node: SeedNode, group: Group, now: float) -> list[Stream]:
    created, tag = now - node.duration("age", 0), _read_tags(node)
    own_ttl = node.optional_integer("ttl_in_days", 1)
    if "count" in node:
        prefix = node.text("name_prefix")
        names = [f"{prefix}{index}" for index in range(1, node.integer("count") + 1)]
        streams = [
            Stream(str(uuid.uuid5(NAMESPACE, group.id + name)), name, created, own_ttl, dict(tag), group)
            for name in names
        ]
    else:
        streams = [Stream(node.text("id", pattern=UUID), node.text("name"), created, own_ttl, tag, group)]
    node.reject_unread_fields()
    return streams


def _read_transfer(node: SeedNode, transfer_id: str, group: Group, now: float) -> Transfer:
    by_name = {stream.name: stream for stream in group.streams.values()}
    names = node.texts("streams", choices=tuple(by_name))
    detail = {
        "obs_period": node.integer("period", 3, 1),
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
        status=node.choice("status", STATUSES, "ENABLE"),
        created=now - node.duration("age", 0),
        detail=detail,
        format=node.choice("format", FORMATS, "RAW"),
        agency=_read_agency(node),
    )
    node.reject_unread_fields()
    return transfer


def _read_agency(node: SeedNode) -> dict[str, str] | None:
    agency = node.node("agency")
    if agency is None:
        return None
    read = {name: agency.text(name) for name in AGENCY_FIELDS}
    agency.reject_unread_fields()
    return read


def _read_tags(node: SeedNode) -> dict[str, str]:
    tags = node.node("tags")
    if tags is None:
        return dict(SYSTEM_TAG)
    return {**SYSTEM_TAG, **{key: tags.text(key) for key in tags}}
