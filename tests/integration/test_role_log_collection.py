# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role log_collection, in real Ansible processes."""

from __future__ import annotations

import tarfile
from datetime import datetime, timedelta
from pathlib import Path

import accounts
import role_accounts
from accounts import job
from sandbox_process import default_seed

LEDGER = "66f1c0de0000000000000005"


def replica_sets(*names, **more):
    return {"resource_type": "REPLICASET", "resource_names": list(names), **more}


def job_ids(sandbox, project):
    return set(sandbox.state()["log_collection"][project]["jobs"])


def kept_days(entry):
    """How long the logs of a job are kept."""
    created, expires = (datetime.fromisoformat(entry[f"{name}Date"].rstrip("Z")) for name in ("creation", "expiration"))
    return (expires - created) / timedelta(days=1)


def archive_of(entry):
    """The name of the file with the archive of a job."""
    minute = datetime.fromisoformat(entry["creationDate"].rstrip("Z")).strftime("%Y%m%dT%H%MZ")
    return f"logs-{entry['resourceName']}-{minute}-{entry['id']}.tar.gz"


def test_log_collection_of_new_jobs_is_predicted_done_and_idempotent(sandbox, roles):
    sandbox.clock(tick=30)
    dest = roles.home / "deep" / "logs"
    special = {"log_types": ["MONGODB"], "size_requested_per_file_bytes": "2GB", "redacted": False}
    special.update(log_from="2026-01-01T06:00:00Z", log_to="2026-01-01T07:00:00Z")
    wanted = {
        "resources": [
            replica_sets("rsBlue", "rsRed"),
            {**special, "resource_type": "CLUSTER", "resource_names": "shGreen"},
        ],
        "log_types": ["FTDC", "AUTOMATION_AGENT"],
        "size_requested_per_file_bytes": 1_000_000,
        "redacted": True,
        "log_from": "2026-02-01T00:00:00Z",
        "log_to": "2026-02-02T00:00:00Z",
        "date_format": "milliseconds",
        "keep_for": "60d",
        "max_age": "20h",
        "product": "ops_manager",
        "dest": str(dest),
        "mode": "0640",
        **role_accounts.SOON,
    }
    connection = accounts.log_collection(sandbox.url)

    kept = {**wanted, **connection, "delete": False}
    checked, real, again = roles.run_each("log_collection", [{**kept, "check_mode": True}, kept, kept], "-vvvv")
    assert accounts.PRIVATE_KEY not in checked.output + real.output + again.output
    assert checked.failure is None
    assert (checked.changed, checked.files, checked.acted) == (2, [], 0)
    assert [entry["status"] for entry in checked.jobs] == ["IN_PROGRESS"] * 3
    assert all(entry["id"].startswith("to-be-created-") for entry in checked.jobs)
    assert [entry["resourceName"] for entry in checked.jobs] == ["rsBlue", "rsRed", "shGreen"]
    assert real.failure is None
    assert real.changed == 2
    # Each is created, and made to be kept for longer.
    assert real.acted == 6
    order = [line.split()[0] for line in sandbox.lines() if "POST" in line or line.endswith("/download 200")]
    assert order == ["POST"] * 3 + ["GET"] * 3
    blue, red, green = real.jobs
    assert [entry["resourceName"] for entry in real.jobs] == ["rsBlue", "rsRed", "shGreen"]
    assert {entry["status"] for entry in real.jobs} == {"SUCCESS"}
    assert (sorted(blue["logTypes"]), blue["redacted"]) == (["AUTOMATION_AGENT", "FTDC"], True)
    assert (green["logTypes"], green["redacted"]) == (["MONGODB"], False)
    assert [entry["sizeRequestedPerFileBytes"] for entry in (red, green)] == [1_000_000, 2 * 1024**3]
    assert [kept_days(entry) for entry in real.jobs] == [60] * 3
    assert blue["logCollectionFromDate"] != green["logCollectionFromDate"]
    assert real.files == [str(dest / archive_of(entry)) for entry in real.jobs]
    assert {Path(file).stat().st_mode & 0o777 for file in real.files} == {0o640}
    for file in real.files:
        with tarfile.open(file) as archive:
            assert archive.getnames()
    assert (again.failure, again.changed, again.acted) == (None, 0, 6)
    assert (again.jobs, again.files) == (real.jobs, real.files)

    # What is there is fetched already, and only deleted. The connection comes from the play.
    play = {"module_defaults": {"group/saasops.jobs.mongodb": connection}}
    sandbox.forget_requests()
    both = {**wanted, "delete_reused": True}
    kept, checked, deleted = roles.run_each("log_collection", [wanted, {**both, "check_mode": True}, both], play=play)
    # It was started by another run, which may be somebody else's.
    assert (kept.failure, kept.changed, kept.acted) == (None, 0, 0)
    assert (checked.failure, checked.changed, checked.acted) == (None, 1, 0)
    assert (deleted.failure, deleted.changed, deleted.acted) == (None, 1, 3)
    assert checked.files == deleted.files == real.files
    assert len(job_ids(sandbox, accounts.LOG_PROJECT)) == 6


