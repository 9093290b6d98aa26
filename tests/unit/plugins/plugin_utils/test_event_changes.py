# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has become of jobs between two looks."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_changes import Listing, Rules, Sighting, compare

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
TWO_HOURS = Rules(expires_within=timedelta(hours=2))
KINDS = {"RUNNING": "in_progress", "DONE": "ready", "BROKEN": "failed", "MARKED": "expiring", "OVER": "expired"}


def seen(status, job_id="a", run=None, expires_in=None):
    """A job with a status, whose end is so many hours after noon."""
    expires = None if expires_in is None else NOON + timedelta(hours=expires_in)
    return Sighting(job_id, status, KINDS.get(status, "other"), run, expires, {"id": job_id, "status": status})


class History:
    """Looks at jobs, one after the other."""

    def __init__(self, rules=None, known=None):
        self.rules = rules or Rules()
        self.known = known

    def look(self, *sightings, gone=(), at=NOON):
        """(job, kind, status before, status now) of each change."""
        compared = compare(self.known, Listing(sightings, gone, at), self.rules)
        assert compared == compare(self.known, Listing(sightings, gone, at), self.rules)
        self.known, self.changes = compared.known, compared.changes
        return [(change.job_id, change.kind, change.before, change.after) for change in compared.changes]


@pytest.fixture
def history():
    """One whose first look found no job."""
    return History(known={})


def test_states_at_the_first_look_are_noted_and_not_told():
    history = History(TWO_HOURS)
    assert history.look(seen("BROKEN", expires_in=1), seen("DONE", "b")) == []
    assert history.look(seen("BROKEN", expires_in=1), seen("DONE", "b")) == []
    assert history.look(seen("DONE", expires_in=1), seen("DONE", "b")) == [("a", "ready", "BROKEN", "DONE")]


def test_states_at_the_first_look_are_told_once_if_wanted_and_created_is_none_of_them():
    history = History(Rules(emit_existing=True, expires_within=timedelta(hours=2)))
    assert history.look(seen("BROKEN", expires_in=1)) == [
        ("a", "failed", None, "BROKEN"),
        ("a", "expiring", "BROKEN", "BROKEN"),
    ]
    assert history.look(seen("BROKEN", expires_in=1)) == []


def test_a_new_job_is_created_and_then_what_it_is(history):
    assert history.look(seen("DONE")) == [("a", "created", None, "DONE"), ("a", "ready", None, "DONE")]
    assert history.look(seen("DONE")) == []


def test_each_change_of_the_status_is_told_once(history):
    history.look(seen("RUNNING"))
    assert history.look(seen("BROKEN")) == [("a", "failed", "RUNNING", "BROKEN")]
    assert history.look(seen("BROKEN")) == []
    assert history.look(seen("RUNNING")) == [("a", "in_progress", "BROKEN", "RUNNING")]
    assert history.look(seen("DONE")) == [("a", "ready", "RUNNING", "DONE")]
    assert history.look(seen("OVER")) == [("a", "expired", "DONE", "OVER")]


def test_changes_come_in_the_order_of_the_list_with_those_that_are_gone_last(history):
    history.look(seen("RUNNING", "a"), seen("RUNNING", "b"), seen("RUNNING", "c"))
    told = history.look(seen("DONE", "c"), seen("BROKEN", "b"), gone=["a"])
    assert [(job, kind) for job, kind, _before, _after in told] == [("c", "ready"), ("b", "failed"), ("a", "deleted")]


def test_a_job_that_is_gone_is_told_once_with_its_last_fields(history):
    history.look(seen("DONE"))
    assert history.look(gone=["a"]) == [("a", "deleted", "DONE", None)]
    assert history.changes[0].job == {"id": "a", "status": "DONE"}
    assert history.look() == []


def test_a_job_that_is_neither_listed_nor_gone_is_forgotten_in_silence(history):
    history.look(seen("DONE"))
    assert history.look() == []
    assert history.known == {}


def test_jobs_that_nobody_knew_are_not_told_to_be_gone(history):
    assert history.look(gone=["z"]) == []


