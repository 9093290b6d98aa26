# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import timestamps
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs import api, reconcile
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.download import (
    LogDownloadReconciler,
)


@pytest.mark.parametrize("status", api.STATUSES)
def test_absent_deletes_in_every_state(status):
    change = reconcile.plan_absent({"status": status})
    assert (change.action, change.before, change.after) == ("delete", {"status": status}, None)


def test_absent_and_gone():
    assert not reconcile.plan_absent(None).acts


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
def test_retried(observed, action, refusal):
    change = reconcile.plan_retried("j1", observed)
    assert change.action == action
    assert (refusal in change.refusal and "j1" in change.refusal) if refusal else change.refusal is None


@pytest.mark.parametrize(
    "state, action, followed, known",
    [
        ("retried", "retry", True, None),
        ("retried", "none", True, {"status": "FAILURE"}),
        ("present", "extend", True, {"status": "FAILURE"}),
        ("absent", "delete", False, {"status": "FAILURE"}),
    ],
)
def test_what_is_followed(state, action, followed, known):
    item = engine.Item("j1", {"status": "FAILURE"}, engine.PlannedChange())
    item.action = action
    reconciler = reconcile.LogJobReconciler(Jobs([]), state)
    assert (reconciler.is_followed(item), reconciler.last_state(item)) == (followed, known)


class Jobs:
    def __init__(self, children):
        self._children = children

    def get(self, job_id, verbose=False):
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
    reconciler = reconcile.LogJobReconciler(Jobs(children), "retried")
    with pytest.raises(errors.JobsError) as caught:
        reconciler.check_finished("j1", {"status": "FAILURE"})
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "observed, words", [({"status": "EXPIRED"}, "is EXPIRED: its logs are deleted"), (None, "deleted by someone")]
)
def test_other_bad_ends(observed, words):
    with pytest.raises(errors.JobsError, match=words):
        reconcile.LogJobReconciler(Jobs([]), "retried").check_finished("j1", observed)


def test_a_retried_job_may_still_show_its_old_failure_once():
    class Retrying(Jobs):
        def retry(self, job_id):
            return True

    reconciler = reconcile.LogJobReconciler(Retrying([]), "retried")
    reconciler.apply(engine.Item("j1", {"status": "FAILURE"}, engine.PlannedChange("retry", after={})))
    assert reconciler.check_finished("j1", {"status": "FAILURE"}) is False
    with pytest.raises(errors.JobsError, match="j1 failed"):
        reconciler.check_finished("j1", {"status": "FAILURE"})


def test_an_extension_that_came_out_otherwise_is_a_change():
    reconciler = reconcile.LogJobReconciler(Jobs([]), "present")
    item = engine.Item("j1", {"expirationDate": "2026-03-31T08:00:00Z"}, engine.PlannedChange("extend", after={}))
    reconciler.record_partial_change(item, {"expirationDate": "2026-03-31T08:00:00Z"})
    assert item.changed is False
    reconciler.record_partial_change(item, {"expirationDate": "2026-04-30T00:00:00Z"})
    assert (item.changed, item.action) == (True, "extend")


def test_dates_in_either_form():
    moment = api.created({"creationDate": "2026-03-01T08:00:00Z"})
    assert api.created({"creationDate": 1772352000000}) == moment
    assert api.created({"creationDate": 10**30}) is None
    assert api.created({"creationDate": None}) is None


@pytest.mark.parametrize("odd", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59Z", ""])
def test_dates_that_stand_for_none(odd):
    """Servers write what is not set as the first moment that they know, or the last."""
    job = {"id": "j1", "status": "SUCCESS", "creationDate": odd, "expirationDate": odd}
    now = timestamps.moment("now", "2026-03-01")
    to_a_date = reconcile.Retention({"expires_at": "2026-04-01", "keep_for": None}, lambda: now)
    assert to_a_date.plan("j1", job).action == "extend"
    for_a_span = reconcile.Retention({"expires_at": None, "keep_for": "60d"}, lambda: now)
    assert "does not say when it was created" in for_a_span.plan("j1", job).refusal


@pytest.mark.parametrize("shown", ["2027-04-20T08:00:00Z", 1808208000000])
def test_expiration_dates_in_either_form(shown):
    """Logs are not kept for less than they are because of how their end is written."""
    job = {"id": "j1", "status": "SUCCESS", "creationDate": "2027-02-01T00:00:00Z", "expirationDate": shown}
    now = timestamps.moment("now", "2027-02-02")
    retention = reconcile.Retention({"expires_at": None, "keep_for": "60d"}, lambda: now)
    assert not retention.plan("j1", job).acts
    same = reconcile.Retention({"expires_at": "2027-04-20T08:00:00Z", "keep_for": None}, lambda: now)
    assert not same.plan("j1", job, may_shorten=True).acts


def test_an_archive_of_a_run_that_goes_on_is_not_that_of_the_run_before():
    children = [{"finishDate": "2026-03-01T08:00:20Z"}]
    failed = {"id": "j1", "status": "FAILURE", "creationDate": "2026-03-01T08:00:00Z", "childJobs": children}
    reconciler = LogDownloadReconciler(None, None, None, None)
    (before,), (after,) = reconciler.archives(failed), reconciler.archives({**failed, "status": "IN_PROGRESS"})
    assert before.modified != after.modified


@pytest.mark.parametrize(
    "observed, words",
    [({"status": "QUEUED"}, "has the status 'QUEUED', which is not known"), ({}, "does not show a status")],
)
def test_what_cannot_be_told_to_end(observed, words):
    with pytest.raises(errors.JobsError, match=words):
        reconcile.LogJobReconciler(Jobs([]), "retried").check_finished("j1", observed)


def test_good_end_and_none_yet():
    reconciler = reconcile.LogJobReconciler(Jobs([]), "retried")
    assert reconciler.check_finished("j1", {"status": "SUCCESS"}) is True
    assert reconciler.check_finished("j1", {"status": "IN_PROGRESS"}) is False


def test_only_documented_fields_are_shown():
    shown = api.fields({"id": "j1", "status": "SUCCESS", "secret": "x"})
    assert shown == {"id": "j1", "status": "SUCCESS"}
