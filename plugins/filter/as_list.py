# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ansible.errors import AnsibleFilterError
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.text_lists import text_list
from jinja2 import Undefined


def as_list(value: object, holds_blanks: bool = False, name: str = "the list") -> list[str]:
    """The items of a list, or of a text that stands for one, see as_list.yml.

    :raises AnsibleFilterError: there is no list, or an item is empty or no text.
    """
    if value is None or isinstance(value, Undefined):
        raise AnsibleFilterError(f"saasops.jobs.as_list: {name} is null or not defined; give a list or a text.")
    if isinstance(value, Iterable) and not isinstance(value, (str, Mapping)):
        # Such as what map() returns.
        value = list(value)
    try:
        return text_list(name, value, holds_blanks=holds_blanks)
    except InvalidInput as error:
        raise AnsibleFilterError(f"saasops.jobs.as_list: {error}") from None


class FilterModule:
    """Reads lists as the modules do."""

    def filters(self) -> dict[str, Callable[..., list[str]]]:
        return {"as_list": as_list}
