# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
from threading import Barrier, Event

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors, threads
from ansible_collections.saasops.jobs.plugins.module_utils._core.cancellation import Cancelled, CancelToken
from ansible_collections.saasops.jobs.plugins.module_utils._core.threads import map_concurrently


@pytest.mark.parametrize("max_concurrency", [1, 3, 50])
def test_results_keep_the_order(max_concurrency):
    assert map_concurrently(lambda number: number * 2, range(20), max_concurrency, CancelToken()) == [
        number * 2 for number in range(20)
    ]


def test_no_things_give_no_results():
    assert map_concurrently(lambda _number: None, [], 8, CancelToken()) == []


@pytest.mark.parametrize("max_concurrency", [3, 64])
def test_as_many_calls_overlap_as_allowed(max_concurrency):
    barrier = Barrier(max_concurrency, timeout=10)
    map_concurrently(lambda _number: barrier.wait(), range(max_concurrency), max_concurrency, CancelToken())


def test_no_more_calls_overlap_than_allowed():
    barrier = Barrier(3, timeout=0.2)
    with pytest.raises(RuntimeError):
        map_concurrently(lambda _number: barrier.wait(), range(6), 2, CancelToken())


@pytest.mark.parametrize("max_concurrency", [1, 4])
def test_the_first_exception_is_raised(max_concurrency):
    def fail(number):
        if number >= 3:
            raise ValueError(number)

    with pytest.raises(ValueError, match="3"):
        map_concurrently(fail, range(9), max_concurrency, CancelToken())


def test_no_further_call_starts_after_a_cancellation():
    cancel_token, done = CancelToken(), []

    def call(number):
        if number == 2:
            cancel_token.request("Enough.")
        # The main thread looks now and then whether to stop; until then, nobody gets beyond this point.
        if cancel_token.reason:
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
        with pytest.raises(Cancelled, match="Enough"):
            map_concurrently(call, range(9), 1, cancel_token)
    assert done == [0, 1, 2]


def test_a_call_that_does_not_end_after_a_cancellation_is_abandoned(monkeypatch):
    monkeypatch.setattr(threads, "_GRACE", 0.01)
    cancel_token, forever = CancelToken(), Event()

    def call(number):
        if number == 1:
            cancel_token.request("Enough.")
            forever.wait(30)
        return number

    with pytest.raises(Cancelled, match="Enough"):
        map_concurrently(call, range(3), 1, cancel_token)
    forever.set()


def test_a_cancellation_after_the_last_call_loses_no_result():
    cancel_token = CancelToken()

    def call(number):
        if number == 2:
            cancel_token.request("Enough.")
        return number

    assert map_concurrently(call, range(3), 1, cancel_token) == [0, 1, 2]


def test_fewer_threads_than_allowed_do_all_calls(monkeypatch):
    class Thread(threading.Thread):
        started = 0

        def start(self):
            Thread.started += 1
            if Thread.started > 2:
                raise RuntimeError("can't start new thread")
            super().start()

    monkeypatch.setattr(threading, "Thread", Thread)
    assert map_concurrently(lambda number: number, range(9), 8, CancelToken()) == list(range(9))
    with pytest.raises(RuntimeError):
        map_concurrently(lambda number: number, range(9), 8, CancelToken())


def test_once_calls_only_the_first_function():
    runs = []
    once = threads.Once()
    assert [once.run(lambda: runs.append(1) or "x") for _number in range(3)] == ["x", "x", "x"]
    assert runs == [1]


def test_once_raises_the_same_failure_again():
    def fail():
        raise errors.JobsError("no")

    once = threads.Once()
    for _number in range(2):
        with pytest.raises(errors.JobsError):
            once.run(fail)
