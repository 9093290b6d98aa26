# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
from threading import Barrier, Event

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors, threads
from ansible_collections.saasops.jobs.plugins.module_utils._core.cancellation import Stop
from ansible_collections.saasops.jobs.plugins.module_utils._core.threads import each


@pytest.mark.parametrize("width", [1, 3, 50])
def test_results_keep_the_order(width):
    assert each(lambda number: number * 2, range(20), width, Stop()) == [number * 2 for number in range(20)]


def test_nothing_to_do():
    assert each(lambda _number: None, [], 8, Stop()) == []


@pytest.mark.parametrize("width", [3, 64])
def test_calls_overlap(width):
    barrier = Barrier(width, timeout=10)
    each(lambda _number: barrier.wait(), range(width), width, Stop())


def test_no_more_calls_overlap_than_asked_for():
    barrier = Barrier(3, timeout=0.2)
    with pytest.raises(RuntimeError):
        each(lambda _number: barrier.wait(), range(6), 2, Stop())


@pytest.mark.parametrize("width", [1, 4])
def test_the_first_exception_is_raised(width):
    def fail(number):
        if number >= 3:
            raise ValueError(number)

    with pytest.raises(ValueError, match="3"):
        each(fail, range(9), width, Stop())


def test_once_the_task_is_to_stop_nothing_further_is_begun():
    stop, done = Stop(), []

    def work(number):
        if number == 2:
            stop.request("Enough.")
        # The main thread looks now and then whether to stop; until then, nobody gets beyond this point.
        if stop.reason:
            assert noticed.wait(10)
        done.append(number)

    noticed = Event()
    halt = threads._Crew.halt

    class Crew(threads._Crew):
        def halt(self):
            halt(self)
            noticed.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threads, "_Crew", Crew)
        each(work, range(9), 1, stop)
    assert done == [0, 1, 2]


def test_a_call_that_does_not_end_is_left_behind(monkeypatch):
    monkeypatch.setattr(threads, "_GRACE", 0.01)
    stop, forever = Stop(), Event()

    def work(number):
        if number == 1:
            stop.request("Enough.")
            forever.wait(30)
        return number

    assert each(work, range(3), 1, stop) == [0, None, None]
    forever.set()


def test_fewer_threads_than_asked_for_will_do(monkeypatch):
    class Thread(threading.Thread):
        started = 0

        def start(self):
            Thread.started += 1
            if Thread.started > 2:
                raise RuntimeError("can't start new thread")
            super().start()

    monkeypatch.setattr(threading, "Thread", Thread)
    assert each(lambda number: number, range(9), 8, Stop()) == list(range(9))
    with pytest.raises(RuntimeError):
        each(lambda number: number, range(9), 8, Stop())


def test_something_is_run_once():
    runs = []
    once = threads.Once()
    assert [once.run(lambda: runs.append(1) or "x") for _number in range(3)] == ["x", "x", "x"]
    assert runs == [1]


def test_a_failure_is_shared():
    def fail():
        raise errors.JobsError("no")

    once = threads.Once()
    for _number in range(2):
        with pytest.raises(errors.JobsError):
            once.run(fail)
