# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event sources that look at jobs when a test says so."""

from __future__ import annotations

import asyncio
import runpy
from contextlib import suppress
from pathlib import Path

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_options import read_options
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_watch import Watch

PLUGIN = Path(__file__).resolve().parents[2] / "extensions" / "eda" / "plugins" / "event_source" / "jobs.py"


def plugin_main():
    """main() of the event source, as ansible-rulebook loads it."""
    return runpy.run_path(str(PLUGIN))["main"]


class Crash(BaseException):
    """The process that an event source runs in ends here."""


class _Queue(asyncio.Queue):
    """A queue that takes only so many events before the process ends.

    :param room: how many, or None for all.
    """

    room = None

    async def put(self, item):
        if self.room is not None:
            if not self.room:
                raise Crash
            self.room -= 1
        await super().put(item)


class SteeredSource:
    """An event source that waits for the test between two looks; a context manager that ends it.

    :param args: its options.
    :ivar delays: how long it wanted to wait after each look.
    """

    def __init__(self, feedback=None, **args):
        self.args = {"interval": 60, **args}
        self.delays = []
        self._feedback = feedback

    def __enter__(self):
        self._runner = asyncio.Runner()
        self._task = None
        self._waiting = []
        self._runner.run(self._prepare())
        return self

    def __exit__(self, *_details):
        self._runner.run(self._end())
        self._runner.close()

    def look(self, room=None):
        """Has it look at all places once; returns the events.

        :param room: how many events the queue takes before the process ends, or None.
        :raises JobsError: the source has ended.
        """
        self._queue.room = room
        with suppress(Crash):
            self._runner.run(self._look())
        return [self._queue.get_nowait() for _event in range(self._queue.qsize())]

    async def _prepare(self):
        self._queue, self._paused = _Queue(), asyncio.Event()

    async def _look(self):
        self._paused.clear()
        if self._task is None:
            options = read_options(self.args, TaskContext())
            self._places = len(options.places)
            watch = Watch(options, self._queue, self._feedback, wait=self._wait)
            self._task = asyncio.ensure_future(watch.run())
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each.set_result(None)
        paused = asyncio.ensure_future(self._paused.wait())
        await asyncio.wait([self._task, paused], return_when=asyncio.FIRST_COMPLETED)
        paused.cancel()
        if self._task.done():
            self._task.result()

    async def _wait(self, seconds):
        self.delays.append(seconds)
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        if len(self._waiting) == self._places:
            self._paused.set()
        await turn

    async def _end(self):
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
