# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin, through real `ansible-inventory` and `ansible-playbook`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import accounts
import pytest
import yaml
from accounts import LOG_PROJECT, job
from ansible_process import Ansible
from sandbox_process import default_seed

FAILS = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}
PAYMENTS_KEY = {"public_key": "paymentskey", "private_key": "91be70d4-c2a8-4e35-b6f0-7d1c5e8a9b23"}
ATTIC = "66f1c0de0000000000000003"
PLUGIN = "saasops.jobs.projects"


def without(params, *names):
    return {name: value for name, value in params.items() if name not in names}


def log_collection(url, **more):
    connection = without(accounts.log_collection(url), "project_id")
    return {"plugin": PLUGIN, "service": "log_collection", **connection, **more}


class Inventory:
    """An inventory file, and what Ansible makes of it."""

    def __init__(self, folder):
        self.ansible = Ansible(folder)
        self.file = folder / "test.saasops_jobs.yml"

    def write(self, **options):
        # JSON is YAML.
        self.file.write_text(json.dumps(options))
        return self

    def run(self, *arguments, **environment):
        return self.ansible.inventory(self.file, *arguments, **environment)

    def list(self, **environment):
        """What ansible-inventory lists: (variables of hosts, {group: hosts}), and what it says besides."""
        done = self.run("--list", **{**FAILS, **environment})
        assert done.returncode == 0, done.stderr
        data = json.loads(done.stdout)
        variables = data.pop("_meta")["hostvars"]
        return variables, {name: group.get("hosts", []) for name, group in data.items() if name != "all"}, done.stderr

    def error(self, *arguments, **environment):
        """Why there is no inventory."""
        done = self.run("--list", *arguments, **{**FAILS, **environment})
        assert done.returncode != 0
        return done.stdout + done.stderr


@pytest.fixture
def inventory(tmp_path):
    return Inventory(tmp_path)


def paths(sandbox):
    return [f"{request['path']} {request['status']}" for request in sandbox.requests()]


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


def test_there_is_one_request_for_each_project_and_two_for_all(sandbox, inventory):
    inventory.write(**log_collection(sandbox.url)).list()
    lists = [f"/api/public/v1.0/groups/{job(str(n))}/logCollectionJobs 200" for n in (1, 3, 4, 5)]
    expected = ["/api/public/v1.0/groups 401", "/api/public/v1.0/groups 200", "/api/public/v1.0/orgs 200", *lists]
    assert sorted(paths(sandbox)) == sorted(expected)


def test_the_graph_shows_the_groups(sandbox, inventory):
    done = inventory.write(**log_collection(sandbox.url)).run("--graph")
    assert "|--@saasops_has_failure:\n  |  |--payments\n" in done.stdout


def test_counts_can_be_left_out(sandbox, inventory):
    hosts, groups, _said = inventory.write(**log_collection(sandbox.url, counts=False)).list()
    assert "saasops_jobs_count" not in hosts["payments"] and "saasops_jobs_readable" not in hosts["payments"]
    assert "saasops_empty" not in groups and len(sandbox.requests()) == 3


def test_listed_projects_need_no_other_list(sandbox, inventory):
    options = log_collection(sandbox.url, project_ids=[LOG_PROJECT.upper(), ATTIC], host_prefix="om-")
    hosts, groups, _said = inventory.write(**options).list()
    assert sorted(hosts) == [f"om-{LOG_PROJECT}", f"om-{ATTIC}"]
    shown = hosts[f"om-{ATTIC}"]
    assert (shown["project_id"], shown["saasops_jobs_name"], shown["saasops_jobs_organization_id"]) == (
        ATTIC,
        None,
        None,
    )
    assert groups["saasops_has_failure"] == [f"om-{LOG_PROJECT}"]
    assert len(sandbox.requests()) == 3


@pytest.mark.parametrize("organization", ["Retail", "66F1C0DE00000000000F0002"])
def test_organizations_are_chosen_by_name_or_id(sandbox, inventory, organization):
    hosts, _groups, _said = inventory.write(**log_collection(sandbox.url, organizations=[organization])).list()
    assert list(hosts) == ["payments"]
    assert len(sandbox.requests()) == 4


def test_an_organization_that_is_not_there_is_an_error_that_names_those_that_are(sandbox, inventory):
    said = inventory.write(**log_collection(sandbox.url, organizations=["Retial"])).error()
    assert "no organization Retial is visible with these credentials. Visible: Media & Co., Retail, Sandbox." in said


