# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from role_runs import Roles
from sandbox_process import Sandbox


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
