# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the secrets in the arguments of a task before anything else looks at them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ansible.module_utils.common.parameters import set_fallbacks
from ansible.module_utils.common.validation import check_type_dict

from . import urls
from .registry import forms

# Declares an option for a URL, which may hold a secret. Ansible ignores `context`.
ADDRESS = {"context": {"is_address": True}}

_ADDRESS_IN_TEXT = r"""[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s"'<>\\]+"""
# Punctuation that may follow a URL in text.
_AFTER = ")]},;."
# Shorter values of unknown options are not hidden, as that would hide much else.
_SHORTEST = 8


def secrets(spec: dict[str, Any], arguments: dict[str, Any]) -> set[str]:
    """Return the secrets in the arguments of a task, besides those in options with `no_log`.

    Ansible shows and logs even arguments that it refuses. So this looks at all of them: a misspelt option may hold a
    secret, and so may any URL.

    :param spec: the argument specification.
    :param arguments: the arguments as the task gives them.
    """
    return {form for secret in _found(spec, arguments) for form in forms(secret)}


def _found(spec: dict[str, Any], arguments: dict[str, Any]) -> Iterator[str]:
    given = dict(arguments)
    set_fallbacks(spec, given)
    known = {name: option for main, option in spec.items() for name in (main, *option.get("aliases", ()))}
    choices = {str(choice) for option in known.values() for choice in option.get("choices", ())}
    for name, value in given.items():
        if name in known:
            yield from _in_option(known[name], value)
        elif not name.startswith("_ansible_"):
            yield from (text for text in _texts(value) if len(text) >= _SHORTEST and text not in choices)


def _in_option(option: dict[str, Any], value: Any) -> Iterator[str]:
    if isinstance(value, str) and "options" in option:
        yield from _in_text(value)
        # Text that is no dictionary is refused later.
        with suppress(TypeError, ValueError):
            value = check_type_dict(value)
    if isinstance(value, dict) and "options" in option:
        yield from _found(option["options"], value)
    elif isinstance(value, str) and option.get("context", {}).get("is_address"):
        yield from urls.secrets(str(value))
    else:
        for text in _texts(value):
            yield from _in_text(text)


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts and numbers in a value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _in_text(text: str) -> Iterator[str]:
    for address in re.findall(_ADDRESS_IN_TEXT, text) if "://" in text else ():
        for spelling in (address, address.rstrip(_AFTER)):
            yield from urls.secrets(spelling)
