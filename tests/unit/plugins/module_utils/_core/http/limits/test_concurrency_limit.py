# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import heapq
import random

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.limits.concurrency_limit import ConcurrencyLimit

CEILING = 32
# The responses after which a small limit changes.
WINDOW = 8
REQUESTS = 1000


class FixedLimit:
    def __init__(self, current):
        self.current = current

    def note_response(self, kind, latency, under_way):
        pass


class Service:
    """A service that works on some requests at a time, and lets the others wait. All times are in seconds.

    :param way: how long a request and its response are under way together.
    :param work: how long the service works on a request.
    :param workers: how many requests it works on at a time.
    :param noise: by which part these times differ.
    """

    def __init__(self, way, work, workers, noise=0.0):
        self.way = way
        self.work = work
        self._idle_at = [0.0] * workers
        self._random = random.Random(4)
        self._noise = noise

    def answered_at(self, now):
        begins = max(heapq.heappop(self._idle_at), now + self._noisy(self.way) / 2)
        ends = begins + self._noisy(self.work)
        heapq.heappush(self._idle_at, ends)
        return ends + self._noisy(self.way) / 2

    def _noisy(self, seconds):
        return seconds * (1 + self._noise * self._random.uniform(-1, 1))


class Task:
    """Sends requests as the limit allows."""

    def __init__(self, limit, requests=REQUESTS):
        self.limit = limit
        self.left = requests
        self.under_way = 0
        self.latencies = []


def run(service, *tasks, at=None):
    """Runs tasks beside each other; returns the time that they took.

    :param at: {number of responses: what happens then}
    """
    now, responses = 0.0, []
    while True:
        for number, task in enumerate(tasks):
            while task.left and task.under_way < task.limit.current:
                task.left -= 1
                task.under_way += 1
                heapq.heappush(responses, (service.answered_at(now), number, now))
        if not responses:
            return now
        now, number, sent = heapq.heappop(responses)
        task = tasks[number]
        task.latencies.append(now - sent)
        task.limit.note_response("delete", now - sent, task.under_way)
        task.under_way -= 1
        if at and len(task.latencies) in at:
            at[len(task.latencies)]()


def best_fixed(make):
    return min(run(make(), Task(FixedLimit(width))) for width in range(1, CEILING + 1))


def mean(values):
    return sum(values) / len(values)


@pytest.mark.parametrize("noise", [0.0, 0.5, 0.7])
def test_with_a_service_that_is_far_away_the_limit_soon_reaches_the_ceiling(noise):
    task = Task(ConcurrencyLimit(CEILING))
    took = run(Service(0.1, 0.001, 1000, noise), task)
    assert task.limit.current >= 0.9 * CEILING
    assert took <= 1.2 * best_fixed(lambda: Service(0.1, 0.001, 1000, noise))


@pytest.mark.parametrize("noise", [0.0, 0.5])
@pytest.mark.parametrize("way", [0.001, 0.02])
def test_with_a_service_that_works_on_four_at_a_time_nothing_is_lost_and_latency_is_at_most_doubled(way, noise):
    task = Task(ConcurrencyLimit(CEILING))
    took = run(Service(way, 0.02, 4, noise), task)
    assert took <= 1.1 * best_fixed(lambda: Service(way, 0.02, 4, noise))
    assert mean(task.latencies) <= 2 * (way + 0.02)


@pytest.mark.parametrize("workers", [1, 2, 3, 6, 12, 24])
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_a_service_of_any_width_is_kept_busy_and_its_queue_short(workers, noise):
    task = Task(ConcurrencyLimit(CEILING))
    took = run(Service(0.001, 0.02, workers, noise), task)
    assert took <= 1.12 * best_fixed(lambda: Service(0.001, 0.02, workers, noise))
    # Most of it stems from the beginning, when the limit is found.
    assert mean(task.latencies) <= 2.5 * 0.021


@pytest.mark.parametrize("draw", [lambda: 0.5 + random.random(), lambda: random.expovariate(1)])
def test_latencies_that_vary_by_themselves_are_not_taken_for_a_queue(draw):
    random.seed(7)
    limit = ConcurrencyLimit(CEILING)
    seen = []
    for _response in range(2000):
        limit.note_response("delete", 0.1 * draw(), under_way=limit.current)
        seen.append(limit.current)
    assert mean(seen) >= 0.9 * CEILING


@pytest.mark.parametrize("workers", [1, 2, 4, 8])
def test_two_tasks_at_a_weak_service_take_about_the_same_time(workers):
    service = Service(0.001, 0.02, workers)
    first, second = Task(ConcurrencyLimit(CEILING)), Task(ConcurrencyLimit(CEILING))
    took = run(service, first, second)
    assert took <= 1.15 * 2 * REQUESTS * 0.02 / workers
    # Two requests for each worker, and at least a few.
    assert max(mean(first.latencies), mean(second.latencies)) <= max(4, 10 / workers) * 0.021
    assert 0.4 <= mean(first.latencies) / mean(second.latencies) <= 2.5


def test_a_service_that_becomes_slower_by_itself_gets_as_many_requests_again():
    service = Service(0.05, 0.001, 1000)
    task = Task(ConcurrencyLimit(CEILING), 3 * REQUESTS)

    def slow_down():
        service.way *= 3

    run(service, task, at={REQUESTS: slow_down})
    assert task.limit.current == CEILING


def test_a_limit_that_is_not_used_does_not_grow():
    limit = ConcurrencyLimit(CEILING)
    before = limit.current
    for _number in range(100):
        limit.note_response("list", 0.1, under_way=1)
    assert limit.current == before


def test_requests_of_another_kind_may_take_longer():
    limit = ConcurrencyLimit(CEILING)
    for _window in range(10):
        for kind, latency in (("delete", 0.1), ("list", 3.0)):
            for _number in range(WINDOW):
                limit.note_response(kind, latency, under_way=limit.current)
    assert limit.current == CEILING


def answer(limit, windows, latency=0.1):
    """Answers requests as fast as ever; returns the limit after each window."""
    seen = []
    for _window in range(windows):
        for _number in range(2 * WINDOW):
            limit.note_response("delete", latency, under_way=limit.current)
        seen.append(limit.current)
    return seen


def test_overload_halves_the_limit_and_it_grows_again_one_by_one():
    limit = ConcurrencyLimit(CEILING)
    limit.note_overload(under_way=4)
    assert limit.current == 2
    assert answer(limit, 5) == [2, 3, 4, 5, 6]


def test_a_refusal_above_what_was_accepted_leads_back_to_that_for_longer_each_time():
    limit, refused, kept = ConcurrencyLimit(CEILING), [], []
    for _window in range(400):
        answer(limit, 1)
        if limit.current > 5:
            refused.append(limit.current)
            limit.note_overload(under_way=limit.current)
            kept.append(limit.current)
    assert kept[-3:] == [5, 5, 5]
    assert set(refused[2:]) == {6}
    assert len(refused) <= 10


def test_a_service_that_refuses_single_requests_gets_many_again_once_it_has_recovered():
    limit = ConcurrencyLimit(CEILING)
    answer(limit, 10)
    assert limit.current == CEILING
    for under_way in (32, 16, 8, 4, 2, 1, 1):
        limit.note_overload(under_way)
    assert limit.current == 1
    assert answer(limit, 10)[-1] == CEILING


def test_the_ceiling_is_kept_from_the_start():
    assert ConcurrencyLimit(2).current == 2
