# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of the collection's roles in real Ansible processes, and what came of them."""

from __future__ import annotations

import base64
import json
import re

from ansible_process import Ansible

KEPT = "What came of it: "
FACTS = (
    "log_collection_jobs",
    "log_collection_files",
    "log_collection_sweep_report",
    "restore_download_sweep_report",
    "lts_retention_report",
    "cielo24_purge_report",
)


class Run:
    """What came of one run of a role.

    failure: its message, or None.
    changed: how many of its tasks changed something.
    acted: how many requests changed something by then, in this run and in those before.
    jobs, files, logs, downloads, streams, captions: the facts FACTS.
    """

    def __init__(self, output, facts):
        self.output = output
        self.changed = sum("\nchanged: [" in task for task in output.split("\nTASK ["))
        self.failure = facts["failure"] or None
        self.acted = sum(request["acted"] for request in facts["sandbox"]["requests"])
        values = (facts[name] for name in FACTS)
        self.jobs, self.files, self.logs, self.downloads, self.streams, self.captions = values


class Roles:
    """Runs roles on localhost."""

    def __init__(self, home, sandbox):
        self.home = home
        self._sandbox = sandbox
        self._ansible = Ansible(home)

    def run(self, role, *arguments, play=None, environment=None, **variables):
        """Runs a role once, with variables that are named without its prefix; returns a Run."""
        return self.run_each(role, [variables], *arguments, play=play, **(environment or {}))[0]

    def run_each(self, role, runs, *arguments, play=None, **environment):
        """Runs a role several times in one play.

        :param runs: variables for each time; with `check_mode`, it is checked only.
        :returns: list of Run.
        """
        return self.run_all([(role, variables) for variables in runs], *arguments, play=play, **environment)

    def run_all(self, runs, *arguments, play=None, **environment):
        """Runs several roles in one play.

        :param runs: (role, variables) of each, as run_each() has them. A name of a variable that begins with an
            underscore is a whole one.
        :returns: list of Run.
        """
        tasks = [task for role, variables in runs for task in self._tasks(role, **variables)]
        whole = {"hosts": "localhost", "gather_facts": False, **(play or {}), "tasks": tasks}
        done = self._ansible.run_playbook([whole], *arguments, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        before, *after = re.split(f"{KEPT}([A-Za-z0-9+/=]+)", done.stdout)
        outputs = [before, *after[1:-1:2]]
        # Errors and warnings are not in their place.
        return [
            Run(output + done.stderr, json.loads(base64.b64decode(facts))) for output, facts in zip(outputs, after[::2])
        ]

    def _tasks(self, role, check_mode=None, **variables):
        """Runs the role and tells what came of it; any module would take longer than the whole role."""
        include = {"name": f"saasops.jobs.{role}"}
        if check_mode is not None:
            include["apply"] = {"check_mode": check_mode}
        requests = f"lookup('ansible.builtin.url', '{self._sandbox.url}/_sandbox/requests', split_lines=false)"
        facts = ", ".join(f"'{name}': {name} | default(none)" for name in (*FACTS, "failure"))
        return [
            {"ansible.builtin.set_fact": {"failure": ""}},
            {
                "block": [
                    {
                        "ansible.builtin.include_role": include,
                        "vars": {
                            name if name.startswith("_") else f"{role}_{name}": value
                            for name, value in variables.items()
                        },
                    }
                ],
                "rescue": [{"ansible.builtin.set_fact": {"failure": "{{ ansible_failed_result.msg }}"}}],
            },
            {
                "ansible.builtin.debug": {
                    "msg": KEPT + "{{ {" + facts + f", 'sandbox': {requests} | from_json" + "} | to_json | b64encode }}"
                }
            },
        ]
