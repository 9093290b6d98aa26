# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.limits.rate_limit import (
    FixedWindow,
    RateLimit,
    RequestHistory,
    TokenBucket,
    is_sensible,
)


@pytest.mark.parametrize(
    "rate_limit, sensible",
    [
        (RateLimit(100, 60), True),
        (RateLimit(5, 5), True),
        (RateLimit(500, 60, 1200), True),
        (RateLimit(100, 3600), False),
        (RateLimit(0, 60), False),
        (RateLimit(0.001, 60), False),
        (RateLimit(500, 60, 0.5), False),
        (RateLimit(0.000001, 60, 100), False),
        (RateLimit(100, 0), False),
        (RateLimit(float("inf"), 60), False),
        (RateLimit(float("nan"), 60), False),
    ],
)
def test_limit_is_sensible_if_it_lets_a_task_continue_within_minutes(rate_limit, sensible):
    assert is_sensible(rate_limit) is sensible


def test_bucket_lets_through_what_it_holds_and_what_comes_back():
    bucket = TokenBucket(RateLimit(60, 60, 2), now=0)
    bucket.take(0)
    assert bucket.wait(0) == 0
    bucket.take(0)
    assert bucket.wait(0) == 1
    assert bucket.wait(0.75) == 0.25
    assert bucket.wait(1000) == 0
    bucket.take(1000)
    bucket.take(1000)
    assert bucket.wait(1000) == 1


@pytest.mark.parametrize("remaining, under_way, wait", [(0, 0, 1), (0, 4, 5), (None, 4, 0), (98, 1, 0)])
def test_bucket_adopts_the_count_of_the_service_if_it_differs(remaining, under_way, wait):
    bucket = TokenBucket(RateLimit(60, 60, 100), now=0)
    bucket.take(0)
    bucket.note_accepted(0, remaining=remaining, under_way=under_way)
    assert bucket.wait(0) == wait


def accept(window, history, now, count):
    for _number in range(count):
        assert window.wait(now) == 0
        window.take(now)
        window.note_accepted(now, remaining=None, under_way=0)
        history.add(now)


def refuse(window, history, now, asked, *, is_repeated=False, service_time=0.0):
    return window.note_refused(now, asked=asked, is_repeated=is_repeated, history=history, service_time=service_time)


def test_window_begins_when_the_service_says():
    window, history = FixedWindow(RateLimit(3, 60)), RequestHistory()
    accept(window, history, 100, 3)
    # Only the first refusal counts; others at the same time change nothing.
    assert refuse(window, history, 100, 25) == 25
    assert refuse(window, history, 101, None, is_repeated=True) == 24
    assert window.wait(101) == 24
    accept(window, history, 125, 3)
    assert window.wait(130) == 55
    accept(window, history, 185, 3)
    assert window.wait(185) == 60


@pytest.mark.parametrize("seconds, wait", [(60, 23), (30, 5)])
def test_window_of_whole_minutes_is_expected_to_begin_on_the_minute(seconds, wait):
    window = FixedWindow(RateLimit(3, seconds))
    assert refuse(window, RequestHistory(), 100, None, service_time=60 * 1000 + 37) == wait
    # If it did not begin then, it is tried every now and then.
    assert refuse(window, RequestHistory(), 100 + wait, None, service_time=60 * 1001) == seconds / 6


def test_window_that_others_use_is_shared_with_them():
    window, history = FixedWindow(RateLimit(100, 60)), RequestHistory()
    refuse(window, history, 0, 10)
    accept(window, history, 10, 40)
    # A refusal in a window whose beginning is known: the others used the rest.
    refuse(window, history, 20, 50)
    accept(window, history, 70, 40)
    # What the others leave is tried with care.
    assert window.is_cautious
    assert window.wait(71) == 0
    refuse(window, history, 72, 58)
    accept(window, history, 130, 40)
    assert window.is_cautious


def test_window_that_others_have_left_is_used_again_at_once():
    window, history = FixedWindow(RateLimit(100, 60)), RequestHistory()
    refuse(window, history, 0, 10)
    accept(window, history, 10, 8)
    refuse(window, history, 20, 50)
    for number in range(100):
        assert window.is_cautious is (number >= 8)
        assert window.wait(70) == 0
        accept(window, history, 70, 1)
    assert window.wait(71) == 59
    # From the next window on, nothing suggests care.
    accept(window, history, 130, 99)
    assert not window.is_cautious
