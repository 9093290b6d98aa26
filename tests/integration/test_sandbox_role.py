# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role that people rehearse with."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import accounts
import pytest
import requests
from ansible_process import Ansible


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def role(port, folder, state):
    variables = {
        "sandbox_state": state,
        "sandbox_port": port,
        "sandbox_directory": str(folder),
        "sandbox_python": sys.executable,
    }
    return {"ansible.builtin.include_role": {"name": "saasops.jobs.sandbox"}, "vars": variables}


def changed(done):
    return int(done.stdout.rpartition("changed=")[2].split()[0])


def test_the_sandbox_is_started_and_stopped_once_and_can_be_used_in_between(tmp_path, port):
    ansible = Ansible(tmp_path)
    folder = tmp_path / "sandbox"
    clock = f"http://127.0.0.1:{port}/_sandbox/clock"
    try:
        done, _results = ansible.playbook([role(port, folder, "started")], "--check")
        assert done.returncode == 0, done.stdout
        assert not folder.exists()
        job = accounts.log_collection("{{ sandbox_url }}", job_id=accounts.job("a1"))
        done, results = ansible.playbook([role(port, folder, "started"), {"saasops.jobs.log_collection_job_info": job}])
        assert done.returncode == 0, done.stdout
        assert results[1]["jobs"][0]["status"] == "SUCCESS"
        assert changed(ansible.playbook([role(port, folder, "started")])[0]) == 0
        assert requests.get(clock, timeout=5).status_code == 200
    finally:
        done, _results = ansible.playbook([role(port, folder, "stopped")])
    assert done.returncode == 0, done.stdout
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(clock, timeout=5)
    assert changed(ansible.playbook([role(port, folder, "stopped")])[0]) == 0
    assert not Path(folder / f"sandbox-{port}.pid").exists()


def test_a_sandbox_that_does_not_start_says_why(tmp_path, port):
    seed = tmp_path / "seed.yml"
    seed.write_text("mongodb: 7\n")
    task = role(port, tmp_path / "sandbox", "started")
    task["vars"]["sandbox_seed"] = str(seed)
    done = Ansible(tmp_path).run_playbook([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}])
    assert done.returncode == 2
    assert (
        "The sandbox did not start. Its log says: sandbox: seed: mongodb: expected a mapping"
        in done.stdout + done.stderr
    )
