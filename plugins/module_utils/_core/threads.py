# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs functions concurrently, in threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from .cancellation import POLL_SECONDS, CancelToken

T = TypeVar("T")
R = TypeVar("R")

# Seconds that calls in progress get to end after the task was cancelled.
_GRACE = 5.0


def map_concurrently(
    function: Callable[[T], R],
    things: Iterable[T],
    max_concurrency: int,
    cancel_token: CancelToken,
    meanwhile: Callable[[], object] | None = None,
) -> list[R]:
    """Call a function for each thing, and return the results in the order of the things.

    If calls raise exceptions, no further call starts, and the first exception in that order is raised once the calls in
    progress have ended. If the task is cancelled, no further call starts either, and calls that do not end soon are
    abandoned.

    :param max_concurrency: how many calls may be in progress at the same time.
    :param meanwhile: called again and again in this thread until all calls have ended. It must not raise anything.
    :raises Cancelled: the task has to end, and not all calls have ended.
    """
    crew = _Crew(function, list(things))
    try:
        crew.start(max_concurrency)
        while not crew.finished.wait(POLL_SECONDS):
            if cancel_token.reason is not None:
                crew.halt()
                crew.finished.wait(_GRACE)
                break
            if meanwhile is not None:
                meanwhile()
    finally:
        crew.halt()
    return crew.outcome(cancel_token)


class _Crew(Generic[T, R]):
    """Threads that share a list of calls. An executor of the standard library cannot abandon a call."""

    def __init__(self, function: Callable[[T], R], things: list[T]) -> None:
        self.finished = threading.Event()
        self._function = function
        self._things = things
        self._results: dict[int, R] = {}
        self._errors: dict[int, BaseException] = {}
        self._lock = threading.Lock()
        self._next = 0
        self._working = 0

    def start(self, max_concurrency: int) -> None:
        """Start the threads, at least one.

        :raises RuntimeError: the system allows no thread at all.
        """
        if not self._things:
            self.finished.set()
        for number in range(min(max_concurrency, len(self._things))):
            with self._lock:
                self._working += 1
            try:
                threading.Thread(target=self._work, daemon=True).start()
            except RuntimeError:
                # The system allows no more threads.
                with self._lock:
                    self._working -= 1
                if not number:
                    raise
                return

    def halt(self) -> None:
        """Let no further call start."""
        with self._lock:
            self._next = len(self._things)

    def outcome(self, cancel_token: CancelToken) -> list[R]:
        """Return the results, or raise the first exception.

        :raises Cancelled: results are missing.
        """
        with self._lock:
            if self._errors:
                raise self._errors[min(self._errors)]
            results = dict(self._results)
        if len(results) < len(self._things):
            # Only a cancellation makes calls end, or not start, without a result or an exception.
            cancel_token.check()
        return [results[index] for index in range(len(self._things))]

    def _work(self) -> None:
        while True:
            with self._lock:
                index = self._next
                self._next += 1
            if index >= len(self._things):
                break
            try:
                result = self._function(self._things[index])
                with self._lock:
                    self._results[index] = result
            # Whatever a call raises, the thread that waits for it has to raise it.
            except BaseException as error:
                with self._lock:
                    self._errors[index] = error
                    self._next = len(self._things)
        with self._lock:
            self._working -= 1
            # A thread that starts later finds nothing left to do.
            last = not self._working
        if last:
            self.finished.set()


class Once(Generic[R]):
    """Calls a function for the first caller. The others wait, and get the same result or the same exception."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._get: Callable[[], R] | None = None

    def run(self, function: Callable[[], R]) -> R:
        """Call the function, unless another caller has been here before."""
        with self._lock:
            if self._get is None:
                self._get = outcome_of(function)
        return self._get()


def outcome_of(function: Callable[[], R]) -> Callable[[], R]:
    """Call a function, and return one that returns its result again, or raises its exception again."""
    try:
        result = function()
    # All callers get the exception, whatever it is.
    except BaseException as error:
        raised = error

        def fail() -> R:
            raise raised

        return fail
    return lambda: result
