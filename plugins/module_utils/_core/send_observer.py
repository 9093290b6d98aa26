# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells whoever tracks a change that it is about to take effect.

The engine observes the item that a thread works on. Whatever carries out a change, a request or the replacement of a
file, reports to the observer of its thread, and need not know what the change is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class SendObserver(Protocol):
    """Learns how far a change has come."""

    def sending(self) -> None:
        """A change is about to take effect, as its first byte leaves or its file takes its place.

        :raises Cancelled: it must not.
        """

    def not_sent(self) -> None:
        """Nothing of the change has left after all: what was sent only opened a tunnel through a proxy."""


_observer: ContextVar[SendObserver | None] = ContextVar("saasops_jobs_send_observer", default=None)


@contextmanager
def observed_by(observer: SendObserver) -> Iterator[None]:
    """Inside, in this thread, changes are reported to an observer."""
    token = _observer.set(observer)
    try:
        yield
    finally:
        _observer.reset(token)


def current_observer() -> SendObserver | None:
    """The observer of this thread, or None."""
    return _observer.get()
