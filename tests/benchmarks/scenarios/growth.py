# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""(e) Growth: whether each of many deletions costs the same as each of few."""

from __future__ import annotations

import statistics

import contestants
import plots
from contestants import EMPTY, IN_PROCESS_RUNNER
from measuring import Case, interleaved, median, median_of, succeeded
from reporting import Goal, Section, seconds, table

NAME = "growth"


def measure(stage, plan):
    sizes = (100, 300, 1000) if plan.quick else (100, 300, 1000, 3000, 10_000)
    cases = [_case(stage, jobs) for jobs in sizes]
    return interleaved(stage, [contestants.empty_case(stage), *cases], plan.runs)


def _case(stage, jobs):
    def prepare():
        stage.fill(jobs)
        return contestants.delete(stage, stage.log_jobs(jobs), IN_PROCESS_RUNNER)

    def check(finished, requests):
        succeeded(finished, requests, acted=jobs)

    return Case(IN_PROCESS_RUNNER, prepare, check, {"jobs": jobs})


def _points(cases):
    """{number of jobs: seconds}."""
    return {case["jobs"]: median(case) for case in cases if case["contestant"] == IN_PROCESS_RUNNER}


def report(cases):
    points = _points(cases)
    start = median_of(cases, EMPTY)
    each = {jobs: (time - start) / jobs for jobs, time in points.items()}
    slope, offset = statistics.linear_regression(list(points), list(points.values()))
    rows, before = [], (0, start)
    for jobs, time in points.items():
        further = (time - before[1]) / (jobs - before[0])
        rows.append([jobs, seconds(time), _ms(each[jobs]), _ms(further), seconds(offset + slope * jobs)])
        before = jobs, time
    smaller, largest = [jobs for jobs in points if jobs in (100, 1000, 10_000)][-2:]
    goals = [
        Goal(f"Time per deletion, {largest} / {smaller} jobs (in-process runner)", each[largest] / each[smaller], 1.2),
    ]
    parts = [
        f"Deletions of more and more jobs in one task (in-process runner), without latency. The time per job is what "
        f"is left after the empty playbook ({seconds(start)}), divided by the jobs; *per further job* is what each job "
        f"more than in the row above adds. The straight line through all points is {seconds(offset)} + {_ms(slope)} "
        f"for each job.",
        table(["jobs", "time", "per job", "per further job", "straight line"], rows),
    ]
    return Section("(e) Growth", parts, goals)


def _ms(number):
    return f"{number * 1000:.2f} ms"


def plot(cases, file):
    points = _points(cases)
    slope, offset = statistics.linear_regression(list(points), list(points.values()))
    curves = {
        IN_PROCESS_RUNNER: (list(points), list(points.values())),
        "straight line (fit)": (list(points), [offset + slope * jobs for jobs in points]),
    }
    plots.lines(file, {"deletions in one task": curves}, "jobs", "seconds")
