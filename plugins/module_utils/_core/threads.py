# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Doing many things at once.

Private to this collection.
"""

from __future__ import annotations

import threading

from .cancellation import POLL_SECONDS

# Seconds that calls under way are given to end once the task is to stop.
_GRACE = 5.0


def map_concurrently(function, things, max_concurrency, cancel_token):
    """Calls function(thing) for every thing, at most width at a time; returns the results in the order of the things.

    The first exception, in that order, is raised once the calls under way have ended; the rest never start. If the
    task is to stop, the rest never start either, and calls that do not end soon are left behind: they have no result.

    :param cancel_token: a CancelToken.
    """
    crew = _Crew(function, list(things))
    try:
        crew.start(max_concurrency)
        while not crew.finished.wait(POLL_SECONDS):
            if cancel_token.reason is not None:
                crew.halt()
                crew.finished.wait(_GRACE)
                break
    finally:
        crew.halt()
    return crew.outcome()


class _Crew:
    """Threads that share a list of things to do. The standard library's pool can't leave a call behind."""

    def __init__(self, function, things):
        self.finished = threading.Event()
        self._function = function
        self._things = things
        self._results = [None] * len(things)
        self._errors = {}
        self._lock = threading.Lock()
        self._next = 0
        self._working = 0

    def start(self, max_concurrency):
        if not self._things:
            self.finished.set()
        for number in range(min(max_concurrency, len(self._things))):
            with self._lock:
                self._working += 1
            try:
                threading.Thread(target=self._reconciler, daemon=True).start()
            except RuntimeError:
                # The system allows no more threads.
                with self._lock:
                    self._working -= 1
                if not number:
                    raise
                return

    def halt(self):
        """Nothing further is begun."""
        with self._lock:
            self._next = len(self._things)

    def outcome(self):
        with self._lock:
            if self._errors:
                raise self._errors[min(self._errors)]
            return list(self._results)

    def _reconciler(self):
        while True:
            with self._lock:
                index = self._next
                self._next += 1
            if index >= len(self._things):
                break
            try:
                self._results[index] = self._function(self._things[index])
            except BaseException as error:
                with self._lock:
                    self._errors[index] = error
                    self._next = len(self._things)
        with self._lock:
            self._working -= 1
            # One that is started later finds nothing to do any more.
            last = not self._working
        if last:
            self.finished.set()


class Once:
    """Runs a function once, for whoever comes first; the others get the same result or the same exception."""

    def __init__(self):
        self._lock = threading.Lock()
        self._result = None
        self._error = None
        self._done = False

    def run(self, function):
        with self._lock:
            if not self._done:
                self._done = True
                try:
                    self._result = function()
                except BaseException as error:
                    self._error = error
            if self._error is not None:
                raise self._error
            return self._result
