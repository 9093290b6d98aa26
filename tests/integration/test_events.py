# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the event source tells of jobs, look by look."""

from __future__ import annotations

import accounts
import pytest
from accounts import LOG_PROJECT, caption, job
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import JobsError
from event_sources import SteeredSource
from running import run
from sandbox_process import default_seed

ATTIC = "66f1c0de0000000000000003"


def logs(sandbox, **more):
    return SteeredSource(service="log_collection", **accounts.log_collection(sandbox.url), **more)


def restores(sandbox, **more):
    return SteeredSource(service="atlas", **accounts.atlas(sandbox.url), **more)


def captions(sandbox, **more):
    return SteeredSource(service="cielo24", **accounts.cielo24(sandbox.url), **more)


def log_job(sandbox, state, *ids):
    done = run("log_collection_job", accounts.log_collection(sandbox.url, state=state, job_ids=list(ids)))
    assert done["changed"], done


def told(events):
    """(job, change, from, to) of each event."""
    return [(event["job"]["id"], event["change"], event["from"], event["to"]) for event in events]


def of(events, job_id):
    return [change for each, *change in told(events) if each == job_id]


def test_a_log_collection_job_is_told_of_from_its_beginning_to_its_end(sandbox):
    with logs(sandbox) as source:
        assert source.look() == []
        sandbox.clock(advance=300)
        assert told(source.look()) == [(job("a4"), "ready", "IN_PROGRESS", "SUCCESS")]
        log_job(sandbox, "retried", job("a2"), job("a3"))
        assert [(each[0], each[1]) for each in told(source.look())] == [
            (job("a2"), "in_progress"),
            (job("a3"), "in_progress"),
        ]
        sandbox.clock(advance=20)
        ended = source.look()
        assert told(ended) == [
            (job("a2"), "ready", "IN_PROGRESS", "SUCCESS"),
            (job("a3"), "failed", "IN_PROGRESS", "FAILURE"),
        ]
        assert [event["failures"] for event in ended] == [1, 2]
        new = {"state": "present", "resource_type": "REPLICASET", "resource_name": "rsRed", "log_types": "MONGODB"}
        made = run(
            "log_collection_job",
            accounts.log_collection(sandbox.url, **new, size_requested_per_file_bytes=1000),
        )
        (made,) = made["jobs"]
        assert of(source.look(), made["id"]) == [["created", None, "IN_PROGRESS"], ["in_progress", None, "IN_PROGRESS"]]
        log_job(sandbox, "absent", made["id"], job("a1"))
        assert sorted(told(source.look())) == sorted(
            [(job("a1"), "deleted", "SUCCESS", None), (made["id"], "deleted", "IN_PROGRESS", None)]
        )
        assert source.look() == []
    assert set(source.delays) == {60}


def test_an_event_has_all_that_its_documentation_says_and_the_job_as_the_module_returns_it(sandbox):
    with logs(sandbox, emit_existing=True) as source:
        events = source.look()
    listed = run("log_collection_job_info", accounts.log_collection(sandbox.url))["jobs"]
    assert [event["job"] for event in events] == listed
    now = events[0]["time"]
    assert {name: value for name, value in events[1].items() if name not in ("id", "job")} == {
        "service": "log_collection",
        "project_id": LOG_PROJECT,
        "change": "failed",
        "from": None,
        "to": "FAILURE",
        "time": now,
        "failures": 1,
        "expires": listed[1]["expirationDate"],
    }
    assert len({event["id"] for event in events}) == 6


def test_child_jobs_tell_that_a_job_failed_again_before_anybody_saw_it_run(sandbox):
    with logs(sandbox, verbose=True, resource_name="shGreen") as source:
        assert source.look() == []
        log_job(sandbox, "retried", job("a3"))
        sandbox.clock(advance=20)
        (event,) = source.look()
    assert (event["change"], event["from"], event["to"], event["failures"]) == ("failed", "FAILURE", "FAILURE", 2)
    assert event["job"]["childJobs"]


