# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task shows while it works, and in which thread."""

from __future__ import annotations

from threading import Condition, current_thread


class Recorder:
    """A ProgressListener that keeps the lines."""

    def __init__(self):
        self.lines = []
        self.threads = set()
        self._changed = Condition()

    def show(self, line):
        with self._changed:
            self.lines.append(line)
            self.threads.add(current_thread())
            self._changed.notify_all()

    def wait_for(self, count):
        """Another thread waits here until there are so many lines."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.lines) >= count, timeout=30)
