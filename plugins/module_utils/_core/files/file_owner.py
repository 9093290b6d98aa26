# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who owns a file: reads the options owner and group, and sets them."""

from __future__ import annotations

import grp
import os
import pwd
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..context import TaskContext
from ..errors import InvalidInput
from ..params.validators import shown

# The highest id. The one above it means none.
_HIGHEST_ID = 2**32 - 2
_LONGEST_ID = len(str(_HIGHEST_ID))


@dataclass(frozen=True)
class Ownership:
    """The owner and the group that files are to have.

    :ivar owner: an id; None if it does not matter; or in check mode, the name of a user that does not exist yet.
    :ivar group: likewise.
    """

    owner: int | str | None = None
    group: int | str | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Any], context: TaskContext) -> Ownership:
        """Return what the options of a module ask for. Numbers are ids, as in Ansible's own modules.

        :raises InvalidInput: there is no such user or group. In check mode, that is a warning, as an earlier task may
            create it.
        """
        return cls(
            _id("owner", "user", params.get("owner"), lambda name: pwd.getpwnam(name).pw_uid, context),
            _id("group", "group", params.get("group"), lambda name: grp.getgrnam(name).gr_gid, context),
        )

    def is_of(self, status: os.stat_result) -> bool:
        """Whether a file has this owner and group."""
        return self.owner in (None, status.st_uid) and self.group in (None, status.st_gid)

    def seen(self, status: os.stat_result) -> dict[str, str | None]:
        """Return what a file has of that, as results show it."""
        return self._named(status.st_uid, status.st_gid)

    def wanted(self) -> dict[str, str | None]:
        """Return it as results show it."""
        return self._named(self.owner, self.group)

    def _named(self, owner: int | str | None, group: int | str | None) -> dict[str, str | None]:
        names: dict[str, str | None] = {}
        if self.owner is not None:
            names["owner"] = _name(owner, lambda number: pwd.getpwuid(number).pw_name)
        if self.group is not None:
            names["group"] = _name(group, lambda number: grp.getgrgid(number).gr_name)
        return names

    def give(self, descriptor: int) -> None:
        """Give an open file to this owner and group.

        :raises OSError: it does not get them.
        """
        numbers = [number if isinstance(number, int) else -1 for number in (self.owner, self.group)]
        whom = " and ".join(f"{option} {name}" for option, name in self.wanted().items())
        try:
            os.fchown(descriptor, *numbers)
        except OSError as error:
            why = f"it cannot be given to {whom} ({error.strerror}); usually only root may do that"
            raise OSError(error.errno, why) from None
        if not self.is_of(os.fstat(descriptor)):
            raise OSError(0, f"its file system does not store {whom}")


def _id(
    option: str, what: str, value: str | None, look_up: Callable[[str], int], context: TaskContext
) -> int | str | None:
    if value is None:
        return None
    if value.isascii() and value.isdigit() and len(value) <= _LONGEST_ID and int(value) <= _HIGHEST_ID:
        return int(value)
    try:
        return look_up(value)
    except (KeyError, ValueError):
        pass
    sentence = f"{option}: there is no {what} {shown(value)} on this machine."
    if not context.check_mode:
        raise InvalidInput(sentence)
    context.warn(f"{sentence} Without check mode, the task fails unless an earlier one creates it.")
    return value


def _name(number: int | str | None, look_up: Callable[[int], str]) -> str | None:
    if isinstance(number, int):
        try:
            return look_up(number)
        except (KeyError, OverflowError):
            return str(number)
    return number
