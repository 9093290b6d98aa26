# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets the code that carries out a change report when the change takes effect.

The engine registers an observer for the item that a thread works on. Whatever carries out the change, be it a request
or the replacement of a file, reports to the observer of its thread and does not need to know the item.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class SendObserver(Protocol):
    """Follows the progress of a change."""

    def sending(self) -> None:
        """The change is about to take effect: its first byte leaves, or its file takes its place.

        :raises Cancelled: it must not take effect.
        """

    def not_sent(self) -> None:
        """Nothing of the change has left after all: the bytes only opened a tunnel through a proxy."""


_observer: ContextVar[SendObserver | None] = ContextVar("saasops_jobs_send_observer", default=None)


@contextmanager
def observed_by(observer: SendObserver) -> Iterator[None]:
    """Inside this context, the changes of this thread are reported to an observer."""
    token = _observer.set(observer)
    try:
        yield
    finally:
        _observer.reset(token)


def current_observer() -> SendObserver | None:
    """The observer of this thread, if there is one."""
    return _observer.get()
