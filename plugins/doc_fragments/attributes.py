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
    details:
      - The id of what would be created begins with C(to-be-created-). Tasks in check mode take it like any other, and
        predict what they would do to what is new. Outside of check mode it is an error.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff
      mode.
    support: full
  idempotent:
    description: Running it again without anything else having changed leaves everything as it is and reports so.
    support: full
notes:
  - Where a list is meant, a text with commas or line breaks is one, and a list in JSON is, too. Blanks separate items
    as well, unless these may hold some. So the answers of surveys can be used as they are. An empty item, such as that
    after a comma at the end, is an error; blank lines are not.
  - Options that say which items a task is about, such as ids, names, patterns, ages and states, must not be V(null) or
    empty. Leave them out instead, for example with C(default(omit, true)).
  - An empty list of ids or names is taken as nothing to do by tasks that delete, cancel or retry. Otherwise it is an
    error.
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
notes:
  - Where a list is meant, a text with commas or line breaks is one, and a list in JSON is, too. Blanks separate items
    as well, unless these may hold some. So the answers of surveys can be used as they are. An empty item, such as that
    after a comma at the end, is an error; blank lines are not.
  - Options that say which items a task is about, such as ids, names, patterns, ages and states, must not be V(null) or
    empty. Leave them out instead, for example with C(default(omit, true)).
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
