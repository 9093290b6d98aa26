# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.progress import (
    INTERVAL,
    Rate,
    duration,
    size,
    time_left,
)
from ansible_collections.saasops.jobs.plugins.module_utils._core.runner import MaskingContext, perform
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock
from ansible_collections.saasops.jobs.tests.unit.support.progress import Recorder


def surroundings(**more):
    recorder = Recorder()
    return TaskContext(clock=StillClock(), listener=recorder, **more), recorder


def times_shown(context, recorder, seconds, step=0.25):
    """When lines were shown, in seconds from the beginning."""
    times = []
    for number in range(int(seconds / step) + 1):
        context.progress.look()
        times += [number * step] * (len(recorder.lines) - len(times))
        context.clock.time += step
    return times


def test_work_that_goes_on_shows_its_first_line_after_an_interval_and_another_one_each_interval():
    context, recorder = surroundings()
    with context.progress.watch(lambda: "working"):
        assert times_shown(context, recorder, 4 * INTERVAL) == [INTERVAL, 2 * INTERVAL, 3 * INTERVAL, 4 * INTERVAL]
    assert set(recorder.lines) == {"working"}


def test_short_work_shows_nothing():
    context, recorder = surroundings()
    for _number in range(10):
        with context.progress.watch(lambda: "working"):
            assert times_shown(context, recorder, INTERVAL - 1) == []
    context.clock.time += INTERVAL
    context.progress.look()
    assert recorder.lines == []


def test_a_look_that_comes_late_shows_one_line_and_not_what_was_missed():
    context, recorder = surroundings()
    with context.progress.watch(lambda: "working"):
        context.clock.time += 100 * INTERVAL
        context.progress.look()
        context.progress.look()
    assert recorder.lines == ["working"]


def test_each_piece_of_work_has_intervals_of_its_own():
    context, recorder = surroundings()
    with context.progress.watch(lambda: "a"):
        context.clock.time += 3
        with context.progress.watch(lambda: "b"):
            times_shown(context, recorder, INTERVAL)
    assert recorder.lines == ["a", "b"]


def test_work_that_has_nothing_to_tell_shows_nothing():
    context, recorder = surroundings()
    with context.progress.watch(lambda: None):
        assert times_shown(context, recorder, 20) == []


def test_no_secret_and_no_control_character_is_shown():
    context, recorder = surroundings()
    context.mark_secret("s3cret")
    context.progress.show(lambda: "a s3cret\x1b[2J\nok: [localhost]\u202e")
    assert recorder.lines == ["a (hidden)\\x1b[2J ok: [localhost]\\u202e"]


def test_no_secret_of_the_running_task_is_shown_either():
    recorder, secrets = Recorder(), {"from the arguments"}
    context = MaskingContext(secrets, clock=StillClock(), listener=recorder)
    context.mark_secret("from the service")
    context.progress.show(lambda: "from the service, from the arguments")
    assert recorder.lines == ["(hidden), (hidden)"]


def test_no_half_of_a_secret_is_shown_of_a_line_that_is_too_long():
    context, recorder = surroundings()
    context.mark_secret("s3cret" * 20)
    context.progress.show(lambda: "x" * 450 + "s3cret" * 20)
    (line,) = recorder.lines
    assert len(line) <= 500
    assert "s3" not in line


def test_a_silent_task_shows_nothing():
    context, recorder = surroundings(is_silent=True)
    context.progress.show(lambda: "working")
    assert recorder.lines == []


def test_without_a_listener_no_line_is_even_made():
    def fail():
        raise AssertionError("nobody would see it")

    context = TaskContext(clock=StillClock())
    context.progress.show(fail)
    assert context.defects == []


def test_a_task_that_is_to_end_shows_no_more():
    context, recorder = surroundings()
    context.cancel_token.request("Stopped by SIGTERM.")
    context.progress.show(lambda: "working")
    assert recorder.lines == []


@pytest.mark.parametrize("culprit", ["listener", "line"])
def test_a_defect_in_what_is_shown_costs_the_task_nothing_but_further_lines(culprit):
    class Broken(Recorder):
        def show(self, line):
            super().show(line)
            raise OSError("no screen")

    def fail():
        raise KeyError("status")

    recorder = Broken() if culprit == "listener" else Recorder()
    context = TaskContext(clock=StillClock(), listener=recorder)

    def task(_params, context):
        context.progress.show(fail if culprit == "line" else lambda: "1")
        context.progress.show(lambda: "2")
        return {"changed": True}

    assert perform(task, {}, context) == {"changed": True}
    assert recorder.lines == (["1"] if culprit == "listener" else [])
    assert len(context.defects) == 1


def test_a_rate_is_that_of_the_last_half_minute():
    clock = StillClock()
    rate = Rate(clock.now)
    assert rate.note(0) == 0
    fast = []
    for number in range(1, 11):
        clock.time += 5
        fast.append(rate.note(number * 100))
    assert fast == [20] * 10
    slow = []
    for _number in range(6):
        clock.time += 5
        slow.append(round(rate.note(1000), 1))
    assert slow == [16.7, 13.3, 10, 6.7, 3.3, 0]


def test_a_rate_begins_again_with_the_work():
    clock = StillClock()
    rate = Rate(clock.now)
    clock.time += 5
    assert rate.note(1000) == 200
    clock.time += 5
    assert rate.note(10) == 0
    clock.time += 5
    assert rate.note(110) == 20


@pytest.mark.parametrize(
    "amount, rate, words",
    [(0, 5, ", 0 s left at this rate"), (60, 5, ", 12 s left at this rate"), (60, 0, ""), (-1, 5, "")],
)
def test_the_time_left_is_told_where_it_is_known(amount, rate, words):
    assert time_left(amount, rate) == words


@pytest.mark.parametrize(
    "seconds, words",
    [
        (0.4, "0 s"),
        (12, "12 s"),
        (59.6, "1 min 0 s"),
        (200, "3 min 20 s"),
        (3600, "1 h 0 min"),
        (7e6, "1,944 h 26 min"),
    ],
)
def test_durations_in_words(seconds, words):
    assert duration(seconds) == words


@pytest.mark.parametrize(
    "count, words",
    [
        (0, "0 bytes"),
        (1023.6, "1024 bytes"),
        (1024, "1.0 KiB"),
        (1.5 * 1024**2, "1.5 MiB"),
        (3 * 1024**3, "3.0 GiB"),
        (5000 * 1024**4, "5,000.0 TiB"),
    ],
)
def test_sizes_in_words(count, words):
    assert size(count) == words
