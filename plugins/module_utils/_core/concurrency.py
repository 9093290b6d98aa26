# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Doing many things at once.

Private to this collection.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor


def each(function, things, width):
    """Calls function(thing) for every thing, at most width at a time; returns the results in the order of the things.

    The first exception, in that order, is raised once the calls under way have ended; the rest never start.
    """
    things = list(things)
    if width <= 1 or len(things) <= 1:
        return [function(thing) for thing in things]
    with ThreadPoolExecutor(max_workers=min(width, len(things))) as pool:
        return list(pool.map(function, things))
