# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client for the conformance tests of the sandbox."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import requests
from accounts import PRIVATE_KEY
from requests.auth import HTTPDigestAuth
from sandbox_process import PROGRAM, Control, default_seed

COMMAND = [sys.executable, str(PROGRAM)]
SEED = default_seed()
PUBLIC, PRIVATE = "sandboxkey", PRIVATE_KEY
LOGS = "/api/public/v1.0/groups/66f1c0de0000000000000001/logCollectionJobs"
ATLAS = "66f1c0de0000000000000002"
V2 = {"Accept": "application/vnd.atlas.2023-01-01+json"}


class SandboxClient(Control):
    """Sends requests to the control API and to the services of a running sandbox."""

    def __init__(self, port: int):
        super().__init__(f"http://127.0.0.1:{port}")
        self.port = port
        self.mongo = requests.Session()
        self.reconnect()

    def reconnect(self) -> None:
        """Forgets all connections and nonces."""
        self.mongo.close()
        self.mongo = requests.Session()
        self.mongo.trust_env = False
        self.mongo.auth = HTTPDigestAuth(PUBLIC, PRIVATE)

    def get(self, path: str, **options: Any) -> requests.Response:
        """Sends a GET over a new connection."""
        with requests.Session() as session:
            session.trust_env = False
            return session.get(self.url + path, timeout=10, **options)

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Sends a request with digest authentication."""
        return self.mongo.request(method, self.url + path, timeout=10, allow_redirects=False, **options)

    def restores(self, method: str, job: str = "", cluster: str = "blue", **options: Any) -> requests.Response:
        """Sends a request about restore jobs."""
        path = f"/api/atlas/v2/groups/{ATLAS}/clusters/{cluster}/backup/restoreJobs" + (f"/{job}" if job else "")
        return self.call(method, path, headers=V2, **options)


def start(*options: str) -> tuple[subprocess.Popen[str], int]:
    """Starts a sandbox; returns its process and port."""
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(process.communicate()[1])
    return process, int(line.rpartition(":")[2])


def stop(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Stops a sandbox; returns its exit code and output."""
    process.terminate()
    out, err = process.communicate(timeout=10)
    return process.returncode, out, err
