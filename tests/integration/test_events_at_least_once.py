# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source loses nothing and makes nothing up, whatever fails."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import stat
import threading

import accounts
import pytest
from accounts import LOG_PROJECT, job
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import JobsError
from event_sources import SteeredSource, plugin_main
from mutating import MutatingServer
from running import run
from sandbox_process import default_seed

LIST = f"/groups/{LOG_PROJECT}/logCollectionJobs$"
PAGES = 3


@pytest.fixture
def state_file(tmp_path):
    return tmp_path / "state.json"


@pytest.fixture
def many_jobs(sandbox):
    """The sandbox with three pages of jobs in the project, of which the first succeeds in five minutes."""
    seed = default_seed()
    common = {"status": "SUCCESS", "resource_type": "CLUSTER", "resource_name": "c", "log_types": ["FTDC"], "age": "2d"}
    jobs = [{"id": job(f"{number:08x}"), **common} for number in range(PAGES * 500 - 100)]
    jobs[0].update(status="IN_PROGRESS", age="1m", finish={"takes": "5m", "result": "SUCCESS"})
    seed["mongodb"]["projects"][0]["log_collection_jobs"] = jobs
    sandbox.reset(seed)
    sandbox.clock(frozen=True)
    return sandbox


def logs(sandbox, feedback=None, **more):
    options = {**accounts.log_collection(sandbox.url), "retries": 0, **more}
    texts = {name: f"{value}" for name, value in options.items()}
    return SteeredSource(service="log_collection", feedback=feedback, **texts)


def told(events):
    return [(event["job"]["id"], event["change"]) for event in events]


def change_everything(sandbox):
    """Has four jobs change: one succeeds, two run again, and one is deleted."""
    sandbox.clock(advance=300)
    for state, jobs in (("retried", ["a2", "a3"]), ("absent", ["a1"])):
        done = run("log_collection_job", accounts.log_collection(sandbox.url, state=state, job_ids=[*map(job, jobs)]))
        assert done["changed"]


CHANGES = [(job("a2"), "in_progress"), (job("a3"), "in_progress"), (job("a4"), "ready"), (job("a1"), "deleted")]


def test_a_restart_tells_what_has_changed_meanwhile_and_nothing_twice(sandbox, state_file):
    with logs(sandbox, state_file=state_file) as source:
        assert source.look() == []
    assert stat.S_IMODE(state_file.stat().st_mode) == 0o600
    change_everything(sandbox)
    with logs(sandbox, state_file=state_file) as source:
        events = source.look()
        assert told(events) == CHANGES
        assert events[-1]["job"]["resourceName"] == "rsBlue"
    with logs(sandbox, state_file=state_file, emit_existing=True) as source:
        assert source.look() == []


@pytest.mark.parametrize("room", range(len(CHANGES)))
def test_a_crash_before_all_is_remembered_tells_it_all_again_with_the_same_ids(sandbox, state_file, room):
    with logs(sandbox, state_file=state_file) as source:
        source.look()
    change_everything(sandbox)
    with logs(sandbox, state_file=state_file) as source:
        before = source.look(room=room)
        assert told(before) == CHANGES[:room]
    with logs(sandbox, state_file=state_file) as source:
        again = source.look()
        assert told(again) == CHANGES
        assert [event["id"] for event in again[:room]] == [event["id"] for event in before]
        assert len({event["id"] for event in again}) == len(CHANGES)
        assert source.look() == []


def test_events_of_another_run_of_a_job_have_other_ids(sandbox, state_file):
    ids = []
    with logs(sandbox, state_file=state_file) as source:
        source.look()
        for _run in range(3):
            run("log_collection_job", accounts.log_collection(sandbox.url, state="retried", job_ids=[job("a3")]))
            ids += [event["id"] for event in source.look()]
            sandbox.clock(advance=20)
            ids += [event["id"] for event in source.look()]
    assert len(ids) == len(set(ids)) == 6


