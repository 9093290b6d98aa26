# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an attempt fails that brings no response."""

from __future__ import annotations

from ..retry import Outcome


class AttemptFailed(Exception):
    """An attempt that brought no response, or only a part of one.

    :param outcome: an Outcome; None if the retry policy has no say.
    :param reason: a clause for the user, without URLs.
    """

    def __init__(self, outcome: Outcome | None, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
