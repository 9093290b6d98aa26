# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of MongoDB Atlas cloud backups, API v1.0 and v2: the calls.

https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/backup/backups/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from ...._core.errors import ServiceError, StateConflict
from ...._core.http.endpoint import Endpoint
from ...._core.http.retry import Effect
from ...._core.json_fields import pick_details, pick_fields, time_field
from .. import conventions, objects, search
from ..objects import NotFound
from . import flex
from .cluster import PATH, Cluster, existence, is_cluster_missing

Snapshot = Mapping[str, Any]

STATUSES = ["queued", "inProgress", "completed", "failed"]
UNDER_WAY = ("queued", "inProgress")

FIELDS = (
    "id",
    "status",
    "createdAt",
    "expiresAt",
    "description",
    "snapshotType",
    "frequencyType",
    "type",
    "replicaSetName",
    "members",
    "snapshotIds",
    "configServerType",
    "cloudProvider",
    "mongodVersion",
    "storageSizeBytes",
    "masterKeyUUID",
    "copyRegions",
    "policyItems",
)

# What a reviewer wants to know of a snapshot.
_DETAILS = ("description", "snapshotType", "status", "storageSizeBytes")
_DATES = ("createdAt", "expiresAt")

_SNAPSHOTS = PATH + "/snapshots"
_WORDS = "snapshot {snapshot_id} of cluster {cluster}"
LIST = {
    "replica_set": Endpoint("list the snapshots of cluster {cluster}", "GET", _SNAPSHOTS, Effect.READ, is_list=True),
    "sharded": Endpoint(
        "list the snapshots of cluster {cluster}", "GET", _SNAPSHOTS + "/shardedClusters", Effect.READ, is_list=True
    ),
}
_ONE = {"replica_set": _SNAPSHOTS + "/{snapshot_id}", "sharded": _SNAPSHOTS + "/shardedCluster/{snapshot_id}"}
GET = {kind: Endpoint("show " + _WORDS, "GET", path, Effect.READ) for kind, path in _ONE.items()}
DELETE = {kind: Endpoint("delete " + _WORDS, "DELETE", path, Effect.CHANGE) for kind, path in _ONE.items()}
CREATE = Endpoint("take a snapshot of cluster {cluster}", "POST", _SNAPSHOTS, Effect.CHANGE)

_REPLICA_SET, _SHARDED = _KINDS = ("replica_set", "sharded")
_MISSING = ("SNAPSHOT_NOT_FOUND",)


