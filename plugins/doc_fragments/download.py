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
    type: path
    required: true
  mode:
    description:
      - Permissions of the file, as text in octal digits.
    type: raw
    default: "0600"
  force:
    description:
      - Fetch the archive even if it is there already.
    type: bool
    default: false
notes:
  - An archive is accepted only if it is whole. The transfer must not break off, and both the gzip and the tar inside
    must end where they should.
  - The time of modification of the file is set to when the archive was made. A whole archive with that time is taken
    for the right one, and is not fetched again.
"""
