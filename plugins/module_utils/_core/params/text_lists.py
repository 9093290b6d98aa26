# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of ids, names and words, in all the forms in which users hand them in.

Surveys, `-e` and files bring text where YAML would have a list: with commas, one item a line, or as JSON.

Private to this collection.
"""

from __future__ import annotations

import json
import re

from ..errors import InvalidInput


def text_list(option: str, value: object, holds_blanks: bool = False) -> list[str]:
    """The items of a list, or of a text that stands for one.

    A text is split at line breaks and commas, and at blanks if the items hold none; or it is a list in JSON. Blanks
    around items, blank lines and commas at the ends of lines but the last do not count. Items of a list are split in
    the same way, but at commas only if the items hold no blanks: a name in a list may have a comma.

    :param option: what the list is called in errors.
    :param value: a list, a text or a number.
    :param holds_blanks: whether an item may hold blanks, as names do.
    :raises InvalidInput: a text is empty, or an item is empty or no text; with its position, from 1.
    """
    at_commas = True
    if isinstance(value, str):
        if not value.strip():
            raise InvalidInput(f"{option} is an empty text; give at least one item, or [] for none.")
        from_json = _from_json(option, value.strip())
        value, at_commas = ([value], True) if from_json is None else (from_json, not holds_blanks)
    elif isinstance(value, (list, tuple)):
        at_commas = not holds_blanks
    else:
        value = [value]
    items: list[str] = []
    for each in value:
        items += _split(_as_text(option, each, len(items) + 1), at_commas, not holds_blanks)
        if "" in items:
            raise InvalidInput(f"item {items.index('') + 1} of {option} is empty.")
    return items


def _from_json(option: str, text: str) -> list | None:
    if not (text.startswith("[") and text.endswith("]")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidInput(
            f'{option} looks like a list, but is not one in JSON; write it as ["A", "B"], or with commas: A, B.'
        ) from None


def _as_text(option: str, item: object, position: int) -> str:
    if isinstance(item, str):
        return item
    # A bool is an int; YAML reads words such as "on" as one.
    if isinstance(item, (int, float)) and not isinstance(item, bool):
        return str(item)
    raise InvalidInput(f"item {position} of {option} is not text; put it in quotes if it is a word such as on or null.")


def _split(text: str, at_commas: bool, at_blanks: bool) -> list[str]:
    """The items in a text, of which an empty one is one too many commas."""
    pieces = text.split() if at_blanks else [line.strip() for line in re.split("[\r\n]+", text)]
    joined = "\n".join(piece for piece in pieces if piece)
    if not at_commas:
        return joined.split("\n")
    # A comma and a line break together are one separator.
    return [item.strip() for item in re.split("[,\n]", joined.replace(",\n", ",").replace("\n,", ","))]
