# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""(a) Deleting jobs: one task against a loop of uri, and against curl as the floor."""

from __future__ import annotations

import contestants
import plots
from contestants import CURL, EMPTY, IN_PROCESS_RUNNER, LOOP_OF_URI, MODULE_RUNNER, RUNNERS
from measuring import Case, interleaved, median, median_of, pick, succeeded, values
from reporting import Goal, Section, seconds, table

NAME = "deletes"
LARGEST_LOOP = 1000


def measure(stage, plan):
    measured = []
    for latency_ms in (0, 20) if plan.quick else (0, 20, 100, 250):
        for jobs in (1, 5, 100) if plan.quick else (1, 10, 100, LARGEST_LOOP):
            measured += interleaved(stage, _cases(stage, plan, jobs, latency_ms), plan.runs)
    return measured


def _cases(stage, plan, jobs, latency_ms):
    labels = {"jobs": jobs, "latency_ms": latency_ms}

    def case(contestant, command, *arguments, most_runs=plan.runs):
        def prepare():
            stage.fill(jobs, latency=latency_ms / 1000)
            return command(stage, stage.log_jobs(jobs), *arguments)

        def check(finished, requests):
            succeeded(finished, requests, acted=jobs)

        return Case(contestant, prepare, check, labels, most_runs)

    cases = [case(runner, contestants.delete, runner) for runner in RUNNERS]
    loop_runs = _runs_of_loop(plan, jobs, latency_ms)
    if loop_runs:
        cases.append(case(LOOP_OF_URI, contestants.delete_by_uri, most_runs=loop_runs))
    cases.append(case(CURL, contestants.delete_by_curl))
    cases.append(contestants.empty_case(stage, **labels))
    return cases


def _runs_of_loop(plan, jobs, latency_ms):
    """The loop takes about a second for each job: not all of it can be measured each time."""
    if jobs == LARGEST_LOOP:
        return 1 if plan.full and latency_ms == 0 else 0
    if jobs == 100:
        return 1 if not plan.quick and latency_ms in (0, 100) else 0
    return plan.runs


def _loop(cases, jobs, latency_ms):
    """(seconds of the loop of uri, how they are known)."""
    measured = pick(cases, LOOP_OF_URI, jobs=jobs, latency_ms=latency_ms)
    if measured:
        runs = len(measured["samples"])
        return median(measured), f"{runs} run{'s' if runs > 1 else ''}"
    loops = [case for case in cases if case["contestant"] == LOOP_OF_URI and case["latency_ms"] == latency_ms]
    small, large = sorted((case["jobs"], median(case)) for case in loops)[-2:]
    slope = (large[1] - small[1]) / (large[0] - small[0])
    return large[1] + (jobs - large[0]) * slope, f"projected from {small[0]} and {large[0]}"


def report(cases):
    rows, goals = [], []
    largest = values(cases, "jobs")[-1]
    for latency_ms in values(cases, "latency_ms"):
        for jobs in values(cases, "jobs"):
            time = {name: median_of(cases, name, jobs=jobs, latency_ms=latency_ms) for name in (*RUNNERS, CURL, EMPTY)}
            loop, known = _loop(cases, jobs, latency_ms)
            floor = time[CURL] + time[EMPTY]
            rows.append(
                [
                    f"{latency_ms} ms",
                    jobs,
                    *(seconds(time[name]) for name in (MODULE_RUNNER, IN_PROCESS_RUNNER)),
                    f"{seconds(loop)} ({known})",
                    seconds(time[CURL]),
                    seconds(time[EMPTY]),
                    f"{loop / time[IN_PROCESS_RUNNER]:.0f}",
                    f"{time[IN_PROCESS_RUNNER] / floor:.2f}",
                ]
            )
            if jobs == largest:
                goals += _goals(jobs, latency_ms, time, loop, floor)
    parts = [
        "One task that deletes all jobs, against a loop of `ansible.builtin.uri` that reads each job and then deletes "
        "it, and against one curl that sends nothing but the deletions, 32 at a time. The last two columns compare "
        "the in-process runner with the loop, and with curl plus one empty playbook.",
        table(
            ["latency", "jobs", *RUNNERS, LOOP_OF_URI, CURL, EMPTY, "loop / action", "action / (curl + empty)"], rows
        ),
        "Requests that the sandbox saw, without latency. One task looks all jobs up together and asks for one digest "
        "challenge; the loop of uri and curl ask for a challenge for each request.",
        _requests_table(cases),
    ]
    return Section("(a) Deletions of log collection jobs", parts, goals)


# Seconds that a whole process may take for 1000 deletions, by latency.
_LONGEST = {20: 2.6, 100: 4.5}
_CPU = (
    "The task is limited by its CPU: Python's requests library needs half a millisecond and more for a request, on one "
    "core. curl needs a tenth of that."
)
_MACHINE = (
    "Ansible's start and the CPU of 1000 requests count as well, and depend on how fast a core is at the moment: the "
    "goal is meant for one that does a million additions in 45 ms."
)
# How many times faster than the loop a task should be, by latency.
_SPEEDUPS = {0: 100, 20: 100, 100: 250, 250: 250}


def _goals(jobs, latency_ms, time, loop, floor):
    for runner in RUNNERS:
        what = f"{jobs} deletions, {latency_ms} ms, {runner}"
        speedup = _SPEEDUPS[latency_ms]
        yield Goal(
            f"{what}: faster than the loop of uri",
            loop / time[runner],
            speedup,
            at_most=False,
            unit=" times",
            reason=_MACHINE,
        )
        yield Goal(f"{what}: time / (curl + empty playbook)", time[runner] / floor, 1.3, reason=_CPU)
        if latency_ms in _LONGEST and runner == IN_PROCESS_RUNNER and jobs == LARGEST_LOOP:
            yield Goal(f"{what}: whole process", time[runner], _LONGEST[latency_ms], unit=" s", reason=_MACHINE)


def _requests_table(cases):
    rows = []
    for jobs in values(cases, "jobs"):
        found = [pick(cases, name, jobs=jobs, latency_ms=0) for name in (*RUNNERS, LOOP_OF_URI, CURL)]
        rows.append([jobs, *(f"{median(case, 'requests'):.0f}" if case else "not run" for case in found)])
    return table(["jobs", *RUNNERS, LOOP_OF_URI, CURL], rows)


def plot(cases, file):
    sizes = values(cases, "jobs")
    panels = {}
    for latency_ms in values(cases, "latency_ms"):
        curves = {}
        for name in (*RUNNERS, LOOP_OF_URI, CURL, EMPTY):
            found = [case for case in cases if case["contestant"] == name and case["latency_ms"] == latency_ms]
            curves[name] = ([case["jobs"] for case in found], [median(case) for case in found])
        if curves[LOOP_OF_URI][0][-1] < sizes[-1]:
            ends = (curves[LOOP_OF_URI][0][-1], sizes[-1])
            curves["loop of uri (projected)"] = (ends, [_loop(cases, jobs, latency_ms)[0] for jobs in ends])
        panels[f"latency {latency_ms} ms"] = curves
    plots.lines(file, panels, "jobs", "seconds")
