# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all modules promise."""

from __future__ import annotations


class ModuleDocFragment:
    # Changing modules
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying target.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff
      mode.
    support: full
  idempotent:
    description: Running it again without anything else having changed leaves everything as it is and reports so.
    support: full
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
    description: Running it again without anything else having changed leaves everything as it is and reports so.
    support: full
    details:
      - This module changes nothing.
"""

    GROUP_MONGODB = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/saasops.jobs.mongodb) or C(group/saasops.jobs.all) in C(module_defaults) to set defaults.
    support: full
    membership:
      - saasops.jobs.all
      - saasops.jobs.mongodb
"""

    GROUP_LTS = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/saasops.jobs.lts) or C(group/saasops.jobs.all) in C(module_defaults) to set defaults.
    support: full
    membership:
      - saasops.jobs.all
      - saasops.jobs.lts
"""

    GROUP_CIELO24 = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/saasops.jobs.cielo24) or C(group/saasops.jobs.all) in C(module_defaults) to set defaults.
    support: full
    membership:
      - saasops.jobs.all
      - saasops.jobs.cielo24
"""
