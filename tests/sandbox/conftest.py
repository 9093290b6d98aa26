# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest
import requests
import yaml
from cielo24_calls import TOKEN as CIELO24_TOKEN
from sandbox_client import FILES, Box, start, stop


@pytest.fixture(scope="session")
def _running() -> Iterator[Box]:
    process, port = start("--quiet")
    yield Box(port)
    code, _out, err = stop(process)
    assert (code, err) == (0, "")


@pytest.fixture
def box(_running: Box) -> Box:
    _running.reset()
    _running.fresh()
    return _running


@pytest.fixture
def launch() -> Iterator[Callable[..., tuple[subprocess.Popen, int]]]:
    """Starts more sandboxes, and ends them after the test."""
    started: list[subprocess.Popen] = []

    def starter(*options: str) -> tuple[subprocess.Popen, int]:
        process, port = start(*options)
        started.append(process)
        return process, port

    yield starter
    for process in started:
        if process.poll() is None:
            stop(process)
        process.stdout.close()
        process.stderr.close()


@pytest.fixture
def seed() -> dict:
    """A fresh copy of the default seed."""
    return yaml.safe_load((FILES / "seed.yml").read_text(encoding="utf-8"))


@pytest.fixture
def lts(box: Box) -> Callable[..., requests.Response]:
    """Calls LTS with a token of the seed."""

    def call(
        method: str,
        path: str,
        token: str | None = "gAAAAABsandboxToken-7c1e5a90d3f84b26-valid-for-one-day",
        content_type: str | None = "application/json",
        project: str = "0123456789abcdef0123456789abcdef",
        version: str = "v2",
        **options: object,
    ) -> requests.Response:
        headers = {"X-Auth-Token": token, "Content-Type": content_type}
        headers = {name: value for name, value in headers.items() if value is not None}
        url = f"{box.url}/{version}/{project}{path}"
        return requests.request(method, url, headers=headers, timeout=10, **options)

    return call


@pytest.fixture
def cielo(box: Box) -> Callable[..., requests.Response]:
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
        url = f"{box.url}/api/{path}"
        return requests.request(method, url, params=query, data=data, json=json, headers=headers, timeout=10)

    return call
