# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of _info modules that filter by creation time."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  created_before:
    description:
      - Return only what was created before this time, in ISO 8601 format, for example V(2026-03-31) or
        V(2026-03-31T08:00:00Z). The default time zone is UTC.
    type: str
  created_after:
    description:
      - Return only what was created after this time, in ISO 8601 format.
    type: str
  older_than:
    description:
      - Return only what was created at least this long ago, for example V(30d). The units are V(s), V(m), V(h), V(d)
        and V(w).
      - The age is measured by the clock of the service, which the module reads from the dates of its responses. If the
        clock of this machine differs by more than a minute, the module warns about it.
    type: str
  newer_than:
    description:
      - Return only what was created less than this long ago, for example V(12h).
    type: str
"""