def test_names_select_projects(sandbox, inventory):
    hosts, _groups, _said = inventory.write(**log_collection(sandbox.url, name_pattern="?t*")).list()
    assert sorted(hosts) == ["attic", "studio"]
    assert len(sandbox.requests()) == 5


def test_a_key_that_may_not_list_all_projects_goes_through_its_organizations(sandbox, inventory):
    sandbox.variants(project_list="by_organization")
    hosts, groups, _said = inventory.write(**log_collection(sandbox.url)).list()
    assert sorted(hosts) == ["attic", "ledger", "payments", "studio"]
    assert groups["saasops_organization_Retail"] == ["payments"]


def test_without_the_list_of_organizations_their_names_are_unknown(sandbox, inventory):
    sandbox.variants(organization_list="refused")
    hosts, groups, _said = inventory.write(**log_collection(sandbox.url)).list()
    assert hosts["payments"]["saasops_jobs_organization_name"] is None
    assert groups["saasops_organization_66f1c0de00000000000f0002"] == ["payments"]


def test_without_both_lists_the_error_says_what_to_do(sandbox, inventory):
    sandbox.variants(organization_list="refused", project_list="by_organization")
    assert "Give project_ids, or give it a role" in inventory.write(**log_collection(sandbox.url)).error()


def test_projects_of_atlas_have_the_names_and_states_of_their_clusters(sandbox, inventory):
    connection = without(accounts.service_account(sandbox.url), "project_id", "cluster_name")
    hosts, groups, _said = inventory.write(plugin=PLUGIN, service="atlas", **connection).list()
    billing = hosts["billing"]
    assert billing["project_id"] == accounts.ATLAS_PROJECT
    assert billing["saasops_jobs_names"] == ["blue", "green", "indigo", "violet", "amber"]
    assert billing["saasops_jobs_states"] == {"IDLE": 5}
    assert billing["saasops_jobs_oldest"]["age_days"] == 200
    assert {"saasops_atlas", "saasops_organization_Retail", "saasops_has_idle"} <= set(groups)


def test_log_groups_are_hosts_with_their_streams(sandbox, inventory):
    hosts, groups, _said = inventory.write(plugin=PLUGIN, service="lts", **accounts.lts_user(sandbox.url)).list()
    app = hosts["app"]
    assert (app["project_id"], app["log_group_id"], app["log_group_name"]) == (
        accounts.LTS_PROJECT,
        "11111111-aaaa-4000-8000-000000000001",
        "app",
    )
    assert (app["saasops_jobs_count"], app["saasops_jobs_states"]) == (3, {})
    assert app["saasops_jobs_names"] == ["nginx", "api", "worker"]
    assert (app["saasops_jobs_oldest"]["name"], app["saasops_jobs_oldest"]["age_days"]) == ("nginx", 90)
    assert groups == {
        "saasops_lts": ["app", "attic", "audit"],
        "saasops_project_eu_de": ["app", "attic", "audit"],
        "saasops_empty": ["attic"],
    }


def test_an_account_and_those_below_it_are_hosts(sandbox, inventory):
    hosts, groups, _said = inventory.write(plugin=PLUGIN, service="cielo24", **accounts.cielo24(sandbox.url)).list()
    assert hosts["newsroom-archive"]["sub_account"] == "newsroom-archive"
    assert "sub_account" not in hosts["newsroom"]
    assert hosts["newsroom-archive"]["saasops_jobs_states"] == {"Complete": 1}
    assert hosts["newsroom"]["saasops_jobs_count"] == 6
    assert groups["saasops_account_newsroom"] == ["newsroom", "newsroom-archive"]
    assert groups["saasops_has_media_failure"] == ["newsroom"]
    assert [request["path"] for request in sandbox.requests()] == ["/api/account/login", "/api/job/list"]


def test_a_token_tells_its_account_and_listed_accounts_are_all_there(sandbox, inventory):
    options = {"plugin": PLUGIN, "service": "cielo24", "base_url": sandbox.url, "api_token": accounts.CIELO24_TOKEN}
    hosts, _groups, _said = inventory.write(**options).list()
    assert "sub_account" not in hosts["newsroom"] and "sub_account" in hosts["newsroom-archive"]
    hosts, _groups, _said = inventory.write(**options, sub_accounts=["newsroom-sport", "newsroom-archive"]).list()
    assert {name: found["saasops_jobs_count"] for name, found in hosts.items()} == {
        "newsroom-archive": 1,
        "newsroom-sport": 0,
    }


