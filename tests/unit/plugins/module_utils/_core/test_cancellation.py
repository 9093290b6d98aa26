# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from contextlib import suppress

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.cancellation import (
    WORKER,
    Cancelled,
    CancelToken,
    ParentWatchingCancelToken,
    direct_parent,
    waiting_processes,
)
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext

REASONS = {signal.SIGUSR1: "Stopped by SIGUSR1.", signal.SIGUSR2: "Stopped by SIGUSR2."}


def test_a_request_interrupts_only_what_is_interruptible():
    cancel_token = CancelToken()
    with pytest.raises(Cancelled, match="Enough"), cancel_token.interruptible():
        cancel_token.request("Enough.")
    cancel_token = CancelToken()
    with cancel_token.interruptible():
        pass
    cancel_token.request("Enough.")
    assert cancel_token.reason == "Enough."
    with pytest.raises(Cancelled), cancel_token.interruptible():
        pytest.fail("it was to stop before")


def test_a_second_request_does_not_interrupt_the_handling_of_the_first():
    cancel_token = CancelToken()
    try:
        with cancel_token.interruptible():
            try:
                cancel_token.request("First.")
            finally:
                cancel_token.request("Second.")
    except Cancelled as stopped:
        assert stopped.reason == "First."
        assert stopped.__context__ is None


def test_the_first_reason_counts():
    cancel_token = CancelToken()
    cancel_token.request("First.")
    cancel_token.request("Second.")
    with pytest.raises(Cancelled, match="First"):
        cancel_token.check()


def test_a_sleep_ends_when_the_task_is_cancelled():
    context = TaskContext()
    context.clock.sleep(0)
    context.cancel_token.request("Enough.")
    with pytest.raises(Cancelled, match="Enough"):
        context.clock.sleep(3600)


def test_signals_cancel_the_task_and_their_handlers_are_restored():
    usual = [signal.getsignal(number) for number in REASONS]
    cancel_token = CancelToken()
    with cancel_token.on_signals(REASONS):
        os.kill(os.getpid(), signal.SIGUSR2)
        os.kill(os.getpid(), signal.SIGUSR1)
    assert cancel_token.reason == "Stopped by SIGUSR2."
    assert [signal.getsignal(number) for number in REASONS] == usual


# Stands for a module: it tells which processes it watches, and then why it is to stop.
MODULE = """
import sys, time
from ansible_collections.saasops.jobs.plugins.module_utils._core import cancellation
stop = cancellation.ParentWatchingCancelToken("orphaned", cancellation.waiting_processes())
print("watches", len(stop._lineage), flush=True)
while stop.reason is None:
    time.sleep(0.01)
print(stop.reason, flush=True)
"""
# Like `python module && sleep 0`, as Ansible starts modules: the shell stays.
SHELL = ["/bin/sh", "-c", '"$0" -c "$1"; :', sys.executable, MODULE]
# A process that starts another one, tells its own number, and waits for a line.
WAITS = """
import os, subprocess, sys
if sys.argv[1] == "tells":
    os.environ["SAASOPS_JOBS_WORKER"] = f"{os.getpid()} {os.getppid()}"
process = subprocess.Popen(sys.argv[2:])
print("process", os.getpid(), flush=True)
process.wait()
"""


class Chain:
    """Processes of which each has started the next one, the last being a module.

    :param kinds: "tells" for one that tells the module of itself, "waits" for any other.
    :param worker: what the module is told otherwise.
    """

    def __init__(self, *kinds, worker=""):
        command = SHELL
        for kind in reversed(kinds):
            command = [sys.executable, "-c", WAITS, kind, *command]
        environment = {**os.environ, WORKER: worker, "PYTHONPATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]}
        self._first = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        said = [self._first.stdout.readline().split() for _number in range(len(kinds) + 1)]
        self.numbers = [int(number) for word, number in said if word == "process"]
        self.watched = next(int(number) for word, number in said if word == "watches")

    def __enter__(self):
        return self

    def end(self, position):
        os.kill(self.numbers[position], signal.SIGKILL)
        if position == 0:
            self._first.wait()

    def says(self):
        """What the module says next, or None if it goes on."""
        ready, _writable, _failed = select.select([self._first.stdout], [], [], 0.5)
        return self._first.stdout.readline().strip() if ready else None

    def __exit__(self, *details):
        # With the lowest of them, all that waits for it ends: the module at last, as it has no parent any more.
        for number in self.numbers:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self._first.stdout.read()
        self._first.stdout.close()
        self._first.wait()


def test_a_module_is_cancelled_when_ansibles_main_process_ends_before_its_worker():
    with Chain("waits", "tells") as chain:
        assert chain.watched == 3
        chain.end(0)
        assert chain.says() == "orphaned"


def test_a_module_is_cancelled_when_its_session_ends():
    with Chain("waits", "waits") as chain:
        assert chain.watched == 2
        chain.end(1)
        assert chain.says() == "orphaned"


def test_a_module_goes_on_when_a_process_above_its_session_ends():
    """The daemon that listens for sessions is started anew, for instance."""
    with Chain("waits", "waits", "waits") as chain:
        for position in (0, 1):
            chain.end(position)
            assert chain.says() is None


def test_a_worker_that_is_not_an_ancestor_is_not_watched():
    """In a container, or in a module that has left its worker, as with async."""
    with Chain("waits", worker="999999 999998") as chain:
        assert chain.watched == 2


def test_a_process_that_is_an_orphan_from_the_start_watches_nobody(monkeypatch):
    monkeypatch.setattr(os, "getppid", lambda: 1)
    assert waiting_processes() == direct_parent() == {}
    assert ParentWatchingCancelToken("orphaned", direct_parent()).reason is None
