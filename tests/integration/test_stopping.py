# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left behind when a task is stopped in the middle: a report that fits what the service did."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time

import accounts
import pytest
from ansible_process import RUNNERS, Ansible

KEY = {"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY}
MODULE = "saasops.jobs.log_collection_job"


def fill(sandbox, count, **variants):
    """Returns arguments to delete so many jobs."""
    bulk = {"count": count, "id_prefix": "66f1c0de00000000001", "status": "SUCCESS", "age": "1d"}
    project = {"id": accounts.LOG_PROJECT, "name": "p", "family": "ops_manager", "log_collection_jobs": [bulk]}
    sandbox.reset({"mongodb": {"keys": [KEY], "projects": [project]}})
    sandbox.variants(**variants)
    ids = list(sandbox.state()["log_collection"][accounts.LOG_PROJECT]["jobs"])
    return accounts.log_collection(sandbox.url, state="absent", job_ids=ids)


def wait_until_half_done(sandbox, process):
    deadline = time.monotonic() + 60
    while sandbox.acted() < 20:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_playbook_reports_as_many_changes_as_the_service_made(sandbox, tmp_path, number):
    arguments = fill(sandbox, 1000, latency=0.05)
    process = Ansible(tmp_path, "action").start_playbook([{MODULE: arguments}])
    wait_until_half_done(sandbox, process)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode != 0
    counts = {name: int(count) for name, count in re.findall(r"^ +(\w+): (\d+)$", err, re.MULTILINE)}
    # ansible-core 2.18 makes one of the other on the way to the task.
    assert "(SIGINT)" in err or "(SIGTERM)" in err, out + err
    assert counts["changed"] == sandbox.acted() == 1000 - counts["failed"]


def test_a_stopped_task_that_must_not_be_logged_is_not_told_of(sandbox, tmp_path):
    arguments = fill(sandbox, 1000, latency=0.05)
    process = Ansible(tmp_path, "action").start_playbook([{MODULE: arguments, "no_log": True}])
    wait_until_half_done(sandbox, process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert "log collection jobs failed" not in out + err
    assert sandbox.acted() < 1000


def test_a_stopped_module_reports_and_logs_as_many_changes_as_the_service_made(sandbox, tmp_path):
    arguments = fill(sandbox, 1000, latency=0.05)
    program = (
        "import json, sys\n"
        "from ansible.module_utils.basic import AnsibleModule\n"
        "from ansible.module_utils.testing import patch_module_args\n"
        "from ansible_collections.saasops.jobs.plugins.modules import log_collection_job\n"
        # Instead of the system's log, which is not ours to read.
        "AnsibleModule.log = lambda module, message, **more: print('LOG', message, file=sys.stderr)\n"
        "with patch_module_args(json.loads(sys.argv[1])):\n"
        "    log_collection_job.main()\n"
    )
    environment = {**Ansible(tmp_path).environment, "PYTHONPATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]}
    process = subprocess.Popen(
        [sys.executable, "-c", program, json.dumps(arguments)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until_half_done(sandbox, process)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    result = json.loads(out)
    assert result["failed"] is True, err
    assert "The task was terminated (SIGTERM)." in result["msg"]
    assert result["summary"]["changed"] == sandbox.acted() == 1000 - result["summary"]["failed"]
    assert f"LOG {result['msg']}" in err
    assert str(result["summary"]) in err
    assert accounts.PRIVATE_KEY not in err


# What Python runs first: the system's log, which is not ours to read, becomes a file.
SITE = "import syslog\nsyslog.syslog = lambda priority, message: open({log!r}, 'a').write(message + '\\n')\n"


def killed(sandbox, tmp_path, runner, tasks, number=signal.SIGKILL):
    """Sends Ansible's main process a signal, and nobody else, in the middle of a deletion; returns the system's log."""
    (tmp_path / "site").mkdir()
    log = tmp_path / "log"
    (tmp_path / "site" / "sitecustomize.py").write_text(SITE.format(log=str(log)))
    ansible = Ansible(tmp_path, runner)
    ansible.environment["PYTHONPATH"] = str(tmp_path / "site")
    process = ansible.start_playbook(tasks)
    wait_until_half_done(sandbox, process)
    process.send_signal(number)
    process.wait()
    # Whoever was left alone ends, too: the pipes are closed then.
    process.communicate(timeout=60)
    return log


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_module_whose_ansible_was_killed_stops_and_tells_the_log(sandbox, tmp_path, number):
    log = killed(sandbox, tmp_path, "module", [{MODULE: fill(sandbox, 1000, latency=0.05)}], number)
    deadline = time.monotonic() + 60
    while not (told := [line for line in log.read_text().splitlines() if line.endswith("}") and "'failed': " in line]):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    passed_on = "(SIGTERM)" in told[0] and number == signal.SIGTERM
    # Newer versions of ansible-core pass a SIGTERM on.
    assert passed_on or "Ansible has ended and no longer waits for this task." in told[0]
    assert 20 <= sandbox.acted() < 1000
    assert f"'changed': {sandbox.acted()}, 'unchanged': 0, 'failed': {1000 - sandbox.acted()}" in told[0]
    assert accounts.PRIVATE_KEY not in log.read_text()


@pytest.mark.parametrize("runner", RUNNERS)
def test_the_next_items_of_a_loop_are_not_begun_when_ansible_was_killed(sandbox, tmp_path, runner):
    arguments = fill(sandbox, 600, latency=0.05)
    ids = arguments.pop("job_ids")
    task = {MODULE: {**arguments, "job_ids": "{{ item }}"}, "loop": [ids[:300], ids[300:]]}
    killed(sandbox, tmp_path, runner, [task])
    assert 20 <= sandbox.acted() < 300


def test_a_task_that_times_out_reports_the_changes_that_the_service_made(sandbox, tmp_path):
    arguments = fill(sandbox, 1000, latency=0.1)
    task = {MODULE: {**arguments, "max_concurrency": 1}, "timeout": 3}
    _done, results = Ansible(tmp_path, "action").playbook([task])
    result = results[0]
    assert result["failed"] is True
    assert result["timedout"] == {"period": 3}
    assert result["msg"].endswith("The task exceeded its timeout of 3 s.")
    done = [entry["id"] for entry in result["jobs"] if entry["changed"]]
    assert len(done) == result["summary"]["changed"] == sandbox.acted()
    left = sandbox.state()["log_collection"][accounts.LOG_PROJECT]["jobs"]
    assert not set(done) & set(left)
    assert len(done) + len(left) == 1000


def test_a_request_that_hangs_when_the_time_is_over_is_reported_as_unknown(sandbox, tmp_path):
    arguments = fill(sandbox, 10)
    # The fifth request: after the challenge, the list and two deletions.
    sandbox.fault(kind="stall_after", seconds=30, at=5)
    task = {MODULE: {**arguments, "max_concurrency": 1}, "timeout": 4}
    _done, results = Ansible(tmp_path, "action").playbook([task])
    result = results[0]
    assert result["summary"] == {"requested": 10, "changed": 3, "unchanged": 0, "failed": 8}
    assert sandbox.acted() == 3
    assert "It is not known whether the change was made" in result["jobs"][2]["error"]["message"]
    assert "was not processed" in result["jobs"][3]["error"]["message"]


def test_a_task_that_is_stopped_before_any_change_says_that_nothing_was_changed(sandbox, tmp_path):
    arguments = fill(sandbox, 10)
    sandbox.fault(kind="stall_before", seconds=30, at=2)
    _done, results = Ansible(tmp_path, "action").playbook([{MODULE: arguments, "timeout": 1}])
    assert results[0]["msg"] == "The task exceeded its timeout of 1 s. Nothing was changed."
    assert results[0]["changed"] is False
    assert sandbox.acted() == 0


def test_what_waits_behind_a_request_that_hangs_is_not_sent_later(sandbox, tmp_path):
    ids = [accounts.caption(suffix) for suffix in ("a1", "a2", "a3", "a4")]
    arguments = accounts.cielo24(sandbox.url, state="absent", job_ids=ids)
    # The first deletion goes alone, to find out which path the service has: login, list, deletion.
    sandbox.fault(kind="stall_before", seconds=12, at=3)
    task = {"saasops.jobs.cielo24_job": {**arguments, "job_ids": "{{ item }}"}, "timeout": 4}
    # The process lives on for the next item, until after what hangs has come to its end.
    loop = {"loop": [ids, [accounts.caption("ff")]], "loop_control": {"pause": 6}}
    _done, results = Ansible(tmp_path, "action").playbook([{**task, **loop}])
    results = results[0]["results"]
    assert [entry["changed"] for entry in results[0]["jobs"]] == [True, False, False, False]
    assert "It is not known whether the change was made" in results[0]["jobs"][0]["error"]["message"]
    assert "The change was not made. The task exceeded its timeout" in results[0]["jobs"][1]["error"]["message"]
    assert sandbox.acted() == 0
