# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option of modules that change something: what their result lists."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  report:
    description:
      - Which items the result lists, and RV(diff) in diff mode. The counts in RV(summary) are always those of all.
      - V(all) lists each item that was asked for.
      - V(changed) lists those that were changed and those that failed.
      - V(failed) lists those that failed.
      - V(summary) lists none.
      - AWX drops results of more than 700,000 characters, and then says that nothing was changed. Above that, the task
        warns. Fewer items in the result, or fewer items per task, help.
    type: str
    default: all
    choices: [all, changed, failed, summary]
"""
