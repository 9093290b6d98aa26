# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules that can wait for jobs."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until the jobs end. In check mode, the task does not wait.
    type: bool
    default: false
  wait_interval:
    description:
      - Number of seconds before the first check. Each further interval is one and a half times as long as the one
        before, up to O(wait_max_interval).
    type: float
    default: 5
  wait_max_interval:
    description:
      - Maximum number of seconds between two checks.
      - For fixed intervals, set this to the same value as O(wait_interval). If it is shorter than O(wait_interval), all
        intervals are as long as O(wait_interval).
    type: float
    default: 60
"""

    MINUTES = r"""
options:
  wait_timeout:
    description:
      - Maximum number of seconds to wait. After that, the task fails and reports the last state of each job. The jobs
        keep running. The module tolerates temporary problems with the service while it waits.
      - This is the total time, however long the intervals are. The last check starts when the time is up at the latest,
        so the task waits longer only by the time that this check takes.
    type: float
    default: 600
"""

    HOURS = r"""
options:
  wait_timeout:
    description:
      - Maximum number of seconds to wait. After that, the task fails and reports the last state of each job. The jobs
        keep running. The module tolerates temporary problems with the service while it waits.
      - This is the total time, however long the intervals are. The last check starts when the time is up at the latest,
        so the task waits longer only by the time that this check takes.
    type: float
    default: 14400
"""

    ALL = r"""
options:
  wait_for_all:
    description:
      - Whether to wait for all jobs even if one fails. If V(false), the task ends as soon as a job fails. It reports
        the other jobs as they are, and they keep running.
    type: bool
    default: false
"""
