# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""(c) A task that finds nothing to do: what it costs to use the collection at all."""

from __future__ import annotations

import contestants
import plots
from contestants import EMPTY, IN_PROCESS_RUNNER, MODULE_RUNNER, RUNNERS, URI
from measuring import Case, interleaved, median_of, succeeded, values
from reporting import Goal, Section, seconds, table

NAME = "no_op"


def measure(stage, plan):
    measured = []
    for times in (1, 5) if plan.quick else (1, 100):
        # Where a run takes a minute, one must do. The short ones vary, so there are more of them.
        runs = 1 if times == 100 else 3 * plan.runs
        measured += interleaved(stage, _cases(stage, times), runs)
    return measured


def _cases(stage, times):
    def case(contestant, command, *arguments):
        def prepare():
            stage.fill(jobs=10)
            return command(stage, times, *arguments)

        def check(finished, requests):
            succeeded(finished, requests, acted=0, status_404=times)

        return Case(contestant, prepare, check, {"times": times})

    runners = [case(runner, contestants.no_op, runner) for runner in RUNNERS]
    return [*runners, case(URI, contestants.no_op_by_uri), contestants.empty_case(stage, times=times)]


def report(cases):
    rows = []
    for times in values(cases, "times"):
        start = median_of(cases, EMPTY, times=times)
        time = {name: median_of(cases, name, times=times) for name in (*RUNNERS, URI)}
        runs = len(next(case for case in cases if case["times"] == times)["samples"])
        for what, minus in (("whole process", 0), ("added cost", start)):
            rows.append([what, times, runs, *(seconds(time[name] - minus) for name in (*RUNNERS, URI)), seconds(start)])
    once, often = values(cases, "times")
    uri = _added(cases, URI, once)
    packing = (
        "For a module, Ansible looks for each of some 400 imports of the collection, packs some 90 files of it, and "
        "compiles them anew; then it imports requests. uri is one file above what all modules share."
    )
    module = _added(cases, MODULE_RUNNER, once) / uri
    goals = [
        Goal("No-op task: added cost, module runner / uri", module, 1.1, reason=packing),
        Goal("No-op task: added cost, in-process runner / uri", _added(cases, IN_PROCESS_RUNNER, once) / uri, 0.5),
        Goal(
            f"Loop of {often} no-op tasks: in-process runner faster than uri",
            median_of(cases, URI, times=often) / median_of(cases, IN_PROCESS_RUNNER, times=often),
            10,
            at_most=False,
            unit=" times",
        ),
    ]
    parts = [
        "A task that wants a missing job to be absent, which takes one GET, against the same GET by "
        "`ansible.builtin.uri`: once, and in a loop. The added cost is the time minus that of the empty playbook.",
        table(["", "times", "runs", *RUNNERS, URI, EMPTY], rows),
    ]
    return Section("(c) A task that changes nothing", parts, goals)


def _added(cases, name, times):
    return median_of(cases, name, times=times) - median_of(cases, EMPTY, times=times)


def plot(cases, file):
    panels = {}
    for times in values(cases, "times"):
        panels[f"added seconds, {times} times"] = {name: _added(cases, name, times) for name in (*RUNNERS, URI)}
    plots.bars(file, panels)
