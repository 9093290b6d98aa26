# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task shows its progress on a terminal while it works, and nowhere else unless it is asked to."""

from __future__ import annotations

import json
import re

import accounts
import pytest
from accounts import job
from ansible_process import PROGRESS, Ansible

COLLECTION = "saasops.jobs."
# Seconds of the sandbox's time for each request: the job ends after some looks.
TICK = 10
RETRIED = f"[localhost]: log collection job {job('a2')}: "
KEY = {"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY}


def wait_for_retry(sandbox, **keywords):
    sandbox.clock(tick=TICK)
    wanted = {"state": "retried", "job_ids": [job("a2")], "wait": True, "wait_interval": 0.05}
    return {COLLECTION + "log_collection_job": accounts.log_collection(sandbox.url, **wanted), **keywords}


def progress_in(screen):
    return [line for line in screen.splitlines() if line.startswith("[localhost]: ")]


def test_a_terminal_shows_each_change_of_state_while_a_task_waits(sandbox, tmp_path):
    done, results = Ansible(tmp_path, in_terminal=True).playbook([wait_for_retry(sandbox)])
    assert progress_in(done.stdout) == [RETRIED + "FAILURE -> IN_PROGRESS", RETRIED + "IN_PROGRESS -> SUCCESS"]
    # In order with what Ansible itself shows.
    begin, end = done.stdout.index("TASK [saasops.jobs"), done.stdout.index("changed: [localhost]")
    assert begin < done.stdout.index(RETRIED) < end
    assert results[0]["jobs"][0]["status"] == "SUCCESS"
    assert "->" not in json.dumps(results)


def test_progress_that_is_asked_for_shows_without_a_terminal_and_in_the_log(sandbox, tmp_path):
    log = tmp_path / "ansible.log"
    tasks = [wait_for_retry(sandbox, vars={PROGRESS: "{{ 'yes' }}"})]
    done, results = Ansible(tmp_path).playbook(tasks, ANSIBLE_LOG_PATH=str(log))
    assert progress_in(done.stdout) == [RETRIED + "FAILURE -> IN_PROGRESS", RETRIED + "IN_PROGRESS -> SUCCESS"]
    assert RETRIED + "IN_PROGRESS -> SUCCESS" in log.read_text()
    assert "->" not in json.dumps(results)


@pytest.mark.parametrize(
    "in_terminal, runner, variables, keywords",
    [
        (False, None, {}, {}),
        (False, None, {PROGRESS: "auto"}, {}),
        (True, None, {PROGRESS: False}, {}),
        (True, None, {}, {"no_log": True}),
        (False, None, {PROGRESS: True}, {"no_log": True}),
        (True, "module", {PROGRESS: True}, {}),
        (True, None, {}, {"check_mode": True}),
    ],
    ids=["no terminal", "auto", "false", "no_log", "true and no_log", "module", "check mode"],
)
def test_no_progress_shows_where_nobody_wants_it(sandbox, tmp_path, in_terminal, runner, variables, keywords):
    ansible = Ansible(tmp_path, runner, in_terminal=in_terminal)
    done, results = ansible.playbook([wait_for_retry(sandbox, **keywords)], variables=variables)
    assert not results[0].get("failed"), results
    assert progress_in(done.stdout) == []
    assert "->" not in done.stdout + done.stderr


def test_progress_that_is_neither_true_nor_false_nor_auto_is_refused_before_anything_is_sent(sandbox, tmp_path):
    done, results = Ansible(tmp_path).playbook([wait_for_retry(sandbox)], variables={PROGRESS: "perhaps"})
    assert "saasops_jobs_progress must be true, false or auto" in done.stdout + done.stderr
    assert results[0]["failed"] is True
    assert sandbox.requests() == []


def test_a_bulk_change_that_takes_longer_than_some_seconds_shows_its_count(sandbox, tmp_path):
    bulk = {"count": 130, "id_prefix": "66f1c0de00000000001", "status": "SUCCESS", "age": "1d"}
    project = {"id": accounts.LOG_PROJECT, "name": "p", "family": "ops_manager", "log_collection_jobs": [bulk]}
    sandbox.reset({"mongodb": {"keys": [KEY], "projects": [project]}})
    ids = list(sandbox.state()["log_collection"][accounts.LOG_PROJECT]["jobs"])
    # No task can be done with that within less than six seconds.
    sandbox.variants(latency=0.05)
    arguments = accounts.log_collection(sandbox.url, state="absent", job_ids=ids, max_concurrency=1)
    done, results = Ansible(tmp_path, in_terminal=True).playbook([{COLLECTION + "log_collection_job": arguments}])
    assert results[0]["summary"]["changed"] == 130
    lines = progress_in(done.stdout)
    assert lines
    for line in lines:
        counted = r"\[localhost\]: deleted \d+ of 130 log collection jobs, 0 failed, \d+ s left at this rate"
        assert re.fullmatch(counted, line)
    assert "left at this rate" not in json.dumps(results)


def test_progress_shows_no_secret(sandbox, tmp_path):
    sandbox.clock(tick=60)
    # Nothing but the name of the job would ever show the password.
    wanted = {
        "state": "present",
        "match_by": "job_name",
        "job_name": f"News of {accounts.CIELO24_PASSWORD}",
        "media_url": "https://media.example.net/show-2001.mp4",
        "transcription": {"fidelity": "MECHANICAL"},
        "wait": True,
        "wait_interval": 0.05,
    }
    task = {COLLECTION + "cielo24_job": accounts.cielo24(sandbox.url, **wanted)}
    done, results = Ansible(tmp_path, in_terminal=True).playbook([task])
    assert not results[0].get("failed"), results
    lines = progress_in(done.stdout)
    assert lines
    assert all(line.startswith("[localhost]: captioning job News of (hidden) (") for line in lines)
    for secret in sandbox.secrets():
        assert secret not in "\n".join(lines)
