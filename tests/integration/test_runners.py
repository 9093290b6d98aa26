# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The in-process runner gives what the module runner gives, and leaves to it what it cannot do in the same way."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import accounts
import pytest
from accounts import caption, job
from ansible_process import BIN, RUNNERS, SWITCH, Ansible
from scenarios import SCENARIOS

COLLECTION = "saasops.jobs."
HERE = "runs in Ansible's own process."
# What differs between two runs of the same: ports, and times that the seed counts from its start.
# The sandbox's clock stands still, so the slower runner may see a difference sooner.
CLOCK = "The clocks of this machine "
PASSING = re.compile(r"127\.0\.0\.1:\d+|20\d\d-\d\d-\d\d[T ][\d:.]+Z?|\b1[789]\d{11}\b")


# A mark that ansible-core 2.22 lets out of the results of modules, though not of actions.
MARK = re.compile(r'"ansible_parsed": true, |, "ansible_parsed": true')


def comparable(results):
    found = json.loads(PASSING.sub("0", MARK.sub("", json.dumps(results))))
    for result in found:
        if isinstance(result, dict):
            result["warnings"] = [text for text in result.get("warnings", ()) if not text.startswith(CLOCK)]
    return found


def both(sandbox, tmp_path, tasks, *arguments, variants=None, **more):
    """Runs the same tasks through both runners, each on a fresh sandbox; returns the results and what was printed."""
    outcomes, screens = {}, {}
    for runner in RUNNERS:
        sandbox.reset()
        sandbox.clock(frozen=True)
        sandbox.variants(**(variants or {}))
        ansible = Ansible(tmp_path, runner)
        done, outcomes[runner] = ansible.playbook(tasks, *arguments, ANSIBLE_INJECT_INVOCATION="1", **more)
        screens[runner] = done.stdout
    assert comparable(outcomes["action"]) == comparable(outcomes["module"])
    return outcomes["action"], screens


@pytest.mark.parametrize("scenario", SCENARIOS, ids=repr)
def test_a_change_predicted_made_and_made_again_is_the_same_in_both_runners(sandbox, tmp_path, scenario):
    task = {COLLECTION + scenario.module: scenario.arguments(sandbox.url)}
    tasks = [{**task, "check_mode": check, "diff": True} for check in (True, False, False)]
    results, screens = both(sandbox, tmp_path, tasks, "-vvv", variants=scenario.variants)
    assert [result["changed"] for result in results] == [True, True, False]
    assert screens["action"].count(HERE) == 3
    assert HERE not in screens["module"]


def info_tasks(url):
    log = accounts.log_collection(url)
    return [
        {COLLECTION + "log_collection_job_info": log},
        {COLLECTION + "log_collection_job_info": {**log, "status": ["FAILURE"], "older_than": "1d"}},
        {COLLECTION + "restore_job_info": accounts.atlas(url)},
        {COLLECTION + "restore_job_info": accounts.atlas(url, cluster_name="sprout")},
        {COLLECTION + "lts_log_stream_info": accounts.lts(url, log_group_name="audit")},
        {COLLECTION + "cielo24_job_info": accounts.cielo24(url)},
    ]


def trouble_tasks(url):
    """Refusals, failures and warnings."""
    log = accounts.log_collection(url)
    deletion = {**log, "state": "absent", "job_ids": [job("a1")]}
    # What an argument specification refuses.
    malformed = [
        {**deletion, "nonsense": 1},
        {**deletion, "state": "gone"},
        {**deletion, "timeout": "soon"},
        {name: value for name, value in deletion.items() if name not in ("state", "project_id")},
        {**deletion, "job_ids": {"a": 1}},
    ]
    # What the collection itself refuses, or the service, or both after something was done.
    refused = [
        {**deletion, "job_ids": ["x"]},
        {**deletion, "timeout": -1},
        {**deletion, "ca_path": "~/nothing"},
        {**deletion, "private_key": "wrong"},
        {**deletion, "job_ids": [], "state": "retried"},
        {**log, "state": "retried", "job_ids": [job("a5"), job("a2"), job("ff")]},
        # Accepted, each with a warning.
        {**log, "group_id": log["project_id"], "state": "retried", "job_ids": "66f1c0de00000000000000A2"},
    ]
    return [
        *[{COLLECTION + "log_collection_job": arguments} for arguments in [*malformed, *refused]],
        {COLLECTION + "lts_log_stream_info": accounts.lts(url, log_group_name="nobody-knows")},
        {COLLECTION + "restore_job": accounts.atlas(url, cluster_name="violet", state="absent", job_ids=[job("b1")])},
        {COLLECTION + "cielo24_job": accounts.cielo24(url, api_token="x", state="absent", job_ids=[caption("a1")])},
        {COLLECTION + "restore_job": accounts.atlas(url, state="present", collections=["sales.orders"])},
        {COLLECTION + "snapshot": accounts.atlas(url, cluster_name="sprout", state="absent", snapshot_id=job("201"))},
        {COLLECTION + "restore_job": accounts.atlas(url, api_version=2, state="absent", job_ids=[job("b1")])},
    ]


