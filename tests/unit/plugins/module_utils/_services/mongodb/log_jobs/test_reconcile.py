# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import timestamps
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.change import PlannedChange
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.item import Item
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs import api, reconcile
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.download import (
    LogDownloadReconciler,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.progress import check_finished
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.retention import Retention


@pytest.mark.parametrize("status", api.STATUSES)
def test_absent_deletes_in_every_state(status):
    change = reconcile.AbsentLogJobReconciler(None).plan("j1", {"status": status}, None)
    assert (change.action, change.before, change.after) == ("delete", {"status": status}, None)


def test_absent_does_nothing_if_the_job_is_gone():
    assert not reconcile.AbsentLogJobReconciler(None).plan("j1", None, None).acts


@pytest.mark.parametrize(
    "observed, action, refusal",
    [
        ({"status": "FAILURE"}, "retry", None),
        ({"status": "IN_PROGRESS"}, "none", None),
        ({"status": "SUCCESS"}, "none", None),
        ({"status": "EXPIRED"}, "none", "it is EXPIRED"),
        ({"status": "MARKED_FOR_EXPIRY"}, "none", "it is MARKED_FOR_EXPIRY"),
        ({"status": "FAILED"}, "none", "'FAILED'"),
        ({}, "none", "None"),
        (None, "none", "does not exist"),
    ],
)
def test_retried_starts_failed_jobs_only(observed, action, refusal):
    change = reconcile.RetriedLogJobReconciler(None).plan("j1", observed, {})
    assert change.action == action
    assert (refusal in change.refusal and "j1" in change.refusal) if refusal else change.refusal is None


@pytest.mark.parametrize("action, state", [("retry", None), ("none", {"status": "FAILURE"})])
def test_the_state_of_before_a_retry_says_nothing_of_its_end(action, state):
    item = Item("j1", {"status": "FAILURE"}, PlannedChange())
    item.action = action
    assert reconcile.RetriedLogJobReconciler(None).last_state(item) == state


class Jobs:
    def __init__(self, children):
        self._children = children

    def get(self, job_id, *, verbose=False):
        assert verbose
        if isinstance(self._children, Exception):
            raise self._children
        return {"id": job_id, "childJobs": self._children}


# What an error message should not be
ODD = (None, 0, 17, True, "", "  \n", ["Disk full."], {"text": "Disk full."})
CHILDREN = [
    {"hostName": "db1:27017", "logCollectionType": "FTDC", "status": "FAILURE", "errorMessage": "Disk full."},
    {"hostName": "db2:27017", "logCollectionType": "MONGODB", "status": "SUCCESS", "errorMessage": None},
    {"hostName": "db3", "logCollectionType": "MONGODB", "status": "FAILURE", "errorMessage": None},
]


@pytest.mark.parametrize(
    "children, sentence",
    [
        (CHILDREN, "Log collection job j1 failed. db1:27017 FTDC: Disk full. db3 MONGODB: no message."),
        *[
            ([{**CHILDREN[0], "errorMessage": odd}], "Log collection job j1 failed. db1:27017 FTDC: no message.")
            for odd in ODD
        ],
        (
            [{**CHILDREN[0], "errorMessage": " Disk\n full. "}],
            "Log collection job j1 failed. db1:27017 FTDC: Disk full.",
        ),
        ([{"status": "FAILURE"}], "Log collection job j1 failed. unknown host: no message."),
        (None, "Log collection job j1 failed."),
        (errors.JobsError("down"), "Log collection job j1 failed."),
    ],
)
def test_a_failure_names_the_hosts(children, sentence):
    with pytest.raises(errors.JobsError) as caught:
        check_finished(Jobs(children), "j1", {"status": "FAILURE"})
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "observed, words",
    [
        ({"status": "EXPIRED"}, "is EXPIRED: its logs are deleted"),
        (None, "deleted by someone"),
        ({"status": "QUEUED"}, "has the status 'QUEUED', which is not known"),
        ({}, "does not show a status"),
    ],
)
def test_a_job_that_ends_otherwise_or_without_a_known_status_is_an_error(observed, words):
    with pytest.raises(errors.JobsError, match=words):
        check_finished(Jobs([]), "j1", observed)


