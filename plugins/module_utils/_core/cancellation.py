# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ending a task early without losing what is known: Ctrl-C, termination, a task's time-out.

Private to this collection.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import contextmanager

# Seconds between two looks whether the task is to stop.
POLL_SECONDS = 0.2

# "WORKER MAIN": the process that runs an action plugin, and its parent, Ansible's main process.
WORKER = "SAASOPS_JOBS_WORKER"
_MOST_ANCESTORS = 30


class Cancelled(BaseException):
    """The task is to end now. Like KeyboardInterrupt no Exception, so that no handler of failures takes it for one.

    :param reason: a sentence for the user.
    """

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class CancelToken:
    """Whether a task is to end early.

    What is under way ends by itself and is accounted for. Only inside interruptible() is the work of the main thread
    cut off, by a Cancelled: there, nothing is being changed.
    """

    def __init__(self):
        self._reason = None
        self._cut_off = False

    @property
    def reason(self):
        """Why the task is to end early, as a sentence, or None."""
        return self._reason

    def request(self, reason):
        """Asks the task to end; the first reason stands. For signal handlers, which run in the main thread."""
        # No lock and no event: a handler may interrupt whoever holds it.
        self._reason = self._reason or reason
        if self._cut_off:
            # Once is enough: another signal must not hit whoever handles the first.
            self._cut_off = False
            raise Cancelled(self._reason)

    def check(self):
        """Raises Cancelled if the task is to end."""
        if self.reason is not None:
            raise Cancelled(self.reason)

    @contextmanager
    def interruptible(self):
        """Inside, in the main thread, a request raises Cancelled at once."""
        self.check()
        self._cut_off = True
        try:
            # Once more, for a request that came in between.
            self.check()
            yield
        finally:
            self._cut_off = False

    def sleep(self, seconds):
        """Waits.

        :raises Cancelled: the task is to end.
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
    def on_signals(self, reasons):
        """Inside, signals ask the task to end. Further ones change nothing: some versions of Ansible send several.

        :param reasons: {signal number: a sentence for the user}.
        """
        if threading.current_thread() is not threading.main_thread():
            # Only the main thread may handle signals.
            yield
            return
        usual = {}

        def handle(number, _frame):
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
    """Also ends the task when a process that waits for it has ended: nobody would be told of what is done after that.

    :param reason: the sentence for that.
    :param lineage: {process: its parent}, see direct_parent() and waiting_processes().
    """

    def __init__(self, reason: str, lineage: dict[int, int]) -> None:
        super().__init__()
        self._orphaned = reason
        self._lineage = lineage

    @property
    def reason(self) -> str | None:
        """Why the task is to end early, as a sentence, or None."""
        if self._reason is None and any(_parent_of(child) != parent for child, parent in self._lineage.items()):
            self._reason = self._orphaned
        return self._reason


def direct_parent() -> dict[int, int]:
    """This process and its parent; nothing if that is the first process, to which the orphans of others go."""
    return {os.getpid(): os.getppid()} if os.getppid() > 1 else {}


def waiting_processes() -> dict[int, int]:
    """The processes that wait for this one, a module, each with its parent.

    They are its shell, what has started that (a worker of Ansible, sshd, sudo, the wrapper of async), and with a
    connection on this machine the main process of Ansible, which may end without its workers.
    """
    lineage = direct_parent()
    above = lineage.get(os.getpid())
    if above and (_parent_of(above) or 0) > 1:
        lineage[above] = _parent_of(above)
    told = [int(number) for number in os.environ.get(WORKER, "").split() if number.isdigit()]
    worker, main = told if len(told) == 2 else (0, 0)
    # A container has numbers of its own for processes, so that others may have these.
    if main > 1 and worker in _ancestors() and _parent_of(worker) == main:
        lineage[worker] = main
    return lineage


def _ancestors() -> list[int]:
    found = [os.getppid()]
    while found[-1] and found[-1] > 1 and len(found) < _MOST_ANCESTORS:
        found.append(_parent_of(found[-1]))
    return found


def _parent_of(process: int) -> int | None:
    """The parent of a process, or None: it is gone, or this system does not tell."""
    if process == os.getpid():
        return os.getppid()
    try:
        with open(f"/proc/{process}/stat", "rb") as file:
            # The name of the program comes first, in brackets, and may hold anything.
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None