@pytest.mark.parametrize("make", [info_tasks, trouble_tasks])
@pytest.mark.parametrize("verbosity", ["-v", "-vvv"])
def test_both_runners_give_the_same_results_and_words(sandbox, tmp_path, make, verbosity):
    _results, screens = both(sandbox, tmp_path, make(sandbox.url), verbosity)
    if verbosity == "-v":
        kept = {
            # ansible-core says which of the two failed; and the last task is the test's own.
            runner: [
                line.replace("Action failed:", "Module failed:")
                for line in screen.splitlines()
                if "/report-" not in line and CLOCK not in line
            ]
            for runner, screen in screens.items()
        }
        assert comparable(kept["action"]) == comparable(kept["module"])


def test_values_of_every_type_arrive_alike_in_both_runners(sandbox, tmp_path):
    """Variables, templates, numbers and unsafe text arrive as they do in a module, and come back as plain data."""
    variables = {
        "wanted": [job("a1"), "{{ other }}"],
        "other": job("a6"),
        "seconds": 5,
        "key": accounts.PRIVATE_KEY,
        "brackets": "{{ '{{' }} other {{ '}}' }}",
    }
    log = accounts.log_collection(sandbox.url, private_key="{{ key }}")
    tasks = [
        {
            COLLECTION + "log_collection_job": {
                **log,
                "job_ids": "{{ wanted }}",
                "timeout": "{{ seconds }}",
                "max_concurrency": "3",
                "validate_certs": "yes",
                "http_agent": "{{ omit }}",
                "state": "absent",
            }
        },
        {COLLECTION + "lts_log_stream_info": accounts.lts(sandbox.url, log_group_name="{{ brackets }}")},
        {COLLECTION + "log_collection_job_info": {**log, "created_after": "2026-01-01", "job_ids": "{{ wanted[0] }}"}},
        {"ansible.builtin.debug": {"msg": "{{ result_0.jobs | map(attribute='id') | join(' ') }}"}},
        {"ansible.builtin.set_fact": {"kept": "{{ result_1.msg }}"}},
        {"ansible.builtin.debug": {"var": "kept"}},
    ]
    results, _screens = both(sandbox, tmp_path, tasks, "-vvv", variables=variables)
    assert results[0]["summary"]["changed"] == 2
    assert results[3]["msg"] == f"{job('a1')} {job('a6')}"
    # What looks like a template in a result is none.
    assert "'{{ other }}' is not a valid name" in results[5]["kept"]


def test_a_vaulted_variable_works_alike_in_both_runners_and_is_not_shown(sandbox, tmp_path):
    (tmp_path / "password").write_text("sesame")
    options = ["--vault-password-file", str(tmp_path / "password")]
    encrypt = [str(BIN / "ansible-vault"), "encrypt_string", *options, accounts.PRIVATE_KEY]
    locked = subprocess.run(encrypt, check=True, capture_output=True, text=True, env=Ansible(tmp_path).environment)
    (tmp_path / "locked.yml").write_text(f"key: {locked.stdout}\n")
    arguments = accounts.log_collection(sandbox.url, private_key="{{ key }}")
    play = {"vars_files": [str(tmp_path / "locked.yml")]}
    task = {COLLECTION + "log_collection_job_info": arguments}
    results, screens = both(sandbox, tmp_path, [task], "-vvv", *options, play=play)
    assert results[0]["total"] == 6
    assert accounts.PRIVATE_KEY not in screens["action"]


def test_a_vaulted_argument_works_alike_in_both_runners(sandbox, tmp_path):
    (tmp_path / "password").write_text("sesame")
    options = ["--vault-password-file", str(tmp_path / "password")]
    encrypt = [str(BIN / "ansible-vault"), "encrypt_string", *options, accounts.PRIVATE_KEY]
    locked = subprocess.run(encrypt, check=True, capture_output=True, text=True, env=Ansible(tmp_path).environment)
    arguments = accounts.log_collection(sandbox.url)
    arguments.pop("private_key")
    lines = [f"    {name}: {json.dumps(value)}" for name, value in arguments.items()]
    # JSON, which the other playbooks are written in, has no tags.
    key = "    private_key: " + locked.stdout
    task = ["- register: listed", f"  {COLLECTION}log_collection_job_info:", *lines, key]
    (tmp_path / "tasks.yml").write_text("\n".join(task))
    tasks = [
        {"ansible.builtin.include_tasks": str(tmp_path / "tasks.yml")},
        {"ansible.builtin.debug": {"msg": "{{ listed.total | default(listed.msg) }}"}},
    ]
    results, _screens = both(sandbox, tmp_path, tasks, *options)
    assert results[1]["msg"] in (6, "6")


