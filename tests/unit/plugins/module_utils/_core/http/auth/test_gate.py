# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials that nobody has accepted yet."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.auth.gate import CredentialGate

REFUSED = errors.ServiceError("no", 401, None, "no", None, "GET", "/")


def entering(gate, count):
    """(an event that lets the threads leave, how many of them are inside)"""
    inside, leave = threading.Semaphore(0), threading.Event()

    def enter():
        with gate.admission():
            inside.release()
            leave.wait(10)

    for _number in range(count):
        threading.Thread(target=enter, daemon=True).start()
    return leave, inside


def count(semaphore, expected):
    """How many threads have come: all that are expected have time, and one more would be seen."""
    return sum(semaphore.acquire(timeout=10) for _number in range(expected)) + semaphore.acquire(timeout=0.3)


def test_one_request_passes_at_a_time_before_the_credentials_are_accepted():
    leave, inside = entering(CredentialGate(), 3)
    assert count(inside, 1) == 1
    leave.set()
    assert count(inside, 2) == 2


def test_all_requests_pass_once_the_credentials_are_accepted():
    gate = CredentialGate()
    gate.accept()
    leave, inside = entering(gate, 3)
    assert count(inside, 3) == 3
    leave.set()


def test_no_request_passes_after_the_credentials_were_refused():
    gate = CredentialGate()
    gate.refuse(REFUSED)
    with pytest.raises(errors.ServiceError), gate.admission():
        pytest.fail("a request passed")


def test_requests_pass_if_credentials_are_refused_that_were_accepted_before():
    gate = CredentialGate()
    gate.accept()
    gate.refuse(REFUSED)
    with gate.admission():
        pass


def test_no_request_passes_once_there_are_no_credentials_to_be_had():
    gate = CredentialGate()
    gate.accept()
    gate.close(errors.ServiceError("no", 400, None, "no", None, "GET", "/"))
    with pytest.raises(errors.ServiceError) as caught, gate.admission():
        pytest.fail("a request passed")
    assert caught.value.aborts_task
