# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentence with which the collection's roles refuse to delete too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

# Enough to see what went wrong, and few enough for a screen.
_MOST_NAMED = 20


@dataclass(frozen=True)
class Limited:
    """What a role is going to delete, as far as its limit goes.

    labels: what the things are called.
    noun: what one of them is, such as "log stream".
    variable: the variable with the limit.
    verb: what happens to them.
    """

    labels: Sequence[str]
    noun: str
    variable: str
    verb: str = "deleted"

    def refusal(self, limit: object) -> str:
        """Why nothing is deleted, or an empty text if there are not too many."""
        count = len(self.labels)
        if count <= int(str(limit)):
            return ""
        more = f" and {count - _MOST_NAMED} more" if count > _MOST_NAMED else ""
        return (
            f"{count} {self.noun}{'' if count == 1 else 's'} would be {self.verb}, but {self.variable} allows {limit}. "
            f"Nothing was changed. They are: {', '.join(self.labels[:_MOST_NAMED])}{more}."
        )

    def as_dict(self) -> dict[str, Any]:
        """The same in a form that variables can hold."""
        return asdict(self)
