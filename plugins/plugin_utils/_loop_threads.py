# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Blocking calls beside an event loop."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import Any, Callable, TypeVar

from ansible_collections.saasops.jobs.plugins.module_utils._core.threads import outcome_of

T = TypeVar("T")


async def in_thread(function: Callable[..., T], *arguments: Any) -> T:
    """Calls a function in a thread of its own.

    If this is cancelled, nobody waits for the thread any more, not even the end of the process: a request may last.
    asyncio.to_thread() has Python wait for it.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def settle(result: Callable[[], T]) -> None:
        if outcome.done():
            return
        try:
            outcome.set_result(result())
        # Whoever waits gets the exception, whatever it is.
        except BaseException as error:
            outcome.set_exception(error)

    def call() -> None:
        result = outcome_of(lambda: function(*arguments))
        # The loop may have ended meanwhile.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result)

    threading.Thread(target=call, daemon=True, name=f"saasops.jobs {function.__name__}").start()
    return await outcome
