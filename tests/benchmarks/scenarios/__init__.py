# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured, by the letter that `--only` takes.

Each scenario has measure(stage, plan), which returns cases as measuring.interleaved() does; report(cases), which
returns a Section; and plot(cases, file).
"""

from __future__ import annotations

from . import ceiling, deletes, fetching, growth, listing, no_op, projects, quota, weak

ALL = {
    "a": deletes,
    "b": quota,
    "c": no_op,
    "d": listing,
    "e": growth,
    "f": fetching,
    "g": weak,
    "h": projects,
    "s": ceiling,
}
