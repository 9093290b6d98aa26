# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass

from ....seed import HEX24, SeedNode

STATUSES = ("queued", "inProgress", "completed", "failed")
FREQUENCIES = ("hourly", "daily", "weekly", "monthly", "yearly", "ondemand")
TAKING_SECONDS = 120.0
TYPES = ("scheduled", "onDemand", "fallback")
# The share of its time that a new snapshot is queued, and the shares of the rest after which it shows more fields.
WAITING = 0.05
VERSION_KNOWN = 0.15
TAKEN = 0.6
DAY = 86400.0
SIZE = 1_550_839_808


@dataclass
class Snapshot:
    id: str
    requested: float
    starts: float  # queued until then
    taken: float  # the point in time of the data
    completes: float
    fails: bool
    description: str | None
    type: str
    frequency: str
    size: int
    retention: float
    policy_items: list[str]
    members: dict[str, str]  # {shard: id of its own snapshot}; none for a replica set

    @property
    def is_on_demand(self) -> bool:
        return self.type == "onDemand"

    def is_under_way(self, now: float) -> bool:
        return now < self.completes

    def knows_version(self, now: float) -> bool:
        return now >= _between(self.starts, self.completes, VERSION_KNOWN)

    def status(self, now: float) -> str:
        if now < self.starts:
            return "queued"
        if now < self.completes:
            return "inProgress"
        return "failed" if self.fails else "completed"

    def expires(self, now: float) -> float:
        """The retention is counted from the request at first, and from the completion later."""
        return (self.completes if self.status(now) == "completed" else self.requested) + self.retention


@dataclass
class NewSnapshotDefaults:
    """How the snapshots proceed that are taken of a cluster."""

    takes: float
    fails: bool


def _between(begin: float, end: float, share: float) -> float:
    return begin + (end - begin) * share


def member_ids(snapshot_id: str, shards: list[str]) -> dict[str, str]:
    """Ids for the snapshots of the shards, besides that of the whole cluster."""
    return {shard: f"{snapshot_id[:8]}{index:04x}{snapshot_id[12:]}" for index, shard in enumerate(shards, 1)}


def new_snapshot(
    snapshot_id: str, now: float, new: NewSnapshotDefaults, shards: list[str], description: str | None, days: float
) -> Snapshot:
    starts = now + new.takes * WAITING
    return Snapshot(
        id=snapshot_id,
        requested=now,
        starts=starts,
        taken=_between(starts, now + new.takes, TAKEN),
        completes=now + new.takes,
        fails=new.fails,
        description=description,
        type="onDemand",
        frequency="ondemand",
        size=SIZE,
        retention=days * DAY,
        policy_items=[],
        members=member_ids(snapshot_id, shards),
    )


def read_new_snapshots(cluster: SeedNode) -> NewSnapshotDefaults:
    node = cluster.node("new_snapshots") or SeedNode({}, "")
    snapshots = NewSnapshotDefaults(takes=node.duration("takes", TAKING_SECONDS), fails=node.flag("fails"))
    node.reject_unread_fields()
    return snapshots


def read_snapshots(cluster: SeedNode, shards: list[str], now: float) -> dict[str, Snapshot]:
    snapshots: dict[str, Snapshot] = {}
    for node, snapshot_id, index in cluster.entries("snapshots", HEX24, 24):
        if snapshot_id in snapshots:
            node.fail("id", f"{snapshot_id} is there twice")
        snapshots[snapshot_id] = _read_snapshot(node, snapshot_id, shards, now, index)
    return snapshots


def _read_snapshot(node: SeedNode, snapshot_id: str, shards: list[str], now: float, index: int) -> Snapshot:
    status = node.choice("status", STATUSES, "completed")
    kind = node.choice("type", TYPES, "scheduled")
    ended = status in ("completed", "failed")
    requested = now - node.duration("age", 3600.0 if ended else 30.0) - index
    completes = min(now, requested + TAKING_SECONDS) if ended else now + node.duration("completes_in", TAKING_SECONDS)
    starts = _between(now, completes, WAITING) if status == "queued" else requested
    # A snapshot that has ended is as old as the seed says.
    taken = requested if ended else _between(starts, completes, TAKEN)
    snapshot = Snapshot(
        id=snapshot_id,
        requested=requested,
        starts=starts,
        taken=taken,
        completes=completes,
        fails=status == "failed" or (not ended and node.flag("fails")),
        description=node.optional_text("description"),
        type=kind,
        frequency=node.choice("frequency_type", FREQUENCIES, "ondemand" if kind == "onDemand" else "daily"),
        size=node.integer("size", SIZE),
        retention=node.duration("expires_after", 7 * DAY),
        policy_items=node.texts("policy_items"),
        # Some snapshots were taken before the cluster was sharded.
        members=member_ids(snapshot_id, [] if node.flag("before_sharding") else shards),
    )
    node.reject_unread_fields()
    return snapshot
