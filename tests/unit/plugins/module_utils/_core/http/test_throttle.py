# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks and servers in simulated time, in which minutes pass at once and always in the same way."""

from __future__ import annotations

import queue
import threading

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.cancellation import POLL_SECONDS, Cancelled
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import Clock, TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.limits.rate_limit import RateLimit, RateLimitInfo
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Backoff
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.throttle import Throttle

LATENCY = 0.05


class SharedTime:
    """Lets one of several threads run at a time. When all sleep, the one that wakes first continues."""

    def __init__(self, threads):
        self.now = 17.0
        self._changed = threading.Condition()
        self._awake = threads
        self._sleepers = {}

    def sleep(self, seconds):
        with self._changed:
            me = (self.now + seconds, threading.get_ident())
            self._sleepers[me] = True
            self._awake -= 1
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: not self._awake and min(self._sleepers) == me, timeout=60)
            self.now = me[0]
            del self._sleepers[me]
            self._awake += 1

    def leave(self):
        with self._changed:
            self._awake -= 1
            self._changed.notify_all()


class TaskClock(Clock):
    def __init__(self, time):
        self._time = time

    def now(self):
        return self._time.now

    def wall(self):
        # The windows of the servers below begin on the minute.
        return 60 * 30_000_000 + self._time.now

    def sleep(self, seconds):
        self._time.sleep(seconds)


class Counter:
    """A server whose counter starts again in every window, like that of Ops Manager."""

    def __init__(self, requests, seconds, tells_wait=True, offset=0.0):
        self.rate_limit = RateLimit(requests, seconds)
        self.tells_wait = tells_wait
        self.offset = offset
        self.turn = None
        self.count = 0

    def ask(self, now):
        turn, into = divmod(now + self.offset, self.rate_limit.seconds)
        if turn != self.turn:
            self.turn, self.count = turn, 0
        self.count += 1
        if self.count <= self.rate_limit.requests:
            return 200, RateLimitInfo()
        return 429, RateLimitInfo(
            self.rate_limit, wait=float(int(self.rate_limit.seconds - into) + 1) if self.tells_wait else None
        )


class SilentCounter(Counter):
    """One that says nothing about its limit."""

    def ask(self, now):
        status, _info = super().ask(now)
        return status, RateLimitInfo()


class Tokens:
    """A server with a token bucket, like that of Atlas."""

    def __init__(self, requests, seconds, capacity, tells_rest=True):
        self.rate_limit = RateLimit(requests, seconds, capacity)
        self.tells_rest = tells_rest
        self.tokens = float(capacity)
        self.at = None

    def ask(self, now):
        elapsed = 0 if self.at is None else now - self.at
        self.tokens = min(
            self.rate_limit.capacity, self.tokens + elapsed * self.rate_limit.requests / self.rate_limit.seconds
        )
        self.at = now
        rest = int(self.tokens) if self.tells_rest else None
        if self.tokens < 1:
            return 429, RateLimitInfo(self.rate_limit, rest, wait=1.0)
        self.tokens -= 1
        return 200, RateLimitInfo(remaining=None if rest is None else rest - 1)


class Task:
    """Sends requests one after the other, each until the server accepts it."""

    def __init__(self, server, time, requests, rate_limit=None):
        self.context = TaskContext(clock=TaskClock(time))
        self.time = time
        self.server = server
        self.requests = requests
        self.refused = 0
        self.ended = None
        backoff = Backoff(4, draw=lambda low, high: (low + high) / 2)
        self.throttle = Throttle("Things", rate_limit, 8, backoff, self.context)
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        done = 0
        while done < self.requests:
            acquired = self.throttle.acquire()
            self.time.sleep(LATENCY / 2)
            status, info = self.server.ask(self.time.now)
            self.time.sleep(LATENCY / 2)
            self.throttle.release(acquired, status, info)
            done += status == 200
            self.refused += status == 429
        self.ended = self.time.now
        self.context.clean_up()
        self.time.leave()


def play(server, *requests, rate_limit=None):
    """Runs one task for each number, all at once; returns the tasks and the seconds that they took."""
    time = SharedTime(len(requests))
    begin = time.now
    tasks = [Task(server, time, count, rate_limit) for count in requests]
    for task in tasks:
        task.thread.start()
    for task in tasks:
        task.thread.join(120)
        assert task.ended is not None
    return tasks, max(task.ended for task in tasks) - begin


