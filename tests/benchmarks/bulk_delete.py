# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleting log collection jobs: one task of ours against a loop of ansible.builtin.uri, as a careful person writes it.

Whole `ansible-playbook` processes, run in turn; medians. Both talk to the sandbox, which adds no delay.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import accounts
from ansible_process import Ansible
from sandbox_process import Sandbox

RUNS = 3
SIZES = (1, 10)
LARGE = 1000
LOGIN = {"url_username": "sandboxkey", "url_password": accounts.PRIVATE_KEY}


def fill(sandbox, count):
    """Ids of so many jobs that the sandbox now has."""
    jobs = {"count": count, "id_prefix": "66f1c0de00000000001", "status": "SUCCESS", "age": "45d"}
    key = {"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY}
    project = {"id": accounts.LOG_PROJECT, "name": "p", "family": "ops_manager", "log_collection_jobs": [jobs]}
    sandbox.reset({"mongodb": {"keys": [key], "projects": [project]}})
    return list(sandbox.state()["log_collection"][accounts.LOG_PROJECT]["jobs"])


def ours(sandbox, ids):
    arguments = accounts.log_collection(sandbox.url, job_ids=ids, state="absent")
    return [{"saasops.jobs.log_collection_job": arguments}]


def loop_of_uri(sandbox, ids):
    job = f"{sandbox.url}/api/public/v1.0/groups/{accounts.LOG_PROJECT}/logCollectionJobs/{{{{ item }}}}"
    read = {"ansible.builtin.uri": {"url": job, "status_code": [200, 404], **LOGIN}, "loop": ids, "register": "found"}
    delete = {
        "ansible.builtin.uri": {"url": job, "method": "DELETE", **LOGIN},
        "loop": "{{ found.results | selectattr('status', 'eq', 200) | map(attribute='item') }}",
    }
    return [read, delete]


def measure(ansible, sandbox, make, count):
    """(seconds, requests) of one run."""
    tasks = make(sandbox, fill(sandbox, count))
    begin = time.perf_counter()
    done = ansible.run_playbook([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}])
    seconds = time.perf_counter() - begin
    assert done.returncode == 0, done.stdout + done.stderr
    assert sandbox.acted() == count
    return seconds, len(sandbox.requests())


def main():
    print(f"Medians of {RUNS} runs in turn, whole processes, without network latency\n")
    print("| jobs | one task | requests | loop of uri | requests | ratio |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as home:
        ansible = Ansible(Path(home))
        for count in SIZES:
            pairs = [
                (measure(ansible, sandbox, ours, count), measure(ansible, sandbox, loop_of_uri, count))
                for _run in range(RUNS)
            ]
            (one, cost), (loop, loop_cost) = (
                (statistics.median(pair[side][0] for pair in pairs), pairs[0][side][1]) for side in (0, 1)
            )
            print(f"| {count} | {one:.1f} s | {cost} | {loop:.1f} s | {loop_cost} | {loop / one:.1f} |", flush=True)
        runs = [measure(ansible, sandbox, ours, LARGE) for _run in range(RUNS)]
        print(f"| {LARGE} | {statistics.median(run[0] for run in runs):.1f} s | {runs[0][1]} | not run | | |")


if __name__ == "__main__":
    main()
