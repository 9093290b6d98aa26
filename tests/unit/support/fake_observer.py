# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A SendObserver that keeps what it was told."""

from __future__ import annotations

from ansible_collections.saasops.jobs.plugins.module_utils._core.cancellation import Cancelled


class FakeObserver:
    """Keeps whether a change was sent.

    :param refuses: it lets no change be sent.
    """

    def __init__(self, sent: bool = False, refuses: bool = False) -> None:
        self.sent = sent
        self._refuses = refuses

    def sending(self) -> None:
        self.sent = True
        if self._refuses:
            raise Cancelled("The task is over.")

    def not_sent(self) -> None:
        self.sent = False
