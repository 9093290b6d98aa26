# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Blocking calls beside an event loop."""

from __future__ import annotations

import asyncio
import threading

import pytest
from ansible_collections.saasops.jobs.plugins.plugin_utils._loop_threads import in_thread


class Stop(BaseException):
    """No Exception, like the one that ends tasks."""


def fail(error):
    raise error


def test_a_call_runs_in_another_thread_and_returns_its_result():
    here, there = threading.get_ident(), asyncio.run(in_thread(threading.get_ident))
    assert here != there


@pytest.mark.parametrize("error", [ValueError("a"), Stop("b")])
def test_what_a_call_raises_is_raised_again(error):
    with pytest.raises(type(error), match=str(error)):
        asyncio.run(in_thread(fail, error))


def test_other_tasks_run_meanwhile():
    begun = threading.Event()

    async def both():
        call = asyncio.ensure_future(in_thread(begun.wait))
        await asyncio.sleep(0)
        begun.set()
        return await call

    assert asyncio.run(both()) is True


def test_a_call_that_does_not_end_is_abandoned_when_it_is_cancelled():
    released = threading.Event()

    async def cancel():
        call = asyncio.ensure_future(in_thread(released.wait))
        await asyncio.sleep(0)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        assert call.cancelled()

    asyncio.run(cancel())
    # Its end, after that of the loop, does no harm.
    released.set()
