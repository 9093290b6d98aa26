# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks of the collection, by their names, as people and AWX run them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import accounts
import pytest
from accounts import caption, job
from ansible_process import Ansible


class Playbooks:
    """Runs the collection's playbooks."""

    def __init__(self, home, sandbox):
        self._ansible = Ansible(home)
        self._sandbox = sandbox

    def run(self, name, *arguments, **variables):
        """Returns the outcome of one run."""
        given = ["-e", json.dumps(variables), *arguments]
        return Run(name, self._ansible.run_collection_playbook(name, *given, ANSIBLE_SHOW_CUSTOM_STATS="1"))


class Run:
    """The outcome of one run.

    summary: the lines that it showed last.
    stats: what it handed on, by names without their prefix.
    """

    def __init__(self, name, done):
        self.returncode = done.returncode
        self.output = done.stdout + done.stderr
        shown = re.search(r"\nTASK \[Show the outcome\] \*+\nok: \[localhost\] => (\{.*?\n\})", done.stdout, re.DOTALL)
        self.summary = json.loads(shown[1])["msg"] if shown else None
        handed_on = re.search(r"\n\tRUN: (\{.*\})", done.stdout)
        stats = json.loads(handed_on[1] if handed_on else "{}")
        self.stats = {key.removeprefix(f"saasops_jobs_{name}_"): value for key, value in stats.items()}


@pytest.fixture
def playbooks(sandbox, tmp_path):
    return Playbooks(tmp_path, sandbox)


def of_role(role, connection, **variables):
    return {f"{role}_{name}": value for name, value in {**connection, **variables}.items()}


def test_sweep_logs_is_predicted_done_and_told(sandbox, playbooks):
    sandbox.clock(tick=60)
    role = "log_collection_sweep"
    # The list as a survey gives it.
    given = {"wait_interval": 0.05, "delete_statuses": "SUCCESS\r\nEXPIRED", "older_than": "35d"}
    logs = of_role(role, accounts.log_collection(sandbox.url), **given)
    checked = playbooks.run("sweep_logs", "--check", **logs)
    assert checked.returncode == 0
    assert checked.summary[0] == "Check mode: nothing was changed. What a real run would do:"
    assert checked.summary[-1] == f"deleted        2  {job('a1')}, {job('a6')}"
    assert checked.stats["check_mode"] is True
    assert sandbox.acted() == 0
    # What an earlier job of a workflow has left is not taken for the outcome.
    left = {"log_collection_sweep_report": {"deleted": ["x"]}, "ansible_failed_result": ""}
    real = playbooks.run("sweep_logs", **logs, **left)
    assert real.returncode == 0
    assert real.summary == [
        f"failed before  2  {job('a2')}, {job('a3')}",
        f"recovered      1  {job('a2')}",
        f"still failed   1  {job('a3')}",
        f"deleted        2  {job('a1')}, {job('a6')}",
    ]
    assert real.stats["deleted"] == [job("a1"), job("a6")]
    assert (real.stats["deleted_count"], real.stats["recovered_count"], real.stats["check_mode"]) == (2, 1, False)


def test_sweep_logs_with_a_blank_answer_sends_nothing_and_says_why(sandbox, playbooks):
    logs = of_role("log_collection_sweep", accounts.log_collection(sandbox.url), older_than="")
    run = playbooks.run("sweep_logs", **logs)
    assert run.returncode != 0
    assert run.summary[-1].startswith("Failed: log_collection_sweep_older_than must not be empty")
    assert run.stats["deleted_count"] == 0
    assert sandbox.requests() == []


# ---------------------------------------------------------------------------------------------------- retry_failed_logs


def retries(sandbox, **variables):
    connection = accounts.log_collection(sandbox.url)
    return of_role("retry_failed_logs", connection, wait_interval=0.05, **variables)


def test_retry_failed_logs_is_predicted_done_and_told(sandbox, playbooks):
    sandbox.clock(tick=60)
    checked = playbooks.run("retry_failed_logs", "--check", **retries(sandbox))
    assert checked.returncode == 0
    assert checked.summary[2] == f"retried       2  rsBlue ({job('a2')}), shGreen ({job('a3')})"
    assert (checked.stats["retried_count"], checked.stats["succeeded_count"], sandbox.acted()) == (2, 0, 0)
    real = playbooks.run("retry_failed_logs", **retries(sandbox))
    # One of them fails again.
    assert real.returncode != 0
    assert real.summary[:-1] == [
        f"had failed    2  rsBlue ({job('a2')}), shGreen ({job('a3')})",
        f"retried       2  rsBlue ({job('a2')}), shGreen ({job('a3')})",
        f"succeeded     1  rsBlue ({job('a2')})",
        f"failed again  1  shGreen ({job('a3')})",
        "not retried   0",
        "missing       0",
    ]
    assert real.summary[-1].startswith("Failed: ")
    assert "The disk that holds the logs is full." in real.summary[-1]
    assert (real.stats["succeeded"], real.stats["failed_again"]) == ([job("a2")], [job("a3")])
    assert sandbox.acted() == 2


