# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ending a task early without losing what is known: Ctrl-C, termination, a task's time-out.

Private to this collection.
"""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager

# Seconds between two looks whether the task is to stop.
LOOK = 0.2


class Stopped(BaseException):
    """The task is to end now. Like KeyboardInterrupt no Exception, so that no handler of failures takes it for one.

    :param reason: a sentence for the user.
    """

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class Stop:
    """Whether a task is to end early.

    What is under way ends by itself and is accounted for. Only inside interruptible() is the work of the main thread
    cut off, by a Stopped: there, nothing is being changed.
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
            raise Stopped(self._reason)

    def check(self):
        """Raises Stopped if the task is to end."""
        if self.reason is not None:
            raise Stopped(self.reason)

    @contextmanager
    def interruptible(self):
        """Inside, in the main thread, a request raises Stopped at once."""
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

        :raises Stopped: the task is to end.
        """
        wake = time.monotonic() + seconds
        self.check()
        while True:
            left = wake - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, LOOK))
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
