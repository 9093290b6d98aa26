# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parses the JSON of a service into data that can do no harm."""

from __future__ import annotations

import json
from itertools import chain, compress
from typing import Any

from ..json_safe import without_surrogates

# The size limits of a body, and of the memory that its data may take, in bytes.
LARGEST, _MOST_MEMORY = 16 * 1024**2, 128 * 1024**2
LARGEST_LIST, _MOST_MEMORY_FOR_LIST = 64 * 1024**2, 640 * 1024**2
# No byte of JSON becomes more memory than this, see estimated_memory().
_MOST_MEMORY_PER_BYTE = 250
# No documented response has more than a few levels.
_DEEPEST = 64
# No number of bytes, seconds or items has more digits.
_MOST_DIGITS = 18
_LARGEST_NUMBER = 10.0**_MOST_DIGITS
# Ansible gives keys that begin like this a meaning of its own.
_MARKER = "__ansible"
_NOT_STRUCTURE = bytes(set(range(256)) - set(b'[]{}"\\'))
_CONTAINERS = frozenset((dict, list))


def _integer(text: str) -> int | None:
    return int(text) if len(text) <= _MOST_DIGITS else None


def _number(text: str) -> float | None:
    number = float(text)
    return number if abs(number) < _LARGEST_NUMBER else None


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_number, parse_constant=lambda name: None)


def parsed(body: bytes, *, is_list: bool = False) -> Any:
    """The data of a JSON body; None if it is not JSON, or larger or deeper than any response should be.

    Numbers that are of no use (NaN, infinite, more than 18 digits) become None. Unpaired surrogates become U+FFFD.
    Keys that have a meaning to Ansible are left out.

    :param is_list: the body may be large.
    """
    largest, most = (LARGEST_LIST, _MOST_MEMORY_FOR_LIST) if is_list else (LARGEST, _MOST_MEMORY)
    if not body or len(body) > largest:
        return None
    text = body.decode("utf-8-sig", "replace")
    if len(body) * _MOST_MEMORY_PER_BYTE > most and estimated_memory(text) > most:
        return None
    try:
        data = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    if not _is_surely_flat(body) and _is_deep(data):
        return None
    return _harmless(data) if "\\u" in text or _MARKER in text else data


def estimated_memory(text: str) -> int:
    """An upper estimate of the bytes that the data of a JSON text take, together with the text."""
    wide = 1 if text.isascii() else 4
    return 2 * wide * len(text) + 240 * text.count("{") + 160 * text.count("[") + 60 * text.count(",")


def _is_surely_flat(body: bytes) -> bool:
    """Whether the brackets alone show that JSON has few levels. Walking through all values takes as long as parsing.

    Brackets inside strings make this return False, as do escaped characters.
    """
    marks = body.translate(None, _NOT_STRUCTURE)
    if b"\\" in marks:
        return False
    marks = marks.replace(b'""', b"")
    # Each turn removes one or two levels.
    for _turn in range(_DEEPEST // 2):
        if not marks:
            break
        marks = marks.replace(b"[]", b"").replace(b"{}", b"")
    return not marks


def _is_deep(data: Any) -> bool:
    """Walks through all values, level by level. There may be millions, so there is no Python code for each of them."""
    level = [data]
    for _depth in range(_DEEPEST + 1):
        if not level:
            return False
        of_lists = chain.from_iterable(each for each in level if isinstance(each, list))
        of_dicts = chain.from_iterable(each.values() for each in level if isinstance(each, dict))
        values = [*of_lists, *of_dicts]
        level = list(compress(values, map(_CONTAINERS.__contains__, map(type, values))))
    return True


def _harmless(data: Any) -> Any:
    if isinstance(data, str):
        return without_surrogates(data)
    if isinstance(data, list):
        return [_harmless(each) for each in data]
    if isinstance(data, dict):
        return {_harmless(key): _harmless(value) for key, value in data.items() if not key.startswith(_MARKER)}
    return data
