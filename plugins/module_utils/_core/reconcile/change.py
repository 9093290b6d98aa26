# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan says about one item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import JobsError, Refusal

NONE = "none"

# Completes a warning of check mode about something that is not ready yet.
UNLESS_WAITED_FOR = "Without check mode this would fail, unless an earlier task waits for it."


@dataclass(frozen=True)
class PlannedChange:
    """The change that one item needs, if any.

    :param action: a word for the user, or NONE.
    :param before: the fields that the action changes, as they are now; None if there is no item. For the diff.
    :param after: the same fields afterwards; None if the item will be gone.
    :param refusal: why the item must not be touched, as a sentence or an error. It overrides the action.
    :param extra: further fields for the item's result.
    :param warnings: sentences for the user.
    """

    action: str = NONE
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    refusal: str | JobsError | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.refusal:
            object.__setattr__(self, "action", NONE)

    @property
    def acts(self) -> bool:
        return self.action != NONE

    @property
    def error(self) -> JobsError | None:
        """The refusal as an error, or None."""
        if not self.refusal:
            return None
        return self.refusal if isinstance(self.refusal, JobsError) else Refusal(self.refusal)
