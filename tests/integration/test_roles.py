# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles that chain the modules, in real Ansible processes."""

from __future__ import annotations

import re
import tarfile
from datetime import datetime, timedelta
from pathlib import Path

import accounts
import pytest
import role_files
import yaml
from accounts import job
from sandbox_process import ROOT, default_seed

MONGODB_SECRETS = {"private_key", "client_secret"}
SECRETS = {
    "log_collection": MONGODB_SECRETS,
    "log_collection_sweep": MONGODB_SECRETS,
    "restore_download_sweep": MONGODB_SECRETS,
    "lts_retention": {"auth_token", "secret_key", "security_token", "password"},
    "cielo24_purge": {"api_token", "password", "api_key"},
}
LEDGER = "66f1c0de0000000000000005"
SERVICE_ACCOUNT = {"client_id": accounts.CLIENT_ID, "client_secret": accounts.CLIENT_SECRET}
SOON = {"wait_interval": 0.05, "wait_timeout": 60}


def replica_sets(*names, **more):
    return {"resource_type": "REPLICASET", "resource_names": list(names), **more}


def job_ids(sandbox, project):
    return set(sandbox.state()["log_collection"][project]["jobs"])


def kept_days(entry):
    """How long the logs of a job are kept."""
    created, expires = (datetime.fromisoformat(entry[f"{name}Date"].rstrip("Z")) for name in ("creation", "expiration"))
    return (expires - created) / timedelta(days=1)


# ------------------------------------------------------------------------------------------------------ log_collection


def test_collect_check_for_real_and_again(sandbox, roles):
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
        **SOON,
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
    assert real.files == [str(dest / f"log-collection-{entry['id']}.tar.gz") for entry in real.jobs]
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


def test_what_is_collecting_already_is_used(sandbox, roles):
    process = {"resource_type": "PROCESS", "resource_names": ["db1_27017"], "log_types": ["MONGODB"]}
    wanted = {"resources": [process, replica_sets("rsBlue")], "size_requested_per_file_bytes": 20_000_000}
    wanted.update(dest=str(roles.home), delete=False, **SOON, **accounts.log_collection(sandbox.url))
    run = roles.run("log_collection", "--check", **wanted)
    assert run.failure is None
    assert [entry["id"] for entry in run.jobs] == [job("a4"), job("a1")]
    # One archive is there to be fetched, the other one later.
    assert (run.files, run.changed) == ([str(roles.home / f"log-collection-{job('a1')}.tar.gz")], 2)
    sandbox.clock(tick=60)
    run = roles.run("log_collection", **wanted)
    assert (run.failure, run.changed, sandbox.acted()) == (None, 1, 0)
    assert len(run.files) == 2


def test_a_failing_collection_stays_and_is_told(sandbox, roles):
    sandbox.clock(tick=30)
    environment = {
        "MCLI_OPS_MANAGER_URL": sandbox.url,
        "MCLI_PUBLIC_API_KEY": "sandboxkey",
        "MCLI_PRIVATE_API_KEY": accounts.PRIVATE_KEY,
        "MCLI_PROJECT_ID": LEDGER,
    }
    wanted = {"resources": [replica_sets("rsLedger")], "dest": str(roles.home / "logs"), **SOON}
    run = roles.run("log_collection", environment=environment, **wanted)
    assert "db6.example.net:27017 MONGODB: The agent did not answer in time." in run.failure
    assert sandbox.acted() == 1
    assert len(job_ids(sandbox, LEDGER)) == 1
    assert run.files == []
    assert not (roles.home / "logs").exists()


