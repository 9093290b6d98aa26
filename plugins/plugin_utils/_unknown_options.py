# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that a plugin does not have, which Ansible itself would not notice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches


def unknown_option(plugin: str, given: Iterable[object], known: Collection[str]) -> str | None:
    """A sentence about the first option that a plugin does not have, or None if it has all of them.

    :param plugin: what the sentence calls it.
    :param given: the names of the options that are given.
    :param known: the names of those that there are, with their aliases.
    """
    for name in given:
        if name not in known:
            near = get_close_matches(str(name), sorted(known), n=1)
            return f"{plugin} has no option {name}." + (f" Did you mean {near[0]}?" if near else "")
    return None
