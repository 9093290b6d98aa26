# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task function may ask of the place where it runs.

A task function takes (params, host) and returns a result dictionary. The host is the whole of its surroundings, so the
same function runs in a module, in plain Python and in tests.

Private to this collection.
"""

from __future__ import annotations

import time
import traceback
from typing import Any, Callable

from .errors import Defect, JobsError
from .stopping import Stop


class Clock:
    """Time as the collection sees it. All units are seconds.

    :param stop: a Stop that ends a sleep.
    """

    def __init__(self, stop):
        self._stop = stop

    def now(self):
        """A reading that never goes back, for measuring spans."""
        return time.monotonic()

    def wall(self):
        """Seconds since the epoch."""
        return time.time()

    def sleep(self, seconds):
        """Waits.

        :raises Stopped: the task is to end early.
        """
        self._stop.sleep(seconds)


class Host:
    """The surroundings of a task function: this one, for plain Python, keeps warnings and secrets in lists.

    :param check_mode: nothing may be changed, only predicted.
    :param clock: a Clock.
    :param stop: a Stop.
    :param is_silent: nothing of the result is shown to anybody.
    :param diff_mode: the result tells what is different afterwards.
    """

    def __init__(self, check_mode=False, clock=None, stop=None, is_silent=False, diff_mode=False):
        self.check_mode = check_mode
        self.diff_mode = diff_mode
        self.is_silent = is_silent
        self.stop = stop or Stop()
        self.clock = clock or Clock(self.stop)
        # Called when the task function has returned or failed.
        self.at_end = []
        # Once a change may have been sent: a function of the error that ends the task, which returns its result.
        self.report_so_far: Callable[[JobsError], dict[str, Any]] | None = None
        # Tracebacks, which may hold secrets.
        self.defects: list[str] = []
        self.warnings = []
        self.secrets = []

    def warn(self, sentence):
        """Shows a warning to the user."""
        self.warnings.append(sentence)

    def mark_secret(self, value):
        """Keeps one string out of everything that is shown."""
        self.secrets.append(value)

    def note_defect(self, cause: BaseException) -> Defect:
        """Keeps the traceback of what nobody expected for -vvv; returns the error for the user."""
        self.defects.append("".join(traceback.format_exception(type(cause), cause, cause.__traceback__)))
        return Defect(cause)
