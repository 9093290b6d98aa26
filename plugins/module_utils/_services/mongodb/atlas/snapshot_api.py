# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of MongoDB Atlas cloud backups, API v1.0 and v2: the calls.

https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/backup/backups/

Private to this collection.
"""

from __future__ import annotations

from typing import Any

from ...._core.errors import ServiceError
from ...._core.http.endpoint import Endpoint
from ...._core.http.retry import Effect
from ...._core.params import timestamps
from .. import conventions, paging
from .cluster import PATH, is_cluster_missing, is_missing

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

    :param cluster: an atlas.Cluster.
    """

    def __init__(self, cluster):
        self._cluster = cluster
        # Which calls show the whole of each snapshot, {id: kind}.
        self._found = {}

    @property
    def cluster_name(self):
        return self._cluster.name

    def all(self):
        """Yields all snapshots, in the service's order; none, with a warning, if the cluster does not exist."""
        try:
            yield from self.all_of_existing_cluster()
        except ServiceError as error:
            self._cluster.warn_if_missing(error, "snapshots")

    def all_of_existing_cluster(self):
        """The same, but the cluster has to exist."""
        seen = set()
        for snapshot in self._listed(_SHARDED):
            seen.update([snapshot["id"], *part_ids(snapshot)])
            yield snapshot
        for snapshot in self._listed(_REPLICA_SET):
            if snapshot["id"] not in seen:
                yield self._completed(snapshot)

    def find(self, ids):
        """{id: snapshot} of those that exist; a missing cluster has none."""
        try:
            found = {ids[0]: self._get(ids[0])} if len(ids) == 1 else self._find_in_lists(set(ids))
        except ServiceError as error:
            self._cluster.warn_if_missing(error, "snapshots")
            return {}
        return {snapshot_id: snapshot for snapshot_id, snapshot in found.items() if snapshot is not None}

    def _find_in_lists(self, wanted):
        """{id: snapshot}. What is missing in the one list is looked for in the other, too."""
        found = {}
        for kind in (_SHARDED, _REPLICA_SET):
            for snapshot in self._listed(kind):
                if snapshot["id"] in wanted and snapshot["id"] not in found:
                    found[snapshot["id"]] = self._completed(snapshot) if kind == _REPLICA_SET else snapshot
            if len(found) == len(wanted):
                break
        return found

    def part_ids(self):
        """The ids of all snapshots that are only a part, that of one shard."""
        return {part for snapshot in self._listed(_SHARDED) for part in part_ids(snapshot)}

    def _listed(self, kind):
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

    def _get(self, snapshot_id):
        """One snapshot, or None if it does not exist: one kind of call clearly says so, the other has no such thing.

        :raises ServiceError: neither is the case.
        """
        unclear = []
        for kind in sorted(_KINDS, key=lambda kind: kind != self._found.get(snapshot_id, _REPLICA_SET)):
            try:
                snapshot = self._cluster.get(GET[kind], snapshot_id=snapshot_id)
            except ServiceError as error:
                if not is_missing(error, _MISSING):
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

    def _completed(self, snapshot):
        """A snapshot as it shows itself wherever it is found: of a whole one, not all calls show all."""
        if not is_whole(snapshot) or part_ids(snapshot):
            return snapshot
        try:
            shown = self._cluster.get(GET[_SHARDED], snapshot_id=snapshot["id"])
        except ServiceError as error:
            if is_missing(error, _MISSING) or _is_of_the_other_kind(error):
                return snapshot
            raise
        self._found[snapshot["id"]] = _SHARDED
        return {**shown, "id": snapshot["id"]}

    def newest(self, before):
        """The newest completed snapshot, or None if there is none.

        :param before: only those that were taken before this moment, if it is not None.
        :raises JobsError: it cannot be said.
        """
        best = None
        for snapshot in self.all_of_existing_cluster():
            taken = created(snapshot)
            if snapshot.get("status") != "completed" or taken is None or before is not None and taken >= before:
                continue
            if best is None or taken > created(best):
                best = snapshot
        return best

    def create(self, description, retention_in_days):
        """Takes a snapshot; returns it.

        :raises OutcomeUnknown: it may have been begun.
        """
        body = {"description": description, "retentionInDays": retention_in_days}
        response = self._cluster.call(CREATE, json=body)
        snapshot = paging.created(self._cluster.client, CREATE, response)
        if is_whole(snapshot):
            self._found[snapshot["id"]] = _SHARDED
        return snapshot

    def delete(self, snapshot_id):
        """Deletes a snapshot that was found; returns whether the service did so, False if there is none any more."""
        try:
            self._cluster.call(DELETE[self._found[snapshot_id]], snapshot_id=snapshot_id)
        except ServiceError as error:
            if is_missing(error, _MISSING) or is_cluster_missing(error):
                return False
            raise
        return True


def part_ids(snapshot: dict[str, Any]) -> list[str]:
    """The ids of the parts of a whole snapshot of a sharded cluster, as far as it shows them."""
    members, ids = snapshot.get("members"), snapshot.get("snapshotIds")
    shown = [member.get("id") for member in members if isinstance(member, dict)] if isinstance(members, list) else []
    shown += ids if isinstance(ids, list) else []
    return [each.lower() for each in shown if isinstance(each, str)]


def is_whole(snapshot: dict[str, Any]) -> bool:
    """Whether a snapshot is of all shards, in either of the spellings of the documentation."""
    return str(snapshot.get("type")).lower().replace("_", "") == "shardedcluster"


def _is_of_the_other_kind(error):
    """Whether an error may say that a cluster of this kind has no such endpoint; the documentation is silent."""
    return error.status in (400, 404, 405) and error.code is not None and not conventions.is_about_container(error.code)


def fields(snapshot):
    """The documented fields of a snapshot."""
    return {name: snapshot[name] for name in FIELDS if name in snapshot}


def created(snapshot):
    """When a snapshot was taken, or None if that is not known (yet)."""
    return timestamps.parse_time(str(snapshot["createdAt"])) if snapshot.get("createdAt") else None


def may_be_on_demand(snapshot):
    """The same, but whether a new snapshot shows it does not matter."""
    return is_on_demand(snapshot) or not (snapshot.get("snapshotType") or snapshot.get("frequencyType"))


def is_on_demand(snapshot):
    """Whether a user asked for the snapshot, in either of the fields that say so."""
    return "ondemand" in (str(snapshot.get("snapshotType")).lower(), str(snapshot.get("frequencyType")).lower())
