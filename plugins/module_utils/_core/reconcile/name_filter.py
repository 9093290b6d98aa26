# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which named things a task may delete, by patterns of their names.

Private to this collection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..errors import InvalidInput
from ..params import validators, wildcards
from .engine import PlannedChange

if TYPE_CHECKING:
    from ..context import TaskContext

_LONGEST_PATTERN = 1000


class NameSelection:
    """The options name_pattern and keep.

    :param params: the module's parameters, with both and the state.
    :param letters: the characters that names are made of, as a class of a regular expression, or None for any.
    :raises InvalidInput: one of them is empty, given where nothing is deleted, or can fit no name.
    """

    def __init__(self, params: dict[str, Any], letters: str | None = None) -> None:
        self.pattern, keep = params["name_pattern"], params["keep"]
        if self.pattern is not None and (params["state"] != "absent" or not self.pattern):
            raise InvalidInput("name_pattern must not be empty, and goes with state: absent only.")
        if keep is not None and (params["state"] != "absent" or not keep):
            raise InvalidInput("keep must not be empty, and goes with state: absent only.")
        for option, patterns in (("name_pattern", [self.pattern] if self.pattern else []), ("keep", keep or [])):
            odd = [each for each in patterns if letters and not re.fullmatch(f"[{letters}*?]*", each)]
            if odd:
                raise InvalidInput(f"{option}: {odd[0]!r} fits no name. Only * and ? stand for other characters.")
        self._keep = {each: wildcards.wildcard(validators.text("keep", each, _LONGEST_PATTERN)) for each in keep or ()}
        self._fits = wildcards.wildcard(self.pattern)

    def selected(self, things: Iterable[dict[str, Any]], name_of: str, context: TaskContext) -> list[dict[str, Any]]:
        """The things whose names fit the pattern, in their order; those to be kept are among them.

        :param name_of: the field with the name.
        :param context: it warns of patterns that keep nothing. Where there is nothing, no pattern can be wrong.
        """
        named = [(str(thing.get(name_of) or ""), thing) for thing in things]
        idle = [each for each, fits in self._keep.items() if not any(fits(name) for name, _thing in named)]
        if named and idle:
            context.warn(f"These patterns of keep fit no name: {', '.join(idle)}. They keep nothing, as case counts.")
        return [thing for name, thing in named if self._fits(name)]

    def kept(self, name: str | None) -> PlannedChange | None:
        """The PlannedChange for something whose name says that it is not deleted, or None."""
        if any(fits(str(name or "")) for fits in self._keep.values()):
            return PlannedChange(extra={"kept": True})
        return None
