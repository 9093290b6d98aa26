# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service accounts: one token for a task, renewed when it ends, given back when the task does."""

from __future__ import annotations

import accounts
import pytest
from accounts import job
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from running import SteeringClock, run

WRONG = "mdb_sa_sk_wrong"


def asked(sandbox, path):
    return [request["status"] for request in sandbox.requests() if request["path"] == f"/api/oauth/{path}"]


def lines(sandbox):
    return [request["path"].rpartition("/")[2] for request in sandbox.requests()]


def live_tokens(sandbox):
    return sandbox.state()["oauth"]["live_tokens"]


def test_a_task_fetches_one_token_and_gives_it_back(sandbox):
    ids = [job("b1"), job("b2"), job("ff")]
    result = run("restore_job", accounts.service_account(sandbox.url, state="absent", job_ids=ids))
    assert result["summary"] == {"requested": 3, "changed": 2, "unchanged": 1, "failed": 0}
    # Two jobs are cancelled at the same time: which of them gets there first is open.
    first, second, *cancelled, last = lines(sandbox)
    assert (first, second, sorted(cancelled), last) == ("token", "restoreJobs", [job("b1"), job("b2")], "revoke")
    assert live_tokens(sandbox) == 0
    # One is enough to know that the key is right: no challenge comes before.
    assert 401 not in [request["status"] for request in sandbox.requests()]


@pytest.mark.parametrize("check", [True, False])
def test_a_token_is_given_back_also_after_a_failure_and_in_check_mode(sandbox, check):
    arguments = accounts.service_account(sandbox.url, state="absent", job_ids=[job("b7")])
    assert "only manual downloads can be cancelled" in run("restore_job", arguments, check=check)["msg"]
    assert (asked(sandbox, "token"), asked(sandbox, "revoke"), live_tokens(sandbox)) == ([200], [200], 0)


def test_a_token_that_ends_within_the_task_is_renewed(sandbox):
    """Known beforehand by its length of life: nothing is refused."""
    sandbox.variants(token_seconds=200)
    arguments = {"state": "present", "job_ids": [job("b1")], "wait": True, "wait_interval": 60, "api_version": "v1.0"}
    context = TaskContext(clock=SteeringClock(sandbox))
    result = run("restore_job", accounts.service_account(sandbox.url, **arguments), context=context)
    assert result["jobs"][0]["status"] == "ready"
    assert len(asked(sandbox, "token")) > 1
    assert 401 not in [request["status"] for request in sandbox.requests()]


def test_a_token_that_the_service_ends_earlier_is_fetched_again(sandbox):
    # By the clock of the service it is over after two requests; ours hardly moves.
    sandbox.variants(token_seconds=100)
    sandbox.clock(tick=45)
    ids = [job("b1"), job("b2")]
    result = run("restore_job", accounts.service_account(sandbox.url, state="absent", job_ids=ids, max_concurrency=1))
    assert result["summary"]["changed"] == 2
    assert [request["status"] for request in sandbox.requests()].count(401) == 1
    assert asked(sandbox, "token") == [200, 200]


@pytest.mark.parametrize("form", ["api", "oauth"])
@pytest.mark.parametrize("told", [True, False])
def test_the_sign_in_has_a_limit_of_its_own(sandbox, form, told):
    """What it says of its limit holds for nothing else: the task itself is not slowed down."""
    sandbox.variants(token_limit=1, token_limit_form=form, retry_after=told)
    run("restore_job_info", accounts.service_account(sandbox.url))
    sandbox.forget_requests()
    ids = [job("b1"), job("b2"), job("b3"), job("b4")]
    context = TaskContext(clock=SteeringClock(sandbox))
    result = run("restore_job", accounts.service_account(sandbox.url, state="absent", job_ids=ids), context=context)
    assert result["summary"]["changed"] == 2
    assert asked(sandbox, "token")[0] == 429
    assert asked(sandbox, "token").count(200) == 1
    assert context.warnings == [result["warnings"][0]]
    assert result["warnings"][0].startswith("MongoDB limits the rate of requests")
    others = [request["at"] for request in sandbox.requests() if "/oauth/" not in request["path"]]
    assert max(others) - min(others) < 1


@pytest.mark.parametrize(
    "more, variants, words",
    [
        ({"client_secret": WRONG}, {}, "Invalid credentials provided (HTTP 401, invalid_client). Check client_id"),
        ({"client_id": "mdb_sa_id_nobody"}, {}, "Check client_id and client_secret."),
        ({}, {"token_access_list": True}, "add the address to its API access list"),
    ],
)
def test_a_refused_account_is_an_error_with_a_hint_after_one_request(sandbox, more, variants, words):
    sandbox.variants(**variants)
    ids = [job(f"{number:x}") for number in range(1, 20)]
    arguments = accounts.service_account(sandbox.url, state="absent", job_ids=ids, **more)
    result = run("restore_job", arguments)
    assert words in result["msg"]
    assert WRONG not in str(result)
    # Not once for each job: services lock accounts that are tried too often.
    assert len(sandbox.requests()) == 1


