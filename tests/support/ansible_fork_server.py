# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs Ansible's programs in forks of a process that has imported them, which saves each run two seconds of CPU.

As a program, it is the server: it reads one run per line, and forks. A run does what the real program does, from the
parsing of its arguments on. Only what Ansible reads from its environment while it is imported is the server's, so
ForkServer is told this environment when it starts.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

# Program: Ansible's module and class for it.
PROGRAMS = {
    "ansible": ("ansible.cli.adhoc", "AdHocCLI"),
    "ansible-inventory": ("ansible.cli.inventory", "InventoryCLI"),
    "ansible-playbook": ("ansible.cli.playbook", "PlaybookCLI"),
}
# What nearly every run imports later.
PLUGINS = (
    "action.normal callback.default connection.local filter.core filter.mathstuff filter.urls inventory.host_list "
    "lookup.file shell.sh strategy.linear test.core test.files test.mathstuff vars.host_group_vars"
).split()


class ForkServer:
    """A running server.

    :param environment: what Python and Ansible read while they are imported.
    """

    def __init__(self, environment):
        self._lock = threading.Lock()
        self._home = tempfile.TemporaryDirectory()
        command, surroundings = [sys.executable, __file__], {**environment, "HOME": self._home.name}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(command, env=surroundings, text=True, **pipes)

    def run(self, command, environment, folder, limit):
        """Runs one of PROGRAMS; returns the finished process.

        :param limit: seconds after which the run and its processes are killed.
        """
        with self._lock, tempfile.TemporaryDirectory() as place:
            files = [Path(place, name) for name in ("stdout", "stderr")]
            run = {"command": command, "environment": environment, "folder": str(folder), "limit": limit}
            self._process.stdin.write(json.dumps({**run, "files": list(map(str, files))}) + "\n")
            self._process.stdin.flush()
            status = int(self._process.stdout.readline())
            texts = [file.read_text(encoding="utf-8") for file in files]
        if status == -signal.SIGKILL:
            raise subprocess.TimeoutExpired(command, limit, *texts)
        return subprocess.CompletedProcess(command, status, *texts)

    def close(self):
        """Ends the server."""
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._home.cleanup()


def _serve():
    answers = os.fdopen(os.dup(1), "w")
    # What a run writes into the server's own output would be taken for an answer.
    os.dup2(2, 1)
    _import_ansible()
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            _become_a_run(json.loads(line))
        answers.write(f"{_wait(process, json.loads(line)['limit'])}\n")
        answers.flush()


def _import_ansible():
    for module, _program in PROGRAMS.values():
        importlib.import_module(module)
    from ansible.plugins.loader import init_plugin_loader
    from ansible.utils.collection_loader import _collection_finder

    for plugin in PLUGINS:
        importlib.import_module(f"ansible.plugins.{plugin}")
    init_plugin_loader()
    # Its metadata are read as it is imported, and are many.
    importlib.import_module("ansible_collections.ansible.builtin")
    # A test may hide a library from Ansible.
    with contextlib.suppress(ImportError):
        for module in ("plugin_utils._inventory", "module_utils._connections"):
            importlib.import_module(f"ansible_collections.saasops.jobs.plugins.{module}")
    _collection_finder._AnsibleCollectionFinder._remove()


def _wait(process, limit):
    """Waits for a run, and kills it and its processes after `limit` seconds; returns its status as subprocess does."""
    ended = os.pidfd_open(process)
    if not select.select([ended], [], [], limit)[0]:
        os.killpg(process, signal.SIGKILL)
    os.close(ended)
    _process, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status)


def _become_a_run(run):
    os.setpgid(0, 0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, file in enumerate(run["files"], start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    os.chdir(run["folder"])
    os.environ.clear()
    os.environ.update(run["environment"])
    # The server still needs what it removes at its end: Ansible's folder for temporary files.
    atexit._clear()
    sys.argv = list(run["command"])
    module, program = PROGRAMS[Path(sys.argv[0]).name]
    status = 1
    try:
        getattr(sys.modules[module], program).cli_executor()
    except SystemExit as end:
        status = int(end.code or 0)
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    _serve()