def test_clean_up_deletes_what_this_run_started_and_nothing_else(sandbox, roles):
    sandbox.clock(tick=60)
    sandbox.fault("status", status=403, body="json", match={"path": "/download$"}, times=None)
    process = {"resource_type": "PROCESS", "resource_names": ["db1_27017"], "log_types": ["MONGODB"]}
    wanted = {"resources": [process, replica_sets("rsRed")], "size_requested_per_file_bytes": 20_000_000, **SOON}
    connection = accounts.log_collection(sandbox.url)
    before = job_ids(sandbox, accounts.LOG_PROJECT)
    run = roles.run("log_collection", dest=str(roles.home / "logs"), clean_up=True, **wanted, **connection)
    assert "2 of 2 log collection jobs failed." in run.failure
    assert "hand over the logs" in run.failure
    assert sandbox.acted() == 2
    assert job_ids(sandbox, accounts.LOG_PROJECT) == before


def test_a_collection_that_cannot_be_started_cleans_up_too(sandbox, roles):
    wanted = {"resources": [replica_sets("rsLedger"), replica_sets("nowhere")], "dest": str(roles.home)}
    connection = accounts.log_collection(sandbox.url, project_id=LEDGER)
    run = roles.run("log_collection", clean_up=True, **wanted, **connection)
    assert "nowhere of type REPLICASET wasn't found" in run.failure
    assert "One or more items" not in run.failure
    assert sandbox.acted() == 2
    assert job_ids(sandbox, LEDGER) == set()


def test_partial_archives_are_fetched_if_accepted(sandbox, roles):
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
    hasty, run = roles.run_each("log_collection", [hasty, {**wanted, **SOON}])
    assert "was still IN_PROGRESS after 0.3 s; it goes on." in hasty.failure
    assert hasty.acted == 2
    assert run.failure is None
    assert {entry["id"]: entry["status"] for entry in run.jobs}[job("a4")] == "SUCCESS"
    assert sorted(entry["status"] for entry in run.jobs) == ["FAILURE", "SUCCESS"]
    assert len(run.files) == 2
    # Both runs have started one and deleted it; what was there already stays.
    assert run.acted == 4
    assert job("a4") in job_ids(sandbox, accounts.LOG_PROJECT)


# ------------------------------------------------------------------------------------------------ log_collection_sweep


def sweep(sandbox, roles, *arguments, **variables):
    connection = accounts.log_collection(sandbox.url, **SOON)
    return roles.run("log_collection_sweep", *arguments, **{**connection, **variables})


def test_sweep_check_for_real_and_again(sandbox, roles):
    sandbox.clock(tick=30)
    old = [job("a1"), job("a5"), job("a6")]
    failed = [job("a2"), job("a3")]
    wanted = {"max_deletions": 3, "product": "ops_manager", **SOON, **accounts.log_collection(sandbox.url)}
    last = {**wanted, "retries": 0, "fail_on_still_failed": True}
    runs = [{**wanted, "check_mode": True}, wanted, last]
    checked, real, again = roles.run_each("log_collection_sweep", runs)
    assert checked.failure is None
    assert checked.logs == {"failed_before": failed, "recovered": [], "still_failed": [], "deleted": old}
    assert (checked.changed, checked.acted) == (2, 0)
    assert real.failure is None
    assert real.logs == {"failed_before": failed, "recovered": failed[:1], "still_failed": failed[1:], "deleted": old}
    assert "Had failed: 2, recovered: 1, still failed: 1, deleted: 3" in real.output
    assert (real.changed, real.acted) == (2, 5)
    assert again.logs == {"failed_before": failed[1:], "recovered": [], "still_failed": failed[1:], "deleted": []}
    assert again.failure == f"Log collection jobs that still fail: {job('a3')}."
    assert (again.changed, again.acted) == (0, 5)


def test_each_is_retried_as_often_as_asked_for_and_followed_to_its_end(sandbox, roles):
    seed = default_seed()
    a2, a3 = seed["mongodb"]["projects"][0]["log_collection_jobs"][1:3]
    # One fails again long before the other is done.
    a2["retry"]["takes"], a3["retry"]["takes"] = "90s", "10s"
    sandbox.reset(seed)
    sandbox.clock(frozen=True, tick=8)
    run = sweep(sandbox, roles, delete=False, retries=2, fail_on_still_failed=True)
    assert run.failure == f"Log collection jobs that still fail: {job('a3')}."
    assert (run.logs["recovered"], run.logs["still_failed"], run.logs["deleted"]) == ([job("a2")], [job("a3")], [])
    assert sandbox.acted() == 3