class Snapshots:
    """The snapshots of one cluster, of whatever kind it is.

    Those of a sharded cluster as a whole have calls of their own, which show more of them. Depending on the version of
    the service, the other calls know them too, or their parts, one for each shard; and they know the snapshots from the
    time before a cluster was sharded.

    :param reads_flex: whether the snapshots of flex clusters are read, too; nobody can take or delete those.
    """

    def __init__(self, cluster: Cluster, *, reads_flex: bool = False) -> None:
        self._cluster = cluster
        self._reads_flex = reads_flex
        # Which calls show the whole of each snapshot: the kind, by the snapshot's id.
        self._found: dict[str, str] = {}

    @property
    def cluster_name(self) -> str:
        return self._cluster.name

    def details(self, snapshot: Snapshot | None) -> dict[str, Any]:
        """What a reviewer wants to know of a snapshot, see Reconciler.details(). Without one, its cluster."""
        return {"clusterName": self._cluster.name, **pick_details(snapshot or {}, _DETAILS, _DATES)}

    def all(self) -> Iterator[Snapshot]:
        """Yields all snapshots, in the service's order; none, with a warning, if the cluster does not exist."""
        try:
            yield from self.all_of_existing_cluster()
        except ServiceError as error:
            self._cluster.warn_or_raise(error, "snapshots")

    def all_of_existing_cluster(self) -> Iterator[Snapshot]:
        """The same, but the cluster has to exist."""
        if not self._reads_flex:
            return self._all_of_both_lists()
        return self._cluster.by_kind(lambda: flex.begun(self._all_of_both_lists()), self._all_of_flex)

    def _all_of_flex(self) -> Iterator[Snapshot]:
        return map(flex.as_usual_snapshot, self._cluster.listing(flex.LIST_SNAPSHOTS).all())

    def _find_of_flex(self, ids: Sequence[str]) -> dict[str, Snapshot]:
        def get(snapshot_id: str) -> dict[str, Any]:
            return self._cluster.get(flex.GET_SNAPSHOT, snapshot_id=snapshot_id)

        def says(error: ServiceError) -> NotFound:
            return existence(error, flex.MISSING_SNAPSHOT)

        make_listing = partial(self._cluster.listing, flex.LIST_SNAPSHOTS)
        found = search.find(self._cluster.client, ids, get, make_listing, says)
        return {snapshot_id: flex.as_usual_snapshot(snapshot) for snapshot_id, snapshot in found.items()}

    def _all_of_both_lists(self) -> Iterator[Snapshot]:
        seen: set[str] = set()
        for snapshot in self._listed(_SHARDED):
            seen.update([snapshot["id"], *part_ids(snapshot)])
            yield snapshot
        for snapshot in self._listed(_REPLICA_SET):
            if snapshot["id"] not in seen:
                yield self._completed(snapshot)

    def find(self, ids: Sequence[str]) -> dict[str, Snapshot]:
        """The snapshots that exist, by their ids; a missing cluster has none."""
        try:
            if not self._reads_flex:
                return self._find(ids)
            return self._cluster.by_kind(lambda: self._find(ids), lambda: self._find_of_flex(ids))
        except ServiceError as error:
            self._cluster.warn_or_raise(error, "snapshots")
            return {}

    def _find(self, ids: Sequence[str]) -> dict[str, Snapshot]:
        if len(ids) != 1:
            return self._find_in_lists(set(ids))
        snapshot = self._get(ids[0])
        return {} if snapshot is None else {ids[0]: snapshot}

    def _find_in_lists(self, wanted: set[str]) -> dict[str, Snapshot]:
        """The snapshots that exist, by their ids. What is missing in the one list is looked for in the other, too."""
        found: dict[str, Snapshot] = {}
        for kind in (_SHARDED, _REPLICA_SET):
            for snapshot in self._listed(kind):
                if snapshot["id"] in wanted and snapshot["id"] not in found:
                    found[snapshot["id"]] = self._completed(snapshot) if kind == _REPLICA_SET else snapshot
            if len(found) == len(wanted):
                break
        return found

    def part_ids(self) -> set[str]:
        """The ids of all snapshots that are only a part, that of one shard."""
        return {part for snapshot in self._listed(_SHARDED) for part in part_ids(snapshot)}

    def _listed(self, kind: str) -> Iterator[Snapshot]:
        """Yields the snapshots in a list; none if this is certainly another kind of cluster."""
        try:
            # The list of whole ones has no parameters for pages.
            for snapshot in self._cluster.listing(LIST[kind], takes_pages=kind == _REPLICA_SET).all():
                if kind == _SHARDED or snapshot["id"] not in self._found:
                    self._found[snapshot["id"]] = kind
                yield snapshot
        except ServiceError as error:
            if kind == _REPLICA_SET or not _is_of_the_other_kind(error):
                raise

    def _get(self, snapshot_id: str) -> Snapshot | None:
        """One snapshot, or None if it does not exist: one kind of call clearly says so, the other has no such thing.

        :raises ServiceError: neither is the case.
        """
        unclear = []
        for kind in sorted(_KINDS, key=lambda kind: kind != self._found.get(snapshot_id, _REPLICA_SET)):
            try:
                snapshot = self._cluster.get(GET[kind], snapshot_id=snapshot_id)
            except ServiceError as error:
                if existence(error, _MISSING) is not NotFound.MISSING:
                    unclear.append(error)
                    if not _is_of_the_other_kind(error):
                        raise
            else:
                self._found[snapshot_id] = kind
                snapshot = {**snapshot, "id": snapshot_id}
                return snapshot if kind == _SHARDED else self._completed(snapshot)
        if len(unclear) == len(_KINDS):
            raise unclear[0]
        return None

    def _completed(self, snapshot: Snapshot) -> Snapshot:
        """A snapshot as it shows itself wherever it is found: of a whole one, not all calls show all."""
        if not is_whole(snapshot) or part_ids(snapshot):
            return snapshot
        try:
            shown = self._cluster.get(GET[_SHARDED], snapshot_id=snapshot["id"])
        except ServiceError as error:
            if existence(error, _MISSING) is NotFound.MISSING or _is_of_the_other_kind(error):
                return snapshot
            raise
        self._found[snapshot["id"]] = _SHARDED
        return {**shown, "id": snapshot["id"]}

    def newest(self, before: datetime | None) -> Snapshot | None:
        """The newest completed snapshot, or None if there is none.

        :param before: only those that were taken before this moment, if it is not None.
        :raises JobsError: it cannot be determined.
        """
        best: tuple[datetime, Snapshot] | None = None
        for snapshot in self.all_of_existing_cluster():
            taken = created(snapshot)
            if snapshot.get("status") != "completed" or taken is None or before is not None and taken >= before:
                continue
            if best is None or taken > best[0]:
                best = (taken, snapshot)
        return best[1] if best else None

    def create(self, description: str, retention_in_days: int) -> Snapshot:
        """Takes a snapshot; returns it.

        :raises OutcomeUnknown: it may have been begun.
        """
        body = {"description": description, "retentionInDays": retention_in_days}
        response = self._cluster.call(CREATE, json=body)
        snapshot = objects.created(self._cluster.client, CREATE, response)
        if is_whole(snapshot):
            self._found[snapshot["id"]] = _SHARDED
        return snapshot

    def delete(self, snapshot_id: str) -> bool:
        """Deletes a snapshot that was found; returns whether the service did so, False if there is none any more.

        :raises StateConflict: the service refused, perhaps because the snapshot has gone meanwhile.
        """
        try:
            self._cluster.call(DELETE[self._found[snapshot_id]], snapshot_id=snapshot_id)
        except ServiceError as error:
            if existence(error, _MISSING) is NotFound.MISSING or is_cluster_missing(error):
                return False
            if error.status in (404, 409):
                raise StateConflict(error) from None
            raise
        return True


