# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes text and data safe for every runner, every version of Ansible and every terminal."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from .errors import InvalidInput

# Half of a surrogate pair: Python's text and JSON may hold one, but UTF-8 may not.
_SURROGATE = "[\ud800-\udfff]"
# Data of services is never nested so deeply, and Python's recursion limit is far away.
_DEEPEST = 50


def without_surrogates(text: str) -> str:
    """Return the text with a replacement character for each half of a surrogate pair."""
    return text if text.isascii() else re.sub(_SURROGATE, "\ufffd", text)


def refuse_broken_text(value: Any, option: str = "") -> None:
    """Check parameters to any depth.

    :raises InvalidInput: text holds half of a surrogate pair, which cannot be sent to any service.
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
    """Return the result as plain JSON data, without anything that a runner could fail to show."""
    # Good data is returned as it is, since copying a large result would take most of the time.
    try:
        text = json.dumps(result, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return _plain_dict(result, _DEEPEST)
    return _plain_dict(result, _DEEPEST) if "\\ud" in text else result


def _plain_dict(value: dict[Any, Any], depth: int) -> dict[str, Any]:
    return {without_surrogates(str(name)): _plain(part, depth - 1) for name, part in value.items()}


def _plain(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return without_surrogates(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if depth and isinstance(value, dict):
        return _plain_dict(value, depth)
    if depth and isinstance(value, (list, tuple, set)):
        return [_plain(part, depth - 1) for part in value]
    return f"({type(value).__name__})"
