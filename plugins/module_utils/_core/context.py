# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The surroundings of a task function.

A task function takes (params, context) and returns a result dictionary. It reaches its surroundings through the context
only, so the same function runs in a module, in Ansible's own process, in plain Python and in tests.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

# Comes first: what is imported after it is imported faster.
from . import zip_imports  # noqa: F401  # pylint: disable=unused-import
from .cancellation import CancelToken
from .errors import Defect, JobsError
from .params import timestamps
from .printable import one_line, printable
from .progress import Line, Progress, ProgressListener
from .redaction import registry

# A difference between two clocks that is worth a warning, in seconds.
NOTICEABLE_DIFFERENCE = 60.0
# The most characters of a line that shows progress.
_LONGEST_LINE = 500


class Clock:
    """Time as the collection sees it. All units are seconds.

    :param cancel_token: a CancelToken that ends a sleep.
    """

    # What the service said the time was, and the reading of now() when it did; None as long as it has not.
    _told: tuple[float, float] | None = None
    # (who said so, its time, ours), if they are more than a minute apart.
    difference: tuple[str, float, float] | None = None

    def __init__(self, cancel_token: CancelToken) -> None:
        self._cancel_token = cancel_token

    def now(self) -> float:
        """A reading that never goes back, for measuring spans."""
        return time.monotonic()

    def wall(self) -> float:
        """Seconds since the epoch by this machine's clock. For dates that the service gives, use service_time()."""
        return time.time()

    def service_time(self) -> float:
        """Seconds since the epoch by the service's clock, or by this machine's until an answer has told the time."""
        if self._told is None:
            return self.wall()
        moment, reading = self._told
        return moment + self.now() - reading

    def present(self) -> Callable[[], datetime]:
        """A function that returns the current time by the service's clock.

        It reads the clock at its first call, and returns the same moment from then on. Call it only after an answer has
        arrived, as only answers tell the service's time.
        """
        return lru_cache(maxsize=None)(lambda: datetime.fromtimestamp(self.service_time(), timezone.utc))

    def note_service_time(self, name: str, moment: float, asked: float) -> None:
        """Notes when an answer was dated.

        :param name: the service's name in messages.
        :param moment: seconds since the epoch.
        :param asked: the reading of now() when its request was sent.
        """
        now, wall = self.now(), self.wall()
        self._told = (moment, now)
        # The answer may have been dated at any time since the request was sent.
        if (
            self.difference is None
            and not -NOTICEABLE_DIFFERENCE <= wall - moment <= NOTICEABLE_DIFFERENCE + now - asked
        ):
            self.difference = (name, moment, wall)

    def sleep(self, seconds: float) -> None:
        """Waits.

        :raises Cancelled: the task is to end early.
        """
        self._cancel_token.sleep(seconds)


class TaskContext:
    """The surroundings of a task function; this one, for plain Python, keeps warnings and secrets in lists.

    :param check_mode: nothing may be changed, only predicted.
    :param is_silent: nothing of the result is shown to anybody.
    :param diff_mode: the result tells what is different afterwards.
    :param listener: shows how far the task has come; None if nobody is to see that.
    :param selinux_special_fs: the file systems that have one SELinux context for all files, as Ansible is configured;
        None for Ansible's default.
    """

    def __init__(
        self,
        *,
        check_mode: bool = False,
        clock: Clock | None = None,
        cancel_token: CancelToken | None = None,
        is_silent: bool = False,
        diff_mode: bool = False,
        listener: ProgressListener | None = None,
        selinux_special_fs: Sequence[str] | None = None,
    ) -> None:
        self.check_mode = check_mode
        self.diff_mode = diff_mode
        self.selinux_special_fs = selinux_special_fs
        self.is_silent = is_silent
        self.cancel_token = cancel_token or CancelToken()
        self.clock = clock or Clock(self.cancel_token)
        self.progress = Progress(self.clock.now, self._tell)
        self._listener = None if is_silent else listener
        # Called when the task function has returned or failed.
        self.cleanups: list[Callable[[], object]] = [self._warn_of_the_clock]
        # Once a change may have been sent: turns the error that ends the task into the task's result.
        self.report_so_far: Callable[[JobsError], dict[str, Any]] | None = None
        # Tracebacks, which may hold secrets.
        self.defects: list[str] = []
        self.warnings: list[str] = []
        self.secrets: list[str] = []
        self._warned: set[str] = set()

    def warn(self, sentence: str) -> None:
        """Shows a warning to the user."""
        self.warnings.append(printable(sentence))

    def warn_once(self, sentence: str) -> None:
        """Shows a warning to the user, unless it was shown before in this way."""
        if sentence not in self._warned:
            self._warned.add(sentence)
            self.warn(sentence)

    def mark_secret(self, value: str) -> None:
        """Keeps one string out of everything that is shown."""
        self.secrets.append(value)

    def scrub(self, text: str) -> str:
        """Returns a text with all marked secrets hidden."""
        return registry.scrub(text, self.secrets)

    def clean_up(self) -> None:
        """Calls all cleanups. One that fails costs neither the others nor the result."""
        for cleanup in self.cleanups:
            try:
                cleanup()
            except Exception as defect:
                self.note_defect(defect)

    def note_defect(self, cause: BaseException) -> Defect:
        """Keeps the traceback of an unexpected exception for -vvv; returns the error for the user."""
        self.defects.append("".join(traceback.format_exception(type(cause), cause, cause.__traceback__)))
        return Defect(cause)

    def _tell(self, line: Line) -> None:
        """Shows a line of progress, unless the task is to end: whoever would read it may be gone."""
        if self._listener is None or self.cancel_token.reason is not None:
            return
        try:
            text = line()
            if text:
                # Half a secret would not be recognized any more, so the text is shortened last.
                self._listener.show(one_line(self.scrub(text), _LONGEST_LINE))
        # What the task does is worth more than showing it.
        except Exception as defect:
            self._listener = None
            self.note_defect(defect)

    def _warn_of_the_clock(self) -> None:
        if self.clock.difference is None:
            return
        name, theirs, ours = self.clock.difference
        self.warn(
            f"The clocks of this machine and of {name} differ: it was {_iso(ours)} here when it was {_iso(theirs)} "
            "there. Ages and dates are computed with the service's clock."
        )


def _iso(seconds: float) -> str:
    return timestamps.iso(datetime.fromtimestamp(seconds, timezone.utc))
