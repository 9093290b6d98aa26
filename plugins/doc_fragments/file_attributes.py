# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules that write files, where they differ from the fragment C(ansible.builtin.files)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  mode:
    description:
      - Permissions of the file, as a string of octal digits such as V(0640), or in symbols such as V(u=rw,g=r).
      - If not set, a new or replaced file gets V(0600), and a file that already has the right content keeps its
        permissions. Symbols change just these permissions.
      - At no time can anyone read the file who cannot do so in the end.
      - If the file system cannot store these permissions, the task fails before it requests an archive or replaces the
        file. If this option is not set, a warning says which permissions the file has.
    type: raw
  owner:
    description:
      - Name or ID of the user who is to own the file. If not set, a new or replaced file belongs to the user who runs
        the task.
      - If the file cannot be given to this user, the task fails before it requests an archive or replaces the file.
        Usually, only root may do that. In check mode, a user who does not exist only causes a warning, as an earlier
        task may create it.
    type: str
  group:
    description:
      - Name or ID of the group of the file, like O(owner). If not set, the file system decides.
    type: str
  unsafe_writes:
    description:
      - The modules of this collection always replace a file in one step, so they refuse V(true). The environment
        variable E(ANSIBLE_UNSAFE_WRITES) has no effect.
    type: bool
    default: false
notes:
  - The options O(mode), O(owner), O(group), O(seuser), O(serole), O(setype), O(selevel) and O(attributes) also apply to
    a file that already has the right content. They are set on a new file before it takes its place, except for
    O(attributes), which are tried before and set immediately after.
"""
