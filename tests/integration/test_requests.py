# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests things cost, counted on the server's side, and over how many connections."""

from __future__ import annotations

import accounts
import pytest
from accounts import LOG_PROJECT
from running import run

KEY = {"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY}


def bulk(sandbox, count, **variants):
    """Fills the project with so many jobs; returns their ids."""
    jobs = {"count": count, "id_prefix": "66f1c0de00000000001", "status": "SUCCESS", "age": "45d"}
    project = {"id": LOG_PROJECT, "name": "p", "family": "ops_manager", "log_collection_jobs": [jobs]}
    sandbox.reset({"mongodb": {"keys": [KEY], "projects": [project]}})
    sandbox.variants(**variants)
    ids = list(sandbox.state()["log_collection"][LOG_PROJECT]["jobs"])
    assert len(ids) == count
    return ids


def delete(sandbox, ids, **more):
    return run("log_collection_job", accounts.log_collection(sandbox.url, state="absent", job_ids=ids, **more))


def statuses(sandbox):
    return [request["status"] for request in sandbox.requests()]


@pytest.mark.parametrize("width", [1, 8, 64])
def test_n_calls_cost_one_challenge(sandbox, width):
    ids = bulk(sandbox, 150)
    result = delete(sandbox, ids, max_concurrency=width)
    assert [entry["id"] for entry in result["jobs"]] == ids
    assert statuses(sandbox).count(401) == 1
    # a challenge, a page, and the deletions
    assert len(sandbox.requests()) == 1 + 1 + 150
    assert len({request["connection"] for request in sandbox.requests()}) <= width


# Seconds in which a busy machine can send as many requests.
@pytest.mark.parametrize(("width", "latency"), [(1, 0.02), (8, 0.2), (64, 1)])
def test_as_many_requests_as_asked_for_are_under_way_at_once(sandbox, width, latency):
    ids = bulk(sandbox, 192, latency=latency)
    delete(sandbox, ids, max_concurrency=width)
    # A connection that is free is used again, so there are as many as were needed at the same time.
    assert len({request["connection"] for request in sandbox.requests()}) == width


def test_single_reads_share_the_challenge_too(sandbox):
    ids = bulk(sandbox, 1200)
    # Two jobs on the last of three pages: the first page, and then each by itself.
    result = run("log_collection_job_info", accounts.log_collection(sandbox.url, job_ids=ids[-2:]))
    assert len(result["jobs"]) == 2
    assert statuses(sandbox) == [401, 200, 200, 200]


def test_a_clear_answer_is_not_asked_for_again(sandbox):
    bulk(sandbox, 30)
    gone = [f"{number:024x}" for number in range(20)]
    assert delete(sandbox, gone)["changed"] is False
    assert statuses(sandbox) == [401, 200]


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
@pytest.mark.parametrize("stale_flag", [True, False])
def test_nonces_that_wear_out_cost_no_change(sandbox, algorithm, stale_flag):
    ids = bulk(sandbox, 60, nonce_uses=5, stale_flag=stale_flag, digest_algorithm=algorithm)
    result = delete(sandbox, ids)
    assert result["summary"]["changed"] == 60
    assert sandbox.acted() == 60


@pytest.mark.parametrize("width", [8, 64])
@pytest.mark.parametrize("variant", [{"digest_strict_order": True}, {"nonce_uses": 1}], ids=str)
def test_nonces_that_threads_cannot_share_cost_no_change(sandbox, variant, width):
    ids = bulk(sandbox, 300, **variant)
    assert delete(sandbox, ids, max_concurrency=width)["summary"]["changed"] == 300
    assert sandbox.acted() == 300


def test_nonces_that_expire_in_time_cost_no_change(sandbox):
    ids = bulk(sandbox, 20, nonce_seconds=60)
    sandbox.clock(frozen=True, tick=25)
    assert delete(sandbox, ids, max_concurrency=1)["summary"]["changed"] == 20


def test_small_pages_are_read_to_the_end(sandbox):
    bulk(sandbox, 250, max_items_per_page=100)
    result = run("log_collection_job_info", accounts.log_collection(sandbox.url))
    assert (len(result["jobs"]), result["total"]) == (250, 250)
    # The last one shows that no job has slipped between the pages.
    assert statuses(sandbox) == [401, 200, 200, 200, 200]


def test_a_login_is_made_once(sandbox):
    ids = [accounts.caption(suffix) for suffix in ("a1", "a2", "a3", "a4", "a5", "a6")]
    run("cielo24_job", accounts.cielo24(sandbox.url, state="absent", job_ids=ids))
    paths = [request["path"] for request in sandbox.requests()]
    assert paths == ["/api/account/login", "/api/job/list", *["/api/job/delete"] * 6]


def test_an_expired_login_is_renewed_once_for_all_threads(sandbox):
    ids = [accounts.caption(suffix) for suffix in ("a1", "a2", "a3", "a4", "a5", "a6")]
    # Every request takes 40 minutes of the sandbox's time, and a token lives for an hour without use.
    sandbox.clock(tick=2400)
    result = run("cielo24_job", accounts.cielo24(sandbox.url, state="absent", job_ids=ids))
    assert result["summary"]["changed"] == 6
    sandbox.reset()
    sandbox.clock(tick=4000)
    result = run("cielo24_job", accounts.cielo24(sandbox.url, state="absent", job_ids=ids[:1], retries=0))
    assert result["failed"] is True
    assert result["error"]["code"] == "BAD_API_TOKEN"


def test_the_older_path_is_found_once(sandbox):
    sandbox.variants(delete_paths="del")
    ids = [accounts.caption(suffix) for suffix in ("a1", "a2", "a3", "a4")]
    run("cielo24_job", accounts.cielo24(sandbox.url, state="absent", job_ids=ids))
    paths = [request["path"] for request in sandbox.requests()]
    assert paths.count("/api/job/delete") == 1
    assert paths.count("/api/job/del") == 4


def test_transfers_are_deleted_once_for_all_their_streams(sandbox):
    arguments = accounts.lts(
        sandbox.url,
        state="absent",
        log_group_name="audit",
        log_stream_names=["payments-us", "payments-eu"],
        delete_transfers=True,
    )
    run("lts_log_stream", arguments)
    assert [request["method"] for request in sandbox.requests()].count("DELETE") == 3
