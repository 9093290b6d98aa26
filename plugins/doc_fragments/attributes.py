# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes and notes of all modules."""

from __future__ import annotations


class ModuleDocFragment:
    # Changing modules
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying target.
    support: full
    details:
      - In check mode, the ID of an item that would be created begins with C(to-be-created-). Other tasks in check mode
        accept such an ID, and predict what they would do to the new item. Outside of check mode, it is an error.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff
      mode.
    support: full
  idempotent:
    description: Running the same task again changes nothing and reports no change, unless something else has changed
      in the meantime.
    support: full
notes:
  - List options also accept a JSON list, or a string with commas or line breaks between the items. Spaces separate
    items too, unless the items themselves can contain spaces. You can therefore pass answers from surveys as they are.
    An empty item, for example after a trailing comma, is an error. Blank lines are ignored.
  - Options that select items, such as IDs, names, patterns, ages and states, must not be V(null) or empty. Omit them
    instead, for example with C(default(omit, true)).
  - In tasks that delete, cancel or retry, an empty list of IDs or names means that there is nothing to do. In all other
    tasks, it is an error.
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying target.
    support: full
    details:
      - This module changes nothing.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff
      mode.
    support: N/A
    details:
      - This module changes nothing.
  idempotent:
    description: Running the same task again changes nothing and reports no change, unless something else has changed
      in the meantime.
    support: full
    details:
      - This module changes nothing.
notes:
  - List options also accept a JSON list, or a string with commas or line breaks between the items. Spaces separate
    items too, unless the items themselves can contain spaces. You can therefore pass answers from surveys as they are.
    An empty item, for example after a trailing comma, is an error. Blank lines are ignored.
  - Options that select items, such as IDs, names, patterns, ages and states, must not be V(null) or empty. Omit them
    instead, for example with C(default(omit, true)).
"""
