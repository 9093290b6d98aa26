# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the arguments of a task before Ansible validates them: lists and dictionaries given as text, empty selectors.

Only the raw arguments show them. Ansible splits text at commas only, reads the lists in a dictionary later than the
dictionary, and treats null like an option left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from ansible.module_utils.common.validation import check_type_dict

from ..errors import InvalidInput
from .text_lists import text_list

# What an option is, declared in its argument specification. Ansible ignores `context`.
# It narrows down which items a task is about, or where they are. Without it, the task would affect others.
SELECTOR = {"context": {"selector": True}}
# It names the items themselves. An empty list may mean "none".
ITEMS = {"context": {"selector": True, "may_be_empty": True}}
# Likewise, by names that may hold blanks, which then do not separate items.
NAMES = {"context": {"selector": True, "may_be_empty": True, "blanks_in_items": True}}
# Names or patterns that may hold blanks, and of which there must be one.
NAMES_THAT_SELECT = {"context": {"selector": True, "blanks_in_items": True}}


def read(given: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the arguments of a task, with text turned into a list or a dictionary wherever an option is one.

    :param given: the arguments as the task gives them, with templates resolved. Unknown ones stay as they are.
    :param spec: the argument specification of the module.
    :raises InvalidInput: a selector is given but empty, a list has an empty item, or text is not a dictionary.
    """
    arguments = dict(given)
    for name, details in _known(given, spec):
        value = given[name]
        if _is(details, "selector") and _is_empty(value):
            raise _empty(name, "null" if value is None else "an empty string")
        if details.get("type") == "dict":
            arguments[name] = _dictionary(name, value, details)
        if details.get("type") == "list" and details.get("elements") == "str" and value is not None:
            arguments[name] = text_list(name, value, holds_blanks=_may_hold_blanks(details))
            if not arguments[name] and _is(details, "selector") and not _is(details, "may_be_empty"):
                raise _empty(name, "an empty list")
    return arguments


def _known(given: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (name as given, specification of the option) for each argument that the module knows."""
    for option, details in spec.items():
        for name in (option, *details.get("aliases", ())):
            if name in given:
                yield name, details


def _dictionary(name: str, value: object, details: Mapping[str, Any]) -> object:
    if isinstance(value, str):
        value = _dictionary_in_text(name, value)
    return read(value, details["options"]) if "options" in details and isinstance(value, Mapping) else value


def _dictionary_in_text(name: str, text: str) -> dict[str, Any]:
    try:
        return cast("dict[str, Any]", check_type_dict(text))
    # The reason names no option, and may repeat a part of the text.
    except (TypeError, ValueError):
        raise InvalidInput(
            f'{name} is not a dictionary; write it in JSON, such as {{"a": "b"}}, or as pairs, such as a=b,c=d.'
        ) from None


def _is(details: Mapping[str, Any], what: str) -> bool:
    return bool(details.get("context", {}).get(what))


def _is_empty(value: object) -> bool:
    return value is None or isinstance(value, str) and not value.strip()


def _empty(name: str, what: str) -> InvalidInput:
    return InvalidInput(
        f"{name} is {what}, which never stands for everything. Give a value, or leave {name} out, for example with "
        "default(omit, true)."
    )


def _may_hold_blanks(details: Mapping[str, Any]) -> bool:
    return _is(details, "blanks_in_items") or any(" " in choice for choice in details.get("choices", ()))
