# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options for MongoDB Atlas, and what a restore job is asked for."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  base_url:
    description:
      - Scheme, host and port of Atlas, without a path.
      - If not set, the value of E(MONGODB_ATLAS_BASE_URL) is used.
    type: str
    default: https://cloud.mongodb.com
  public_key:
    description:
      - Public part of an API key. Set either O(public_key) and O(private_key), or O(client_id) and O(client_secret).
      - Credentials in the task take precedence over the environment. In the environment, a service account takes
        precedence over an API key. E(MONGODB_ATLAS_PUBLIC_API_KEY) and E(MONGODB_ATLAS_PUBLIC_KEY) take precedence over
        E(MCLI_PUBLIC_API_KEY), which is ignored if E(MCLI_OPS_MANAGER_URL) names another host. Both halves of a pair
        must come from variables with the same prefix.
      - If not set, the value of E(MONGODB_ATLAS_PUBLIC_API_KEY), E(MONGODB_ATLAS_PUBLIC_KEY) or
        E(MCLI_PUBLIC_API_KEY) is used.
    type: str
  private_key:
    description:
      - Private part of the API key.
      - If not set, the value of E(MONGODB_ATLAS_PRIVATE_API_KEY), E(MONGODB_ATLAS_PRIVATE_KEY) or
        E(MCLI_PRIVATE_API_KEY) is used.
    type: str
  client_id:
    description:
      - ID of a service account. The module requests one token for the whole task, and revokes it when the task ends.
      - If not set, the value of E(MONGODB_ATLAS_CLIENT_ID) is used.
    type: str
  client_secret:
    description:
      - Secret of the service account.
      - If not set, the value of E(MONGODB_ATLAS_CLIENT_SECRET) is used.
    type: str
  project_id:
    description:
      - ID of the project (group), 24 hexadecimal digits.
      - If not set, the value of E(MONGODB_ATLAS_PROJECT_ID) or E(MCLI_PROJECT_ID) is used.
    type: str
    required: true
    aliases: [group_id]
  api_version:
    description:
      - Version of the Atlas Administration API.
    type: str
    choices: [v1.0, v2]
    default: v2
  cluster_name:
    description:
      - Name of the cluster that the backups belong to. A restore can have a different cluster as its target.
    type: str
    required: true
"""

    RESTORE = r"""
options:
  delivery_type:
    description:
      - V(download) prepares an archive that M(saasops.jobs.restore_job_download) can fetch.
      - V(automated) restores a snapshot to O(target_cluster_name). V(pointInTime) restores that cluster to a point in
        time. Both first remove all data from the target cluster.
      - Required to start a restore.
    type: str
    choices: [automated, download, pointInTime]
  snapshot_id:
    description:
      - ID of the snapshot, 24 hexadecimal digits. It must be a snapshot of the cluster O(cluster_name).
      - A snapshot of a single shard can only be downloaded, and that download cannot be cancelled. The module warns
        about it.
      - In check mode, a snapshot that is queued or in progress only causes a warning, as an earlier task may wait for
        it.
    type: str
  snapshot:
    description:
      - V(latest) selects the newest completed snapshot of the cluster. Use this instead of O(snapshot_id).
    type: str
    choices: [latest]
  before:
    description:
      - With O(snapshot=latest), consider only snapshots taken before this time, in ISO 8601 format.
    type: str
  target_cluster_name:
    description:
      - Name of the cluster to restore to. Required unless O(delivery_type=download).
    type: str
  target_project_id:
    description:
      - ID of the project that contains the target cluster. If not set, the value of O(project_id) is used.
    type: str
  point_in_time:
    description:
      - With O(delivery_type=pointInTime), the point in time to restore, in ISO 8601 format. Set this,
        O(point_in_time_utc_seconds), or both O(oplog_ts) and O(oplog_inc).
    type: str
  point_in_time_utc_seconds:
    description:
      - The point in time to restore, in seconds since 1970.
    type: int
  oplog_ts:
    description:
      - The point in time to restore, as the timestamp of an operation in seconds since 1970. Requires O(oplog_inc).
    type: int
  oplog_inc:
    description:
      - Number of the operation within the second O(oplog_ts).
    type: int
  accept_target_data_loss:
    description:
      - Must be V(true) for a restore to a cluster, because such a restore first removes all data from the cluster.
    type: bool
    default: false
"""
