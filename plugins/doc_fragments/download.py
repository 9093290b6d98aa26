# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules that fetch archives."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  dest:
    description:
      - File or folder that the archive is to be in. A folder is needed for several archives; it is made if its path
        ends with C(/), or if there are several.
      - A file gets its new content at once, when all of it has been received and checked. Until then, it is as it was.
      - If the file is a link of the user who runs the task, or of root, what it leads to is replaced. A link of
        another user is replaced itself, and not followed. Links among the folders above the file are left to the
        operating system.
    type: path
    required: true
  mode:
    description:
      - Permissions of the file, as text in octal digits. Without it, a file that is fetched gets V(0600), and one that
        is there already keeps its own.
      - If the file system does not keep these permissions, the task fails before it asks for the archive. Without this
        option, a warning says which permissions the file has.
    type: raw
  force:
    description:
      - Fetch the archive even if it is there already.
    type: bool
    default: false
  minimum_rate:
    description:
      - How many bytes per second must arrive on average over O(stall_timeout). A transfer that is slower counts as one
        that has broken off. It goes on where it was, or is tried again, up to O(retries) times in a row.
      - V(0) sets no limit. Nothing at all for O(timeout) seconds counts as broken off in any case.
    type: int
    default: 1024
  stall_timeout:
    description:
      - The seconds over which O(minimum_rate) is averaged, from 1 to 86400.
    type: float
    default: 300
notes:
  - An archive is accepted only if it is whole. The transfer must not break off, and both the gzip and the tar inside
    must end where they should.
  - Before the archive is asked for, what could fail on this side is tried with an empty file - writing, permissions,
    and taking the place of the old file. When the service says how large the archive is, the space for it is reserved
    before any of it is received. Should taking its place fail all the same, a whole archive is kept beside it, and the
    error says where.
  - The time of modification of the file is set to when the archive was made. If that cannot be done, a warning says so.
  - A file is taken for the right one, and not fetched again, if it is a whole archive and has the time of
    modification, or the record, of this archive. The time counts also where only whole or even seconds are left of it,
    as on FAT, on some network file systems, or after C(tar). The record survives a change of that time. It is in the
    extended attribute C(user.saasops.jobs) of the file; where the file system has neither extended attributes nor
    fractions of a second, it is in the file C(.NAME.saasops-jobs.json) beside it. C(cp -a), C(mv), C(rsync -a) and
    C(tar) keep at least one of the two. A copy that has lost both, as by C(cp), is fetched again.
  - If the service cannot hand the archive over any more, a whole archive that has lost both stays, with a warning, if
    it is in the folder O(dest) under the name that this module gives it. A file that O(dest) itself names is not taken
    for the right one, and the task fails.
  - A task that is killed leaves a file C(.saasops-jobs-*.part). The next task of the same user that fetches something
    into that folder removes it once it is a day old, where the file system
    has locks.
"""
