# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  sort_by:
    description:
      - Name of the field to sort the list by, which is C(id) or one of the choices of O(fields). If not set, the list
        comes in the order of the service.
      - Items that do not have the field come last.
    type: str
  reverse:
    description:
      - With O(sort_by), sort in descending order.
    type: bool
    default: false
  limit:
    description:
      - Return at most this many items, after sorting. The module still reads the whole list from the service.
      - With V(0), the list is empty, and RV(matched) and RV(total) tell how many items there are.
    type: int
"""
