# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ....clock import Clock, iso
from ....http.messages import Response
from ....seed import HEX24
from ....variants.mongodb import MongoDBVariants
from ..body import Body
from ..errors import ApiError
from ..ids import IdGenerator
from ..responses import atlas_list_response, document_response
from .clusters import Cluster
from .requests import BackupRequest, ClusterRequest
from .snapshots import Snapshot, new_snapshot

PATH = re.compile(r"/groups/(?P<project>[^/]+)/clusters/(?P<cluster>[^/]+)/backup/snapshots(?P<rest>/.*)?")
PROVIDER = "AWS"
MONGOD_VERSION = "8.0.4"
CONFIG_SERVER_TYPE = "DEDICATED"
DEFAULT_RETENTION_DAYS = 1


class SnapshotApi:
    """Snapshots of Atlas clusters."""

    def __init__(self, clock: Clock, variants: MongoDBVariants):
        self._clock = clock
        self._variants = variants
        self._ids = IdGenerator("66f1c0de0000000000e0")
        # (pattern of the rest of the path, {method: operation}). Operations get the groups of the pattern as arguments.
        # To add an operation of the API, add it here.
        self._routes: tuple[tuple[re.Pattern[str], dict[str, Callable[..., Response]]], ...] = (
            (re.compile(r""), {"GET": self._list, "POST": self._create}),
            (re.compile(r"/shardedClusters"), {"GET": self._list_sharded}),
            (re.compile(r"/shardedCluster/([^/]+)"), {"GET": self._get_sharded, "DELETE": self._delete_sharded}),
            (re.compile(r"/([^/]+)"), {"GET": self._get, "DELETE": self._delete}),
        )

    def handle(self, backup_request: BackupRequest, match: re.Match[str]) -> Response:
        """`match` is that of PATH."""
        request = backup_request.request
        for pattern, operations in self._routes:
            route_match = pattern.fullmatch(match["rest"] or "")
            if route_match and request.method in operations:
                cluster_request = backup_request.for_cluster(match["cluster"])
                for snapshot_id in route_match.groups():
                    if not HEX24.fullmatch(snapshot_id):
                        raise ApiError("INVALID_SNAPSHOT_ID", snapshot_id)
                return operations[request.method](cluster_request, *route_match.groups())
        raise ApiError("RESOURCE_NOT_FOUND", request.path)

    def _list(self, request: ClusterRequest) -> Response:
        listed = self._variants.sharded_snapshots
        items: list[tuple[Snapshot, str | None]] = []
        for snapshot in request.cluster.snapshots.values():
            if not snapshot.members or listed != "parts":
                items.append((snapshot, None))
            if listed != "whole":
                items += [(snapshot, shard) for shard in snapshot.members]

        def show(item: tuple[Snapshot, str | None]) -> dict[str, Any]:
            return self._document(request, *item)

        return atlas_list_response(request.request, self._variants, items, show, request.media_type)

    def _list_sharded(self, request: ClusterRequest) -> Response:
        if not request.cluster.shards and self._variants.sharded_list_of_replica_set == "error":
            raise ApiError("UNEXPECTED_ERROR", status=400)
        snapshots = [snapshot for snapshot in request.cluster.snapshots.values() if snapshot.members]

        def show(snapshot: Snapshot) -> dict[str, Any]:
            return self._sharded_document(request, snapshot)

        return atlas_list_response(request.request, self._variants, snapshots, show, request.media_type)

    def _create(self, request: ClusterRequest) -> Response:
        body, cluster = Body(request.request, ("description", "retentionInDays")), request.cluster
        days = body.number("retentionInDays") if "retentionInDays" in body else DEFAULT_RETENTION_DAYS
        if days <= 0:
            raise ApiError("ATTRIBUTE_NEGATIVE_OR_ZERO", "retentionInDays")
        description = body.text("description") if "description" in body else None
        self._check_none_in_progress(cluster)
        snapshot = new_snapshot(
            self._ids.new_id(cluster.snapshots, cluster.name),
            self._clock.now(),
            cluster.new_snapshots,
            cluster.shards,
            description,
            days,
        )
        cluster.snapshots[snapshot.id] = snapshot
        response = document_response(request.request, self._sharded_document(request, snapshot), request.media_type)
        response.acted = True
        return response

    def _check_none_in_progress(self, cluster: Cluster) -> None:
        """The documentation says that one has to wait for the previous snapshot, but not what happens otherwise."""
        now, status = self._clock.now(), self._variants.second_snapshot
        others = (other for other in cluster.snapshots.values() if other.is_on_demand and other.is_under_way(now))
        if isinstance(status, int) and any(others):
            raise ApiError("UNEXPECTED_ERROR", status=status)

    def _get(self, request: ClusterRequest, snapshot_id: str) -> Response:
        for snapshot in request.cluster.snapshots.values():
            for shard, member_id in snapshot.members.items():
                if member_id == snapshot_id:
                    return self._respond(request, self._document(request, snapshot, shard))
        return self._respond(request, self._document(request, self._unsharded(request.cluster, snapshot_id)))

    def _get_sharded(self, request: ClusterRequest, snapshot_id: str) -> Response:
        snapshot = _sharded(request.cluster, snapshot_id)
        return self._respond(request, self._sharded_document(request, snapshot))

    def _delete(self, request: ClusterRequest, snapshot_id: str) -> Response:
        return self._delete_snapshot(request, self._unsharded(request.cluster, snapshot_id))

    def _delete_sharded(self, request: ClusterRequest, snapshot_id: str) -> Response:
        return self._delete_snapshot(request, _sharded(request.cluster, snapshot_id))

    def _delete_snapshot(self, request: ClusterRequest, snapshot: Snapshot) -> Response:
        if snapshot.status(self._clock.now()) == "inProgress":
            raise ApiError("CANNOT_DELETE_IN_PROGRESS_SNAPSHOT", snapshot.id)
        del request.cluster.snapshots[snapshot.id]
        return Response(204, headers={"Content-Type": request.media_type}, acted=True)

    @staticmethod
    def _respond(request: ClusterRequest, document: dict[str, Any]) -> Response:
        return document_response(request.request, document, request.media_type)

    def _unsharded(self, cluster: Cluster, snapshot_id: str) -> Snapshot:
        """The snapshot for the endpoints that are not for sharded clusters, but may return whole ones of these too."""
        snapshot = cluster.snapshots.get(snapshot_id)
        if snapshot is None or (snapshot.members and self._variants.sharded_snapshots == "parts"):
            raise ApiError("SNAPSHOT_NOT_FOUND", snapshot_id, cluster.name)
        return snapshot

    def _sharded_document(self, request: ClusterRequest, snapshot: Snapshot) -> dict[str, Any]:
        """A snapshot as the endpoints for sharded clusters show it, if it is one of a sharded cluster."""
        document = self._document(request, snapshot)
        if not snapshot.members:
            return document
        del document["copyRegions"]
        document.pop("cloudProvider", None)
        document["configServerType"] = CONFIG_SERVER_TYPE
        document["members"] = [
            {"cloudProvider": PROVIDER, "id": member_id, "replicaSetName": name}
            for name, member_id in snapshot.members.items()
        ]
        document["snapshotIds"] = list(snapshot.members.values())
        return dict(sorted(document.items()))

    def _document(self, request: ClusterRequest, snapshot: Snapshot, shard: str | None = None) -> dict[str, Any]:
        """The keys are in alphabetical order. With a shard: the part of a sharded snapshot that is of that shard."""
        now = self._clock.now()
        status = snapshot.status(now)
        shown_id = snapshot.members[shard] if shard else snapshot.id
        document: dict[str, Any] = {"copyRegions": [], "expiresAt": iso(snapshot.expires(now)), "id": shown_id}
        # The fields of a snapshot appear step by step.
        if snapshot.knows_version(now):
            document["mongodVersion"] = MONGOD_VERSION
        if now >= snapshot.taken:
            document["cloudProvider"] = PROVIDER
        if not snapshot.is_under_way(now):
            document["createdAt"] = iso(snapshot.taken)
        if snapshot.description is not None:
            document["description"] = snapshot.description
        document.update(
            frequencyType=snapshot.frequency,
            links=[
                {"href": f"{request.cluster_url}/backup/snapshots/{shown_id}", "rel": "self"},
                {"href": request.cluster_url, "rel": f"{request.link_prefix}/cluster"},
            ],
            policyItems=snapshot.policy_items,
            snapshotType=snapshot.type,
            status=status,
            storageSizeBytes=snapshot.size if status == "completed" else 0,
            type="shardedCluster" if snapshot.members and shard is None else "replicaSet",
        )
        if document["type"] == "replicaSet":
            document["replicaSetName"] = shard or request.cluster.name
        return dict(sorted(document.items()))


def _sharded(cluster: Cluster, snapshot_id: str) -> Snapshot:
    snapshot = cluster.snapshots.get(snapshot_id)
    if snapshot is None or not snapshot.members:
        raise ApiError("SNAPSHOT_NOT_FOUND", snapshot_id, cluster.name)
    return snapshot
