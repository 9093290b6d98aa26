# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that faults happen to, and what became of them."""

from __future__ import annotations

from typing import Any

from sandbox_cielo24 import JOBS, NEWS, TOKEN
from sandbox_client import SandboxClient
from sandbox_lts import APP, NGINX, PROJECT, VALID_TOKEN

JOB = JOBS["a1"]
DELETE = f"/api/job/delete?v=1&api_token={TOKEN}&job_id={JOB}"
LIST = f"/api/job/list?v=1&api_token={TOKEN}"
LTS = f"/v2/{PROJECT}/groups"
LTS_HEADERS = {"X-Auth-Token": VALID_TOKEN, "Content-Type": "application/json"}
STREAM = f"{LTS}/{APP}/streams/{NGINX}"


def job_exists(sandbox: SandboxClient) -> bool:
    """Whether the job that DELETE deletes exists."""
    return JOB in sandbox.state()["cielo24"][NEWS]["jobs"]


def last_outcome(sandbox: SandboxClient) -> tuple[Any, ...]:
    """The status of the last request, whether it changed something, and its fault."""
    entry = sandbox.requests()[-1]
    return entry["status"], entry["acted"], entry["fault"]