def test_restores_are_told_of_with_their_ends_and_without_addresses(sandbox):
    with restores(sandbox, expires_within="15m", delivery_type="download") as source:
        assert source.look() == []
        sandbox.clock(advance=240)
        (ready,) = source.look()
        assert told([ready]) == [(job("b1"), "ready", "in_progress", "ready")]
        assert (ready["cluster_name"], ready["project_id"]) == ("blue", accounts.ATLAS_PROJECT)
        assert ready["job"] == run("restore_job_info", accounts.atlas(sandbox.url, job_ids=[job("b1")]))["jobs"][0]
        assert "(hidden)" in str(ready["job"]) and "27017" not in str(ready["job"])
        sandbox.clock(advance=45 * 60)
        assert of(source.look(), job("b1")) == [["expiring", "ready", "ready"]]
        done = run("restore_job", accounts.atlas(sandbox.url, state="absent", job_ids=[job("b1")]))
        assert done["changed"]
        assert of(source.look(), job("b1")) == [["cancelled", "ready", "cancelled"]]
        sandbox.clock(advance=3600)
        assert all(event["change"] == "expired" for event in source.look())


def test_a_download_that_was_fetched_is_not_in_progress_again(sandbox, tmp_path):
    with restores(sandbox) as source:
        source.look()
        fetched = run(
            "restore_job_download", accounts.atlas(sandbox.url, job_ids=[job("b2")], dest=str(tmp_path / "a.tar.gz"))
        )
        assert fetched["changed"], fetched
        assert of(source.look(), job("b2")) == [["fetched", "ready", "fetched"]]


def test_captioning_jobs_are_told_of_with_those_of_other_accounts_if_wanted(sandbox):
    with captions(sandbox, emit_existing=True, sub_account="*") as source:
        existing = source.look()
        assert "newsroom-archive" in {event["job"]["Username"] for event in existing}
        assert {event["sub_account"] for event in existing} == {"*"}
        deleted = run("cielo24_job", accounts.cielo24(sandbox.url, state="absent", job_ids=[caption("a4")]))
        assert deleted["changed"], deleted
        assert [(each[0], each[1]) for each in told(source.look())] == [(caption("a4"), "deleted")]


def test_a_look_costs_one_request_and_signing_in_is_needed_once(sandbox):
    with logs(sandbox) as source:
        source.look()
        sandbox.forget_requests()
        source.look()
    assert [request["status"] for request in sandbox.requests()] == [200]
    with SteeredSource(service="atlas", **accounts.service_account(sandbox.url)) as source:
        sandbox.forget_requests()
        source.look()
        source.look()
    assert [line.split()[1].rpartition("/")[2] for line in sandbox.lines()] == [
        "token",
        "restoreJobs",
        "restoreJobs",
        "revoke",
    ]


def test_each_project_is_looked_at_and_one_that_fails_costs_its_own_events_only(sandbox):
    seed = default_seed()
    for project in seed["mongodb"]["projects"]:
        if project["id"] in (LOG_PROJECT, ATTIC):
            common = {"status": "IN_PROGRESS", "resource_type": "CLUSTER", "resource_name": "c", "age": "1m"}
            finish = {"takes": "5m", "result": "SUCCESS"}
            number = project["id"][-1]
            project["log_collection_jobs"] = [
                {"id": job(f"f{number}"), **common, "log_types": ["MONGODB"], "finish": finish}
            ]
    sandbox.reset(seed)
    sandbox.clock(frozen=True)
    connection = accounts.log_collection(sandbox.url, project_id=[LOG_PROJECT, ATTIC])
    with SteeredSource(service="log_collection", retries=0, **connection) as source:
        assert source.look() == []
        sandbox.clock(advance=300)
        sandbox.fault(kind="status", status=503, match={"path": ATTIC})
        first = source.look()
        assert [(event["project_id"], event["change"]) for event in first] == [(LOG_PROJECT, "ready")]
        second = source.look()
        assert [(event["project_id"], event["change"]) for event in second] == [(ATTIC, "ready")]


def test_credentials_that_are_refused_are_not_tried_for_each_project(sandbox):
    projects = [f"66f1c0de{number:016x}" for number in range(1, 13)]
    options = accounts.log_collection(sandbox.url, project_id=projects, private_key="canary-wrong-key")
    with SteeredSource(service="log_collection", **options) as source, pytest.raises(JobsError, match="HTTP 401"):
        source.look()
    assert [request["status"] for request in sandbox.requests()] == [401, 401]


@pytest.mark.parametrize("given", [{"state_file": "/nowhere/at/all.json"}, {"private_key": "canary-wrong-key"}])
def test_what_somebody_has_to_correct_ends_the_source_before_more_is_sent(sandbox, given):
    options = {**accounts.log_collection(sandbox.url), **given}
    with SteeredSource(service="log_collection", **options) as source:
        with pytest.raises(JobsError, match="could not be written|HTTP 401") as error:
            source.look()
    assert "canary" not in str(error.value)
    assert len(sandbox.requests()) <= 2
