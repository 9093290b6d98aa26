# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program, and prints into a file: its seconds, its seconds of CPU, the peak memory of its largest process in
KiB, its return code.

A small process of its own, because Linux starts to count the memory of a program at that of whoever started it.

Usage: watch.py FILE PROGRAM [ARGUMENT...]
"""

from __future__ import annotations

import os
import sys
import time


def main(file, *command):
    begin = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    # The usage that wait4 tells covers the process and every descendant that was waited for.
    _process, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - begin
    with open(file, "w", encoding="ascii") as report:
        report.write(
            f"{seconds} {usage.ru_utime + usage.ru_stime} {usage.ru_maxrss} {os.waitstatus_to_exitcode(status)}"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