def test_an_undocumented_status_keeps_the_word_of_the_service(history):
    history.look(seen("DONE"))
    assert history.look(seen("Archived by magic")) == [("a", "other", "DONE", "Archived by magic")]
    assert history.look(seen(None)) == [("a", "other", "Archived by magic", None)]
    assert history.look(seen(None)) == []


def test_failures_are_counted_beyond_successes_and_restarts(history):
    for status, failures in (("BROKEN", 1), ("RUNNING", 1), ("BROKEN", 2), ("DONE", 2), ("BROKEN", 3)):
        history.look(seen(status))
        assert history.changes[-1].failures == failures
        history = History(known=history.known)


def test_a_failure_that_was_there_at_the_first_look_counts():
    history = History()
    history.look(seen("BROKEN"))
    history.look(seen("RUNNING"))
    history.look(seen("BROKEN"))
    assert [change.failures for change in history.changes] == [2]


def test_a_job_that_fails_again_before_anybody_sees_it_run_has_failed_once_more(history):
    history.look(seen("BROKEN", run="first"))
    assert history.look(seen("BROKEN", run="first")) == []
    assert history.look(seen("BROKEN", run="second")) == [("a", "failed", "BROKEN", "BROKEN")]
    assert history.changes[0].failures == 2
    assert history.look(seen("BROKEN", run=None)) == []
    assert history.look(seen("BROKEN", run="third")) == []


@pytest.mark.parametrize("status", ["RUNNING", "DONE", "BROKEN"])
def test_a_job_is_about_to_expire_once(status):
    history = History(TWO_HOURS, known={})
    history.look(seen(status, expires_in=10))
    assert history.look(seen(status, expires_in=10), at=NOON + timedelta(hours=7.9)) == []
    assert history.look(seen(status, expires_in=10), at=NOON + timedelta(hours=8)) == [
        ("a", "expiring", status, status)
    ]
    for hours in (8, 9, 11):
        assert history.look(seen(status, expires_in=10), at=NOON + timedelta(hours=hours)) == []


def test_a_job_whose_end_was_put_off_is_about_to_expire_once_more():
    history = History(TWO_HOURS, known={})
    history.look(seen("DONE", expires_in=1))
    # Two dates that differ by less than that are the same to us.
    assert history.look(seen("DONE", expires_in=1.5)) == []
    assert history.look(seen("DONE", expires_in=9)) == []
    assert history.look(seen("DONE", expires_in=9), at=NOON + timedelta(hours=8)) == [("a", "expiring", "DONE", "DONE")]


def test_what_has_expired_is_not_about_to():
    history = History(TWO_HOURS, known={})
    history.look(seen("OVER", expires_in=1))
    assert [change.kind for change in history.changes] == ["created", "expired"]


def test_a_status_that_says_so_is_not_told_a_second_time_by_the_date_or_after_it():
    history = History(TWO_HOURS, known={})
    history.look(seen("DONE", expires_in=10))
    assert history.look(seen("MARKED", expires_in=1)) == [("a", "expiring", "DONE", "MARKED")]
    assert history.look(seen("MARKED", expires_in=1)) == []
    history = History(TWO_HOURS, known={})
    history.look(seen("DONE", expires_in=1))
    assert history.changes[-1].kind == "expiring"
    assert history.look(seen("MARKED", expires_in=1)) == []


def test_a_clock_that_goes_back_tells_nothing_twice():
    history = History(TWO_HOURS, known={})
    history.look(seen("DONE", expires_in=1))
    assert history.look(seen("DONE", expires_in=1), at=NOON - timedelta(minutes=30)) == []


def test_the_same_change_has_the_same_number_whether_it_was_noted_or_not(history):
    history.look(seen("RUNNING"))
    before = history.known
    history.look(seen("BROKEN"))
    lost = history.changes
    again = History(known=before)
    again.look(seen("BROKEN"))
    assert again.changes == lost
    again.look(seen("RUNNING"))
    again.look(seen("BROKEN"))
    assert again.changes[0].number > lost[0].number
