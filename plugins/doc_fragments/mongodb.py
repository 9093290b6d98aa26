# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all modules for MongoDB have in common."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/saasops.jobs.mongodb) or C(group/saasops.jobs.all) in C(module_defaults) to set defaults.
    support: full
    membership:
      - saasops.jobs.all
      - saasops.jobs.mongodb
"""