def test_credentials_come_from_the_environment(sandbox, inventory):
    environment = without(accounts.environment(sandbox.url), "MCLI_PROJECT_ID")
    hosts, _groups, _said = inventory.write(plugin=PLUGIN, service="log_collection").list(**environment)
    assert len(hosts) == 4
    hosts, _groups, _said = inventory.write(plugin=PLUGIN, service="lts").list(**environment)
    assert sorted(hosts) == ["app", "attic", "audit"]
    hosts, _groups, _said = inventory.write(plugin=PLUGIN, service="cielo24").list(**environment)
    assert sorted(hosts) == ["newsroom", "newsroom-archive"]


def test_groups_and_variables_are_made_as_in_other_inventories(sandbox, inventory):
    options = {
        "keyed_groups": [
            {"key": "saasops_jobs_organization_name", "prefix": "org"},
            {"key": "saasops_jobs_states", "prefix": "", "separator": ""},
        ],
        "leading_separator": False,
        "groups": {"old": "(saasops_jobs_oldest.age_days | default(0)) > 30", "broken": "nothing_like_that > 1"},
        "compose": {"failed": "saasops_jobs_states.FAILURE | default(0) | int", "lost": "nothing_like_that"},
        "group_prefix": "",
        "hostname": "id",
        "run_locally": False,
    }
    hosts, groups, _said = inventory.write(**log_collection(sandbox.url, **options)).list()
    assert int(hosts[LOG_PROJECT]["failed"]) == 2 and "lost" not in hosts[LOG_PROJECT]
    assert "ansible_connection" not in hosts[LOG_PROJECT]
    assert groups["org_Retail"] == groups["organization_Retail"] == groups["old"] == [LOG_PROJECT]
    assert groups["FAILURE2"] == [LOG_PROJECT] and "broken" not in groups
    said = inventory.write(**log_collection(sandbox.url, strict=True, **options)).error()
    assert "nothing_like_that" in said


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
    assert inventory.run("--list", "--flush-cache").returncode == 0
    assert sandbox.requests() != []


@pytest.mark.parametrize("content", ['{"format": 0}', '{"format": 1, "request": {}}'])
def test_a_cache_with_something_else_is_read_anew(sandbox, inventory, tmp_path, content):
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    inventory.write(**log_collection(sandbox.url, **cache)).list()
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_text(content)
    hosts, _groups, _said = inventory.list()
    assert len(hosts) == 4


def many_projects(count):
    seed = default_seed()
    seed["mongodb"]["projects"] = [
        {
            "id": f"66f1c0de{number:016x}",
            "name": f"project-{number:03}",
            "family": "ops_manager",
            "organization": f"66f1c0de00000000000f000{1 + number % 3}",
            "log_collection_jobs": [{"id": f"66f1c0df{number:016x}", "status": "FAILURE", "age": f"{1 + number}h"}],
        }
        for number in range(1, count + 1)
    ]
    return seed


def test_two_hundred_projects_cost_two_hundred_and_two_requests_over_eight_connections(sandbox, inventory):
    sandbox.reset(many_projects(200))
    hosts, groups, said = inventory.write(**log_collection(sandbox.url)).list()
    assert len(hosts) == len(groups["saasops_has_failure"]) == 200 and said == ""
    requests = [request for request in sandbox.requests() if request["status"] == 200]
    assert len(requests) == 202
    assert set(Counter(request["path"] for request in requests).values()) == {1}
    assert 2 <= len({request["connection"] for request in sandbox.requests()}) <= 8


def test_a_play_for_all_hosts_fans_out_over_forks(sandbox, inventory):
    sandbox.reset(many_projects(200))
    inventory.write(**log_collection(sandbox.url))
    retry = {
        "name": "Retry what failed",
        "saasops.jobs.log_collection_job": {
            **accounts.log_collection(sandbox.url),
            "project_id": "{{ project_id }}",
            "state": "retried",
            "job_ids": ["{{ saasops_jobs_oldest.id }}"],
        },
    }
    play = {"hosts": "saasops_has_failure", "gather_facts": False, "tasks": [retry]}
    done = inventory.ansible.run_playbook([play], "-i", str(inventory.file), "--forks", "20")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("changed: [project-") == 200
    assert sandbox.acted() == 200


