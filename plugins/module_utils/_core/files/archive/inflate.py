# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which library unpacks gzip."""

from __future__ import annotations

import importlib
import zlib
from typing import Any

# Python libraries with the interface of zlib that unpack more than twice as fast. They are used if they are installed.
FASTER = ("isal.isal_zlib", "zlib_ng.zlib_ng")


def fastest() -> Any:
    """Return the module of the fastest library that is installed, which has the interface of zlib."""
    for name in FASTER:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return zlib
