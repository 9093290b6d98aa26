# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.limits.learned_window import LearnedWindow


def accept(window, *times):
    """Sends requests that are accepted after a tenth of a second; returns after which of them care is needed."""
    careful = []
    for time in times:
        if window.take():
            careful.append(time)
        window.note_accepted(time, time + 0.1)
    return careful


def refuse(window, *times):
    """Sends requests that are refused after a tenth of a second; returns the last advice."""
    advice = None
    for time in times:
        window.take()
        advice = window.note_refused(time, time + 0.1)
    return advice


def two_windows():
    """A window of three requests and ten seconds, of which the beginnings 10 and 20 are known to a second."""
    window = LearnedWindow()
    accept(window, 1, 2, 3)
    refuse(window, 4, 9.5)
    accept(window, 10.5, 11, 12)
    refuse(window, 13, 19.5)
    assert accept(window, 20.5, 21, 22) == [22]
    return window


def test_nothing_is_advised_before_two_beginnings_are_known():
    window = LearnedWindow()
    accept(window, 1, 2, 3)
    assert refuse(window, 4, 9.5) is None
    accept(window, 10.5)
    assert refuse(window, 13) is None


def test_after_a_refusal_the_earliest_beginning_is_waited_for_and_then_probed():
    window = two_windows()
    wait = refuse(window, 23)
    # The last window began between 19.5 and 20.6, and lasted for 8.9 to 11.1 seconds.
    assert 23.1 + wait == pytest.approx(28.4, abs=0.1)
    probe = refuse(window, 28.4)
    assert 0.3 < probe < 0.8
    assert refuse(window, 28.9) == pytest.approx(probe)


def test_bounds_become_narrower_with_each_window():
    window = two_windows()
    refuse(window, 23, 29.8)
    accept(window, 30.2, 31, 32)
    assert 33.1 + refuse(window, 33) >= 38.8


def test_what_was_under_way_together_is_one_probe():
    window = two_windows()
    refuse(window, 23)
    assert all(refuse(window, 28.5) for _number in range(20))


def test_what_turns_out_wrong_is_forgotten():
    window = two_windows()
    assert refuse(window, 23) is not None
    assert refuse(window, 40) is None
    accept(window, 50)
    assert refuse(window, 51) is None


def test_care_is_needed_once_as_many_were_sent_as_the_last_window_allowed():
    window = LearnedWindow()
    assert accept(window, 1, 2, 3) == []
    refuse(window, 4)
    assert accept(window, 11, 12, 13, 14) == [13]
