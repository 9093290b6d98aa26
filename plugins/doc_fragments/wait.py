# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules that can wait for what they started."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to follow the jobs to their end. In check mode, nothing is waited for.
    type: bool
    default: false
  wait_interval:
    description:
      - Seconds until the first look. Each pause is half as long again as the one before, up to a minute.
    type: float
    default: 5
"""

    MINUTES = r"""
options:
  wait_timeout:
    description:
      - Seconds after which the wait is given up. The task then fails and reports the last state of each job; the
        jobs go on. Trouble with the service that passes until then is waited out.
    type: float
    default: 600
"""

    HOURS = r"""
options:
  wait_timeout:
    description:
      - Seconds after which the wait is given up. The task then fails and reports the last state of each job; the
        jobs go on. Trouble with the service that passes until then is waited out.
    type: float
    default: 14400
"""

    ALL = r"""
options:
  wait_for_all:
    description:
      - Whether to follow all jobs to their ends even if one fails. Otherwise the first one that fails ends the task at
        once, and the others are reported as they are; they go on.
    type: bool
    default: false
"""
