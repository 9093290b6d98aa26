# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin through real `ansible-inventory`, and plays over its hosts."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import groupby
from pathlib import Path

import accounts
import pytest
import yaml
from accounts import LOG_PROJECT, job
from inventories import FAILS, ListedInventory, log_collection, many_projects

ATTIC = "66f1c0de0000000000000003"


@pytest.fixture
def inventory(tmp_path):
    return ListedInventory(tmp_path)


def test_projects_are_hosts_with_ids_counts_and_oldest_jobs(sandbox, inventory):
    hosts, groups, said = inventory.write(**log_collection(sandbox.url)).list()
    assert said == ""
    assert sorted(hosts) == ["attic", "ledger", "payments", "studio"]
    payments = hosts["payments"]
    oldest, read_at = payments.pop("saasops_jobs_oldest"), payments.pop("saasops_jobs_read_at")
    assert payments == {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "project_id": LOG_PROJECT,
        "saasops_jobs_service": "log_collection",
        "saasops_jobs_id": LOG_PROJECT,
        "saasops_jobs_name": "payments",
        "saasops_jobs_organization_id": "66f1c0de00000000000f0002",
        "saasops_jobs_organization_name": "Retail",
        "saasops_jobs_readable": True,
        "saasops_jobs_problem": "",
        "saasops_jobs_count": 6,
        "saasops_jobs_states": {
            "EXPIRED": 1,
            "FAILURE": 2,
            "IN_PROGRESS": 1,
            "MARKED_FOR_EXPIRY": 1,
            "SUCCESS": 1,
        },
        "saasops_jobs_names": [],
    }
    assert (oldest["id"], oldest["name"], oldest["age_days"]) == (job("a6"), None, 70)
    assert oldest["created"] < read_at and read_at.endswith("Z")
    assert groups == {
        "saasops_log_collection": ["attic", "ledger", "payments", "studio"],
        "saasops_organization_Sandbox": ["attic", "ledger"],
        "saasops_organization_Retail": ["payments"],
        "saasops_organization_Media___Co_": ["studio"],
        "saasops_empty": ["attic", "ledger"],
        **{f"saasops_has_{name}": ["payments"] for name in ("expired", "failure", "in_progress", "marked_for_expiry")},
        "saasops_has_success": ["payments", "studio"],
    }


def test_the_graph_shows_the_groups(sandbox, inventory):
    done = inventory.write(**log_collection(sandbox.url)).run("--graph")
    assert "|--@saasops_has_failure:\n  |  |--payments\n" in done.stdout


def test_a_cache_saves_all_requests_and_holds_no_secrets(sandbox, inventory, tmp_path):
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    options = log_collection(sandbox.url, **cache)
    first = inventory.write(**options).list()
    sandbox.forget_requests()
    assert inventory.list()[:2] == first[:2]
    assert sandbox.requests() == []
    # What needs no request can change.
    hosts, _groups, _said = inventory.write(**{**options, "hostname": "id"}).list()
    assert LOG_PROJECT in hosts and sandbox.requests() == []
    (kept,) = (tmp_path / "cache").iterdir()
    assert accounts.PRIVATE_KEY not in kept.read_text() and "payments" in kept.read_text()
    # What is asked for has changed.
    hosts, _groups, _said = inventory.write(**options, organizations=["Retail"]).list()
    assert list(hosts) == ["payments"] and sandbox.requests() != []
    sandbox.forget_requests()
    plays = [{"hosts": "all", "gather_facts": False}]
    assert inventory.ansible.run_playbook(plays, "-i", str(inventory.path), "--flush-cache").returncode == 0
    assert sandbox.requests() != []


def test_two_hundred_projects_cost_two_hundred_and_two_requests_over_few_connections(sandbox, inventory):
    sandbox.reset(many_projects(200))
    hosts, groups, said = inventory.write(**log_collection(sandbox.url)).list()
    assert len(hosts) == len(groups["saasops_has_failure"]) == 200 and said == ""
    requests = [request for request in sandbox.requests() if request["status"] == 200]
    assert len(requests) == 202
    assert set(Counter(request["path"] for request in requests).values()) == {1}
    assert 2 <= len({request["connection"] for request in sandbox.requests()}) <= 32


def retry_in_all(sandbox, inventory, projects, task=None, **play):
    """Retries the failed job of each of so many projects; returns the finished process.

    :param task: further keywords of the task.
    :param play: further keywords of the play.
    """
    sandbox.reset(many_projects(projects))
    inventory.write(**log_collection(sandbox.url))
    arguments = {
        **accounts.log_collection(sandbox.url),
        "project_id": "{{ project_id }}",
        "state": "retried",
        "job_ids": ["{{ saasops_jobs_oldest.id }}"],
    }
    retry = {"name": "Retry what failed", "saasops.jobs.log_collection_job": arguments, **(task or {})}
    whole = {"hosts": "saasops_has_failure", "gather_facts": False, "tasks": [retry], **play}
    done = inventory.ansible.run_playbook([whole], "-i", str(inventory.path), "--forks", "20")
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def projects_in_turn(sandbox, since):
    """The projects that the requests were for, one after the other, from the first request of the play on."""
    paths = [request["path"] for request in sandbox.requests()[since:]]
    return [project for project, _same in groupby(re.search("/groups/([0-9a-f]{24})", path)[1] for path in paths)]


