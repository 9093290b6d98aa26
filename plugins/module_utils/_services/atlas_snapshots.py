# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of MongoDB Atlas cloud backups, API v1.0 and v2: the calls.

https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/backup/backups/

Private to this collection.
"""

from __future__ import annotations

from .._core import values
from .._core.endpoints import Endpoint
from .._core.errors import JobsError, ServiceError
from .._core.retry import Effect
from . import atlas, mongodb, mongodb_lists

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
    "cloudProvider",
    "mongodVersion",
    "storageSizeBytes",
    "masterKeyUUID",
    "copyRegions",
    "policyItems",
)

_SNAPSHOTS = atlas.PATH + "/snapshots"
_WORDS = "snapshot {snapshot_id} of cluster {cluster}"
# Those of a sharded cluster as a whole have endpoints of their own.
LIST = {
    "replica_set": Endpoint("list the snapshots of cluster {cluster}", "GET", _SNAPSHOTS, Effect.READ),
    "sharded": Endpoint("list the snapshots of cluster {cluster}", "GET", _SNAPSHOTS + "/shardedClusters", Effect.READ),
}
_ONE = {"replica_set": _SNAPSHOTS + "/{snapshot_id}", "sharded": _SNAPSHOTS + "/shardedCluster/{snapshot_id}"}
GET = {kind: Endpoint("show " + _WORDS, "GET", path, Effect.READ) for kind, path in _ONE.items()}
DELETE = {kind: Endpoint("delete " + _WORDS, "DELETE", path, Effect.CHANGE) for kind, path in _ONE.items()}
CREATE = Endpoint("take a snapshot of cluster {cluster}", "POST", _SNAPSHOTS, Effect.CHANGE)

_KINDS = ("replica_set", "sharded")
_MISSING = ("SNAPSHOT_NOT_FOUND",)


class Snapshots:
    """The snapshots of one cluster, of whatever kind it is: each kind has calls of its own.

    :param cluster: an atlas.Cluster.
    """

    def __init__(self, cluster):
        self._cluster = cluster
        # Where each snapshot was found, {id: kind}.
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
        # First those of a sharded cluster, as it lists its shards' own among the others.
        for kind in reversed(_KINDS):
            is_empty = True
            for snapshot in self._listed(kind):
                is_empty = False
                yield snapshot
            if not is_empty:
                return

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
        for kind in reversed(_KINDS):
            found.update((each["id"], each) for each in self._listed(kind) if each["id"] in wanted)
            if len(found) == len(wanted):
                break
        return found

    def _listed(self, kind):
        """Yields the snapshots of a kind of cluster; none if this is certainly the other kind."""
        try:
            for snapshot in self._cluster.listing(LIST[kind]).all():
                self._found[snapshot["id"]] = kind
                yield snapshot
        except ServiceError as error:
            if kind == _KINDS[0] or not _is_of_the_other_kind(error):
                raise

    def _get(self, snapshot_id):
        """One snapshot, or None if it does not exist: one kind of cluster clearly says so, the other has no such thing.

        :raises ServiceError: neither is the case.
        """
        unclear = []
        for kind in _KINDS:
            try:
                snapshot = self._cluster.get(GET[kind], snapshot_id=snapshot_id)
            except ServiceError as error:
                if not atlas.is_missing(error, _MISSING):
                    unclear.append(error)
                    if not _is_of_the_other_kind(error):
                        raise
            else:
                self._found[snapshot_id] = kind
                return {**snapshot, "id": snapshot_id}
        if len(unclear) == len(_KINDS):
            raise unclear[0]
        return None

    def newest(self, before):
        """The newest completed snapshot.

        :param before: only those that were taken before this moment, if it is not None.
        :raises JobsError: there is none, or it cannot be said.
        """
        best = None
        for snapshot in self.all_of_existing_cluster():
            taken = created(snapshot)
            if snapshot.get("status") != "completed" or taken is None or before is not None and taken >= before:
                continue
            if best is None or taken > created(best):
                best = snapshot
        if best is None:
            limit = f" from before {values.iso(before)}" if before is not None else ""
            raise JobsError(f"Cluster {self._cluster.name} has no completed snapshot{limit}.")
        return best

    def create(self, description, retention_in_days):
        """Takes a snapshot; returns it.

        :raises OutcomeUnknown: it may have been begun.
        """
        body = {"description": description, "retentionInDays": retention_in_days}
        answer = self._cluster.call(CREATE, json=body)
        return mongodb_lists.created(self._cluster.transport, CREATE, answer)

    def delete(self, snapshot_id):
        """Deletes a snapshot that was found; returns whether the service did so, False if there is none any more."""
        try:
            self._cluster.call(DELETE[self._found[snapshot_id]], snapshot_id=snapshot_id)
        except ServiceError as error:
            if atlas.is_missing(error, _MISSING) or atlas.is_cluster_missing(error):
                return False
            raise
        return True


def _is_of_the_other_kind(error):
    """Whether an error may say that a cluster of this kind has no such endpoint; the documentation is silent."""
    return error.status in (400, 404, 405) and error.code is not None and not mongodb.is_about_container(error.code)


def fields(snapshot):
    """The documented fields of a snapshot."""
    return {name: snapshot[name] for name in FIELDS if name in snapshot}


def created(snapshot):
    """When a snapshot was taken, or None if that is not known (yet)."""
    return values.parse_time(str(snapshot["createdAt"])) if snapshot.get("createdAt") else None


def may_be_on_demand(snapshot):
    """The same, but whether a new snapshot shows it does not matter."""
    return is_on_demand(snapshot) or not (snapshot.get("snapshotType") or snapshot.get("frequencyType"))


def is_on_demand(snapshot):
    """Whether a user asked for the snapshot, in either of the fields that say so."""
    return "ondemand" in (str(snapshot.get("snapshotType")).lower(), str(snapshot.get("frequencyType")).lower())
