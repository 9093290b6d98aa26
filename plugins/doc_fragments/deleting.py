# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules that delete or cancel something: what keeps them from going too far."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  max_deletions:
    description:
      - How many items may be deleted or cancelled at most. If there would be more, the task names them and fails before
        it changes anything, in check mode too.
      - What is deleted together with an item, such as the log streams in a log group, does not count.
      - Without it, there is no limit.
    type: int
"""

    KEEP = r"""
options:
  keep:
    description:
      - Patterns of names. What fits one of them is not deleted, whatever else selects it, and the result shows it with
        C(kept=true) and C(action=none).
      - V(*) stands for any characters and V(?) for one. A pattern has to fit the whole name, and is case-sensitive.
      - With O(name_pattern), a pattern that fits none of the names that are there is a warning. For log groups and log
        streams, one with a character that their names cannot have is an error.
      - It goes with O(state=absent) only.
      - A text with commas or line breaks is taken as a list.
    type: list
    elements: str
"""
