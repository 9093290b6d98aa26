# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from ....seed import SeedNode
from ..errors import ApiError
from .restore_jobs import NewRestoreJobDefaults, RestoreJob, read_jobs, read_new_jobs
from .snapshots import NewSnapshotDefaults, Snapshot, read_new_snapshots, read_snapshots

CLUSTER_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-]*")
STATES = ("IDLE", "CREATING", "UPDATING", "DELETING", "REPAIRING")
# Seconds since a cluster was created, unless the seed says otherwise.
AGE = 200 * 86400.0
# {type: error for types that have an API of their own}
CLUSTER_TYPES = {
    "replica_set": None,
    "sharded": None,
    "flex": "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API",
    "serverless": "CANNOT_USE_SERVERLESS_INSTANCE_IN_CLUSTER_API",
}


@dataclass
class Cluster:
    name: str
    type: str
    id: str
    age: float  # seconds
    state_name: str
    paused: bool
    shards: list[str]  # names of the replica sets; none if the cluster is a replica set itself
    jobs: dict[str, RestoreJob]
    snapshots: dict[str, Snapshot]
    new_jobs: NewRestoreJobDefaults
    new_snapshots: NewSnapshotDefaults

    def state(self, now: float) -> dict[str, Any]:
        jobs = {
            job.id: {"cancelled": job.cancelled, "status": job.status(now), "deliveryType": job.delivery_type}
            for job in self.jobs.values()
        }
        snapshots = {
            snapshot.id: {"status": snapshot.status(now), "description": snapshot.description}
            for snapshot in self.snapshots.values()
        }
        return {"jobs": jobs, "snapshots": snapshots}


def find_cluster(clusters: dict[str, Cluster], name: str, project_id: str) -> Cluster:
    cluster = clusters.get(name)
    if cluster is None:
        raise ApiError("CLUSTER_NOT_FOUND", name, project_id)
    error = CLUSTER_TYPES[cluster.type]
    if error:
        raise ApiError(error, name)
    return cluster


def find_flex_cluster(clusters: dict[str, Cluster], name: str, project_id: str) -> Cluster:
    cluster = clusters.get(name)
    if cluster is None:
        raise ApiError("CLUSTER_NOT_FOUND", name, project_id)
    if cluster.type != "flex":
        raise ApiError("CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API", name)
    return cluster


def read_clusters(project: SeedNode, project_id: str, now: float) -> dict[str, Cluster]:
    clusters: dict[str, Cluster] = {}
    for node in project.nodes("clusters"):
        name = node.text("name", pattern=CLUSTER_NAME)
        if name in clusters:
            node.fail("name", f"{name} is there twice")
        kind = node.choice("type", tuple(CLUSTER_TYPES))
        shards = node.texts("shards", ("shard-0", "shard-1")) if kind == "sharded" else []
        clusters[name] = Cluster(
            name=name,
            type=kind,
            id="66f1c0de" + hashlib.sha256(f"{project_id}/{name}".encode()).hexdigest()[:16],
            age=node.duration("age", AGE),
            state_name=node.choice("state", STATES, "IDLE"),
            paused=node.flag("paused"),
            shards=shards,
            jobs=read_jobs(node, project_id, name, shards, now, is_flex=kind == "flex"),
            snapshots=read_snapshots(node, shards, now),
            new_jobs=read_new_jobs(node),
            new_snapshots=read_new_snapshots(node),
        )
        node.reject_unread_fields()
    return clusters
