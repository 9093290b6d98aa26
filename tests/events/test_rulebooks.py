# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source and the rulebook of the collection in real `ansible-rulebook` processes."""

from __future__ import annotations

import threading

import accounts
import pytest
from accounts import LOG_PROJECT, job
from rulebooks import Rulebook
from sandbox_process import Sandbox, default_seed

SUCCEEDS, FAILS = job("a1"), job("a2")
LIMIT = 1
LIST = f"GET /api/public/v1.0/groups/{LOG_PROJECT}/logCollectionJobs 200"
RETRY = f"PUT /api/public/v1.0/groups/{LOG_PROJECT}/logCollectionJobs/{FAILS}/retry 200"


@pytest.fixture
def sandbox():
    """One with two jobs that run: in five minutes, one succeeds, and one fails, as it does whenever it is retried."""
    seed = default_seed()
    common = {"status": "IN_PROGRESS", "resource_type": "REPLICASET", "resource_name": "rsBlue"}
    common = {**common, "log_types": ["MONGODB"], "age": "1m", "processes": ["db1.example.net:27017"]}
    error = {"host": "db1.example.net:27017", "type": "MONGODB", "message": "The disk is full."}
    seed["mongodb"]["projects"][0]["log_collection_jobs"] = [
        {"id": SUCCEEDS, **common, "finish": {"takes": "5m", "result": "SUCCESS"}},
        {
            "id": FAILS,
            **common,
            "errors": [error],
            "finish": {"takes": "5m", "result": "FAILURE"},
            "retry": {"takes": "20s", "result": "FAILURE"},
        },
    ]
    with Sandbox() as running:
        running.reset(seed)
        running.clock(frozen=True)
        yield running


def lists_once_more(sandbox, moments=2):
    """Waits until the event source has listed the jobs again, from the beginning to the end."""
    before, pause = sandbox.lines().count(LIST), threading.Event()
    for _attempt in range(600):
        if sandbox.lines().count(LIST) >= before + moments:
            return
        pause.wait(0.1)
    raise AssertionError("the jobs are not listed any more")


def test_failed_jobs_are_retried_so_many_times_and_logs_of_others_fetched(sandbox, tmp_path):
    logs, state_file = tmp_path / "logs", tmp_path / "state.json"
    variables = {"project_ids": [LOG_PROJECT], "retry_limit": LIMIT, "dest": str(logs), "interval": 1}
    variables["state_file"] = str(state_file)
    environment = accounts.environment(sandbox.url)
    with Rulebook("saasops.jobs.log_collection", tmp_path, variables, **environment) as rulebook:
        lists_once_more(sandbox)
        sandbox.clock(advance=300)
        # One play for the download, one for each retry.
        for retries in range(1, LIMIT + 1):
            rulebook.wait_for("PLAY RECAP", times=retries + 1)
            assert sandbox.lines().count(RETRY) == retries
            lists_once_more(sandbox)
            sandbox.clock(advance=20)
        rulebook.wait_for(f"'failures': {LIMIT + 1}")
        lists_once_more(sandbox)
    assert sandbox.lines().count(RETRY) == LIMIT
    (archive,) = logs.iterdir()
    assert archive.stat().st_size > 0
    assert "failed=1" not in rulebook.output and "Traceback" not in rulebook.output
    remembered = state_file.read_text()
    assert all(secret not in rulebook.output + remembered for secret in sandbox.secrets())


def test_credentials_that_are_refused_end_the_rulebook_with_a_sentence(sandbox, tmp_path):
    variables = {"project_ids": [LOG_PROJECT], "retry_limit": LIMIT, "dest": "unused", "interval": 1}
    variables["state_file"] = str(tmp_path / "state.json")
    environment = {**accounts.environment(sandbox.url), "MCLI_PRIVATE_API_KEY": "a-wrong-key-that-stays-secret"}
    with Rulebook("saasops.jobs.log_collection", tmp_path, variables, **environment) as rulebook:
        assert rulebook.wait() != 0
    assert "HTTP 401" in rulebook.output
    assert "a-wrong-key-that-stays-secret" not in rulebook.output
