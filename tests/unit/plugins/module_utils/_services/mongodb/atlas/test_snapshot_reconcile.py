# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.snapshot_reconcile import (
    NewSnapshotReconciler,
)
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock

PARAMS = {"description": "before the upgrade", "retention_in_days": 7, "max_age": None, "force": False}


@pytest.mark.parametrize(
    "shown, matches",
    [
        ({}, True),
        ({"description": "before the upgrade"}, True),
        ({"snapshotType": "onDemand"}, True),
        ({"frequencyType": "ondemand"}, True),
        ({"description": "another"}, False),
        # Backups are also taken by a schedule, just then perhaps.
        ({"snapshotType": "scheduled", "frequencyType": "hourly"}, False),
        ({"snapshotType": "scheduled"}, False),
        ({"frequencyType": "daily"}, False),
    ],
)
def test_what_a_new_snapshot_is_known_by(shown, matches):
    reconciler = NewSnapshotReconciler(None, PARAMS, None, TaskContext(clock=StillClock()))
    assert reconciler.matches("before the upgrade", {"id": "s1", "status": "queued", **shown}, is_new=True) is matches
