# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules that download archives."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - isal >= 1.7 or zlib-ng >= 0.5 (Python libraries; optional, for faster checks of archives)
options:
  dest:
    description:
      - File or folder to save the archive to. Several archives need a folder. The module creates the folder if the path
        ends with C(/), or if there are several archives. In a folder, O(job_ids) says how files are named.
      - In a name, letters lose their accents, and other characters than ASCII letters, digits, C(_), C(-) and C(.)
        become C(_). What the service does not tell is left out. If the archive is already in the folder under the name
        that an earlier version gave it, C(log-collection-ID.tar.gz) or C(restore-SNAPSHOT.tar.gz), it keeps that name.
      - The file is replaced in one step, after the whole archive has been received and checked. Until then, it stays as
        it was.
      - If the file is a symbolic link that belongs to root or to the user who runs the task, the target of the link is
        replaced. A link that belongs to another user is not followed; the link itself is replaced. Links among the
        parent folders are left to the operating system.
    type: path
    required: true
  force:
    description:
      - Fetch the archive even if it is already there.
    type: bool
    default: false
  minimum_rate:
    description:
      - Minimum transfer rate in bytes per second, averaged over O(stall_timeout). A slower transfer counts as
        interrupted. It resumes where it stopped, or starts again, up to O(retries) times in a row.
      - V(0) disables this limit. A transfer that receives nothing for O(timeout) seconds always counts as interrupted.
    type: int
    default: 1024
  stall_timeout:
    description:
      - Number of seconds over which O(minimum_rate) is averaged, from 1 to 86400.
    type: float
    default: 300
notes:
  - The module accepts only complete archives. The transfer must be complete, and so must the gzip stream and the tar
    archive inside it.
  - Before it requests the archive, the module uses an empty file to test what could fail on this side - writing,
    permissions, and replacing the old file. If the service says how large the archive is, the module reserves the disk
    space before it receives any data. If the old file still cannot be replaced, the complete archive is kept beside it,
    and the error says where.
  - The modification time of the file is set to the time when the archive was made. If that is not possible, the module
    warns about it.
  - A file is not fetched again if it is a complete archive and has either the modification time or the record of this
    archive. The modification time still counts if it was rounded to one or two seconds, as on FAT, on some network file
    systems, or after C(tar). The record does not depend on that time. It is in the extended attribute
    C(user.saasops.jobs) of the file. If the file system has neither extended attributes nor fractions of a second, the
    record is in the file C(.NAME.saasops-jobs.json) beside it. C(cp -a), C(mv), C(rsync -a) and C(tar) keep at least
    one of the two. A copy without both, for example one made with C(cp), is fetched again.
  - If the service can no longer deliver the archive, a complete archive that has lost both stays as it is, with a
    warning, provided that it is in the folder O(dest) under the name that this module gives it. If O(dest) names the
    file itself, the task fails.
  - A task that is killed leaves a file C(.saasops-jobs-*.part) behind. If the file system supports locks, the next
    download of the same user into that folder removes the file once it is a day old.
"""
