# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

from ....clock import Clock, iso
from ....http.messages import Answer, Call
from ....seed import HEX24
from ....variants.registry import Variants
from ..api import ApiError, NewIds, document, listed
from ..body import Body
from .clusters import Cluster, find_cluster
from .snapshots import Snapshot, new_snapshot

PATH = re.compile(r"/groups/(?P<project>[^/]+)/clusters/(?P<cluster>[^/]+)/backup/snapshots(?P<rest>/.*)?")
PROVIDER = "AWS"
MONGOD_VERSION = "8.0.4"
CONFIG_SERVER_TYPE = "DEDICATED"


class AtlasSnapshots:
    def __init__(self, clock: Clock, variants: Variants):
        self._clock = clock
        self._variants = variants
        self._ids = NewIds("66f1c0de0000000000e0")
        # (pattern of what stands behind the folder, {method: operation}): further operations of the API go here
        self._routes = (
            (re.compile(r""), {"GET": self._list, "POST": self._create}),
            (re.compile(r"/shardedClusters"), {"GET": self._list_sharded}),
            (re.compile(r"/shardedCluster/([^/]+)"), {"GET": self._get_sharded, "DELETE": self._delete_sharded}),
            (re.compile(r"/([^/]+)"), {"GET": self._get, "DELETE": self._delete}),
        )

    def answer(self, call: Call, base: str, match: re.Match, clusters: dict[str, Cluster], media_type: str) -> Answer:
        for pattern, operations in self._routes:
            found = pattern.fullmatch(match["rest"] or "")
            if found and call.method in operations:
                cluster = find_cluster(clusters, match["cluster"], match["project"])
                place = f"{call.origin}{base}/groups/{match['project']}/clusters/{cluster.name}"
                for snapshot_id in found.groups():
                    if not HEX24.fullmatch(snapshot_id):
                        raise ApiError("INVALID_SNAPSHOT_ID", snapshot_id)
                return operations[call.method](call, place, cluster, media_type, *found.groups())
        raise ApiError("RESOURCE_NOT_FOUND", call.path)

    def _list(self, call: Call, place: str, cluster: Cluster, media_type: str) -> Answer:
        shows = self._variants["sharded_snapshots"]
        found: list[tuple[Snapshot, str | None]] = []
        for snapshot in cluster.snapshots.values():
            if not snapshot.members or shows != "parts":
                found.append((snapshot, None))
            if shows != "whole":
                found += [(snapshot, shard) for shard in snapshot.members]
        return listed(call, self._variants, found, lambda one: self._document(place, cluster, *one), media_type)

    def _list_sharded(self, call: Call, place: str, cluster: Cluster, media_type: str) -> Answer:
        if not cluster.shards and self._variants["sharded_list_of_replica_set"] == "error":
            raise ApiError("UNEXPECTED_ERROR", status=400)
        found = [snapshot for snapshot in cluster.snapshots.values() if snapshot.members]
        return listed(call, self._variants, found, lambda one: self._whole(place, cluster, one), media_type)

    def _create(self, call: Call, place: str, cluster: Cluster, media_type: str) -> Answer:
        body = Body(call, ("description", "retentionInDays"))
        days = body.number("retentionInDays") if "retentionInDays" in body else 1
        if days <= 0:
            raise ApiError("ATTRIBUTE_NEGATIVE_OR_ZERO", "retentionInDays")
        description = body.text("description") if "description" in body else None
        self._check_none_is_under_way(cluster)
        snapshot = new_snapshot(
            self._ids.take(cluster.snapshots, cluster.name),
            self._clock.now(),
            cluster.new_snapshots,
            cluster.shards,
            description,
            days,
        )
        cluster.snapshots[snapshot.id] = snapshot
        answer = document(call, self._whole(place, cluster, snapshot), media_type)
        answer.acted = True
        return answer

    def _check_none_is_under_way(self, cluster: Cluster) -> None:
        """The documentation says that one has to wait for the end of another, and not what happens otherwise."""
        now, status = self._clock.now(), self._variants["second_snapshot"]
        others = (other for other in cluster.snapshots.values() if other.is_on_demand and other.is_under_way(now))
        if status != "accepted" and any(others):
            raise ApiError("UNEXPECTED_ERROR", status=status)

    def _get(self, call: Call, place: str, cluster: Cluster, media_type: str, snapshot_id: str) -> Answer:
        for snapshot in cluster.snapshots.values():
            for shard, member_id in snapshot.members.items():
                if member_id == snapshot_id:
                    return document(call, self._document(place, cluster, snapshot, shard), media_type)
        snapshot = self._snapshot(cluster, snapshot_id)
        return document(call, self._document(place, cluster, snapshot), media_type)

    def _get_sharded(self, call: Call, place: str, cluster: Cluster, media_type: str, snapshot_id: str) -> Answer:
        snapshot = self._snapshot(cluster, snapshot_id, sharded=True)
        return document(call, self._whole(place, cluster, snapshot), media_type)

    def _delete(self, call: Call, place: str, cluster: Cluster, media_type: str, snapshot_id: str) -> Answer:
        return self._without(cluster, self._snapshot(cluster, snapshot_id), media_type)

    def _delete_sharded(self, call: Call, place: str, cluster: Cluster, media_type: str, snapshot_id: str) -> Answer:
        return self._without(cluster, self._snapshot(cluster, snapshot_id, sharded=True), media_type)

    def _without(self, cluster: Cluster, snapshot: Snapshot, media_type: str) -> Answer:
        if snapshot.status(self._clock.now()) == "inProgress":
            raise ApiError("CANNOT_DELETE_IN_PROGRESS_SNAPSHOT", snapshot.id)
        del cluster.snapshots[snapshot.id]
        return Answer(204, headers={"Content-Type": media_type}, acted=True)

    def _snapshot(self, cluster: Cluster, snapshot_id: str, sharded: bool = False) -> Snapshot:
        snapshot = cluster.snapshots.get(snapshot_id)
        # Whole ones of a sharded cluster have calls of their own, and the others serve them as well.
        is_here = snapshot and (bool(snapshot.members) is sharded or not sharded and self._serves_whole_ones)
        if not is_here:
            raise ApiError("SNAPSHOT_NOT_FOUND", snapshot_id, cluster.name)
        return snapshot

    @property
    def _serves_whole_ones(self) -> bool:
        return self._variants["sharded_snapshots"] != "parts"

    def _whole(self, place: str, cluster: Cluster, snapshot: Snapshot) -> dict:
        """A snapshot as only the calls for those of sharded clusters show it, if it is one of them."""
        shown = self._document(place, cluster, snapshot)
        if not snapshot.members:
            return shown
        del shown["copyRegions"]
        shown.pop("cloudProvider", None)
        shown["configServerType"] = CONFIG_SERVER_TYPE
        shown["members"] = [
            {"cloudProvider": PROVIDER, "id": member_id, "replicaSetName": name}
            for name, member_id in snapshot.members.items()
        ]
        shown["snapshotIds"] = list(snapshot.members.values())
        return dict(sorted(shown.items()))

    def _document(self, place: str, cluster: Cluster, snapshot: Snapshot, shard: str | None = None) -> dict:
        """Keys in alphabetical order. With a shard: that shard's own part of the snapshot of a sharded cluster."""
        now = self._clock.now()
        status = snapshot.status(now)
        shown_id = snapshot.members[shard] if shard else snapshot.id
        shown: dict = {"copyRegions": [], "expiresAt": iso(snapshot.expires(now)), "id": shown_id}
        # What is known of it shows step by step.
        if snapshot.knows_version(now):
            shown["mongodVersion"] = MONGOD_VERSION
        if now >= snapshot.taken:
            shown["cloudProvider"] = PROVIDER
        if not snapshot.is_under_way(now):
            shown["createdAt"] = iso(snapshot.taken)
        if snapshot.description is not None:
            shown["description"] = snapshot.description
        vendor = "https://cloud.mongodb.com" if "/v2/" in place else "http://mms.mongodb.com"
        shown.update(
            frequencyType=snapshot.frequency,
            links=[
                {"href": f"{place}/backup/snapshots/{shown_id}", "rel": "self"},
                {"href": place, "rel": f"{vendor}/cluster"},
            ],
            policyItems=snapshot.policy_items,
            snapshotType=snapshot.type,
            status=status,
            storageSizeBytes=snapshot.size if status == "completed" else 0,
            type="shardedCluster" if snapshot.members and shard is None else "replicaSet",
        )
        if shown["type"] == "replicaSet":
            shown["replicaSetName"] = shard or cluster.name
        return dict(sorted(shown.items()))
