# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches the jobs of a service: looks at each place again and again, and puts events into a queue."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from typing import Any, Callable, Protocol

from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import (
    InvalidInput,
    JobsError,
    MissingLibrary,
    RequestFailed,
    ServiceError,
)
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Backoff
from ansible_collections.saasops.jobs.plugins.module_utils._core.runner import MaskingContext
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_changes import Known
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_log import hide_queries, logger
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_options import (
    FEEDBACK_QUEUE,
    WatchOptions,
    read_options,
)
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_poller import Event, Look, Poller
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_state import State, StateFile
from ansible_collections.saasops.jobs.plugins.plugin_utils._loop_threads import in_thread

# Seconds: the longest wait after errors, and the longest that a service can ask for.
_LONGEST_WAIT, _LONGEST_ASKED = 900.0, 3600.0
# Seconds that ansible-rulebook has to say that it took an event.
_LONGEST_FEEDBACK = 120.0
# Seconds that signing out may take when the source ends, and writing the state file.
_LONGEST_END = 2.0


class NotTaken(JobsError):
    """Nobody took an event, so it has to be told again."""

    is_transient = True


class EventQueue(Protocol):
    """Where events go: the queue that ansible-rulebook hands to a source."""

    async def put(self, event: Any, /) -> None:
        """Adds an event, as soon as there is room."""


async def watch(queue: EventQueue, args: Mapping[str, Any]) -> None:
    """What ansible-rulebook calls: watches jobs until it is cancelled.

    :param queue: where the events go.
    :param args: the options, as a rulebook gives them.
    :raises JobsError: the options or the credentials are wrong.
    """
    context = MaskingContext(set())
    try:
        options = read_options(args, context)
        feedback = args.get(FEEDBACK_QUEUE) if options.waits_for_feedback else None
        await Watch(options, queue, feedback).run()
    except JobsError as error:
        # A new one, as ansible-rulebook prints all that an error has gone through.
        raise error.replace(sentence=context.scrub(str(error))) from None


class Watch:
    """Watches all places of a source until it is cancelled.

    :param queue: where the events go.
    :param feedback: where ansible-rulebook puts each event that it took; None not to wait for that.
    :param wait: waits for so many seconds.
    """

    def __init__(
        self,
        options: WatchOptions,
        queue: EventQueue,
        feedback: asyncio.Queue[Any] | None = None,
        *,
        wait: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._options = options
        self._queue = queue
        self._feedback = feedback
        self._wait = wait
        self._file = StateFile(options.state_file, options.identity)
        self._state: State = {}
        self._is_saved = True
        self._saving: asyncio.Future[None] | None = None
        # One event after the other is told, so that each feedback is about the last one.
        self._telling = asyncio.Lock()
        # One place after the other is looked at until the service has accepted the credentials: services lock those
        # that they refuse too often.
        self._looking = asyncio.Semaphore(1)
        self._is_accepted = False
        self._final: JobsError | None = None
        self._backoff = Backoff(0, base=options.interval, longest=_LONGEST_WAIT, longest_asked=_LONGEST_ASKED)

    async def run(self) -> None:
        """Never returns.

        :raises JobsError: the options or the credentials are wrong.
        :raises asyncio.CancelledError: the source is to end.
        """
        hide_queries()
        try:
            kept = await in_thread(self._file.load)
            names = [place.name for place in self._options.places]
            # Of a place that is not watched any more, the file would tell old news if it is watched again some day.
            self._state = {name: kept[name] for name in names if name in kept}
            await self._watch_all()
        finally:
            if self._saving is not None:
                # What is being written now must not replace what the next source writes.
                await asyncio.wait([self._saving], timeout=_LONGEST_END)
            self._file.release()

    async def _watch_all(self) -> None:
        pollers = [Poller(self._options, place) for place in self._options.places]
        tasks = [asyncio.ensure_future(self._watch(poller)) for poller in pollers]
        try:
            await asyncio.gather(*tasks)
        finally:
            for poller, task in zip(pollers, tasks):
                poller.stop()
                task.cancel()
            await asyncio.gather(*tasks, *map(_end, pollers), return_exceptions=True)

    async def _watch(self, poller: Poller) -> None:
        failures, name = 0, poller.place.name
        while True:
            known = self._state.get(name)
            delay = self._options.interval
            try:
                look = await self._look(poller, known)
                async with self._telling:
                    for event in look.events:
                        await self._tell(event)
                    await self._remember(name, look.known)
                failures = 0
            except JobsError as error:
                if error is self._final:
                    raise
                delay += self._backoff.delay(failures, error.retry_after if isinstance(error, RequestFailed) else None)
                failures += 1
                logger.warning("%s: %s The next attempt is in %.0f s.", name, error, delay)
            await self._wait(delay)

    async def _look(self, poller: Poller, known: Mapping[str, Known] | None) -> Look:
        """Looks at a place, as soon as it is its turn.

        :raises JobsError: it cannot be determined which jobs there are.
        """
        async with self._looking:
            if self._final is not None:
                raise self._final
            try:
                look = await in_thread(poller.look, known)
            except JobsError as error:
                if _is_final(error, is_first=known is None):
                    self._final = error
                raise
        if not self._is_accepted:
            self._is_accepted = True
            for _turn in range(self._options.settings.max_concurrency - 1):
                self._looking.release()
        return look

    async def _tell(self, event: Event) -> None:
        """Puts an event into the queue.

        :raises NotTaken: ansible-rulebook did not take it.
        """
        await self._queue.put(event)
        if self._feedback is None:
            return
        try:
            await asyncio.wait_for(_acknowledgement(self._feedback, event["id"]), _LONGEST_FEEDBACK)
        except asyncio.TimeoutError:
            raise NotTaken("ansible-rulebook did not say in time that it took an event.") from None

    async def _remember(self, name: str, known: Mapping[str, Known]) -> None:
        """Notes what has been told, in the file as well."""
        if self._state.get(name) == known and self._is_saved:
            return
        self._state[name] = known
        self._is_saved = False
        try:
            self._saving = asyncio.ensure_future(in_thread(self._file.save, dict(self._state)))
            await asyncio.shield(self._saving)
            self._is_saved = True
        except JobsError as error:
            # After a restart, these events would come again, which is better than none.
            logger.error("%s", error)


def _is_final(error: JobsError, *, is_first: bool) -> bool:
    """Whether an error does not pass by itself, so that somebody has to act.

    :param is_first: nothing has been read with these options before.
    """
    if isinstance(error, (InvalidInput, MissingLibrary)):
        return True
    if error.is_transient:
        return False
    # Later, whatever else a service or a gateway answers may pass, but credentials that are refused may get locked.
    is_refusal = isinstance(error, ServiceError) and error.aborts_task and (error.status or 0) >= 400
    return is_first or is_refusal


async def _acknowledgement(feedback: asyncio.Queue[Any], event_id: str) -> None:
    """Waits for the acknowledgement of an event. One of an earlier event is late, and of no use any more."""
    while (await feedback.get()).get("id") != event_id:
        pass


async def _end(poller: Poller) -> None:
    with suppress(asyncio.TimeoutError, JobsError):
        await asyncio.wait_for(in_thread(poller.close), _LONGEST_END)
