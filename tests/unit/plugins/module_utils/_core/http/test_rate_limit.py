# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.rate_limit import (
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
def test_what_is_kept_to(rate_limit, sensible):
    assert is_sensible(rate_limit) is sensible


def test_a_bucket_lets_through_what_it_holds_and_what_comes_back():
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


@pytest.mark.parametrize("remaining, others, wait", [(0, 0, 1), (0, 4, 5), (None, 4, 0), (98, 1, 0)])
def test_a_bucket_believes_what_the_service_has_left(remaining, others, wait):
    bucket = TokenBucket(RateLimit(60, 60, 100), now=0)
    bucket.take(0)
    bucket.passed(remaining, others, 0)
    assert bucket.wait(0) == wait


def passing(window, history, now, count):
    for _number in range(count):
        assert window.wait(now) == 0
        window.take(now)
        window.passed(None, 0, now)
        history.note(now)


def test_a_window_begins_when_the_service_said():
    window, history = FixedWindow(RateLimit(3, 60)), RequestHistory()
    passing(window, history, 100, 3)
    # The first refusal; others at the same time change nothing.
    assert window.refused(25, False, history, 100, wall=0) == 25
    assert window.refused(None, True, history, 101, wall=0) == 24
    assert window.wait(101) == 24
    passing(window, history, 125, 3)
    assert window.wait(130) == 55
    passing(window, history, 185, 3)
    assert window.wait(185) == 60


@pytest.mark.parametrize("seconds, wait", [(60, 23), (30, 5)])
def test_a_window_of_whole_minutes_is_expected_to_begin_on_the_minute(seconds, wait):
    window = FixedWindow(RateLimit(3, seconds))
    assert window.refused(None, False, RequestHistory(), 100, wall=60 * 1000 + 37) == wait
    # It did not: then it is asked now and then.
    assert window.refused(None, False, RequestHistory(), 100 + wait, wall=60 * 1001) == seconds / 6


def test_a_window_that_others_use_too_is_shared():
    window, history = FixedWindow(RateLimit(100, 60)), RequestHistory()
    window.refused(10, False, history, 0, wall=0)
    passing(window, history, 10, 40)
    # Refused in a turn of which the beginning is known: the others had the rest.
    window.refused(50, False, history, 20, wall=0)
    passing(window, history, 70, 40)
    assert window.wait(71) == 59
    # Then a little more is tried, with care.
    passing(window, history, 130, 40)
    assert window.cautious
    passing(window, history, 130, 5)
    assert window.wait(131) == 59
