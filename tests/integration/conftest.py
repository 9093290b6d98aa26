# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_process import MEASURING
from role_runs import Roles
from sandbox_process import Sandbox


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Marks as `quick`: the first test of each file here, and all of those that run every state of every module."""
    seen = set()
    for item in items:
        if Path(__file__).parent in item.path.parents and (item.path not in seen or "four_runs" in item.path.name):
            seen.add(item.path)
            item.add_marker("quick")


@pytest.fixture(autouse=True)
def plans_are_pure(monkeypatch):
    """In the tests' own process, each plan is made twice."""
    # The collection can be imported only once all plugins of pytest are loaded.
    from ansible_collections.saasops.jobs.tests.unit.support.pure_plans import check_plans

    check_plans(monkeypatch)


@pytest.fixture(autouse=True)
def few_processes_are_measured(request, monkeypatch):
    """To measure coverage doubles the time of Ansible's processes, so only those of the tests marked `quick` do."""
    if "quick" not in request.keywords:
        for name in [name for name in os.environ if name.startswith(MEASURING)]:
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def sandbox_process():
    with Sandbox() as running:
        yield running


@pytest.fixture
def sandbox(sandbox_process):
    """The sandbox as its default seed describes it, with its clock standing still as a minute begins."""
    sandbox_process.reset()
    sandbox_process.clock(frozen=True)
    sandbox_process.begin_a_minute()
    return sandbox_process


@pytest.fixture
def roles(tmp_path, sandbox):
    return Roles(tmp_path, sandbox)