def test_a_play_for_all_hosts_fans_out_over_forks(sandbox, inventory):
    done = retry_in_all(sandbox, inventory, 200)
    assert done.stdout.count("changed: [project-") == 200
    assert sandbox.acted() == 200


def test_a_throttled_task_works_on_one_project_after_the_other(sandbox, inventory):
    retry_in_all(sandbox, inventory, 6, task={"throttle": 1})
    first = next(number for number, line in enumerate(sandbox.lines()) if "/logCollectionJobs/" in line)
    assert sandbox.acted() == len(projects_in_turn(sandbox, first)) == 6


def test_a_serial_play_works_on_one_batch_of_projects_after_the_other(sandbox, inventory):
    done = retry_in_all(sandbox, inventory, 6, serial=2)
    assert done.stdout.count("PLAY [") == 3
    acted = [request["path"].split("/")[5] for request in sandbox.requests() if request["acted"]]
    batches = [sorted(acted[start : start + 2]) for start in (0, 2, 4)]
    assert [project for batch in batches for project in batch] == sorted(acted) and len(acted) == 6


def test_a_task_that_runs_once_works_on_one_project(sandbox, inventory):
    done = retry_in_all(sandbox, inventory, 6, task={"run_once": True})
    assert sandbox.acted() == done.stdout.count("changed: [project-") == 1


def test_wrong_credentials_are_tried_once(sandbox, inventory):
    said = inventory.write(**log_collection(sandbox.url, private_key="wrong-canary-key")).error("-vvvv")
    assert "Check the API key or service account" in said and "canary" not in said
    assert [request["status"] for request in sandbox.requests()] == [401, 401]


def test_credentials_can_be_templates_and_vaulted(sandbox, inventory, tmp_path):
    (tmp_path / "password").write_text("vault-password")
    sealed = inventory.ansible.run_program(
        "ansible-vault", "encrypt_string", "--vault-password-file", str(tmp_path / "password"), accounts.PRIVATE_KEY
    )
    options = log_collection(sandbox.url, base_url="{{ where }}", public_key="{{ 'sandbox' ~ 'key' }}")
    del options["private_key"]
    inventory.path.write_text(f"{yaml.safe_dump(options)}private_key: {sealed.stdout}\n")
    where = ("-e", json.dumps({"where": sandbox.url}))
    done = inventory.run("--list", "--vault-password-file", str(tmp_path / "password"), *where, "-vvvv", **FAILS)
    assert "payments" in done.stdout, done.stderr
    assert accounts.PRIVATE_KEY not in done.stdout + done.stderr
    options["private_key"] = "{{ lookup('ansible.builtin.env', 'SECRET') }}"
    inventory.write(**options)
    done = inventory.run("--list", *where, "-vvvv", SECRET=accounts.PRIVATE_KEY, **FAILS)
    assert "payments" in done.stdout, done.stderr
    assert accounts.PRIVATE_KEY not in done.stdout + done.stderr
    said = " ".join(inventory.error().split())
    assert "where" in said and "The option base_url cannot be read" in said


def test_names_are_never_templates(sandbox, inventory):
    seed = many_projects(3)
    names = ["{{ 6 * 7 }}", "#jinja2: variable_start_string:'[[', variable_end_string:']]'\n[[ 6 * 7 ]]", "{% raw %}"]
    for project, name in zip(seed["mongodb"]["projects"], names):
        project["name"] = name
    seed["mongodb"]["organizations"][0]["name"] = "{{ 6 * 7 }}"
    sandbox.reset(seed)
    keyed = [{"key": "saasops_jobs_name", "prefix": "name"}]
    inventory.write(**log_collection(sandbox.url, keyed_groups=keyed, compose={"copy": "saasops_jobs_name"}))
    shown = inventory.folder / "shown"
    show = {
        "ansible.builtin.copy": {
            "dest": f"{shown}-{{{{ project_id }}}}",
            "content": "{{ [saasops_jobs_name, copy, saasops_jobs_organization_name] | to_json }}",
            "mode": "0600",
        }
    }
    plays = [{"hosts": "all", "gather_facts": False, "tasks": [show]}]
    done = inventory.ansible.run_playbook(plays, "-i", str(inventory.path))
    assert done.returncode == 0, done.stdout + done.stderr
    seen = [json.loads(file.read_text()) for file in sorted(shown.parent.glob("shown-*"))]
    assert [each[:2] for each in seen] == [[name, name] for name in names]
    # AWX keeps what ansible-inventory lists, and hands it to Ansible again.
    listed = inventory.run("--list", "--export").stdout
    program = inventory.folder / "listed.sh"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{listed}\nEND\n")
    program.chmod(0o700)
    for file in shown.parent.glob("shown-*"):
        file.unlink()
    done = inventory.ansible.run_playbook(plays, "-i", str(program))
    assert done.returncode == 0, done.stdout + done.stderr
    seen = [json.loads(file.read_text()) for file in sorted(shown.parent.glob("shown-*"))]
    assert [each[:2] for each in seen] == [[name, name] for name in names]