def part_ids(snapshot: Snapshot) -> list[str]:
    """The ids of the parts of a whole snapshot of a sharded cluster, as far as it shows them."""
    members, ids = snapshot.get("members"), snapshot.get("snapshotIds")
    shown = [member.get("id") for member in members if isinstance(member, dict)] if isinstance(members, list) else []
    shown += ids if isinstance(ids, list) else []
    return [each.lower() for each in shown if isinstance(each, str)]


def is_whole(snapshot: Snapshot) -> bool:
    """Whether a snapshot is of all shards, in either of the spellings of the documentation."""
    return str(snapshot.get("type")).lower().replace("_", "") == "shardedcluster"


def _is_of_the_other_kind(error: ServiceError) -> bool:
    """Whether an error may say that a cluster of this kind has no such endpoint; the documentation is silent."""
    return error.status in (400, 404, 405) and error.code is not None and not conventions.is_about_container(error.code)


def fields(snapshot: Snapshot) -> dict[str, Any]:
    """The documented fields of a snapshot."""
    return pick_fields(snapshot, FIELDS)


def created(snapshot: Snapshot) -> datetime | None:
    """When a snapshot was taken, or None if that is not known (yet)."""
    return time_field(snapshot, "createdAt")


def may_be_on_demand(snapshot: Snapshot) -> bool:
    """Whether a user may have asked for the snapshot: is_on_demand(), or it does not show its type yet."""
    return is_on_demand(snapshot) or not (snapshot.get("snapshotType") or snapshot.get("frequencyType"))


def is_on_demand(snapshot: Snapshot) -> bool:
    """Whether a user asked for the snapshot, in either of the fields that say so."""
    return "ondemand" in (str(snapshot.get("snapshotType")).lower(), str(snapshot.get("frequencyType")).lower())
