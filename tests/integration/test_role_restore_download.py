# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role restore_download, in real Ansible processes."""

from __future__ import annotations

import re
import tarfile
from pathlib import Path

import accounts
import role_accounts
from accounts import job

# Of the clusters blue and green; nobody has downloaded these.
BLUE, GREEN = job("e3"), "66f1c0de00000000000000f5"


def wanted(sandbox, roles, cluster="blue", **variables):
    dest = str(roles.home / "deep" / "backups")
    given = {"cluster_name": cluster, "dest": dest, **role_accounts.SOON, **variables}
    return role_accounts.atlas(sandbox.url, **given)


def restore_jobs(sandbox, cluster):
    return sandbox.state()["atlas"][accounts.ATLAS_PROJECT]["clusters"][cluster]["restore_jobs"]


def test_restore_download_of_a_snapshot_is_predicted_done_and_idempotent(sandbox, roles):
    sandbox.clock(tick=120)
    blue = wanted(sandbox, roles, snapshot=BLUE, mode="0640")
    runs = [{**blue, "check_mode": True}, blue, {**blue, "check_mode": True}, blue]
    checked, real, predicted, again = roles.run_each("restore_download", runs, "-vvvv")
    assert accounts.PRIVATE_KEY not in checked.output + real.output
    assert (checked.failure, checked.acted) == (None, 0)
    assert checked.archives["job_id"].startswith("to-be-created-")
    assert (checked.archives["snapshot_id"], checked.archives["started"]) == (BLUE, True)
    assert real.failure is None
    (file,) = (roles.home / "deep" / "backups").iterdir()
    assert re.fullmatch(rf"restore-blue-\d{{8}}T\d{{4}}Z-{BLUE}\.tar\.gz", file.name)
    assert real.archives == {
        "job_id": real.archives["job_id"],
        "snapshot_id": BLUE,
        "started": True,
        "fetched": [str(file)],
        "files": [str(file)],
        "cancelled": False,
    }
    # It was started, and its address was used up.
    assert (real.changed, real.acted) == (checked.changed, 2) == (2, 2)
    assert file.stat().st_mode & 0o777 == 0o640
    with tarfile.open(file) as archive:
        assert archive.getnames()
    kept = {**real.archives, "started": False, "fetched": []}
    assert (predicted.failure, predicted.changed, predicted.archives) == (None, 0, kept)
    assert (again.failure, again.changed, again.archives, again.acted) == (None, 0, kept, 2)


def test_restore_download_of_a_sharded_cluster_fetches_each_shard_once(sandbox, roles):
    sandbox.clock(tick=120)
    green = wanted(sandbox, roles, "green", snapshot=GREEN)
    first, again = roles.run_each("restore_download", [green, green])
    assert [first.failure, again.failure] == [None, None]
    names = [Path(file).name for file in first.archives["files"]]
    parts = [re.fullmatch(rf"restore-green-\d{{8}}T\d{{4}}Z-{GREEN}-(.+)\.tar\.gz", name) for name in names]
    assert [part[1] for part in parts if part] == ["green-shard-0", "green-shard-1"]
    assert (again.archives["files"], again.archives["fetched"], again.changed) == (first.archives["files"], [], 0)
    assert again.acted == 3
    # One that is lost is fetched anew, with a new download.
    Path(first.archives["files"][1]).unlink()
    renewed = roles.run("restore_download", **green)
    assert (renewed.failure, renewed.archives["started"]) == (None, True)
    assert renewed.archives["job_id"] != first.archives["job_id"]
    assert Path(first.archives["files"][1]).exists()


def test_restore_download_of_the_latest_snapshot_uses_a_download_under_way(sandbox, roles):
    sandbox.clock(tick=120)
    run = roles.run("restore_download", **wanted(sandbox, roles))
    assert (run.failure, run.archives["job_id"], run.archives["started"]) == (None, job("b1"), False)
    (file,) = (roles.home / "deep" / "backups").glob(f"restore-blue-*-{job('e1')}.tar.gz")
    assert run.archives["fetched"] == [str(file)]
    # Only the use of its address.
    assert sandbox.acted() == 1


def test_restore_download_whose_fetch_fails_cancels_only_what_it_has_started(sandbox, roles):
    sandbox.clock(tick=120)
    sandbox.fault("status", status=403, body="html", match={"path": "/restore-.*gz$"}, times=None)
    runs = [
        wanted(sandbox, roles, snapshot=job("e2")),
        wanted(sandbox, roles, snapshot=BLUE),
        wanted(sandbox, roles, snapshot=BLUE, clean_up=False),
    ]
    used, started, left = roles.run_each("restore_download", runs)
    for run in (started, left, used):
        assert "the host of the archive answered Forbidden" in run.failure
        assert (run.archives["fetched"], run.archives["files"]) == ([], [])
    assert (started.archives["started"], started.archives["cancelled"]) == (True, True)
    assert (left.archives["started"], left.archives["cancelled"]) == (True, False)
    assert (used.archives["job_id"], used.archives["cancelled"]) == (job("b2"), False)
    assert [used.acted, started.acted, left.acted] == [0, 2, 3]


def test_restore_download_that_is_not_ready_in_time_is_cancelled_and_names_the_job(sandbox, roles):
    hasty = {"wait_timeout": 0.3, "wait_interval": 0.1}
    run = roles.run("restore_download", **wanted(sandbox, roles, snapshot=BLUE, **hasty))
    assert f"{run.archives['job_id']} was still in_progress after 0.3 s" in run.failure
    assert run.archives["cancelled"] is True
    assert sandbox.acted() == 2
    assert not (roles.home / "deep").exists()


def test_restore_download_that_cannot_be_cancelled_tells_both_reasons(sandbox, roles):
    sandbox.clock(tick=120)
    sandbox.fault("status", status=403, body="html", match={"path": "/restore-.*gz$"}, times=None)
    shard = "66f1c0de00010000000000f5"
    run = roles.run("restore_download", **wanted(sandbox, roles, "green", snapshot=shard))
    assert "the host of the archive answered Forbidden" in run.failure
    assert "cannot be cancelled, as it is the download of a single shard" in run.failure
    assert run.archives["cancelled"] is False


def test_restore_download_of_a_missing_snapshot_starts_nothing(sandbox, roles):
    runs = [
        wanted(sandbox, roles, snapshot=job("ee")),
        wanted(sandbox, roles, snapshot="newest"),
        wanted(sandbox, roles, before="2020-01-01T00:00:00Z"),
        wanted(sandbox, roles, snapshot=BLUE, before="2020-01-01T00:00:00Z"),
    ]
    missing, misspelt, early, both = roles.run_each("restore_download", runs)
    assert missing.failure == f"Snapshot {job('ee')} does not exist for cluster blue."
    assert "snapshot_id" in misspelt.failure
    assert "has no completed snapshot from before" in early.failure
    assert "before requires snapshot: latest." in both.failure
    assert sandbox.acted() == 0
