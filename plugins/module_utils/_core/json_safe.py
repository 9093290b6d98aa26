# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text and data that every runner, every version of Ansible and every terminal can take.

Private to this collection.
"""

from __future__ import annotations

import json
import re
from typing import Any

from .errors import InvalidInput

# Half of a character: valid in Python's texts and in JSON, but not in UTF-8.
_SURROGATE = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """The text with a replacement character where it holds half of a character."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def refuse_broken_text(value: Any, option: str = "") -> None:
    """Checks parameters, to any depth.

    :raises InvalidInput: a text holds half of a character, which no service could be sent.
    """
    if isinstance(value, str):
        if without_surrogates(value) != value:
            raise InvalidInput(f"{option} holds a character that is not valid Unicode.")
    elif isinstance(value, dict):
        for name, part in value.items():
            refuse_broken_text(name, option or "A parameter")
            refuse_broken_text(part, option or str(name))
    elif isinstance(value, (list, tuple, set)):
        for part in value:
            refuse_broken_text(part, option)


def plain(result: dict[str, Any]) -> dict[str, Any]:
    """The result as it comes out of JSON, with nothing in it that a runner could fail to show."""
    # Data that is fine is handed on as it is: most of what a large result costs is copying it.
    try:
        text = json.dumps(result, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return _plain(result, _DEPTH)
    return _plain(result, _DEPTH) if "\\ud" in text else result


# Deeper than any service's data, and far from where Python gives up.
_DEPTH = 50


def _plain(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return without_surrogates(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else None
    if depth and isinstance(value, dict):
        return {without_surrogates(str(name)): _plain(part, depth - 1) for name, part in value.items()}
    if depth and isinstance(value, (list, tuple, set)):
        return [_plain(part, depth - 1) for part in value]
    return f"({type(value).__name__})"
