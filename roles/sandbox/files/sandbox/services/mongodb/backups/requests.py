# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass

from ....http.messages import Request
from .clusters import Cluster, find_cluster


@dataclass(frozen=True)
class ClusterRequest:
    """A request about the backups of a cluster."""

    request: Request
    project_url: str
    cluster: Cluster
    media_type: str

    @property
    def cluster_url(self) -> str:
        return f"{self.project_url}/clusters/{self.cluster.name}"

    @property
    def link_prefix(self) -> str:
        """What the relations of links begin with, except `self`."""
        return "https://cloud.mongodb.com" if "/v2/" in self.project_url else "http://mms.mongodb.com"


@dataclass(frozen=True)
class BackupRequest:
    """A request about the backups of a project."""

    request: Request
    base: str  # path of the API
    project_id: str
    clusters: dict[str, Cluster]
    media_type: str

    def for_cluster(self, name: str) -> ClusterRequest:
        cluster = find_cluster(self.clusters, name, self.project_id)
        project_url = f"{self.request.origin}{self.base}/groups/{self.project_id}"
        return ClusterRequest(self.request, project_url, cluster, self.media_type)
