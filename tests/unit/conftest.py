# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the temporary files of `ansible-test units` with its other output, as it hands no TMPDIR on."""

from __future__ import annotations

import os
from pathlib import Path

OUTPUT = Path(__file__).parents[1] / "output"

if OUTPUT.is_dir():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(OUTPUT))