def test_the_service_paces_the_requests(sandbox, inventory):
    sandbox.reset(many_projects(30))
    sandbox.clock(tick=30)
    sandbox.variants(rate_limits=True, minute_limit=1, rate_seconds=1)
    hosts, _groups, _said = inventory.write(**log_collection(sandbox.url)).list()
    assert len(hosts) == 30


@pytest.mark.parametrize("order", [1, -1])
def test_a_project_that_cannot_be_read_is_warned_of_and_marked(sandbox, inventory, order):
    options = log_collection(sandbox.url, **PAYMENTS_KEY, project_ids=[LOG_PROJECT, ATTIC][::order])
    hosts, groups, said = inventory.write(**options).list()
    assert hosts[LOG_PROJECT]["saasops_jobs_count"] == 6
    assert hosts[ATTIC]["saasops_jobs_readable"] is False and "saasops_jobs_count" not in hosts[ATTIC]
    assert "NOT_IN_GROUP" in hosts[ATTIC]["saasops_jobs_problem"]
    assert groups["saasops_unreadable"] == [ATTIC]
    assert f"{ATTIC} cannot be read" in " ".join(said.split())
    assert "As on_unreadable is fail" in " ".join(inventory.write(**options, on_unreadable="fail").error().split())


def test_many_projects_that_cannot_be_read_are_counted(sandbox, inventory):
    sandbox.reset(many_projects(12))
    sandbox.fault(kind="status", status=403, match={"path": "/logCollectionJobs"}, times=12)
    hosts, groups, said = inventory.write(**log_collection(sandbox.url)).list()
    assert len(groups["saasops_unreadable"]) == len(hosts) == 12
    assert said.count("cannot be read:") == 5 and "7 more cannot be read" in said


def test_a_service_that_fails_for_many_projects_is_not_asked_for_all(sandbox, inventory):
    sandbox.reset(many_projects(60))
    sandbox.fault(kind="status", status=503, match={"path": "/logCollectionJobs"}, times=100)
    said = inventory.write(**log_collection(sandbox.url, retries=0)).error()
    assert "HTTP 503" in said
    assert len(sandbox.requests()) < 30


def test_wrong_credentials_are_tried_once(sandbox, inventory):
    said = inventory.write(**log_collection(sandbox.url, private_key="wrong-canary-key")).error("-vvvv")
    assert "Check the API key or service account" in said and "canary" not in said
    assert [request["status"] for request in sandbox.requests()] == [401, 401]


def test_a_service_that_is_not_there_is_an_error(inventory):
    said = inventory.write(**log_collection("http://127.0.0.1:9", retries=0)).error()
    assert "127.0.0.1" in said and "bug" not in said


