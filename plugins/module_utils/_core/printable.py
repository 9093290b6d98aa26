# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes text from others safe to show: it must not move the cursor, imitate our own output, or flood the screen."""

from __future__ import annotations

import re

# Control characters, line separators, marks that change the direction of text, and halves of surrogate pairs.
# Compiled at its first use, which most tasks never come to.
_CONTROLS = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"

# The most characters to show. The end of a message is kept, as it says what to do.
_LONGEST, _END = 10_000, 1_000


def printable(text: str) -> str:
    """Return the text with control characters as escapes, and without its middle if it is very long."""
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - _END]} ... {text[-_END:]}"
    return text if text.isascii() and text.isprintable() else re.sub(_CONTROLS, _escaped, text)


def one_line(text: str, longest: int) -> str:
    """Return the text as one printable line, truncated if it is too long.

    :param longest: the most characters to keep.
    """
    # There may be very much white space, so this takes more than it keeps.
    line = printable(" ".join(text[: 16 * longest].split()))
    return line if len(line) <= longest else line[: longest - 3] + "..."


def _escaped(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
