# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where everything is measured: a sandbox that is filled anew for each run, and a home for the processes."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import accounts
from ansible_process import Ansible

WATCH = Path(__file__).with_name("watch.py")
LOG_JOB = "66f1c0de0000000001"
RESTORE_JOB = "66f1c0de0000000002"
MISSING_JOB = "66f1c0de0000000000300000"


class Wrong(Exception):
    """A run did not do what it should have done, so its time says nothing."""


@dataclass(frozen=True)
class Finished:
    """A process that has ended."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    returncode: int
    output: str


class Stage:
    """The sandbox and the folder that the processes run in.

    :param sandbox: a running Sandbox.
    :param home: an empty folder.
    """

    def __init__(self, sandbox, home):
        self.sandbox = sandbox
        self.home = Path(home)
        self._environment = Ansible(self.home).environment

    def fill(self, jobs=0, restore_jobs=0, now=None, archive_bytes=None, **variants):
        """Gives the sandbox so many jobs, and nothing else; forgets all requests.

        :param now: what the sandbox's clock shows, in seconds since the epoch; by default the time.
        :param archive_bytes: size of each log collection job's archive; by default a small one.
        """
        log_jobs = {"count": jobs, "id_prefix": LOG_JOB, "status": "SUCCESS", "age": "45d"}
        if archive_bytes is not None:
            log_jobs["archive_bytes"] = archive_bytes
        downloads = {"count": restore_jobs, "id_prefix": RESTORE_JOB, "delivery_type": "download", "state": "preparing"}
        blue = {"name": "blue", "type": "replica_set", "restore_jobs": [{**downloads, "ready_in": "1d"}]}
        logs = {"id": accounts.LOG_PROJECT, "name": "logs", "family": "ops_manager", "log_collection_jobs": [log_jobs]}
        atlas = {"id": accounts.ATLAS_PROJECT, "name": "atlas", "family": "atlas", "clusters": [blue]}
        key = {"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY}
        clock = {} if now is None else {"now": datetime.fromtimestamp(now, timezone.utc).isoformat()}
        self.sandbox.reset({"mongodb": {"keys": [key], "projects": [logs, atlas]}, "variants": variants, **clock})

    def fill_projects(self, projects, jobs):
        """Gives the sandbox so many projects, each with so many log collection jobs, and nothing else."""
        job = {"count": jobs, "status": "SUCCESS", "age": "45d"}
        filled = [
            {
                "id": f"66f1c0df{number:016x}",
                "name": f"project-{number:04}",
                "family": "ops_manager",
                "log_collection_jobs": [{**job, "id_prefix": f"66f1c0de{number:011x}"}],
            }
            for number in range(projects)
        ]
        key = {"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY}
        self.sandbox.reset({"mongodb": {"keys": [key], "projects": filled}})

    @staticmethod
    def log_jobs(count):
        """The ids of the first log collection jobs that fill() makes."""
        return [f"{LOG_JOB}{number:06d}" for number in range(1, count + 1)]

    @staticmethod
    def restore_jobs(count):
        """The ids of the first restore jobs that fill() makes."""
        return [f"{RESTORE_JOB}{number:06d}" for number in range(1, count + 1)]

    def playbook(self, tasks, **variables):
        """The command that runs tasks on localhost."""
        return ["ansible-playbook", self.play(tasks, **variables)]

    def play(self, tasks, hosts="localhost", **variables):
        """Writes a playbook; returns its path."""
        file = self.home / "playbook.yml"
        play = {"hosts": hosts, "gather_facts": False, "vars": variables, "tasks": tasks}
        file.write_text(json.dumps([play]))  # JSON is YAML
        return str(file)

    def curl(self, lines, *options):
        """The command that runs curl with the lines of a configuration file, signed in by digest."""
        file = self.home / "curl.config"
        file.write_text("\n".join((f'user = "sandboxkey:{accounts.PRIVATE_KEY}"', *lines)))
        return ["curl", "--no-progress-meter", "--digest", *options, "--config", str(file)]

    def run(self, command):
        """Runs a command to its end, under watch.py."""
        report = self.home / "watched"
        watched = [sys.executable, "-I", "-S", str(WATCH), str(report), *command]
        done = subprocess.run(
            watched, env=self._environment, cwd=self.home, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise Wrong(f"{WATCH.name} {command[0]} ended with return code {done.returncode}: {done.stderr}")
        seconds, cpu, peak_kib, returncode = report.read_text().split()
        said = done.stdout + done.stderr
        return Finished(float(seconds), float(cpu), int(peak_kib) / 1024, int(returncode), said)
