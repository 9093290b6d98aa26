# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import signal

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.host import Host
from ansible_collections.saasops.jobs.plugins.module_utils._core.stopping import Stop, Stopped

REASONS = {signal.SIGUSR1: "Stopped by SIGUSR1.", signal.SIGUSR2: "Stopped by SIGUSR2."}


def test_a_request_cuts_off_only_what_is_interruptible():
    stop = Stop()
    with pytest.raises(Stopped, match="Enough"), stop.interruptible():
        stop.request("Enough.")
    stop = Stop()
    with stop.interruptible():
        pass
    stop.request("Enough.")
    assert stop.reason == "Enough."
    with pytest.raises(Stopped), stop.interruptible():
        pytest.fail("it was to stop before")


def test_a_second_request_does_not_cut_off_whoever_handles_the_first():
    stop = Stop()
    try:
        with stop.interruptible():
            try:
                stop.request("First.")
            finally:
                stop.request("Second.")
    except Stopped as stopped:
        assert stopped.reason == "First."
        assert stopped.__context__ is None


def test_the_first_reason_stands():
    stop = Stop()
    stop.request("First.")
    stop.request("Second.")
    with pytest.raises(Stopped, match="First"):
        stop.check()


def test_a_sleep_ends_when_the_task_is_to_stop():
    host = Host()
    host.clock.sleep(0)
    host.stop.request("Enough.")
    with pytest.raises(Stopped, match="Enough"):
        host.clock.sleep(3600)


def test_signals_ask_to_stop_and_get_their_handlers_back():
    usual = [signal.getsignal(number) for number in REASONS]
    stop = Stop()
    with stop.on_signals(REASONS):
        os.kill(os.getpid(), signal.SIGUSR2)
        os.kill(os.getpid(), signal.SIGUSR1)
    assert stop.reason == "Stopped by SIGUSR2."
    assert [signal.getsignal(number) for number in REASONS] == usual
