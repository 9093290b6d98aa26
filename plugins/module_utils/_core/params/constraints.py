# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Constraints between options, in the terms of AnsibleModule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from ..errors import InvalidInput


@dataclass(frozen=True)
class Constraints:
    """The constraints that a module declares beside its argument specification, for both runners.

    Ansible checks them after it has applied defaults and environment fallbacks. So they suit only options that have
    neither.

    :ivar not_offered: for options that a module does not have but users may look for, a sentence with what to use.
    """

    mutually_exclusive: Sequence[Sequence[str]] = ()
    required_together: Sequence[Sequence[str]] = ()
    required_one_of: Sequence[Sequence[str]] = ()
    required_if: Sequence[Sequence[Any]] = ()
    required_by: Mapping[str, Sequence[str]] = field(default_factory=dict)
    not_offered: Mapping[str, str] = field(default_factory=dict)

    def as_arguments(self) -> dict[str, Any]:
        """Return those that Ansible checks as keyword arguments of AnsibleModule and of ArgumentSpecValidator."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "not_offered"}

    def refuse_not_offered(self, given: Mapping[str, Any]) -> None:
        """Check the names of a task's arguments.

        :raises InvalidInput: one is that of an option which the module does not offer.
        """
        for name in given:
            if name in self.not_offered:
                raise InvalidInput(f"{name} is not an option of this module. {self.not_offered[name]}")


UNCONSTRAINED = Constraints()
