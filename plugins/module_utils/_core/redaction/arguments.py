# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is secret in the arguments of a task, before anything is made of them.

Private to this collection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ansible.module_utils.common.parameters import set_fallbacks

from . import urls
from .registry import forms

# Declares an option as one that holds an address, which may hold a secret. Ansible does nothing with a context.
ADDRESS = {"context": {"is_address": True}}

_ADDRESS_IN_TEXT = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s"'<>\\]+""")
# What may follow an address in a text.
_AFTER = ")]},;."
# Shorter values of misspelt options are not hidden, as that would hide much else.
_SHORTEST = 8


def secrets(spec: dict[str, Any], arguments: dict[str, Any]) -> set[str]:
    """The texts in a task's arguments that nobody may see, besides those of the options with `no_log`.

    Ansible shows and logs arguments that it has not accepted, and that nobody has looked at. So all of them count: a
    misspelt option may hold a secret, and so may any address.

    :param spec: the argument specification.
    :param arguments: as the task gives them.
    """
    return {form for secret in _found(spec, arguments) for form in forms(secret)}


def _found(spec: dict[str, Any], arguments: dict[str, Any]) -> Iterator[str]:
    given = dict(arguments)
    set_fallbacks(spec, given)
    known = {name: option for main, option in spec.items() for name in (main, *option.get("aliases", ()))}
    words = {str(choice) for option in known.values() for choice in option.get("choices", ())}
    for name, value in given.items():
        option = known.get(name)
        if option is None:
            if not name.startswith("_ansible_"):
                yield from (text for text in _texts(value) if len(text) >= _SHORTEST and text not in words)
        elif isinstance(value, dict) and "options" in option:
            yield from _found(option["options"], value)
        elif isinstance(value, str) and option.get("context") == ADDRESS["context"]:
            yield from urls.secrets(str(value))
        else:
            for text in _texts(value):
                yield from _secrets_in(text)


def _texts(value: Any) -> Iterator[str]:
    """All texts and numbers in a value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _secrets_in(text: str) -> Iterator[str]:
    for address in _ADDRESS_IN_TEXT.findall(text) if "://" in text else ():
        for spelling in (address, address.rstrip(_AFTER)):
            yield from urls.secrets(spelling)