def test_credentials_can_be_templates_and_vaulted(sandbox, inventory, tmp_path):
    (tmp_path / "password").write_text("vault-password")
    sealed = inventory.ansible._run(
        "ansible-vault", "encrypt_string", "--vault-password-file", str(tmp_path / "password"), accounts.PRIVATE_KEY
    )
    options = log_collection(sandbox.url, base_url="{{ where }}", public_key="{{ 'sandbox' ~ 'key' }}")
    del options["private_key"]
    inventory.file.write_text(f"{yaml.safe_dump(options)}private_key: {sealed.stdout}\n")
    where = ("-e", json.dumps({"where": sandbox.url}))
    done = inventory.run("--list", "--vault-password-file", str(tmp_path / "password"), *where, "-vvvv", **FAILS)
    assert "payments" in done.stdout, done.stderr
    assert accounts.PRIVATE_KEY not in done.stdout + done.stderr
    options["private_key"] = "{{ lookup('ansible.builtin.env', 'SECRET') }}"
    inventory.write(**options)
    done = inventory.run("--list", *where, "-vvvv", SECRET=accounts.PRIVATE_KEY, **FAILS)
    assert "payments" in done.stdout, done.stderr
    assert accounts.PRIVATE_KEY not in done.stdout + done.stderr
    said = inventory.error()
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
    shown = inventory.ansible._home / "shown"
    show = {
        "ansible.builtin.copy": {
            "dest": f"{shown}-{{{{ project_id }}}}",
            "content": "{{ [saasops_jobs_name, copy, saasops_jobs_organization_name] | to_json }}",
            "mode": "0600",
        }
    }
    plays = [{"hosts": "all", "gather_facts": False, "tasks": [show]}]
    done = inventory.ansible.run_playbook(plays, "-i", str(inventory.file))
    assert done.returncode == 0, done.stdout + done.stderr
    seen = [json.loads(file.read_text()) for file in sorted(shown.parent.glob("shown-*"))]
    assert [each[:2] for each in seen] == [[name, name] for name in names]
    # AWX keeps what ansible-inventory lists, and hands it to Ansible again.
    listed = inventory.run("--list", "--export").stdout
    program = inventory.ansible._home / "listed.sh"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{listed}\nEND\n")
    program.chmod(0o700)
    for file in shown.parent.glob("shown-*"):
        file.unlink()
    done = inventory.ansible.run_playbook(plays, "-i", str(program))
    assert done.returncode == 0, done.stdout + done.stderr
    seen = [json.loads(file.read_text()) for file in sorted(shown.parent.glob("shown-*"))]
    assert [each[:2] for each in seen] == [[name, name] for name in names]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"organisations": ["Retail"]}, "has no option organisations. Did you mean organizations?"),
        ({"project_id": LOG_PROJECT}, "service=log_collection has no option project_id. Use project_ids."),
        ({"sub_accounts": ["x"]}, "service=log_collection has no option sub_accounts."),
        ({"project_ids": []}, "project_ids is an empty list, which never stands for everything."),
        ({"project_ids": None}, "project_ids is null, which never stands for everything."),
        ({"name_pattern": ""}, "name_pattern is an empty text, which never stands for everything."),
        ({"organizations": ["A"], "project_ids": [ATTIC]}, "Give project_ids or organizations, not both."),
        ({"project_ids": ["x"]}, "project_ids"),
        ({"max_concurrency": 0}, "max_concurrency must be from 1 to 64."),
        ({"client_id": "a", "client_secret": "b-canary-secret"}, "Give exactly one of"),
    ],
)
def test_options_that_cannot_be_right_are_refused(sandbox, inventory, options, message):
    said = inventory.write(**log_collection(sandbox.url, **options)).error()
    assert message in " ".join(said.split()) and "canary" not in said
    assert sandbox.requests() == []


def test_only_files_with_its_suffix_are_read(sandbox, inventory):
    inventory.file = inventory.file.with_name("inventory.yml")
    assert "payments" not in inventory.write(**log_collection(sandbox.url)).run("--graph").stdout
    assert sandbox.requests() == []


EXAMPLES = list(
    yaml.safe_load_all(
        (Path(__file__).resolve().parents[2] / "plugins" / "inventory" / "projects.py")
        .read_text("utf-8")
        .partition('EXAMPLES = r"""')[2]
        .partition('"""')[0]
    )
)


@pytest.mark.parametrize("options", EXAMPLES, ids=lambda options: "-".join(list(options)[1:4]))
def test_every_example_makes_an_inventory(sandbox, inventory, tmp_path, options):
    assert set(options) <= set(EXAMPLES[0]) | {name for example in EXAMPLES for name in example}
    if "region" in options:
        options = {**without(options, "region"), "endpoint": sandbox.url, "auth_url": f"{sandbox.url}/v3"}
    else:
        options = {**options, "base_url": sandbox.url}
    if "cache_connection" in options:
        options["cache_connection"] = str(tmp_path / "cache")
    secrets = {
        "MCLI_PUBLIC_API_KEY": "sandboxkey",
        "MCLI_PRIVATE_API_KEY": accounts.PRIVATE_KEY,
        "OPS_MANAGER_PUBLIC_KEY": "sandboxkey",
        "OPS_MANAGER_PRIVATE_KEY": accounts.PRIVATE_KEY,
        "ATLAS_SECRET": accounts.CLIENT_SECRET,
        "LTS_PASSWORD": accounts.OTC_PASSWORD,
        "CIELO24_KEY": accounts.CIELO24_KEY,
    }
    # Elsewhere than the environment says.
    secrets["MCLI_OPS_MANAGER_URL"] = sandbox.url
    hosts, _groups, said = inventory.write(**options).list(**secrets)
    assert hosts and said == ""