def test_what_ansible_rulebook_did_not_take_is_not_remembered_and_told_again(sandbox, state_file, monkeypatch):
    monkeypatch.setattr("ansible_collections.saasops.jobs.plugins.plugin_utils._event_watch._LONGEST_FEEDBACK", 0.1)
    feedback = asyncio.Queue()
    options = {"state_file": state_file, "emit_existing": True, "resource_name": "db1_27017"}
    with logs(sandbox, feedback=feedback, **options) as source:
        (first,) = source.look()
        assert not state_file.exists()
        # This one is about another event.
        feedback.put_nowait({**first, "id": "another"})
        assert source.look() == [first]
        assert not state_file.exists()
        feedback.put_nowait(first)
        assert source.look() == [first]
        assert state_file.exists()
        assert source.look() == []
    assert min(source.delays[:2]) >= source.delays[2] == 60


def test_an_error_in_the_middle_of_a_list_deletes_nothing_and_comes_up_for_it_later(many_jobs, caplog):
    with logs(many_jobs) as source:
        assert source.look() == []
        many_jobs.clock(advance=300)
        many_jobs.forget_requests()
        many_jobs.fault(kind="status", status=500, at=2)
        assert source.look() == []
        assert sorted(request["status"] for request in many_jobs.requests()).count(500) == 1
        assert told(source.look()) == [(job("00000000"), "ready")]
    assert source.delays[1] > source.delays[0] == source.delays[2] == 60
    assert "HTTP 500" in caplog.text and "The next attempt is in" in caplog.text


@pytest.mark.parametrize("lost", range(1, PAGES + 1))
def test_a_page_that_lost_its_jobs_deletes_none(many_jobs, lost):
    def without_jobs(body):
        return json.dumps({**json.loads(body), "results": []}).encode()

    with MutatingServer(many_jobs.url) as server:
        many_jobs.url, url = server.url, many_jobs.url
        try:
            source = logs(many_jobs, max_concurrency=1)
        finally:
            many_jobs.url = url
        with source:
            assert source.look() == []
            server.start(lost - 1, without_jobs)
            assert source.look() == []
            server.start()
            assert source.look() == []
            gone = run(
                "log_collection_job",
                accounts.log_collection(many_jobs.url, state="absent", job_ids=[job("00000001")]),
            )
            assert gone["changed"]
            assert told(source.look()) == [(job("00000001"), "deleted")]


def test_a_service_that_is_not_there_ends_nothing_and_is_asked_less_and_less(caplog):
    options = accounts.log_collection("http://127.0.0.1:9", retries=0)
    with SteeredSource(service="log_collection", **options) as source:
        for _look in range(12):
            assert source.look() == []
    ceilings = [60 + min(900, 60 * 2**number) for number in range(12)]
    assert all(60 <= delay <= most for delay, most in zip(source.delays, ceilings))
    assert max(source.delays) > 120
    assert caplog.text.count("The next attempt is in") == 12


def test_a_service_that_asks_to_wait_is_not_asked_before(sandbox):
    with logs(sandbox) as source:
        source.look()
        sandbox.fault(kind="status", status=503, retry_after=1000, match={"path": LIST})
        assert source.look() == []
        assert source.look() == []
    assert source.delays[1] >= 1000 and source.delays[0] == source.delays[2] == 60


@pytest.mark.parametrize("kind", ["html_200", "redirect", "truncate", "reset_before"])
def test_what_a_gateway_answers_is_no_list_and_ends_nothing_once_there_was_one(sandbox, kind):
    more = {"location": "http://127.0.0.1:9/login"} if kind == "redirect" else {}
    with logs(sandbox) as source:
        source.look()
        sandbox.clock(advance=300)
        sandbox.fault(kind=kind, match={"path": LIST}, **more)
        assert source.look() == []
        assert told(source.look()) == [(job("a4"), "ready")]


def test_credentials_that_are_refused_meanwhile_end_the_source(sandbox):
    with logs(sandbox) as source:
        source.look()
        sandbox.fault(kind="status", status=401, code="UNAUTHORIZED", match={"path": LIST}, times=9)
        with pytest.raises(JobsError, match="HTTP 401"):
            source.look()


@pytest.mark.parametrize(
    ("service", "options"),
    [
        ("log_collection", accounts.log_collection),
        ("atlas", accounts.service_account),
        ("cielo24", accounts.cielo24),
    ],
)
def test_a_source_signs_in_again_when_a_token_has_ended(sandbox, service, options):
    with SteeredSource(service=service, **options(sandbox.url), retries=0) as source:
        source.look()
        sandbox.clock(advance=7200)
        events = source.look()
    assert events or service == "cielo24"
    assert source.delays == [60, 60]