def test_an_account_without_a_role_is_not_signed_in_again(sandbox):
    sandbox.variants(access_denied="USER_UNAUTHORIZED")
    result = run("restore_job_info", accounts.service_account(sandbox.url))
    assert "The API key or service account lacks a role in the project." in result["msg"]
    assert lines(sandbox) == ["token", "restoreJobs", "revoke"]


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "truncate", "504"])
def test_a_lost_answer_to_the_sign_in_is_made_up_for(sandbox, fault):
    kinds = {"504": {"kind": "status", "status": 504}}
    sandbox.fault(**kinds.get(fault, {"kind": fault}), at=1)
    assert "failed" not in run("restore_job_info", accounts.service_account(sandbox.url))


@pytest.mark.parametrize("fault", ["reset_before", "stall_before", "504"])
def test_a_token_that_cannot_be_given_back_harms_nobody(sandbox, fault):
    kinds = {"504": {"kind": "status", "status": 504}, "stall_before": {"kind": "stall_before", "seconds": 1}}
    sandbox.fault(**kinds.get(fault, {"kind": fault}), match={"path": "revoke"}, times=None)
    result = run("restore_job_info", accounts.service_account(sandbox.url, timeout=0.3))
    assert "failed" not in result
    assert result["warnings"] == []
    assert len(asked(sandbox, "revoke")) == 1


def test_a_token_is_given_back_also_when_the_task_is_stopped(sandbox):
    class Stopping(SteeringClock):
        def sleep(self, seconds):
            context.cancel_token.request("The task was interrupted.")
            context.cancel_token.check()

    context = TaskContext(clock=Stopping(sandbox))
    arguments = {"state": "present", "job_ids": [job("b1")], "wait": True}
    result = run("restore_job", accounts.service_account(sandbox.url, **arguments), context=context)
    assert "The task was interrupted." in result["msg"]
    assert (asked(sandbox, "revoke"), live_tokens(sandbox)) == ([200], 0)


def test_cloud_manager_accepts_a_service_account(sandbox):
    arguments = accounts.service_account(
        sandbox.url, project_id=accounts.CLOUD_MANAGER_PROJECT, product="cloud_manager"
    )
    arguments.pop("cluster_name")
    assert run("log_collection_job_info", arguments)["total"] == 1


@pytest.mark.parametrize("given", [{"client_id": None}, {"private_key": accounts.PRIVATE_KEY}, {"client_secret": None}])
def test_other_than_one_way_to_sign_in_is_refused_and_nothing_is_sent(sandbox, given):
    result = run("restore_job_info", {**accounts.service_account(sandbox.url), **given})
    assert "Give exactly one of: public_key and private_key; client_id and client_secret." in result["msg"]
    assert sandbox.requests() == []


def test_the_service_account_of_the_task_comes_before_the_key_of_the_environment(sandbox, monkeypatch):
    monkeypatch.setenv("MONGODB_ATLAS_PUBLIC_KEY", "sandboxkey")
    monkeypatch.setenv("MONGODB_ATLAS_PRIVATE_KEY", accounts.PRIVATE_KEY)
    assert "failed" not in run("restore_job_info", accounts.service_account(sandbox.url))
    assert asked(sandbox, "token") == [200]


OPS_MANAGER = {
    "MCLI_PUBLIC_API_KEY": "sandboxkey",
    "MCLI_PRIVATE_API_KEY": accounts.PRIVATE_KEY,
    "MCLI_PROJECT_ID": accounts.LOG_PROJECT,
}
ATLAS_KEY = {
    "MONGODB_ATLAS_PUBLIC_API_KEY": "sandboxkey",
    "MONGODB_ATLAS_PRIVATE_API_KEY": accounts.PRIVATE_KEY,
    "MONGODB_ATLAS_PROJECT_ID": accounts.ATLAS_PROJECT,
}
ATLAS_ACCOUNT = {
    "MONGODB_ATLAS_CLIENT_ID": accounts.CLIENT_ID,
    "MONGODB_ATLAS_CLIENT_SECRET": accounts.CLIENT_SECRET,
    "MONGODB_ATLAS_PROJECT_ID": accounts.ATLAS_PROJECT,
}
# Without a connection: all of it comes from the environment.
ATLAS_TASK = ("restore_job_info", {"cluster_name": "blue"})
LOG_TASK = ("log_collection_job_info", {})


