# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts of the machine that numbers depend on."""

from __future__ import annotations

import os
import platform
import subprocess
import timeit
from datetime import date
from importlib.metadata import version
from pathlib import Path


def facts():
    curl = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    return {
        "date": date.today().isoformat(),
        "cores": os.cpu_count(),
        "cpu": _cpu(),
        "python": platform.python_version(),
        "ansible-core": version("ansible-core"),
        "curl": curl,
        "loop_ms": round(_loop_ms()),
    }


def _loop_ms():
    """How fast a core is at this moment, which others may share: milliseconds that Python needs for a loop."""
    return 1000 * min(timeit.repeat("for number in range(1_000_000): number += 1", number=1, repeat=5))


def _cpu():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def sentence(facts):
    return (
        f"Measured on {facts['date']} with {facts['cores']} cores ({facts['cpu']}), Python {facts['python']}, "
        f"ansible-core {facts['ansible-core']} and curl {facts['curl']}; {facts['runs']} runs unless a table "
        f"says otherwise. A loop of a million additions in Python took {facts['loop_ms']} ms."
    )
