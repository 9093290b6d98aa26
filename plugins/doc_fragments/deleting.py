# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that limit what modules delete or cancel."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  max_deletions:
    description:
      - Maximum number of items that the task may delete or cancel. If it would delete or cancel more, it names them and
        fails before it changes anything. The same holds in check mode.
      - Items that are deleted along with another one, such as the log streams in a log group, do not count.
      - If not set, there is no limit.
    type: int
"""

    KEEP = r"""
options:
  keep:
    description:
      - Patterns of names. Items whose names match one of them are not deleted, whatever else selects them. The result
        shows them with C(kept=true) and C(action=none).
      - V(*) matches any number of characters, and V(?) matches one. A pattern must match the whole name, and is
        case-sensitive.
      - With O(name_pattern), a pattern that matches no existing name causes a warning. For log groups and log streams,
        a pattern with a character that their names cannot contain is an error.
      - Requires O(state=absent).
      - Also accepts a string with commas or line breaks between the items.
    type: list
    elements: str
"""