def test_relative_paths_begin_at_the_playbook_in_both_runners(sandbox, tmp_path):
    (tmp_path / "certificates").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "certificates" / "ca.pem").write_text("")
    arguments = accounts.log_collection(sandbox.url, ca_path="certificates/ca.pem")
    tasks = [{COLLECTION + "log_collection_job_info": arguments}]
    for runner in RUNNERS:
        ansible = Ansible(tmp_path, runner)
        ansible.folder = tmp_path / "elsewhere"
        _done, results = ansible.playbook(tasks)
        assert results[0]["total"] == 6, runner


KEYWORDS = {
    "loop": {"loop": [job("a1"), job("ff"), "x"]},
    "until": {"until": "result_0.changed == false", "retries": 3, "delay": 0},
    "failed_when": {"failed_when": "result_0.changed"},
    "changed_when": {"changed_when": False},
    "no_log": {"no_log": True},
    "when": {"when": False},
    "args": {"args": {"retries": 1}},
    "vars": {"vars": {"a": 1}},
    "delegate_to": {"delegate_to": "other"},
    "run_once": {"run_once": True},
    "timeout": {"timeout": 60},
}


@pytest.mark.parametrize("name", KEYWORDS)
def test_each_keyword_of_a_task_works_alike_in_both_runners(sandbox, tmp_path, name):
    ids = ["{{ item }}"] if name == "loop" else [job("a1")]
    task = {COLLECTION + "log_collection_job": accounts.log_collection(sandbox.url, state="absent", job_ids=ids)}
    # An inventory instead of the implicit localhost, which the tooling of ansible-core treats in its own way.
    inventory = "localhost ansible_connection=local\nother ansible_connection=local\n"
    (tmp_path / "hosts").write_text(inventory)
    both(sandbox, tmp_path, [{**task, **KEYWORDS[name]}], "-i", str(tmp_path / "hosts"))


def test_the_environment_of_a_task_holds_only_for_that_task_in_both_runners(sandbox, tmp_path):
    variables = {"PROJECT": accounts.LOG_PROJECT}
    environment = {
        "MCLI_OPS_MANAGER_URL": sandbox.url,
        "MCLI_PUBLIC_API_KEY": "sandboxkey",
        "MCLI_PRIVATE_API_KEY": accounts.PRIVATE_KEY,
        "MCLI_PROJECT_ID": "{{ PROJECT }}",
    }
    proxy = {"http_proxy": "http://127.0.0.1:9", "no_proxy": ""}
    task = {COLLECTION + "log_collection_job_info": {}}
    tasks = [
        {**task, "environment": environment},
        {**task, "environment": {**environment, **proxy}},
        # It is gone afterwards.
        task,
        {COLLECTION + "log_collection_job_info": accounts.log_collection(sandbox.url)},
    ]
    results, screens = both(sandbox, tmp_path, tasks, "-vvv", variables=variables)
    assert results[0]["total"] == 6
    assert "proxy" in results[1]["msg"]
    assert "missing required arguments" in results[2]["msg"]
    assert results[3]["total"] == 6
    assert screens["action"].count(HERE) == 4


def test_groups_of_module_defaults_work_alike_in_both_runners(sandbox, tmp_path):
    connection = accounts.log_collection(sandbox.url)
    project = {"project_id": connection.pop("project_id")}
    play = {"module_defaults": {f"group/{COLLECTION}mongodb": connection, f"group/{COLLECTION}all": {"retries": -1}}}
    tasks = [{COLLECTION + "log_collection_job_info": {**project, **each}} for each in ({"retries": 1}, {})]
    results, screens = both(sandbox, tmp_path, tasks, "-vvv", play=play)
    assert results[0]["total"] == 6
    assert "retries must be from 0" in results[1]["msg"]
    assert screens["action"].count(HERE) == 2


def other_python(tmp_path):
    """The program of an environment with the same Python and the same libraries."""
    venv.create(tmp_path / "venv", symlinks=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(tmp_path / "venv")}))
    (site / "same.pth").write_text(sysconfig.get_path("purelib"))
    return str(tmp_path / "venv" / "bin" / "python")