def test_log_collection_with_jobs_under_way_uses_them(sandbox, roles):
    process = {"resource_type": "PROCESS", "resource_names": ["db1_27017"], "log_types": ["MONGODB"]}
    wanted = {"resources": [process, replica_sets("rsBlue")], "size_requested_per_file_bytes": 20_000_000}
    wanted.update(dest=str(roles.home), delete=False, **role_accounts.SOON, **accounts.log_collection(sandbox.url))
    run = roles.run("log_collection", "--check", **wanted)
    assert run.failure is None
    assert [entry["id"] for entry in run.jobs] == [job("a4"), job("a1")]
    # One archive is there to be fetched, the other one later.
    assert (run.files, run.changed) == ([str(roles.home / archive_of(run.jobs[1]))], 2)
    sandbox.clock(tick=60)
    run = roles.run("log_collection", **wanted)
    assert (run.failure, run.changed, sandbox.acted()) == (None, 1, 0)
    assert len(run.files) == 2


def test_log_collection_with_a_failed_job_keeps_it_and_names_the_reason(sandbox, roles):
    sandbox.clock(tick=30)
    environment = {
        "MCLI_OPS_MANAGER_URL": sandbox.url,
        "MCLI_PUBLIC_API_KEY": "sandboxkey",
        "MCLI_PRIVATE_API_KEY": accounts.PRIVATE_KEY,
        "MCLI_PROJECT_ID": LEDGER,
    }
    wanted = {"resources": [replica_sets("rsLedger")], "dest": str(roles.home / "logs"), **role_accounts.SOON}
    run = roles.run("log_collection", environment=environment, **wanted)
    assert "db6.example.net:27017 MONGODB: The agent did not answer in time." in run.failure
    assert sandbox.acted() == 1
    assert len(job_ids(sandbox, LEDGER)) == 1
    assert run.files == []
    assert not (roles.home / "logs").exists()


def test_log_collection_with_clean_up_deletes_only_what_the_failed_run_started(sandbox, roles):
    sandbox.clock(tick=60)
    sandbox.fault("status", status=403, body="json", match={"path": "/download$"}, times=None)
    process = {"resource_type": "PROCESS", "resource_names": ["db1_27017"], "log_types": ["MONGODB"]}
    wanted = {
        "resources": [process, replica_sets("rsRed")],
        "size_requested_per_file_bytes": 20_000_000,
        **role_accounts.SOON,
    }
    connection = accounts.log_collection(sandbox.url)
    before = job_ids(sandbox, accounts.LOG_PROJECT)
    run = roles.run("log_collection", dest=str(roles.home / "logs"), clean_up=True, **wanted, **connection)
    assert "2 of 2 log collection jobs failed." in run.failure
    assert "send the logs" in run.failure
    assert sandbox.acted() == 2
    assert job_ids(sandbox, accounts.LOG_PROJECT) == before


def test_log_collection_with_clean_up_deletes_started_jobs_when_another_cannot_start(sandbox, roles):
    wanted = {"resources": [replica_sets("rsLedger"), replica_sets("nowhere")], "dest": str(roles.home)}
    connection = accounts.log_collection(sandbox.url, project_id=LEDGER)
    run = roles.run("log_collection", clean_up=True, **wanted, **connection)
    assert "nowhere of type REPLICASET wasn't found" in run.failure
    assert "One or more items" not in run.failure
    assert sandbox.acted() == 2
    assert job_ids(sandbox, LEDGER) == set()


def test_log_collection_with_accept_partial_fetches_archives_of_failed_jobs(sandbox, roles):
    seed = default_seed()
    project = seed["mongodb"]["projects"][0]
    project["new_log_jobs"] = {"takes": "5s", "result": "FAILURE"}
    project["log_collection_jobs"][3]["finish"]["takes"] = "75s"
    sandbox.reset(seed)
    sandbox.clock(frozen=True, tick=3)
    # The first is collecting when the other one has failed already.
    process = {"resource_type": "PROCESS", "resource_names": ["db1_27017"], "log_types": ["MONGODB"]}
    wanted = {"resources": [process, replica_sets("rsRed")], "size_requested_per_file_bytes": 20_000_000}
    wanted.update(accounts.log_collection(sandbox.url), dest=str(roles.home / "logs"), accept_partial=True)
    hasty = {**wanted, "clean_up": True, "wait_timeout": 0.3, "wait_interval": 0.1}
    hasty, run = roles.run_each("log_collection", [hasty, {**wanted, **role_accounts.SOON}])
    assert "was still IN_PROGRESS after 0.3 s; it is still in progress." in hasty.failure
    assert hasty.acted == 2
    assert run.failure is None
    assert {entry["id"]: entry["status"] for entry in run.jobs}[job("a4")] == "SUCCESS"
    assert sorted(entry["status"] for entry in run.jobs) == ["FAILURE", "SUCCESS"]
    assert len(run.files) == 2
    # Both runs have started one and deleted it; what was there already stays.
    assert run.acted == 4
    assert job("a4") in job_ids(sandbox, accounts.LOG_PROJECT)
