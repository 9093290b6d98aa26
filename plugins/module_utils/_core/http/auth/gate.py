# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protects credentials that nobody has accepted yet, as services lock keys that are refused too often."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from ...errors import JobsError, RequestFailed


class CredentialGate:
    """Lets requests through one at a time until the service has accepted the credentials once.

    If the service refuses them before that, or if none can be obtained, no further request passes: a wrong key must
    not be tried a thousand times.
    """

    def __init__(self) -> None:
        self._first = Lock()
        self._is_open = False
        self._refusal: JobsError | None = None

    @contextmanager
    def admission(self) -> Iterator[None]:
        """Inside this context, one request may be sent.

        :raises JobsError: the credentials were refused before.
        """
        is_alone = not self._is_open
        if is_alone:
            self._first.acquire()
            if self._is_open:
                self._first.release()
                is_alone = False
        try:
            self.check()
            yield
        finally:
            if is_alone:
                self._first.release()

    def check(self) -> None:
        """
        :raises JobsError: the credentials were refused before.
        """
        if self._refusal is not None:
            raise self._refusal

    def accept(self) -> None:
        """Notes that the service accepted the credentials."""
        self._is_open = True

    def refuse(self, error: JobsError) -> None:
        """Notes that the service refused the credentials. If it accepted them before, it may do so again."""
        if not self._is_open:
            self._refusal = error

    def close(self, error: JobsError) -> None:
        """Notes that no credentials can be obtained any more."""
        # Every later request would fail for the same reason.
        self._refusal = error.replace(aborts_task=True) if isinstance(error, RequestFailed) else error
