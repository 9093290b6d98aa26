# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""(s) The sandbox's own ceiling: whether it holds anybody back."""

from __future__ import annotations

import contestants
import plots
from contestants import CURL, EMPTY, IN_PROCESS_RUNNER
from measuring import Case, interleaved, median_of, succeeded
from reporting import Section, table

NAME = "ceiling"


def measure(stage, plan):
    reads, deletions = (1000, 300) if plan.quick else (10_000, 3000)

    def prepare_reads():
        stage.fill(jobs=1)
        return contestants.get_by_curl(stage, stage.log_jobs(1)[0], reads)

    def check_reads(finished, requests):
        succeeded(finished, requests, status_200=reads)

    def prepare_deletions():
        stage.fill(deletions)
        return contestants.delete(stage, stage.log_jobs(deletions), IN_PROCESS_RUNNER)

    def check_deletions(finished, requests):
        succeeded(finished, requests, acted=deletions)

    cases = [
        Case(CURL, prepare_reads, check_reads),
        Case(IN_PROCESS_RUNNER, prepare_deletions, check_deletions),
        contestants.empty_case(stage),
    ]
    return interleaved(stage, cases, plan.runs)


def _rates(cases):
    """Requests per second: of curl, and of one task without the start of Ansible."""
    task = median_of(cases, IN_PROCESS_RUNNER) - median_of(cases, EMPTY)
    return {
        CURL: median_of(cases, CURL, "requests") / median_of(cases, CURL),
        IN_PROCESS_RUNNER: median_of(cases, IN_PROCESS_RUNNER, "requests") / task,
    }


def report(cases):
    rates = _rates(cases)
    rows = [
        [name, f"{median_of(cases, name, 'requests'):.0f}", f"{rate:.0f}", f"{100 * rate / rates[CURL]:.0f} %"]
        for name, rate in rates.items()
    ]
    parts = [
        "How many requests the sandbox answers for a curl that does nothing but read one job, 32 at a time over "
        "connections that stay open, against how many it gets from one task that deletes (without Ansible's start). "
        "Half of curl's requests are answered with 401, as it asks for a new digest challenge each time.",
        table(["client", "requests", "requests / s", "of the ceiling"], rows),
    ]
    return Section("(s) The sandbox's ceiling", parts)


def plot(cases, file):
    plots.bars(file, {"requests per second": _rates(cases)})
