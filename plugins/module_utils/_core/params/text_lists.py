# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads lists of ids, names and words in all the forms that users give them in.

Surveys, `-e` and files give text where YAML has a list: separated by commas, one item a line, or as JSON.
"""

from __future__ import annotations

import json
import re
from typing import Any

from ..errors import InvalidInput


def text_list(option: str, value: object, *, holds_blanks: bool = False) -> list[str]:
    """Return the items of a list, or of text that stands for a list.

    Text is either a list in JSON, or is split at line breaks, at commas, and at blanks unless items may hold them.
    Blanks around items, blank lines, and a comma at the end of a line other than the last do not count. The items of a
    list are split in the same way, but not at commas if items may hold blanks: a name in a list may hold a comma.

    :param option: the name of the list in errors.
    :param value: a list, text or a number.
    :param holds_blanks: whether an item may hold blanks, as names do.
    :raises InvalidInput: text is empty, or an item is empty or not text. The error tells its position, from 1.
    """
    items: list[str] = []
    pieces, at_commas = _pieces(option, value, holds_blanks=holds_blanks)
    for piece in pieces:
        text = _as_text(option, piece, len(items) + 1)
        items += _split(text, at_commas=at_commas, at_blanks=not holds_blanks)
        if "" in items:
            raise InvalidInput(f"item {items.index('') + 1} of {option} is empty.")
    return items


def _pieces(option: str, value: object, *, holds_blanks: bool) -> tuple[list[Any], bool]:
    """Return what the value lists, still to be split, and whether commas separate items in it."""
    if isinstance(value, (list, tuple)):
        return list(value), not holds_blanks
    if not isinstance(value, str):
        return [value], True
    if not value.strip():
        raise InvalidInput(f"{option} is an empty string; give at least one item, or [] for none.")
    from_json = _from_json(option, value.strip())
    return ([value], True) if from_json is None else (from_json, not holds_blanks)


def _from_json(option: str, text: str) -> list[Any] | None:
    if not (text.startswith("[") and text.endswith("]")):
        return None
    try:
        items: list[Any] = json.loads(text)
        return items
    except (ValueError, RecursionError):
        raise InvalidInput(
            f'{option} looks like a list, but is not one in JSON; write it as ["A", "B"], or with commas: A, B.'
        ) from None


def _as_text(option: str, item: object, position: int) -> str:
    if isinstance(item, str):
        return item
    # A bool is an int in Python, and YAML reads words such as "on" as a bool.
    if isinstance(item, (int, float)) and not isinstance(item, bool):
        return str(item)
    what = f"item {position} of {option} is"
    if isinstance(item, (dict, list)):
        kind = "a dictionary" if isinstance(item, dict) else "a list"
        raise InvalidInput(
            f"{what} {kind} instead of text. Pick one field of each, for example with map(attribute='id')."
        )
    raise InvalidInput(f"{what} not text; put it in quotes if it is a word such as on or null.")


def _split(text: str, *, at_commas: bool, at_blanks: bool) -> list[str]:
    """Return the items in a text. An empty item stands for a comma too many."""
    pieces = text.split() if at_blanks else [line.strip() for line in re.split("[\r\n]+", text)]
    joined = "\n".join(piece for piece in pieces if piece)
    if not at_commas:
        return joined.split("\n")
    # A comma and a line break together are one separator.
    return [item.strip() for item in re.split("[,\n]", joined.replace(",\n", ",").replace("\n,", ","))]
