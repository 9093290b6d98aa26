# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which named things a task may delete, by patterns of their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from ..context import TaskContext
from ..errors import InvalidInput
from ..params import validators, wildcards
from .change import PlannedChange

ThingT = TypeVar("ThingT", bound=Mapping[str, Any])

_LONGEST_PATTERN = 1000


class NameFilter:
    """The options name_pattern and keep.

    :param params: the module's parameters, with both and the state.
    :param letters: the characters that names are made of, as a class of a regular expression, or None for any.
    :raises InvalidInput: one of them is empty, given where nothing is deleted, or cannot match any name.
    """

    def __init__(self, params: Mapping[str, Any], letters: str | None = None) -> None:
        self.pattern: str | None = params["name_pattern"]
        keep: list[str] | None = params["keep"]
        if self.pattern is not None and (params["state"] != "absent" or not self.pattern):
            raise InvalidInput("name_pattern must not be empty, and requires state: absent.")
        if keep is not None and (params["state"] != "absent" or not keep):
            raise InvalidInput("keep must not be empty, and requires state: absent.")
        for option, patterns in (("name_pattern", [self.pattern] if self.pattern else []), ("keep", keep or [])):
            odd = [each for each in patterns if letters and not re.fullmatch(f"[{letters}*?]*", each)]
            if odd:
                raise InvalidInput(
                    f"{option}: {odd[0]!r} cannot match any name. Only * and ? stand for other characters."
                )
        self._keep = {each: wildcards.wildcard(validators.text("keep", each, _LONGEST_PATTERN)) for each in keep or ()}
        self._fits = wildcards.wildcard(self.pattern)

    def select(self, things: Iterable[ThingT], name_field: str, context: TaskContext) -> list[ThingT]:
        """The things whose names fit the pattern, in their order; those to be kept are among them.

        :param name_field: the field with the name.
        :param context: warns of patterns that keep nothing. Where there is nothing, no pattern can be wrong.
        """
        named = [(str(thing.get(name_field) or ""), thing) for thing in things]
        idle = [each for each, fits in self._keep.items() if not any(fits(name) for name, _thing in named)]
        if named and idle:
            context.warn(
                f"These patterns of keep match no name, so they keep nothing: {', '.join(idle)}. "
                "They are case-sensitive."
            )
        return [thing for name, thing in named if self._fits(name)]

    def keeps(self, name: str | None) -> bool:
        """Whether something of this name must not be deleted."""
        return any(fits(str(name or "")) for fits in self._keep.values())


# The plan for something that is kept by its name.
KEPT = PlannedChange(extra={"kept": True})
