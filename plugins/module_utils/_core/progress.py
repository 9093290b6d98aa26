# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task shows while it works: lines for the user that are no part of its result."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Optional, Protocol

# Seconds before the first line of a running operation, and between its lines.
INTERVAL = 5.0
# How many lines back a rate goes: half a minute.
_LINES_OF_A_RATE = 6
_UNITS = ("KiB", "MiB", "GiB", "TiB")

# Makes a line just before it is shown; None if there is nothing to show.
Line = Callable[[], Optional[str]]


class ProgressListener(Protocol):
    """Whatever shows lines to the user."""

    def show(self, line: str) -> None:
        """Show one printable line, which holds no secrets."""


class Progress:
    """How far a task has come.

    Only the main thread shows lines, and never inside CancelToken.interruptible(): an exception there could end the
    writing of a line halfway, and Ansible shares the pipe for these lines among processes.

    :param now: reads the clock of the task, in seconds.
    :param tell: shows a line, if anybody listens. It raises nothing.
    """

    def __init__(self, now: Callable[[], float], tell: Callable[[Line], None]) -> None:
        self._now = now
        self._tell = tell
        self._lock = threading.Lock()
        self._watched: list[_Watched] = []

    def show(self, line: Line) -> None:
        """Show a line at once. Only the main thread calls this."""
        self._tell(line)

    @contextmanager
    def watch(self, line: Line) -> Iterator[None]:
        """Inside, look() shows this line from time to time. Any thread may enter.

        :param line: called in the main thread.
        """
        watched = _Watched(line, self._now() + INTERVAL)
        with self._lock:
            self._watched.append(watched)
        try:
            yield
        finally:
            with self._lock:
                self._watched.remove(watched)

    def look(self) -> None:
        """Show the lines that are due. The main thread calls this again and again while others work."""
        now = self._now()
        with self._lock:
            due = [watched for watched in self._watched if now >= watched.due]
        for watched in due:
            watched.due = now + INTERVAL
            self._tell(watched.line)


class _Watched:
    """A line that is shown from time to time.

    :param due: when it is shown next, as a reading of the clock.
    """

    def __init__(self, line: Line, due: float) -> None:
        self.line = line
        self.due = due


class Rate:
    """How fast an amount grows.

    :param now: reads the clock of the task, in seconds.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._readings = deque([(now(), 0)], maxlen=_LINES_OF_A_RATE + 1)

    def note(self, amount: int) -> float:
        """Return the rate per second, at each line that shows the amount; 0 if it does not grow."""
        now = self._now()
        if amount < self._readings[-1][1]:
            # The work has begun again.
            self._readings.clear()
        self._readings.append((now, amount))
        since, before = self._readings[0]
        return (amount - before) / (now - since) if now > since else 0.0


def time_left(amount: int, rate: float) -> str:
    """Return how long the rest takes, as words that follow others after a comma; nothing if that cannot be determined.

    :param amount: what is left.
    :param rate: how much of that is done per second.
    """
    return f", {duration(amount / rate)} left at this rate" if rate > 0 and amount >= 0 else ""


def duration(seconds: float) -> str:
    """Return a number of seconds as people say it, like "12 s" or "2 h 5 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60:,} h {minutes % 60} min"


def size(count: float) -> str:
    """Return a number of bytes as people say it, like "1.5 MiB"."""
    if count < 1024:
        return f"{count:.0f} bytes"
    step = 0
    while count >= 1024**2 and step < len(_UNITS) - 1:
        count /= 1024
        step += 1
    return f"{count / 1024:,.1f} {_UNITS[step]}"
