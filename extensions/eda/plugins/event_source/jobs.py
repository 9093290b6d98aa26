# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An event source for ansible-rulebook: one event for each change of state of a job."""

from __future__ import annotations

DOCUMENTATION = r"""
---
short_description: Changes of jobs as events
version_added: 0.1.0
description:
  - Lists log collection jobs, restore jobs of MongoDB Atlas or captioning jobs of cielo24 again and again, and emits
    one event for each change of state of a job.
  - "C(event.change) says what a job has become: C(created), C(waiting), C(in_progress), C(ready), C(fetched),
    C(finished), C(failed), C(expiring), C(expired), C(cancelled), C(deleted), or C(other) for a status that the service
    does not document."
  - Each event comes at least once. One that comes again has the same C(event.id).
  - If the service cannot be reached, the source logs a warning and tries again, waiting longer each time, up to 15
    minutes more than O(interval), or as long as the service asks for. Invalid options and refused credentials end it.
  - Events, logs and the state file hold no credentials and no addresses of downloads.
requirements:
  - ansible-core and requests in the Python that runs ansible-rulebook
author:
  - saasops.jobs contributors (@saasops)
options:
  service:
    description:
      - The service whose jobs are watched. An option that does not belong to it is an error.
      - V(log_collection) stands for the jobs of the module saasops.jobs.log_collection_job, V(atlas) for those of
        saasops.jobs.restore_job, and V(cielo24) for those of saasops.jobs.cielo24_job.
    type: str
    required: true
    choices: [log_collection, atlas, cielo24]
  interval:
    description:
      - How long to wait between two looks, as a number of seconds or a duration such as V(5m). At least one second.
      - What comes and goes between two looks is not seen.
    type: str
    default: 60s
  state_file:
    description:
      - File that holds what has been emitted, so that a restart misses nothing. Only its owner can read it.
      - Each source needs a file of its own. Without a file, each start is the first one.
    type: path
  emit_existing:
    description:
      - Whether the first look emits an event for the state that each job is in. Otherwise, these states are only noted.
      - Applies to projects, clusters and accounts that O(state_file) does not contain yet.
    type: bool
    default: false
  expires_within:
    description:
      - Emit C(expiring) once a job has less time than this until what it holds expires, such as V(2h).
      - Without it, only the status of a log collection job tells.
    type: str
  feedback:
    description:
      - Whether an event counts as emitted only once ansible-rulebook has taken it. This requires that the rulebook runs
        with persistence.
    type: bool
    default: false
  project_ids:
    description:
      - IDs of the projects. Only for O(service=log_collection).
      - If not set, the environment variable E(MCLI_PROJECT_ID) is used.
    type: list
    elements: str
    aliases: [project_id, group_id]
  resource_name:
    description:
      - Watch only jobs that collect logs from this resource. Only for O(service=log_collection).
    type: str
  verbose:
    description:
      - Whether C(event.job) also has the child jobs. A job that fails again so quickly that no look saw it run is then
        noticed, too. Only for O(service=log_collection).
    type: bool
    default: false
  product:
    description:
      - The product behind O(base_url), see saasops.jobs.log_collection_job. Only for O(service=log_collection).
    type: str
    choices: [ops_manager, cloud_manager, atlas]
  requests_per_minute:
    description:
      - The limit of the installation. Only for O(service=log_collection).
    type: int
  project_id:
    description:
      - ID of the project with the clusters. Only for O(service=atlas).
      - If not set, the environment variable E(MONGODB_ATLAS_PROJECT_ID) or E(MCLI_PROJECT_ID) is used.
    type: str
    aliases: [group_id]
  cluster_names:
    description:
      - Names of the clusters. Only for O(service=atlas), where it is required.
    type: list
    elements: str
    aliases: [cluster_name]
  delivery_type:
    description:
      - Watch only restores with one of these delivery types. Only for O(service=atlas).
    type: list
    elements: str
    choices: [automated, download, pointInTime]
  api_version:
    description:
      - Version of the API. Only for O(service=atlas).
    type: str
    choices: [v1.0, v2]
    default: v2
  sub_account:
    description:
      - Watch the jobs of this sub-account. V(*) stands for the account that signs in and all below it. Only for
        O(service=cielo24).
    type: str
  base_url:
    description:
      - Address of the service.
      - If not set, the environment variable E(MCLI_OPS_MANAGER_URL), E(MONGODB_ATLAS_BASE_URL) or E(CIELO24_BASE_URL)
        is used, depending on O(service). The default is the address of MongoDB's or cielo24's cloud.
    type: str
  public_key:
    description:
      - Public part of an API key of MongoDB.
      - If not set, the environment variable E(MCLI_PUBLIC_API_KEY) is used; with O(service=atlas), first
        E(MONGODB_ATLAS_PUBLIC_API_KEY) and E(MONGODB_ATLAS_PUBLIC_KEY).
    type: str
  private_key:
    description:
      - Private part of the API key.
      - If not set, the environment variable E(MCLI_PRIVATE_API_KEY) is used; with O(service=atlas), first
        E(MONGODB_ATLAS_PRIVATE_API_KEY) and E(MONGODB_ATLAS_PRIVATE_KEY).
    type: str
  client_id:
    description:
      - ID of a service account of MongoDB.
      - If not set, the environment variable E(MONGODB_ATLAS_CLIENT_ID) is used.
    type: str
  client_secret:
    description:
      - Secret of the service account.
      - If not set, the environment variable E(MONGODB_ATLAS_CLIENT_SECRET) is used.
    type: str
  api_token:
    description:
      - Token of cielo24. It expires after an hour without use, so a source needs O(username) instead.
      - If not set, the environment variable E(CIELO24_API_TOKEN) is used.
    type: str
  username:
    description:
      - Name of the account of cielo24.
      - If not set, the environment variable E(CIELO24_USERNAME) is used.
    type: str
  password:
    description:
      - Password of the account of cielo24.
      - If not set, the environment variable E(CIELO24_PASSWORD) is used.
    type: str
  api_key:
    description:
      - API key of the account of cielo24.
      - If not set, the environment variable E(CIELO24_API_KEY) is used.
    type: str
  timeout:
    description:
      - Seconds to wait for a connection, and for each part of a response.
    type: float
    default: 30.0
  validate_certs:
    description:
      - Whether to check TLS certificates.
    type: bool
    default: true
  ca_path:
    description:
      - File or folder with the CA certificates to trust.
    type: path
  client_cert:
    description:
      - File with a client certificate.
    type: path
  client_key:
    description:
      - File with the key of the client certificate.
    type: path
  retries:
    description:
      - How many times a request is sent again before a look counts as failed.
    type: int
    default: 4
  max_concurrency:
    description:
      - The most requests to send at the same time, and the most projects or clusters to look at.
    type: int
    default: 32
  http_agent:
    description:
      - What to send as C(User-Agent).
    type: str
    default: ansible-saasops-jobs
"""