FALLBACKS = {
    "async is asked for": {"async": 30, "poll": 1},
    "become is asked for": {"become": True, "become_method": "ansible.builtin.su"},
    "the environment sets PYTHONDONTWRITEBYTECODE": {"environment": {"PYTHONDONTWRITEBYTECODE": "1"}},
    f"{SWITCH} is false": {"vars": {SWITCH: "no"}},
    "the interpreter asked for is": {"vars": {"ansible_python_interpreter": other_python}},
}


@pytest.mark.parametrize("why", FALLBACKS)
def test_a_task_that_cannot_or_may_not_run_in_process_runs_as_a_module_and_says_why(sandbox, tmp_path, why):
    if why.startswith("become") and os.getuid() != 0:
        pytest.skip("only root becomes somebody else without a password")
    keywords = json.loads(json.dumps(FALLBACKS[why], default=lambda make: make(tmp_path)))
    arguments = accounts.log_collection(sandbox.url, state="absent", job_ids=[job("a1")])
    tasks = [{COLLECTION + "log_collection_job": arguments, **keywords}]
    done, results = Ansible(tmp_path).playbook(tasks, "-vvv")
    assert results[0]["summary"]["changed"] == 1, results
    assert f"log_collection_job runs as a module: {why}" in done.stdout
    assert HERE not in done.stdout


def test_a_task_whose_files_are_to_be_kept_runs_as_a_module_and_says_why(sandbox, tmp_path):
    task = {COLLECTION + "log_collection_job_info": accounts.log_collection(sandbox.url)}
    done, results = Ansible(tmp_path).playbook([task], "-vvv", ANSIBLE_KEEP_REMOTE_FILES="1")
    assert results[0]["total"] == 6
    assert "runs as a module: ANSIBLE_KEEP_REMOTE_FILES" in done.stdout


LACKS = "runs as a module: Ansible's own Python lacks the requests library, or cannot import it"


@pytest.mark.parametrize(
    "library, content, name",
    [
        ("requests", "raise ImportError('no requests here')", "ImportError"),
        ("requests", "import sys; sys.no_such_thing", "AttributeError"),
        ("requests", "def", "SyntaxError"),
        ("urllib3", "len(1)", "TypeError"),
        ("idna", "raise RuntimeError('no idna here')", "RuntimeError"),
    ],
)
def test_a_library_that_cannot_be_imported_fails_its_task_and_nothing_else(sandbox, tmp_path, library, content, name):
    (tmp_path / "shadow" / library).mkdir(parents=True)
    (tmp_path / "shadow" / library / "__init__.py").write_text(content + "\n")
    task = {COLLECTION + "cielo24_job_info": accounts.cielo24(sandbox.url), "register": "listed"}
    say = {"ansible.builtin.debug": {"msg": "RESCUED {{ listed.msg }}"}}
    block = {"block": [task], "rescue": [say], "always": [{"ansible.builtin.debug": {"msg": "ALWAYS"}}]}
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [block]}
    done = Ansible(tmp_path).run_playbook([play], "-vvv", PYTHONPATH=str(tmp_path / "shadow"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert LACKS in done.stdout
    assert f"RESCUED The Python library requests cannot be imported ({name}: " in done.stdout
    assert f"Install it for {sys.executable}" in done.stdout
    assert "ALWAYS" in done.stdout


# What Python runs first: later, one import of the in-process runner fails, as if Ansible had not got that.
SITE = """
import builtins
usual = builtins.__import__
def without(name, globals=None, locals=None, fromlist=(), level=0):
    if "wrap_var" in (fromlist or ()) and (globals or {}).get("__name__", "").endswith("._in_process"):
        raise ImportError("there is no wrap_var")
    return usual(name, globals, locals, fromlist, level)
builtins.__import__ = without
"""


def test_an_ansible_that_lacks_what_only_the_process_needs_runs_tasks_as_modules(sandbox, tmp_path):
    (tmp_path / "shadow").mkdir()
    (tmp_path / "shadow" / "sitecustomize.py").write_text(SITE)
    arguments = accounts.log_collection(sandbox.url, state="absent", job_ids=[job("a1")])
    tasks = [{COLLECTION + "log_collection_job": arguments}]
    done, results = Ansible(tmp_path).playbook(tasks, "-vvv", PYTHONPATH=str(tmp_path / "shadow"))
    assert results[0]["summary"]["changed"] == 1, results
    assert "missing or different (ImportError: there is no wrap_var)" in done.stdout
    assert HERE not in done.stdout