def test_a_project_that_is_not_there_ends_the_source_with_a_sentence(sandbox):
    with logs(sandbox, project_id="66f1c0de00000000000000ff") as source, pytest.raises(JobsError, match="66f1c0de.*ff"):
        source.look()


def test_a_state_file_that_cannot_be_written_any_more_costs_no_events(sandbox, tmp_path, caplog):
    folder = tmp_path / "folder"
    folder.mkdir()
    with logs(sandbox, state_file=folder / "state.json") as source:
        source.look()
        shutil.rmtree(folder)
        change_everything(sandbox)
        assert told(source.look()) == CHANGES
        assert "could not be written" in caplog.text
        folder.mkdir()
        assert source.look() == []
    # By then, all that was told is remembered.
    with logs(sandbox, state_file=folder / "state.json") as source:
        assert source.look() == []


def test_no_secret_is_anywhere(sandbox, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    shown = []
    sources = {
        "log_collection": (accounts.log_collection(sandbox.url, verbose=True), accounts.PRIVATE_KEY),
        "atlas": (accounts.service_account(sandbox.url, cluster_name=["blue", "amber"]), accounts.CLIENT_SECRET),
        "cielo24": (accounts.cielo24(sandbox.url, sub_account="*"), accounts.CIELO24_PASSWORD),
    }
    for service, (options, secret) in sources.items():
        file = tmp_path / f"{service}.json"
        options = {**options, "state_file": str(file), "emit_existing": True, "retries": 0}
        with SteeredSource(service=service, **options) as source:
            shown += source.look()
            sandbox.fault(kind="status", status=500, code="X", message=f"No {secret}!", match={"method": "GET"})
            source.look()
            sandbox.clear_faults()
        shown.append(file.read_text())
    text = f"{shown} {caplog.text}"
    assert len(shown) > 20 and "No (hidden)!" in text and "/api/job/list?(hidden)" in text
    assert [secret for secret in sandbox.secrets() if secret in text] == []


def test_a_source_ends_at_once_even_while_a_service_says_nothing(sandbox):
    """Otherwise, this would take the hour that the answer takes, or the options allow."""
    sandbox.fault(kind="stall_before", seconds=3600, match={"path": LIST})

    async def run_and_cancel():
        queue = asyncio.Queue()
        options = {"service": "log_collection", **accounts.log_collection(sandbox.url, timeout=3600)}
        task = asyncio.ensure_future(plugin_main()(queue, options))
        while not await asyncio.to_thread(sandbox.requests):
            assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return queue.qsize()

    assert asyncio.run(run_and_cancel()) == 0


def test_a_state_that_is_being_written_is_there_before_the_source_ends(sandbox, state_file, monkeypatch):
    begun, may_end, calls, fsync = threading.Event(), threading.Event(), [], os.fsync

    def slow_fsync(descriptor):
        calls.append(descriptor)
        # The first one tries whether the file can be written at all.
        if len(calls) == 2:
            begun.set()
            may_end.wait()
        fsync(descriptor)

    async def run_and_cancel():
        options = {**accounts.log_collection(sandbox.url), "state_file": str(state_file)}
        task = asyncio.ensure_future(plugin_main()(asyncio.Queue(), {"service": "log_collection", **options}))
        await asyncio.to_thread(begun.wait)
        task.cancel()
        asyncio.get_running_loop().call_soon(may_end.set)
        await asyncio.gather(task, return_exceptions=True)
        assert state_file.exists()

    monkeypatch.setattr(os, "fsync", slow_fsync)
    asyncio.run(run_and_cancel())


def test_main_fills_the_queue_by_itself(sandbox):
    async def first_two_changes():
        queue = asyncio.Queue()
        options = {**accounts.log_collection(sandbox.url), "interval": 1, "emit_existing": True}
        task = asyncio.ensure_future(plugin_main()(queue, {"service": "log_collection", **options}))
        existing = [await queue.get() for _job in range(6)]
        sandbox.clock(advance=300)
        event = await queue.get()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return existing, event

    existing, event = asyncio.run(first_two_changes())
    assert len(existing) == 6 and told([event]) == [(job("a4"), "ready")]
