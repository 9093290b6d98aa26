# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for all unit tests.

The temporary files of `ansible-test units` are kept with its other output, as it hands no TMPDIR on.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

OUTPUT = Path(__file__).parents[1] / "output"

if OUTPUT.is_dir():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(OUTPUT))


@pytest.fixture(autouse=True)
def plans_are_pure(monkeypatch):
    """Whatever a test is about, each plan in it is made twice."""
    # The collection can be imported only once all plugins of pytest are loaded.
    from ansible_collections.saasops.jobs.tests.unit.support.pure_plans import check_plans

    check_plans(monkeypatch)