def test_retry_failed_logs_of_named_jobs_retries_those_that_failed_and_names_those_that_are_missing(sandbox, playbooks):
    sandbox.clock(tick=60)
    named = f"{job('a1')}\r\n{job('a2')}\r\n{job('af')}"
    run = playbooks.run("retry_failed_logs", **retries(sandbox, job_ids=named, wait=False))
    assert run.returncode != 0
    assert (run.stats["retried"], run.stats["missing"]) == ([job("a2")], [job("af")])
    assert run.summary[-1] == f"Failed: There is no log collection job {job('af')} in the project."
    assert sandbox.acted() == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"job_ids": ""}, "retry_failed_logs_job_ids must not be empty; leave out what is not needed."),
        ({"newer_than": None}, "retry_failed_logs_newer_than must not be empty; leave out what is not needed."),
        ({"wait": "perhaps"}, "retry_failed_logs_wait"),
        ({"job_id": "a"}, "The playbook has no variable retry_failed_logs_job_id."),
    ],
)
def test_retry_failed_logs_with_a_wrong_variable_sends_nothing_and_says_why(sandbox, playbooks, wrong, message):
    run = playbooks.run("retry_failed_logs", **retries(sandbox, **wrong))
    assert run.returncode != 0
    assert message in run.summary[-1]
    assert sandbox.requests() == []


def test_retry_failed_logs_with_results_of_others_sends_nothing(sandbox, playbooks):
    found = {"__retry_failed_logs_found": {"jobs": [{"id": job("a3")}]}}
    run = playbooks.run("retry_failed_logs", **retries(sandbox), **found)
    assert "__retry_failed_logs_found must not be set by extra variables" in run.summary[-1]
    assert sandbox.requests() == []


# ----------------------------------------------------------------------------------------------------------- fetch_logs


def test_fetch_logs_downloads_into_a_folder_what_is_not_there_yet(sandbox, playbooks, tmp_path):
    logs = of_role("fetch_logs", accounts.log_collection(sandbox.url), job_ids=job("a1"), dest=str(tmp_path / "logs"))
    run = playbooks.run("fetch_logs", **logs)
    (archive,) = (tmp_path / "logs").iterdir()
    assert (run.returncode, run.stats["fetched"], run.stats["files"]) == (0, [job("a1")], [str(archive)])
    assert archive.stat().st_mode & 0o777 == 0o600
    again = playbooks.run("fetch_logs", **logs)
    assert again.returncode == 0 and "changed=0" in again.output
    assert (again.stats["fetched"], again.stats["already_there"]) == ([], [job("a1")])


def test_fetch_logs_without_a_folder_sends_nothing_and_says_why(sandbox, playbooks):
    logs = of_role("fetch_logs", accounts.log_collection(sandbox.url), job_ids=job("a1"))
    run = playbooks.run("fetch_logs", **logs)
    assert run.returncode != 0 and "fetch_logs_dest" in run.output
    assert sandbox.requests() == []


# ---------------------------------------------------------------------------------------------------------- delete_logs


def test_delete_logs_is_predicted_done_and_told(sandbox, playbooks):
    names = f"{job('a1')}\r\n{job('af')}"
    logs = of_role("delete_logs", accounts.log_collection(sandbox.url), job_ids=names)
    checked = playbooks.run("delete_logs", "--check", **logs)
    assert (checked.returncode, checked.stats["deleted"], sandbox.acted()) == (0, [job("a1")], 0)
    real = playbooks.run("delete_logs", **logs)
    assert real.returncode == 0
    assert real.summary == checked.summary[1:]
    assert re.sub(" +", " ", real.summary[1]) == f"already gone 1 {job('af')}"
    assert (real.stats["deleted_count"], real.stats["failed_count"], sandbox.acted()) == (1, 0, 1)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"job_ids": ""}, "delete_logs_job_ids must not be empty; leave out what is not needed."),
        ({}, "missing required arguments: delete_logs_job_ids"),
        ({"job_ids": [job("a1"), job("a6")], "max_deletions": 1}, "allows 1"),
    ],
)
def test_delete_logs_with_a_wrong_variable_changes_nothing_and_says_why(sandbox, playbooks, wrong, message):
    run = playbooks.run("delete_logs", **of_role("delete_logs", accounts.log_collection(sandbox.url), **wrong))
    assert run.returncode != 0
    assert message in run.summary[-1]
    assert sandbox.acted() == 0


# --------------------------------------------------------------------------------------------------------- collect_logs


