# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads permissions as users give them: in octal digits, or in symbols that change other permissions."""

from __future__ import annotations

import re
from typing import Any

from ..errors import InvalidInput
from .ansible_files import apply_symbols

_OCTAL = re.compile(r"0?o?[0-7]{3,4}")
_SYMBOLS = re.compile(r"(?:[ugo]+|a)?(?:[-+=][rwxXugost]*)+")
_ALL = 0o777


class Mode:
    """Permissions, or a change of permissions.

    :param given: text in octal digits or symbols, or the number that YAML reads 0640 as.
    :param base: the permissions of a new file, for symbols to change.
    :raises InvalidInput: it is neither.
    """

    def __init__(self, given: Any, base: int) -> None:
        self._symbols: str | None = None
        # The result of the symbols for each mode that they were applied to. Plans fill it in the main thread, so no
        # other thread changes the umask, see apply_symbols().
        self._known: dict[int, int] = {}
        text = str(given).strip()
        if isinstance(given, str) and all(_SYMBOLS.fullmatch(part) for part in text.split(",")):
            self._symbols = text
            # Other bits than these are for programs and folders.
            self._mode = self._change(base, text)
            is_sensible = self._mode <= _ALL
        else:
            self._mode, is_sensible = _read(given, text)
        if not is_sensible:
            is_number = isinstance(given, int) and not isinstance(given, bool)
            what = f"the number {text} is not a valid mode" if is_number else f"{text!r} is not a valid mode"
            raise InvalidInput(
                f"mode: {what}; write it in quotes, in octal digits such as '0640' or in symbols such as 'u=rw,g=r'."
            )

    def on(self, mode: int) -> int:
        """Return the permissions that a file is to have which has these now."""
        if self._symbols is None:
            return self._mode
        return self._change(mode, self._symbols)

    def _change(self, mode: int, symbols: str) -> int:
        if mode not in self._known:
            self._known[mode] = apply_symbols(symbols, mode)
        return self._known[mode]


def _read(given: Any, text: str) -> tuple[int, bool]:
    """Return permissions as a number, and whether they are sensible."""
    if isinstance(given, int) and not isinstance(given, bool):
        # YAML reads 640 as a decimal number, which nobody means, and 0640 as 416.
        looks_octal = len(text) == 3 and set(text) <= set("04567") and list(text) == sorted(text, reverse=True)
        return given, bool(given & 0o400) and 0 <= given <= _ALL and not looks_octal
    if _OCTAL.fullmatch(text) is None:
        return 0, False
    mode = int(text.replace("o", ""), 8)
    return mode, mode <= _ALL
