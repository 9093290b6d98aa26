# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option that selects what results list."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  report:
    description:
      - Which items to list in the result, and in RV(diff) in diff mode. RV(summary) always counts all items.
      - V(all) lists all requested items.
      - V(changed) lists the items that were changed and those that failed.
      - V(failed) lists the items that failed.
      - V(summary) lists no items.
      - AWX drops results of more than 700,000 characters, and then reports that nothing was changed. The module warns
        about larger results. To avoid them, list fewer items in the result, or process fewer items per task.
    type: str
    default: all
    choices: [all, changed, failed, summary]
"""