def test_only_files_with_its_suffix_are_read(sandbox, inventory):
    inventory.path = inventory.path.with_name("inventory.yml")
    assert "payments" not in inventory.write(**log_collection(sandbox.url)).run("--graph").stdout
    assert sandbox.requests() == []


DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCKS = [
    block
    for page in ("inventory.md", "scaling.md")
    for block in re.findall(r"```yaml\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)
]
PLAYS = [text for text in BLOCKS if "hosts: saasops" in text]
FILES = [text for text in BLOCKS if text.startswith("plugin:")]
SECRETS = {
    "OPS_MANAGER_PUBLIC_KEY": "sandboxkey",
    "OPS_MANAGER_PRIVATE_KEY": accounts.PRIVATE_KEY,
    "ATLAS_CLIENT_ID": accounts.CLIENT_ID,
    "ATLAS_CLIENT_SECRET": accounts.CLIENT_SECRET,
    "LTS_PASSWORD": accounts.OTC_PASSWORD,
    "CIELO24_SECRET": accounts.CIELO24_PASSWORD,
}


def at_sandbox(text, url):
    text = text.replace("https://opsmanager.example.net:8443", url)
    return text.replace("region: eu-de", f"endpoint: {url}\nauth_url: {url}/v3")


def test_the_documented_files_make_one_inventory_of_a_folder(sandbox, inventory):
    inventory.path = inventory.folder / "inventory"
    inventory.path.mkdir()
    for number, text in enumerate(FILES):
        (inventory.path / f"{number}.saasops_jobs.yml").write_text(at_sandbox(text, sandbox.url))
    environment = {"MONGODB_ATLAS_BASE_URL": sandbox.url, "CIELO24_BASE_URL": sandbox.url}
    hosts, groups, said = inventory.list(**SECRETS, **environment)
    assert {"payments", "billing", "app", "newsroom-archive"} <= set(hosts) and said == ""
    # There is a project and a log group of this name.
    group = hosts["attic-11111111-cccc-4000-8000-000000000003"]
    assert (hosts["attic"]["project_id"], group["log_group_name"]) == (ATTIC, "attic")
    assert "log_group_name" not in hosts["attic"]
    assert groups["old_logs"] == ["payments"]


def test_a_static_inventory_can_name_the_hosts(sandbox, inventory):
    inventory.write(**log_collection(sandbox.url))
    static = inventory.folder / "a_static.yml"
    static.write_text("critical: {hosts: {payments: {owner: dba}}}")
    inventory.path, file = static, inventory.path
    done = inventory.run("-i", str(file), "--host", "payments")
    shown = json.loads(done.stdout)
    assert (shown["owner"], shown["project_id"]) == ("dba", LOG_PROJECT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_concurrency": "many"},
        {"base_url": "{{ lost }}"},
        {"strict": True, "compose": {"x": "lost"}},
        {"strict": True, "groups": {"x": "lost > 1"}},
        {"strict": True, "keyed_groups": [{"key": "lost"}]},
        {"service": "other"},
        {"private_key_": "x"},
    ],
    ids=lambda wrong: next(reversed(wrong)),
)
def test_errors_show_no_lines_of_the_file(sandbox, inventory, wrong):
    options = {**log_collection(sandbox.url), **wrong}
    key = options.pop("private_key")
    lines = [f"{name}: {json.dumps(value)}\nprivate_key: {key}\n" for name, value in wrong.items()]
    rest = yaml.safe_dump({name: value for name, value in options.items() if name not in wrong})
    more = {name: wrong[name] for name in list(wrong)[:-1]}
    inventory.path.write_text(rest + lines[-1] + (yaml.safe_dump(more) if more else ""))
    said = inventory.error("-vvvv")
    assert key not in said
    assert any(word in said for word in ("lost", "max_concurrency", "other", "private_key_"))


@pytest.mark.parametrize("play", PLAYS, ids=lambda text: text.splitlines()[0])
def test_the_documented_plays_work_on_every_project(sandbox, inventory, play):
    inventory.path.write_text(at_sandbox(FILES[0], sandbox.url))
    sandbox.clock(frozen=False, tick=30)
    done = inventory.ansible.run_playbook(
        yaml.safe_load(at_sandbox(play, sandbox.url)), "-i", str(inventory.path), "--forks", "20", **SECRETS
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"payments +: ok=\d+ +changed=[1-9]", done.stdout)
    assert {request["path"] for request in sandbox.requests() if request["acted"]}