def test_too_many_are_refused_and_what_would_be_deleted_is_not_retried(sandbox, roles):
    wanted = {"older_than": "30h", "delete_statuses": ["FAILURE", "EXPIRED"], **accounts.log_collection(sandbox.url)}
    refused, run = roles.run_each("log_collection_sweep", [{**wanted, "max_deletions": 2}, wanted])
    assert refused.failure.startswith("3 log collection jobs would be deleted, but no more than 2 may be")
    assert refused.failure.endswith(f"They are: {job('a2')}, {job('a3')}, {job('a6')}.")
    nothing = {"failed_before": [], "recovered": [], "still_failed": [], "deleted": []}
    assert (refused.changed, refused.logs, refused.acted) == (0, nothing, 0)
    deleted = [job("a2"), job("a3"), job("a6")]
    assert run.failure is None
    assert run.logs == {"failed_before": deleted[:2], "recovered": [], "still_failed": [], "deleted": deleted}
    assert run.acted == 3


def test_what_was_done_is_reported_also_when_the_wait_is_given_up(sandbox, roles):
    hasty = accounts.log_collection(sandbox.url, wait_timeout=0.2, wait_interval=0.1)
    run = roles.run("log_collection_sweep", **hasty)
    assert "still IN_PROGRESS after 0.2 s" in run.failure
    failed = [job("a2"), job("a3")]
    assert run.logs == {"failed_before": failed, "recovered": [], "still_failed": [], "deleted": []}
    assert run.acted == 2
    # One fails again, and the other one takes too long.
    seed = default_seed()
    a2, a3 = seed["mongodb"]["projects"][0]["log_collection_jobs"][1:3]
    a2["retry"]["takes"], a3["retry"]["takes"] = "1d", "5s"
    sandbox.reset(seed)
    sandbox.clock(frozen=True, tick=8)
    run = roles.run("log_collection_sweep", **hasty)
    assert run.failure.startswith(f"Log collection job {job('a2')} was still IN_PROGRESS after 0.2 s; it goes on.")
    assert run.logs == {"failed_before": failed, "recovered": [], "still_failed": [job("a3")], "deleted": []}


def test_sweep_of_cloud_manager_with_a_service_account(sandbox, roles):
    connection = {"public_key": "", "private_key": "", **SERVICE_ACCOUNT, "project_id": accounts.CLOUD_MANAGER_PROJECT}
    run = sweep(sandbox, roles, "-vvvv", **connection, product="cloud_manager", older_than="2d")
    assert (run.failure, run.changed) == (None, 1)
    assert run.logs == {"failed_before": [], "recovered": [], "still_failed": [], "deleted": [job("401")]}
    assert SERVICE_ACCOUNT["client_secret"] not in run.output


# ---------------------------------------------------------------------------------------------- restore_download_sweep


def atlas(sandbox, **variables):
    connection = accounts.atlas(sandbox.url)
    del connection["cluster_name"]
    return {**connection, **variables}


def test_cancel_check_for_real_and_again(sandbox, roles):
    wanted = atlas(sandbox, cluster_names=["blue", "green", "indigo"], max_cancellations=2)
    runs = [{**wanted, "max_cancellations": 1}, {**wanted, "check_mode": True}, wanted, wanted]
    refused, checked, real, again = roles.run_each("restore_download_sweep", runs)
    report = {"blue": [job("b2")], "green": [job("c1")], "indigo": []}
    assert refused.failure.startswith("2 downloads would be cancelled, but no more than 1 may be")
    assert refused.failure.endswith(f"They are: {job('b2')}, {job('c1')}.")
    assert (refused.downloads, refused.acted) == ({}, 0)
    assert (checked.failure, checked.downloads, checked.changed, checked.acted) == (None, report, 1, 0)
    assert (real.failure, real.downloads, real.changed, real.acted) == (None, report, 1, 2)
    nothing = {"blue": [], "green": [], "indigo": []}
    assert (again.failure, again.downloads, again.changed, again.acted) == (None, nothing, 0, 2)