def test_a_retried_job_may_still_show_its_old_failure_once():
    class Retrying(Jobs):
        def retry(self, job_id):
            return True

    reconciler = reconcile.RetriedLogJobReconciler(Retrying([]))
    reconciler.apply(Item("j1", {"status": "FAILURE"}, PlannedChange("retry", after={})))
    assert reconciler.check_finished("j1", {"status": "FAILURE"}) is False
    with pytest.raises(errors.JobsError, match="j1 failed"):
        reconciler.check_finished("j1", {"status": "FAILURE"})


def test_an_extension_that_came_out_otherwise_is_a_change():
    reconciler = reconcile.ExistingLogJobReconciler(Jobs([]), None, None)
    item = Item("j1", {"expirationDate": "2026-03-31T08:00:00Z"}, PlannedChange("extend", after={}))
    reconciler.record_partial_change(item, {"expirationDate": "2026-03-31T08:00:00Z"})
    assert item.changed is False
    reconciler.record_partial_change(item, {"expirationDate": "2026-04-30T00:00:00Z"})
    assert (item.changed, item.action) == (True, "extend")


def test_dates_are_read_in_either_form():
    moment = api.created({"creationDate": "2026-03-01T08:00:00Z"})
    assert api.created({"creationDate": 1772352000000}) == moment
    assert api.created({"creationDate": 10**30}) is None
    assert api.created({"creationDate": None}) is None


@pytest.mark.parametrize("odd", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59Z", ""])
def test_dates_that_stand_for_none_are_read_as_none(odd):
    """Servers write what is not set as the first moment that they know, or the last."""
    job = {"id": "j1", "status": "SUCCESS", "creationDate": odd, "expirationDate": odd}
    now = timestamps.moment("now", "2026-03-01")
    to_a_date = Retention({"expires_at": "2026-04-01", "keep_for": None})
    assert to_a_date.plan("j1", job, now, may_shorten=False).action == "extend"
    for_a_span = Retention({"expires_at": None, "keep_for": "60d"})
    assert "does not say when it was created" in for_a_span.plan("j1", job, now, may_shorten=False).refusal


@pytest.mark.parametrize("shown", ["2027-04-20T08:00:00Z", 1808208000000])
def test_expiration_dates_are_compared_in_either_form(shown):
    """Logs are not kept for less than they are because of how their end is written."""
    job = {"id": "j1", "status": "SUCCESS", "creationDate": "2027-02-01T00:00:00Z", "expirationDate": shown}
    now = timestamps.moment("now", "2027-02-02")
    retention = Retention({"expires_at": None, "keep_for": "60d"})
    assert not retention.plan("j1", job, now, may_shorten=False).acts
    same = Retention({"expires_at": "2027-04-20T08:00:00Z", "keep_for": None})
    assert not same.plan("j1", job, now, may_shorten=True).acts


def test_an_archive_of_a_run_that_goes_on_is_not_that_of_the_run_before():
    children = [{"finishDate": "2026-03-01T08:00:20Z"}]
    failed = {"id": "j1", "status": "FAILURE", "creationDate": "2026-03-01T08:00:00Z", "childJobs": children}
    reconciler = LogDownloadReconciler(None, None, None, None, None)
    (before,), (after,) = reconciler.archives(failed), reconciler.archives({**failed, "status": "IN_PROGRESS"})
    assert before.modified != after.modified


def test_a_job_has_finished_once_it_succeeds():
    assert check_finished(Jobs([]), "j1", {"status": "SUCCESS"}) is True
    assert check_finished(Jobs([]), "j1", {"status": "IN_PROGRESS"}) is False


def test_only_documented_fields_are_shown():
    shown = api.fields({"id": "j1", "status": "SUCCESS", "secret": "x"})
    assert shown == {"id": "j1", "status": "SUCCESS"}


@pytest.mark.parametrize("date", ["2026-03-01T08:00:00Z", "2026-03-01T08:00:00", 1_772_352_000_000])
def test_details_show_dates_in_one_form_whatever_the_service_sends(date):
    assert api.details({"status": "SUCCESS", "creationDate": date, "downloadUrl": "https://x/"}) == {
        "status": "SUCCESS",
        "creationDate": "2026-03-01T08:00:00Z",
    }
