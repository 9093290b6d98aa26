# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends a task early without losing what is known: on Ctrl-C, termination, or the time-out of a task."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

# Seconds between two checks whether the task was cancelled.
POLL_SECONDS = 0.2

# An environment variable with "WORKER MAIN": the process that runs an action plugin, and Ansible's main process.
WORKER = "SAASOPS_JOBS_WORKER"
_MOST_ANCESTORS = 30


class Cancelled(BaseException):
    """The task has to end now. Like KeyboardInterrupt, this is not an Exception, so that no error handler catches it.

    :param reason: a sentence for the user.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CancelToken:
    """Tells whether a task has to end early.

    Requests in progress complete and are reported. Only interruptible() raises Cancelled in the middle of what the main
    thread does, as nothing is being changed there.
    """

    def __init__(self) -> None:
        self._reason: str | None = None
        self._is_interruptible = False

    @property
    def reason(self) -> str | None:
        """Why the task has to end early, as a sentence, or None."""
        return self._reason

    def request(self, reason: str) -> None:
        """Ask the task to end. The first reason counts. Signal handlers call this, in the main thread."""
        # No lock and no event: a handler may interrupt the code that holds it.
        self._reason = self._reason or reason
        if self._is_interruptible:
            # Another signal must not interrupt the code that handles this exception.
            self._is_interruptible = False
            raise Cancelled(self._reason)

    def check(self) -> None:
        """:raises Cancelled: the task has to end."""
        reason = self.reason
        if reason is not None:
            raise Cancelled(reason)

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Inside, in the main thread, a request raises Cancelled at once."""
        self.check()
        self._is_interruptible = True
        try:
            # Check again for a request that came in between.
            self.check()
            yield
        finally:
            self._is_interruptible = False

    def sleep(self, seconds: float) -> None:
        """Wait.

        :raises Cancelled: the task has to end.
        """
        wake = time.monotonic() + seconds
        self.check()
        while True:
            left = wake - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, POLL_SECONDS))
            self.check()

    @contextmanager
    def on_signals(self, reasons: Mapping[int, str]) -> Iterator[None]:
        """Inside, signals ask the task to end. Further ones have no effect: some versions of Ansible send several.

        :param reasons: a sentence for the user for each signal number.
        """
        if threading.current_thread() is not threading.main_thread():
            # Only the main thread may handle signals.
            yield
            return
        usual: dict[int, Callable[[int, FrameType | None], Any] | int | None] = {}

        def handle(number: int, _frame: FrameType | None) -> None:
            self.request(reasons[number])

        try:
            for number in reasons:
                usual[number] = signal.getsignal(number)
                signal.signal(number, handle)
            yield
        finally:
            for number, handler in usual.items():
                signal.signal(number, handler)


class ParentWatchingCancelToken(CancelToken):
    """Also ends the task when a process that waits for it is gone, as nobody would learn of any further change.

    :param reason: the sentence for that.
    :param lineage: the processes to watch, each with its parent; see direct_parent() and waiting_processes().
    """

    def __init__(self, reason: str, lineage: dict[int, int]) -> None:
        super().__init__()
        self._orphaned = reason
        self._lineage = lineage

    @property
    def reason(self) -> str | None:
        """Why the task has to end early, as a sentence, or None."""
        if self._reason is None and any(_parent_of(child) != parent for child, parent in self._lineage.items()):
            self._reason = self._orphaned
        return self._reason


def direct_parent() -> dict[int, int]:
    """Return this process and its parent; nothing if the parent is init, which adopts orphans."""
    return {os.getpid(): os.getppid()} if os.getppid() > 1 else {}


def waiting_processes() -> dict[int, int]:
    """Return the processes that wait for this one, which runs a module, each with its parent.

    They are its shell and what has started that: a worker of Ansible, sshd, sudo, or the wrapper of async. With a
    connection on this machine, the main process of Ansible also waits. It may end without its workers.
    """
    lineage = direct_parent()
    above = lineage.get(os.getpid())
    if above is not None:
        grandparent = _parent_of(above) or 0
        if grandparent > 1:
            lineage[above] = grandparent
    numbers = [int(number) for number in os.environ.get(WORKER, "").split() if number.isdigit()]
    worker, main = numbers if len(numbers) == 2 else (0, 0)
    # A container numbers its own processes, so other processes may have these numbers.
    if main > 1 and worker in _ancestors() and _parent_of(worker) == main:
        lineage[worker] = main
    return lineage


def _ancestors() -> list[int]:
    found: list[int] = []
    process: int | None = os.getppid()
    while process and len(found) < _MOST_ANCESTORS:
        found.append(process)
        process = _parent_of(process) if process > 1 else None
    return found


def _parent_of(process: int) -> int | None:
    """Return the parent of a process, or None if the process is gone or this system does not tell."""
    if process == os.getpid():
        return os.getppid()
    try:
        with open(f"/proc/{process}/stat", "rb") as file:
            # The name of the program comes first, in brackets, and may hold anything.
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None
