# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.http import retry
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Effect, Outcome, Verdict

# Written out a second time on purpose: what is sent again is a promise, not a detail.
READ_IS_SENT_AGAIN = {
    Outcome.NOT_CONNECTED,
    Outcome.RESET_BEFORE_SENDING,
    Outcome.RESET_AFTER_SENDING,
    Outcome.READ_TIMEOUT,
    Outcome.TRUNCATED,
    Outcome.SERVICE_TRANSIENT,
    Outcome.HTTP_408,
    Outcome.HTTP_429,
    Outcome.HTTP_500,
    Outcome.HTTP_502,
    Outcome.HTTP_503,
    Outcome.HTTP_504,
    Outcome.GATEWAY_ERROR,
}
CHANGE_IS_SENT_AGAIN = {
    Outcome.NOT_CONNECTED,
    Outcome.RESET_BEFORE_SENDING,
    Outcome.SERVICE_TRANSIENT,
    Outcome.HTTP_429,
}
NEVER = {Outcome.UNTRUSTED, Outcome.FINAL}


@pytest.mark.parametrize("outcome", Outcome)
def test_read_is_sent_again_unless_that_cannot_help(outcome):
    expected = Verdict.RETRY if outcome in READ_IS_SENT_AGAIN else Verdict.FAIL
    assert retry.POLICY[Effect.READ, outcome] is expected


@pytest.mark.parametrize("outcome", Outcome)
def test_change_is_sent_again_only_if_nothing_was_done(outcome):
    if outcome in CHANGE_IS_SENT_AGAIN:
        expected = Verdict.RETRY
    elif outcome in NEVER:
        expected = Verdict.FAIL
    else:
        expected = Verdict.OBSERVE
    assert retry.POLICY[Effect.CHANGE, outcome] is expected


@pytest.mark.parametrize(
    "status, outcome",
    [
        (400, Outcome.FINAL),
        (404, Outcome.FINAL),
        (405, Outcome.FINAL),
        (408, Outcome.HTTP_408),
        (418, Outcome.FINAL),
        (429, Outcome.HTTP_429),
        (500, Outcome.HTTP_500),
        (499, Outcome.GATEWAY_ERROR),
        (501, Outcome.FINAL),
        (503, Outcome.HTTP_503),
        (505, Outcome.FINAL),
        (507, Outcome.GATEWAY_ERROR),
        (511, Outcome.FINAL),
        (520, Outcome.GATEWAY_ERROR),
        (524, Outcome.GATEWAY_ERROR),
    ],
)
def test_status_leads_to_its_outcome(status, outcome):
    assert retry.outcome_of_status(status) is outcome


def test_delay_grows_with_full_jitter():
    drawn = []
    backoff = retry.Backoff(9, base=0.5, longest=30, draw=lambda low, high: drawn.append((low, high)) or high)
    assert [backoff.delay(attempt) for attempt in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert all(low == 0 for low, _high in drawn)


def test_delays_after_429_outlast_a_quota_that_is_counted_by_the_minute():
    # Even the shortest waits together outlast a minute.
    unlucky = retry.Backoff(4, base=0.5, draw=lambda low, high: low)
    assert sum(unlucky.delay(attempt, is_throttled=True) for attempt in range(unlucky.throttled_retries)) > 60
    backoff = retry.Backoff(4, base=0.5, draw=lambda low, high: high)
    assert [backoff.delay(attempt, is_throttled=True) for attempt in range(6)] == [1, 2, 4, 8, 16, 30]
    assert backoff.delay(0, asked=7, is_throttled=True) == 7.1


def test_delays_after_429_outlast_a_minute_if_the_service_asks_for_too_short_ones_each_time():
    unlucky = retry.Backoff(4, base=0.5, draw=lambda low, high: low)
    waits = [unlucky.delay(attempt, asked=1, is_throttled=True) for attempt in range(unlucky.throttled_retries)]
    assert waits[0] == 1
    assert sum(waits) > 60
    # What it asks for is kept to all the same.
    assert unlucky.delay(7, asked=45, is_throttled=True) == 45


@pytest.mark.parametrize(
    "wait, time, expected",
    [
        # To the full minute, to :45, to :10, to the full second.
        (18.0, 1_000_000_080 - 15.0, 15.0),
        (20.0, 1_000_000_080 - 35.0, 20.0),
        (6.0, 1_000_000_080 + 5.0, 5.0),
        (0.6, 1_000_000_080 + 5.5, 0.5),
        # No round moment is near.
        (0.3, 1_000_000_080 + 5.5, 0.3),
    ],
)
def test_wait_until_a_round_moment_ends_at_the_roundest_nearby(wait, time, expected):
    assert retry.until_round_moment(wait, time) == pytest.approx(expected)


def test_delay_is_what_the_service_asks_for_and_a_little_more_within_limits():
    backoff = retry.Backoff(9, longest_asked=60, draw=lambda low, high: high)
    assert backoff.delay(0, asked=7) == 7.5
    assert backoff.delay(0, asked=0) == 0.5
    assert backoff.delay(0, asked=86400) == 60.5
    assert backoff.delay(5000) == 30


@pytest.mark.parametrize(
    "value, seconds",
    [
        (None, None),
        ("", None),
        ("7", 7),
        (" 0 ", 0),
        ("soon", None),
        ("-3", None),
        ("\u0667", None),
        ("Sun, 22 Nov 2026 10:00:30 GMT", 30),
        ("Sun, 22 Nov 2026 09:00:00 GMT", 0),
        ("Wed, 21 Oct 99999999999 07:28:00 GMT", None),
    ],
)
def test_retry_after_is_measured_by_the_service_s_clock(value, seconds):
    headers = {"Retry-After": value, "Date": "Sun, 22 Nov 2026 10:00:00 GMT"}
    # Our own clock is wrong by years; the Date of the response counts.
    assert retry.parse_retry_after(headers, wall=0) == seconds


def test_retry_after_without_a_date_is_measured_by_our_own_clock():
    headers = {"Retry-After": "Thu, 01 Jan 1970 00:02:00 GMT"}
    assert retry.parse_retry_after(headers, wall=100) == 20
