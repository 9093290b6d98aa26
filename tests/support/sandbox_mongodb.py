# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects of the seed and helpers for tests of the MongoDB services."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Sequence
from typing import Any

import requests
from sandbox_client import ATLAS, PRIVATE, SandboxClient

# Log collection jobs
PROJECT = "66f1c0de0000000000000001"
SUCCEEDED, FAILED, FAILS_AGAIN, RUNNING = (f"66f1c0de00000000000000a{n}" for n in (1, 2, 3, 4))
UNKNOWN = "66f1c0de00000000000000ff"
NOW = "2026-08-31T12:00:00Z"

# Restore jobs and snapshots, by the end of their ids
RESTORE_JOBS = {
    name: f"66f1c0de00000000000000{name}" for name in "b1 b2 b3 b4 b5 b6 b7 b8 b9 ba bb bc c1 c2 ff".split()
}
RESTORES_V1 = f"/api/atlas/v1.0/groups/{ATLAS}/clusters/blue/backup/restoreJobs"
ATLAS_MEDIA_TYPE = "application/vnd.atlas.2023-01-01+json;charset=utf-8"
UNSET_TIMESTAMP = {"increment": None, "time": None, "date": None}
SNAPSHOTS = {name: f"66f1c0de000000000000{name:0>4}" for name in "e1 e2 e3 e4 e5 e6 f1 f2 f3 f5 101 fe".split()}
SHARD_SNAPSHOT = "66f1c0de00010000000000f5"


def assert_error(response: requests.Response, status: int, code: str, parameters: Sequence[Any] | None) -> None:
    body = response.json()
    assert list(body) == ["detail", "error", "errorCode", "parameters", "reason"]
    assert (response.status_code, body["error"], body["errorCode"], body["parameters"]) == (
        status,
        status,
        code,
        parameters,
    )
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers.get("X-Error-Code") == (None if status == 401 else code)
    assert ": " not in response.text.split('"detail":')[0]


def seed_of_project(**project: Any) -> dict[str, Any]:
    """A seed with one project, whose clock stands still."""
    return {
        "now": NOW,
        "frozen": True,
        "mongodb": {
            "keys": [{"public_key": "sandboxkey", "private_key": PRIVATE}],
            "projects": [{"id": PROJECT, "name": "one", "family": "ops_manager", **project}],
        },
    }


def seeded_log_job(**fields: Any) -> dict[str, Any]:
    """A log collection job for a seed."""
    return {"id": "66f1c0de00000000000000a1", "status": "SUCCESS", **fields}


def restore_status(sandbox: SandboxClient, name: str, cluster: str = "blue") -> str:
    jobs = sandbox.state()["atlas_restore"][ATLAS]["clusters"][cluster]["jobs"]
    return str(jobs[RESTORE_JOBS[name]]["status"])


def create_restore(sandbox: SandboxClient, body: dict[str, Any], cluster: str = "blue") -> requests.Response:
    return sandbox.restores("POST", cluster=cluster, json=body)


def created_restore_id(sandbox: SandboxClient, body: dict[str, Any], cluster: str = "blue") -> str:
    response = create_restore(sandbox, body, cluster)
    assert response.status_code == 200, response.text
    return str(response.json()["id"])


def archive_members(content: bytes) -> dict[str, int]:
    """The size of each file of a whole archive, by name."""
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
        sizes = {}
        for member in archive:
            file = archive.extractfile(member)
            assert file is not None
            sizes[member.name] = len(file.read())
            assert sizes[member.name] == member.size
    return sizes


def is_whole_archive(content: bytes) -> bool:
    plain = gzip.decompress(content)
    return bool(archive_members(content)) and plain.endswith(bytes(1024))