def test_collect_logs_for_the_answers_of_a_survey_is_predicted_done_and_told(sandbox, playbooks, tmp_path):
    sandbox.clock(tick=60)
    given = {"dest": str(tmp_path / "logs"), "wait_interval": 0.05}
    logs = of_role("log_collection", accounts.log_collection(sandbox.url), **given)
    logs.update(collect_logs_resource_type="REPLICASET", collect_logs_resource_names="rsBlue\r\nrsRed\r\n")
    checked = playbooks.run("collect_logs", "--check", **logs)
    assert checked.returncode == 0
    assert (checked.stats["started_count"], checked.stats["files"], sandbox.acted()) == (2, [], 0)
    real = playbooks.run("collect_logs", **logs)
    assert real.returncode == 0
    ids = real.stats["started"]
    assert real.summary == [
        f"started    2  rsBlue ({ids[0]}), rsRed ({ids[1]})",
        "reused     0",
        f"collected  2  rsBlue ({ids[0]}), rsRed ({ids[1]})",
        "failed     0",
        "files      2  " + ", ".join(real.stats["files"]),
    ]
    assert sorted(real.stats["files"]) == sorted(map(str, (tmp_path / "logs").iterdir()))
    assert [key in file for key, file in zip(ids, real.stats["files"])] == [True, True]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"collect_logs_resource_names": "", "collect_logs_resource_type": "REPLICASET"},
            "log_collection_resources[].resource_names must not be empty",
        ),
        (
            {"collect_logs_resource_names": "rsBlue"},
            "value of resource_type must be one of: CLUSTER",
        ),
        ({"collect_logs_resource_names": "rsBlue", "log_collection_resources": []}, "Give either"),
        ({"log_collection_resources": "rsBlue"}, "log_collection_resources"),
        ({}, "missing required arguments: log_collection_resources"),
        ({"collect_logs_resource_type": "CLUSTER"}, "can be given only with collect_logs_resource_names"),
        (
            {
                "log_collection_resources": [{"resource_type": "CLUSTER", "resource_names": "a"}],
                "log_collection_age": 1,
            },
            "The role has no variable log_collection_age.",
        ),
    ],
)
def test_collect_logs_with_a_wrong_variable_sends_nothing_and_says_why(sandbox, playbooks, tmp_path, wrong, message):
    logs = of_role("log_collection", accounts.log_collection(sandbox.url), dest=str(tmp_path / "logs"))
    run = playbooks.run("collect_logs", **{**logs, **wrong})
    assert run.returncode != 0
    assert run.summary[-1].startswith("Failed: ")
    assert message in "\n".join(run.summary) or message in run.output
    assert sandbox.requests() == []


# ----------------------------------------------------------------------------------- cancel_downloads, restore_download


def atlas(sandbox, role, **variables):
    connection = accounts.atlas(sandbox.url)
    del connection["cluster_name"]
    return of_role(role, connection, **variables)


def test_cancel_downloads_is_predicted_done_and_told(sandbox, playbooks):
    downloads = atlas(sandbox, "restore_download_sweep", cluster_names="blue\r\ngreen", older_than="5m")
    checked = playbooks.run("cancel_downloads", "--check", **downloads)
    assert checked.returncode == 0
    line = f"cancelled  2  blue/{job('b2')}, green/{job('c1')}"
    assert (checked.summary[1:], sandbox.acted()) == ([line], 0)
    real = playbooks.run("cancel_downloads", **downloads)
    assert (real.returncode, real.summary, sandbox.acted()) == (0, [line], 2)
    assert real.stats == {
        "cancelled": [f"blue/{job('b2')}", f"green/{job('c1')}"],
        "cancelled_count": 2,
        "check_mode": False,
    }


def test_cancel_downloads_beyond_the_limit_cancels_none_and_says_why(sandbox, playbooks):
    names = '["blue", "green"]'
    downloads = atlas(sandbox, "restore_download_sweep", cluster_names=names, older_than="5m", max_cancellations=1)
    run = playbooks.run("cancel_downloads", **downloads)
    assert run.returncode != 0
    assert run.summary[0] == "cancelled  0"
    assert "2 downloads would be cancelled, but restore_download_sweep_max_cancellations allows 1." in run.summary[1]
    assert sandbox.acted() == 0


def test_restore_download_is_predicted_done_and_told(sandbox, playbooks, tmp_path):
    backup = atlas(sandbox, "restore_download", cluster_name="blue", snapshot=job("e2"), dest=str(tmp_path / "backups"))
    checked = playbooks.run("restore_download", "--check", **backup)
    (file,) = checked.stats["fetched"]
    assert (checked.returncode, sandbox.acted()) == (0, 0)
    real = playbooks.run("restore_download", **backup)
    assert real.returncode == 0
    assert list((tmp_path / "backups").glob(f"restore-blue-*-{job('e2')}.tar.gz")) == [Path(file)]
    assert real.summary == [
        f"snapshot   1  {job('e2')}",
        "started    0",
        f"reused     1  {job('b2')}",
        "cancelled  0",
        f"fetched    1  {file}",
        f"files      1  {file}",
    ]