@pytest.fixture
def attach(sandbox, monkeypatch):
    """A function that sets the environment as AWX does for the credentials of a job: what is blank is set, too."""

    def attach(*credentials, **more):
        urls = {"MCLI_OPS_MANAGER_URL": sandbox.url, "MONGODB_ATLAS_BASE_URL": sandbox.url}
        for name in [*urls, *OPS_MANAGER, *ATLAS_KEY, *ATLAS_ACCOUNT]:
            monkeypatch.setenv(name, "")
        merged = {name: value for each in (urls, *credentials, more) for name, value in each.items()}
        for name, value in merged.items():
            monkeypatch.setenv(name, value)

    return attach


def used(sandbox):
    """The kinds of credentials of the requests so far: only Digest begins with a challenge."""
    requests = sandbox.requests()
    bearer = any(entry["path"] == "/api/oauth/token" for entry in requests)
    digest = any(entry["status"] == 401 for entry in requests)
    return {kind for kind, is_used in (("bearer", bearer), ("digest", digest)) if is_used}


@pytest.mark.parametrize(
    "credentials, task, kind",
    [
        ([OPS_MANAGER, ATLAS_ACCOUNT], LOG_TASK, "digest"),
        ([OPS_MANAGER, ATLAS_ACCOUNT], ATLAS_TASK, "bearer"),
        ([OPS_MANAGER, ATLAS_KEY], LOG_TASK, "digest"),
        ([OPS_MANAGER, ATLAS_KEY], ATLAS_TASK, "digest"),
        ([ATLAS_KEY, ATLAS_ACCOUNT], ATLAS_TASK, "bearer"),
        ([OPS_MANAGER, ATLAS_KEY, ATLAS_ACCOUNT], LOG_TASK, "digest"),
        ([OPS_MANAGER, {"MCLI_PROJECT_ID": accounts.ATLAS_PROJECT}], ATLAS_TASK, "digest"),
    ],
)
def test_each_task_finds_its_credentials_in_an_environment_with_several(sandbox, attach, credentials, task, kind):
    attach(*credentials)
    name, arguments = task
    result = run(name, arguments)
    assert "failed" not in result, result
    assert used(sandbox) == {kind}


@pytest.mark.parametrize(
    "own, kind",
    [
        ({"client_id": accounts.CLIENT_ID, "client_secret": accounts.CLIENT_SECRET}, "bearer"),
        ({"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY}, "digest"),
        ({"public_key": "sandboxkey"}, "digest"),
    ],
)
def test_credentials_of_the_task_win_over_all_of_the_environment(sandbox, attach, own, kind):
    attach(OPS_MANAGER, ATLAS_KEY, ATLAS_ACCOUNT)
    name, arguments = ATLAS_TASK
    assert "failed" not in run(name, {**arguments, **own})
    assert used(sandbox) == {kind}


def test_halves_of_two_credentials_are_not_put_together(sandbox, attach):
    attach({"MCLI_PRIVATE_API_KEY": accounts.PRIVATE_KEY, "MONGODB_ATLAS_PUBLIC_API_KEY": "sandboxkey"})
    name, arguments = ATLAS_TASK
    result = run(name, {**arguments, "project_id": accounts.ATLAS_PROJECT})
    assert "Give exactly one of" in result["msg"]
    assert sandbox.requests() == []


def test_a_service_account_is_not_sent_to_the_address_of_an_ops_manager(sandbox, attach):
    attach(ATLAS_ACCOUNT, MCLI_PROJECT_ID=accounts.LOG_PROJECT, MONGODB_ATLAS_BASE_URL="")
    name, arguments = LOG_TASK
    result = run(name, arguments)
    assert "MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET belong to another address" in result["msg"]
    assert sandbox.requests() == []


def test_the_key_of_an_ops_manager_is_not_used_for_atlas(sandbox, attach):
    attach(OPS_MANAGER, MCLI_OPS_MANAGER_URL="https://opsmanager.example.net:8443")
    name, arguments = ATLAS_TASK
    result = run(name, arguments)
    assert "MCLI_PUBLIC_API_KEY and MCLI_PRIVATE_API_KEY belong to another address" in result["msg"]
    assert sandbox.requests() == []


@pytest.mark.parametrize("credentials", [ATLAS_KEY, ATLAS_ACCOUNT])
def test_atlas_modules_never_go_to_the_address_of_an_ops_manager(sandbox, attach, monkeypatch, credentials):
    """Its own address is blank: then it is the usual one, which a proxy keeps us from."""
    attach(OPS_MANAGER, credentials, MONGODB_ATLAS_BASE_URL="")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    name, arguments = ATLAS_TASK
    result = run(name, {**arguments, "retries": 0})
    assert "cloud.mongodb.com did not" in result["msg"]
    assert sandbox.requests() == []
