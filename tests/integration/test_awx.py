# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks as AWX runs them: with the credential types and surveys of the role awx_setup."""

from __future__ import annotations

from pathlib import Path

import accounts
import awx
import pytest
from accounts import caption, job
from ansible_process import Ansible

OPS_MANAGER, ATLAS_KEY, ATLAS_ACCOUNT = "MongoDB Ops Manager", "MongoDB Atlas API key", "MongoDB Atlas service account"
LTS_USER, LTS_KEY, CIELO24 = "LTS user", "LTS access key", "cielo24"


def atlas(make):
    def without_cluster(url):
        return {name: value for name, value in make(url).items() if name != "cluster_name"}

    return without_cluster


# The inputs of a credential of each type.
INPUTS = {
    OPS_MANAGER: accounts.log_collection,
    ATLAS_KEY: atlas(accounts.atlas),
    ATLAS_ACCOUNT: atlas(accounts.service_account),
    LTS_USER: accounts.lts_user,
    LTS_KEY: accounts.lts_keys,
    CIELO24: accounts.cielo24,
}
# Template: the type of its credential, answers of its survey instead of those by default, with further variables, and
# what it hands on.
SURVEYS = {
    "sweep logs": (
        OPS_MANAGER,
        {
            "log_collection_sweep_older_than": "35d",
            "log_collection_sweep_delete_statuses": "SUCCESS\r\nEXPIRED",
            "log_collection_sweep_wait_interval": "0.05",
        },
        {"deleted": [job("a1"), job("a6")]},
    ),
    "retry failed logs": (
        OPS_MANAGER,
        {
            "retry_failed_logs_newer_than": "4000d",
            "retry_failed_logs_job_ids": job("a2"),
            "retry_failed_logs_wait": "false",
        },
        {"retried": [job("a2")], "missing": []},
    ),
    "cancel downloads": (
        ATLAS_ACCOUNT,
        {"restore_download_sweep_cluster_names": "blue\r\ngreen", "restore_download_sweep_older_than": "5m"},
        {"cancelled": [f"blue/{job('b2')}", f"green/{job('c1')}"]},
    ),
    "delete log streams": (
        LTS_USER,
        {"lts_log_group_name": "app", "lts_keep": "api\r\nworker", "lts_older_than": "1s"},
        {"deleted": ["app/nginx"]},
    ),
    "purge captioning jobs": (
        CIELO24,
        {"cielo24_purge_older_than": "4d", "cielo24_purge_keep": "B*"},
        {"deleted": [caption("a4")]},
    ),
}


@pytest.fixture
def template(sandbox, tmp_path):
    """Launches a template with a credential of each of some types."""
    place = awx.Awx(tmp_path)

    def launch(name, kinds, answers, *arguments):
        credentials = [(kind, INPUTS[kind](sandbox.url)) for kind in kinds]
        done = place.launch_template(name, credentials, answers, *arguments)
        assert not any(secret in done.stored() for secret in accounts.SECRETS)
        return done

    return launch


@pytest.mark.parametrize("name", SURVEYS)
def test_a_template_is_predicted_done_and_told_without_any_secret(sandbox, template, name):
    kind, answers, stats = SURVEYS[name]
    if "log_collection_sweep_wait_interval" in answers:
        sandbox.clock(tick=60)
    checked = template(f"{name} (dry run)", [kind], answers, "-vvvv")
    assert (checked.returncode, sandbox.acted()) == (0, 0), checked.output
    real = template(name, [kind], answers)
    assert real.returncode == 0, real.output
    assert sandbox.acted() > 0
    for done in (checked, real):
        assert {name: done.stats[name] for name in stats} == stats
    assert "[Show the outcome]" in real.output


def test_a_workflow_deletes_what_its_dry_run_lists_and_nothing_if_that_is_nothing(sandbox, template):
    kind, answers, _stats = SURVEYS["sweep logs"]
    predicted = template("sweep logs (dry run)", [kind], answers)
    for approved in (predicted.handed_on, {**predicted.handed_on, "saasops_jobs_sweep_logs_deleted": []}):
        deleted = template("delete approved logs", [kind], {**answers, **approved})
        assert deleted.returncode == 0, deleted.output
        assert deleted.stats["deleted"] == approved["saasops_jobs_sweep_logs_deleted"]
    assert sandbox.acted() == 2


