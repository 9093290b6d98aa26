# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret in an argument shows or is logged, even if the argument is refused before anybody has looked at it."""

from __future__ import annotations

import json

import accounts
import pytest
from accounts import caption
from ansible_process import RUNNERS, Ansible
from running import module

# One of each service; what they share is below all modules.
MODULES = ("cielo24_job", "log_collection_job", "restore_job", "lts_log_stream")
PASSWORD, SIGNATURE, TOKEN = CANARIES = "canary-p%2Fw'\\d", "canary-sig/9f+3c=", "7d20canary4b14f36a5c1f09d3e7b62x"
ADDRESS = f"https://user:{PASSWORD}@media.example.net/in/{TOKEN}/a.mp4?v=2&X-Amz-Signature={SIGNATURE}"

JOURNAL = """
import os

def sendv(*fields):
    raise NotImplementedError

def send(**fields):
    with open(os.environ["FAKE_JOURNAL"], "a", encoding="utf-8", errors="replace") as file:
        file.write(f"{fields}\\n")
"""


@pytest.fixture
def journal(tmp_path):
    """What modules log: a file, and the environment that they need for it."""
    package = tmp_path / "lib" / "systemd"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "journal.py").write_text(JOURNAL)
    (package / "daemon.py").write_text("def booted():\n    return True\n")
    file = tmp_path / "journal"
    file.touch()
    return file, {"PYTHONPATH": str(tmp_path / "lib"), "FAKE_JOURNAL": str(file)}


def with_canaries(spec, canaries):
    """A value for each option that may hold a secret, also for one that does not exist.

    :param canaries: takes the secrets.
    """
    given = {}
    for name, option in spec.items():
        if option.get("no_log"):
            given[name] = f"canary-{name}-4a7f1c9e"
            canaries.add(given[name])
        elif option.get("context") == {"is_address": True}:
            given[name] = ADDRESS
        elif "options" in option:
            given[name] = with_canaries(option["options"], canaries)
    given["misspelt_secret"] = f"canary-misspelt-{len(canaries)}-7c1e5a90"
    canaries.add(given["misspelt_secret"])
    return given


def known(given, spec):
    return {
        name: known(value, spec[name]["options"]) if isinstance(value, dict) else value
        for name, value in given.items()
        if name in spec
    }


def printed(ansible, tasks, journal, *arguments, **environment):
    """Everywhere that Ansible shows something or keeps it."""
    file, logs = journal
    log = file.with_name("ansible.log")
    environment = {"ANSIBLE_INJECT_INVOCATION": "1", "ANSIBLE_LOG_PATH": str(log), **logs, **environment}
    done, results = ansible.playbook(tasks, *arguments, **environment)
    return results, {
        "screen": done.stdout + done.stderr,
        "log": log.read_text(),
        "journal": file.read_text(),
        # The screen shows what is repeated of the arguments; ansible-core 2.22 masks that only where it is shown.
        "results": json.dumps([{**result, "invocation": None} for result in results], ensure_ascii=False),
    }


def assert_hidden(places, canaries):
    for place, text in places.items():
        for canary in canaries:
            # Without its end, which may be spelled in several ways.
            canary = canary.partition("'")[0]
            assert canary not in text, f"{place}: {text[max(0, text.index(canary) - 300) :][:400]}"


@pytest.mark.parametrize("runner", RUNNERS)
def test_secrets_in_any_option_of_a_task_that_refuses_its_arguments_are_hidden(tmp_path, journal, runner):
    canaries = set(CANARIES)
    tasks = []
    for name in MODULES:
        spec = module(name).ARGUMENT_SPEC
        given = with_canaries(spec, canaries)
        # Options that do not exist, a value of another type, and one that only the task itself refuses.
        for trouble in (given, {**known(given, spec), "timeout": "soon"}, {**known(given, spec), "retries": -1}):
            tasks.append({f"saasops.jobs.{name}": trouble})
    results, places = printed(Ansible(tmp_path, runner), tasks, journal, "-vvvv")
    assert all(result["failed"] for result in results)
    assert places["screen"].count('"module_args"') >= len(tasks)
    assert_hidden(places, canaries)


@pytest.mark.parametrize("runner", RUNNERS)
def test_secrets_in_addresses_of_a_task_that_succeeds_are_hidden(tmp_path, sandbox, journal, runner):
    addresses = {
        "media_url": ADDRESS,
        "transcription": {"fidelity": "MECHANICAL", "callback_url": ADDRESS},
    }
    order = {"external_id": "canary", **addresses}
    ids = {"job_ids": [caption("a4"), caption("f1")], **addresses}
    as_text = {**order, "transcription": f"fidelity=MECHANICAL callback_url={ADDRESS.replace(PASSWORD, 'canary-pw')}"}
    cielo24 = accounts.cielo24(sandbox.url)
    tasks = [
        {"saasops.jobs.cielo24_job": {**cielo24, "state": "absent", **arguments}}
        for arguments in ({**order, "external_id": "none"}, ids)
    ]
    tasks += [
        {"saasops.jobs.cielo24_job": {**cielo24, "state": "present", **order}},
        {"saasops.jobs.cielo24_job": {**cielo24, "state": "present", **order}},
        {"saasops.jobs.cielo24_job": {**cielo24, "state": "present", **as_text}},
        {"saasops.jobs.cielo24_job_info": cielo24},
    ]
    results, places = printed(Ansible(tmp_path, runner), tasks, journal, "-vvvv", "--diff")
    assert [bool(result.get("failed")) for result in results[:4]] == [False] * 4, results
    assert [result["changed"] for result in results[:4]] == [False, True, True, False]
    assert_hidden(places, {*CANARIES, "canary-pw"})
    # What is harmless in them can be read.
    assert "https://media.example.net/in/(hidden)/a.mp4?v=2&X-Amz-Signature=(hidden)" in places["results"]
    assert ("cielo24_job Invoked with" in places["journal"]) is (runner == "module")


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_password_in_the_address_of_a_service_that_the_environment_gives_is_hidden(tmp_path, journal, runner):
    arguments = {"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY, "project_id": accounts.LOG_PROJECT}
    address = "https://user:canary-pw@opsmanager.example.net:8443"
    tasks = [{"saasops.jobs.log_collection_job_info": arguments}]
    results, places = printed(Ansible(tmp_path, runner), tasks, journal, "-vvvv", MCLI_OPS_MANAGER_URL=address)
    assert "base_url holds credentials" in results[0]["msg"]
    assert_hidden(places, {"canary-pw", accounts.PRIVATE_KEY})


@pytest.mark.parametrize("runner", RUNNERS)
def test_an_address_without_secrets_stays_readable_where_arguments_are_repeated(tmp_path, sandbox, journal, runner):
    tasks = [{"saasops.jobs.cielo24_job_info": accounts.cielo24(sandbox.url)}]
    _results, places = printed(Ansible(tmp_path, runner), tasks, journal, "-vvv")
    assert f'"base_url": "{sandbox.url}"' in places["screen"]
