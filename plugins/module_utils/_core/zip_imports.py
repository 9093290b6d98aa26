# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets Python compile each file of a module once.

Ansible runs a module from a zip file without compiled code. To import a file, Python asks zipimport for its name.
zipimport compiles the file to find out, forgets that, and compiles it again to run it, which takes longer than most
tasks. https://docs.python.org/3/library/zipimport.html
"""

from __future__ import annotations

import sys
from zipimport import zipimporter


class SourceImporter(zipimporter):
    """Imports from a zip file that holds nothing but sources, so that it knows their names."""

    def get_filename(self, fullname: str) -> str:
        end = "/__init__.py" if self.is_package(fullname) else ".py"
        return f"{self.archive}/{self.prefix}{fullname.rpartition('.')[2]}{end}"


def install(loader: object) -> None:
    """Lets this importer import what is not imported yet.

    :param loader: what has loaded the caller. Unless it is an importer of a zip file, nothing changes; otherwise only
        what is in the same zip file is affected.
    """
    if not isinstance(loader, zipimporter):
        return
    archive = loader.archive

    def importer(path: str) -> SourceImporter:
        if path != archive and not path.startswith(archive + "/"):
            raise ImportError(path)
        return SourceImporter(path)

    sys.path_hooks.insert(0, importer)
    for path in [path for path, found in sys.path_importer_cache.items() if isinstance(found, zipimporter)]:
        del sys.path_importer_cache[path]


install(__loader__)  # type: ignore[name-defined]  # every module has it