def test_downloads_that_are_being_prepared(sandbox, roles):
    # That of a single shard cannot be cancelled, and one that was fetched is left alone.
    wanted = {"cluster_names": ["green", "blue"], "include_preparing": True, "older_than": "1m", "api_version": "v1.0"}
    wanted.update(SERVICE_ACCOUNT, public_key="", private_key="")
    run = roles.run("restore_download_sweep", "-vvvv", **atlas(sandbox, **wanted))
    assert run.failure
    assert "as it is the download of a single shard" in run.output
    assert run.downloads == {"green": [job("c1")], "blue": [job("b1"), job("b2")]}
    assert sandbox.acted() == 3
    assert SERVICE_ACCOUNT["client_secret"] not in run.output
    assert any("/api/atlas/v1.0/" in line for line in sandbox.lines())


# ----------------------------------------------------------------------------------------------------------- all roles


@pytest.mark.parametrize(
    "role, missing",
    [
        ("log_collection", "log_collection_dest, log_collection_resources"),
        ("restore_download_sweep", "restore_download_sweep_cluster_names"),
        ("lts_retention", "lts_retention_groups"),
    ],
)
def test_a_missing_variable_is_named(sandbox, roles, role, missing):
    run = roles.run(role)
    assert f"missing required arguments: {missing}" in run.output
    assert sandbox.requests() == []


@pytest.mark.parametrize("role", SECRETS)
def test_what_a_role_says_of_its_variables_is_true(role):
    defaults = yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text(encoding="utf-8"))
    specification = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    options = specification["argument_specs"]["main"]["options"]
    assert {name: option["default"] for name, option in options.items() if "default" in option} == defaults
    defaults_of = next(task["module_defaults"] for task in role_files.tasks(role) if "module_defaults" in task)
    for connection in defaults_of.values():
        read = re.findall(r"'(\w+)': (\w+) \| default\(omit\)", connection)
        assert len(read) >= 5
        assert [variable for _option, variable in read] == [f"{role}_{option}" for option, _variable in read]
        assert {variable for _option, variable in read} <= set(options)
    secrets = {name for name, option in options.items() if option.get("no_log")}
    assert secrets == {f"{role}_{name}" for name in SECRETS[role]}
    readme = (ROOT / "roles" / role / "README.md").read_text(encoding="utf-8")
    assert [name for name in options if f"`{name}`" not in readme] == []


# ---------------------------------------------------------------------------------------------------------- all of them

NOTHING = "{{ there_is_no_such_variable | default(omit) }}"


@pytest.mark.parametrize("role", ["log_collection_sweep", "restore_download_sweep", "lts_retention", "cielo24_purge"])
def test_a_variable_that_is_omitted(sandbox, roles, role):
    """It counts as not given, and moves no other value out of its place."""
    sandbox.clock(tick=30)
    variables = {
        "log_collection_sweep": {
            **accounts.log_collection(sandbox.url, **SOON, client_id=NOTHING, product=NOTHING),
            "older_than": "4000d",
        },
        "restore_download_sweep": atlas(sandbox, client_secret=NOTHING, cluster_names=["indigo"]),
        "lts_retention": accounts.lts_user(
            sandbox.url, region=NOTHING, user_id=NOTHING, groups=[{"log_group_name": "attic", "keep": ["a"]}]
        ),
        "cielo24_purge": accounts.cielo24(sandbox.url, api_token=NOTHING, older_than="4000d"),
    }
    assert roles.run(role, **variables[role]).failure is None
