# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from sandbox_cielo24 import TOKEN as CIELO24_TOKEN
from sandbox_client import SandboxClient, start, stop
from sandbox_lts import PROJECT, VALID_TOKEN
from sandbox_process import default_seed


@pytest.fixture(scope="session")
def _running() -> Iterator[SandboxClient]:
    process, port = start("--quiet")
    yield SandboxClient(port)
    code, _out, err = stop(process)
    assert (code, err) == (0, "")


@pytest.fixture
def sandbox(_running: SandboxClient) -> SandboxClient:
    """The sandbox as its default seed describes it."""
    _running.reset()
    _running.reconnect()
    return _running


@pytest.fixture
def launch() -> Iterator[Callable[..., tuple[subprocess.Popen[str], int]]]:
    """Starts more sandboxes, which are stopped after the test."""
    started: list[subprocess.Popen[str]] = []

    def start_another(*options: str) -> tuple[subprocess.Popen[str], int]:
        process, port = start(*options)
        started.append(process)
        return process, port

    yield start_another
    for process in started:
        if process.poll() is None:
            stop(process)
        process.stdout.close()
        process.stderr.close()


@pytest.fixture
def seed() -> dict[str, Any]:
    """A fresh copy of the default seed."""
    return default_seed()


@pytest.fixture
def lts(sandbox: SandboxClient) -> Callable[..., requests.Response]:
    """Calls LTS with a token of the seed."""

    def call(
        method: str,
        path: str,
        token: str | None = VALID_TOKEN,
        content_type: str | None = "application/json",
        project: str = PROJECT,
        version: str = "v2",
        **options: object,
    ) -> requests.Response:
        headers = {"X-Auth-Token": token, "Content-Type": content_type}
        headers = {name: value for name, value in headers.items() if value is not None}
        url = f"{sandbox.url}/{version}/{project}{path}"
        return requests.request(method, url, headers=headers, timeout=10, **options)

    return call


@pytest.fixture
def cielo24(sandbox: SandboxClient) -> Callable[..., requests.Response]:
    """Calls cielo24 with a token of the seed; parameters go into the query."""

    def call(
        path: str,
        method: str = "GET",
        token: str | None = CIELO24_TOKEN,
        data: object = None,
        json: object = None,
        headers: dict[str, str] | None = None,
        **parameters: object,
    ) -> requests.Response:
        query = {"v": "1", "api_token": token, **parameters}
        query = {name: value for name, value in query.items() if value is not None}
        url = f"{sandbox.url}/api/{path}"
        return requests.request(method, url, params=query, data=data, json=json, headers=headers, timeout=10)

    return call
