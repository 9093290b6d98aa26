# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode of tasks that name what a task before them brings: it has no id yet."""

from __future__ import annotations

import accounts
import pytest
from running import run

COLLECT = {
    "state": "present",
    "resource_type": "REPLICASET",
    "resource_names": ["rsRed"],
    "log_types": ["MONGODB"],
    "size_requested_per_file_bytes": 1000,
}
SNAPSHOT = {"state": "present", "description": "before the migration", "retention_in_days": 7}


def chain(first, then, make, items, option, check):
    """The result of a task that names what the task before it brought."""
    brought = run(first[0], make(**first[1]), check=check)[items][0]["id"]
    return run(then[0], make(**then[1], **{option: [brought or ""] if option.endswith("s") else brought}), check=check)


@pytest.mark.parametrize(
    "more, action",
    [
        ({"state": "present", "keep_for": "60d"}, "extend"),
        ({"state": "present"}, "none"),
        ({"state": "retried"}, "none"),
        ({"state": "absent"}, "delete"),
    ],
)
def test_log_collections(sandbox, more, action):
    tasks = ("log_collection_job", COLLECT), ("log_collection_job", more)
    for check in (True, False):
        result = chain(*tasks, lambda **given: accounts.log_collection(sandbox.url, **given), "jobs", "job_ids", check)
        assert ("failed" in result, result["jobs"][0]["action"]) == (False, action)


@pytest.mark.parametrize(
    "then, option, action",
    [
        (("snapshot", {"state": "absent"}), "snapshot_ids", "delete"),
        (("restore_job", {"state": "present", "delivery_type": "download"}), "snapshot_id", "create"),
    ],
)
def test_snapshots(sandbox, then, option, action):
    first = "snapshot", {**SNAPSHOT, "wait": True}
    for check in (True, False):
        sandbox.clock(tick=60)
        result = chain(first, then, lambda **given: accounts.atlas(sandbox.url, **given), "snapshots", option, check)
        assert ("failed" in result, result["summary"]["changed"]) == (False, 1), result
        assert result["snapshots" if then[0] == "snapshot" else "jobs"][0]["action"] == action
        assert any("in check mode, that stands for" in each for each in result["warnings"]) is (
            check and option == "snapshot_id"
        )


def test_what_is_forgotten_is_an_error_of_the_real_run(sandbox):
    task = accounts.atlas(sandbox.url, state="present", delivery_type="download")
    assert "either snapshot_id or snapshot=latest" in run("restore_job", task)["msg"]
    assert sandbox.requests() == []
