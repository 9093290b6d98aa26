# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.api import STATUSES
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.progress import check_finished
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.retention import Retention
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.server_log_jobs import api, reconcile

NOW = datetime(2026, 8, 31, 12, tzinfo=timezone.utc)
ENDED = {"id": "j1", "status": "FAILURE", "finishDate": "2026-03-01T08:02:30Z", "creationDate": "2026-03-01T08:00:00Z"}


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "IN_PROGRESS"])
def test_absent_deletes_what_has_ended(status):
    change = reconcile.AbsentServerLogJobReconciler(None).plan("j1", {"status": status}, None)
    assert (change.action, change.before, change.after) == ("delete", {"status": status}, None)


def test_absent_refuses_what_is_still_collecting():
    change = reconcile.AbsentServerLogJobReconciler(None).plan("j1", {"status": "IN_PROGRESS"}, None)
    assert not change.acts
    assert "Server log collection job j1 is still collecting, and cannot be deleted" in change.refusal
    assert not reconcile.AbsentServerLogJobReconciler(None).plan("j1", None, None).refusal


@pytest.mark.parametrize("status, action", [("FAILURE", "retry"), ("SUCCESS", "none"), ("IN_PROGRESS", "none")])
def test_retried_starts_failed_jobs_only(status, action):
    assert reconcile.RetriedServerLogJobReconciler(None).plan("j1", {"status": status}, {}).action == action


def test_a_job_that_has_failed_again_is_told_by_its_own_end():
    reconciler = reconcile.RetriedServerLogJobReconciler(None)
    before = {"j1": api.finished(ENDED)}
    assert reconciler.plan("j1", ENDED, before).action == "retry"
    assert not reconciler.plan("j1", {**ENDED, "finishDate": "2026-03-01T09:00:00Z"}, before).acts


@pytest.mark.parametrize(
    "job, ended",
    [
        ({"finishDate": "2026-03-01T08:02:30Z"}, "08:02"),
        ({"finishDate": None}, None),
        ({}, None),
        ({"childJobs": [{"finishDate": "2026-03-01T08:01:00Z"}, {"finishDate": None}]}, "08:01"),
    ],
)
def test_the_end_of_a_job_is_its_own_or_that_of_its_last_child_job(job, ended):
    found = api.finished(job)
    assert (found and f"{found:%H:%M}") == ended


@pytest.mark.parametrize(
    "given, expires, refusal",
    [
        ({"keep_for": "28d"}, "2026-09-28T08:00:00Z", None),
        ({"expires_at": "2026-09-28T08:00:00Z"}, "2026-09-28T08:00:00Z", None),
        ({"expires_at": "2026-09-28T08:00:01Z"}, None, "logs are kept for 28 days after that at most"),
    ],
)
def test_logs_are_kept_for_28_days_at_most(given, expires, refusal):
    retention = Retention({"expires_at": None, "keep_for": None, **given}, api.FAMILY)
    job = {"status": "SUCCESS", "creationDate": "2026-08-31T08:00:00Z", "expirationDate": "2026-09-07T08:00:00Z"}
    change = retention.plan("j1", job, NOW, may_shorten=False)
    assert (change.after or {}).get("expirationDate") == expires
    assert (refusal or "") in (change.refusal or "")
    assert bool(change.refusal) is bool(refusal)


def test_a_span_of_more_than_28_days_is_refused_at_once():
    with pytest.raises(errors.InvalidInput, match="kept for 28 days at most"):
        Retention({"expires_at": None, "keep_for": "29d"}, api.FAMILY)


def test_a_failure_names_the_servers():
    class Jobs:
        def get(self, job_id, *, verbose=False):
            failed = {"serverId": "om1", "logCollectionType": "APPLICATION", "status": "FAILURE", "errorMessage": "No."}
            return {"id": job_id, "childJobs": [failed, {**failed, "serverId": "om2", "status": "SUCCESS"}]}

    with pytest.raises(errors.JobsError) as caught:
        check_finished(Jobs(), "j1", {"status": "FAILURE"}, api.FAMILY)
    assert str(caught.value) == "Server log collection job j1 failed. om1 APPLICATION: No."


@pytest.mark.parametrize(
    "servers, name",
    [
        (["om1"], "server-logs-om1-20260301T0800Z-j1.tar.gz"),
        (["om1", "om2"], "server-logs-20260301T0800Z-j1.tar.gz"),
        ([], "server-logs-20260301T0800Z-j1.tar.gz"),
        (None, "server-logs-20260301T0800Z-j1.tar.gz"),
    ],
)
def test_the_file_of_a_single_server_is_named_after_it(servers, name):
    reconciler = reconcile.ServerLogDownloadReconciler(None, None, None, None, None)
    (archive,) = reconciler.archives({**ENDED, "servers": servers})
    assert (archive.name, archive.former_name) == (name, None)


def test_only_documented_fields_are_shown():
    job = {**ENDED, "servers": ["om1"], "secret": "x", "childJobs": []}
    assert "secret" not in api.fields_with_children(job)
    assert "childJobs" not in api.fields(job)
    assert set(api.brief(job)) == {"id", "status", "servers", "creationDate"}
    assert api.details(job) == {"status": "FAILURE", "servers": ["om1"], "creationDate": "2026-03-01T08:00:00Z"}
