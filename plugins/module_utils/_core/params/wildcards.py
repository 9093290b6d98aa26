# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Matches names against patterns with wildcards."""

from __future__ import annotations

import re
from collections.abc import Callable


def wildcard(pattern: str | None) -> Callable[[str], bool]:
    """Return a function that tells whether a whole text matches a pattern with `*` and `?`.

    Without a pattern, every text matches.
    """
    if pattern is None:
        return lambda text: True
    first, *others = [
        "".join("." if letter == "?" else re.escape(letter) for letter in part) for part in pattern.split("*")
    ]
    # The first place where a part between two stars matches is as good as any. The regular expression must not try
    # others, as that would take exponential time.
    between = "".join(f"(?=(?P<p{number}>.*?{part}))(?P=p{number})" for number, part in enumerate(others[:-1]))
    compiled = re.compile(first + between + "".join(f".*{last}" for last in others[-1:]), re.DOTALL)
    return lambda text: compiled.fullmatch(text) is not None
