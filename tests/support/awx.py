# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX runs them: with ansible-runner, and with credentials that AWX's own code injects."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml
from ansible_process import Ansible
from awx_catalogue import created
from awx_plugins.interfaces._temporary_private_api import ManagedCredentialType
from awx_plugins.interfaces._temporary_private_credential_api import Credential
from awx_plugins.interfaces._temporary_private_inject_api import inject_credential
from awx_rules import answer_errors

_PYTHON = "{{ ansible_playbook_python }}"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "awx.md"


def credential_types():
    """The credential types that the role awx_setup creates, by their names without a prefix."""
    return {described["name"]: described for described in created(prefix="")["credential_types"]}


def templates():
    """The job templates that the role awx_setup creates, by their names without a prefix."""
    return {template["name"]: template for template in created(prefix="")["job_templates"]}


def execution_environment():
    """The definition of an execution environment that docs/awx.md shows, as text."""
    return _block("execution-environment.yml")


def setup_playbook():
    """The playbook with the role awx_setup that docs/awx.md shows, as text."""
    return _block("awx.yml")


def _block(name):
    text = PAGE.read_text(encoding="utf-8")
    block = re.search(rf"```yaml\n( *)# {re.escape(name)}\n(.*?)```", text, re.DOTALL)
    return "".join(line.removeprefix(block[1]) for line in block[2].splitlines(keepends=True))


class Awx:
    """Launches job templates of the collection's playbooks.

    :param folder: an empty folder.
    """

    def __init__(self, folder):
        self._folder = folder
        self._ansible = Ansible(folder)
        self._number = 0

    def launch_template(self, name, credentials, answers, *arguments):
        """Runs a job template of the role awx_setup to its end, with the answers by default for other questions.

        :param answers: also further extra variables, as earlier jobs of a workflow hand them on.
        :param arguments: further ones of ansible-playbook.
        """
        template = templates()[name]
        spec = template["survey_spec"]["spec"] if template["survey_enabled"] else []
        defaults = {question["variable"]: question["default"] for question in spec}
        given = {**defaults, **answers}
        for question in spec:
            assert answer_errors(question, given[question["variable"]]) is None
        mode = ["--check"] if template["job_type"] == "check" else []
        playbook = Path(template["playbook"]).stem
        return self.launch(playbook, credentials, given, *mode, *arguments, extra_vars=template["extra_vars"])

    def launch(self, playbook, credentials, answers, *arguments, extra_vars=None):
        """Runs a playbook of the collection to its end.

        :param credentials: a list of (name of the credential type, its inputs).
        :param answers: of the survey.
        :param arguments: further ones of ansible-playbook.
        :param extra_vars: of the template, which may use others.
        """
        self._number += 1
        own = yaml.safe_dump(extra_vars) if extra_vars else ""
        data = self._folder / f"job-{self._number}"
        files = {
            "project/play.yml": yaml.safe_dump([{"name": "Play", "import_playbook": f"saasops.jobs.{playbook}"}]),
            "inventory/hosts": f"localhost ansible_connection=local ansible_python_interpreter='{_PYTHON}'",
            "env/envvars": json.dumps({**self._ansible.environment, **environment_of(credentials, data)}),
            # Those of the template may be templates; answers and what earlier jobs hand on may not.
            "env/extravars": yaml.dump(answers, Dumper=_UnsafeDumper) + own,
            "env/cmdline": " ".join(arguments),
        }
        for name, text in files.items():
            (data / name).parent.mkdir(parents=True, exist_ok=True)
            (data / name).write_text(text, encoding="utf-8")
        done = self._ansible.run_program("ansible-runner", "run", str(data), "-p", "play.yml", "--ident", "job")
        return Job(playbook, done, data / "artifacts" / "job")


class Job:
    """A job that has ended.

    events: what ansible-runner has told AWX while it ran, in order.
    handed_on: the extra variables that jobs after it in a workflow get.
    stats: the same, by names without their prefix.
    """

    def __init__(self, playbook, done, artifacts):
        self.returncode = int((artifacts / "rc").read_text())
        self.output = done.stdout + done.stderr
        self._artifacts = artifacts
        files = sorted((artifacts / "job_events").glob("*.json"), key=lambda file: int(file.name.partition("-")[0]))
        self.events = [json.loads(file.read_text(encoding="utf-8")) for file in files]
        (recap,) = [event["event_data"] for event in self.events if event["event"] == "playbook_on_stats"]
        self.handed_on = recap.get("artifact_data", {})
        self.stats = {key.removeprefix(f"saasops_jobs_{playbook}_"): value for key, value in self.handed_on.items()}

    def stored(self):
        """All that AWX would store of the job, as one text."""
        # The file with the command has the environment, which AWX hides by the names of the credential's secrets.
        files = [file for file in self._artifacts.rglob("*") if file.is_file() and file.name != "command"]
        return self.output + "".join(file.read_text(encoding="utf-8") for file in files)


def environment_of(credentials, folder):
    """The environment variables that AWX sets for credentials, in the order in which it applies them."""
    environment = {}
    for name, inputs in credentials:
        described = credential_types()[name]
        kind = ManagedCredentialType(
            namespace="saasops", name=name, kind="cloud", inputs=described["inputs"], injectors=described["injectors"]
        )
        inject_credential(kind, Credential(inputs), environment, {}, [], str(folder))
    return environment


class _UnsafeDumper(yaml.SafeDumper):
    """Marks all texts as unsafe, as AWX does with the answers of surveys."""


_UnsafeDumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("!unsafe", text))