def perfect_counter(server, requests, begin=17.0):
    """The seconds that a client would take that knows the counter and sends without pauses."""
    seconds = server.rate_limit.seconds
    turns = (requests - 1) // server.rate_limit.requests
    last = requests - turns * server.rate_limit.requests
    return turns * seconds - (begin + server.offset) % seconds + last * LATENCY


@pytest.mark.parametrize("tells_wait", [True, False])
@pytest.mark.parametrize("offset", [0.0, 30.0])
def test_task_uses_up_a_counter_in_every_window(tells_wait, offset):
    server = Counter(100, 60, tells_wait, offset)
    (task,), took = play(server, 950)
    assert took <= perfect_counter(server, 950) / 0.95 + (0 if tells_wait or not offset else 30)
    # If the server does not say when the window ends, that has to be found out once.
    assert task.refused <= (1 if tells_wait else 8)


@pytest.mark.parametrize(
    "requests, seconds, offset", [(100, 60, 0.0), (100, 60, 37.0), (100, 10, 3.7), (500, 60, 11.0)]
)
def test_task_learns_a_counter_of_which_it_is_told_nothing(requests, seconds, offset):
    server = SilentCounter(requests, seconds, offset=offset)
    (task,), took = play(server, 8 * requests)
    assert took <= perfect_counter(server, 8 * requests) / 0.95
    # The first window takes some twelve, the others fewer and fewer.
    assert task.refused <= 60


def test_task_uses_up_a_documented_bucket_without_overdrawing_it():
    server = Tokens(500, 60, 1200)
    (task,), took = play(server, 2200, rate_limit=server.rate_limit)
    assert task.refused == 0
    # The full bucket, and what comes back.
    assert took <= (2200 - 1200) * 60 / 500 / 0.95


@pytest.mark.parametrize("tells_rest", [True, False])
def test_task_learns_a_bucket_that_is_not_documented(tells_rest):
    server = Tokens(500, 60, 300, tells_rest)
    (task,), took = play(server, 1300)
    assert task.refused <= 3
    assert took <= (1300 - 300) * 60 / 500 / 0.95


def test_task_notices_that_others_have_emptied_a_bucket():
    server = Tokens(500, 60, 1200)
    server.tokens = 20.0
    (task,), took = play(server, 520, rate_limit=server.rate_limit)
    assert task.refused <= 3
    assert took <= 500 * 60 / 500 / 0.95


@pytest.mark.parametrize(
    "server, rate_limit",
    [
        (lambda: Counter(100, 60), None),
        (lambda: Counter(100, 60, tells_wait=False), None),
        (lambda: Tokens(500, 60, 100), RateLimit(500, 60, 100)),
        (lambda: Tokens(500, 60, 100, tells_rest=False), RateLimit(500, 60, 100)),
    ],
    ids=["counter", "silent counter", "bucket", "silent bucket"],
)
def test_two_tasks_that_share_a_quota_settle_on_equal_shares(server, rate_limit):
    server = server()
    tasks, took = play(server, 600, 600, rate_limit=rate_limit)
    assert sum(task.refused for task in tasks) <= 0.04 * 1200
    # Neither has to wait until the other has finished.
    assert min(task.ended for task in tasks) - 17.0 >= 0.6 * took
    free = server.rate_limit.capacity or server.rate_limit.requests
    assert took <= (1200 - free) * server.rate_limit.seconds / server.rate_limit.requests / 0.75


def test_task_takes_up_what_another_one_leaves():
    server = Counter(100, 60)
    (long, short), took = play(server, 1500, 200)
    assert short.ended < long.ended
    assert took <= 1700 / 100 * 60 / 0.85