def test_restore_download_without_a_cluster_sends_nothing_and_says_why(sandbox, playbooks, tmp_path):
    run = playbooks.run("restore_download", **atlas(sandbox, "restore_download", dest=str(tmp_path), cluster_name=""))
    assert run.returncode != 0
    assert run.summary[-1] == "Failed: restore_download_cluster_name must not be empty. Nothing was changed."
    assert sandbox.requests() == []


# ---------------------------------------------------------------------------------------- lts_retention, cielo24_purge


def test_lts_retention_for_the_answers_of_a_survey_is_predicted_done_and_told(sandbox, playbooks):
    streams = of_role("lts_retention", accounts.lts(sandbox.url))
    streams.update(lts_log_group_name="app", lts_keep="api\r\nworker")
    checked = playbooks.run("lts_retention", "--check", **streams)
    assert (checked.returncode, checked.stats["deleted"], sandbox.acted()) == (0, ["app/nginx"], 0)
    real = playbooks.run("lts_retention", **streams)
    assert real.returncode == 0
    assert real.summary == [
        "planned             1  app/nginx",
        "deleted             1  app/nginx",
        "kept                2  app/api, app/worker",
        "kept for transfers  0",
        "keep unmatched      0",
    ]
    assert sandbox.acted() == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"lts_log_group_name": ""}, "log_group_name must not be empty; leave out what is not needed."),
        ({"lts_log_group_name": "app", "lts_older_than": ""}, "older_than must not be empty"),
        ({"lts_log_group_name": "app"}, "give keep, delete or older_than"),
        ({"lts_log_group_name": "app", "lts_retention_keep": "api"}, "The role has no variable lts_retention_keep."),
        ({"lts_retention_groups": []}, "lts_retention_groups must not be empty."),
        (
            {"lts_retention_groups": [{"log_group_name": "app", "keep": ["api"]}], "lts_older_than": "30d"},
            "lts_older_than can be given only with lts_log_group_name.",
        ),
    ],
)
def test_lts_retention_with_a_wrong_variable_sends_nothing_and_says_why(sandbox, playbooks, wrong, message):
    keep = {"lts_keep": "api"} if wrong == {"lts_log_group_name": ""} else {}
    run = playbooks.run("lts_retention", **of_role("lts_retention", accounts.lts(sandbox.url)), **keep, **wrong)
    assert run.returncode != 0
    assert message in run.summary[-1]
    assert sandbox.requests() == []


def test_lts_retention_after_plays_that_failed_or_had_other_answers_tells_only_its_own_outcome(sandbox, tmp_path):
    failing = {"block": [{"ansible.builtin.fail": {"msg": "Stale."}}], "rescue": [{"ansible.builtin.debug": {}}]}
    connection = of_role("lts_retention", accounts.lts(sandbox.url))
    plays = [{"hosts": "localhost", "gather_facts": False, "tasks": [failing]}]
    for group, keep in (("app", "api"), ("audit", "*")):
        answers = {"lts_log_group_name": group, "lts_keep": keep}
        plays.append({"import_playbook": "saasops.jobs.lts_retention", "vars": {**connection, **answers}})
    done = Ansible(tmp_path).run_playbook(plays)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Failed: " not in done.stdout
    assert re.findall(r'"planned +(\d+)', done.stdout) == ["2", "0"]


def test_cielo24_purge_is_predicted_done_and_told(sandbox, playbooks):
    given = {"older_than": "4d", "status": "Complete\r\nMedia Failure", "keep": "Broken*"}
    jobs = of_role("cielo24_purge", accounts.cielo24(sandbox.url), **given)
    checked = playbooks.run("cielo24_purge", "--check", **jobs)
    assert (checked.returncode, sandbox.acted()) == (0, 0)
    real = playbooks.run("cielo24_purge", **jobs)
    assert real.returncode == 0
    assert real.summary == checked.summary[1:]
    assert (real.stats["deleted"], real.stats["failed_count"]) == ([caption("a4")], 0)
    assert real.summary[1] == f"deleted         1  Morning news ({caption('a4')})"
    assert sandbox.acted() == 1


def test_cielo24_purge_with_a_blank_answer_sends_nothing_and_says_why(sandbox, playbooks):
    jobs = of_role("cielo24_purge", accounts.cielo24(sandbox.url), older_than="4d", keep="")
    run = playbooks.run("cielo24_purge", **jobs)
    assert run.returncode != 0
    assert "cielo24_purge_keep must not be empty; leave out what is not needed." in run.summary[-1]
    assert sandbox.requests() == []