def test_a_workflow_collects_logs_that_a_survey_names_and_then_deletes_the_jobs(sandbox, template, tmp_path):
    sandbox.clock(tick=60)
    answers = {
        "collect_logs_resource_names": "rsBlue\r\nrsRed\r\n",
        "log_collection_dest": str(tmp_path / "logs"),
        "log_collection_wait_interval": "0.05",
    }
    done = template("collect logs, keep the jobs", [OPS_MANAGER], answers)
    assert done.returncode == 0, done.output
    assert done.stats["files_count"] == len(list((tmp_path / "logs").iterdir())) == 2
    assert sandbox.acted() == 2
    deleted = template("delete collected logs", [OPS_MANAGER], {**answers, **done.handed_on})
    assert (deleted.returncode, deleted.stats["deleted"]) == (0, done.stats["started"])
    assert (deleted.stats["deleted_count"], sandbox.acted()) == (2, 4)


def test_a_backup_that_a_survey_names_is_downloaded(sandbox, template, tmp_path):
    sandbox.clock(tick=120)
    answers = {
        "restore_download_cluster_name": "blue",
        "restore_download_snapshot": job("e3"),
        "restore_download_dest": str(tmp_path / "backups"),
        "restore_download_wait_interval": "0.05",
    }
    done = template("download a backup", [ATLAS_KEY], answers)
    assert done.returncode == 0, done.output
    assert done.stats["files"] == [str(file) for file in (tmp_path / "backups").iterdir()]


@pytest.mark.parametrize("name", SURVEYS)
def test_a_question_that_was_left_blank_is_refused(sandbox, tmp_path, name):
    """AWX would refuse it, unless somebody changed the survey."""
    kind, answers, _stats = SURVEYS[name]
    playbook = Path(awx.templates()[name]["playbook"]).stem
    credentials = [(kind, INPUTS[kind](sandbox.url))]
    done = awx.Awx(tmp_path).launch(playbook, credentials, {**answers, next(iter(answers)): ""})
    assert done.returncode != 0
    assert "must not be empty" in done.output
    assert sandbox.requests() == []


@pytest.mark.parametrize(
    ("kinds", "services"),
    [
        ([OPS_MANAGER, ATLAS_KEY], ["log_collection", "atlas"]),
        ([OPS_MANAGER, ATLAS_ACCOUNT, LTS_KEY, CIELO24], ["log_collection", "atlas", "lts", "cielo24"]),
        ([LTS_USER, LTS_KEY], ["lts"]),
        ([ATLAS_KEY, ATLAS_ACCOUNT], ["atlas"]),
    ],
)
def test_a_template_with_several_credentials_reaches_each_service(sandbox, template, kinds, services):
    answers = {"doctor_services": "\r\n".join(services), "doctor_cluster_name": "blue"}
    done = template("check connections", kinds, answers)
    assert done.returncode == 0, done.output
    assert (done.stats["errors"], done.stats["warnings"]) == (0, 0)


def test_the_report_of_all_services_is_made_with_their_credentials(sandbox, template, tmp_path):
    answers = {"job_report_atlas_cluster_names": "blue", "job_report_dest": str(tmp_path / "report")}
    done = template("report", [OPS_MANAGER, ATLAS_KEY, LTS_KEY, CIELO24], answers)
    assert done.returncode == 0, done.output
    assert set(done.stats["rows"]) == {"log_collection", "atlas", "lts", "cielo24"}


def test_progress_that_is_asked_for_is_in_the_events_while_the_job_runs(sandbox, template):
    sandbox.clock(tick=10)
    answers = {"retry_failed_logs_job_ids": job("a2"), "retry_failed_logs_wait_interval": "0.05"}
    answers.update(retry_failed_logs_newer_than="4000d", saasops_jobs_progress="true")
    done = template("retry failed logs", [OPS_MANAGER], answers)
    assert done.returncode == 0, done.output
    change, task = f"{job('a2')}: IN_PROGRESS -> SUCCESS", "Retry them"
    shown = [number for number, event in enumerate(done.events) if change in event["stdout"]]
    of_task = [number for number, event in enumerate(done.events) if event.get("event_data", {}).get("task") == task]
    assert len(shown) == 1
    assert of_task[0] <= shown[0] < of_task[-1]


def test_the_execution_environment_is_what_ansible_builder_takes(tmp_path):
    (tmp_path / "execution-environment.yml").write_text(awx.execution_environment(), encoding="utf-8")
    done = Ansible(tmp_path).run_program("ansible-builder", "create")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "requests" in (tmp_path / "context" / "_build" / "requirements.txt").read_text()
