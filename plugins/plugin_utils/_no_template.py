# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that Ansible must not take for a template, or that it must."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from ansible.utils.unsafe_proxy import wrap_var

_Value = TypeVar("_Value")

# Text without anything that begins or ends a template, or that names other signs for that in a first line.
_INERT = re.compile(r"[^{}%#\x00-\x1f\x7f]*")

try:
    # Since it has this, ansible-core takes only what a user wrote for a template.
    from ansible.template import trust_as_template as _trust_as_template
except ImportError:  # ansible-core 2.18
    _trust_as_template = None


def no_template(value: _Value) -> _Value:
    """The same lists, dictionaries and texts, marked so that Ansible takes none of them for a template."""
    if _trust_as_template is not None:
        return value
    marked: _Value = wrap_var(value)
    return marked


def harmless(value: Any) -> Any:
    """The same lists, dictionaries and texts, of which Ansible takes none for a template.

    Text that cannot be one looks as if a user had written it: ansible-inventory shows all other text in a form that
    programs and people do not expect.
    """
    if isinstance(value, dict):
        return {name: harmless(part) for name, part in value.items()}
    if isinstance(value, list):
        return [harmless(part) for part in value]
    if not isinstance(value, str):
        return value
    return as_template(value) if _INERT.fullmatch(value) else no_template(value)


def as_template(text: str) -> str:
    """A text that Ansible is to take for a template. It must not come from a service, unless it cannot be one."""
    trusted: str = text if _trust_as_template is None else _trust_as_template(text)
    return trusted
