# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real `ansible-playbook` and `ansible` processes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from ansible_fork_server import PROGRAMS, ForkServer

BIN = Path(sys.executable).parent
RUNNERS = ("module", "action")
SWITCH = "saasops_jobs_in_process"
PROGRESS = "saasops_jobs_progress"
# What tells Ansible's processes to measure coverage, where this one is told to: see noxfile.py.
MEASURING = ("ANSIBLE_CALLBACK", "_ANSIBLE_ANSIBALLZ_COVERAGE", "COVERAGE_")
# Variables that Python and Ansible read while they are imported, and those of them that matter later only.
READ_BY_IMPORTS = ("ANSIBLE_", "COVERAGE_", "LC_", "PATH", "PYTHON", "TMPDIR", "_ANSIBLE")
IN_HOME = ("ANSIBLE_HOME", "ANSIBLE_REMOTE_TEMP", "ANSIBLE_ASYNC_DIR")
MOST_SERVERS = 3
# Seconds after which a program is killed because it hangs. Slow machines need minutes for the longest playbooks.
LIMIT = 1200

# Settings: the server with them. The last one was used last.
_servers: dict[tuple[tuple[str, str], ...], ForkServer] = {}


class Ansible:
    """Runs Ansible in a home of its own, with nothing of the caller's environment that could matter.

    :param home: an empty folder.
    :param runner: which runner the collection's tasks use, one of RUNNERS, or None for what they use by themselves.
    :param in_terminal: whether the programs that are waited for write to a terminal.
    """

    def __init__(self, home, runner=None, in_terminal=False):
        self._home = Path(home)
        self._options = ["-e", json.dumps({SWITCH: runner == "action"})] if runner else []
        self._in_terminal = in_terminal
        # Where the processes run; playbooks are in the home.
        self.folder = self._home
        self._number = 0
        self.environment = {
            "PATH": f"{BIN}:/usr/bin:/bin",
            "HOME": str(home),
            "ANSIBLE_HOME": str(home / ".ansible"),
            # Ansible looks up the user's real home for these.
            "ANSIBLE_REMOTE_TEMP": str(home / ".ansible" / "tmp"),
            "ANSIBLE_ASYNC_DIR": str(home / ".ansible_async"),
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_ACTION_PLUGINS": str(Path(__file__).parent / "action_plugins"),
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "1",
            "LC_ALL": "C.UTF-8",
            "TMPDIR": tempfile.gettempdir(),
            **{name: value for name, value in os.environ.items() if name.startswith(MEASURING)},
        }

    def run_program(self, program, *arguments, **environment):
        """Runs one of the programs beside this Python; returns the finished process."""
        command = [str(BIN / program), *arguments, *self._options]
        surroundings = {"env": {**self.environment, **environment}, "cwd": self.folder}
        if self._in_terminal:
            return _run_in_terminal(command, surroundings)
        if program in PROGRAMS:
            return _fork_server(surroundings["env"]).run(command, surroundings["env"], self.folder, limit=LIMIT)
        return subprocess.run(command, **surroundings, capture_output=True, text=True, timeout=LIMIT, check=False)

    def playbook(self, tasks, *arguments, variables=None, play=None, **environment):
        """Runs tasks on localhost. Each task's result is kept under its number (from 0).

        :param play: further keywords of the play.
        :returns: (finished process, list of results; a task that was skipped or not reached has None).
        """
        self._number += 1
        report = self._home / f"report-{self._number}.json"
        kept = [{**task, "register": f"result_{number}", "ignore_errors": True} for number, task in enumerate(tasks)]
        write = {
            "write_text": {
                "file": str(report),
                "text": "{{ [" + ", ".join(f"result_{number}" for number in range(len(tasks))) + "] | to_json }}",
            },
            "check_mode": False,
        }
        whole = {"hosts": "localhost", "gather_facts": False, "vars": variables or {}, **(play or {})}
        done = self.run_playbook([{**whole, "tasks": [*kept, write]}], *arguments, **environment)
        assert report.exists(), done.stdout + done.stderr
        return done, json.loads(report.read_text())

    def start_playbook(self, tasks):
        """Starts a playbook of tasks on localhost; returns the running process, with text pipes."""
        file = self._write([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}])
        return subprocess.Popen(
            [str(BIN / "ansible-playbook"), str(file), *self._options],
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run_playbook(self, plays, *arguments, **environment):
        """Runs a playbook as it is; returns the finished process."""
        return self.run_program("ansible-playbook", str(self._write(plays)), *arguments, **environment)

    def run_collection_playbook(self, name, *arguments, **environment):
        """Runs a playbook of the collection by its name; returns the finished process."""
        return self.run_program("ansible-playbook", f"saasops.jobs.{name}", *arguments, **environment)

    def inventory(self, source, *arguments, **environment):
        """Runs ansible-inventory with an inventory source; returns the finished process."""
        return self.run_program("ansible-inventory", "-i", str(source), *arguments, **environment)

    def _write(self, plays):
        file = self._home / "playbook.yml"
        # JSON is YAML.
        file.write_text(json.dumps(plays))
        return file

    def ad_hoc(self, module, arguments, *options, **environment):
        return self.run_program("ansible", "localhost", "-m", module, "-a", arguments, *options, **environment)


def _fork_server(environment):
    """Returns a server for runs with this environment. The last servers are kept."""
    read = {name: value for name, value in environment.items() if name.startswith(READ_BY_IMPORTS)}
    settings = tuple(sorted((name, value) for name, value in read.items() if name not in IN_HOME))
    server = _servers.pop(settings, None) or ForkServer(dict(settings))
    _servers[settings] = server
    if len(_servers) > MOST_SERVERS:
        _servers.pop(next(iter(_servers))).close()
    return server


def _run_in_terminal(command, surroundings):
    """Runs a program in a terminal of its own; returns the finished process, with all that the terminal showed."""
    ours, theirs = pty.openpty()
    ends = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    with subprocess.Popen(command, **surroundings, **ends, start_new_session=True) as process:
        os.close(theirs)
        limit = threading.Timer(LIMIT, process.kill)
        limit.start()
        shown = b"".join(_read_terminal(ours))
        process.wait()
        limit.cancel()
        os.close(ours)
    return subprocess.CompletedProcess(command, process.returncode, shown.decode().replace("\r\n", "\n"), "")


def _read_terminal(file):
    """Yields what programs show in a terminal, until none of them uses it any more."""
    while True:
        try:
            piece = os.read(file, 65536)
        except OSError:
            # This is how Linux tells.
            return
        if not piece:
            return
        yield piece
