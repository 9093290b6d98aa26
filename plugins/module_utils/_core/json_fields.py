# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields that results show of what a service sends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def pick_fields(thing: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Those of the named fields that the thing has, in the order of the names."""
    return {name: thing[name] for name in names if name in thing}