def test_waits_grow_after_refusals_that_ask_for_none():
    context = TaskContext(clock=TaskClock(SharedTime(1)))
    throttle = Throttle("Things", None, 8, Backoff(4, draw=lambda low, high: high), context)
    waits = []
    for _number in range(12):
        throttle.release(throttle.acquire(), 429)
        waits.append(throttle.closed_for())
    # Each by a third of what has been waited for so far, and to round moments nearby.
    assert waits[:4] == [1, 1, 1, 1]
    assert waits == sorted(waits)
    assert 5 <= waits[-1] <= 0.4 * sum(waits[:-1])
    throttle.release(throttle.acquire(), 200)
    throttle.release(throttle.acquire(), 429)
    assert throttle.closed_for() == 1


def widened_throttle(ceiling):
    """A throttle that has found out that the service answers 8 requests at a time as fast as 4."""
    throttle = Throttle("Things", None, ceiling, Backoff(4), TaskContext(clock=TaskClock(SharedTime(1))))
    for _time in range(2):
        for acquired in [throttle.acquire() for _number in range(4)]:
            throttle.release(acquired, 200, kind="delete")
    return throttle


def acquire_concurrently(throttle, count):
    """Begins more requests; returns a queue of the times at which they were let through."""
    entered = queue.Queue()
    for _number in range(count):
        threading.Thread(target=lambda: entered.put(throttle.acquire()), daemon=True).start()
    return entered


def nothing_enters(entered):
    with pytest.raises(queue.Empty):
        entered.get(timeout=2 * POLL_SECONDS)
    return True


def test_as_many_requests_are_under_way_as_the_concurrency_limit_allows():
    throttle = widened_throttle(32)
    entered = acquire_concurrently(throttle, 10)
    for _number in range(8):
        entered.get(timeout=10)
    assert nothing_enters(entered)


@pytest.mark.parametrize("status", [None, 502, 503, 504])
def test_after_a_response_that_says_overload_half_as_many_requests_are_under_way(status):
    throttle = widened_throttle(32)
    for acquired in [throttle.acquire() for _number in range(8)]:
        throttle.release(acquired, status)
    entered = acquire_concurrently(throttle, 6)
    for _number in range(4):
        entered.get(timeout=10)
    assert nothing_enters(entered)


def test_after_a_429_without_a_known_limit_fewer_requests_are_under_way():
    throttle = widened_throttle(32)
    first, *others = [throttle.acquire() for _number in range(8)]
    throttle.release(first, 429)
    for acquired in others:
        throttle.release(acquired, 200)
    for _number in range(4):
        throttle.release(throttle.acquire(), 200)
    entered = acquire_concurrently(throttle, 8)
    for _number in range(4):
        entered.get(timeout=10)
    assert nothing_enters(entered)


def test_after_a_refusal_one_request_goes_first_and_then_twice_as_many():
    throttle = widened_throttle(8)
    for acquired in [throttle.acquire() for _number in range(8)]:
        throttle.release(acquired, 429)
    first = throttle.acquire()
    entered = acquire_concurrently(throttle, 3)
    assert nothing_enters(entered)
    throttle.release(first, 200)
    second, _third = entered.get(timeout=10), entered.get(timeout=10)
    assert nothing_enters(entered)
    throttle.release(second, 200)
    entered.get(timeout=10)


def test_request_that_the_service_did_not_count_is_given_back():
    context = TaskContext(clock=TaskClock(SharedTime(1)))
    throttle = Throttle("Things", RateLimit(60, 60, 1), 8, Backoff(4), context)
    throttle.release(throttle.acquire(), 401, is_counted=False)
    throttle.acquire()
    assert throttle.slowed == 0


def test_task_that_was_slowed_warns_once_for_how_long():
    (task,), took = play(Counter(10, 60), 25)
    (warning,) = task.context.warnings
    assert warning.startswith("Things limits the rate of requests.")
    assert warning.endswith(f"this task waited for {task.throttle.slowed:.0f} s.")
    assert took - 25 * 2 * LATENCY <= task.throttle.slowed <= took


def test_task_that_was_not_slowed_does_not_warn():
    (task,), _took = play(Counter(100, 60), 25)
    assert task.context.warnings == []


def test_cancelled_task_sends_no_request():
    context = TaskContext(clock=TaskClock(SharedTime(1)))
    throttle = Throttle("Things", None, 8, Backoff(4), context)
    throttle.release(throttle.acquire())
    context.cancel_token.request("Stopped by SIGTERM.")
    with pytest.raises(Cancelled):
        throttle.acquire()
