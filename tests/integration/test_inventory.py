# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin in the test's own process, against the sandbox."""

from __future__ import annotations

from pathlib import Path

import accounts
import pytest
import yaml
from accounts import LOG_PROJECT, job
from inventories import PLUGIN, ParsedInventory, log_collection, many_projects, without

PAYMENTS_KEY = {"public_key": "paymentskey", "private_key": "91be70d4-c2a8-4e35-b6f0-7d1c5e8a9b23"}
ATTIC = "66f1c0de0000000000000003"


@pytest.fixture
def inventory(tmp_path, monkeypatch):
    return ParsedInventory(tmp_path, monkeypatch)


def paths(sandbox):
    return [f"{request['path']} {request['status']}" for request in sandbox.requests()]


def test_there_is_one_request_for_each_project_and_two_for_all(sandbox, inventory):
    inventory.write(**log_collection(sandbox.url)).list()
    lists = [f"/api/public/v1.0/groups/{job(str(n))}/logCollectionJobs 200" for n in (1, 3, 4, 5)]
    expected = ["/api/public/v1.0/groups 401", "/api/public/v1.0/groups 200", "/api/public/v1.0/orgs 200", *lists]
    assert sorted(paths(sandbox)) == sorted(expected)


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


def test_such_a_key_may_not_see_all_organizations_either(sandbox, inventory):
    sandbox.variants(project_list="by_organization")
    sandbox.fault(kind="status", status=401, code="USER_UNAUTHORIZED", match={"path": "f0003/groups"})
    hosts, _groups, said = inventory.write(**log_collection(sandbox.url)).list()
    assert sorted(hosts) == ["attic", "ledger", "payments"]
    assert len(said) == 1 and "the projects of organization Media & Co., so they are left out" in said[0]
    sandbox.forget_requests()
    hosts, _groups, said = inventory.write(**log_collection(sandbox.url, organizations=["Retail"])).list()
    assert list(hosts) == ["payments"] and said == []
    assert not any("f0003" in path for path in paths(sandbox))


def test_projects_of_the_other_product_are_left_out_unless_they_are_listed(sandbox, inventory):
    sandbox.variants(project_list="of_all_products")
    hosts, _groups, said = inventory.write(**log_collection(sandbox.url)).list()
    assert sorted(hosts) == ["attic", "ledger", "payments", "studio"] and said == []
    options = log_collection(sandbox.url, project_ids=[LOG_PROJECT, accounts.ATLAS_PROJECT])
    hosts, _groups, said = inventory.write(**options).list()
    assert "ATLAS_GROUP" in hosts[accounts.ATLAS_PROJECT]["saasops_jobs_problem"] and len(said) == 1


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


@pytest.mark.parametrize("content", ['{"format": 0}', '{"format": 1, "request": {}}'])
def test_a_cache_with_something_else_is_read_anew(sandbox, inventory, tmp_path, content):
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    inventory.write(**log_collection(sandbox.url, **cache)).list()
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_text(content)
    hosts, _groups, _said = inventory.list()
    assert len(hosts) == 4


def test_a_refused_rate_is_waited_for_and_no_project_is_lost(sandbox, inventory):
    sandbox.reset(many_projects(30))
    sandbox.fault(kind="status", status=429, retry_after=0.2, match={"path": "/logCollectionJobs"}, times=3)
    hosts, groups, said = inventory.write(**log_collection(sandbox.url)).list()
    assert len(hosts) == 30 and "saasops_unreadable" not in groups
    assert [request["status"] for request in sandbox.requests()].count(429) == 3


@pytest.mark.parametrize("order", [1, -1])
def test_a_project_that_cannot_be_read_is_warned_of_and_marked(sandbox, inventory, order):
    options = log_collection(sandbox.url, **PAYMENTS_KEY, project_ids=[LOG_PROJECT, ATTIC][::order])
    hosts, groups, said = inventory.write(**options).list()
    assert hosts[LOG_PROJECT]["saasops_jobs_count"] == 6
    assert hosts[ATTIC]["saasops_jobs_readable"] is False and "saasops_jobs_count" not in hosts[ATTIC]
    assert "NOT_IN_GROUP" in hosts[ATTIC]["saasops_jobs_problem"]
    assert groups["saasops_unreadable"] == [ATTIC]
    assert len(said) == 1 and said[0].startswith(f"{ATTIC} cannot be read: ")
    assert "As on_unreadable is fail" in inventory.write(**options, on_unreadable="fail").error()


def test_many_projects_that_cannot_be_read_are_counted(sandbox, inventory):
    sandbox.reset(many_projects(12))
    sandbox.fault(kind="status", status=403, match={"path": "/logCollectionJobs"}, times=12)
    hosts, groups, said = inventory.write(**log_collection(sandbox.url)).list()
    assert len(groups["saasops_unreadable"]) == len(hosts) == 12
    assert len(said) == 6 and said[-1] == "7 more cannot be read; see saasops_jobs_problem."


def test_a_service_that_fails_for_many_projects_is_not_asked_for_all(sandbox, inventory):
    sandbox.reset(many_projects(60))
    sandbox.fault(kind="status", status=503, match={"path": "/logCollectionJobs"}, times=100)
    said = inventory.write(**log_collection(sandbox.url, retries=0, max_concurrency=4)).error()
    assert "HTTP 503" in said
    # The list of projects, a challenge, and what had begun.
    assert len(sandbox.requests()) < 15


def test_a_service_that_is_not_there_is_an_error(inventory):
    said = inventory.write(**log_collection("http://127.0.0.1:9", retries=0)).error()
    assert "127.0.0.1" in said and "bug" not in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"organisations": ["Retail"]}, "has no option organisations. Did you mean organizations?"),
        ({"project_id": LOG_PROJECT}, "The service log_collection has no option project_id. Use project_ids."),
        ({"sub_accounts": ["x"]}, "The service log_collection has no option sub_accounts."),
        ({"project_ids": []}, "project_ids is an empty list, which never stands for everything."),
        ({"project_ids": None}, "project_ids is null, which never stands for everything."),
        ({"name_pattern": ""}, "name_pattern is an empty string, which never stands for everything."),
        ({"organizations": ["A"], "project_ids": [ATTIC]}, "Give project_ids or organizations, not both."),
        ({"project_ids": ["x"]}, "project_ids"),
        ({"max_concurrency": 0}, "max_concurrency must be from 1 to 64."),
        ({"client_id": "a", "client_secret": "b-canary-secret"}, "Give exactly one of"),
    ],
)
def test_options_that_cannot_be_right_are_refused(sandbox, inventory, options, message):
    said = inventory.write(**log_collection(sandbox.url, **options)).error()
    assert message in said and "canary" not in said
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
    assert hosts and said == []
