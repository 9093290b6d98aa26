# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of others where people see it: it must not move the cursor, fake a line of ours, or fill the screen.

Private to this collection.
"""

from __future__ import annotations

import re

# Control characters, line separators, what turns the direction of text, and halves of surrogate pairs.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

# Characters of a text that is shown. Its end is kept, as that says what to do.
_LONGEST, _END = 10_000, 1_000


def printable(text: str) -> str:
    """The text with its control characters written as escapes, and without its middle where it has no end."""
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - _END]} ... {text[-_END:]}"
    return text if text.isascii() and text.isprintable() else _CONTROLS.sub(_escaped, text)


def one_line(text: str, longest: int) -> str:
    """The text in one printable line, cut where it is too long.

    :param longest: characters.
    """
    # Of white space alone there may be far more than is kept.
    line = printable(" ".join(text[: 16 * longest].split()))
    return line if len(line) <= longest else line[: longest - 3] + "..."


def _escaped(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