EXAMPLES = r"""
# Log collection jobs of two projects. The credentials come from the environment.
- saasops.jobs.jobs:
    service: log_collection
    base_url: https://opsmanager.example.net:8443
    project_ids: [66f1c0de0000000000000001, 66f1c0de0000000000000003]
    state_file: /var/lib/eda/log_collection.json
    expires_within: 2d

# Downloads of the snapshots of a cluster, with credentials that ansible-rulebook knows as variables.
- saasops.jobs.jobs:
    service: atlas
    client_id: "{{ atlas_client_id }}"
    client_secret: "{{ atlas_client_secret }}"
    project_id: 66f1c0de0000000000000002
    cluster_names: [blue]
    delivery_type: [download]
    interval: 30
    state_file: /var/lib/eda/restores.json
    expires_within: 15m

# Captioning jobs of an account and of those below it, beginning with the states that they are in.
- saasops.jobs.jobs:
    service: cielo24
    username: newsroom
    api_key: "{{ cielo24_api_key }}"
    sub_account: "*"
    interval: 5m
    emit_existing: true
"""

import asyncio
import importlib
import sys
from pathlib import Path
from typing import Any

_WATCH = "ansible_collections.saasops.jobs.plugins.plugin_utils._event_watch"


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Watches jobs until it is cancelled. ansible-rulebook calls this.

    :param queue: where the events go.
    :param args: the options, see DOCUMENTATION.
    """
    _let_python_find_collections()
    await importlib.import_module(_WATCH).watch(queue, args)


def _let_python_find_collections() -> None:
    """ansible-rulebook runs this file from its collection, but does not let it import anything from there.

    :raises ImportError: there is no ansible-core, whose code the collection uses.
    """
    for folder in Path(__file__).absolute().parents:
        if folder.name == "ansible_collections":
            if str(folder.parent) not in sys.path:
                sys.path.insert(0, str(folder.parent))
            break
    try:
        importlib.import_module("ansible.release")
    except ImportError:
        raise ImportError(
            f"saasops.jobs.jobs needs ansible-core beside ansible-rulebook. Install it for {sys.executable}."
        ) from None
