# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of the collection's roles in real Ansible processes, and their outcome."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ansible_process import Ansible
from sandbox_process import Sandbox

KEPT = "The outcome: "
FACTS = (
    "log_collection_jobs",
    "log_collection_files",
    "log_collection_sweep_report",
    "restore_download_sweep_report",
    "lts_retention_report",
    "cielo24_purge_report",
    "restore_download_report",
    "job_report_report",
)


class Run:
    """The outcome of one run of a role.

    failure: the message with which it failed, or None.
    changed: how many of its tasks changed something.
    acted: how many requests have changed something, in this run and the earlier ones.
    jobs, files, logs, downloads, streams, captions, archives, found: the facts FACTS.
    """

    def __init__(self, output: str, facts: dict[str, Any]) -> None:
        self.output = output
        self.changed = sum("\nchanged: [" in task for task in output.split("\nTASK ["))
        self.failure = facts["failure"] or None
        self.acted = sum(request["acted"] for request in facts["sandbox"]["requests"])
        values = (facts[name] for name in FACTS)
        self.jobs, self.files, self.logs, self.downloads, *others = values
        self.streams, self.captions, self.archives, self.found = others


class Roles:
    """Runs roles on localhost."""

    def __init__(self, home: Path, sandbox: Sandbox) -> None:
        self.home = home
        self._sandbox = sandbox
        self._ansible = Ansible(home)

    def run(
        self,
        role: str,
        *arguments: str,
        play: dict[str, Any] | None = None,
        environment: dict[str, str] | None = None,
        **variables: Any,
    ) -> Run:
        """Runs a role once, with variables that are named without its prefix."""
        return self.run_each(role, [variables], *arguments, play=play, **(environment or {}))[0]

    def run_each(
        self,
        role: str,
        runs: Sequence[dict[str, Any]],
        *arguments: str,
        play: dict[str, Any] | None = None,
        **environment: str,
    ) -> list[Run]:
        """Runs a role several times in one play.

        :param runs: the variables of each run; `check_mode` runs it in check mode.
        """
        return self.run_all([(role, variables) for variables in runs], *arguments, play=play, **environment)

    def run_all(
        self,
        runs: Sequence[tuple[str, dict[str, Any]]],
        *arguments: str,
        play: dict[str, Any] | None = None,
        **environment: str,
    ) -> list[Run]:
        """Runs several roles in one play.

        :param runs: (role, variables) of each, as for run_each(). Names of variables that begin with an underscore get
            no prefix.
        """
        tasks = [task for role, variables in runs for task in self._tasks(role, **variables)]
        whole = {"hosts": "localhost", "gather_facts": False, **(play or {}), "tasks": tasks}
        done = self._ansible.run_playbook([whole], *arguments, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        before, *after = re.split(f"{KEPT}([A-Za-z0-9+/=]+)", done.stdout)
        outputs = [before, *after[1:-1:2]]
        # Errors and warnings are printed elsewhere: each run gets all of them.
        return [
            Run(output + done.stderr, json.loads(base64.b64decode(facts))) for output, facts in zip(outputs, after[::2])
        ]

    def _tasks(self, role: str, check_mode: bool | None = None, **variables: Any) -> list[dict[str, Any]]:
        """Tasks that run the role and print the outcome, without a module, as that would take longer than the role."""
        include: dict[str, Any] = {"name": f"saasops.jobs.{role}"}
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
