# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of _info modules that select by time of creation."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  created_before:
    description:
      - Only what was created before this time, in ISO 8601, for example V(2026-03-31) or V(2026-03-31T08:00:00Z). A
        missing time zone means UTC.
    type: str
  created_after:
    description:
      - Only what was created after this time, in ISO 8601.
    type: str
  older_than:
    description:
      - Only what was created at least so long ago, for example V(30d). The units are V(s), V(m), V(h), V(d) and V(w).
      - It is counted by the clock of the service, as its answers are dated. If the clock of this machine differs by
        more than a minute, a warning says so.
    type: str
  newer_than:
    description:
      - Only what was created less than so long ago, for example V(12h).
    type: str
"""
