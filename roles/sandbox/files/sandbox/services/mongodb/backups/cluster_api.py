# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from typing import Any

from ....clock import iso
from ....http.messages import Response
from ....variants.mongodb import MongoDBVariants
from ..errors import ApiError
from ..responses import atlas_list_response
from .clusters import CLUSTER_TYPES, Cluster
from .requests import BackupRequest

PATH = re.compile(r"/groups/(?P<project>[^/]+)/clusters")


class ClusterApi:
    """The list of the clusters of a project, without flex and serverless ones, which have lists of their own."""

    def __init__(self, now: float, variants: MongoDBVariants):
        self._created = now
        self._variants = variants

    def handle(self, backup_request: BackupRequest) -> Response:
        request = backup_request.request
        if request.method != "GET":
            raise ApiError("RESOURCE_NOT_FOUND", request.path)
        clusters = [cluster for cluster in backup_request.clusters.values() if CLUSTER_TYPES[cluster.type] is None]

        def show(cluster: Cluster) -> dict[str, Any]:
            return {
                "clusterType": "SHARDED" if cluster.shards else "REPLICASET",
                "createDate": iso(self._created - cluster.age),
                "groupId": backup_request.project_id,
                "id": cluster.id,
                "name": cluster.name,
                "paused": cluster.paused,
                "stateName": cluster.state_name,
            }

        return atlas_list_response(request, self._variants, clusters, show, backup_request.media_type)
