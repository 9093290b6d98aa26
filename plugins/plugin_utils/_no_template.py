# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of services that a filter hands back to a template."""

from __future__ import annotations

from typing import TypeVar

from ansible.utils.unsafe_proxy import wrap_var

_Value = TypeVar("_Value")

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
